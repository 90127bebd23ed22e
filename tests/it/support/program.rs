use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::{Client, Database};

/// The executable as a process of its own.
pub struct Program {
    child: Child,
}

impl Program {
    /// `offercast` with these arguments, on a database (for `migrate` as its owner, else as the application), and with none of our own environment's settings.
    pub fn command(database: Option<&Database>, arguments: &[&str]) -> Command {
        let mut command = Command::new(path());
        command.args(arguments).env_remove("DATABASE_URL").env("RUST_BACKTRACE", "0").kill_on_drop(true);
        if let Some(database) = database {
            let url =
                if arguments == ["migrate"] { database.url.clone() } else { database.application_url() };
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// A worker of its own process.
    pub fn worker(database: &Database) -> Program {
        let mut command = Program::command(Some(database), &["worker"]);
        Program { child: command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap() }
    }

    /// An API of its own process, once it listens.
    pub async fn api(database: &Database) -> (Program, Client) {
        Program::listening(database, "api", "API listens").await
    }

    /// An API with settings in its environment.
    pub async fn with(database: &Database, settings: &[(&str, &str)]) -> (Program, Client) {
        let mut command = Program::command(Some(database), &["api", "--listen", "127.0.0.1:0"]);
        command.envs(settings.iter().copied());
        Program::start(command, "API listens").await
    }

    /// A role that says on what address it listens.
    pub async fn listening(database: &Database, role: &str, says: &str) -> (Program, Client) {
        let command = Program::command(Some(database), &[role, "--listen", "127.0.0.1:0"]);
        Program::start(command, says).await
    }

    async fn start(mut command: Command, says: &str) -> (Program, Client) {
        let mut child = command.env("OFFERCAST_LOG_FORMAT", "json").stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next_line().await.unwrap().expect("it ended before it listened");
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap();
            if entry["message"] == says {
                break entry["address"].as_str().unwrap().to_owned();
            }
        };
        // Somebody has to read the rest, or the process blocks on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        (Program { child }, Client::new(&format!("http://{address}")))
    }

    /// kill -9.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM; gives the exit code.
    pub async fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().unwrap().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        self.child.wait().await.unwrap().code()
    }
}

/// Built beside this test by `cargo xtask test rust`.
fn path() -> std::path::PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("offercast");
    assert!(path.exists(), "{} is not built: run the tests with `cargo xtask test rust`", path.display());
    path
}
