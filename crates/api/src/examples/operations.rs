use offercast_contract::Health;
use serde_json::Value;

use super::success;

fn health() -> Health {
    Health { version: env!("CARGO_PKG_VERSION").to_owned() }
}

pub fn alive() -> Value {
    success("Alive", health())
}

pub fn ready() -> Value {
    success("Ready", health())
}

pub fn metrics() -> Value {
    "# TYPE offercast_redemptions_total counter\n\
     offercast_redemptions_total{result=\"accepted\"} 45\n\
     offercast_redemptions_total{result=\"budget_exhausted\"} 3\n"
        .into()
}
