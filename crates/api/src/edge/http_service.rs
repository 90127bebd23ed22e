//! The HTTP/1 service over connections with timeouts.

use std::future::ready;
use std::net::SocketAddr;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_server::GracefulShutdownSignal;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, ServiceRequest, ServiceResponse};
use actix_web::http::KeepAlive;
use actix_web::rt::net::TcpStream;
use actix_web::{App, Error};

use super::connection::{Admission, TimedStream};
use crate::envelope::with_causes;

/// How long the rest of an unread body is still received after the response, so that the client can read the response
/// before the connection closes.
const DISCONNECT: Duration = Duration::from_secs(1);

/// Replaces actix-web's `HttpServer`, to accept connections as [`TimedStream`]s. HTTP/1 only; HTTP/2 without TLS is not
/// supported.
pub fn serve<T, B>(
    app: App<T>,
    admission: Admission,
    stopping: GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    T::Future: 'static,
    B: MessageBody + 'static,
{
    let app = app.into_factory().map_err(|error: Error| error.error_response());
    let http = HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        // TimedStream has the timeouts.
        .keep_alive(KeepAlive::Os)
        .client_request_timeout(Duration::ZERO)
        .client_disconnect_timeout(DISCONNECT)
        .on_connect_ext(|stream: &TimedStream, data| {
            data.insert(stream.connection());
        })
        .h1(map_config(app, |()| AppConfig::default()));
    fn_service(move |stream: TcpStream| ready(admit(&admission, stream))).and_then(http).map_err(logged)
}

fn admit(
    admission: &Admission,
    stream: TcpStream,
) -> Result<(TimedStream, Option<SocketAddr>), DispatchError> {
    let peer = stream.peer_addr().ok();
    Ok((admission.admit(stream)?, peer))
}

/// Logs why a connection ended: failures of ours as errors, and what clients do at level debug, because otherwise
/// whoever reaches the port could fill the log. actix-http logs both as errors; its messages are off by default.
fn logged(error: DispatchError) -> DispatchError {
    match &error {
        DispatchError::Body(cause) => tracing::error!(error = with_causes(&**cause), "response ended early"),
        DispatchError::Service(_) | DispatchError::Upgrade | DispatchError::InternalError => {
            tracing::error!(%error, "connection failed");
        }
        _ => tracing::debug!(%error, "connection closed"),
    }
    error
}
