//! A durable PostgreSQL, two API processes and a worker, which can be killed.

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

use crate::test_disk::TestDisk;
use crate::transcript::Response;

pub struct World {
    /// The URL of the owner, who may read and change everything.
    pub url: String,
    /// The URL of the role that the processes use.
    application_url: String,
    pub addresses: [String; 2],
    pub http: Client,
    program: String,
    processes: Mutex<Vec<Child>>,
    /// The folder of PostgreSQL's logs.
    logs: PathBuf,
    _server: Server,
    /// `None` if no disk can be mounted. Dropped last.
    disk: Option<TestDisk>,
}

/// The number of processes: two APIs (numbers 0 and 1) and a worker (number 2).
pub const PROCESSES: usize = 3;

impl World {
    pub async fn new(program: &str) -> World {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prove");
        if let Ok(postgres) = folder.join("postgres").canonicalize() {
            TestDisk::clear(&postgres);
        }
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let server = Server::start(&folder, Options::durable().say(|_| ())).await.unwrap();
        let postgres = folder.join("postgres").canonicalize().unwrap();
        let disk = TestDisk::mount(&postgres, &server.owner_url()).await;
        if let Err(error) = &disk {
            println!("skipping the full disk: no disk can be mounted ({error})");
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
            disk: disk.ok(),
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
        command
            .env("DATABASE_URL", &self.application_url)
            .env("OFFERCAST_LOG", "warn")
            .env("OFFERCAST_ACCESS", "off")
            .kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Kills a process with SIGKILL and starts it again.
    pub async fn kill(&self, number: usize) {
        let mut processes = self.processes.lock().await;
        processes[number].kill().await.unwrap();
        processes[number] = self.start(number);
    }

    /// Kills a server process of PostgreSQL with SIGKILL: PostgreSQL then stops all others immediately, without writing
    /// anything to disk, and recovers from its log.
    pub async fn crash_database(&self) {
        let Ok(mut connection) = PgConnection::connect(&self.url).await else { return };
        let pid: i32 =
            sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut connection).await.unwrap();
        Command::new("kill").args(["-9", &pid.to_string()]).status().await.unwrap();
    }

    /// Terminates all connections of the database.
    pub async fn cut_connections(&self) {
        let Ok(mut connection) = PgConnection::connect(&self.url).await else { return };
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid()";
        // Fails if the database is going down.
        let _ = sqlx::query(cut).execute(&mut connection).await;
    }

    /// Makes the disk full for this time. Returns false if that is not possible.
    pub async fn fill_disk(&self, time: Duration) -> bool {
        match &self.disk {
            Some(disk) => disk.fill(time).await,
            None => false,
        }
    }

    /// How often a write of PostgreSQL failed because the disk was full.
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
        ready.is_ok_and(|response| response.status().is_success())
    }

    /// Sends a request to one of the APIs; disconnects after the timeout.
    pub async fn post(
        &self,
        api: usize,
        path: &str,
        key: Option<&str>,
        body: &Value,
        timeout: Duration,
    ) -> Response {
        let mut request = self.http.post(format!("http://{}{path}", self.addresses[api])).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let response = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            Ok::<_, reqwest::Error>(Response::of(status, &response.json().await?))
        };
        match tokio::time::timeout(timeout, response).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_connect() => Response::Busy,
            _ => Response::Unknown,
        }
    }

    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }
}

fn free_address() -> String {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().to_string()
}
