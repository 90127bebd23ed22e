//! Live figures of an offer, from the API's server-sent events.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{LiveOffer, read};
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent};

use crate::api::{self, event_stream_url};
use crate::i18n::dashboard as texts;

/// The server sends a heartbeat every 15 seconds. A connection that is silent for longer than this counts as lost.
const HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(40);
/// Browsers reconnect by themselves unless the server answered with an error. Then we reconnect after this delay.
const RECONNECT_DELAY: Duration = Duration::from_secs(5);

/// Whether the page receives live updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    Connecting,
    Live,
    /// Lost at this time of day.
    Lost(String),
}

/// Calls `on_update` with each update of the offer while the page is mounted and visible.
pub fn subscribe(offer: Memo<String>, on_update: Callback<LiveOffer>) -> Signal<Connection> {
    let status = Status { connection: RwSignal::new(Connection::Connecting), attempt: RwSignal::new(0) };
    let stream = StoredValue::new_local(None::<Stream>);
    let visible = use_visibility();
    Effect::new(move |_| {
        status.attempt.track();
        let offer = offer.get();
        // A hidden page keeps no connection: browsers allow six per server.
        let opened = visible.get().then(|| Stream::open(&offer, status, on_update)).flatten();
        stream.set_value(opened);
    });
    on_cleanup(move || stream.set_value(None));
    status.connection.into()
}

fn use_visibility() -> ReadSignal<bool> {
    let is_visible = || !document().hidden();
    let (visible, set_visible) = signal(is_visible());
    let handle = window_event_listener_untyped("visibilitychange", move |_| set_visible.set(is_visible()));
    on_cleanup(move || handle.remove());
    visible
}

#[derive(Clone, Copy)]
struct Status {
    connection: RwSignal<Connection>,
    /// Incremented to reconnect.
    attempt: RwSignal<u32>,
}

impl Status {
    /// Keeps the time of the first loss until the connection is live again.
    fn mark_lost(self) {
        self.connection.update(|connection| {
            if !matches!(connection, Connection::Lost(_)) {
                *connection = Connection::Lost(time_of_day());
            }
        });
    }
}

/// Reconnects when it expires.
#[derive(Clone, Copy)]
struct Watchdog {
    timeout: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    status: Status,
}

impl Watchdog {
    fn restart(self, after: Duration) {
        self.stop();
        let reconnect = move || {
            self.status.mark_lost();
            self.status.attempt.update(|attempt| *attempt += 1);
        };
        self.timeout.set_value(set_timeout_with_handle(reconnect, after).ok());
    }

    fn stop(self) {
        if let Some(Some(timeout)) = self.timeout.try_update_value(Option::take) {
            timeout.clear();
        }
    }

    /// An event arrived.
    fn mark_live(self) {
        self.status.connection.set(Connection::Live);
        self.restart(HEARTBEAT_TIMEOUT);
    }
}

type Listener = Closure<dyn Fn(MessageEvent)>;

/// An open stream and its listeners. Dropping it closes the stream.
struct Stream {
    source: EventSource,
    watchdog: Watchdog,
    // `source` calls them, so they must live as long.
    _listeners: [Listener; 3],
}

impl Stream {
    fn open(offer: &str, status: Status, on_update: Callback<LiveOffer>) -> Option<Stream> {
        let source = EventSource::new(&event_stream_url(offer)).ok()?;
        if status.connection.get_untracked() == Connection::Live {
            status.connection.set(Connection::Connecting);
        }
        let watchdog = Watchdog { timeout: StoredValue::new_local(None), status };
        let listeners = [
            on_offer(watchdog, on_update),
            Listener::new(move |_| watchdog.mark_live()),
            on_error(watchdog, source.clone()),
        ];
        for (event, listener) in ["offer", "heartbeat", "error"].into_iter().zip(&listeners) {
            source.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref()).ok()?;
        }
        watchdog.restart(HEARTBEAT_TIMEOUT);
        Some(Stream { source, watchdog, _listeners: listeners })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
        self.watchdog.stop();
    }
}

fn on_offer(watchdog: Watchdog, on_update: Callback<LiveOffer>) -> Listener {
    Listener::new(move |event: MessageEvent| {
        watchdog.mark_live();
        let data = event.data().as_string().unwrap_or_default();
        // A newer server may send data that this page cannot read.
        if let Ok(offer) = read(&data) {
            on_update.run(offer);
        }
    })
}

fn on_error(watchdog: Watchdog, source: EventSource) -> Listener {
    Listener::new(move |_| {
        watchdog.status.mark_lost();
        let is_closed = source.ready_state() == EventSource::CLOSED;
        if is_closed {
            // Streams hide the reason. If nobody is signed in any more, this call opens the sign-in page.
            spawn_local(async { _ = api::account().await });
        }
        watchdog.restart(if is_closed { RECONNECT_DELAY } else { HEARTBEAT_TIMEOUT });
    })
}

fn time_of_day() -> String {
    String::from(js_sys::Date::new_0().to_locale_time_string("en-GB"))
}

/// Says whether the page receives live updates.
#[component]
pub fn LiveBadge(connection: Signal<Connection>) -> impl IntoView {
    let class = move || {
        connection.with(|connection| match connection {
            Connection::Live => "live live-on",
            Connection::Connecting => "live",
            Connection::Lost(_) => "live live-lost",
        })
    };
    let text = move || {
        connection.with(|connection| match connection {
            Connection::Live => texts::live().to_owned(),
            Connection::Connecting => texts::connecting().to_owned(),
            Connection::Lost(since) => texts::connection_lost(since),
        })
    };
    view! { <p class=class role="status" data-testid="live">{text}</p> }
}
