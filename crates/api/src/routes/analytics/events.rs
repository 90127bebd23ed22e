use std::time::Duration;

use actix_web::http::header::{self, ContentEncoding};
use actix_web::rt::time::{Instant, timeout};
use actix_web::{Error, HttpRequest, HttpResponse, get, web};
use futures_util::{StreamExt, stream};
use offercast_app::access::Caller;
use offercast_app::{App, Subscription};
use offercast_contract::LiveOffer;

use crate::access::{self, By};
use crate::edge::{self, CallerPermit, Limits};
use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::routes::documented_responses::ReadFailures;
use crate::{convert, examples};

/// How long a stream may be silent before a heartbeat is sent. Heartbeats keep proxies from closing the connection and
/// let clients detect a lost one.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);
/// How often a stream checks that its key or session has not ended.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
const HEARTBEAT: &str = "event: heartbeat\ndata: {}\n\n";
/// How long browsers wait before they reconnect, in milliseconds.
const RETRY: &str = "retry: 2000\n\n";

/// Stream the figures of an offer
///
/// Returns a stream of server-sent events. The event `offer` is sent immediately and then after each change, at most
/// once per second; its data is a `LiveOffer`. The event `heartbeat` is sent after 15 seconds without a change. Every
/// `offer` event contains the complete state, so a client that lost the connection only needs to reconnect. The stream
/// ends when the server stops, the offer is deleted, or the key or session ends.
#[utoipa::path(tag = "analytics", operation_id = "watch_offer", params(OfferPath),
    responses((status = 200, description = "The events. The schema describes the data of `offer` events",
               content_type = "text/event-stream", body = LiveOffer, example = examples::live_offer), ReadFailures))]
#[get("/api/offers/{offer}/events")]
pub async fn events(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    offer: OfferPath,
    request: HttpRequest,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let permit = limits.stream(&request, &by.0.principal)?;
    let subscription = offercast_app::subscribe(&app, &offer.0).await?;
    edge::close_with_client(&request);
    let events = Events { app, subscription, caller: by.0, _permit: permit };
    let retry = stream::once(async { Ok::<_, Error>(web::Bytes::from_static(RETRY.as_bytes())) });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compression would buffer events in the encoder, and nginx would buffer them without `x-accel-buffering`.
        .insert_header(ContentEncoding::Identity)
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(retry.chain(stream::unfold(events, Events::next)))))
}

/// The state of a stream.
struct Events {
    app: web::Data<App>,
    subscription: Subscription,
    caller: Caller,
    /// Limits the client's streams.
    _permit: CallerPermit,
}

impl Events {
    async fn next(mut self) -> Option<(Result<web::Bytes, Error>, Events)> {
        let heartbeat = Instant::now() + HEARTBEAT_INTERVAL;
        loop {
            let next = timeout(CHECK_INTERVAL, self.subscription.next()).await;
            if access::check_still_accepted(&self.app, &self.caller).is_err() {
                return None;
            }
            match next {
                Ok(view) => return Some((Ok(offer_event(&convert::live_offer(&*view?))), self)),
                Err(_) if Instant::now() >= heartbeat => {
                    return Some((Ok(web::Bytes::from_static(HEARTBEAT.as_bytes())), self));
                }
                Err(_) => {}
            }
        }
    }
}

fn offer_event(offer: &LiveOffer) -> web::Bytes {
    let json = serde_json::to_string(offer).expect("the contract's types can be serialized");
    format!("event: offer\ndata: {json}\n\n").into()
}
