//! What lies where in a data folder.

use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::account::Account;
use crate::directory::Directory;

/// Where root puts the database of a project that other users cannot reach (one under /root, say).
const REACHABLE: &str = "/var/lib/offercast";

/// `<data folder>/postgres`: the cluster and what belongs to it. Only the server's user can look inside.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Where it is in the data folder: `root`, or a link to it.
    entry: PathBuf,
    inside: Directory,
}

impl Folder {
    /// Makes the folder. When the server's user cannot reach it, `postgres` is a link to a folder that it can reach.
    pub(crate) fn open(data_dir: &Path, name: &str, account: Account, say: fn(&str)) -> Result<Self, Error> {
        make_folders(data_dir, account)?;
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

    /// For files in it.
    pub(crate) fn inside(&self) -> &Directory {
        &self.inside
    }

    /// PGDATA.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.root.join("data")
    }

    /// A file of PGDATA, none when it cannot be read.
    pub(crate) fn cluster_file(&self, name: &str) -> Option<String> {
        self.inside.folder("data").ok()??.read(name).ok()?
    }

    /// A password, made at random the first time.
    pub(crate) fn password(&self, file: &str, account: Account) -> Result<String, Error> {
        if let Some(password) = self.inside.read(file)? {
            return Ok(password.trim().to_owned());
        }
        let password = random_hex()?;
        self.inside.keep_secret(file, &password, account)?;
        Ok(password)
    }

    /// The file whose lock says that somebody is starting or stopping the server.
    pub(crate) fn starting(&self) -> Result<File, Error> {
        self.inside.lock_file("starting.lock")
    }

    /// The file whose shared lock every user of the server holds.
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

/// For nobody else's eyes; the server's user, if it is not us, has to pass through. A folder that is there stays as it is.
fn make_folders(data_dir: &Path, account: Account) -> Result<(), Error> {
    let mode = if account == Account::Own { 0o700 } else { 0o711 };
    DirBuilder::new().recursive(true).mode(mode).create(data_dir).map_err(Error::folder(data_dir))
}

/// A link is followed only if it was made by us or by root.
fn refuse_foreign_link(path: &Path) -> Result<(), Error> {
    let Ok(status) = path.symlink_metadata() else { return Ok(()) };
    let ours = [0, rustix::process::geteuid().as_raw()].contains(&status.uid());
    if status.is_symlink() && !ours {
        return Err(Error::ForeignLink { path: path.to_owned(), owner: status.uid() });
    }
    Ok(())
}

/// The folder itself, made if it is not there. One that is there is used if it was made for this account: giving away
/// whatever lies there would give away what somebody else has put there.
fn open_root(root: &Path, account: Account) -> Result<Directory, Error> {
    match DirBuilder::new().mode(0o700).create(root) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(Error::folder(root)(error)),
        _ => {}
    }
    let inside = Directory::open(root)?;
    let owner = inside.owner()?;
    let expected = account.uid();
    // Made a moment ago, or by a start that was interrupted then.
    let fresh = owner == rustix::process::geteuid().as_raw() && inside.names()?.is_empty();
    if owner != expected && !fresh {
        return Err(Error::ForeignFolder { path: root.to_owned(), owner, expected });
    }
    inside.keep_for(account)?;
    Ok(inside)
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

    /// The number of an account that is not ours.
    const SOMEBODY: u32 = 12_345;

    fn data_dir(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("offercast-folder-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        path
    }

    fn open(data_dir: &Path, account: Account) -> Result<Folder, Error> {
        Folder::open(data_dir, "postgres", account, |_| ())
    }

    fn mode(path: &Path) -> u32 {
        path.symlink_metadata().expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_for_nobody_else() {
        let data_dir = data_dir("modes");
        let folder = open(&data_dir, Account::Own).expect("a new folder");
        let password = folder.password("secret", Account::Own).expect("a new password");
        assert_eq!(password.len(), 32);
        assert_eq!(folder.password("secret", Account::Own).expect("it is read again"), password);
        folder.starting().expect("a lock");
        let root = data_dir.join("postgres");
        assert_eq!((mode(&data_dir), mode(&root)), (0o700, 0o700));
        assert_eq!((mode(&root.join("secret")), mode(&root.join("starting.lock"))), (0o600, 0o600));
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }

    #[test]
    fn no_file_in_it_is_followed_elsewhere() {
        let data_dir = data_dir("files");
        let folder = open(&data_dir, Account::Own).expect("a new folder");
        let elsewhere = data_dir.join("elsewhere");
        fs::write(&elsewhere, "of somebody else").expect("a file");
        let root = data_dir.join("postgres");
        for name in ["secret", "starting.lock", "data"] {
            symlink(&elsewhere, root.join(name)).expect("a link");
        }
        assert!(folder.password("secret", Account::Own).is_err());
        assert!(folder.starting().is_err());
        assert_eq!(folder.cluster_file("PG_VERSION"), None);
        // A second name of the same file is no better.
        fs::hard_link(&elsewhere, root.join("users.lock")).expect("a second name");
        assert!(folder.users().is_err());
        // What is in the way of a new secret goes, and not what it leads to.
        symlink(&elsewhere, root.join("fresh.unfinished")).expect("a link");
        folder.password("fresh", Account::Own).expect("a new password");
        assert_eq!(fs::read_to_string(&elsewhere).expect("it is still there"), "of somebody else");
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }

    #[test]
    fn a_folder_that_was_not_made_for_the_account_is_not_given_to_it() {
        let data_dir = data_dir("foreign");
        let elsewhere = data_dir.join("elsewhere");
        fs::create_dir_all(elsewhere.join("important")).expect("a folder");
        fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o755)).expect("its mode");
        symlink(&elsewhere, data_dir.join("postgres")).expect("a link");
        let refused = open(&data_dir, Account::Other { uid: SOMEBODY, gid: SOMEBODY });
        assert!(matches!(refused, Err(Error::ForeignFolder { expected: SOMEBODY, .. })), "{refused:?}");
        assert_eq!(mode(&elsewhere), 0o755);
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }

    #[test]
    fn a_link_that_somebody_else_made_is_not_followed() {
        if !rustix::process::geteuid().is_root() {
            eprintln!("not tried: only root can make a link for somebody else");
            return;
        }
        let data_dir = data_dir("link");
        let elsewhere = data_dir.join("elsewhere");
        fs::create_dir_all(&elsewhere).expect("a folder");
        let link = data_dir.join("postgres");
        symlink(&elsewhere, &link).expect("a link");
        lchown(&link, Some(SOMEBODY), None).expect("root may give it away");
        for account in [Account::Own, Account::Other { uid: SOMEBODY, gid: SOMEBODY }] {
            let refused = open(&data_dir, account);
            assert!(matches!(refused, Err(Error::ForeignLink { owner: SOMEBODY, .. })), "{refused:?}");
        }
        fs::remove_dir_all(data_dir).expect("it can be removed");
    }
}
