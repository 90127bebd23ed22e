//! A throw-away database for builds and tests.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::places::{self, OwnFolder};
use crate::process::{Service, cargo, command, output, run};
use crate::ui::{Context, Result, say};

/// A PostgreSQL with our schema, gone when this is dropped.
pub struct Database {
    pub url: String,
    // Before the folder: the server stops before its folder goes.
    _server: Service,
    _folder: OwnFolder,
}

impl Database {
    /// `name` tells the databases of one run apart.
    pub fn start(name: &str) -> Result<Self> {
        say("a throw-away PostgreSQL with the schema");
        Self::with(name, &["--test", "--migrate"])
    }

    /// The same with every commit on disk before it is acknowledged.
    pub fn durable(name: &str) -> Result<Self> {
        say("a durable PostgreSQL with the schema");
        Self::with(name, &["--migrate"])
    }

    fn with(name: &str, arguments: &[&str]) -> Result<Self> {
        run(cargo().args(["build", "--quiet", "--package", "offercast-database"]))?;
        let folder = OwnFolder::make(name)?;
        let mut server = Service::start(
            command(places::target().join("debug/offercast-database"))
                .arg(folder.path())
                .args(arguments)
                // It ends when its input does, so also when we are killed.
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
            .ok_or("the database server did not start; what it said is above")?;
        Ok(Self { url: url.to_owned(), _server: server, _folder: folder })
    }
}

/// A program that comes with an installed PostgreSQL.
pub fn client(name: &str) -> Result<PathBuf> {
    let folder = output(Command::new("pg_config").arg("--bindir"));
    let debian = (13..30).rev().map(|version| format!("/usr/lib/postgresql/{version}/bin"));
    let mut places = folder.into_iter().chain(debian).map(|folder| PathBuf::from(folder).join(name));
    places
        .find(|path| path.exists())
        .ok_or_else(|| format!("{name} is not installed: it comes with PostgreSQL").into())
}
