//! The request parsers without a server, for the fuzz targets.

use offercast_app::OfferQuery;

pub use crate::convert::{
    codes_draft, offer_draft, order_draft, patched, reservation_draft, what_if_draft as imagined,
};
pub use crate::cursor::{decode as cursor, encode as written_cursor};
pub use crate::error::ApiError;
pub use crate::extract::{day, number, parse as body, rows};

/// Parses the query string of `GET /api/offers`.
pub fn offer_query(query: &str) -> Result<OfferQuery, ApiError> {
    crate::routes::offer_query(query)
}
