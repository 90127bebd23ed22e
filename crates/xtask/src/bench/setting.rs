//! What the measurements run on: a durable PostgreSQL, a worker, offers, and APIs.

use std::fs;
use std::path::PathBuf;

use crate::database::Database;
use crate::places;
use crate::process::{Service, tethered};
use crate::ui::{Context, Result, say};

use super::load;
use super::role::Role;

pub struct Setting {
    // The worker goes before the database it works on.
    _worker: Service,
    pub database: Database,
    pub folder: PathBuf,
    program: PathBuf,
}

impl Setting {
    /// With offers BENCH-0 (the hot one) to BENCH-n, none of which runs out.
    pub fn prepare(name: &str, offers: u32) -> Result<Setting> {
        let folder = places::scratch().join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).context(folder.display())?;
        }
        fs::create_dir_all(&folder).context(folder.display())?;
        let database = Database::durable(name)?;
        let program = places::target().join("release/offercast");
        let log = fs::File::create(folder.join("worker.log")).context("the worker's log")?;
        let mut worker = tethered(&program);
        worker.arg("worker").env("DATABASE_URL", &database.url).stderr(log);
        let setting = Setting { _worker: Service::start(&mut worker)?, database, folder, program };
        say(format!("making {offers} offers"));
        let api = setting.api()?;
        load::make_offers(&api.address, offers)?;
        Ok(setting)
    }

    pub fn api(&self) -> Result<Role> {
        Role::start(&self.program, "api", &self.database.url, &self.folder)
    }
}
