use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use actix_service::ServiceFactory;
use actix_web::body::MessageBody;
use actix_web::dev::{Server as ActixServer, ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::{App as ActixApp, Error, web};
use metrics_exporter_prometheus::PrometheusHandle;
use offercast_app::App;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::assets::Assets;
use crate::batch_thread::BatchThread;
use crate::docs::{self, Docs};
use crate::edge::{self, Admission, Edge, Limits};
use crate::fallback::Routes;
use crate::{envelope, fallback, observe, openapi, routes, sockets};

/// Seconds that requests under way get to finish when the server stops.
const SHUTDOWN_SECONDS: u64 = 30;

pub struct Settings {
    pub listen: SocketAddr,
    /// The built dashboard; without it, only the API is served.
    pub web_dir: Option<PathBuf>,
    pub metrics: PrometheusHandle,
    pub serves: Serves,
    pub edge: Edge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// The API and the dashboard.
    Everything,
    /// Health, readiness and metrics: of a process that does something else.
    Operations,
}

/// A server that is bound and listens once it is run.
pub struct Server {
    address: SocketAddr,
    server: ActixServer,
    app: App,
    metrics: PrometheusHandle,
}

/// Stops a server that runs.
pub struct Stopper {
    server: ServerHandle,
    app: App,
}

impl Stopper {
    /// Refuses new requests, ends the streams of live figures and lets the other requests under way finish.
    pub async fn stop(self) {
        self.app.end_watches();
        self.server.stop(true).await;
    }
}

impl Server {
    pub fn bind(app: App, settings: Settings) -> std::io::Result<Server> {
        let listener = TcpListener::bind(settings.listen)?;
        let address = listener.local_addr()?;
        let edge = with_place(settings.edge, address);
        sockets::prepare(&listener, edge.deadlines.answer)?;
        let admission = Admission::new(&edge);
        let configure = match settings.serves {
            Serves::Everything => routes::configure,
            Serves::Operations => routes::operations,
        };
        let document = openapi::of(configure);
        let shared = Shared {
            app: web::Data::new(app.clone()),
            batches: web::Data::new(BatchThread::start()?),
            assets: web::Data::new(Assets::load(settings.web_dir.as_deref())?),
            limits: web::Data::new(Limits::new(edge)),
            metrics: web::Data::new(settings.metrics.clone()),
            docs: web::Data::new(Docs::of(&document)),
            routes: web::Data::new(Routes::of(&document)),
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

    /// Where it listens, also when port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn stopper(&self) -> Stopper {
        Stopper { server: self.server.handle(), app: self.app.clone() }
    }

    pub async fn run(self) -> std::io::Result<()> {
        let upkeep = tokio::spawn(keep_up(self.metrics));
        let ended = self.server.await;
        upkeep.abort();
        ended
    }
}

/// How often measured times are summed up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Times are kept one by one until they are summed up: without this, until somebody asks for the metrics.
async fn keep_up(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}

/// The address that is listened on is a host, too, where it is one; connections are as many as the system has room for.
fn with_place(mut edge: Edge, address: SocketAddr) -> Edge {
    if !address.ip().is_unspecified() {
        edge.hosts.add(address.ip());
    }
    edge.caps.connections = edge.caps.connections.min(sockets::most_connections());
    edge
}

/// What the threads of a server have in common.
#[derive(Clone)]
struct Shared {
    app: web::Data<App>,
    batches: web::Data<BatchThread>,
    assets: web::Data<Assets>,
    docs: web::Data<Docs>,
    limits: web::Data<Limits>,
    metrics: web::Data<PrometheusHandle>,
    routes: web::Data<Routes>,
    configure: fn(&mut ServiceConfig<'_>),
}

fn application(
    shared: Shared,
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
        .configure(docs::configure)
        .default_service(web::to(fallback::answer))
        // The last one wrapped is the first to see a request.
        .wrap(Compress::default())
        .wrap(from_fn(edge::guard))
        .wrap(from_fn(envelope::wrap))
        .wrap(from_fn(edge::pace))
        .wrap(security_headers())
        .wrap(from_fn(observe::request))
        .wrap(TracingLogger::<observe::RequestSpan>::new())
}

fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("x-content-type-options", "nosniff"))
        .add(("x-frame-options", "DENY"))
        .add(("referrer-policy", "same-origin"))
        // Of what is not meant to be a page; pages bring their own.
        .add(("content-security-policy", "default-src 'none'; frame-ancestors 'none'"))
}
