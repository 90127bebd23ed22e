use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use actix_service::ServiceFactory;
use actix_web::body::MessageBody;
use actix_web::dev::{Server as ActixServer, ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, Error, web};
use metrics_exporter_prometheus::PrometheusHandle;
use offercast_app::App;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api_docs::{self, ApiDocs};
use crate::assets::Assets;
use crate::batch_thread::BatchThread;
use crate::edge::{self, Admission, Edge, Limits};
use crate::fallback::Routes;
use crate::{fallback, middleware, openapi, routes, sockets};

/// How long running requests may take to finish when the server stops, in seconds.
const SHUTDOWN_SECONDS: u64 = 30;

pub struct Settings {
    pub listen: SocketAddr,
    /// The folder of the built dashboard. `None`: only the API is served.
    pub web_dir: Option<PathBuf>,
    pub metrics: PrometheusHandle,
    pub serves: Serves,
    pub edge: Edge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// The API and the dashboard.
    Everything,
    /// Only health, readiness and metrics, for a process with another task, such as the worker.
    Operations,
}

/// A server that is bound to its address. [`Server::run`] starts it.
pub struct Server {
    address: SocketAddr,
    server: ActixServer,
    app: App,
    metrics: PrometheusHandle,
}

/// Stops a running server.
pub struct Stopper {
    server: ServerHandle,
    app: App,
}

impl Stopper {
    /// Stops accepting requests, ends the event streams and waits for all other running requests to finish.
    pub async fn stop(self) {
        self.app.close_subscriptions();
        self.server.stop(true).await;
    }
}

impl Server {
    pub fn bind(app: App, settings: Settings) -> std::io::Result<Server> {
        let listener = TcpListener::bind(settings.listen)?;
        let address = listener.local_addr()?;
        let edge = for_address(settings.edge, address);
        sockets::prepare(&listener, edge.deadlines.answer)?;
        let admission = Admission::new(&edge);
        let configure = match settings.serves {
            Serves::Everything => routes::configure,
            Serves::Operations => routes::configure_operations,
        };
        let document = openapi::document_of(configure);
        let shared = SharedState {
            app: web::Data::new(app.clone()),
            batches: web::Data::new(BatchThread::start()?),
            assets: web::Data::new(Assets::load(settings.web_dir.as_deref())?),
            limits: web::Data::new(Limits::new(edge)),
            metrics: web::Data::new(settings.metrics.clone()),
            docs: web::Data::new(ApiDocs::new(&document)),
            routes: web::Data::new(Routes::new(&document)),
            configure,
        };
        let builder = ActixServer::build();
        let stopping = builder.graceful_shutdown_signal();
        let factory = move || edge::serve(application(shared.clone()), admission.clone(), stopping.clone());
        let server = builder
            .listen("offercast", listener, factory)?
            .shutdown_timeout(SHUTDOWN_SECONDS)
            .disable_signals()
            .run();
        Ok(Server { address, server, app, metrics: settings.metrics })
    }

    /// The bound address. If port 0 was configured, it has the actual port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn stopper(&self) -> Stopper {
        Stopper { server: self.server.handle(), app: self.app.clone() }
    }

    pub async fn run(self) -> std::io::Result<()> {
        let aggregation = tokio::spawn(aggregate_metrics(self.metrics));
        let result = self.server.await;
        aggregation.abort();
        result
    }
}

/// How often histogram observations are aggregated.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// Aggregates histogram observations regularly. The recorder buffers every observation; without this task, the buffers
/// would grow until the next scrape.
async fn aggregate_metrics(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(METRICS_UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}

/// Adds the bound address to the accepted hosts, unless it is a wildcard such as `0.0.0.0`, and lowers the connection
/// limit to what the operating system allows.
fn for_address(mut edge: Edge, address: SocketAddr) -> Edge {
    if !address.ip().is_unspecified() {
        edge.hosts.add(address.ip());
    }
    edge.caps.connections = edge.caps.connections.min(sockets::max_connections());
    edge
}

/// State shared by the server's threads.
#[derive(Clone)]
struct SharedState {
    app: web::Data<App>,
    batches: web::Data<BatchThread>,
    assets: web::Data<Assets>,
    docs: web::Data<ApiDocs>,
    limits: web::Data<Limits>,
    metrics: web::Data<PrometheusHandle>,
    routes: web::Data<Routes>,
    configure: fn(&mut ServiceConfig<'_>),
}

fn application(
    shared: SharedState,
) -> ActixApp<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + 'static>,
        Error = Error,
        InitError = (),
    > + 'static,
> {
    let (actix, _) = ActixApp::new()
        .into_utoipa_app()
        .app_data(shared.app)
        .app_data(shared.batches)
        .app_data(shared.assets)
        .app_data(shared.docs)
        .app_data(shared.limits)
        .app_data(shared.metrics)
        .app_data(shared.routes)
        .configure(shared.configure)
        .split_for_parts();
    actix
        .configure(api_docs::configure)
        .default_service(web::to(fallback::respond))
        // The middleware wrapped last sees a request first.
        .wrap(Compress::default())
        .wrap(from_fn(middleware::around_request))
}
