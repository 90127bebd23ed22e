//! How requests are read, without a server: what the fuzz targets call.

use offercast_app::OfferQuery;

pub use crate::convert::{codes_draft, imagined, offer_draft, order_draft, patched, reservation_draft};
pub use crate::cursor::{decode as cursor, encode as written_cursor};
pub use crate::error::ApiError;
pub use crate::extract::{day, number, parse as body, rows};

/// The query of a list of offers.
pub fn offer_query(query: &str) -> Result<OfferQuery, ApiError> {
    crate::routes::offer_query(query)
}
