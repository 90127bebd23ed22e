use std::error::Error as StdError;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::Error;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Bytes;

use super::connection::{Busy, Connection};

/// What is handed to a connection at once: it copies what the client does not take yet.
const SLICE: usize = 32 * 1024;

/// Tells a connection when a request is under way, and hands the answer to it in slices.
pub async fn pace(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let connection = request.conn_data::<Rc<Connection>>().cloned();
    let Some(connection) = connection else { return next.call(request).await };
    let busy = connection.clone().begin(request.headers());
    let mut response = next.call(request).await?;
    if connection.leaves_a_body() {
        response.response_mut().head_mut().set_connection_type(actix_http::ConnectionType::Close);
    }
    Ok(response.map_body(|_, body| BoxBody::new(Sliced { body, rest: Bytes::new(), _busy: busy })))
}

/// A body in slices. With it ends the request.
struct Sliced {
    body: BoxBody,
    rest: Bytes,
    _busy: Busy,
}

impl MessageBody for Sliced {
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
