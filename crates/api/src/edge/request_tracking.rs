//! Tracks requests for their connection, and sends response bodies in slices.

use std::error::Error as StdError;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::Error;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Bytes;

use super::connection::{Connection, RequestGuard};

/// Maximum bytes passed to actix at once. actix copies what it cannot write immediately, so larger slices would use
/// more memory for slow clients.
const SLICE: usize = 32 * 1024;

/// Middleware: marks the connection as busy until the response has been sent, and sends the response in slices. Closes
/// the connection after the response if a large body was not read.
pub async fn track_request(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let connection = request.conn_data::<Rc<Connection>>().cloned();
    let Some(connection) = connection else { return next.call(request).await };
    let guard = connection.clone().start_request(request.headers());
    let mut response = next.call(request).await?;
    if connection.has_unread_body() {
        response.response_mut().head_mut().set_connection_type(actix_http::ConnectionType::Close);
    }
    Ok(response.map_body(|_, body| BoxBody::new(SlicedBody { body, rest: Bytes::new(), _guard: guard })))
}

/// A response body in slices. The request ends when it is dropped.
struct SlicedBody {
    body: BoxBody,
    /// The unsent part of the current chunk.
    rest: Bytes,
    _guard: RequestGuard,
}

impl MessageBody for SlicedBody {
    type Error = Box<dyn StdError>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_next(context)) {
                Some(Ok(bytes)) => self.rest = bytes,
                other => return Poll::Ready(other),
            }
        }
        let size = self.rest.len().min(SLICE);
        Poll::Ready(Some(Ok(self.rest.split_to(size))))
    }
}
