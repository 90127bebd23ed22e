//! The parameters of `commit_batch.sql`: batches as columns.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgInterval;

use super::commit_batch::{NewBatch, NewKey, NewRedemption, StoredRow};
use crate::jobs::{self, ComputeOfferForecast};

pub(super) struct Batches {
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
    /// Of the forecast jobs, for batches that have one.
    pub forecast_payloads: Vec<Option<Vec<u8>>>,
}

impl Batches {
    pub fn of(batches: &[NewBatch<'_>]) -> Batches {
        Batches {
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
            accepted: column(batches, |batch| i64::try_from(batch.redemptions.len()).unwrap_or(i64::MAX)),
            given: column(batches, |batch| {
                batch.redemptions.iter().map(|redemption| redemption.grant.discount).sum()
            }),
            forecasts_in: column(batches, |batch| batch.forecast_in.map(jobs::interval)),
            forecast_payloads: column(batches, |batch| {
                batch.forecast_in.map(|_| jobs::encode(&ComputeOfferForecast { offer_id: batch.offer_id }))
            }),
        }
    }
}

pub(super) struct Redemptions<'a> {
    pub offer_ids: Vec<i64>,
    pub customer_ids: Vec<&'a str>,
    pub order_ids: Vec<Option<&'a str>>,
    pub order_amounts: Vec<Decimal>,
    pub discounts: Vec<Decimal>,
    /// The discount by the offer's terms, if the budget had less left.
    pub discounts_asked: Vec<Option<Decimal>>,
    pub redeemed_after: Vec<i64>,
    pub spent_after: Vec<Decimal>,
    pub actors: Vec<&'a str>,
}

impl<'a> Redemptions<'a> {
    pub fn of(batches: &[NewBatch<'a>]) -> Redemptions<'a> {
        let rows: Vec<(i64, NewRedemption<'a>)> = batches
            .iter()
            .flat_map(|batch| batch.redemptions.iter().map(|redemption| (batch.offer_id, *redemption)))
            .collect();
        Redemptions {
            offer_ids: column(&rows, |(offer_id, _)| *offer_id),
            customer_ids: column(&rows, |(_, row)| row.order.customer_id.as_str()),
            order_ids: column(&rows, |(_, row)| row.order.order_id.as_deref()),
            order_amounts: column(&rows, |(_, row)| row.order.order_amount),
            discounts: column(&rows, |(_, row)| row.grant.discount),
            discounts_asked: column(&rows, |(_, row)| {
                Some(row.grant.discount_asked).filter(|asked| *asked != row.grant.discount)
            }),
            redeemed_after: column(&rows, |(_, row)| row.grant.totals.redeemed),
            spent_after: column(&rows, |(_, row)| row.grant.totals.spent),
            actors: column(&rows, |(_, row)| row.actor),
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
    pub fingerprints: Vec<&'a str>,
    pub refusals: Vec<Option<&'a str>>,
    pub request_ids: Vec<Option<&'a str>>,
    /// Number of the inserted redemption among those of its offer, from 1.
    pub inserted_rows: Vec<Option<i64>>,
    pub redemptions: Vec<Option<i64>>,
    pub reservations: Vec<Option<i64>>,
}

impl<'a> Keys<'a> {
    pub fn of(batches: &'a [NewBatch<'a>]) -> Keys<'a> {
        let rows: Vec<(&'a NewBatch<'a>, &'a NewKey<'a>)> =
            batches.iter().flat_map(|batch| batch.keys.iter().map(move |key| (batch, key))).collect();
        Keys {
            offer_ids: column(&rows, |(batch, _)| batch.offer_id),
            keys: column(&rows, |(_, key)| key.key),
            fingerprints: column(&rows, |(_, key)| key.fingerprint.as_str()),
            refusals: column(&rows, |(_, key)| key.refusal),
            request_ids: column(&rows, |(_, key)| key.request_id),
            inserted_rows: column(&rows, |(batch, key)| match key.row {
                Some(StoredRow::InBatch(position)) => inserted_row(batch, position),
                _ => None,
            }),
            redemptions: column(&rows, |(_, key)| match key.row {
                Some(StoredRow::LedgerEntry(id)) => Some(id),
                _ => None,
            }),
            reservations: column(&rows, |(_, key)| match key.row {
                Some(StoredRow::Reservation(id)) => Some(id),
                _ => None,
            }),
        }
    }
}

/// Redemptions are in the order of their positions.
fn inserted_row(batch: &NewBatch<'_>, position: usize) -> Option<i64> {
    let index = batch.redemptions.binary_search_by_key(&position, |redemption| redemption.position).ok()?;
    i64::try_from(index + 1).ok()
}

fn column<'r, R, V>(rows: &'r [R], value: impl Fn(&'r R) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}
