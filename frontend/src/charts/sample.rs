//! Test data: five days of history, the last one unfinished, and two days of forecast.

use offercast_contract::{Dashboard, Offer, Overview};

use super::Palette;

pub fn dashboard() -> Dashboard {
    serde_json::from_str(include_str!("sample.json")).unwrap()
}

pub fn overview() -> Overview {
    serde_json::from_str(include_str!("sample_overview.json")).unwrap()
}

pub fn offer() -> Offer {
    dashboard().offer
}

/// Role names instead of colours, so that snapshots show which role is used where.
pub fn palette() -> Palette {
    Palette {
        ground: "ground".to_owned(),
        muted: "muted".to_owned(),
        rule: "rule".to_owned(),
        surface: "surface".to_owned(),
        accent: "accent".to_owned(),
        accent_soft: "accent-soft".to_owned(),
        trend: "trend".to_owned(),
        money: "money".to_owned(),
        money_soft: "money-soft".to_owned(),
        limit: "limit".to_owned(),
        before: "before".to_owned(),
        refused: "refused".to_owned(),
        band: "band".to_owned(),
        band_outer: "band-outer".to_owned(),
    }
}
