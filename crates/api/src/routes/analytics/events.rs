use std::time::Duration;

use actix_web::http::header::{self, ContentEncoding};
use actix_web::rt::time::timeout;
use actix_web::{Error, HttpRequest, HttpResponse, get, web};
use futures_util::{StreamExt, stream};
use offercast_app::{App, Subscription};
use offercast_contract::LiveOffer;

use crate::edge::{self, Limits, Permit};
use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::routes::documented_responses::ReadFailures;
use crate::{convert, examples};

/// How long a stream may be silent before a heartbeat is sent. Heartbeats keep proxies from closing the connection and
/// let clients detect a lost one.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);
const HEARTBEAT: &str = "event: heartbeat\ndata: {}\n\n";
/// How long browsers wait before they reconnect, in milliseconds.
const RETRY: &str = "retry: 2000\n\n";

/// Stream the figures of an offer
///
/// Returns a stream of server-sent events. The event `offer` is sent immediately and then after each change, at most
/// once per second; its data is a `LiveOffer`. The event `heartbeat` is sent after 15 seconds without a change. Every
/// `offer` event contains the complete state, so a client that lost the connection only needs to reconnect. The stream
/// ends when the server stops or the offer is deleted.
#[utoipa::path(tag = "analytics", operation_id = "watch_offer", params(OfferPath),
    responses((status = 200, description = "The events. The schema describes the data of `offer` events",
               content_type = "text/event-stream", body = LiveOffer, example = examples::live_offer), ReadFailures))]
#[get("/api/offers/{offer}/events")]
pub async fn events(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    offer: OfferPath,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let permit = limits.stream(&request)?;
    let subscription = offercast_app::subscribe(&app, &offer.0).await?;
    edge::close_with_client(&request);
    let retry = stream::once(async { Ok::<_, Error>(web::Bytes::from_static(RETRY.as_bytes())) });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compression would buffer events in the encoder, and nginx would buffer them without `x-accel-buffering`.
        .insert_header(ContentEncoding::Identity)
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(retry.chain(stream::unfold((subscription, permit), next_event)))))
}

/// A subscription, with the permit that limits the client's streams.
type Events = (Subscription, Permit);

async fn next_event((mut subscription, permit): Events) -> Option<(Result<web::Bytes, Error>, Events)> {
    let event = match timeout(HEARTBEAT_INTERVAL, subscription.next()).await {
        Ok(view) => offer_event(&convert::live_offer(&*view?)),
        Err(_) => web::Bytes::from_static(HEARTBEAT.as_bytes()),
    };
    Some((Ok(event), (subscription, permit)))
}

fn offer_event(offer: &LiveOffer) -> web::Bytes {
    let json = serde_json::to_string(offer).expect("the contract's types can be serialized");
    format!("event: offer\ndata: {json}\n\n").into()
}
