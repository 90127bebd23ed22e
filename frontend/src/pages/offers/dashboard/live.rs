use std::time::Duration;

use leptos::prelude::*;
use offercast_contract::{Dashboard, LiveOffer};

use crate::live::{Connection, follow};

/// How soon after the last the page loads itself anew at most, however much changes.
const RELOAD_PAUSE_MS: f64 = 5_000.0;
/// How often what asks the server again does so at most.
const CALM: Duration = Duration::from_secs(10);
const WEEK: usize = 7;

/// A dashboard that follows what happens.
pub struct Kept {
    pub data: Signal<Option<Dashboard>>,
    /// The same a few times a minute at most: for what has to ask the server again.
    pub calm: Signal<Option<Dashboard>>,
    pub connection: Signal<Connection>,
}

/// The answer that was loaded, kept up with what happens since.
pub fn kept_live(reference: Memo<String>, loaded: Signal<Option<Dashboard>>, reload: Callback<()>) -> Kept {
    let (data, calm) = (RwSignal::new(None), RwSignal::new(None));
    Effect::new(move |_| {
        data.set(loaded.get());
        calm.set(loaded.get_untracked());
    });
    catch_up(data, calm);
    let reload = with_pauses(reload);
    let tell = Callback::new(move |live: LiveOffer| {
        let change = data.with_untracked(|shown| shown.as_ref().map(|shown| change(shown, &live)));
        match change {
            Some(Change::To(dashboard)) => data.set(Some(*dashboard)),
            Some(Change::BeyondToday) => reload.run(()),
            Some(Change::Nothing) | None => {}
        }
    });
    Kept { data: data.into(), calm: calm.into(), connection: follow(reference, tell) }
}

/// What is called too soon after the last time happens once the pause is over: what it is for would not be seen
/// otherwise.
fn with_pauses(reload: Callback<()>) -> Callback<()> {
    let (done_at, waiting) = (StoredValue::new(0.0), StoredValue::new(None::<TimeoutHandle>));
    on_cleanup(move || {
        if let Some(timeout) = waiting.try_get_value().flatten() {
            timeout.clear();
        }
    });
    let now = move || {
        done_at.set_value(js_sys::Date::now());
        waiting.set_value(None);
        reload.run(());
    };
    Callback::new(move |()| {
        let left = done_at.get_value() + RELOAD_PAUSE_MS - js_sys::Date::now();
        if left <= 0.0 {
            now();
        } else if waiting.get_value().is_none() {
            let pause = Duration::from_secs_f64(left / 1e3);
            waiting.set_value(set_timeout_with_handle(now, pause).ok());
        }
    })
}

fn catch_up(data: RwSignal<Option<Dashboard>>, calm: RwSignal<Option<Dashboard>>) {
    let step = move || {
        if data.with_untracked(|data| calm.with_untracked(|calm| data != calm)) {
            calm.set(data.get_untracked());
        }
    };
    if let Ok(interval) = set_interval_with_handle(step, CALM) {
        on_cleanup(move || interval.clear());
    }
}

/// What an event makes of the page.
#[derive(Debug, PartialEq)]
enum Change {
    Nothing,
    To(Box<Dashboard>),
    /// More than today has changed, and only the server knows what.
    BeyondToday,
}

/// Today's figures are replaced. Whatever else differs (another day, an edit, an import) has to be loaded.
fn change(shown: &Dashboard, live: &LiveOffer) -> Change {
    if live.as_of <= shown.as_of {
        return Change::Nothing;
    }
    let today = live.today.date;
    if live.offer.version != shown.offer.version || today != shown.as_of.date_naive() {
        return Change::BeyondToday;
    }
    if shown.history.first_day.is_none() {
        let is_first = live.kpis.total_redemptions > 0;
        return if is_first { Change::BeyondToday } else { Change::Nothing };
    }
    let mut next = shown.clone();
    (next.offer, next.as_of) = (live.offer.clone(), live.as_of);
    (next.kpis, next.budget) = (live.kpis.clone(), live.budget);
    if shown.range.to < today {
        return Change::To(Box::new(next));
    }
    match replace_today(&mut next, live) {
        Some(()) => Change::To(Box::new(next)),
        None => Change::BeyondToday,
    }
}

/// None where the days before do not add up to what the server says they do.
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

/// As the server has it: of the last 7 days, or of as many as the offer has.
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

    /// The sample a moment later, after so many more redemptions of 2.00 today.
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
            Change::To(dashboard) => *dashboard,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn redemptions_of_today_move_every_part_of_the_page() {
        let next = shown(change(&sample_dashboard(), &later(5)));
        assert_eq!(next.kpis.total_redemptions, 22);
        assert_eq!(next.budget.spent, money(44));
        assert_eq!((next.daily[4].redemptions, next.daily[3].redemptions), (7, 6));
        assert_eq!((next.cumulative[4].redemptions, next.cumulative[4].discount_given), (22, money(44)));
        assert_eq!((next.history.redemptions[4], next.history.discount_given[4]), (7, money(14)));
        // 22 redemptions in the five days that there are.
        assert_eq!(next.moving_average[4].value, 4.4);
    }

    #[test]
    fn the_average_looks_back_a_week_and_no_further() {
        let mut data = sample_dashboard();
        // Four days before, which brought the 3 that were there on the first.
        let early = data.cumulative[0];
        data.cumulative.splice(0..0, [early; 4]);
        assert_eq!(mean_of_last_week(&data), 2.0);
    }

    #[test]
    fn a_range_of_the_past_keeps_its_days() {
        let mut data = sample_dashboard();
        data.range.to = data.daily[3].date;
        data.daily.pop();
        let next = shown(change(&data, &later(5)));
        assert_eq!((next.kpis.total_redemptions, next.daily.len(), next.daily[3].redemptions), (22, 4, 6));
    }

    #[test]
    fn what_is_older_than_the_page_changes_nothing() {
        let mut data = sample_dashboard();
        data.as_of += chrono::TimeDelta::seconds(2);
        assert_eq!(change(&data, &later(5)), Change::Nothing);
    }

    #[test]
    fn what_goes_beyond_today_has_to_be_loaded() {
        let data = sample_dashboard();
        let beyond = |edit: fn(&mut LiveOffer)| {
            let mut live = later(1);
            edit(&mut live);
            change(&data, &live)
        };
        let cases: [fn(&mut LiveOffer); 3] = [
            |live| live.offer.version += 1,
            |live| live.today.date = live.today.date.succ_opt().unwrap(),
            // Yesterday has grown: an import, or what came while the page was asleep.
            |live| live.kpis.total_redemptions += 1,
        ];
        for edit in cases {
            assert_eq!(beyond(edit), Change::BeyondToday);
        }
        let mut unredeemed = sample_dashboard();
        unredeemed.history.first_day = None;
        assert_eq!(change(&unredeemed, &later(1)), Change::BeyondToday);
        let mut none_yet = later(0);
        none_yet.kpis.total_redemptions = 0;
        assert_eq!(change(&unredeemed, &none_yet), Change::Nothing);
    }
}
