//! Limits the memory used by large responses. A response stays in memory until its client has read it, so the total
//! size of all large responses is bounded.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::web::Bytes;

use super::limits::{Limits, ReservedBytes};
use crate::error::ApiError;

/// Marks a response whose body is shared by all responses of its kind and therefore needs no memory of its own.
pub struct SharedBody;

impl SharedBody {
    pub fn mark(mut response: HttpResponse) -> HttpResponse {
        response.extensions_mut().insert(SharedBody);
        response
    }
}

/// Counts the bytes of a response until it has been sent. Replaces the response with 503 `busy` if the limit is
/// reached.
///
/// Streamed and shared bodies are not counted.
pub fn limit_response<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    limits: Option<&Limits>,
) -> ServiceResponse<BoxBody> {
    let BodySize::Sized(size) = response.response().body().size() else {
        return response.map_into_boxed_body();
    };
    let mut reserved = match limits {
        Some(limits) if !is_shared(&response) => limits.response_bytes(),
        _ => return response.map_into_boxed_body(),
    };
    if !reserved.grow_to(usize::try_from(size).unwrap_or(usize::MAX)) {
        let busy = ApiError::busy("The server is sending too many large responses. Try again");
        return response.error_response(busy).map_into_boxed_body();
    }
    if reserved.is_empty() {
        return response.map_into_boxed_body();
    }
    response.map_body(|_, body| BoxBody::new(CountedBody { body: body.boxed(), _reserved: reserved }))
}

fn is_shared<B>(response: &ServiceResponse<B>) -> bool {
    response.response().extensions().get::<SharedBody>().is_some()
}

/// A body whose bytes are reserved until it is dropped.
struct CountedBody {
    body: BoxBody,
    _reserved: ReservedBytes,
}

impl MessageBody for CountedBody {
    type Error = Box<dyn StdError>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
