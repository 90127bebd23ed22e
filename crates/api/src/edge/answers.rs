//! Large answers wait in memory for as long as their clients take, so that there may be only so many bytes of them.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;

use super::limits::{Limits, Share};
use crate::error::ApiError;

/// Of an answer that is not a copy of its own: many may have it at the price of one.
pub struct Shared;

impl Shared {
    pub fn mark(mut response: HttpResponse) -> HttpResponse {
        response.extensions_mut().insert(Shared);
        response
    }
}

/// Counts an answer until it has been sent, or puts another in its place.
pub fn hold<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    limits: Option<&Limits>,
) -> ServiceResponse<BoxBody> {
    let BodySize::Sized(size) = response.response().body().size() else {
        return response.map_into_boxed_body();
    };
    let mut share = match limits {
        Some(limits) if !is_shared(&response) => limits.answer(),
        _ => return response.map_into_boxed_body(),
    };
    if !share.fits(usize::try_from(size).unwrap_or(usize::MAX)) {
        return response.error_response(busy()).map_into_boxed_body();
    }
    if share.is_free() {
        return response.map_into_boxed_body();
    }
    response.map_body(|_, body| BoxBody::new(Held { body: body.boxed(), _share: share }))
}

fn is_shared<B>(response: &ServiceResponse<B>) -> bool {
    response.response().extensions().get::<Shared>().is_some()
}

fn busy() -> ApiError {
    let message = "The server has too many large answers to send at once. Try again";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message).with_header("retry-after", "1")
}

struct Held {
    body: BoxBody,
    _share: Share,
}

impl MessageBody for Held {
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
