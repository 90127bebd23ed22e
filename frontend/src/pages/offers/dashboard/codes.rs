use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{CodesRequest, IssuedCodes};
use offercast_domain::CodePrefix;

use super::dialogs::{Dialogs, Inside};
use crate::api::{self, ApiError};
use crate::browser::new_key;
use crate::components::{Button, Dialog, Field, Icon, Symbol, Weight};
use crate::format::count;
use crate::words::{common, dashboard as words};

/// Of one call.
const MOST: i64 = 10_000_000;

/// The unique codes of an offer: how many there are, more of them, and all of them as a file.
#[component]
pub fn UniqueCodes(open: RwSignal<bool>, offer: i64) -> impl IntoView {
    view! {
        <Dialog open closed=move |()| open.set(false) titled_by="codes-title">
            <Inside of=move |dialogs: Dialogs| (dialogs.codes)(open, offer) />
        </Dialog>
    }
}

#[component]
pub fn Codes(open: RwSignal<bool>, offer: i64) -> impl IntoView {
    let counts = api::fetch(move || api::code_counts(offer));
    let issued = RwSignal::new(None::<IssuedCodes>);
    let told = move || match counts.get() {
        None => common::loading().to_owned(),
        Some(Err(error)) => error.message(),
        Some(Ok(counts)) if counts.issued == 0 => words::no_codes_yet().to_owned(),
        Some(Ok(counts)) => words::codes_so_far(&words::codes(counts.issued), &count(counts.used)),
    };
    let has_some = move || counts.data().is_some_and(|counts| counts.issued > 0);
    let download = move || view! { <FileLink href=api::codes_file(offer, None) hook="download-codes" label=words::download_codes() /> };
    view! {
        <h2 id="codes-title">{words::unique_codes()}</h2>
        <p>{words::codes_meaning()}</p>
        <p data-testid="code-counts" aria-live="polite">{told}</p>
        <Show when=has_some>{download()}</Show>
        <Issue offer issued issued_some=move |()| counts.again() />
        <div class="dialog-actions">
            <Button hook="close-codes" press=move |()| open.set(false)>{common::close()}</Button>
        </div>
    }
}

#[component]
fn Issue(
    offer: i64,
    issued: RwSignal<Option<IssuedCodes>>,
    #[prop(into)] issued_some: Callback<()>,
) -> impl IntoView {
    let (number, prefix) = (RwSignal::new("1000".to_owned()), RwSignal::new(String::new()));
    let (number_problem, prefix_problem) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<ApiError>));
    let unanswered = StoredValue::new(None::<(CodesRequest, String)>);
    let issue = move |()| {
        let (how_many, begins) = (whole_number(&number.read_untracked()), prefix.get_untracked());
        let begins = begins.trim().to_owned();
        number_problem.set(how_many.is_none().then(|| words::how_many_problem().to_owned()));
        prefix_problem.set((!may_begin(&begins)).then(|| words::prefix_problem().to_owned()));
        let (Some(how_many), true) = (how_many, may_begin(&begins)) else { return };
        let prefix = Some(begins).filter(|begins| !begins.is_empty());
        let request = CodesRequest { count: Some(how_many), prefix, length: None };
        // Who presses again because no answer came means the same codes.
        let key = unanswered.get_value().filter(|(same, _)| *same == request).map(|(_, key)| key);
        let key = key.unwrap_or_else(new_key);
        unanswered.set_value(Some((request.clone(), key.clone())));
        busy.set(true);
        spawn_local(async move {
            match api::issue_codes(offer, &request, &key).await {
                Ok(codes) => {
                    unanswered.set_value(None);
                    failure.set(None);
                    issued.set(Some(codes));
                    issued_some.run(());
                }
                Err(error) => failure.set(Some(error)),
            }
            busy.set(false);
        });
    };
    let newest = move || {
        let codes = issued.get()?;
        let href = api::codes_file(offer, Some(&codes));
        Some(view! {
            <p data-testid="codes-issued" role="status">
                {words::were_issued(&words::codes(codes.count))} " "
                <FileLink href hook="download-these" label=words::download_these() />
            </p>
        })
    };
    view! {
        <div class="codes-form">
            <Field name="code-count" label=words::how_many() problem=number_problem>
                <Entry name="code-count" value=number is_number=true />
            </Field>
            <Field name="code-prefix" label=words::prefix() hint=words::prefix_hint() problem=prefix_problem>
                <Entry name="code-prefix" value=prefix is_number=false />
            </Field>
            <p class="field-error" role="alert" data-testid="codes-failure">{move || failure.get().map(|error| error.message())}</p>
            <Button weight=Weight::Primary hook="issue-codes" disabled=busy press=issue>{words::issue()}</Button>
            {newest}
        </div>
    }
}

#[component]
fn Entry(name: &'static str, value: RwSignal<String>, is_number: bool) -> impl IntoView {
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
    // Not a page of the app: the browser fetches it.
    view! {
        <a class="file-link" href=href rel="external" download="" data-testid=hook>
            <Icon symbol=Symbol::Download />
            {label}
        </a>
    }
}

/// As people write it, with or without something between the thousands.
fn whole_number(text: &str) -> Option<i64> {
    let groups: Vec<&str> = text.trim().split([',', '.', ' ', '\u{a0}', '\'']).collect();
    if groups.iter().skip(1).any(|group| group.len() != 3) {
        return None;
    }
    groups.concat().parse().ok().filter(|number| (1..=MOST).contains(number))
}

/// By the rules by which the API reads it.
fn may_begin(prefix: &str) -> bool {
    CodePrefix::parse(prefix).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(whole_number(" 1,000 "), Some(1_000));
        assert_eq!(whole_number("10.000.000"), Some(MOST));
        for wrong in ["", "0", "-5", "1.5", "1,00", "ten", "10,000,001", "99999999999999999999"] {
            assert_eq!(whole_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_prefix_is_of_letters_and_digits() {
        assert!(
            may_begin("")
                && may_begin("XMAS26")
                && may_begin("ABCDEFGHIJKLMNOP")
                && may_begin("ｘｍａｓ\u{200b}")
        );
        assert!(!may_begin("X-MAS") && !may_begin("ÄB") && !may_begin("ABCDEFGHIJKLMNOPQ"));
    }
}
