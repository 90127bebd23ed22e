//! The layout of a data folder.

use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::account::Account;
use crate::directory::Directory;

/// Where root puts the database of a project whose folder other users cannot enter (under /root, for example).
const REACHABLE: &str = "/var/lib/offercast";

/// `<data folder>/postgres`: the cluster with its passwords, locks and logs. Only the server's user can enter it.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Its path in the data folder: `root`, or a link to it.
    entry: PathBuf,
    inside: Directory,
}

impl Folder {
    /// Opens the folder, or creates it. If the server's user cannot enter it there, it becomes a link to a folder that
    /// the user can enter.
    pub(crate) fn open(data_dir: &Path, name: &str, account: Account, say: fn(&str)) -> Result<Self, Error> {
        create_data_dir(data_dir, account)?;
        refuse_foreign_link(data_dir)?;
        let data_dir = data_dir.canonicalize().map_err(Error::folder(data_dir))?;
        let entry = data_dir.join(name);
        refuse_foreign_link(&entry)?;
        if !account.reaches(&entry) && !entry.exists() {
            link_elsewhere(&entry, say)?;
        }
        let root = if entry.is_symlink() {
            entry.canonicalize().map_err(Error::folder(&entry))?
        } else {
            entry.clone()
        };
        let inside = open_root(&root, account)?;
        Ok(Self { root, entry, inside })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The handle for its files.
    pub(crate) fn inside(&self) -> &Directory {
        &self.inside
    }

    /// PGDATA.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Reads a file of PGDATA; `None` if that fails.
    pub(crate) fn cluster_file(&self, name: &str) -> Option<String> {
        self.inside.folder("data").ok()??.read(name).ok()?
    }

    /// Reads a password; creates a random one if the file does not exist.
    pub(crate) fn password(&self, file: &str, account: Account) -> Result<String, Error> {
        if let Some(password) = self.inside.read(file)? {
            return Ok(password.trim().to_owned());
        }
        let password = random_hex()?;
        self.inside.write_secret(file, &password, account)?;
        Ok(password)
    }

    /// The file that a process locks while it starts or stops the server.
    pub(crate) fn starting(&self) -> Result<File, Error> {
        self.inside.lock_file("starting.lock")
    }

    /// The file that every process using the server holds a shared lock on.
    pub(crate) fn users(&self) -> Result<File, Error> {
        self.inside.lock_file("users.lock")
    }

    pub(crate) fn remove(&self) -> Result<(), Error> {
        fs::remove_dir_all(&self.root).map_err(Error::folder(&self.root))?;
        if self.entry.is_symlink() {
            fs::remove_file(&self.entry).map_err(Error::folder(&self.entry))?;
        }
        Ok(())
    }
}

/// Creates the data folder, closed to other users; if the server runs as another user, others may traverse it. An
/// existing folder keeps its mode.
fn create_data_dir(data_dir: &Path, account: Account) -> Result<(), Error> {
    let mode = if account == Account::Own { 0o700 } else { 0o711 };
    DirBuilder::new().recursive(true).mode(mode).create(data_dir).map_err(Error::folder(data_dir))
}

/// Fails for a link, unless it is owned by the current user or by root.
fn refuse_foreign_link(path: &Path) -> Result<(), Error> {
    let Ok(status) = path.symlink_metadata() else { return Ok(()) };
    let ours = [0, rustix::process::geteuid().as_raw()].contains(&status.uid());
    if status.is_symlink() && !ours {
        return Err(Error::ForeignLink { path: path.to_owned(), owner: status.uid() });
    }
    Ok(())
}

/// Opens the folder itself, or creates it. An existing folder must already belong to the account: changing its owner
/// would hand over files that another user may have put there.
fn open_root(root: &Path, account: Account) -> Result<Directory, Error> {
    match DirBuilder::new().mode(0o700).create(root) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(Error::folder(root)(error)),
        _ => {}
    }
    let inside = Directory::open(root)?;
    let owner = inside.owner()?;
    let expected = account.uid();
    // Just created, or left by a start that was interrupted at this point.
    let fresh = owner == rustix::process::geteuid().as_raw() && inside.names()?.is_empty();
    if owner != expected && !fresh {
        return Err(Error::ForeignFolder { path: root.to_owned(), owner, expected });
    }
    inside.restrict_to(account)?;
    Ok(inside)
}

/// Creates a folder with a random name and a link to it. The name does not depend on the path, so a user who removes
/// the link gets a new database.
fn link_elsewhere(root: &Path, say: fn(&str)) -> Result<(), Error> {
    let elsewhere = Path::new(REACHABLE).join(random_hex()?);
    say(&format!(
        "PostgreSQL runs as another user, who cannot enter {}; its data is stored in {}",
        root.display(),
        elsewhere.display()
    ));
    fs::create_dir_all(&elsewhere).map_err(Error::folder(&elsewhere))?;
    if root.symlink_metadata().is_ok() {
        fs::remove_file(root).map_err(Error::folder(root))?;
    }
    symlink(&elsewhere, root).map_err(Error::folder(root))
}

fn random_hex() -> Result<String, Error> {
    let source = Path::new("/dev/urandom");
    let mut bytes = [0u8; 16];
    File::open(source).and_then(|mut file| file.read_exact(&mut bytes)).map_err(Error::folder(source))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, lchown};

    use super::*;

    /// The uid of another user.
    const OTHER: u32 = 12_345;

    fn data_dir(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("offercast-folder-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        path
    }

    fn open(data_dir: &Path, account: Account) -> Result<Folder, Error> {
        Folder::open(data_dir, "postgres", account, |_| ())
    }

    fn mode(path: &Path) -> u32 {
        path.symlink_metadata().expect("it exists").permissions().mode() & 0o777
    }

    #[test]
    fn new_files_and_folders_are_closed_to_other_users() {
        let data_dir = data_dir("modes");
        let folder = open(&data_dir, Account::Own).expect("a new folder");
        let password = folder.password("secret", Account::Own).expect("a new password");
        assert_eq!(password.len(), 32);
        assert_eq!(folder.password("secret", Account::Own).expect("the same password"), password);
        folder.starting().expect("a lock");
        let root = data_dir.join("postgres");
        assert_eq!((mode(&data_dir), mode(&root)), (0o700, 0o700));
        assert_eq!((mode(&root.join("secret")), mode(&root.join("starting.lock"))), (0o600, 0o600));
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }

    #[test]
    fn links_inside_the_folder_are_not_followed() {
        let data_dir = data_dir("files");
        let folder = open(&data_dir, Account::Own).expect("a new folder");
        let elsewhere = data_dir.join("elsewhere");
        fs::write(&elsewhere, "another user's file").expect("a file");
        let root = data_dir.join("postgres");
        for name in ["secret", "starting.lock", "data"] {
            symlink(&elsewhere, root.join(name)).expect("a link");
        }
        assert!(folder.password("secret", Account::Own).is_err());
        assert!(folder.starting().is_err());
        assert_eq!(folder.cluster_file("PG_VERSION"), None);
        // Hard links are refused too.
        fs::hard_link(&elsewhere, root.join("users.lock")).expect("a hard link");
        assert!(folder.users().is_err());
        // A link in place of the temporary file is removed, its target is not changed.
        symlink(&elsewhere, root.join("fresh.unfinished")).expect("a link");
        folder.password("fresh", Account::Own).expect("a new password");
        assert_eq!(fs::read_to_string(&elsewhere).expect("it still exists"), "another user's file");
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }

    #[test]
    fn an_existing_folder_of_another_owner_is_refused_and_not_changed() {
        let data_dir = data_dir("foreign");
        let elsewhere = data_dir.join("elsewhere");
        fs::create_dir_all(elsewhere.join("important")).expect("a folder");
        fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o755)).expect("its mode");
        symlink(&elsewhere, data_dir.join("postgres")).expect("a link");
        let refused = open(&data_dir, Account::Other { uid: OTHER, gid: OTHER });
        assert!(matches!(refused, Err(Error::ForeignFolder { expected: OTHER, .. })), "{refused:?}");
        assert_eq!(mode(&elsewhere), 0o755);
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }

    #[test]
    fn a_link_of_another_user_is_not_followed() {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: only root can create a link that another user owns");
            return;
        }
        let data_dir = data_dir("link");
        let elsewhere = data_dir.join("elsewhere");
        fs::create_dir_all(&elsewhere).expect("a folder");
        let link = data_dir.join("postgres");
        symlink(&elsewhere, &link).expect("a link");
        lchown(&link, Some(OTHER), None).expect("root may change its owner");
        for account in [Account::Own, Account::Other { uid: OTHER, gid: OTHER }] {
            let refused = open(&data_dir, account);
            assert!(matches!(refused, Err(Error::ForeignLink { owner: OTHER, .. })), "{refused:?}");
        }
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }
}
