//! `offercast-database <data-dir> [--test] [--migrate] [--package]`
//!
//! Runs PostgreSQL in the foreground until standard input ends, or until SIGTERM or Ctrl-C. The first line on standard
//! output is `DATABASE_URL=...`, printed when the database is ready.
//!
//! `--test`: without syncing to disk; the data is deleted at the end. `--migrate`: run the migrations. `--package`: use
//! the npm package even if PostgreSQL is installed, to test that fallback.

use std::io::{Read, stdin};
use std::process::ExitCode;

use offercast_database::{Error, Options, Server, Source, migrate};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

const USAGE: &str = "usage: offercast-database <data-dir> [--test] [--migrate] [--package]";

#[tokio::main]
async fn main() -> ExitCode {
    let Some(request) = Request::parse(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match serve(request).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

struct Request {
    data_dir: String,
    options: Options,
    migrate: bool,
}

impl Request {
    fn parse(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let (flags, folders): (Vec<_>, Vec<_>) = arguments.partition(|a| a.starts_with("--"));
        let [data_dir] = <[String; 1]>::try_from(folders).ok()?;
        let mut request = Self { data_dir, options: Options::durable(), migrate: false };
        let has = |name: &str| flags.iter().any(|flag| flag == name);
        if has("--test") {
            request.options = Options::throw_away();
        }
        if has("--package") {
            request.options = request.options.source(Source::Package);
        }
        request.migrate = has("--migrate");
        let known = ["--test", "--migrate", "--package"];
        flags.iter().all(|flag| known.contains(&flag.as_str())).then_some(request)
    }
}

async fn serve(request: Request) -> Result<(), Error> {
    // Set up before the start, so that a signal during the start does not leave a server running.
    let mut shutdown = Shutdown::listen()?;
    let server = Server::start(&request.data_dir, request.options).await?;
    if request.migrate {
        migrate(&server.owner_url()).await?;
    }
    println!("DATABASE_URL={}", server.owner_url());
    shutdown.wait().await;
    server.stop().await
}

/// The events that stop the server.
struct Shutdown {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    input: oneshot::Receiver<()>,
}

impl Shutdown {
    fn listen() -> Result<Self, Error> {
        let on = |kind| {
            signal(kind).map_err(|error| Error::Interrupted(format!("signals cannot be handled: {error}")))
        };
        let (sender, input) = oneshot::channel();
        // On its own thread, because a read of standard input cannot be interrupted.
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            // A read error counts as the end of the input.
            let _ = stdin().read_to_end(&mut rest);
            let _ = sender.send(());
        });
        Ok(Self { interrupt: on(SignalKind::interrupt())?, terminate: on(SignalKind::terminate())?, input })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = &mut self.input => {}
        }
    }
}
