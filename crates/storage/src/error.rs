/// Why the database did not do what was asked. Nothing was changed, but for [`Error::OutcomeUnknown`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection, or no lock, was free in time. A retry may work.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database cannot be reached or is shutting down. A retry may work.
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// The connection was lost between sending COMMIT and hearing that it was done: the transaction stands
    /// as a whole or not at all, and which of the two is not known.
    #[error("whether the transaction was committed is not known")]
    OutcomeUnknown(#[source] sqlx::Error),
    /// Another offer has this code.
    #[error("the code is taken")]
    CodeTaken,
    /// A stored value that this program cannot read.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    #[error("the database refused")]
    Database(#[source] sqlx::Error),
}

/// SQLSTATEs that mean "not now": lock, statement and deadlock time-outs, too many connections, no room on the disk.
const BUSY: [&str; 6] = ["55P03", "57014", "40P01", "40001", "53300", "53100"];
/// Shutdown, crash and start-up of the server.
const GOING_DOWN: [&str; 3] = ["57P01", "57P02", "57P03"];

pub(crate) fn is_going_down(error: &sqlx::Error) -> bool {
    let state = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    state.is_some_and(|state| GOING_DOWN.contains(&state.as_ref()))
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            _ if is_going_down(&error) => Error::Unreachable(error),
            sqlx::Error::Database(cause) => {
                let state = cause.code().unwrap_or_default().into_owned();
                if cause.constraint() == Some("offers_code_key") {
                    Error::CodeTaken
                } else if BUSY.contains(&state.as_str()) {
                    Error::Busy(cause.message().to_owned())
                } else {
                    Error::Database(error)
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => Error::Unreachable(error),
            _ => Error::Database(error),
        }
    }
}

impl Error {
    /// What a failed COMMIT means. An error that the server itself reports has undone the transaction; a
    /// server that is going down may say so after the commit has reached the disk.
    pub(crate) fn of_commit(error: sqlx::Error) -> Error {
        match error {
            sqlx::Error::Database(_) if !is_going_down(&error) => error.into(),
            _ => Error::OutcomeUnknown(error),
        }
    }

    /// Whether the same call may work in a moment.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Error::Busy(_) | Error::Unreachable(_))
    }
}
