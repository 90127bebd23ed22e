use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ApiError;

/// What a call answers, to be shown; asked for anew whenever what the question reads has changed.
///
/// Leptos' own resources do this too. They also know suspense and streams, which this app has no use for and which
/// cost a tenth of its WASM.
pub struct Fetched<T: 'static> {
    answer: RwSignal<Option<Result<T, ApiError>>>,
    /// While an answer is awaited; the one before is still shown.
    pub busy: RwSignal<bool>,
    again: Trigger,
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fetched<T> {}

/// Asks now and after each change of what `question` reads. Only the answer to the last question counts.
pub fn fetch<T, F>(question: impl Fn() -> F + 'static) -> Fetched<T>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let fetched = Fetched { answer: RwSignal::new(None), busy: RwSignal::new(true), again: Trigger::new() };
    let ask = move || {
        let answer = question();
        let awaited: Awaited = Box::pin(async move {
            let answer = answer.await;
            let show: Show = Box::new(move || fetched.answer.set(Some(answer)));
            show
        });
        awaited
    };
    keep_asking(Box::new(ask), fetched.again, fetched.busy);
    fetched
}

type Show = Box<dyn FnOnce()>;
type Awaited = Pin<Box<dyn Future<Output = Show>>>;

/// The same for all answers, so that it is in the WASM once.
fn keep_asking(ask: Box<dyn Fn() -> Awaited>, again: Trigger, busy: RwSignal<bool>) {
    let last = StoredValue::new(0_u32);
    Effect::new(move |_| {
        again.track();
        let round = last.get_value() + 1;
        last.set_value(round);
        busy.set(true);
        let awaited = ask();
        spawn_local(async move {
            let show = awaited.await;
            // The page may have been left, or something else asked meanwhile.
            if last.try_get_value() == Some(round) {
                show();
                busy.set(false);
            }
        });
    });
}

impl<T: Clone + Send + Sync + 'static> Fetched<T> {
    /// `None` before the first answer.
    pub fn get(self) -> Option<Result<T, ApiError>> {
        self.answer.get()
    }

    /// The answer, where there is a good one.
    pub fn data(self) -> Option<T> {
        self.answer.with(|answer| answer.as_ref()?.as_ref().ok().cloned())
    }

    pub fn again(self) {
        self.again.notify();
    }
}
