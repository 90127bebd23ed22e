use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::{App as ActixApp, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;
use offercast_app::App;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use crate::assets::Assets;
use crate::fallback::Routes;
use crate::{envelope, fallback, observe, openapi, routes};

/// Seconds that requests under way get to finish when the server stops.
const SHUTDOWN_SECONDS: u64 = 30;

pub struct Settings {
    pub listen: SocketAddr,
    /// The built dashboard; without it, only the API is served.
    pub web_dir: Option<PathBuf>,
    pub metrics: PrometheusHandle,
    pub serves: Serves,
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
    server: actix_web::dev::Server,
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
        let assets = web::Data::new(Assets::load(settings.web_dir.as_deref())?);
        let data = web::Data::new(app.clone());
        let metrics = web::Data::new(settings.metrics.clone());
        let configure = match settings.serves {
            Serves::Everything => routes::configure,
            Serves::Operations => routes::operations,
        };
        let document = openapi::of(configure);
        let known_routes = web::Data::new(Routes::of(&document));
        let server = HttpServer::new(move || {
            let (actix, _) = ActixApp::new()
                .into_utoipa_app()
                .app_data(data.clone())
                .app_data(assets.clone())
                .app_data(metrics.clone())
                .app_data(known_routes.clone())
                .configure(configure)
                .split_for_parts();
            actix
                .service(web::redirect("/docs", "/docs/"))
                .service(SwaggerUi::new("/docs/{_:.*}").url("/api/openapi.json", document.clone()))
                .default_service(web::to(fallback::answer))
                // The last one wrapped is the first to see a request.
                .wrap(Compress::default())
                .wrap(from_fn(envelope::wrap))
                .wrap(security_headers())
                .wrap(from_fn(observe::request))
                .wrap(TracingLogger::<observe::RequestSpan>::new())
        })
        .listen(listener)?
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

fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("x-content-type-options", "nosniff"))
        .add(("x-frame-options", "DENY"))
        .add(("referrer-policy", "same-origin"))
}
