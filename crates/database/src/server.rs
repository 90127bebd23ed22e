use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::account::Account;
use crate::cluster::Cluster;
use crate::folder::Folder;
use crate::roles::Passwords;
use crate::{Error, Source, logs, roles};

/// How to run a server.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    throw_away: bool,
    source: Source,
    say: fn(&str),
}

impl Options {
    /// Keeps the data; committed transactions survive a power failure.
    #[must_use]
    pub fn durable() -> Self {
        Self { throw_away: false, source: Source::Any, say: |line| eprintln!("{line}") }
    }

    /// For tests: does not sync to disk, and deletes the cluster when the server stops.
    #[must_use]
    pub fn throw_away() -> Self {
        Self { throw_away: true, ..Self::durable() }
    }

    /// Where to take PostgreSQL's programs from.
    #[must_use]
    pub fn source(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// Called with progress messages. The default prints them to standard error.
    #[must_use]
    pub fn say(self, say: fn(&str)) -> Self {
        Self { say, ..self }
    }

    /// A throw-away server deletes its folder, so it must not share one with a durable server.
    fn folder(self) -> &'static str {
        if self.throw_away { "postgres-throw-away" } else { "postgres" }
    }

    fn settings(self) -> &'static [&'static str] {
        if self.throw_away { &["fsync=off", "synchronous_commit=off", "full_page_writes=off"] } else { &[] }
    }
}

/// A running PostgreSQL. Several processes may share it; the last one to release it stops it. Processes are counted by
/// file locks, so a killed process no longer counts. Dropping the value releases the server too, but only prints
/// errors.
pub struct Server {
    /// `None` after the server was released.
    inner: Option<Inner>,
    port: u16,
    passwords: Passwords,
    /// Deletes old logs; aborted on drop.
    tidying: tokio::task::JoinHandle<()>,
}

struct Inner {
    cluster: Cluster,
    /// Holds a shared lock for as long as this process uses the server.
    users: File,
    throw_away: bool,
}

impl Server {
    /// Starts the PostgreSQL of `data_dir`, or uses it if it is already running, and waits until it accepts
    /// connections.
    ///
    /// # Errors
    /// If PostgreSQL is not installed and cannot be fetched, if the folder cannot be used, or if the server does not
    /// start. The message says what to do.
    pub async fn start(data_dir: impl AsRef<Path>, options: Options) -> Result<Self, Error> {
        let data_dir = data_dir.as_ref().to_owned();
        let started = run_blocking(options.say, move || start_blocking(&data_dir, options)).await?;
        let (inner, port, passwords) = started;
        let tidying = tokio::spawn(logs::keep_tidy(inner.cluster.folder.clone(), options.say));
        let server = Self { inner: Some(inner), port, passwords, tidying };
        roles::ensure(port, &server.passwords, options.throw_away).await?;
        Ok(server)
    }

    /// The URL for migrations, with the role that owns the database. On a throw-away server it may create databases.
    #[must_use]
    pub fn owner_url(&self) -> String {
        self.url(roles::NAME, &self.passwords.owner)
    }

    /// The URL for API and workers, with a role that may change neither the schema nor entries of the ledger.
    #[must_use]
    pub fn application_url(&self) -> String {
        self.url(roles::APPLICATION, &self.passwords.application)
    }

    /// The URL for reports, with a role that may only read, except for secrets.
    #[must_use]
    pub fn reader_url(&self) -> String {
        self.url(roles::READER, &self.passwords.reader)
    }

    fn url(&self, role: &str, password: &str) -> String {
        format!("postgres://{role}:{password}@127.0.0.1:{}/{}", self.port, roles::NAME)
    }

    /// Releases the server, and stops it if no other process uses it. Close the pools before; open transactions are
    /// rolled back.
    ///
    /// # Errors
    /// If it does not stop within a minute.
    pub async fn stop(mut self) -> Result<(), Error> {
        match self.inner.take() {
            Some(inner) => run_blocking(|_| (), move || inner.release()).await,
            None => Ok(()),
        }
    }
}

fn start_blocking(data_dir: &Path, options: Options) -> Result<(Inner, u16, Passwords), Error> {
    let account = Account::choose()?;
    let folder = Folder::open(data_dir, options.folder(), account, options.say)?;
    let starting = locked(&folder)?;
    let users = folder.users()?;
    users.lock_shared().map_err(Error::folder(folder.root()))?;
    let cluster = Cluster::open(folder, account, options.source, options.say)?;
    cluster.init(options.say)?;
    let port = match cluster.running() {
        Some(port) => port,
        None => cluster.start(options.settings())?,
    };
    let passwords = Passwords::of(&cluster.folder, account)?;
    drop(starting);
    Ok((Inner { cluster, users, throw_away: options.throw_away }, port, passwords))
}

impl Drop for Server {
    fn drop(&mut self) {
        self.tidying.abort();
        if let Some(inner) = self.inner.take()
            && let Err(error) = inner.release()
        {
            eprintln!("PostgreSQL could not be stopped: {error}");
        }
    }
}

impl Inner {
    fn release(self) -> Result<(), Error> {
        let folder = &self.cluster.folder;
        // Held so that no process starts to use the server between the check and the stop.
        let _starting = locked(folder)?;
        self.users.unlock().map_err(Error::folder(folder.root()))?;
        if self.users.try_lock().is_err() {
            return Ok(());
        }
        if self.throw_away {
            self.cluster.stop("immediate")?;
            folder.remove()
        } else {
            self.cluster.stop("fast")
        }
    }
}

/// Takes the lock that a process holds while it starts or stops the server.
fn locked(folder: &Folder) -> Result<File, Error> {
    let file = folder.starting()?;
    let path: PathBuf = folder.root().to_owned();
    file.lock().map_err(Error::folder(&path))?;
    Ok(file)
}

/// Runs `work` on a blocking thread, and prints a message if it takes longer than a second.
async fn run_blocking<T: Send + 'static>(
    say: fn(&str),
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let mut task = spawn_blocking(work);
    let result = match tokio::time::timeout(Duration::from_secs(1), &mut task).await {
        Ok(result) => result,
        Err(_) => {
            say("Waiting for PostgreSQL ...");
            task.await
        }
    };
    result.map_err(|error| Error::Interrupted(format!("starting PostgreSQL was interrupted: {error}")))?
}
