use leptos::prelude::*;
use offercast_contract::{DailyPoint, Dashboard, Money};
use rust_decimal::Decimal;

use crate::charts::{finished, height, previous, tall};
use crate::components::{Change, ChangeChip, Progress, Sparkline};
use crate::format::{compact, count, decimal, figure, long_day, money, percent, percent_of, whole};
use crate::words::{common, dashboard as words};

/// A figure and what to read it against.
#[derive(Clone, Debug, PartialEq)]
pub struct Kpi {
    pub value: String,
    /// The currency, where the value is money.
    pub unit: String,
    pub detail: String,
    /// How much of a limit is left or used, in percent.
    pub share: Option<f64>,
    pub trend: Option<Trend>,
}

/// How it went in the days that are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Against as many days before.
    pub change: Option<Change>,
    pub text: String,
    pub line: Vec<f64>,
}

fn kpi(value: impl Into<String>, detail: impl Into<String>) -> Kpi {
    Kpi { value: value.into(), unit: String::new(), detail: detail.into(), share: None, trend: None }
}

fn in_money(value: Money, currency: &str, detail: String) -> Kpi {
    Kpi { unit: currency.to_owned(), ..kpi(figure(value, currency), detail) }
}

pub fn redemptions(data: &Dashboard) -> Kpi {
    let detail = data
        .offer
        .max_redemptions
        .map_or(words::no_maximum().to_owned(), |max| words::of_possible(&count(max)));
    let sum = |days: &[DailyPoint]| days.iter().map(|day| day.redemptions).sum::<i64>();
    let trend = Trend {
        change: change(data, |days| tall(sum(days))),
        text: words::sum_in(&count(sum(&data.daily)), &days_shown(data)),
        line: data.daily.iter().map(|day| tall(day.redemptions)).collect(),
    };
    Kpi { trend: Some(trend), ..kpi(count(data.kpis.total_redemptions), detail) }
}

pub fn discount(data: &Dashboard) -> Kpi {
    let currency = &data.offer.currency;
    let total = data.kpis.total_discount_given;
    let mean = total.0.checked_div(Decimal::from(data.kpis.total_redemptions));
    let detail = mean.map_or(words::nothing_given().to_owned(), |mean| {
        words::each_on_average(&money(Money(mean), currency))
    });
    let sum = |days: &[DailyPoint]| Money(days.iter().map(|day| day.discount_given.0).sum());
    let trend = Trend {
        change: change(data, |days| height(sum(days))),
        text: words::sum_in(&compact(sum(&data.daily), currency), &days_shown(data)),
        line: data.daily.iter().map(|day| height(day.discount_given)).collect(),
    };
    Kpi { trend: Some(trend), ..in_money(total, currency, detail) }
}

pub fn remaining(data: &Dashboard) -> Kpi {
    let currency = &data.offer.currency;
    let (Some(left), Some(budget)) = (data.kpis.remaining_budget, data.offer.budget) else {
        return kpi(words::without_budget(), words::spending_not_limited());
    };
    let share = percent_of(left.0, budget.0);
    let detail = words::left_of(&percent(share), &compact(budget, currency));
    Kpi { share: Some(share), ..in_money(left, currency, detail) }
}

pub fn rate(data: &Dashboard) -> Kpi {
    match (data.kpis.redemption_rate, data.offer.max_redemptions) {
        (Some(rate), Some(max)) => {
            let share = percent_of(Decimal::from(data.kpis.total_redemptions), Decimal::from(max));
            Kpi { share: Some(share), ..kpi(percent(rate), words::of_redeemed(&count(max))) }
        }
        _ => kpi(words::without_maximum(), words::redemptions_not_limited()),
    }
}

pub fn average(data: &Dashboard) -> Kpi {
    let since = words::since(&long_day(data.offer.start_date));
    let line: Vec<f64> = data.moving_average.iter().map(|mean| mean.value).collect();
    let latest = finished(data).len().checked_sub(1).and_then(|last| line.get(last)).copied();
    let text = latest.map_or(String::new(), |mean| words::in_last_week(&decimal(mean)));
    let trend = Trend { change: None, text, line };
    Kpi { trend: Some(trend), ..kpi(decimal(data.kpis.average_daily_redemptions), since) }
}

/// Days that are over against as many of the period before, from its start on.
fn change(data: &Dashboard, sum: impl Fn(&[DailyPoint]) -> f64) -> Option<Change> {
    let (now, before) = (finished(data), previous(data)?);
    (!now.is_empty()).then(|| Change::between(sum(&before.daily[..now.len()]), sum(now)))
}

fn days_shown(data: &Dashboard) -> String {
    common::in_days(whole(data.daily.len()))
}

#[component]
pub fn Kpis(data: Signal<Option<Dashboard>>) -> impl IntoView {
    view! {
        <section class="kpis card" aria-label=common::key_figures()>
            <Card data hook="kpi-total-redemptions" label=words::total_redemptions() read=redemptions />
            <Card data hook="kpi-total-discount" label=words::total_discount() tone="money" read=discount />
            <Card data hook="kpi-remaining-budget" label=words::remaining_budget() tone="money" read=remaining />
            <Card data hook="kpi-redemption-rate" label=words::redemption_rate() read=rate />
            <Card data hook="kpi-average-daily" label=words::average_per_day() read=average />
        </section>
    }
}

#[component]
fn Card(
    data: Signal<Option<Dashboard>>,
    hook: &'static str,
    label: &'static str,
    #[prop(default = "accent")] tone: &'static str,
    read: fn(&Dashboard) -> Kpi,
) -> impl IntoView {
    let kpi = Memo::new(move |_| data.with(|data| data.as_ref().map(read)));
    let part = move |part: fn(Kpi) -> String| move || kpi.get().map(part);
    view! {
        <div class="kpi" data-testid=hook>
            <h2 class="kpi-label">{label}</h2>
            <p class="kpi-value">{part(|kpi| kpi.value)} " " <small>{part(|kpi| kpi.unit)}</small></p>
            <p class="kpi-detail">{part(|kpi| kpi.detail)}</p>
            {move || kpi.get().map(|kpi| view! { <Below kpi label tone /> })}
        </div>
    }
}

/// The movement of a figure, or how far it is from its limit.
#[component]
fn Below(kpi: Kpi, label: &'static str, tone: &'static str) -> impl IntoView {
    let Kpi { share, trend, .. } = kpi;
    let share = share.map(|percent| {
        view! { <Progress percent label=common::name_and_value(label, &crate::format::percent(percent)) tone /> }
    });
    let trend = trend.map(|Trend { change, text, line }| {
        let chip = change.map(|change| view! { <ChangeChip change /> });
        view! {
            <div>
                <p class="kpi-trend">{chip}<span>{text}</span></p>
                <Sparkline values=line tone />
            </div>
        }
    });
    view! { {share} {trend} }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_dashboard;

    fn all(data: &Dashboard) -> Vec<String> {
        [redemptions, discount, remaining, rate, average]
            .map(|read| read(data))
            .map(|Kpi { value, unit, detail, trend, .. }| {
                let trend = trend.map_or(String::new(), |trend| format!(" | {}", trend.text));
                format!("{value} {unit}| {detail}{trend}")
            })
            .to_vec()
    }

    #[test]
    fn figures_stand_against_their_limits() {
        assert_eq!(
            all(&sample_dashboard()),
            [
                "17 | of 100 possible | 17 in 5 days",
                "34.00 USD| 2.00 USD each on average | 34 USD in 5 days",
                "16.00 USD| 32% of 50 USD left",
                "17% | of 100 redeemed",
                "3.4 | since 19 Nov 2026 | 3.8 in the last 7 days",
            ]
        );
    }

    #[test]
    fn days_that_are_over_are_compared_with_as_many_before() {
        let mut data = sample_dashboard();
        let change = |data: &Dashboard| redemptions(data).trend.unwrap().change;
        assert_eq!(change(&data), None);
        data.daily.drain(..3);
        data.range.from = data.daily[0].date;
        // Yesterday's 6 against none two days before; today's 2 so far say nothing yet.
        assert_eq!(change(&data), Some(Change::New));
        assert_eq!(discount(&data).trend.unwrap().change, Some(Change::New));
    }

    #[test]
    fn what_has_no_limit_says_so() {
        let mut data = sample_dashboard();
        (data.offer.max_redemptions, data.offer.budget) = (None, None);
        (data.kpis.redemption_rate, data.kpis.remaining_budget) = (None, None);
        (data.kpis.total_redemptions, data.kpis.total_discount_given) = (0, Money::default());
        let figures = all(&data);
        assert!(figures[0].starts_with("0 | no maximum"));
        assert!(figures[1].starts_with("0.00 USD| nothing given yet"));
        assert_eq!(figures[2], "No budget | spending is not limited");
        assert_eq!(figures[3], "No maximum | redemptions are not limited");
    }
}
