use chrono::NaiveDate;
use leptos::prelude::*;
use offercast_contract::{Dashboard, Limit, Offer, OfferState, RunOut};

use crate::components::{Icon, Symbol};
use crate::format::{long_day, money, percent, period};
use crate::words::{common, dashboard as words};

/// Days within which running out is near.
const SOON: i64 = 7;

/// What there is to know about the offer in one sentence.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    pub tone: Tone,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tone {
    Calm,
    Soon,
    Stopped,
}

pub fn verdict(data: &Dashboard) -> Verdict {
    let (offer, today) = (&data.offer, data.as_of.date_naive());
    let stopped = |text: &str| Verdict { tone: Tone::Stopped, text: text.to_owned() };
    let calm = |text: String| Verdict { tone: Tone::Calm, text };
    match offer.state {
        OfferState::Active => ahead(data, today),
        OfferState::Paused => stopped(words::is_paused()),
        OfferState::BudgetExhausted => stopped(words::budget_is_used_up()),
        OfferState::RedemptionsExhausted => stopped(words::all_are_used()),
        OfferState::Scheduled => {
            let days = offer.start_date.signed_duration_since(today).num_days();
            calm(words::starts(&long_day(offer.start_date), &common::in_days(days)))
        }
        OfferState::Expired => calm(over(offer)),
        OfferState::Archived => calm(words::is_archived().to_owned()),
    }
}

fn ahead(data: &Dashboard, today: NaiveDate) -> Verdict {
    let end = data.offer.end_date;
    let run_out = data.forecast.run_out.as_ref();
    if let Some((run_out, day)) = run_out.and_then(|run_out| Some((run_out, run_out.median?))) {
        let tone = if day.signed_duration_since(today).num_days() <= SOON { Tone::Soon } else { Tone::Calm };
        let early = end.signed_duration_since(day).num_days();
        let early = if early > 0 { words::before_the_end(&common::days(early)) } else { String::new() };
        let ends = match run_out.limit {
            Some(Limit::MaxRedemptions) => words::last_is_used,
            Some(Limit::Budget) | None => words::budget_runs_out,
        };
        return Verdict { tone, text: ends(&long_day(day), &early, &band(run_out, end)) };
    }
    let risk = run_out.map_or_else(String::new, risk);
    Verdict { tone: Tone::Calm, text: words::on_course(&long_day(end), &risk) }
}

/// How likely it is to run out all the same; nothing where that is hardly so.
pub fn risk(run_out: &RunOut) -> String {
    let percentage = (run_out.probability * 100.0).round();
    if percentage < 1.0 { String::new() } else { words::risk(&percent(percentage)) }
}

/// The days that hold the date with 80 % certainty.
pub fn band(run_out: &RunOut, end: NaiveDate) -> String {
    match (run_out.earliest_80, run_out.latest_80) {
        (Some(from), Some(to)) => words::band(&period(from, to)),
        (Some(from), None) => words::open_band(&long_day(from), &long_day(end)),
        _ => String::new(),
    }
}

fn over(offer: &Offer) -> String {
    let used = common::redemptions(offer.totals.redemptions);
    let left = offer.totals.remaining_budget;
    let left = left.map_or(String::new(), |left| words::of_budget_left(&money(left, &offer.currency)));
    words::ended_with(&long_day(offer.end_date), &used, &left)
}

#[component]
pub fn VerdictLine(data: Signal<Option<Dashboard>>) -> impl IntoView {
    move || {
        let Verdict { tone, text } = data.with(|data| data.as_ref().map(verdict))?;
        let (class, symbol) = match tone {
            Tone::Calm => ("verdict", Symbol::Info),
            Tone::Soon => ("verdict verdict-soon", Symbol::Warning),
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
    fn says_when_the_money_runs_out() {
        assert_eq!(
            verdict(&sample_dashboard()),
            Verdict {
                tone: Tone::Soon,
                text: "At this pace the budget runs out around 25 Nov 2026, 36 days before the offer ends \
                       (80% between 24 – 26 Nov 2026)."
                    .to_owned()
            }
        );
    }

    #[test]
    fn an_offer_within_its_limits_says_how_sure_that_is() {
        let mut data = sample_dashboard();
        data.forecast.run_out = None;
        let course = "On course to reach its last day, 31 Dec 2026, within its limits";
        assert_eq!(verdict(&data).text, format!("{course}."));
        let unlikely = RunOut {
            probability: 0.12,
            limit: Some(Limit::Budget),
            median: None,
            earliest_80: None,
            latest_80: None,
        };
        data.forecast.run_out = Some(unlikely);
        assert_eq!(verdict(&data).text, format!("{course} (12% risk of running out)."));
    }

    #[test]
    fn an_offer_that_stands_still_says_why() {
        let mut data = sample_dashboard();
        data.offer.state = OfferState::Paused;
        assert_eq!(verdict(&data).tone, Tone::Stopped);
        data.offer.state = OfferState::Expired;
        assert_eq!(
            verdict(&data).text,
            "Ended on 31 Dec 2026 with 17 redemptions, 16.00 USD of its budget left."
        );
    }
}
