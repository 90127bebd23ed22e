use chrono::NaiveDate;
use leptos::prelude::*;
use offercast_contract::{Dashboard, Limit, Offer, OfferState, RunOut};

use crate::components::{Icon, Symbol};
use crate::format::{long_day, money, percent, period};
use crate::i18n::{common, dashboard as texts};

/// An offer that runs out within this many days gets a warning.
const SOON: i64 = 7;

/// The outlook of an offer in one sentence.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    pub tone: Tone,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tone {
    Info,
    Warning,
    Stopped,
}

pub fn verdict(data: &Dashboard) -> Verdict {
    let (offer, today) = (&data.offer, data.as_of.date_naive());
    let stopped = |text: &str| Verdict { tone: Tone::Stopped, text: text.to_owned() };
    let info = |text: String| Verdict { tone: Tone::Info, text };
    match offer.state {
        OfferState::Active => outlook(data, today),
        OfferState::Paused => stopped(texts::is_paused()),
        OfferState::BudgetExhausted => stopped(texts::budget_is_used_up()),
        OfferState::RedemptionsExhausted => stopped(texts::limit_is_reached()),
        OfferState::Scheduled => {
            let days = offer.start_date.signed_duration_since(today).num_days();
            info(texts::starts(&long_day(offer.start_date), &common::in_days(days)))
        }
        OfferState::Expired => info(ended(offer)),
        OfferState::Archived => info(texts::is_archived().to_owned()),
    }
}

fn outlook(data: &Dashboard, today: NaiveDate) -> Verdict {
    let end = data.offer.end_date;
    let run_out = data.forecast.run_out.as_ref();
    if let Some((run_out, day)) = run_out.and_then(|run_out| Some((run_out, run_out.median?))) {
        let tone =
            if day.signed_duration_since(today).num_days() <= SOON { Tone::Warning } else { Tone::Info };
        let early = end.signed_duration_since(day).num_days();
        let early = if early > 0 { texts::before_the_end(&common::days(early)) } else { String::new() };
        let ends = match run_out.limit {
            Some(Limit::MaxRedemptions) => texts::reaches_limit,
            Some(Limit::Budget) | None => texts::runs_out_of_budget,
        };
        return Verdict { tone, text: ends(&long_day(day), &early, &band(run_out)) };
    }
    let risk = run_out.map_or_else(String::new, risk);
    Verdict { tone: Tone::Info, text: within_limits(&data.offer, &risk) }
}

/// The text for an offer that is expected to last until its end date, by the limits it has.
fn within_limits(offer: &Offer, risk: &str) -> String {
    let end = long_day(offer.end_date);
    match (offer.budget, offer.max_redemptions) {
        (Some(_), Some(_)) => texts::both_last(&end, risk),
        (Some(_), None) => texts::budget_lasts(&end, risk),
        (None, Some(_)) => texts::limit_lasts(&end, risk),
        (None, None) => texts::runs_unlimited(&end),
    }
}

/// The probability of running out before the end date. Empty below 1%.
pub fn risk(run_out: &RunOut) -> String {
    let percentage = (run_out.probability * 100.0).round();
    if percentage < 1.0 { String::new() } else { texts::risk(&percent(percentage)) }
}

/// The 80% interval of the run-out date.
pub fn band(run_out: &RunOut) -> String {
    match (run_out.earliest_80, run_out.latest_80) {
        (Some(from), Some(to)) => texts::band(&period(from, to)),
        (Some(from), None) => texts::open_band(&long_day(from)),
        _ => String::new(),
    }
}

fn ended(offer: &Offer) -> String {
    let used = common::redemptions(offer.totals.redemptions);
    let left = offer.totals.remaining_budget;
    let left = left.map_or(String::new(), |left| texts::and_budget_left(&money(left, &offer.currency)));
    texts::ended_with(&long_day(offer.end_date), &used, &left)
}

#[component]
pub fn VerdictLine(data: Signal<Option<Dashboard>>) -> impl IntoView {
    move || {
        let Verdict { tone, text } = data.with(|data| data.as_ref().map(verdict))?;
        let (class, symbol) = match tone {
            Tone::Info => ("verdict", Symbol::Info),
            Tone::Warning => ("verdict verdict-soon", Symbol::Warning),
            Tone::Stopped => ("verdict verdict-stopped", Symbol::Alert),
        };
        Some(view! { <p class=class data-testid="verdict"><Icon symbol />{text}</p> })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_dashboard;

    #[test]
    fn names_the_day_on_which_the_budget_runs_out() {
        assert_eq!(
            verdict(&sample_dashboard()),
            Verdict {
                tone: Tone::Warning,
                text: "Likely to run out of budget around 25 Nov 2026, 36 days before the end date \
                       (80% likely 24–26 Nov 2026)."
                    .to_owned()
            }
        );
    }

    #[test]
    fn an_offer_that_lasts_names_its_limits_and_the_risk() {
        let mut data = sample_dashboard();
        data.forecast.run_out = None;
        let text = "Budget and redemption limit should last until 31 Dec 2026";
        assert_eq!(verdict(&data).text, format!("{text}."));
        let unlikely = RunOut {
            probability: 0.12,
            limit: Some(Limit::Budget),
            median: None,
            earliest_80: None,
            latest_80: None,
        };
        data.forecast.run_out = Some(unlikely);
        assert_eq!(verdict(&data).text, format!("{text} (12% risk of running out early)."));
        data.offer.max_redemptions = None;
        data.forecast.run_out = None;
        assert_eq!(verdict(&data).text, "Budget should last until 31 Dec 2026.");
        (data.offer.budget, data.offer.max_redemptions) = (None, Some(100));
        assert_eq!(verdict(&data).text, "Redemption limit should last until 31 Dec 2026.");
        data.offer.max_redemptions = None;
        assert_eq!(verdict(&data).text, "Runs until 31 Dec 2026. No limits set.");
    }

    #[test]
    fn a_stopped_offer_says_why() {
        let mut data = sample_dashboard();
        data.offer.state = OfferState::Paused;
        assert_eq!(verdict(&data).tone, Tone::Stopped);
        data.offer.state = OfferState::Expired;
        assert_eq!(
            verdict(&data).text,
            "Ended on 31 Dec 2026 with 17 redemptions and 16.00 USD of budget left."
        );
    }
}
