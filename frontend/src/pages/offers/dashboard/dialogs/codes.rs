use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{CodesRequest, IssuedCodes};
use offercast_domain::CodePrefix;

use crate::api::{self, ApiError};
use crate::browser::new_idempotency_key;
use crate::components::{Button, Field, Icon, Symbol, Variant};
use crate::format::count;
use crate::i18n::{common, dashboard as texts};

/// Maximum number of codes per request, as in the API.
const MAX_CODES: i64 = 10_000_000;

/// The body of the dialog: counts, download, and the form that generates more.
#[component]
pub fn Codes(open: RwSignal<bool>, offer: i64) -> impl IntoView {
    let counts = api::fetch(move || api::code_counts(offer));
    let summary = move || match counts.get() {
        None => common::loading().to_owned(),
        Some(Err(error)) => error.message(),
        Some(Ok(counts)) if counts.issued == 0 => texts::no_codes_yet().to_owned(),
        Some(Ok(counts)) => texts::codes_used(&texts::codes(counts.issued), &count(counts.used)),
    };
    let has_some = move || counts.data().is_some_and(|counts| counts.issued > 0);
    let download = move || view! { <FileLink href=api::codes_csv_url(offer, None) hook="download-codes" label=texts::download_codes() /> };
    view! {
        <h2 id="codes-title">{texts::unique_codes()}</h2>
        <p>{texts::codes_hint()}</p>
        <p data-testid="code-counts" aria-live="polite">{summary}</p>
        <Show when=has_some>{download()}</Show>
        <GenerateForm offer on_issued=move |()| counts.refetch() />
        <div class="dialog-actions">
            <Button hook="close-codes" press=move |()| open.set(false)>{common::close()}</Button>
        </div>
    }
}

/// The state of the form that generates codes.
#[derive(Clone, Copy)]
struct Generation {
    quantity: RwSignal<String>,
    prefix: RwSignal<String>,
    quantity_problem: RwSignal<Option<String>>,
    prefix_problem: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiError>>,
    issued: RwSignal<Option<IssuedCodes>>,
    /// The request without a response yet, and its idempotency key.
    pending: StoredValue<Option<(CodesRequest, String)>>,
}

impl Generation {
    fn new() -> Self {
        Generation {
            quantity: RwSignal::new("1000".to_owned()),
            prefix: RwSignal::new(String::new()),
            quantity_problem: RwSignal::new(None),
            prefix_problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            issued: RwSignal::new(None),
            pending: StoredValue::new(None),
        }
    }

    /// The request body. If a field is invalid, shows its error and returns `None`.
    fn request(self) -> Option<CodesRequest> {
        let count = whole_number(&self.quantity.read_untracked());
        let prefix = self.prefix.get_untracked().trim().to_owned();
        let is_valid = is_valid_prefix(&prefix);
        self.quantity_problem.set(count.is_none().then(|| texts::quantity_problem().to_owned()));
        self.prefix_problem.set((!is_valid).then(|| texts::prefix_problem().to_owned()));
        let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
        (count.is_some() && is_valid).then_some(CodesRequest { count, prefix, length: None })
    }

    /// A retry of the same request uses the same key, so that a lost response does not generate the codes twice.
    fn idempotency_key(self, request: &CodesRequest) -> String {
        let key = self.pending.get_value().filter(|(same, _)| same == request).map(|(_, key)| key);
        let key = key.unwrap_or_else(new_idempotency_key);
        self.pending.set_value(Some((request.clone(), key.clone())));
        key
    }

    fn submit(self, offer: i64, on_issued: Callback<()>) {
        let Some(request) = self.request() else { return };
        let key = self.idempotency_key(&request);
        self.busy.set(true);
        spawn_local(async move {
            match api::issue_codes(offer, &request, &key).await {
                Ok(codes) => {
                    self.pending.set_value(None);
                    self.failure.set(None);
                    self.issued.set(Some(codes));
                    on_issued.run(());
                }
                Err(error) => self.failure.set(Some(error)),
            }
            self.busy.set(false);
        });
    }
}

#[component]
fn GenerateForm(offer: i64, #[prop(into)] on_issued: Callback<()>) -> impl IntoView {
    let form = Generation::new();
    let failure = move || form.failure.get().map(|error| error.message());
    view! {
        <div class="codes-form">
            <Field name="code-count" label=texts::quantity() problem=form.quantity_problem>
                <TextEntry name="code-count" value=form.quantity is_number=true />
            </Field>
            <Field name="code-prefix" label=texts::prefix() hint=texts::prefix_hint() problem=form.prefix_problem>
                <TextEntry name="code-prefix" value=form.prefix is_number=false />
            </Field>
            <p class="field-error" role="alert" data-testid="codes-failure">{failure}</p>
            <Button
                variant=Variant::Primary
                hook="issue-codes"
                disabled=form.busy
                press=move |()| form.submit(offer, on_issued)
            >
                {texts::generate()}
            </Button>
            {move || form.issued.get().map(|codes| view! { <Issued offer codes /> })}
        </div>
    }
}

/// The codes that were just generated.
#[component]
fn Issued(offer: i64, codes: IssuedCodes) -> impl IntoView {
    let href = api::codes_csv_url(offer, Some(&codes));
    view! {
        <p data-testid="codes-issued" role="status">
            {texts::codes_generated(&texts::codes(codes.count))} " "
            <FileLink href hook="download-these" label=texts::download_these() />
        </p>
    }
}

#[component]
fn TextEntry(name: &'static str, value: RwSignal<String>, is_number: bool) -> impl IntoView {
    view! {
        <input
            id=format!("field-{name}")
            data-testid=format!("field-{name}")
            aria-describedby=format!("error-{name}")
            inputmode=if is_number { "numeric" } else { "text" }
            autocomplete="off"
            prop:value=value
            on:input=move |event| value.set(event_target_value(&event))
        />
    }
}

#[component]
fn FileLink(href: String, hook: &'static str, label: &'static str) -> impl IntoView {
    // `rel="external"`: the browser downloads it, the router must not handle it.
    view! {
        <a class="file-link" href=href rel="external" download="" data-testid=hook>
            <Icon symbol=Symbol::Download />
            {label}
        </a>
    }
}

/// Reads a whole number, with or without thousands separators.
fn whole_number(text: &str) -> Option<i64> {
    let groups: Vec<&str> = text.trim().split([',', '.', ' ', '\u{a0}', '\'']).collect();
    if groups.iter().skip(1).any(|group| group.len() != 3) {
        return None;
    }
    groups.concat().parse().ok().filter(|number| (1..=MAX_CODES).contains(number))
}

/// By the same rule as the API.
fn is_valid_prefix(prefix: &str) -> bool {
    CodePrefix::parse(prefix).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_may_have_thousands_separators() {
        assert_eq!(whole_number(" 1,000 "), Some(1_000));
        assert_eq!(whole_number("10.000.000"), Some(MAX_CODES));
        for wrong in ["", "0", "-5", "1.5", "1,00", "ten", "10,000,001", "99999999999999999999"] {
            assert_eq!(whole_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_prefix_has_letters_and_digits_only() {
        assert!(
            is_valid_prefix("")
                && is_valid_prefix("XMAS26")
                && is_valid_prefix("ABCDEFGHIJKLMNOP")
                && is_valid_prefix("ｘｍａｓ\u{200b}")
        );
        assert!(!is_valid_prefix("X-MAS") && !is_valid_prefix("ÄB") && !is_valid_prefix("ABCDEFGHIJKLMNOPQ"));
    }
}
