use std::fs;
use std::path::Path;

use crate::process::{Service, tethered};
use crate::server::{await_ready, free_port, megabytes, peak_megabytes};
use crate::ui::{Context, Result};

/// A role of the executable as a process of its own, that answers on an address; gone when this is dropped.
pub struct Role {
    pub address: String,
    process: u32,
    _service: Service,
}

impl Role {
    /// `api` or `worker`, ready for requests; it logs into the folder.
    pub fn start(program: &Path, name: &str, database_url: &str, folder: &Path) -> Result<Role> {
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        let log = fs::File::create(folder.join(format!("{name}-{port}.log"))).context("the role's log")?;
        let mut role = tethered(program);
        role.args([name, "--listen", &address]).env("DATABASE_URL", database_url).stderr(log);
        // Who measures is one client, with as many dashboards as a house has.
        role.env("OFFERCAST_MAX_STREAMS_PER_ADDRESS", "10000");
        let mut service = Service::start(&mut role)?;
        await_ready(&mut service, port)?;
        Ok(Role { address, process: service.child().id(), _service: service })
    }

    /// The most memory that it has had.
    pub fn megabytes(&self) -> Option<f64> {
        peak_megabytes(self.process)
    }

    /// The memory that it has now.
    pub fn megabytes_now(&self) -> Option<f64> {
        megabytes(self.process)
    }
}
