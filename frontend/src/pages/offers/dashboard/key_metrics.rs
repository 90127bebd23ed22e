use leptos::prelude::*;
use offercast_contract::{DailyPoint, Dashboard, Money};
use rust_decimal::Decimal;

use crate::charts::{count_to_f64, finished, money_to_f64, previous_period};
use crate::components::{Change, ChangeChip, Progress, Sparkline};
use crate::format::{compact, count, decimal, figure, long_day, money, percent, percent_of, whole};
use crate::i18n::{common, dashboard as texts};

/// A figure with details.
#[derive(Clone, Debug, PartialEq)]
pub struct Kpi {
    pub value: String,
    /// The currency if the value is money.
    pub unit: String,
    pub detail: String,
    /// The share of a limit that is left or used, in percent.
    pub share: Option<f64>,
    pub trend: Option<Trend>,
}

/// The development in the shown days.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Compared with the previous period.
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
        .map_or(texts::unlimited().to_owned(), |max| texts::limited_to(&count(max)));
    let sum = |days: &[DailyPoint]| days.iter().map(|day| day.redemptions).sum::<i64>();
    let trend = Trend {
        change: change(data, |days| count_to_f64(sum(days))),
        text: texts::sum_in(&count(sum(&data.daily)), &days_shown(data)),
        line: data.daily.iter().map(|day| count_to_f64(day.redemptions)).collect(),
    };
    Kpi { trend: Some(trend), ..kpi(count(data.kpis.total_redemptions), detail) }
}

pub fn discount(data: &Dashboard) -> Kpi {
    let currency = &data.offer.currency;
    let total = data.kpis.total_discount_given;
    let mean = total.0.checked_div(Decimal::from(data.kpis.total_redemptions));
    let detail = mean.map_or(texts::no_discounts().to_owned(), |mean| {
        texts::per_redemption(&money(Money(mean), currency))
    });
    let sum = |days: &[DailyPoint]| Money(days.iter().map(|day| day.discount_given.0).sum());
    let trend = Trend {
        change: change(data, |days| money_to_f64(sum(days))),
        text: texts::sum_in(&compact(sum(&data.daily), currency), &days_shown(data)),
        line: data.daily.iter().map(|day| money_to_f64(day.discount_given)).collect(),
    };
    Kpi { trend: Some(trend), ..in_money(total, currency, detail) }
}

pub fn remaining(data: &Dashboard) -> Kpi {
    let currency = &data.offer.currency;
    let (Some(left), Some(budget)) = (data.kpis.remaining_budget, data.offer.budget) else {
        return kpi(texts::no_budget(), texts::no_spending_limit());
    };
    let share = percent_of(left.0, budget.0);
    let detail = texts::left_of(&percent(share), &compact(budget, currency));
    Kpi { share: Some(share), ..in_money(left, currency, detail) }
}

pub fn rate(data: &Dashboard) -> Kpi {
    match (data.kpis.redemption_rate, data.offer.max_redemptions) {
        (Some(rate), Some(max)) => {
            let share = percent_of(Decimal::from(data.kpis.total_redemptions), Decimal::from(max));
            Kpi { share: Some(share), ..kpi(percent(rate), texts::of_redeemed(&count(max))) }
        }
        _ => kpi(texts::no_limit(), texts::unlimited_redemptions()),
    }
}

pub fn average(data: &Dashboard) -> Kpi {
    let since = texts::since(&long_day(data.offer.start_date));
    let line: Vec<f64> = data.moving_average.iter().map(|mean| mean.value).collect();
    let latest = finished(data).len().checked_sub(1).and_then(|last| line.get(last)).copied();
    let text = latest.map_or(String::new(), |mean| texts::in_last_week(&decimal(mean)));
    let trend = Trend { change: None, text, line };
    Kpi { trend: Some(trend), ..kpi(decimal(data.kpis.average_daily_redemptions), since) }
}

/// Compares the finished days with the same number of days at the start of the previous period.
fn change(data: &Dashboard, sum: impl Fn(&[DailyPoint]) -> f64) -> Option<Change> {
    let (now, before) = (finished(data), previous_period(data)?);
    (!now.is_empty()).then(|| Change::between(sum(&before.daily[..now.len()]), sum(now)))
}

fn days_shown(data: &Dashboard) -> String {
    common::in_days(whole(data.daily.len()))
}

#[component]
pub fn KeyMetrics(data: Signal<Option<Dashboard>>) -> impl IntoView {
    view! {
        <section class="kpis card" aria-label=common::key_figures()>
            <Card data hook="kpi-total-redemptions" label=texts::total_redemptions() read=redemptions />
            <Card data hook="kpi-total-discount" label=texts::total_discount() tone="money" read=discount />
            <Card data hook="kpi-remaining-budget" label=texts::remaining_budget() tone="money" read=remaining />
            <Card data hook="kpi-redemption-rate" label=texts::redemption_rate() read=rate />
            <Card data hook="kpi-average-daily" label=texts::average_per_day() read=average />
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
            {move || kpi.get().map(|kpi| view! { <Footer kpi label tone /> })}
        </div>
    }
}

/// The trend of a figure, or its share of the limit.
#[component]
fn Footer(kpi: Kpi, label: &'static str, tone: &'static str) -> impl IntoView {
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
    fn figures_are_shown_with_their_limits() {
        assert_eq!(
            all(&sample_dashboard()),
            [
                "17 | limit 100 | 17 in 5 days",
                "34.00 USD| avg. 2.00 USD per redemption | 34 USD in 5 days",
                "16.00 USD| 32% of 50 USD left",
                "17% | of 100 redeemed",
                "3.4 | since 19 Nov 2026 | 3.8 in the last 7 days",
            ]
        );
    }

    #[test]
    fn finished_days_are_compared_with_the_previous_period() {
        let mut data = sample_dashboard();
        let change = |data: &Dashboard| redemptions(data).trend.unwrap().change;
        assert_eq!(change(&data), None);
        data.daily.drain(..3);
        data.range.from = data.daily[0].date;
        // Yesterday's 6 compared with none two days before. Today's 2 do not count.
        assert_eq!(change(&data), Some(Change::New));
        assert_eq!(discount(&data).trend.unwrap().change, Some(Change::New));
    }

    #[test]
    fn figures_without_a_limit_say_so() {
        let mut data = sample_dashboard();
        (data.offer.max_redemptions, data.offer.budget) = (None, None);
        (data.kpis.redemption_rate, data.kpis.remaining_budget) = (None, None);
        (data.kpis.total_redemptions, data.kpis.total_discount_given) = (0, Money::default());
        let figures = all(&data);
        assert!(figures[0].starts_with("0 | no limit"));
        assert!(figures[1].starts_with("0.00 USD| no discounts yet"));
        assert_eq!(figures[2], "No budget | no spending limit");
        assert_eq!(figures[3], "No limit | unlimited redemptions");
    }
}
