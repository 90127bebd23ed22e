/// A database error. Nothing was changed, except possibly in the case of [`Error::OutcomeUnknown`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A wait for a connection or a lock timed out, or the disk is full. A retry may work.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database cannot be reached or is shutting down. A retry may work.
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// The connection was lost between sending COMMIT and receiving the response: the transaction was committed
    /// completely or not at all, but which of the two is unknown.
    #[error("it is unknown whether the transaction was committed")]
    OutcomeUnknown(#[source] sqlx::Error),
    /// Another offer has this code.
    #[error("the code is used by another offer")]
    CodeTaken,
    /// A stored value is not supported by this version of the program.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    #[error("the database returned an error")]
    Database(#[source] sqlx::Error),
}

/// SQLSTATEs of temporary errors: lock timeout, statement timeout, deadlock, serialization failure, too many
/// connections, full disk.
const BUSY: [&str; 6] = ["55P03", "57014", "40P01", "40001", "53300", "53100"];
/// SQLSTATEs of a server that is shutting down, has crashed, or is starting.
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
    /// Converts the error of a failed COMMIT. An error reported by the server means that the transaction was rolled
    /// back, except during a shutdown: the server may report that after the commit has reached the disk.
    pub(crate) fn of_commit(error: sqlx::Error) -> Error {
        match error {
            sqlx::Error::Database(_) if !is_going_down(&error) => error.into(),
            _ => Error::OutcomeUnknown(error),
        }
    }

    /// Whether a retry may succeed.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Error::Busy(_) | Error::Unreachable(_))
    }
}
