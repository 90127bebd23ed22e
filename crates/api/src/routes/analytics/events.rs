use std::time::Duration;

use actix_web::http::header::{self, ContentEncoding};
use actix_web::rt::time::timeout;
use actix_web::{Error, HttpRequest, HttpResponse, get, web};
use futures_util::{StreamExt, stream};
use offercast_app::{App, Watch};
use offercast_contract::LiveOffer;

use crate::edge::{self, Limits, Permit};
use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::routes::responses::ReadFailures;
use crate::{convert, examples};

/// A sign of life when nothing has changed: proxies keep the connection, and the client knows that it has one.
const HEARTBEAT: Duration = Duration::from_secs(15);
const BEAT: &str = "event: heartbeat\ndata: {}\n\n";
/// How long a browser waits before it connects again.
const RETRY: &str = "retry: 2000\n\n";

/// Watch the figures of an offer
///
/// A stream of server-sent events. The event `offer` comes at once and then after each change, at most once a second; its
/// data is a `LiveOffer`. The event `heartbeat` comes when nothing has changed for 15 seconds. Every event carries the whole
/// state, so a client that lost the connection simply connects again. The stream ends when the server stops or the offer is
/// deleted.
#[utoipa::path(tag = "analytics", operation_id = "watch_offer", params(OfferPath),
    responses((status = 200, description = "Events; the schema is that of the data of `offer`",
               content_type = "text/event-stream", body = LiveOffer, example = examples::live_offer), ReadFailures))]
#[get("/api/offers/{offer}/events")]
pub async fn events(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    offer: OfferPath,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let permit = limits.stream(&request)?;
    let watch = offercast_app::watch_offer(&app, &offer.0).await?;
    edge::end_with_client(&request);
    let retry = stream::once(async { Ok::<_, Error>(web::Bytes::from_static(RETRY.as_bytes())) });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compressed it would wait in the encoder, and without this line in a buffer of nginx.
        .insert_header(ContentEncoding::Identity)
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(retry.chain(stream::unfold((watch, permit), next_event)))))
}

type Watching = (Watch, Permit);

async fn next_event((mut watch, permit): Watching) -> Option<(Result<web::Bytes, Error>, Watching)> {
    let event = match timeout(HEARTBEAT, watch.next()).await {
        Ok(view) => offer_event(&convert::live_offer(&*view?)),
        Err(_) => web::Bytes::from_static(BEAT.as_bytes()),
    };
    Some((Ok(event), (watch, permit)))
}

fn offer_event(offer: &LiveOffer) -> web::Bytes {
    let json = serde_json::to_string(offer).expect("figures are plain data");
    format!("event: offer\ndata: {json}\n\n").into()
}
