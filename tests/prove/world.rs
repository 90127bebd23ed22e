//! A durable PostgreSQL, two API processes and a worker, all of which may die.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use offercast_database::{Options, Server, migrate};
use reqwest::Client;
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

use crate::space::Space;
use crate::told::Answer;

pub struct World {
    /// As the owner, who may look at and change everything.
    pub url: String,
    /// As the processes work.
    application_url: String,
    pub addresses: [String; 2],
    pub http: Client,
    program: String,
    processes: Mutex<Vec<Child>>,
    /// The PostgreSQL's log.
    logs: PathBuf,
    _server: Server,
    /// None where no disk can be mounted. Goes last.
    space: Option<Space>,
}

/// Who there is, by number: two APIs, then the worker.
pub const PROCESSES: usize = 3;

impl World {
    pub async fn new(program: &str) -> World {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prove");
        if let Ok(postgres) = folder.join("postgres").canonicalize() {
            Space::clear(&postgres);
        }
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let server = Server::start(&folder, Options::durable().say(|_| ())).await.unwrap();
        let postgres = folder.join("postgres").canonicalize().unwrap();
        let space = Space::make(&postgres, &server.owner_url()).await;
        if let Err(error) = &space {
            println!("the disk will not be full in this run: none can be mounted ({error})");
        }
        migrate(&server.owner_url()).await.unwrap();
        let addresses = [free_address(), free_address()];
        let world = World {
            url: server.owner_url(),
            application_url: server.application_url(),
            addresses,
            http: Client::builder().timeout(Duration::from_secs(20)).build().unwrap(),
            program: program.to_owned(),
            processes: Mutex::default(),
            logs: postgres.join("log"),
            _server: server,
            space: space.ok(),
        };
        let started = (0..PROCESSES).map(|number| world.start(number)).collect();
        *world.processes.lock().await = started;
        world.until_ready().await;
        world
    }

    fn start(&self, number: usize) -> Child {
        let mut command = Command::new(&self.program);
        match self.addresses.get(number) {
            Some(address) => command.args(["api", "--listen", address]),
            None => command.arg("worker"),
        };
        command.env("DATABASE_URL", &self.application_url).env("OFFERCAST_LOG", "warn").kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// kill -9, and a new one in its place.
    pub async fn kill(&self, number: usize) {
        let mut processes = self.processes.lock().await;
        processes[number].kill().await.unwrap();
        processes[number] = self.start(number);
    }

    /// Kills a server process of PostgreSQL with -9: it takes all others down at once, without a word to the
    /// disk, and recovers from its log.
    pub async fn crash_database(&self) {
        let Ok(mut connection) = PgConnection::connect(&self.url).await else { return };
        let pid: i32 =
            sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut connection).await.unwrap();
        Command::new("kill").args(["-9", &pid.to_string()]).status().await.unwrap();
    }

    /// Cuts every connection of the database.
    pub async fn cut_connections(&self) {
        let Ok(mut connection) = PgConnection::connect(&self.url).await else { return };
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid()";
        // The database may be on its way down.
        let _ = sqlx::query(cut).execute(&mut connection).await;
    }

    /// The disk is full for a while. False where that cannot be had.
    pub async fn fill_disk(&self, time: Duration) -> bool {
        match &self.space {
            Some(space) => space.fill(time).await,
            None => false,
        }
    }

    /// How often PostgreSQL found the disk full.
    pub fn failed_writes(&self) -> usize {
        let count = |path: PathBuf| {
            let log = std::fs::read(path).unwrap_or_default();
            String::from_utf8_lossy(&log).matches("No space left on device").count()
        };
        let files = self.logs.read_dir().into_iter().flatten().flatten();
        files.map(|entry| count(entry.path())).sum()
    }

    pub async fn until_ready(&self) {
        for address in &self.addresses {
            while !self.is_ready(address).await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    async fn is_ready(&self, address: &str) -> bool {
        let ready = self.http.get(format!("http://{address}/readyz")).send().await;
        ready.is_ok_and(|answer| answer.status().is_success())
    }

    /// Sends a request to one of the APIs, or hangs up on it after a while.
    pub async fn post(
        &self,
        api: usize,
        path: &str,
        key: Option<&str>,
        body: &Value,
        patience: Duration,
    ) -> Answer {
        let mut request = self.http.post(format!("http://{}{path}", self.addresses[api])).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            Ok::<_, reqwest::Error>(Answer::of(status, &response.json().await?))
        };
        match tokio::time::timeout(patience, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if error.is_connect() => Answer::Busy,
            _ => Answer::Unknown,
        }
    }

    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }
}

fn free_address() -> String {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().to_string()
}
