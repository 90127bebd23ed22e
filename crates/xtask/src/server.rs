//! A server for a test, with an empty database and a free port. It is stopped and deleted on drop.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::database::Database;
use crate::places::OwnFolder;
use crate::process::{Service, stopped_with_parent};
use crate::ui::{Context, Result, say};
use crate::web;

/// Generous, because creating and migrating a database cluster takes many seconds on a slow machine.
const TIMEOUT: Duration = Duration::from_secs(90);

/// What the first start of `up` creates.
pub struct Credentials {
    pub email: String,
    pub password: String,
    pub api_key: String,
}

impl Credentials {
    fn read(folder: &Path) -> Result<Credentials> {
        let path = folder.join("credentials.json");
        let json = fs::read_to_string(&path).context(path.display())?;
        // Its values have no quotes in them.
        let value = |name: &str| {
            let rest = json.split_once(&format!("\"{name}\": \"")).map(|(_, rest)| rest);
            let value = rest.and_then(|rest| rest.split('"').next()).map(str::to_owned);
            value.ok_or_else(|| format!("{} has no {name}", path.display()))
        };
        Ok(Credentials { email: value("email")?, password: value("password")?, api_key: value("api_key")? })
    }
}

pub struct Server {
    pub url: String,
    // Fields are dropped in this order: the server must stop before its folder is deleted.
    _service: Service,
    folder: OwnFolder,
}

impl Server {
    /// Starts `offercast up --empty` with its own PostgreSQL and waits until it is ready.
    pub fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let folder = OwnFolder::make(&format!("server-{}", std::process::id()))?;
        let mut up = stopped_with_parent(program);
        up.args(["up", "--empty", "--data-dir"]).arg(folder.path()).args(arguments);
        // Do not use the user's database.
        up.env_remove("DATABASE_URL");
        Self::run(up, folder)
    }

    /// Starts `offercast up --empty` on an existing database, which other processes may use too.
    pub fn up_on(database: &Database, program: &Path) -> Result<Self> {
        Self::role_on(database, program, &["up", "--empty", "--data-dir"])
    }

    /// Starts `offercast api` on an existing database.
    pub fn api_on(database: &Database, program: &Path) -> Result<Self> {
        Self::role_on(database, program, &["api"])
    }

    /// `role`: its arguments; a last `--data-dir` gets a folder.
    fn role_on(database: &Database, program: &Path, role: &[&str]) -> Result<Self> {
        let folder = OwnFolder::make(&format!("server-{}-{}", role[0], std::process::id()))?;
        let mut server = stopped_with_parent(program);
        server.args(role).env("DATABASE_URL", &database.url);
        if role.last() == Some(&"--data-dir") {
            server.arg(folder.path());
        }
        Self::run(server, folder)
    }

    fn run(mut command: Command, folder: OwnFolder) -> Result<Self> {
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        say(format!("starting a server on {address}"));
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
            Err(error) => Err(format!("{error}; its log:\n{}", server.log()).into()),
        }
    }

    /// The text of its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// The credentials of the first owner, of a server that was started with `up`.
    pub fn credentials(&self) -> Result<Credentials> {
        Credentials::read(self.folder.path())
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

/// Polls `/readyz` until the server is ready, at most for [`TIMEOUT`].
pub fn await_ready(service: &mut Service, port: u16) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < TIMEOUT {
        if is_ready(port) {
            return Ok(());
        }
        if let Ok(Some(status)) = service.child().try_wait() {
            return Err(format!("the server ended before it was ready ({status})").into());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(format!("the server was not ready within {} s", TIMEOUT.as_secs()).into())
}

/// The peak memory of a running process.
pub fn peak_megabytes(process: u32) -> Option<f64> {
    memory(process, "VmHWM:")
}

/// The current memory of a process.
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
    let request = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        Ok(response)
    };
    request().is_ok_and(|response| response.starts_with("HTTP/1.1 200"))
}
