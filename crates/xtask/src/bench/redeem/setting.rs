//! What the measurements run on: a durable PostgreSQL, a worker, offers, and APIs.

use std::fs;
use std::path::PathBuf;

use crate::database::Database;
use crate::places;
use crate::process::{Service, tethered};
use crate::server::{await_ready, free_port, peak_megabytes};
use crate::ui::{Context, Result, say};

use super::load;

pub struct Setting {
    // The worker goes before the database it works on.
    _worker: Service,
    pub database: Database,
    pub folder: PathBuf,
    program: PathBuf,
}

pub struct Api {
    pub address: String,
    process: u32,
    _service: Service,
}

impl Setting {
    /// With offers BENCH-0 (the hot one) to BENCH-n, none of which runs out.
    pub fn prepare(offers: u32) -> Result<Setting> {
        let folder = places::scratch().join("bench-redeem");
        if folder.exists() {
            fs::remove_dir_all(&folder).context(folder.display())?;
        }
        fs::create_dir_all(&folder).context(folder.display())?;
        let database = Database::durable("bench-redeem")?;
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

    pub fn api(&self) -> Result<Api> {
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        let log = fs::File::create(self.folder.join(format!("api-{port}.log"))).context("the API's log")?;
        let mut api = tethered(&self.program);
        api.args(["api", "--listen", &address]).env("DATABASE_URL", &self.database.url).stderr(log);
        let mut service = Service::start(&mut api)?;
        await_ready(&mut service, port)?;
        Ok(Api { address, process: service.child().id(), _service: service })
    }
}

impl Api {
    /// The most memory that it has had.
    pub fn megabytes(&self) -> Option<f64> {
        peak_megabytes(self.process)
    }
}
