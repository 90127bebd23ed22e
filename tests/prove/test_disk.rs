//! A disk for the tables that can be made full and empty again without affecting the machine: a file system in memory.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

pub struct TestDisk(PathBuf);

/// The usual size, as a share of the machine's memory.
const NORMAL_SIZE: &str = "size=50%";
/// Shrinking is repeated, because more may be written between reading the used size and shrinking to it.
const TRIES: u32 = 50;

impl TestDisk {
    /// Mounts the disk and moves the database to it, which must not be in use yet. Fails if no disk can be mounted.
    pub async fn mount(postgres: &Path, url: &str) -> Result<TestDisk, String> {
        let folder = postgres.join("space");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        run("mount", &["-t", "tmpfs", "-o", NORMAL_SIZE, "tmpfs", text(&folder)])?;
        let disk = TestDisk(folder);
        let reference = format!("--reference={}", postgres.join("data").display());
        run("chown", &[&reference, text(&disk.0)])?;
        run("chmod", &["700", text(&disk.0)])?;
        disk.move_database(url).await.map_err(|error| error.to_string())?;
        Ok(disk)
    }

    async fn move_database(&self, url: &str) -> Result<(), sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.superuser(url)?).await?;
        let tablespace = format!("create tablespace space location '{}'", self.0.display());
        sqlx::raw_sql(AssertSqlSafe(tablespace)).execute(&mut connection).await?;
        sqlx::raw_sql("alter database offercast set tablespace space").execute(&mut connection).await?;
        connection.close().await
    }

    fn superuser(&self, url: &str) -> Result<PgConnectOptions, sqlx::Error> {
        let file = self.0.with_file_name("superuser.password");
        let password = std::fs::read_to_string(file)?;
        Ok(PgConnectOptions::from_str(url)?.username("postgres").password(&password).database("postgres"))
    }

    /// Makes the disk full for this time. Returns false if that failed.
    pub async fn fill(&self, time: Duration) -> bool {
        let is_full = (0..TRIES).any(|_| self.shrink().is_ok());
        tokio::time::sleep(time).await;
        self.resize(NORMAL_SIZE).unwrap();
        is_full
    }

    /// Shrinks the disk to the used size.
    fn shrink(&self) -> Result<(), String> {
        let used = run("df", &["--output=used", "--block-size=4096", text(&self.0)])?;
        let used = String::from_utf8_lossy(&used.stdout).lines().nth(1).unwrap_or_default().trim().to_owned();
        let pages: u64 = used.parse().map_err(|_| format!("unexpected output of df: {used}"))?;
        self.resize(&format!("size={}", (pages + 2) * 4096))
    }

    fn resize(&self, size: &str) -> Result<(), String> {
        run("mount", &["-o", &format!("remount,{size}"), text(&self.0)]).map(drop)
    }

    /// Unmounts the disk that an interrupted run left in PostgreSQL's folder.
    pub fn clear(postgres: &Path) {
        let _ = run("umount", &["--lazy", text(&postgres.join("space"))]);
    }
}

impl Drop for TestDisk {
    fn drop(&mut self) {
        let _ = run("umount", &["--lazy", text(&self.0)]);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn run(program: &str, arguments: &[&str]) -> Result<Output, String> {
    let output = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    let error = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(output) } else { Err(error) }
}
