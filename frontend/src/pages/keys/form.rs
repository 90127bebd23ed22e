use chrono::{DateTime, Days, NaiveDate, Utc};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use offercast_contract::{ApiKeyInput, FieldProblem, NewApiKey, Scope};

use super::KeyActions;
use super::scopes::{GROUPS, scope_hint, scope_key, scope_name};
use crate::api::{self, ApiError, ErrorResponse};
use crate::browser::start_of_day;
use crate::components::{Check, FormActions, TextField};
use crate::i18n::keys as texts;
use crate::submission::Submission;

/// What was entered.
#[derive(Clone, Copy)]
struct Inputs {
    name: RwSignal<String>,
    scopes: RwSignal<Vec<Scope>>,
    offers: RwSignal<String>,
    networks: RwSignal<String>,
    last_day: RwSignal<String>,
}

impl Inputs {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        let scopes = RwSignal::new(vec![Scope::RedemptionsWrite]);
        Inputs { name: text(), scopes, offers: text(), networks: text(), last_day: text() }
    }

    /// Everything but the offers, whose ids the API must look up.
    fn read(self) -> ApiKeyInput {
        let networks = words(&self.networks.read_untracked());
        ApiKeyInput {
            name: Some(self.name.get_untracked()),
            scopes: Some(self.scopes.get_untracked()),
            offer_ids: None,
            networks: (!networks.is_empty()).then_some(networks),
            expires_at: expiry(&self.last_day.read_untracked()),
        }
    }

    fn switch(self, scope: Scope, on: bool) {
        self.scopes.update(|scopes| {
            scopes.retain(|other| *other != scope);
            if on {
                scopes.push(scope);
            }
        });
    }
}

/// The body of the dialog that creates a key.
#[component]
pub fn CreateKey(actions: KeyActions) -> impl IntoView {
    let (inputs, submission) = (Inputs::new(), Submission::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let references = words(&inputs.offers.read_untracked());
        let example = references.first().cloned();
        let request = create(inputs.read(), references);
        submission.send(request, move |key| actions.show(key, example));
    };
    view! {
        <h2 id="key-dialog">{texts::create()}</h2>
        <form class="stack" novalidate on:submit=submit>
            <TextField
                name="name"
                label=texts::name()
                placeholder=texts::name_example()
                problem=submission.problem("name", texts::name())
                value=inputs.name
            />
            <Scopes inputs />
            <p class="field-error" role="alert" data-testid="error-scopes">{submission.problem("scopes", texts::scopes())}</p>
            <Limits inputs submission />
            <FormActions submission label=texts::create() cancel=move |()| actions.close() />
        </form>
    }
}

#[component]
fn Scopes(inputs: Inputs) -> impl IntoView {
    let check = move |scope: Scope| {
        view! {
            <Check
                name="scope"
                hook=format!("scope-{}", scope_key(scope))
                label=scope_name(scope)
                hint=scope_hint(scope)
                checked=Signal::derive(move || inputs.scopes.read().contains(&scope))
                change=move |on| inputs.switch(scope, on)
            />
        }
    };
    let groups = GROUPS.map(|(name, scopes)| {
        let checks = scopes.iter().map(|scope| check(*scope)).collect_view();
        view! { <fieldset class="checks"><legend>{name()}</legend>{checks}</fieldset> }
    });
    view! { <div class="check-groups">{groups}</div> }
}

#[component]
fn Limits(inputs: Inputs, submission: Submission) -> impl IntoView {
    view! {
        <fieldset class="checks">
            <legend>{texts::limits()}</legend>
            <TextField
                name="offer_ids"
                label=texts::offers()
                hint=texts::offers_hint()
                problem=submission.problem("offer_ids", texts::offers())
                value=inputs.offers
            />
            <TextField
                name="networks"
                label=texts::networks()
                hint=texts::networks_hint()
                problem=submission.problem("networks", texts::networks())
                value=inputs.networks
            />
            <TextField
                name="expires_at"
                kind="date"
                label=texts::expiry()
                hint=texts::expiry_hint()
                problem=submission.problem("expires_at", texts::expiry())
                value=inputs.last_day
            />
        </fieldset>
    }
}

async fn create(input: ApiKeyInput, references: Vec<String>) -> Result<NewApiKey, ApiError> {
    let mut ids = Vec::new();
    for reference in references {
        let offer = api::offer(&reference).await.map_err(|error| unknown_offer(error, &reference))?;
        ids.push(offer.id);
    }
    let offer_ids = (!ids.is_empty()).then_some(ids);
    api::create_key(&ApiKeyInput { offer_ids, ..input }).await
}

/// Shows an offer that does not exist as a problem of its field.
fn unknown_offer(error: ApiError, reference: &str) -> ApiError {
    match error {
        ApiError::Rejected(response) if response.status == 404 => {
            let message = texts::no_such_offer(reference);
            let problem = FieldProblem { field: "offer_ids".to_owned(), code: "unknown".to_owned(), message };
            ApiError::Rejected(ErrorResponse { fields: vec![problem], ..response })
        }
        other => other,
    }
}

/// The parts of a list that is separated by commas, semicolons or spaces.
fn words(text: &str) -> Vec<String> {
    let separator = |character: char| matches!(character, ',' | ';') || character.is_whitespace();
    text.split(separator).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The end of a day in the browser's time zone.
fn expiry(last_day: &str) -> Option<DateTime<Utc>> {
    let day: NaiveDate = last_day.parse().ok()?;
    Some(start_of_day(day.checked_add_days(Days::new(1))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_may_be_separated_in_any_usual_way() {
        assert_eq!(words(" SUMMER-10, 7;WINTER\n x "), ["SUMMER-10", "7", "WINTER", "x"]);
        assert!(words(" , ").is_empty());
    }

    #[test]
    fn an_unknown_offer_is_a_problem_of_its_field() {
        let response = ErrorResponse {
            status: 404,
            code: "offer_not_found".to_owned(),
            message: String::new(),
            fields: Vec::new(),
            request_id: String::new(),
        };
        let fields = unknown_offer(ApiError::Rejected(response), "NOPE").fields();
        assert_eq!(
            (fields[0].field.as_str(), fields[0].message.as_str()),
            ("offer_ids", "There is no offer NOPE.")
        );
        assert_eq!(unknown_offer(ApiError::Network, "NOPE"), ApiError::Network);
    }
}
