use std::time::Duration;

use leptos::prelude::*;
use offercast_contract::{Dashboard, LiveOffer};

use crate::event_stream::{Connection, subscribe};

/// Minimum interval between two reloads of the page.
const RELOAD_INTERVAL_MS: f64 = 5_000.0;
/// Interval of the throttled data.
const THROTTLE: Duration = Duration::from_secs(10);
const WEEK: usize = 7;

/// A dashboard with live updates.
pub struct LiveDashboard {
    pub data: Signal<Option<Dashboard>>,
    /// The same, updated at most every [`THROTTLE`], for parts that send a request after each update.
    pub throttled: Signal<Option<Dashboard>>,
    pub connection: Signal<Connection>,
}

/// Applies live updates to the loaded dashboard. Calls `reload` for changes that an update does not contain.
pub fn use_live_dashboard(
    reference: Memo<String>,
    loaded: Signal<Option<Dashboard>>,
    reload: Callback<()>,
) -> LiveDashboard {
    let (data, throttled) = (RwSignal::new(None), RwSignal::new(None));
    Effect::new(move |_| {
        data.set(loaded.get());
        throttled.set(loaded.get_untracked());
    });
    copy_at_intervals(data, throttled);
    let reload = throttle(reload);
    let on_update = Callback::new(move |live: LiveOffer| {
        let change = data.with_untracked(|shown| shown.as_ref().map(|shown| change(shown, &live)));
        match change {
            Some(Change::Update(dashboard)) => data.set(Some(*dashboard)),
            Some(Change::Reload) => reload.run(()),
            Some(Change::Nothing) | None => {}
        }
    });
    LiveDashboard {
        data: data.into(),
        throttled: throttled.into(),
        connection: subscribe(reference, on_update),
    }
}

/// Calls `reload` at most once per interval. A call that comes too early runs when the interval is over, so that no
/// change is missed.
fn throttle(reload: Callback<()>) -> Callback<()> {
    let (last_run, pending) = (StoredValue::new(0.0), StoredValue::new(None::<TimeoutHandle>));
    on_cleanup(move || {
        if let Some(timeout) = pending.try_get_value().flatten() {
            timeout.clear();
        }
    });
    let run = move || {
        last_run.set_value(js_sys::Date::now());
        pending.set_value(None);
        reload.run(());
    };
    Callback::new(move |()| {
        let left = last_run.get_value() + RELOAD_INTERVAL_MS - js_sys::Date::now();
        if left <= 0.0 {
            run();
        } else if pending.get_value().is_none() {
            let delay = Duration::from_secs_f64(left / 1e3);
            pending.set_value(set_timeout_with_handle(run, delay).ok());
        }
    })
}

fn copy_at_intervals(data: RwSignal<Option<Dashboard>>, throttled: RwSignal<Option<Dashboard>>) {
    let step = move || {
        if data.with_untracked(|data| throttled.with_untracked(|throttled| data != throttled)) {
            throttled.set(data.get_untracked());
        }
    };
    if let Ok(interval) = set_interval_with_handle(step, THROTTLE) {
        on_cleanup(move || interval.clear());
    }
}

/// How an update changes the page.
#[derive(Debug, PartialEq)]
enum Change {
    Nothing,
    Update(Box<Dashboard>),
    /// More than today's figures changed: the dashboard must be reloaded.
    Reload,
}

/// Replaces today's figures. Any other difference (a new day, an edit, an import) needs a reload.
fn change(shown: &Dashboard, live: &LiveOffer) -> Change {
    if live.as_of <= shown.as_of {
        return Change::Nothing;
    }
    let today = live.today.date;
    if live.offer.version != shown.offer.version || today != shown.as_of.date_naive() {
        return Change::Reload;
    }
    if shown.history.first_day.is_none() {
        let is_first = live.kpis.total_redemptions > 0;
        return if is_first { Change::Reload } else { Change::Nothing };
    }
    let mut next = shown.clone();
    (next.offer, next.as_of) = (live.offer.clone(), live.as_of);
    (next.kpis, next.budget) = (live.kpis.clone(), live.budget);
    if shown.range.to < today {
        return Change::Update(Box::new(next));
    }
    match replace_today(&mut next, live) {
        Some(()) => Change::Update(Box::new(next)),
        None => Change::Reload,
    }
}

/// Returns `None` if the totals before today differ from the server's.
fn replace_today(next: &mut Dashboard, live: &LiveOffer) -> Option<()> {
    let (day, total) = (next.daily.last_mut()?, next.cumulative.last_mut()?);
    let before = (total.redemptions - day.redemptions, total.discount_given.0 - day.discount_given.0);
    let totals = (live.kpis.total_redemptions, live.kpis.total_discount_given);
    if (totals.0 - live.today.redemptions, totals.1.0 - live.today.discount_given.0) != before {
        return None;
    }
    *day = live.today;
    (total.redemptions, total.discount_given) = totals;
    *next.history.redemptions.last_mut()? = live.today.redemptions;
    *next.history.discount_given.last_mut()? = live.today.discount_given;
    next.moving_average.last_mut()?.value = mean_of_last_week(next);
    Some(())
}

/// As the server computes it: over the last 7 days, or over all days of a younger offer.
#[expect(clippy::cast_precision_loss, reason = "a mean for a chart")]
fn mean_of_last_week(data: &Dashboard) -> f64 {
    let days = data.cumulative.len().clamp(1, WEEK);
    let total = |back: usize| data.cumulative.iter().rev().nth(back).map_or(0, |point| point.redemptions);
    (total(0) - total(days)) as f64 / days as f64
}

#[cfg(test)]
mod tests {
    use offercast_contract::{BudgetUse, DailyPoint, Kpis, Money};
    use rust_decimal::Decimal;

    use super::*;
    use crate::charts::sample_dashboard;

    fn money(amount: i64) -> Money {
        Money(Decimal::from(amount))
    }

    /// The sample one second later, with `more` redemptions of 2.00 today.
    fn later(more: i64) -> LiveOffer {
        let data = sample_dashboard();
        let kpis = Kpis {
            total_redemptions: 17 + more,
            total_discount_given: money(34 + 2 * more),
            ..data.kpis.clone()
        };
        let today = DailyPoint {
            date: data.as_of.date_naive(),
            redemptions: 2 + more,
            discount_given: money(4 + 2 * more),
        };
        let budget = BudgetUse { spent: money(34 + 2 * more), ..data.budget };
        let as_of = data.as_of + chrono::TimeDelta::seconds(1);
        LiveOffer { offer: data.offer, as_of, kpis, budget, today }
    }

    fn shown(change: Change) -> Dashboard {
        match change {
            Change::Update(dashboard) => *dashboard,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn redemptions_of_today_update_every_part_of_the_page() {
        let next = shown(change(&sample_dashboard(), &later(5)));
        assert_eq!(next.kpis.total_redemptions, 22);
        assert_eq!(next.budget.spent, money(44));
        assert_eq!((next.daily[4].redemptions, next.daily[3].redemptions), (7, 6));
        assert_eq!((next.cumulative[4].redemptions, next.cumulative[4].discount_given), (22, money(44)));
        assert_eq!((next.history.redemptions[4], next.history.discount_given[4]), (7, money(14)));
        // 22 redemptions in five days.
        assert_eq!(next.moving_average[4].value, 4.4);
    }

    #[test]
    fn the_average_covers_at_most_a_week() {
        let mut data = sample_dashboard();
        // Four more days at the start, with the totals of the first day.
        let early = data.cumulative[0];
        data.cumulative.splice(0..0, [early; 4]);
        assert_eq!(mean_of_last_week(&data), 2.0);
    }

    #[test]
    fn a_past_range_keeps_its_days() {
        let mut data = sample_dashboard();
        data.range.to = data.daily[3].date;
        data.daily.pop();
        let next = shown(change(&data, &later(5)));
        assert_eq!((next.kpis.total_redemptions, next.daily.len(), next.daily[3].redemptions), (22, 4, 6));
    }

    #[test]
    fn an_outdated_update_changes_nothing() {
        let mut data = sample_dashboard();
        data.as_of += chrono::TimeDelta::seconds(2);
        assert_eq!(change(&data, &later(5)), Change::Nothing);
    }

    #[test]
    fn changes_beyond_today_need_a_reload() {
        let data = sample_dashboard();
        let after = |edit: fn(&mut LiveOffer)| {
            let mut live = later(1);
            edit(&mut live);
            change(&data, &live)
        };
        let cases: [fn(&mut LiveOffer); 3] = [
            |live| live.offer.version += 1,
            |live| live.today.date = live.today.date.succ_opt().unwrap(),
            // Earlier days changed: an import, or redemptions while the page was hidden.
            |live| live.kpis.total_redemptions += 1,
        ];
        for edit in cases {
            assert_eq!(after(edit), Change::Reload);
        }
        let mut unredeemed = sample_dashboard();
        unredeemed.history.first_day = None;
        assert_eq!(change(&unredeemed, &later(1)), Change::Reload);
        let mut none_yet = later(0);
        none_yet.kpis.total_redemptions = 0;
        assert_eq!(change(&unredeemed, &none_yet), Change::Nothing);
    }
}
