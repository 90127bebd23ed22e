//! The state of a form that sends one request at a time.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::FieldProblem;

use crate::api::ApiError;
use crate::i18n::access as texts;
use crate::i18n::sentence;

#[derive(Clone, Copy)]
pub struct Submission {
    pub busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiError>>,
    problems: RwSignal<Vec<FieldProblem>>,
}

impl Submission {
    pub fn new() -> Self {
        Submission {
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            problems: RwSignal::new(Vec::new()),
        }
    }

    /// Sends a request, unless one is running, and passes its result to `done`.
    pub fn send<T: 'static>(
        self,
        request: impl Future<Output = Result<T, ApiError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let response = request.await;
            // The form may be gone, but not what `done` shows, such as a secret.
            self.busy.set(false);
            match response {
                Ok(result) => {
                    self.clear();
                    done(result);
                }
                Err(error) => self.fail(error),
            }
        });
    }

    fn fail(self, error: ApiError) {
        self.problems.set(error.fields());
        self.failure.set(Some(error));
    }

    fn clear(self) {
        self.failure.set(None);
        self.problems.set(Vec::new());
    }

    pub fn failure(self) -> Option<ApiError> {
        self.failure.get()
    }

    /// The error message, unless it belongs to fields.
    pub fn message(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            let about_fields = self.problems.with(|problems| !problems.is_empty());
            self.failure.get().filter(|_| !about_fields).map(|error| error.message())
        })
    }

    /// The problem of a field, as a sentence.
    pub fn problem(self, field: &'static str, label: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.problems.with(|problems| {
                let problem = problems.iter().find(|problem| problem.field == field)?;
                let message = texts::problem(field, &problem.code).unwrap_or(&problem.message);
                Some(sentence(label, message))
            })
        })
    }
}
