//! Live figures of an offer, as the server sends them.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use offercast_contract::{LiveOffer, read};
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent};

use crate::api::events_of;
use crate::words::dashboard as words;

/// The server says something every 15 seconds: a connection that is silent for longer than this is none.
const SILENCE: Duration = Duration::from_secs(40);
/// A browser connects again by itself unless it was told no; then this is when to ask anew.
const ANOTHER_TRY: Duration = Duration::from_secs(5);

/// Whether what is shown follows what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    Connecting,
    Live,
    /// Since this time of the day.
    Lost(String),
}

/// Follows an offer for as long as the page shows it and somebody can see the page.
pub fn follow(offer: Memo<String>, tell: Callback<LiveOffer>) -> Signal<Connection> {
    let connection = RwSignal::new(Connection::Connecting);
    let stream = StoredValue::new_local(None::<Stream>);
    let visible = use_visibility();
    // Counted up to connect anew.
    let attempt = RwSignal::new(0_u32);
    Effect::new(move |_| {
        attempt.track();
        let offer = offer.get();
        // A page that nobody sees keeps no connection: browsers have six for a server.
        let opened = visible.get().then(|| Stream::open(&offer, connection, attempt, tell)).flatten();
        stream.set_value(opened);
    });
    on_cleanup(move || stream.set_value(None));
    connection.into()
}

fn use_visibility() -> ReadSignal<bool> {
    let is_visible = || !document().hidden();
    let (visible, set_visible) = signal(is_visible());
    let handle = window_event_listener_untyped("visibilitychange", move |_| set_visible.set(is_visible()));
    on_cleanup(move || handle.remove());
    visible
}

/// An open stream with what listens to it; closed when dropped.
struct Stream {
    source: EventSource,
    watchdog: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    // The source calls them: they have to live as long.
    _listeners: [Closure<dyn Fn(MessageEvent)>; 3],
}

impl Stream {
    fn open(
        offer: &str,
        connection: RwSignal<Connection>,
        attempt: RwSignal<u32>,
        tell: Callback<LiveOffer>,
    ) -> Option<Stream> {
        let source = EventSource::new(&events_of(offer)).ok()?;
        if connection.get_untracked() == Connection::Live {
            connection.set(Connection::Connecting);
        }
        let watchdog = StoredValue::new_local(None);
        let again = move |after| rearm(watchdog, after, connection, attempt);
        let heard = move || {
            connection.set(Connection::Live);
            again(SILENCE);
        };
        let on_offer = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            heard();
            let data = event.data().as_string().unwrap_or_default();
            // What cannot be read is from a newer server than this page.
            if let Ok(offer) = read(&data) {
                tell.run(offer);
            }
        });
        let on_heartbeat = Closure::<dyn Fn(MessageEvent)>::new(move |_| heard());
        let on_error = Closure::<dyn Fn(MessageEvent)>::new({
            let source = source.clone();
            move |_| {
                lose(connection);
                let is_over = source.ready_state() == EventSource::CLOSED;
                again(if is_over { ANOTHER_TRY } else { SILENCE });
            }
        });
        let listen = |event, listener: &Closure<dyn Fn(MessageEvent)>| {
            source.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref()).ok()
        };
        listen("offer", &on_offer)?;
        listen("heartbeat", &on_heartbeat)?;
        listen("error", &on_error)?;
        again(SILENCE);
        Some(Stream { source, watchdog, _listeners: [on_offer, on_heartbeat, on_error] })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
        disarm(self.watchdog);
    }
}

/// Connects anew unless something is heard before.
fn rearm(
    watchdog: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    after: Duration,
    connection: RwSignal<Connection>,
    attempt: RwSignal<u32>,
) {
    disarm(watchdog);
    let give_up = move || {
        lose(connection);
        attempt.update(|attempt| *attempt += 1);
    };
    watchdog.set_value(set_timeout_with_handle(give_up, after).ok());
}

fn disarm(watchdog: StoredValue<Option<TimeoutHandle>, LocalStorage>) {
    if let Some(Some(timeout)) = watchdog.try_update_value(Option::take) {
        timeout.clear();
    }
}

/// Keeps the time of the loss while it lasts.
fn lose(connection: RwSignal<Connection>) {
    connection.update(|connection| {
        if !matches!(connection, Connection::Lost(_)) {
            *connection = Connection::Lost(time_of_day());
        }
    });
}

fn time_of_day() -> String {
    String::from(js_sys::Date::new_0().to_locale_time_string("en-GB"))
}

/// A quiet word on whether the page follows.
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
            Connection::Live => words::live().to_owned(),
            Connection::Connecting => words::connecting().to_owned(),
            Connection::Lost(since) => words::not_live_since(since),
        })
    };
    view! { <p class=class role="status" data-testid="live">{text}</p> }
}
