//! A throw-away database for builds and tests.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::places::{self, OwnFolder};
use crate::process::{Service, cargo, command, output, run};
use crate::ui::{Context, Result, say};

/// A PostgreSQL with the schema. It is stopped and deleted on drop.
pub struct Database {
    pub url: String,
    // Fields are dropped in this order: the server must stop before its folder is deleted.
    _server: Service,
    _folder: OwnFolder,
}

impl Database {
    /// Starts a database without durability. `name` must differ from those of the other databases of this run.
    pub fn start(name: &str) -> Result<Self> {
        say("starting a throw-away PostgreSQL with the schema");
        Self::with(name, &["--test", "--migrate"])
    }

    /// Starts a database that writes every commit to disk before it is acknowledged.
    pub fn durable(name: &str) -> Result<Self> {
        say("starting a durable PostgreSQL with the schema");
        Self::with(name, &["--migrate"])
    }

    fn with(name: &str, arguments: &[&str]) -> Result<Self> {
        run(cargo().args(["build", "--quiet", "--package", "offercast-database"]))?;
        let folder = OwnFolder::make(name)?;
        let mut server = Service::start(
            command(places::target().join("debug/offercast-database"))
                .arg(folder.path())
                .args(arguments)
                // It stops when its input ends, so also when this process is killed.
                .stdin(Stdio::piped())
                .stdout(Stdio::piped()),
        )?;
        let output = server.child().stdout.take();
        let mut line = String::new();
        if let Some(output) = output {
            BufReader::new(output)
                .read_line(&mut line)
                .context("the database server's first line could not be read")?;
        }
        let url = line
            .trim()
            .strip_prefix("DATABASE_URL=")
            .ok_or("the database server did not start; see its output above")?;
        Ok(Self { url: url.to_owned(), _server: server, _folder: folder })
    }
}

/// Finds a client program of an installed PostgreSQL.
pub fn client(name: &str) -> Result<PathBuf> {
    let folder = output(Command::new("pg_config").arg("--bindir"));
    let debian = (13..30).rev().map(|version| format!("/usr/lib/postgresql/{version}/bin"));
    let mut candidates = folder.into_iter().chain(debian).map(|folder| PathBuf::from(folder).join(name));
    candidates
        .find(|path| path.exists())
        .ok_or_else(|| format!("{name} was not found: install PostgreSQL, which contains it").into())
}
