//! A server of our own for a test: an empty database, a free port, gone afterwards.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::database::Database;
use crate::places::OwnFolder;
use crate::process::{Service, tethered};
use crate::ui::{Context, Result, say};
use crate::web;

/// Making a database cluster and migrating it takes a few seconds on a slow machine.
const PATIENCE: Duration = Duration::from_secs(90);

pub struct Server {
    pub url: String,
    // Before the folder: the server stops before its folder goes.
    _service: Service,
    folder: OwnFolder,
}

impl Server {
    /// `offercast up` with nothing in it, ready for requests, on a PostgreSQL of its own.
    pub fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let folder = OwnFolder::make(&format!("server-{}", std::process::id()))?;
        let mut up = tethered(program);
        up.args(["up", "--empty", "--data-dir"]).arg(folder.path()).args(arguments);
        // Its own PostgreSQL, whatever the user works with.
        up.env_remove("DATABASE_URL");
        Self::run(up, folder)
    }

    /// A role (`up --empty`, `api`) on a database that others may work on too.
    pub fn on(database: &Database, program: &Path, role: &[&str]) -> Result<Self> {
        let folder = OwnFolder::make(&format!("server-{}-{}", role[0], std::process::id()))?;
        let mut server = tethered(program);
        server.args(role).env("DATABASE_URL", &database.url);
        Self::run(server, folder)
    }

    fn run(mut command: Command, folder: OwnFolder) -> Result<Self> {
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        say(format!("a server on {address}"));
        let log = fs::File::create(folder.path().join("server.log")).context("the server's log")?;
        let mut service = Service::start(
            command
                .args(["--listen", &address])
                .env("OFFERCAST_WEB_DIR", web::dist())
                .stdout(log.try_clone().context("the server's log")?)
                .stderr(log),
        )?;
        let ready = await_ready(&mut service, port);
        let server = Self { url: format!("http://{address}"), _service: service, folder };
        match ready {
            Ok(()) => Ok(server),
            Err(error) => Err(format!("{error}; it said:\n{}", server.said()).into()),
        }
    }

    /// What it has logged.
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// Its data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr().context("no free port on 127.0.0.1")?.port())
}

/// Nothing tells another process that the server is ready, so it is asked until it says so.
pub fn await_ready(service: &mut Service, port: u16) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if is_ready(port) {
            return Ok(());
        }
        if let Ok(Some(status)) = service.child().try_wait() {
            return Err(format!("the server ended at once ({status})").into());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(format!("the server was not ready within {} s", PATIENCE.as_secs()).into())
}

/// The most memory that a process has had, while it runs.
pub fn peak_megabytes(process: u32) -> Option<f64> {
    memory(process, "VmHWM:")
}

/// The memory that a process has.
pub fn megabytes(process: u32) -> Option<f64> {
    memory(process, "VmRSS:")
}

fn memory(process: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
