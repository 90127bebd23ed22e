use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use offercast_app::Clock;
use offercast_app::import::{ImportFiles, ImportOptions, ImportReport, Progress};

use crate::database::Urls;
use crate::settings::Settings;
use crate::{cli, database};

pub async fn run(settings: &Settings, arguments: &cli::Import) -> anyhow::Result<()> {
    let files = ImportFiles { offers: arguments.offers.clone(), redemptions: arguments.redemptions.clone() };
    let options = ImportOptions {
        replay: arguments.replay,
        shift_to_today: arguments.shift_to_today,
        now: Clock::system().now(),
    };
    let report = database::with(settings, async |urls| load(urls, &files, options).await).await?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

/// Migrates the schema and imports the files, with progress on standard error.
pub async fn load(urls: &Urls, files: &ImportFiles, options: ImportOptions) -> anyhow::Result<ImportReport> {
    offercast_database::migrate(&urls.owner).await?;
    let mut display = Display::new();
    let report = offercast_app::import::import(&urls.application, files, options, &mut |progress| {
        display.show(progress);
    })
    .await;
    display.finish();
    Ok(report?)
}

/// Shows progress: one line that is updated on a terminal, otherwise a new line every few seconds.
struct Display {
    started: Instant,
    last_shown: Option<Instant>,
    terminal: bool,
}

impl Display {
    fn new() -> Display {
        Display { started: Instant::now(), last_shown: None, terminal: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, progress: Progress) {
        let interval = if self.terminal { Duration::from_millis(200) } else { Duration::from_secs(5) };
        let since = self.last_shown.unwrap_or(self.started);
        if since.elapsed() < interval {
            return;
        }
        self.last_shown = Some(Instant::now());
        let seconds = self.started.elapsed().as_secs();
        let line = match progress {
            Progress::Read(rows) => format!("{rows} redemptions read, {seconds} s"),
            Progress::Written(rows) => format!("{rows} redemptions written, {seconds} s"),
        };
        if self.terminal {
            eprint!("\r\x1b[K{line}");
            // The import continues if the progress line cannot be shown.
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }

    fn finish(&self) {
        if self.terminal && self.last_shown.is_some() {
            eprintln!();
        }
    }
}
