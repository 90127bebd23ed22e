//! PostgreSQL's log files. PostgreSQL starts a new file every day and when one is large; old ones are deleted here.

use std::time::Duration;

use crate::Error;
use crate::directory::Directory;
use crate::folder::Folder;

/// PostgreSQL's settings. File names sort by age and are unique. The log folder is next to the data folder.
pub(crate) const SETTINGS: &[&str] = &[
    "logging_collector=on",
    "log_directory=../log",
    "log_filename=server-%Y%m%d-%H%M%S.log",
    "log_file_mode=0600",
    "log_rotation_age=1d",
    "log_rotation_size=10MB",
    "log_truncate_on_rotation=on",
];

/// Files to keep: at most 100 MB, plus what is written between two checks.
const KEPT: usize = 10;
/// Time between two checks.
const INTERVAL: Duration = Duration::from_secs(60);

/// The file for messages from before the log collector starts.
pub(crate) const START: &str = "server.log";
/// Above this size, [`START`] is deleted. Older versions of the program logged everything there.
const START_SIZE: u64 = 1 << 20;

/// Deletes [`START`] if it is large, and all other log files but the newest.
pub(crate) fn tidy(folder: &Folder) -> Result<(), Error> {
    if folder.inside().size(START)?.is_some_and(|size| size > START_SIZE) {
        folder.inside().remove(START)?;
    }
    folder.inside().folder("log")?.map_or(Ok(()), |log| keep_newest(&log))
}

/// Calls [`tidy`] regularly. Never returns.
pub(crate) async fn keep_tidy(folder: Folder, say: fn(&str)) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        let folder = folder.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || tidy(&folder)).await {
            say(&format!("PostgreSQL's old logs could not be deleted: {error}"));
        }
    }
}

fn keep_newest(log: &Directory) -> Result<(), Error> {
    let names = log_files(log)?;
    names.iter().rev().skip(KEPT).try_for_each(|name| log.remove(name))
}

/// The names of the log files, oldest first.
fn log_files(log: &Directory) -> Result<Vec<String>, Error> {
    let mut names = log.names()?;
    names.retain(|name| name.starts_with("server-") && name.ends_with(".log"));
    names.sort();
    Ok(names)
}

/// The last lines of [`START`] and of the newest log file.
pub(crate) fn tail(folder: &Folder) -> String {
    let start = folder.inside().read(START).ok().flatten();
    let lines = [start, newest(folder)].into_iter().flatten().flat_map(|text| last_lines(&text));
    lines.collect::<Vec<_>>().join(" / ")
}

fn newest(folder: &Folder) -> Option<String> {
    let log = folder.inside().folder("log").ok()??;
    log.read(log_files(&log).ok()?.last()?).ok()?
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
    fn the_newest_logs_and_other_files_are_kept() {
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
        let inside = folder.inside().folder("log").expect("it is a folder").expect("it exists");
        let names = log_files(&inside).expect("it can be read");
        assert_eq!(names.len(), KEPT);
        assert_eq!(names.first().map(String::as_str), Some("server-20260615-140000.log"));
        assert!(log.join("notes.txt").exists() && !folder.root().join(START).exists());
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }
}
