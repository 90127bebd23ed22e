//! The environment of the measurements: a durable PostgreSQL, a worker, offers and APIs.

use std::fs;
use std::path::PathBuf;

use crate::database::Database;
use crate::places;
use crate::process::{Service, stopped_with_parent};
use crate::ui::{Context, Result, say};

use super::load;
use super::role::Role;

pub struct Setting {
    // Fields are dropped in this order: the worker must stop before its database.
    _worker: Service,
    pub database: Database,
    pub folder: PathBuf,
    program: PathBuf,
}

impl Setting {
    /// Creates the offers BENCH-0 (the hot one) to BENCH-n, with limits that are never reached.
    pub fn prepare(name: &str, offers: u32) -> Result<Setting> {
        let folder = places::scratch().join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).context(folder.display())?;
        }
        fs::create_dir_all(&folder).context(folder.display())?;
        let database = Database::durable(name)?;
        let program = places::target().join("release/offercast");
        let log = fs::File::create(folder.join("worker.log")).context("the worker's log")?;
        let mut worker = stopped_with_parent(&program);
        worker.arg("worker").env("DATABASE_URL", &database.url).stderr(log);
        let setting = Setting { _worker: Service::start(&mut worker)?, database, folder, program };
        say(format!("creating {offers} offers"));
        let api = setting.api()?;
        load::make_offers(&api.address, offers)?;
        Ok(setting)
    }

    pub fn api(&self) -> Result<Role> {
        Role::start(&self.program, "api", &self.database.url, &self.folder)
    }
}
