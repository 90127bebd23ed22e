use std::fs;
use std::path::Path;

use crate::process::{Service, stopped_with_parent};
use crate::server::{await_ready, free_port, megabytes, peak_megabytes};
use crate::ui::{Context, Result};

/// A process that runs a role of the executable and listens on an address. It is stopped on drop.
pub struct Role {
    pub address: String,
    process: u32,
    _service: Service,
}

impl Role {
    /// Starts `api` or `worker`, with its log in the folder, and waits until it is ready.
    pub fn start(program: &Path, name: &str, database_url: &str, folder: &Path) -> Result<Role> {
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        let log = fs::File::create(folder.join(format!("{name}-{port}.log"))).context("the role's log")?;
        let mut role = stopped_with_parent(program);
        role.args([name, "--listen", &address]).env("DATABASE_URL", database_url).stderr(log);
        // The benchmark opens hundreds of dashboards from one address.
        role.env("OFFERCAST_ACCESS", "off").env("OFFERCAST_MAX_STREAMS_PER_ADDRESS", "10000");
        let mut service = Service::start(&mut role)?;
        await_ready(&mut service, port)?;
        Ok(Role { address, process: service.child().id(), _service: service })
    }

    /// Its peak memory so far.
    pub fn megabytes(&self) -> Option<f64> {
        peak_megabytes(self.process)
    }

    /// Its current memory.
    pub fn megabytes_now(&self) -> Option<f64> {
        megabytes(self.process)
    }
}
