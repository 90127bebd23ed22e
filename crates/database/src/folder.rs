//! What lies where in a data folder.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::account::Account;

/// Where root puts the database of a project that other users cannot reach (one under /root, say).
const REACHABLE: &str = "/var/lib/offercast";

/// `<data folder>/postgres`: the cluster and what belongs to it. Only the server's user can look inside.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Where it is in the data folder: `root`, or a link to it.
    entry: PathBuf,
}

impl Folder {
    /// Makes the folder. When the server's user cannot reach it, `postgres` is a link to a folder that it can reach.
    pub(crate) fn open(data_dir: &Path, name: &str, account: Account, say: fn(&str)) -> Result<Self, Error> {
        fs::create_dir_all(data_dir).map_err(Error::folder(data_dir))?;
        let data_dir = data_dir.canonicalize().map_err(Error::folder(data_dir))?;
        let entry = data_dir.join(name);
        if !account.reaches(&entry) && !entry.exists() {
            link_elsewhere(&entry, say)?;
        }
        fs::create_dir_all(&entry).map_err(Error::folder(&entry))?;
        let root = entry.canonicalize().map_err(Error::folder(&entry))?;
        fs::set_permissions(&root, Permissions::from_mode(0o700)).map_err(Error::folder(&root))?;
        account.own(&root)?;
        Ok(Self { root, entry })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// PGDATA.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.root.join("data")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("server.log")
    }

    /// The password of both roles, made at random the first time.
    pub(crate) fn password(&self, account: Account) -> Result<String, Error> {
        let path = self.password_file();
        match fs::read_to_string(&path) {
            Ok(password) => return Ok(password.trim().to_owned()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Error::folder(&path)(error)),
        }
        let password = random_hex()?;
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .map_err(Error::folder(&path))?;
        file.write_all(password.as_bytes()).map_err(Error::folder(&path))?;
        account.own(&path)?;
        Ok(password)
    }

    pub(crate) fn password_file(&self) -> PathBuf {
        self.root.join("password")
    }

    /// The file whose lock says that somebody is starting or stopping the server.
    pub(crate) fn starting(&self) -> Result<File, Error> {
        lock_file(&self.root.join("starting.lock"))
    }

    /// The file whose shared lock every user of the server holds.
    pub(crate) fn users(&self) -> Result<File, Error> {
        lock_file(&self.root.join("users.lock"))
    }

    pub(crate) fn remove(&self) -> Result<(), Error> {
        fs::remove_dir_all(&self.root).map_err(Error::folder(&self.root))?;
        if self.entry.is_symlink() {
            fs::remove_file(&self.entry).map_err(Error::folder(&self.entry))?;
        }
        Ok(())
    }
}

/// A random name, not one made from the path: whoever removes the link starts afresh.
fn link_elsewhere(root: &Path, say: fn(&str)) -> Result<(), Error> {
    let elsewhere = Path::new(REACHABLE).join(random_hex()?);
    say(&format!(
        "PostgreSQL runs as another user, who cannot enter {}: its data goes to {}",
        root.display(),
        elsewhere.display()
    ));
    fs::create_dir_all(&elsewhere).map_err(Error::folder(&elsewhere))?;
    if root.symlink_metadata().is_ok() {
        fs::remove_file(root).map_err(Error::folder(root))?;
    }
    symlink(&elsewhere, root).map_err(Error::folder(root))
}

fn lock_file(path: &Path) -> Result<File, Error> {
    OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(Error::folder(path))
}

fn random_hex() -> Result<String, Error> {
    let source = Path::new("/dev/urandom");
    let mut bytes = [0u8; 16];
    File::open(source).and_then(|mut file| file.read_exact(&mut bytes)).map_err(Error::folder(source))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
