//! File operations in a folder that another account may write to. All of them go through a handle of the folder and
//! never follow links. Otherwise a link placed there, at any time, could make root read, write or hand over another
//! user's file.

use std::fs::{File, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags, fchown, openat, renameat, unlinkat};
use rustix::io::Errno;

use crate::Error;
use crate::account::Account;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// Non-blocking, because the file may have been replaced by a FIFO that waits for a writer.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
const WRITE: OFlags = OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// Readable and writable by the owner only.
const SECRET: Mode = Mode::RUSR.union(Mode::WUSR);

#[derive(Debug, Clone)]
pub(crate) struct Directory {
    handle: Arc<OwnedFd>,
    path: PathBuf,
}

impl Directory {
    /// Opens the folder at `path`, which must not be a link itself.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let handle = openat(CWD, path, FOLDER, Mode::empty()).map_err(explain);
        let handle = handle.map_err(Error::folder(path))?;
        Ok(Self { handle: Arc::new(handle), path: path.to_owned() })
    }

    /// The user id of the owner.
    pub(crate) fn owner(&self) -> Result<u32, Error> {
        let status = rustix::fs::fstat(&self.handle).map_err(io::Error::from);
        Ok(status.map_err(Error::folder(&self.path))?.st_uid)
    }

    /// Makes the account its owner and denies access to everybody else.
    pub(crate) fn restrict_to(&self, account: Account) -> Result<(), Error> {
        let file = self.duplicate()?;
        change_owner(&file, account).map_err(Error::folder(&self.path))?;
        file.set_permissions(Permissions::from_mode(0o700)).map_err(Error::folder(&self.path))
    }

    /// The names of its entries.
    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        let read = || -> Result<Vec<String>, Errno> {
            let entries = Dir::read_from(&self.handle)?.collect::<Result<Vec<_>, Errno>>()?;
            let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
            Ok(names.filter(|name| name != "." && name != "..").collect())
        };
        read().map_err(io::Error::from).map_err(Error::folder(&self.path))
    }

    /// Opens a folder in it; `None` if it does not exist.
    pub(crate) fn folder(&self, name: &str) -> Result<Option<Self>, Error> {
        let path = self.path.join(name);
        let found = openat(self.handle.as_fd(), name, FOLDER, Mode::empty());
        let handle = if_exists(found).map_err(Error::folder(&path))?;
        Ok(handle.map(|handle| Self { handle: Arc::new(handle), path }))
    }

    /// Reads a file; `None` if it does not exist.
    pub(crate) fn read(&self, name: &str) -> Result<Option<String>, Error> {
        let path = self.path.join(name);
        let read = || -> io::Result<Option<String>> {
            let Some(handle) = if_exists(openat(self.handle.as_fd(), name, READ, Mode::empty()))? else {
                return Ok(None);
            };
            let mut text = Vec::new();
            regular(File::from(handle))?.read_to_end(&mut text)?;
            Ok(Some(String::from_utf8_lossy(&text).into_owned()))
        };
        read().map_err(Error::folder(&path))
    }

    /// The size of a file in bytes; `None` if it does not exist.
    pub(crate) fn size(&self, name: &str) -> Result<Option<u64>, Error> {
        let status = rustix::fs::statat(self.handle.as_fd(), name, AtFlags::SYMLINK_NOFOLLOW);
        let status = if_exists(status).map_err(Error::folder(&self.path.join(name)))?;
        Ok(status.map(|status| u64::try_from(status.st_size).unwrap_or_default()))
    }

    /// Writes a file that only the account can read. It gets its final name last, so it is never seen half-written.
    pub(crate) fn write_secret(&self, name: &str, text: &str, account: Account) -> Result<(), Error> {
        let unfinished = format!("{name}.unfinished");
        self.remove(&unfinished)?;
        let write = || -> io::Result<()> {
            let handle = openat(self.handle.as_fd(), &unfinished, WRITE | OFlags::EXCL, SECRET)?;
            let mut file = File::from(handle);
            file.write_all(text.as_bytes())?;
            change_owner(&file, account)?;
            file.sync_all()
        };
        write().map_err(Error::folder(&self.path.join(&unfinished)))?;
        self.rename(&unfinished, name)
    }

    /// Opens or creates an empty file that is used only for locking.
    pub(crate) fn lock_file(&self, name: &str) -> Result<File, Error> {
        let handle = openat(self.handle.as_fd(), name, WRITE | OFlags::NONBLOCK, SECRET).map_err(explain);
        let file = handle.and_then(|handle| regular(File::from(handle)));
        file.map_err(Error::folder(&self.path.join(name)))
    }

    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        let renamed = renameat(self.handle.as_fd(), from, self.handle.as_fd(), to);
        renamed.map_err(io::Error::from).map_err(Error::folder(&self.path.join(to)))
    }

    /// Removes a file or a link if it exists.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Error> {
        let removed = if_exists(unlinkat(self.handle.as_fd(), name, AtFlags::empty()));
        removed.map(|_| ()).map_err(Error::folder(&self.path.join(name)))
    }

    fn duplicate(&self) -> Result<File, Error> {
        let handle = self.handle.try_clone();
        Ok(File::from(handle.map_err(Error::folder(&self.path))?))
    }
}

fn change_owner(file: &File, account: Account) -> io::Result<()> {
    if let Account::Other { uid, gid } = account {
        fchown(file, Some(rustix::fs::Uid::from_raw(uid)), Some(rustix::fs::Gid::from_raw(gid)))?;
    }
    Ok(())
}

/// Fails unless it is a regular file with one name.
fn regular(file: File) -> io::Result<File> {
    let status = file.metadata()?;
    // A hard link to a file elsewhere is as dangerous as a symbolic link.
    if status.is_file() && status.nlink() == 1 {
        return Ok(file);
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file with a single name"))
}

fn if_exists<T>(found: Result<T, Errno>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(explain(error)),
    }
}

fn explain(error: Errno) -> io::Error {
    match error {
        Errno::LOOP | Errno::NOTDIR => io::Error::new(
            ErrorKind::InvalidInput,
            "it is a link, which is not followed here, or not of the expected kind",
        ),
        other => other.into(),
    }
}
