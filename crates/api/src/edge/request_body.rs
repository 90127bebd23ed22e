//! Reads request bodies, with limits of size, time and memory.

use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::rt::time::timeout;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;

use super::connection::Connection;
use super::limits::{Limits, ReservedBytes};
use crate::error::ApiError;

/// Calls that accept larger bodies than this have three times the body timeout.
const ORDINARY: usize = 64 * 1024;

/// Reads the body of one request.
pub struct BodyReader {
    max_size: usize,
    /// The `Content-Length`; 0 if the request has none.
    announced: usize,
    timeout: Duration,
    reserved: Option<ReservedBytes>,
    connection: Option<Rc<Connection>>,
}

fn announced_size(headers: &HeaderMap) -> usize {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    // A length that overflows is too large in any case.
    length.map_or(0, |length| length.parse().unwrap_or(usize::MAX))
}

/// A request body. Its bytes count towards the limit of all request bodies until it is dropped.
pub struct Body {
    bytes: web::BytesMut,
    _reserved: Option<ReservedBytes>,
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl BodyReader {
    /// A reader for bodies of at most `max_size` bytes.
    pub fn new(request: &HttpRequest, max_size: usize) -> BodyReader {
        let limits = request.app_data::<web::Data<Limits>>();
        let timeout = limits.map_or_else(Default::default, |limits| limits.edge.deadlines).body;
        BodyReader {
            max_size,
            announced: announced_size(request.headers()),
            timeout: if max_size > ORDINARY { timeout * 3 } else { timeout },
            reserved: limits.map(|limits| limits.body_bytes()),
            connection: request.conn_data::<Rc<Connection>>().cloned(),
        }
    }

    /// Reads the complete body. Fails if it is too large, too slow or incomplete, or if other bodies use up the memory
    /// limit.
    pub async fn read(mut self, payload: Payload) -> Result<Body, ApiError> {
        if self.announced > self.max_size {
            return Err(body_too_large(self.max_size));
        }
        let connection = self.connection.take();
        let _receiving = connection.as_ref().map(|connection| connection.receive_body());
        let limit = self.timeout;
        let body = timeout(limit, self.receive(payload)).await.map_err(|_| body_too_slow(limit))??;
        if let Some(connection) = &connection {
            connection.body_is_complete();
        }
        Ok(body)
    }

    async fn receive(mut self, mut payload: Payload) -> Result<Body, ApiError> {
        let mut bytes = web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| {
                let message = format!("The body is incomplete: {error}");
                ApiError::new(StatusCode::BAD_REQUEST, "malformed_body", message)
            })?;
            self.check_size(bytes.len() + chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(Body { bytes, _reserved: self.reserved })
    }

    fn check_size(&mut self, size: usize) -> Result<(), ApiError> {
        if size > self.max_size {
            return Err(body_too_large(self.max_size));
        }
        if self.reserved.as_mut().is_some_and(|reserved| !reserved.grow_to(size)) {
            let message = "The server is receiving too many large bodies; nothing was changed. Try again";
            return Err(ApiError::busy(message));
        }
        Ok(())
    }
}

/// 413: the body has more than `max_size` bytes.
pub fn body_too_large(max_size: usize) -> ApiError {
    let message = format!("The body must have at most {max_size} bytes");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message)
}

/// 408: the body did not arrive in time.
pub fn body_too_slow(timeout: Duration) -> ApiError {
    let message = format!("The body did not arrive within {} seconds", timeout.as_secs_f32());
    ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", message)
}
