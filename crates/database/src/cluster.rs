//! The database cluster: created with `initdb`, started and stopped with `pg_ctl`.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use crate::Error;
use crate::account::Account;
use crate::folder::Folder;
use crate::install::{Install, Source};
use crate::process::{isolated, run};
use crate::{logs, roles};

/// A port that was free when it was chosen may be taken by another process before the server binds it.
const START_TRIES: u32 = 5;

pub(crate) struct Cluster {
    pub(crate) folder: Folder,
    pub(crate) account: Account,
    install: Install,
}

impl Cluster {
    pub(crate) fn open(
        folder: Folder,
        account: Account,
        source: Source,
        say: fn(&str),
    ) -> Result<Self, Error> {
        let version = version(&folder);
        let install = Install::find(source, version, account, say)?;
        let install = install.ok_or_else(|| Error::OtherVersion {
            data: folder.cluster(),
            version: version.unwrap_or_default(),
        })?;
        Ok(Self { folder, account, install })
    }

    /// The port of the server if it accepts connections. `pg_ctl status` alone is not enough: a killed server may stay
    /// in the process table for a while.
    pub(crate) fn running(&self) -> Option<u16> {
        run(self.pg_ctl().arg("status")).ok()?;
        // The fourth line of postmaster.pid is the port.
        let text = self.folder.cluster_file("postmaster.pid")?;
        let port = text.lines().nth(3)?.trim().parse().ok()?;
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
        Some(port)
    }

    /// Creates the cluster if it does not exist. It gets its final name last, so an interrupted one is created again.
    pub(crate) fn init(&self, say: fn(&str)) -> Result<(), Error> {
        let cluster = self.folder.cluster();
        if self.folder.inside().folder("data")?.is_some() {
            return Ok(());
        }
        say(&format!("Creating a PostgreSQL cluster in {}", cluster.display()));
        self.folder.password(roles::SUPERUSER_PASSWORD, self.account)?;
        let unfinished = self.folder.root().join("data.unfinished");
        if unfinished.symlink_metadata().is_ok() {
            fs::remove_dir_all(&unfinished).map_err(Error::folder(&unfinished))?;
        }
        let mut initdb = isolated(&self.install.program("initdb"), self.folder.root());
        initdb
            .arg("--pgdata")
            .arg(&unfinished)
            .arg("--pwfile")
            .arg(self.folder.root().join(roles::SUPERUSER_PASSWORD))
            .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"])
            .arg(format!("--locale={LOCALE}"));
        self.account.apply(&mut initdb);
        run(&mut initdb)?;
        self.folder.inside().rename("data.unfinished", "data")
    }

    /// Starts the server on a free port of the loopback interface and waits until it accepts connections.
    pub(crate) fn start(&self, settings: &[&str]) -> Result<u16, Error> {
        logs::tidy(&self.folder)?;
        let mut last = None;
        for _ in 0..START_TRIES {
            let port = free_port()?;
            let mut options = format!("-c port={port}");
            for setting in ALWAYS.iter().chain(logs::SETTINGS).chain(settings) {
                options.push_str(" -c ");
                options.push_str(setting);
            }
            let mut start = self.pg_ctl();
            start
                .args(["start", "--wait", "--timeout=300", "--silent"])
                .arg("--log")
                .arg(self.folder.root().join(logs::START))
                .arg("--options")
                .arg(options);
            match run(&mut start) {
                Ok(_) => return Ok(port),
                Err(error) if logs::tail(&self.folder).contains("Address already in use") => {
                    last = Some(error);
                }
                Err(_) => break,
            }
        }
        let reason = last.map_or_else(|| logs::tail(&self.folder), |error| error.to_string());
        Err(Error::Start { folder: self.folder.root().to_owned(), reason })
    }

    /// `fast` rolls back open transactions and writes everything to disk; `immediate` is for data that is deleted
    /// anyway.
    pub(crate) fn stop(&self, mode: &str) -> Result<(), Error> {
        let mut stop = self.pg_ctl();
        stop.args(["stop", "--wait", "--timeout=60", "--silent"]).arg(format!("--mode={mode}"));
        match run(&mut stop) {
            // It had stopped already.
            Err(_) if self.running().is_none() => Ok(()),
            other => other.map(|_| ()),
        }
    }

    fn pg_ctl(&self) -> std::process::Command {
        let mut command = isolated(&self.install.program("pg_ctl"), self.folder.root());
        command.arg("--pgdata").arg(self.folder.cluster());
        self.account.apply(&mut command);
        command
    }
}

/// C.UTF-8 sorts by code point and converts upper and lower case; macOS does not have it.
const LOCALE: &str = if cfg!(target_os = "linux") { "C.UTF-8" } else { "C" };

/// There is no unix socket because its path is limited to about 100 bytes, which a project's folder may exceed.
const ALWAYS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=256MB",
    "max_wal_size=2GB",
    "timezone=UTC",
    "log_timezone=UTC",
];

/// The major version of PostgreSQL that created the cluster.
fn version(folder: &Folder) -> Option<u32> {
    folder.cluster_file("PG_VERSION")?.trim().parse().ok()
}

fn free_port() -> Result<u16, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| Error::Interrupted(format!("no free port on 127.0.0.1: {error}")))
}
