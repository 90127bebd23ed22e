//! Batches as the columns that a statement takes them in.

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Grant, Order};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgInterval;

use super::{Named, NewBatch, NewKey};
use crate::jobs;

pub(super) struct Offers {
    pub ids: Vec<i64>,
    pub decided_at: Vec<DateTime<Utc>>,
    pub days: Vec<NaiveDate>,
    pub budgets: Vec<Option<Decimal>>,
    pub were_redeemed: Vec<i64>,
    pub were_spent: Vec<Decimal>,
    pub terms_versions: Vec<i64>,
    pub redeemed: Vec<i64>,
    pub spent: Vec<Decimal>,
    pub held: Vec<Decimal>,
    pub accepted: Vec<i64>,
    pub given: Vec<Decimal>,
    pub forecasts_in: Vec<Option<PgInterval>>,
}

impl Offers {
    pub fn of(batches: &[NewBatch<'_>]) -> Offers {
        Offers {
            ids: column(batches, |batch| batch.offer_id),
            decided_at: column(batches, |batch| batch.decided_at),
            days: column(batches, |batch| batch.day),
            budgets: column(batches, |batch| batch.budget),
            were_redeemed: column(batches, |batch| batch.counters.totals.redeemed),
            were_spent: column(batches, |batch| batch.counters.totals.spent),
            terms_versions: column(batches, |batch| batch.counters.terms_version),
            redeemed: column(batches, |batch| batch.totals.redeemed),
            spent: column(batches, |batch| batch.totals.spent),
            held: column(batches, |batch| batch.totals.held.discount),
            accepted: column(batches, |batch| i64::try_from(batch.accepted.len()).unwrap_or(i64::MAX)),
            given: column(batches, |batch| batch.accepted.iter().map(|(_, grant)| grant.discount).sum()),
            forecasts_in: column(batches, |batch| batch.forecast_in.map(jobs::interval)),
        }
    }
}

pub(super) struct Accepted<'a> {
    pub offer_ids: Vec<i64>,
    pub customer_ids: Vec<&'a str>,
    pub order_ids: Vec<Option<&'a str>>,
    pub order_amounts: Vec<Decimal>,
    pub discounts: Vec<Decimal>,
    /// What was asked for, where the budget had less left.
    pub discounts_asked: Vec<Option<Decimal>>,
    pub redeemed_after: Vec<i64>,
    pub spent_after: Vec<Decimal>,
}

impl<'a> Accepted<'a> {
    pub fn of(batches: &'a [NewBatch<'a>]) -> Accepted<'a> {
        let rows: Vec<(i64, &'a Order, Grant)> = batches
            .iter()
            .flat_map(|batch| batch.accepted.iter().map(|(order, grant)| (batch.offer_id, *order, *grant)))
            .collect();
        Accepted {
            offer_ids: column(&rows, |(offer_id, ..)| *offer_id),
            customer_ids: column(&rows, |(_, order, _)| order.customer_id.as_str()),
            order_ids: column(&rows, |(_, order, _)| order.order_id.as_deref()),
            order_amounts: column(&rows, |(_, order, _)| order.order_amount),
            discounts: column(&rows, |(.., grant)| grant.discount),
            discounts_asked: column(&rows, |(.., grant)| {
                Some(grant.discount_asked).filter(|asked| *asked != grant.discount)
            }),
            redeemed_after: column(&rows, |(.., grant)| grant.totals.redeemed),
            spent_after: column(&rows, |(.., grant)| grant.totals.spent),
        }
    }
}

pub(super) struct Refusals {
    pub offer_ids: Vec<i64>,
    pub reasons: Vec<&'static str>,
    pub times: Vec<i64>,
    pub missed: Vec<Decimal>,
}

impl Refusals {
    pub fn of(batches: &[NewBatch<'_>]) -> Refusals {
        let rows: Vec<_> = batches
            .iter()
            .flat_map(|batch| batch.refused.iter().map(|refused| (batch.offer_id, *refused)))
            .collect();
        Refusals {
            offer_ids: column(&rows, |(offer_id, _)| *offer_id),
            reasons: column(&rows, |(_, refused)| refused.reason.code()),
            times: column(&rows, |(_, refused)| refused.times),
            missed: column(&rows, |(_, refused)| refused.discount),
        }
    }
}

pub(super) struct Keys<'a> {
    pub offer_ids: Vec<i64>,
    pub keys: Vec<&'a str>,
    pub requests: Vec<&'a str>,
    pub refusals: Vec<Option<&'a str>>,
    pub request_ids: Vec<Option<&'a str>>,
    /// Counted from one among the accepted of its offer.
    pub places: Vec<Option<i64>>,
    pub named: Vec<Option<i64>>,
    pub reservations: Vec<Option<i64>>,
}

impl<'a> Keys<'a> {
    pub fn of(batches: &'a [NewBatch<'a>]) -> Keys<'a> {
        let rows: Vec<(i64, &'a NewKey<'a>)> =
            batches.iter().flat_map(|batch| batch.keys.iter().map(|key| (batch.offer_id, key))).collect();
        Keys {
            offer_ids: column(&rows, |(offer_id, _)| *offer_id),
            keys: column(&rows, |(_, key)| key.key),
            requests: column(&rows, |(_, key)| key.request.as_str()),
            refusals: column(&rows, |(_, key)| key.refusal),
            request_ids: column(&rows, |(_, key)| key.request_id),
            places: column(&rows, |(_, key)| match key.names {
                Some(Named::Accepted(place)) => i64::try_from(place + 1).ok(),
                _ => None,
            }),
            named: column(&rows, |(_, key)| match key.names {
                Some(Named::Recorded(id)) => Some(id),
                _ => None,
            }),
            reservations: column(&rows, |(_, key)| match key.names {
                Some(Named::Reservation(id)) => Some(id),
                _ => None,
            }),
        }
    }
}

fn column<'r, R, V>(rows: &'r [R], value: impl Fn(&'r R) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}
