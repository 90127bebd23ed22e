use proptest::prelude::*;

use super::*;
use crate::sample::offer;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn totals(redeemed: i64, spent: i64) -> Totals {
    Totals { redeemed, spent: Decimal::from(spent), ..Totals::default() }
}

fn on<'a>(offer: &'a Offer, today: &str, totals: Totals) -> OfferService<'a> {
    OfferService { offer, totals, today: day(today) }
}

#[test]
fn start_date_and_end_date_are_included() {
    let offer = offer(|_| ());
    let state = |today| on(&offer, today, Totals::default()).state();
    assert_eq!(state("2026-05-31"), OfferState::Scheduled);
    assert_eq!(state("2026-06-01"), OfferState::Active);
    assert_eq!(state("2026-06-30"), OfferState::Active);
    assert_eq!(state("2026-07-01"), OfferState::Expired);
}

#[test]
fn the_first_reason_in_the_documented_order_is_reported() {
    // Every reason applies to this offer at first; they are removed one by one.
    let mut offer = offer(|d| {
        d.status = "archived".into();
        d.max_redemptions = "1".into();
        d.budget = "10".into();
        d.min_order_amount = "100".into();
    });
    let full = totals(1, 10);
    let order = Decimal::new(9_999, 2);
    let refusal = |offer: &Offer, today, totals| on(offer, today, totals).redeem(order, 0).unwrap_err();
    assert_eq!(refusal(&offer, "2026-07-01", full), Refusal::Archived);
    offer.terms.status = OfferStatus::Paused;
    assert_eq!(refusal(&offer, "2026-07-01", full), Refusal::Paused);
    offer.terms.status = OfferStatus::Active;
    assert_eq!(refusal(&offer, "2026-05-01", full), Refusal::NotStarted);
    assert_eq!(refusal(&offer, "2026-07-01", full), Refusal::Expired);
    assert_eq!(refusal(&offer, "2026-06-15", full), Refusal::MaxRedemptionsReached);
    assert_eq!(refusal(&offer, "2026-06-15", totals(0, 10)), Refusal::BudgetExhausted);
    assert_eq!(refusal(&offer, "2026-06-15", totals(0, 6)), Refusal::BudgetExhausted);
    assert_eq!(refusal(&offer, "2026-06-15", totals(0, 5)), Refusal::OrderBelowMinimum);
    assert!(on(&offer, "2026-06-15", totals(0, 5)).redeem(Decimal::ONE_HUNDRED, 0).is_ok());
    // A quote reports all of them.
    let quote = on(&offer, "2026-07-01", full).quote(order, 0);
    assert_eq!((quote.discount, quote.discount_asked), (Decimal::ZERO, Decimal::from(5)));
    let reasons: Vec<_> = quote.reasons.into_iter().map(Refusal::code).collect();
    let all = ["offer_expired", "max_redemptions_reached", "budget_exhausted", "order_below_minimum"];
    assert_eq!(reasons, all);
}

#[test]
fn reasons_that_depend_on_the_order_do_not_change_the_state() {
    let offer = offer(|d| d.min_order_amount = "100".into());
    let service = on(&offer, "2026-06-15", Totals::default());
    assert_eq!(service.redeem(Decimal::TEN, 0), Err(Refusal::OrderBelowMinimum));
    assert_eq!((service.state(), service.refusal()), (OfferState::Active, None));
    // Only dates and limits apply to a recorded redemption.
    assert!(service.replay(Decimal::ONE).is_ok());
}

#[test]
fn max_discount_applies_before_the_budget() {
    let offer = offer(|d| {
        d.discount_type = "percent".into();
        d.discount_value = "10".into();
        d.max_discount = "7.50".into();
        d.budget = "10".into();
    });
    let given = |totals, amount: i64| on(&offer, "2026-06-15", totals).redeem(amount.into(), 0);
    assert_eq!(given(Totals::default(), 60).unwrap().discount, Decimal::from(6));
    assert_eq!(given(Totals::default(), 500).unwrap().discount, Decimal::new(75, 1));
    assert_eq!(given(totals(1, 3), 500), Err(Refusal::BudgetExhausted));
}

#[test]
fn an_order_can_use_exactly_the_remaining_budget() {
    let offer = offer(|d| d.budget = "5".into());
    let grant = on(&offer, "2026-06-01", Totals::default()).redeem(Decimal::TEN, 0).unwrap();
    assert_eq!(grant.totals, totals(1, 5));
    assert_eq!(on(&offer, "2026-06-01", grant.totals).state(), OfferState::BudgetExhausted);
}

#[test]
fn an_exhausted_budget_declines_even_a_discount_of_zero() {
    let offer = offer(|d| {
        d.discount_type = "percent".into();
        d.discount_value = "1".into();
        d.budget = "5".into();
    });
    // One percent of 0.10 rounds to 0. The state is exhausted, so the redemption is declined.
    let refused = on(&offer, "2026-06-01", totals(1, 5)).redeem(Decimal::new(10, 2), 0);
    assert_eq!(refused, Err(Refusal::BudgetExhausted));
}

#[test]
fn limits_cannot_be_set_below_what_is_used() {
    let stored = offer(|d| d.budget = "100".into());
    let service = on(&stored, "2026-06-15", totals(10, 50));
    let fields = |new: &Offer| -> Vec<&str> {
        service.check_edit(&new.terms, true).err().unwrap_or_default().iter().map(|e| e.field).collect()
    };
    assert!(fields(&offer(|d| d.budget = "50".into())).is_empty());
    assert_eq!(fields(&offer(|d| d.budget = "49.99".into())), ["budget"]);
    assert_eq!(
        fields(&offer(|d| {
            d.budget = "100".into();
            d.max_redemptions = "9".into();
        })),
        ["max_redemptions"]
    );
    assert_eq!(
        fields(&offer(|d| {
            d.budget = "100".into();
            d.currency = "EUR".into();
        })),
        ["currency"]
    );
}

#[test]
fn an_offer_over_its_limit_after_an_import_can_still_be_renamed() {
    let stored = offer(|d| d.budget = "10".into());
    let service = on(&stored, "2026-06-15", totals(10, 50));
    assert!(
        service
            .check_edit(
                &offer(|d| {
                    d.budget = "10".into();
                    d.name = "New".into();
                })
                .terms,
                true
            )
            .is_ok()
    );
    assert_eq!(service.remaining_budget(), Some(Decimal::ZERO));
}

#[test]
fn all_errors_of_an_order_are_reported_at_once() {
    let draft =
        OrderDraft { customer_id: String::new(), order_amount: "-1".into(), order_id: Some("x".repeat(65)) };
    let fields: Vec<_> = draft.check().unwrap_err().iter().map(|e| (e.field, e.code)).collect();
    assert_eq!(
        fields,
        [("customer_id", "required"), ("order_amount", "out_of_range"), ("order_id", "too_long")]
    );
}

#[test]
fn holds_count_towards_every_limit() {
    let offer = offer(|d| {
        d.budget = "10".into();
        d.max_redemptions = "2".into();
    });
    let held = totals(0, 0).hold(5.into());
    let grant = on(&offer, "2026-06-15", held).redeem(Decimal::TEN, 0).unwrap();
    assert_eq!((grant.totals.redeemed, grant.totals.taken()), (1, 2));
    let full = on(&offer, "2026-06-15", grant.totals);
    assert_eq!(
        (full.state(), full.remaining_budget()),
        (OfferState::RedemptionsExhausted, Some(Decimal::ZERO))
    );
    let again = on(&offer, "2026-06-15", grant.totals.release(5.into()));
    assert_eq!((again.state(), again.remaining_budget()), (OfferState::Active, Some(5.into())));
}

#[test]
fn with_partial_the_last_order_gets_the_remaining_budget() {
    let offer = offer(|d| {
        d.budget = "12".into();
        d.on_budget_shortfall = "partial".into();
    });
    let redeem = |totals| on(&offer, "2026-06-15", totals).redeem(Decimal::TEN, 0);
    let last = redeem(totals(2, 10)).unwrap();
    assert_eq!((last.discount, last.discount_asked), (Decimal::TWO, Decimal::from(5)));
    assert_eq!(redeem(last.totals), Err(Refusal::BudgetExhausted));
    // Imported redemptions may leave less than one minor unit, which cannot be given.
    let fraction_left = Totals { redeemed: 3, spent: Decimal::new(119_999, 4), ..Totals::default() };
    assert_eq!(redeem(fraction_left), Err(Refusal::BudgetExhausted));
    // A recorded discount is never reduced.
    assert_eq!(on(&offer, "2026-06-15", totals(2, 10)).replay(5.into()), Err(Refusal::BudgetExhausted));
}

#[test]
fn redemptions_per_customer_are_limited() {
    let offer = offer(|d| d.max_redemptions_per_customer = "2".into());
    let redeem = |uses| on(&offer, "2026-06-15", Totals::default()).redeem(Decimal::TEN, uses);
    assert!(redeem(1).is_ok());
    assert_eq!(redeem(2), Err(Refusal::CustomerLimitReached));
}

#[test]
fn open_reservations_hold_only_a_share_of_an_offer() {
    let offer = offer(|d| {
        (d.discount_type, d.discount_value) = ("percent".into(), "10".into());
        d.budget = "100".into();
    });
    let limits = HoldLimits { max_open: 3, max_budget_percent: 20, ..HoldLimits::default() };
    let reserve = |totals, amount: i64| on(&offer, "2026-06-15", totals).reserve(amount.into(), 0, &limits);
    // A single hold may exceed the share, so that a large order can always be reserved.
    let large = reserve(Totals::default(), 900).unwrap();
    assert_eq!(large.discount, Decimal::from(90));
    let first = reserve(Totals::default(), 100).unwrap().totals;
    let second = reserve(first, 100).unwrap().totals;
    assert_eq!(second.held.discount, Decimal::from(20));
    assert_eq!(reserve(second, 1), Err(Refusal::HoldLimitReached));
    // The limit does not apply to redemptions without a reservation.
    assert!(on(&offer, "2026-06-15", second).redeem(100.into(), 0).is_ok());
    let many = (0..3).fold(Totals::default(), |totals, _| totals.hold(Decimal::new(1, 2)));
    assert_eq!(reserve(many, 1), Err(Refusal::HoldLimitReached));
    assert!(reserve(many.release(Decimal::new(1, 2)), 1).is_ok());
}

proptest! {
    /// Whatever the sequence of orders: no limit is exceeded, and the state and the quote predict the decision.
    #[test]
    fn no_limit_is_ever_exceeded(
        percent in any::<bool>(),
        value in 1u32..=100,
        budget in prop::option::of(1u32..2_000),
        max in prop::option::of(1u32..40),
        least in prop::option::of(1u32..400),
        cap in prop::option::of(1u32..30),
        partial in any::<bool>(),
        orders in prop::collection::vec((1u32..50_000, 0u32..40), 0..80),
    ) {
        let offer = offer(|d| {
            d.discount_type = if percent { "percent" } else { "flat" }.into();
            d.discount_value = value.to_string();
            d.budget = budget.map(|b| b.to_string()).unwrap_or_default();
            d.max_redemptions = max.map(|m| m.to_string()).unwrap_or_default();
            d.min_order_amount = least.map(|least| least.to_string()).unwrap_or_default();
            d.max_discount = cap.map(|cap| cap.to_string()).unwrap_or_default();
            d.on_budget_shortfall = if partial { "partial" } else { "reject" }.into();
        });
        let mut totals = Totals::default();
        for (cents, offset) in orders {
            let today = day("2026-05-28") + chrono::Days::new(offset.into());
            let service = OfferService { offer: &offer, totals, today };
            let state = service.state();
            let amount = Decimal::new(cents.into(), 2);
            let quote = service.quote(amount, 0);
            let first = quote.reasons.first().copied();
            match service.redeem(amount, 0) {
                Ok(grant) => {
                    prop_assert_eq!((state, first, quote.discount), (OfferState::Active, None, grant.discount));
                    prop_assert!(grant.discount <= amount && cap.is_none_or(|cap| grant.discount <= cap.into()));
                    prop_assert!(least.is_none_or(|least| amount >= least.into()));
                    prop_assert_eq!(grant.totals.redeemed, totals.redeemed + 1);
                    prop_assert_eq!(grant.totals.spent, totals.spent + grant.discount);
                    prop_assert!(grant.discount <= grant.discount_asked);
                    prop_assert!(partial || grant.discount == grant.discount_asked);
                    totals = grant.totals;
                }
                // The offer is active but this discount is too large: a smaller one still fits.
                Err(Refusal::BudgetExhausted) if state == OfferState::Active => {
                    prop_assert!(!partial);
                    prop_assert!(service.replay(service.remaining_budget().unwrap()).is_ok());
                }
                Err(Refusal::OrderBelowMinimum) => prop_assert_eq!(state, OfferState::Active),
                Err(refusal) => prop_assert_eq!((Some(refusal), Some(refusal)), (service.refusal(), first)),
            }
            prop_assert!(budget.is_none_or(|b| totals.spent <= Decimal::from(b)));
            prop_assert!(max.is_none_or(|m| totals.redeemed <= i64::from(m)));
        }
    }
}
