//! Live updates of open dashboards.
//!
//! An update is the whole state of an offer, never a difference, so a lost one does no harm. A process that changes an
//! offer notifies all processes through PostgreSQL's NOTIFY ([`ChangeNotifier`]). Every process with subscribers
//! listens, reads the changed offers that have subscribers in one go, and publishes them ([`Hub`]). Offers are also
//! read at intervals, in case a notification is lost.

mod hub;
mod intervals;
mod notifier;
mod subscriptions;

use chrono::{DateTime, FixedOffset};
use offercast_domain::{Day, Kpis, OfferRef};

use crate::{App, Error, OfferView};

pub(crate) use hub::Hub;
pub use hub::Subscription;
pub(crate) use notifier::ChangeNotifier;

/// The state of an offer at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveView {
    pub offer: OfferView,
    /// With the UTC offset of the offer's time zone.
    pub as_of: DateTime<FixedOffset>,
    pub kpis: Kpis,
    pub today: Day,
}

impl LiveView {
    /// Whether both are equal except for their moments.
    fn shows_the_same_as(&self, other: &LiveView) -> bool {
        LiveView { as_of: other.as_of, ..self.clone() } == *other
    }
}

/// Subscribes to an offer until the subscription is dropped.
pub async fn subscribe(app: &App, offer: &OfferRef) -> Result<Subscription, Error> {
    let view = crate::show_offer(app, offer).await?;
    app.hub.subscribe(view.stored.offer.id)
}
