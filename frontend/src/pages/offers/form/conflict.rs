use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::Offer;
use offercast_domain::OfferDraft;

use super::convert::draft_of;
use super::field::Field;
use super::state::FormState;
use crate::api;
use crate::components::{Button, Variant};
use crate::i18n::form as texts;

/// Shown if someone else saved the offer meanwhile: both versions side by side, and the choice between them.
#[component]
pub fn Conflict(form: FormState, id: i64) -> impl IntoView {
    let theirs = api::fetch(move || async move { api::offer(&id.to_string()).await });
    let comparison = move || {
        let offer = theirs.data()?;
        Some(view! { <Comparison form offer /> })
    };
    let load = move |()| {
        spawn_local(async move {
            match api::offer(&id.to_string()).await {
                Ok(offer) => form.reset(draft_of(&offer), offer.version),
                Err(error) => form.show_error(error),
            }
        });
    };
    let failed = move || Some(view! { <p>{theirs.get()?.err()?.message()}</p> });
    // Disabled until their version is loaded.
    let unknown = Signal::derive(move || theirs.data().is_none());
    let keep = move |()| {
        if let Some(offer) = untrack(|| theirs.data()) {
            form.rebase(offer.version);
        }
    };
    view! {
        <p>
            <b>{texts::changed_by_someone_else()}</b>
            {texts::changes_still_here()}
        </p>
        {comparison}
        {failed}
        <div class="conflict-actions">
            <Button hook="load-current" press=load>{texts::use_theirs()}</Button>
            <Button variant=Variant::Primary hook="keep-mine" disabled=unknown press=keep>{texts::keep_my_changes()}</Button>
        </div>
    }
}

#[component]
fn Comparison(form: FormState, offer: Offer) -> impl IntoView {
    let rows = form.draft(|mine| differences(mine, &draft_of(&offer)));
    let rows = rows.into_iter().map(|(field, mine, theirs)| {
        view! { <tr><th scope="row">{field.label()}</th><td>{mine}</td><td>{theirs}</td></tr> }
    });
    view! {
        <table class="conflict" data-testid="conflict">
            <thead>
                <tr><th scope="col">{texts::field()}</th><th scope="col">{texts::yours()}</th><th scope="col">{texts::theirs()}</th></tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

/// The fields that differ, with both values.
fn differences(mine: &OfferDraft, theirs: &OfferDraft) -> Vec<(Field, String, String)> {
    let text = |draft: &OfferDraft, field: Field| {
        let text = field.of(&mut draft.clone()).clone();
        if text.is_empty() { texts::empty().to_owned() } else { text }
    };
    let both = Field::ALL.into_iter().map(|field| (field, text(mine, field), text(theirs, field)));
    both.filter(|(_, mine, theirs)| mine != theirs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_different_fields_are_compared() {
        let theirs = draft_of(&crate::charts::sample_offer());
        let mine = OfferDraft { budget: String::new(), ..theirs.clone() };
        assert_eq!(differences(&mine, &theirs), [(Field::Budget, "empty".to_owned(), "50".to_owned())]);
        assert!(differences(&theirs, &theirs).is_empty());
    }
}
