use leptos::prelude::*;
use offercast_contract::{Money, Offer, OfferState};
use offercast_domain::{OfferDraft, OfferTerms};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::state::FormState;
use crate::components::{Icon, Symbol};
use crate::format::{count, long_day, money, period};
use crate::words::{common, form as words};

/// An order that a shop may see.
const EXAMPLE: Decimal = Decimal::from_parts(500, 0, 0, false, 0);

/// What is typed, as customers and the books will see it.
#[component]
pub fn Preview(form: FormState, stored: Option<Offer>) -> impl IntoView {
    let stored = StoredValue::new(stored);
    let sentences = move || {
        let terms = form.draft(terms_so_far);
        let sentences = terms.map_or_else(
            || vec![words::fill_in().to_owned()],
            |terms| stored.with_value(|stored| in_words(&terms, stored.as_ref())),
        );
        sentences.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()
    };
    let warning = move || {
        let terms = form.draft(|draft| draft.check().ok())?;
        stored.with_value(|stored| warning(stored.as_ref()?, &terms))
    };
    view! {
        <aside class="preview" aria-label=words::preview()>
            <h2>{words::in_words()}</h2>
            <ul data-testid="preview" aria-live="polite">{sentences}</ul>
            {move || warning().map(|text| view! {
                <p class="banner banner-warn" data-testid="live-warning"><Icon symbol=Symbol::Warning />{text}</p>
            })}
        </aside>
    }
}

/// The terms, also before the offer has a name.
fn terms_so_far(draft: &OfferDraft) -> Option<OfferTerms> {
    let or =
        |text: &str, default: &str| if text.trim().is_empty() { default.to_owned() } else { text.to_owned() };
    OfferDraft { name: or(&draft.name, "Preview"), code: or(&draft.code, "PREVIEW"), ..draft.clone() }
        .check()
        .ok()
}

fn in_words(terms: &OfferTerms, stored: Option<&Offer>) -> Vec<String> {
    let currency = terms.currency.code();
    let given = money(Money(terms.discount_of(EXAMPLE)), currency);
    let days = terms.end_date.signed_duration_since(terms.start_date).num_days() + 1;
    let mut sentences = vec![
        words::order_gets(&money(Money(EXAMPLE), currency), &given),
        words::redeems_for(&common::days(days), &period(terms.start_date, terms.end_date)),
    ];
    sentences.extend(reach(terms, stored));
    let stops = |maximum| words::stops_after(&common::redemptions(maximum));
    sentences.extend(terms.max_redemptions.map(stops));
    if terms.budget.is_none() && terms.max_redemptions.is_none() {
        sentences.push(words::nothing_limits(&long_day(terms.end_date)));
    }
    sentences
}

/// How far the budget goes: by what redemptions cost so far, else by the example.
fn reach(terms: &OfferTerms, stored: Option<&Offer>) -> Option<String> {
    let budget = terms.budget?;
    let totals = stored.map(|offer| &offer.totals);
    let average = stored.and_then(|offer| average(terms, offer));
    let each = average.unwrap_or_else(|| terms.discount_of(EXAMPLE));
    let lasts = budget.checked_div(each)?.floor().to_i64()?;
    let left = totals.map(|totals| (lasts - totals.redemptions).max(0)).filter(|left| *left != lasts);
    let bought = common::redemptions(lasts);
    Some(match (average, left) {
        (Some(_), Some(left)) => words::present_average_left(&bought, &count(left)),
        (Some(_), None) => words::present_average(&bought),
        (None, Some(left)) => words::orders_like_this_left(&bought, &count(left)),
        (None, None) => words::orders_like_this(&bought),
    })
}

/// What a redemption cost so far, in proportion to the discount that is typed; another kind says nothing of it.
fn average(terms: &OfferTerms, stored: &Offer) -> Option<Decimal> {
    let now =
        super::draft_of(stored).check().ok().filter(|now| now.discount.kind() == terms.discount.kind())?;
    let totals = &stored.totals;
    let average = totals.discount_given.0.checked_div(totals.redemptions.into())?;
    let scaled = average.checked_mul(terms.discount.value())?.checked_div(now.discount.value())?;
    Some(scaled).filter(|each| !each.is_zero())
}

/// What customers of a live offer would notice at once.
fn warning(offer: &Offer, terms: &OfferTerms) -> Option<String> {
    let now = super::draft_of(offer).check().ok()?;
    let money_of = |amount: Decimal| money(Money(amount), &offer.currency);
    let spent = offer.totals.discount_given.0;
    if offer.state != OfferState::Active || now == *terms {
        return None;
    }
    if let Some(budget) = terms.budget.filter(|budget| *budget <= spent && terms.budget != now.budget) {
        return Some(words::stops_by_budget(&money_of(budget), &money_of(spent)));
    }
    if terms.max_redemptions.is_some_and(|maximum| maximum <= offer.totals.redemptions) {
        return Some(words::stops_by_maximum().to_owned());
    }
    let noticed = now.discount != terms.discount
        || now.max_discount != terms.max_discount
        || now.min_order_amount != terms.min_order_amount
        || now.code != terms.code
        || (now.start_date, now.end_date, now.status) != (terms.start_date, terms.end_date, terms.status);
    noticed.then(|| words::is_live().to_owned())
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
    fn says_what_an_order_gets_and_how_far_the_money_goes() {
        let tenth = terms(|draft| {
            draft.discount_type = "percent".to_owned();
            draft.discount_value = "10".to_owned();
            draft.budget = "1000".to_owned();
        });
        let words = in_words(&tenth, None);
        assert_eq!(words[0], "An order of 500.00 USD gets 50.00 USD off.");
        assert_eq!(words[2], "With orders like this one the budget buys about 20 redemptions.");
    }

    #[test]
    fn what_was_redeemed_tells_the_average() {
        let offer = sample_offer();
        assert_eq!(
            reach(&terms(|_| ()), Some(&offer)).unwrap(),
            "At the present average the budget buys about 25 redemptions, 8 more than so far."
        );
        let dearer = terms(|draft| draft.discount_value = "5".to_owned());
        assert!(reach(&dearer, Some(&offer)).unwrap().contains("about 10 redemptions, 0 more"));
    }

    #[test]
    fn an_offer_without_limits_is_said_to_be_so() {
        let open = terms(|draft| {
            draft.budget.clear();
            draft.max_redemptions.clear();
        });
        assert!(
            in_words(&open, None).contains(&"Nothing limits what it costs until 31 Dec 2026.".to_owned())
        );
    }

    #[test]
    fn a_nameless_offer_has_a_preview_and_a_wrong_one_none() {
        let mut draft = super::super::draft_of(&sample_offer());
        draft.name.clear();
        assert!(terms_so_far(&draft).is_some());
        draft.discount_value = "none".to_owned();
        assert!(terms_so_far(&draft).is_none());
    }

    #[test]
    fn warns_of_what_customers_would_notice() {
        let offer = sample_offer();
        let said = |change: fn(&mut OfferDraft)| warning(&offer, &terms(change)).unwrap_or_default();
        assert_eq!(said(|_| ()), "");
        assert_eq!(said(|draft| draft.name = "Other".to_owned()), "");
        assert!(said(|draft| draft.discount_value = "3".to_owned()).contains("is live"));
        assert!(said(|draft| draft.budget = "20".to_owned()).contains("stops at once"));
        assert!(said(|draft| draft.max_redemptions = "17".to_owned()).contains("stops at once"));
    }
}
