//! Work inside a folder that another account may write to. Everything goes by the handle of the folder, and no link is
//! followed, whoever puts one there and when: root would read, write or give away a file of somebody else.

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
/// Not blocking: something that waits for a writer may have been put where a file was.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
const WRITE: OFlags = OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// Of the owner alone.
const SECRET: Mode = Mode::RUSR.union(Mode::WUSR);

#[derive(Debug, Clone)]
pub(crate) struct Directory {
    handle: Arc<OwnedFd>,
    path: PathBuf,
}

impl Directory {
    /// The folder at `path`, which is no link itself.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let handle = openat(CWD, path, FOLDER, Mode::empty()).map_err(explained);
        let handle = handle.map_err(Error::folder(path))?;
        Ok(Self { handle: Arc::new(handle), path: path.to_owned() })
    }

    /// The account that it belongs to.
    pub(crate) fn owner(&self) -> Result<u32, Error> {
        let status = rustix::fs::fstat(&self.handle).map_err(io::Error::from);
        Ok(status.map_err(Error::folder(&self.path))?.st_uid)
    }

    /// Makes it the account's, and nobody else can look inside.
    pub(crate) fn keep_for(&self, account: Account) -> Result<(), Error> {
        let file = self.duplicate()?;
        give(&file, account).map_err(Error::folder(&self.path))?;
        file.set_permissions(Permissions::from_mode(0o700)).map_err(Error::folder(&self.path))
    }

    /// The names of what is in it.
    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        let read = || -> Result<Vec<String>, Errno> {
            let entries = Dir::read_from(&self.handle)?.collect::<Result<Vec<_>, Errno>>()?;
            let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
            Ok(names.filter(|name| name != "." && name != "..").collect())
        };
        read().map_err(io::Error::from).map_err(Error::folder(&self.path))
    }

    /// A folder in it, none when there is none.
    pub(crate) fn folder(&self, name: &str) -> Result<Option<Self>, Error> {
        let path = self.path.join(name);
        let found = openat(self.handle.as_fd(), name, FOLDER, Mode::empty());
        let handle = there(found).map_err(Error::folder(&path))?;
        Ok(handle.map(|handle| Self { handle: Arc::new(handle), path }))
    }

    /// What a file says, none when there is none.
    pub(crate) fn read(&self, name: &str) -> Result<Option<String>, Error> {
        let path = self.path.join(name);
        let read = || -> io::Result<Option<String>> {
            let Some(handle) = there(openat(self.handle.as_fd(), name, READ, Mode::empty()))? else {
                return Ok(None);
            };
            let mut text = Vec::new();
            regular(File::from(handle))?.read_to_end(&mut text)?;
            Ok(Some(String::from_utf8_lossy(&text).into_owned()))
        };
        read().map_err(Error::folder(&path))
    }

    /// Bytes of a file, none when there is none.
    pub(crate) fn size(&self, name: &str) -> Result<Option<u64>, Error> {
        let status = rustix::fs::statat(self.handle.as_fd(), name, AtFlags::SYMLINK_NOFOLLOW);
        let status = there(status).map_err(Error::folder(&self.path.join(name)))?;
        Ok(status.map(|status| u64::try_from(status.st_size).unwrap_or_default()))
    }

    /// Makes a file that only the account can read; it gets its name last, so that it is never there in part.
    pub(crate) fn keep_secret(&self, name: &str, text: &str, account: Account) -> Result<(), Error> {
        let unfinished = format!("{name}.unfinished");
        self.remove(&unfinished)?;
        let write = || -> io::Result<()> {
            let handle = openat(self.handle.as_fd(), &unfinished, WRITE | OFlags::EXCL, SECRET)?;
            let mut file = File::from(handle);
            file.write_all(text.as_bytes())?;
            give(&file, account)?;
            file.sync_all()
        };
        write().map_err(Error::folder(&self.path.join(&unfinished)))?;
        self.rename(&unfinished, name)
    }

    /// An empty file whose lock is what it is for.
    pub(crate) fn lock_file(&self, name: &str) -> Result<File, Error> {
        let handle = openat(self.handle.as_fd(), name, WRITE | OFlags::NONBLOCK, SECRET).map_err(explained);
        let file = handle.and_then(|handle| regular(File::from(handle)));
        file.map_err(Error::folder(&self.path.join(name)))
    }

    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        let renamed = renameat(self.handle.as_fd(), from, self.handle.as_fd(), to);
        renamed.map_err(io::Error::from).map_err(Error::folder(&self.path.join(to)))
    }

    /// Removes a file or a link if it is there.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Error> {
        let removed = there(unlinkat(self.handle.as_fd(), name, AtFlags::empty()));
        removed.map(|_| ()).map_err(Error::folder(&self.path.join(name)))
    }

    fn duplicate(&self) -> Result<File, Error> {
        let handle = self.handle.try_clone();
        Ok(File::from(handle.map_err(Error::folder(&self.path))?))
    }
}

fn give(file: &File, account: Account) -> io::Result<()> {
    if let Account::Other { uid, gid } = account {
        fchown(file, Some(rustix::fs::Uid::from_raw(uid)), Some(rustix::fs::Gid::from_raw(gid)))?;
    }
    Ok(())
}

fn regular(file: File) -> io::Result<File> {
    let status = file.metadata()?;
    // A second name of a file elsewhere would be as good as a link to it.
    if status.is_file() && status.nlink() == 1 {
        return Ok(file);
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "it is no plain file"))
}

fn there<T>(found: Result<T, Errno>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(explained(error)),
    }
}

fn explained(error: Errno) -> io::Error {
    match error {
        Errno::LOOP | Errno::NOTDIR => io::Error::new(
            ErrorKind::InvalidInput,
            "it is a link or no folder, and links are not followed here",
        ),
        other => other.into(),
    }
}
