use leptos::prelude::*;
use offercast_contract::{Dashboard, Money};
use rust_decimal::Decimal;

use crate::format::{compact, count, decimal, figure, long_day, money, percent, percent_of};

/// A figure and what to read it against.
#[derive(Clone, Debug, PartialEq)]
pub struct Kpi {
    pub value: String,
    /// The currency, where the value is money.
    pub unit: String,
    pub detail: String,
}

fn kpi(value: impl Into<String>, detail: impl Into<String>) -> Kpi {
    Kpi { value: value.into(), unit: String::new(), detail: detail.into() }
}

fn in_money(value: Money, currency: &str, detail: String) -> Kpi {
    Kpi { value: figure(value, currency), unit: currency.to_owned(), detail }
}

pub fn redemptions(data: &Dashboard) -> Kpi {
    let detail = data
        .offer
        .max_redemptions
        .map_or("no maximum".to_owned(), |max| format!("of {} possible", count(max)));
    kpi(count(data.kpis.total_redemptions), detail)
}

pub fn discount(data: &Dashboard) -> Kpi {
    let currency = &data.offer.currency;
    let total = data.kpis.total_discount_given;
    let mean = total.0.checked_div(Decimal::from(data.kpis.total_redemptions));
    let detail = mean.map_or("nothing given yet".to_owned(), |mean| {
        format!("{} each on average", money(Money(mean), currency))
    });
    in_money(total, currency, detail)
}

pub fn remaining(data: &Dashboard) -> Kpi {
    let currency = &data.offer.currency;
    let (Some(left), Some(budget)) = (data.kpis.remaining_budget, data.offer.budget) else {
        return kpi("No budget", "spending is not limited");
    };
    let share = percent(percent_of(left.0, budget.0));
    in_money(left, currency, format!("{share} of {} left", compact(budget, currency)))
}

pub fn rate(data: &Dashboard) -> Kpi {
    match (data.kpis.redemption_rate, data.offer.max_redemptions) {
        (Some(rate), Some(max)) => kpi(percent(rate), format!("of {} redeemed", count(max))),
        _ => kpi("No maximum", "redemptions are not limited"),
    }
}

pub fn average(data: &Dashboard) -> Kpi {
    let since = format!("since {}", long_day(data.offer.start_date));
    kpi(decimal(data.kpis.average_daily_redemptions), since)
}

#[component]
pub fn Kpis(data: Signal<Option<Dashboard>>) -> impl IntoView {
    view! {
        <section class="kpis card" aria-label="Key figures">
            <Card data hook="kpi-total-redemptions" label="Total redemptions" read=redemptions />
            <Card data hook="kpi-total-discount" label="Total discount" read=discount />
            <Card data hook="kpi-remaining-budget" label="Remaining budget" read=remaining />
            <Card data hook="kpi-redemption-rate" label="Redemption rate" read=rate />
            <Card data hook="kpi-average-daily" label="Average per day" read=average />
        </section>
    }
}

#[component]
fn Card(
    data: Signal<Option<Dashboard>>,
    hook: &'static str,
    label: &'static str,
    read: fn(&Dashboard) -> Kpi,
) -> impl IntoView {
    let kpi = Memo::new(move |_| data.with(|data| data.as_ref().map(read)));
    let part = move |part: fn(Kpi) -> String| move || kpi.get().map(part);
    view! {
        <div class="kpi" data-testid=hook>
            <h2 class="kpi-label">{label}</h2>
            <p class="kpi-value">{part(|kpi| kpi.value)} " " <small>{part(|kpi| kpi.unit)}</small></p>
            <p class="kpi-detail">{part(|kpi| kpi.detail)}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_dashboard;

    fn all(data: &Dashboard) -> Vec<String> {
        [redemptions, discount, remaining, rate, average]
            .map(|read| read(data))
            .map(|Kpi { value, unit, detail }| format!("{value} {unit}| {detail}"))
            .to_vec()
    }

    #[test]
    fn figures_stand_against_their_limits() {
        assert_eq!(
            all(&sample_dashboard()),
            [
                "17 | of 100 possible",
                "34.00 USD| 2.00 USD each on average",
                "16.00 USD| 32% of 50 USD left",
                "17% | of 100 redeemed",
                "3.4 | since 19 Nov 2026",
            ]
        );
    }

    #[test]
    fn what_has_no_limit_says_so() {
        let mut data = sample_dashboard();
        (data.offer.max_redemptions, data.offer.budget) = (None, None);
        (data.kpis.redemption_rate, data.kpis.remaining_budget) = (None, None);
        (data.kpis.total_redemptions, data.kpis.total_discount_given) = (0, Money::default());
        let figures = all(&data);
        assert_eq!(figures[0], "0 | no maximum");
        assert_eq!(figures[1], "0.00 USD| nothing given yet");
        assert_eq!(figures[2], "No budget | spending is not limited");
        assert_eq!(figures[3], "No maximum | redemptions are not limited");
    }
}
