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
use super::limits::{Limits, Share};
use crate::error::ApiError;

/// What has to be there within the deadline for a body; a larger one has three times as long.
const ORDINARY: usize = 64 * 1024;

/// Receives the body of a request, which may be only so large and take only so long.
pub struct BodyReader {
    most: usize,
    /// What the request says of its size; 0 where it says nothing.
    announced: usize,
    deadline: Duration,
    share: Option<Share>,
    connection: Option<Rc<Connection>>,
}

fn announced(headers: &HeaderMap) -> usize {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    // More than can be counted is too much, too.
    length.map_or(0, |length| length.parse().unwrap_or(usize::MAX))
}

/// The bytes of a body, which count against those of all bodies as long as it is kept.
pub struct Body {
    bytes: web::BytesMut,
    _share: Option<Share>,
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl BodyReader {
    pub fn new(request: &HttpRequest, most: usize) -> BodyReader {
        let limits = request.app_data::<web::Data<Limits>>();
        let deadline = limits.map_or_else(Default::default, |limits| limits.edge.deadlines).body;
        BodyReader {
            most,
            announced: announced(request.headers()),
            deadline: if most > ORDINARY { deadline * 3 } else { deadline },
            share: limits.map(|limits| limits.body()),
            connection: request.conn_data::<Rc<Connection>>().cloned(),
        }
    }

    pub async fn read(mut self, payload: Payload) -> Result<Body, ApiError> {
        if self.announced > self.most {
            return Err(self.too_large());
        }
        let connection = self.connection.take();
        let _receiving = connection.as_ref().map(|connection| connection.receive_body());
        let seconds = self.deadline.as_secs_f32();
        let body = timeout(self.deadline, self.receive(payload)).await.map_err(|_| {
            let message = format!("The body did not arrive within {seconds} seconds");
            ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", message)
        })??;
        if let Some(connection) = &connection {
            connection.body_is_complete();
        }
        Ok(body)
    }

    async fn receive(mut self, mut payload: Payload) -> Result<Body, ApiError> {
        let mut bytes = web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| {
                let message = format!("The body broke off: {error}");
                ApiError::new(StatusCode::BAD_REQUEST, "malformed_body", message)
            })?;
            self.check_size(bytes.len() + chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(Body { bytes, _share: self.share })
    }

    fn too_large(&self) -> ApiError {
        let message = format!("The body has to have {} bytes at most", self.most);
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message)
    }

    fn check_size(&mut self, size: usize) -> Result<(), ApiError> {
        if size > self.most {
            return Err(self.too_large());
        }
        if self.share.as_mut().is_some_and(|share| !share.fits(size)) {
            let message =
                "The server is receiving too many large bodies at once; nothing was changed. Try again";
            let busy = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message);
            return Err(busy.with_header("retry-after", "1"));
        }
        Ok(())
    }
}
