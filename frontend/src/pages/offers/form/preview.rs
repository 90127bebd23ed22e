use leptos::prelude::*;
use offercast_contract::{Money, Offer, OfferState};
use offercast_domain::{OfferDraft, OfferTerms};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::state::FormState;
use crate::components::{Icon, Symbol};
use crate::format::{count, money, period};
use crate::i18n::{common, form as texts};

/// The order value of the example.
const EXAMPLE: Decimal = Decimal::from_parts(500, 0, 0, false, 0);

/// What the entered terms mean for customers and costs.
#[component]
pub fn Preview(form: FormState, stored: Option<Offer>) -> impl IntoView {
    let stored = StoredValue::new(stored);
    let sentences = move || {
        let terms = form.draft(terms_so_far);
        let sentences = terms.map_or_else(
            || vec![texts::enter_discount().to_owned()],
            |terms| stored.with_value(|stored| sentences_of(&terms, stored.as_ref())),
        );
        sentences.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()
    };
    let warning = move || {
        let terms = form.draft(|draft| draft.check().ok())?;
        stored.with_value(|stored| warning(stored.as_ref()?, &terms))
    };
    view! {
        <aside class="preview" aria-label=texts::preview()>
            <h2>{texts::summary()}</h2>
            <ul data-testid="preview" aria-live="polite">{sentences}</ul>
            {move || warning().map(|text| view! {
                <p class="banner banner-warn" data-testid="live-warning"><Icon symbol=Symbol::Warning />{text}</p>
            })}
        </aside>
    }
}

/// The terms of a draft, even if name and code are missing. `None` if a field is invalid.
fn terms_so_far(draft: &OfferDraft) -> Option<OfferTerms> {
    let or_default =
        |text: &str, default: &str| if text.trim().is_empty() { default.to_owned() } else { text.to_owned() };
    OfferDraft {
        name: or_default(&draft.name, "Preview"),
        code: or_default(&draft.code, "PREVIEW"),
        ..draft.clone()
    }
    .check()
    .ok()
}

fn sentences_of(terms: &OfferTerms, stored: Option<&Offer>) -> Vec<String> {
    let currency = terms.currency.code();
    let given = money(Money(terms.discount_of(EXAMPLE)), currency);
    let days = terms.end_date.signed_duration_since(terms.start_date).num_days() + 1;
    let mut sentences = vec![
        texts::order_gets(&money(Money(EXAMPLE), currency), &given),
        texts::runs_for(&common::days(days), &period(terms.start_date, terms.end_date)),
    ];
    sentences.extend(reach(terms, stored));
    let stops = |maximum| texts::stops_after(&common::redemptions(maximum));
    sentences.extend(terms.max_redemptions.map(stops));
    if terms.budget.is_none() && terms.max_redemptions.is_none() {
        sentences.push(texts::no_spending_limit().to_owned());
    }
    sentences
}

/// How many redemptions the budget covers, at the average discount so far or that of the example.
fn reach(terms: &OfferTerms, stored: Option<&Offer>) -> Option<String> {
    let budget = terms.budget?;
    let totals = stored.map(|offer| &offer.totals);
    let average = stored.and_then(|offer| average(terms, offer));
    let each = average.unwrap_or_else(|| terms.discount_of(EXAMPLE));
    let lasts = budget.checked_div(each)?.floor().to_i64()?;
    let left = totals.map(|totals| (lasts - totals.redemptions).max(0)).filter(|left| *left != lasts);
    let bought = common::redemptions(lasts);
    Some(match (average, left) {
        (Some(_), Some(left)) => texts::at_current_average_left(&bought, &count(left)),
        (Some(_), None) => texts::at_current_average(&bought),
        (None, Some(left)) => texts::with_such_orders_left(&bought, &count(left)),
        (None, None) => texts::with_such_orders(&bought),
    })
}

/// The average discount so far, scaled to the entered discount. `None` if the discount type changes.
fn average(terms: &OfferTerms, stored: &Offer) -> Option<Decimal> {
    let now =
        super::draft_of(stored).check().ok().filter(|now| now.discount.kind() == terms.discount.kind())?;
    let totals = &stored.totals;
    let average = totals.discount_given.0.checked_div(totals.redemptions.into())?;
    let scaled = average.checked_mul(terms.discount.value())?.checked_div(now.discount.value())?;
    Some(scaled).filter(|each| !each.is_zero())
}

/// A warning if saving affects customers of a live offer.
fn warning(offer: &Offer, terms: &OfferTerms) -> Option<String> {
    let now = super::draft_of(offer).check().ok()?;
    let money_of = |amount: Decimal| money(Money(amount), &offer.currency);
    let spent = offer.totals.discount_given.0;
    if offer.state != OfferState::Active || now == *terms {
        return None;
    }
    if let Some(budget) = terms.budget.filter(|budget| *budget <= spent && terms.budget != now.budget) {
        return Some(texts::stops_by_budget(&money_of(budget), &money_of(spent)));
    }
    if terms.max_redemptions.is_some_and(|maximum| maximum <= offer.totals.redemptions) {
        return Some(texts::stops_by_limit().to_owned());
    }
    let affects_customers = now.discount != terms.discount
        || now.max_discount != terms.max_discount
        || now.min_order_amount != terms.min_order_amount
        || now.code != terms.code
        || (now.start_date, now.end_date, now.status) != (terms.start_date, terms.end_date, terms.status);
    affects_customers.then(|| texts::is_live().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_offer;

    fn terms(change: impl FnOnce(&mut OfferDraft)) -> OfferTerms {
        let mut draft = super::super::draft_of(&sample_offer());
        change(&mut draft);
        draft.check().unwrap()
    }

    #[test]
    fn shows_the_discount_of_an_order_and_the_reach_of_the_budget() {
        let tenth = terms(|draft| {
            draft.discount_type = "percent".to_owned();
            draft.discount_value = "10".to_owned();
            draft.budget = "1000".to_owned();
        });
        let sentences = sentences_of(&tenth, None);
        assert_eq!(sentences[0], "An order of 500.00 USD gets 50.00 USD off.");
        assert_eq!(sentences[2], "With orders like this, the budget covers about 20 redemptions.");
    }

    #[test]
    fn the_average_comes_from_past_redemptions() {
        let offer = sample_offer();
        assert_eq!(
            reach(&terms(|_| ()), Some(&offer)).unwrap(),
            "At the current average, the budget covers about 25 redemptions (8 left)."
        );
        let dearer = terms(|draft| draft.discount_value = "5".to_owned());
        assert!(reach(&dearer, Some(&offer)).unwrap().contains("about 10 redemptions (0 left)"));
    }

    #[test]
    fn an_offer_without_limits_says_so() {
        let open = terms(|draft| {
            draft.budget.clear();
            draft.max_redemptions.clear();
        });
        assert!(
            sentences_of(&open, None).contains(&"No spending limit. Set a budget to cap costs.".to_owned())
        );
    }

    #[test]
    fn a_nameless_offer_has_a_preview_and_an_invalid_one_has_none() {
        let mut draft = super::super::draft_of(&sample_offer());
        draft.name.clear();
        assert!(terms_so_far(&draft).is_some());
        draft.discount_value = "none".to_owned();
        assert!(terms_so_far(&draft).is_none());
    }

    #[test]
    fn warns_of_changes_that_affect_customers() {
        let offer = sample_offer();
        let text = |change: fn(&mut OfferDraft)| warning(&offer, &terms(change)).unwrap_or_default();
        assert_eq!(text(|_| ()), "");
        assert_eq!(text(|draft| draft.name = "Other".to_owned()), "");
        assert!(text(|draft| draft.discount_value = "3".to_owned()).contains("is live"));
        assert!(text(|draft| draft.budget = "20".to_owned()).contains("stops immediately"));
        assert!(text(|draft| draft.max_redemptions = "17".to_owned()).contains("stops immediately"));
    }
}
