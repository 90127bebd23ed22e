use std::process::Stdio;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::{Client, Database};

/// The executable in a separate process.
pub struct Program {
    child: Child,
    /// What it has logged since it listens.
    log: Arc<Mutex<Vec<Value>>>,
}

impl Program {
    /// `offercast` with these arguments. Uses the database as its owner for `migrate`, otherwise as the application.
    /// Does not inherit DATABASE_URL.
    pub fn command(database: Option<&Database>, arguments: &[&str]) -> Command {
        let mut command = Command::new(path());
        command.args(arguments).env_remove("DATABASE_URL").env("RUST_BACKTRACE", "0").kill_on_drop(true);
        // Tests of access control switch it on.
        command.env("OFFERCAST_ACCESS", "off");
        if let Some(database) = database {
            let url =
                if arguments == ["migrate"] { database.url.clone() } else { database.application_url() };
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Starts a worker.
    pub fn worker(database: &Database) -> Program {
        let mut command = Program::command(Some(database), &["worker"]);
        let child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Program { child, log: Arc::default() }
    }

    /// Starts an API and waits until it listens.
    pub async fn api(database: &Database) -> (Program, Client) {
        Program::listening(database, "api", "API listens").await
    }

    /// Starts an API with settings in its environment.
    pub async fn with(database: &Database, settings: &[(&str, &str)]) -> (Program, Client) {
        let mut command = Program::command(Some(database), &["api", "--listen", "127.0.0.1:0"]);
        command.envs(settings.iter().copied());
        Program::start(command, "API listens").await
    }

    /// Starts a role and waits for the log message that contains its address.
    pub async fn listening(database: &Database, role: &str, message: &str) -> (Program, Client) {
        let command = Program::command(Some(database), &[role, "--listen", "127.0.0.1:0"]);
        Program::start(command, message).await
    }

    async fn start(mut command: Command, message: &str) -> (Program, Client) {
        let mut child = command.env("OFFERCAST_LOG_FORMAT", "json").stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next_line().await.unwrap().expect("a log message with the address");
            let entry: Value = serde_json::from_str(&line).unwrap();
            if entry["message"] == message {
                break entry["address"].as_str().unwrap().to_owned();
            }
        };
        // The rest must be read too, or the process would block on a full pipe.
        let log: Arc<Mutex<Vec<Value>>> = Arc::default();
        let entries = log.clone();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                entries.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        (Program { child, log }, Client::new(&format!("http://{address}")))
    }

    /// Everything that it has logged since it listens.
    pub fn logged_text(&self) -> String {
        let log = self.log.lock().unwrap();
        log.iter().map(|entry| format!("{entry}\n")).collect()
    }

    /// The warnings and errors that it has logged since it listens.
    pub fn logged_problems(&self) -> Vec<String> {
        let log = self.log.lock().unwrap();
        let problems = log.iter().filter(|entry| entry["level"] == "ERROR" || entry["level"] == "WARN");
        problems.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Sends SIGKILL.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends SIGTERM; returns the exit code.
    pub async fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().unwrap().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        self.child.wait().await.unwrap().code()
    }
}

/// The path of the executable, which `cargo xtask test rust` builds.
fn path() -> std::path::PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("offercast");
    assert!(path.exists(), "{} is not built: run the tests with `cargo xtask test rust`", path.display());
    path
}
