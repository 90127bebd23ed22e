//! Helpers for the tests: a server with its database and clock, clients, and processes.

mod access;
mod client;
mod clock;
mod database;
mod described;
mod events;
mod gate;
mod lock_holder;
mod program;

pub use access::{PASSWORD, cookies, create_key, guarded_replica, guarded_world, key};
pub use client::{Client, Response, offer, send_request};
pub use clock::TestClock;
pub use database::{Database, eventually};
pub use gate::Gate;
pub use program::Program;

use std::sync::OnceLock;

use metrics_exporter_prometheus::PrometheusHandle;
use offercast_api::{Edge, Server, Serves, Settings};
use offercast_app::{App, Pool};
use offercast_worker::Worker;
use tokio::sync::watch;

/// An API with its own database and clock.
pub struct World {
    pub database: Database,
    pub app: App,
    pub clock: TestClock,
    /// Sends requests to the API.
    pub client: Client,
}

impl World {
    /// Starts the API at noon UTC on 15 June 2026.
    pub async fn new() -> World {
        let database = Database::new().await;
        let clock = TestClock::at("2026-06-15T12:00:00Z");
        let app = app(&database.application_url(), &clock, 16);
        let client = serve(app.clone());
        World { database, app, clock, client }
    }

    /// Starts another API on the same database, with separate state like that of another process.
    pub fn replica(&self) -> Client {
        serve(app(&self.database.application_url(), &self.clock, 16))
    }

    /// Starts a worker, which runs until it is stopped or dropped.
    pub fn worker(&self) -> RunningWorker {
        let worker = Worker::new(self.app.clone(), &self.database.application_url(), 4).unwrap();
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(worker.run(stopped));
        RunningWorker { stop, task }
    }

    /// Asserts that all data derived from the ledger agrees with it.
    pub async fn assert_verified(&self) {
        assert_eq!(offercast_app::verify(&self.database.application_url()).await.unwrap(), []);
    }
}

pub struct RunningWorker {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl RunningWorker {
    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }
}

pub fn app(url: &str, clock: &TestClock, connections: usize) -> App {
    App::new(Pool::new(url, connections).unwrap(), clock.clock())
}

pub fn serve(app: App) -> Client {
    serve_with(app, Edge::default())
}

/// Starts a server with these limits for clients.
pub fn serve_with(app: App, edge: Edge) -> Client {
    let listen = "127.0.0.1:0".parse().unwrap();
    let (metrics, serves) = (metrics(), Serves::Everything);
    let server = Server::bind(app, Settings { listen, web_dir: None, metrics, serves, edge }).unwrap();
    let client = Client::new(&format!("http://{}", server.address()));
    tokio::spawn(server.run());
    client
}

/// All servers of a process share one recorder.
fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| offercast_api::install_metrics().unwrap()).clone()
}
