//! PostgreSQL's log: it begins a new file every day and whenever one is large, and we keep the newest ones.

use std::time::Duration;

use crate::Error;
use crate::directory::Directory;
use crate::folder::Folder;

/// What PostgreSQL is told. The names sort by age, and none comes twice. The folder is beside that of the data.
pub(crate) const SETTINGS: &[&str] = &[
    "logging_collector=on",
    "log_directory=../log",
    "log_filename=server-%Y%m%d-%H%M%S.log",
    "log_file_mode=0600",
    "log_rotation_age=1d",
    "log_rotation_size=10MB",
    "log_truncate_on_rotation=on",
];

/// Files that stay: 100 MB at most, and what is written between two looks.
const KEPT: usize = 10;
/// How often somebody looks.
const PAUSE: Duration = Duration::from_secs(60);

/// What the server says before its log begins.
pub(crate) const START: &str = "server.log";
/// An older program wrote everything there.
const START_SIZE: u64 = 1 << 20;

/// Removes the file of the start if it has grown, and all but the newest others.
pub(crate) fn tidy(folder: &Folder) -> Result<(), Error> {
    if folder.inside().size(START)?.is_some_and(|size| size > START_SIZE) {
        folder.inside().remove(START)?;
    }
    folder.inside().folder("log")?.map_or(Ok(()), |log| keep_newest(&log))
}

/// The same from now on, for as long as somebody waits for it.
pub(crate) async fn keep_tidy(folder: Folder, say: fn(&str)) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let folder = folder.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || tidy(&folder)).await {
            say(&format!("PostgreSQL's old logs stay: {error}"));
        }
    }
}

fn keep_newest(log: &Directory) -> Result<(), Error> {
    let names = ours(log)?;
    names.iter().rev().skip(KEPT).try_for_each(|name| log.remove(name))
}

/// Oldest first.
fn ours(log: &Directory) -> Result<Vec<String>, Error> {
    let mut names = log.names()?;
    names.retain(|name| name.starts_with("server-") && name.ends_with(".log"));
    names.sort();
    Ok(names)
}

/// The last lines of the start and of the newest log.
pub(crate) fn tail(folder: &Folder) -> String {
    let start = folder.inside().read(START).ok().flatten();
    let lines = [start, newest(folder)].into_iter().flatten().flat_map(|text| last_lines(&text));
    lines.collect::<Vec<_>>().join(" / ")
}

fn newest(folder: &Folder) -> Option<String> {
    let log = folder.inside().folder("log").ok()??;
    log.read(ours(&log).ok()?.last()?).ok()?
}

fn last_lines(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().rev().take(5).collect();
    lines.into_iter().rev().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::account::Account;

    #[test]
    fn the_newest_logs_stay_and_nothing_else_goes() {
        let data_dir = std::env::temp_dir().join(format!("offercast-logs-{}", std::process::id()));
        let folder = Folder::open(&data_dir, "postgres", Account::Own, |_| ()).expect("a new folder");
        let log = folder.root().join("log");
        fs::create_dir(&log).expect("the folder of the logs");
        fs::write(log.join("notes.txt"), "mine").expect("a file");
        for hour in 0..24 {
            fs::write(log.join(format!("server-20260615-{hour:02}0000.log")), "line").expect("a log");
        }
        fs::write(folder.root().join(START), vec![b'x'; 2 << 20]).expect("a log of an older program");
        tidy(&folder).expect("it can be tidied");
        let inside = folder.inside().folder("log").expect("it is a folder").expect("it is there");
        let names = ours(&inside).expect("it can be read");
        assert_eq!(names.len(), KEPT);
        assert_eq!(names.first().map(String::as_str), Some("server-20260615-140000.log"));
        assert!(log.join("notes.txt").exists() && !folder.root().join(START).exists());
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }
}
