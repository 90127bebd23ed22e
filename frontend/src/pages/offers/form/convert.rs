use chrono::{Days, NaiveDate};
use offercast_contract::{DiscountType, Money, Offer, OfferInput, Shortfall};
use offercast_domain::{OfferDraft, OfferTerms};

use crate::format::status_name;
use crate::i18n::form as texts;

/// The default length of a new offer: 30 days.
const DEFAULT_DAYS: Days = Days::new(29);

/// Maximum length of a code before the suffix `-COPY`.
const CODE_LENGTH: usize = 59;

/// The draft of a new offer.
pub fn blank(today: Option<NaiveDate>, zone: String) -> OfferDraft {
    let text = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    OfferDraft {
        discount_type: "percent".to_owned(),
        currency: "USD".to_owned(),
        timezone: zone,
        start_date: text(today),
        end_date: text(today.and_then(|day| day.checked_add_days(DEFAULT_DAYS))),
        status: "active".to_owned(),
        ..OfferDraft::default()
    }
}

/// The draft that edits a stored offer.
pub fn draft_of(offer: &Offer) -> OfferDraft {
    OfferDraft {
        name: offer.name.clone(),
        code: offer.code.clone(),
        discount_type: match offer.discount_type {
            DiscountType::Percent => "percent".to_owned(),
            DiscountType::Flat => "flat".to_owned(),
        },
        discount_value: offer.discount_value.to_string(),
        currency: offer.currency.clone(),
        timezone: offer.timezone.clone(),
        start_date: offer.start_date.to_string(),
        end_date: offer.end_date.to_string(),
        budget: offer.budget.map_or_else(String::new, |budget| budget.to_string()),
        max_redemptions: offer.max_redemptions.map_or_else(String::new, |max| max.to_string()),
        min_order_amount: offer.min_order_amount.map_or_else(String::new, |least| least.to_string()),
        max_discount: offer.max_discount.map_or_else(String::new, |most| most.to_string()),
        max_redemptions_per_customer: offer
            .max_redemptions_per_customer
            .map_or_else(String::new, |max| max.to_string()),
        on_budget_shortfall: match offer.on_budget_shortfall {
            Shortfall::Reject => "reject".to_owned(),
            Shortfall::Partial => "partial".to_owned(),
        },
        status: status_name(offer.status).to_owned(),
    }
}

/// The draft of a copy: the same length from today, with another code.
pub fn copy_of(offer: &Offer, today: Option<NaiveDate>) -> OfferDraft {
    let start = today.unwrap_or(offer.start_date);
    let length = offer.end_date.signed_duration_since(offer.start_date);
    let end = start.checked_add_signed(length).unwrap_or(offer.end_date);
    let code: String = offer.code.chars().take(CODE_LENGTH).collect();
    OfferDraft {
        name: texts::copy_of(&offer.name),
        code: format!("{code}-COPY"),
        start_date: start.to_string(),
        end_date: end.to_string(),
        status: "active".to_owned(),
        ..draft_of(offer)
    }
}

/// The request body that stores these terms. `version` is the edited version.
pub fn input_of(terms: &OfferTerms, version: Option<i64>) -> OfferInput {
    OfferInput {
        name: Some(terms.name.clone()),
        code: Some(terms.code.to_string()),
        discount_type: Some(terms.discount.kind().to_owned()),
        discount_value: Some(Money(terms.discount.value())),
        currency: Some(terms.currency.to_string()),
        timezone: Some(terms.zone.to_string()),
        start_date: Some(terms.start_date.to_string()),
        end_date: Some(terms.end_date.to_string()),
        budget: terms.budget.map(Money),
        max_redemptions: terms.max_redemptions,
        min_order_amount: terms.min_order_amount.map(Money),
        max_discount: terms.max_discount.map(Money),
        max_redemptions_per_customer: terms.max_redemptions_per_customer,
        on_budget_shortfall: Some(terms.on_budget_shortfall.name().to_owned()),
        status: Some(terms.status.name().to_owned()),
        version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_offer_starts_today_and_lacks_name_code_and_discount() {
        let draft = blank("2026-11-23".parse().ok(), "Europe/Berlin".to_owned());
        assert_eq!((draft.start_date.as_str(), draft.end_date.as_str()), ("2026-11-23", "2026-12-22"));
        let missing: Vec<_> = draft.check().unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(missing, ["name", "code", "discount_value"]);
    }

    #[test]
    fn a_copy_has_the_same_length_and_starts_today() {
        let mut offer = crate::charts::sample_offer();
        offer.code = "A".repeat(64);
        let draft = copy_of(&offer, "2027-01-01".parse().ok());
        assert_eq!((draft.start_date.as_str(), draft.end_date.as_str()), ("2027-01-01", "2027-02-12"));
        assert!(draft.check().is_ok(), "{draft:?}");
    }

    #[test]
    fn the_form_keeps_an_offer_unchanged() {
        let offer = crate::charts::sample_offer();
        let terms = draft_of(&offer).check().unwrap();
        insta::assert_json_snapshot!(input_of(&terms, Some(offer.version)));
    }
}
