//! Limits the memory used by large responses. A response stays in memory until its client has read it, so the total
//! size of all large responses is bounded.

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;

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

/// Reserves the bytes of a response until it has been sent. Replaces the response with 503 `busy` if the limit is
/// reached.
///
/// Streamed and shared bodies are not counted.
pub fn limit_response<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    limits: Option<&Limits>,
) -> (ServiceResponse<BoxBody>, Option<ReservedBytes>) {
    let (BodySize::Sized(size), Some(limits)) = (response.response().body().size(), limits) else {
        return (response.map_into_boxed_body(), None);
    };
    if is_shared(&response) {
        return (response.map_into_boxed_body(), None);
    }
    let mut reserved = limits.response_bytes();
    if !reserved.grow_to(usize::try_from(size).unwrap_or(usize::MAX)) {
        let busy = ApiError::busy("The server is sending too many large responses. Try again");
        return (response.error_response(busy).map_into_boxed_body(), None);
    }
    (response.map_into_boxed_body(), Some(reserved))
}

fn is_shared<B>(response: &ServiceResponse<B>) -> bool {
    response.response().extensions().get::<SharedBody>().is_some()
}
