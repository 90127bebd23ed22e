//! PostgreSQL refuses to run as root, so root starts it as another user.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::Error;

/// The user that the server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// The current user.
    Own,
    /// Another user, because the current one is root.
    Other { uid: u32, gid: u32 },
}

impl Account {
    /// Returns the current user; for root, the first of `postgres` and `nobody` that exists.
    pub(crate) fn choose() -> Result<Self, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Own);
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Some(Self::Other { uid: id("-u", name)?, gid: id("-g", name)? }))
            .ok_or(Error::NoAccount)
    }

    /// Makes `command` run as this account.
    pub(crate) fn apply(self, command: &mut Command) {
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
    }

    /// The user id.
    pub(crate) fn uid(self) -> u32 {
        match self {
            Self::Own => rustix::process::geteuid().as_raw(),
            Self::Other { uid, .. } => uid,
        }
    }

    /// Whether this account may traverse every folder above `path`.
    pub(crate) fn reaches(self, path: &Path) -> bool {
        use std::os::unix::fs::PermissionsExt;
        const OTHERS_MAY_TRAVERSE: u32 = 0o001;
        self == Self::Own
            || path.ancestors().skip(1).all(|folder| {
                folder.metadata().map_or(true, |m| m.permissions().mode() & OTHERS_MAY_TRAVERSE != 0)
            })
    }
}

fn id(what: &str, user: &str) -> Option<u32> {
    let output = Command::new("id").args([what, user]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
