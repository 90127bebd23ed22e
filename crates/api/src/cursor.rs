//! Cursors of lists: where the next page starts.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// Encodes a position in a list as a cursor. Cursors are opaque to clients.
pub fn encode<T: Serialize>(position: &T) -> String {
    let json = serde_json::to_vec(position).expect("a position can be serialized");
    BASE64_URL_SAFE_NO_PAD.encode(json)
}

/// Decodes a cursor. 422 if it was not made by [`encode`] for a list of this kind.
pub fn decode<T: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<T>, ApiError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let position =
        BASE64_URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| serde_json::from_slice(&json).ok());
    position
        .map(Some)
        .ok_or_else(|| ApiError::field("cursor", "invalid", "must be a next_cursor that this list returned"))
}
