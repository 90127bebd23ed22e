//! The disk that the tables are on: a file system in memory, so that it can be made full and have room again without
//! harm to the machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

pub struct Space(PathBuf);

/// What it may grow to: of the memory of the machine.
const ROOM: &str = "size=50%";
/// Between looking how much is used and leaving no more than that, some more may be.
const TRIES: u32 = 50;

impl Space {
    /// Moves the database, which nobody uses yet, to a disk of its own. Fails where none can be mounted.
    pub async fn make(postgres: &Path, url: &str) -> Result<Space, String> {
        let folder = postgres.join("space");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        run("mount", &["-t", "tmpfs", "-o", ROOM, "tmpfs", text(&folder)])?;
        let space = Space(folder);
        let reference = format!("--reference={}", postgres.join("data").display());
        run("chown", &[&reference, text(&space.0)])?;
        run("chmod", &["700", text(&space.0)])?;
        space.take_in(url).await.map_err(|error| error.to_string())?;
        Ok(space)
    }

    async fn take_in(&self, url: &str) -> Result<(), sqlx::Error> {
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

    /// No room for another page, for a while. False when there always was some.
    pub async fn fill(&self, time: Duration) -> bool {
        let is_full = (0..TRIES).any(|_| self.leave_nothing().is_ok());
        tokio::time::sleep(time).await;
        self.resize(ROOM).unwrap();
        is_full
    }

    fn leave_nothing(&self) -> Result<(), String> {
        let used = run("df", &["--output=used", "--block-size=4096", text(&self.0)])?;
        let used = String::from_utf8_lossy(&used.stdout).lines().nth(1).unwrap_or_default().trim().to_owned();
        let pages: u64 = used.parse().map_err(|_| format!("df said {used}"))?;
        self.resize(&format!("size={}", (pages + 2) * 4096))
    }

    fn resize(&self, size: &str) -> Result<(), String> {
        run("mount", &["-o", &format!("remount,{size}"), text(&self.0)]).map(drop)
    }

    /// What an interrupted run has left mounted in the folder of a PostgreSQL.
    pub fn clear(postgres: &Path) {
        let _ = run("umount", &["--lazy", text(&postgres.join("space"))]);
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        let _ = run("umount", &["--lazy", text(&self.0)]);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn run(program: &str, arguments: &[&str]) -> Result<Output, String> {
    let output = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(output) } else { Err(said) }
}
