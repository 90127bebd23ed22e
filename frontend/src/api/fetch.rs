use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ApiError;

/// The response of a request as a signal. The request is sent again whenever a signal that it reads changes.
///
/// Leptos' own resources do this too, but their support for suspense and streaming, which this app does not use, adds
/// a tenth to its WASM.
pub struct Fetched<T: 'static> {
    response: RwSignal<Option<Result<T, ApiError>>>,
    /// True while a request is running. The previous response stays available.
    pub busy: RwSignal<bool>,
    trigger: Trigger,
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fetched<T> {}

/// Sends `request` now and after each change of the signals it reads. Only the response to the latest request counts.
pub fn fetch<T, F>(request: impl Fn() -> F + 'static) -> Fetched<T>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let fetched =
        Fetched { response: RwSignal::new(None), busy: RwSignal::new(true), trigger: Trigger::new() };
    let start = move || {
        let response = request();
        let running: Running = Box::pin(async move {
            let response = response.await;
            let store: Store = Box::new(move || fetched.response.set(Some(response)));
            store
        });
        running
    };
    send_on_change(Box::new(start), fetched.trigger, fetched.busy);
    fetched
}

/// Stores the response of a finished request.
type Store = Box<dyn FnOnce()>;
type Running = Pin<Box<dyn Future<Output = Store>>>;

/// Not generic, so that the WASM contains it once.
fn send_on_change(start: Box<dyn Fn() -> Running>, trigger: Trigger, busy: RwSignal<bool>) {
    let latest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        trigger.track();
        let number = latest.get_value() + 1;
        latest.set_value(number);
        busy.set(true);
        let running = start();
        spawn_local(async move {
            let store = running.await;
            // Meanwhile the page may be gone, or a newer request may have been sent.
            if latest.try_get_value() == Some(number) {
                store();
                busy.set(false);
            }
        });
    });
}

impl<T: Clone + Send + Sync + 'static> Fetched<T> {
    /// `None` before the first response.
    pub fn get(self) -> Option<Result<T, ApiError>> {
        self.response.get()
    }

    /// The latest response if it is a success.
    pub fn data(self) -> Option<T> {
        self.response.with(|response| response.as_ref()?.as_ref().ok().cloned())
    }

    pub fn refetch(self) {
        self.trigger.notify();
    }
}
