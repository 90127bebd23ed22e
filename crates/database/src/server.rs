use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::account::Account;
use crate::cluster::Cluster;
use crate::folder::Folder;
use crate::roles::Passwords;
use crate::{Error, Source, logs, roles};

/// How a server is run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    throw_away: bool,
    source: Source,
    say: fn(&str),
}

impl Options {
    /// Data that stays: what is committed survives a power cut.
    #[must_use]
    pub fn durable() -> Self {
        Self { throw_away: false, source: Source::Any, say: |line| eprintln!("{line}") }
    }

    /// For tests: no waiting for the disk, and the cluster is removed when the server stops.
    #[must_use]
    pub fn throw_away() -> Self {
        Self { throw_away: true, ..Self::durable() }
    }

    /// Where the programs may come from.
    #[must_use]
    pub fn source(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// Who hears of progress; standard error unless told otherwise.
    #[must_use]
    pub fn say(self, say: fn(&str)) -> Self {
        Self { say, ..self }
    }

    /// A throw-away server removes its folder in the end: it never shares one with data that stays.
    fn folder(self) -> &'static str {
        if self.throw_away { "postgres-throw-away" } else { "postgres" }
    }

    fn settings(self) -> &'static [&'static str] {
        if self.throw_away { &["fsync=off", "synchronous_commit=off", "full_page_writes=off"] } else { &[] }
    }
}

/// A running PostgreSQL. Several processes may share one: the last that leaves stops it, and one that was killed
/// counts as gone, since what it held are file locks. Dropping it leaves too, but cannot tell of an error.
pub struct Server {
    /// None once it has been left.
    inner: Option<Inner>,
    port: u16,
    passwords: Passwords,
    /// Ends with this.
    tidying: tokio::task::JoinHandle<()>,
}

struct Inner {
    cluster: Cluster,
    /// Holds a shared lock for as long as we use the server.
    users: File,
    throw_away: bool,
}

impl Server {
    /// Starts the PostgreSQL of `data_dir`, or joins it when it runs already, and waits until it takes connections.
    ///
    /// # Errors
    /// When there is no PostgreSQL and none can be fetched, when the folder cannot be used, and when the server does
    /// not start; the message says what to do.
    pub async fn start(data_dir: impl AsRef<Path>, options: Options) -> Result<Self, Error> {
        let data_dir = data_dir.as_ref().to_owned();
        let started = patiently(options.say, move || start_blocking(&data_dir, options)).await?;
        let (inner, port, passwords) = started;
        let tidying = tokio::spawn(logs::keep_tidy(inner.cluster.folder.clone(), options.say));
        let server = Self { inner: Some(inner), port, passwords, tidying };
        roles::ensure(port, &server.passwords, options.throw_away).await?;
        Ok(server)
    }

    /// For the schema: the role that owns the database. That of a throw-away server may make further databases.
    #[must_use]
    pub fn owner_url(&self) -> String {
        self.url(roles::NAME, &self.passwords.owner)
    }

    /// For whatever serves and works: it may not change the schema, nor an entry of the ledger.
    #[must_use]
    pub fn application_url(&self) -> String {
        self.url(roles::APPLICATION, &self.passwords.application)
    }

    /// For reports: it only reads, and no secrets.
    #[must_use]
    pub fn reader_url(&self) -> String {
        self.url(roles::READER, &self.passwords.reader)
    }

    fn url(&self, role: &str, password: &str) -> String {
        format!("postgres://{role}:{password}@127.0.0.1:{}/{}", self.port, roles::NAME)
    }

    /// Leaves the server, and stops it when nobody else uses it. Close the pools before: what they have not committed
    /// is rolled back.
    ///
    /// # Errors
    /// When it does not stop within a minute.
    pub async fn stop(mut self) -> Result<(), Error> {
        match self.inner.take() {
            Some(inner) => patiently(|_| (), move || inner.leave()).await,
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
            && let Err(error) = inner.leave()
        {
            eprintln!("PostgreSQL was not stopped: {error}");
        }
    }
}

impl Inner {
    fn leave(self) -> Result<(), Error> {
        let folder = &self.cluster.folder;
        // Nobody joins while we find out whether we are the last.
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

/// The lock that only one starting or stopping process holds at a time.
fn locked(folder: &Folder) -> Result<File, Error> {
    let file = folder.starting()?;
    let path: PathBuf = folder.root().to_owned();
    file.lock().map_err(Error::folder(&path))?;
    Ok(file)
}

/// Runs `work` off the async threads, and says so when it takes longer than a second.
async fn patiently<T: Send + 'static>(
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
