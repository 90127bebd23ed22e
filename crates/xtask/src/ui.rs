//! Messages to the user.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// An error message that says what went wrong and what to do.
#[derive(Debug)]
pub struct Failure(String);

pub type Result<T> = std::result::Result<T, Failure>;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Adds a description of what was being done to an error.
pub trait Context<T> {
    fn context(self, doing: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, doing: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure(format!("{doing}: {error}")))
    }
}

/// Checks that were impossible on this machine. They count as passed and are listed again at the end.
static NOT_CHECKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

pub fn not_checked(what: impl fmt::Display) {
    say(format!("NOT CHECKED: {what}"));
    NOT_CHECKED.lock().unwrap_or_else(PoisonError::into_inner).push(what.to_string());
}

pub fn all_not_checked() -> Vec<String> {
    NOT_CHECKED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Prints a progress message.
pub fn say(line: impl fmt::Display) {
    eprintln!("xtask: {line}");
}
