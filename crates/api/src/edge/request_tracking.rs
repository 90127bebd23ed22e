//! Tracks requests for their connection, and sends response bodies in slices.

use std::error::Error as StdError;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_http::ConnectionType;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::web::Bytes;

use tracing::Span;

use super::connection::{Connection, RequestGuard};
use super::limits::ReservedBytes;

/// Maximum bytes passed to actix at once. actix copies what it cannot write immediately, so larger slices would use
/// more memory for slow clients.
const SLICE: usize = 32 * 1024;

/// A request that is in progress on its connection. Without connection, as in tests, nothing is tracked.
pub struct TrackedRequest(Option<RequestGuard>);

/// Marks the connection of a request as busy until the response has been sent.
pub fn track_request(request: &ServiceRequest) -> TrackedRequest {
    let connection = request.conn_data::<Rc<Connection>>().cloned();
    TrackedRequest(connection.map(|connection| connection.start_request(request.headers())))
}

impl TrackedRequest {
    /// Sends the response in slices. Closes the connection after it if a large body was not read.
    pub fn send(
        self,
        mut response: ServiceResponse<BoxBody>,
        reserved: Option<ReservedBytes>,
    ) -> ServiceResponse<SlicedBody> {
        let TrackedRequest(guard) = self;
        if guard.as_ref().is_some_and(RequestGuard::has_unread_body) {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        }
        let span = Span::current();
        response.map_body(|_, body| SlicedBody {
            body,
            rest: Bytes::new(),
            span,
            _reserved: reserved,
            _guard: guard,
        })
    }
}

/// A response body in slices. When it is dropped, the request ends and its bytes are free.
pub struct SlicedBody {
    body: BoxBody,
    /// The unsent part of the current chunk.
    rest: Bytes,
    /// Of the request, for log entries while the body is produced.
    span: Span,
    _reserved: Option<ReservedBytes>,
    _guard: Option<RequestGuard>,
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
            let SlicedBody { body, span, .. } = &mut *self;
            match ready!(span.in_scope(|| Pin::new(body).poll_next(context))) {
                Some(Ok(bytes)) => self.rest = bytes,
                other => return Poll::Ready(other),
            }
        }
        let size = self.rest.len().min(SLICE);
        Poll::Ready(Some(Ok(self.rest.split_to(size))))
    }
}
