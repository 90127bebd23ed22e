use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::access::OfferScope;
use offercast_domain::{Currency, DateRange, Outcome, Periods, Sum, Sums, TurnedAway};
use sqlx::PgConnection;

use crate::Error;
use crate::offers::StoredOffer;

/// Reads the overview of all offers from the roll-up by day, never from the ledger. Use it with a
/// [snapshot](crate::Pool::snapshot).
pub struct OverviewRepository<'c> {
    connection: &'c mut PgConnection,
    /// The offers that may be read. `None`: all.
    only: Option<Vec<i64>>,
}

/// The sums of an offer that was redeemed in the range or in the days it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferSums {
    pub offer_id: i64,
    pub currency: Currency,
    pub sums: Sums,
}

impl<'c> OverviewRepository<'c> {
    pub fn new(connection: &'c mut PgConnection, scope: &OfferScope) -> Self {
        OverviewRepository { connection, only: scope.ids().map(<[i64]>::to_vec) }
    }

    pub async fn sums(&mut self, periods: &Periods) -> Result<Vec<OfferSums>, Error> {
        // The compared days are immediately before the range, so that one `between` covers both.
        let rows = sqlx::query!(
            r#"with sums as (
                   select offer_id,
                          sum(redemptions) filter (where day >= $1) as redemptions,
                          sum(discount) filter (where day >= $1) as discount,
                          sum(redemptions) filter (where day between $1 and $3) as redemptions_now,
                          sum(discount) filter (where day between $1 and $3) as discount_now,
                          sum(redemptions) filter (where day < $1) as redemptions_before,
                          sum(discount) filter (where day < $1) as discount_before
                   from offer_daily
                   where day between coalesce($4, $1) and $2 and ($5::bigint[] is null or offer_id = any($5))
                   group by offer_id)
               select s.offer_id as "offer_id!", o.currency as "currency!",
                      coalesce(s.redemptions, 0)::bigint as "redemptions!", coalesce(s.discount, 0) as "discount!",
                      coalesce(s.redemptions_now, 0)::bigint as "redemptions_now!",
                      coalesce(s.discount_now, 0) as "discount_now!",
                      coalesce(s.redemptions_before, 0)::bigint as "redemptions_before!",
                      coalesce(s.discount_before, 0) as "discount_before!"
               from sums s join offers o on o.id = s.offer_id"#,
            periods.range.from,
            periods.range.to,
            periods.compared.map(|compared| compared.now.to),
            periods.compared.map(|compared| compared.before.from),
            self.only.as_deref(),
        )
        .fetch_all(&mut *self.connection)
        .await?;
        let sums = rows.into_iter().map(|row| {
            let currency = Currency::parse(&row.currency).ok_or_else(|| {
                Error::Unreadable(format!("offer {}: unknown currency {:?}", row.offer_id, row.currency))
            })?;
            let sum = |redemptions, discount| Sum { redemptions, discount };
            let sums = Sums {
                range: sum(row.redemptions, row.discount),
                now: sum(row.redemptions_now, row.discount_now),
                before: sum(row.redemptions_before, row.discount_before),
            };
            Ok(OfferSums { offer_id: row.offer_id, currency, sums })
        });
        sums.collect()
    }

    /// Returns the redemptions of all offers by day, without days that have none.
    pub async fn redemptions_by_day(&mut self, range: DateRange) -> Result<HashMap<NaiveDate, i64>, Error> {
        let rows = sqlx::query!(
            r#"select day, sum(redemptions)::bigint as "redemptions!" from offer_daily
               where day between $1 and $2 and ($3::bigint[] is null or offer_id = any($3)) group by day"#,
            range.from,
            range.to,
            self.only.as_deref(),
        )
        .fetch_all(&mut *self.connection)
        .await?;
        Ok(rows.into_iter().map(|row| (row.day, row.redemptions)).collect())
    }

    /// Returns the active offers that may not be over yet in their time zone, including those that start later.
    pub async fn open_offers(&mut self, now: DateTime<Utc>) -> Result<Vec<StoredOffer>, Error> {
        let ids = sqlx::query_scalar!(
            r#"select id from offers
               where status = 'active' and end_date >= $1::date - 1 and ($2::bigint[] is null or id = any($2))"#,
            now.date_naive(),
            self.only.as_deref(),
        )
        .fetch_all(&mut *self.connection)
        .await?;
        self.offers(&ids).await
    }

    pub async fn offers(&mut self, ids: &[i64]) -> Result<Vec<StoredOffer>, Error> {
        crate::offers::find_offers(self.connection, ids).await
    }

    /// Returns the outcome of each offer's latest forecast whose days are over, if it started on or after `since`.
    pub async fn outcomes(
        &mut self,
        offer_ids: &[i64],
        since: NaiveDate,
    ) -> Result<HashMap<i64, Outcome>, Error> {
        let rows = sqlx::query!(
            r#"select a.offer_id as "offer_id!", a.first_day as "first_day!", a.days as "days!",
                      a.expected as "expected!", a.actual as "actual!"
               from unnest($1::bigint[]) as o (id)
               cross join lateral (
                   select offer_id, first_day, days, expected, actual from forecast_accuracy
                   where offer_id = o.id and model = $3 and actual is not null and first_day >= $2
                   order by first_day desc limit 1) a"#,
            offer_ids,
            since,
            offercast_domain::Model::default().name(),
        )
        .fetch_all(&mut *self.connection)
        .await?;
        let outcome = |first_day, days: i16, expected, redemptions| Outcome {
            first_day,
            days: i64::from(days),
            expected,
            redemptions,
        };
        let outcomes = rows.into_iter();
        Ok(outcomes
            .map(|row| (row.offer_id, outcome(row.first_day, row.days, row.expected, row.actual)))
            .collect())
    }

    /// Returns the declined redemptions since a day, for offers that have any.
    pub async fn turned_away(
        &mut self,
        offer_ids: &[i64],
        since: NaiveDate,
    ) -> Result<HashMap<i64, TurnedAway>, Error> {
        let rows = sqlx::query!(
            r#"select r.offer_id, sum(r.refusals)::bigint as "refusals!", sum(r.discount) as "discount!",
                      (select coalesce(sum(d.redemptions), 0)::bigint from offer_daily d
                       where d.offer_id = r.offer_id and d.day >= $2) as "redemptions!"
               from offer_refusals r
               where r.offer_id = any($1) and r.day >= $2
               group by r.offer_id"#,
            offer_ids,
            since,
        )
        .fetch_all(&mut *self.connection)
        .await?;
        let turned_away = |refusals, discount, redemptions| TurnedAway { refusals, discount, redemptions };
        let rows = rows.into_iter();
        Ok(rows.map(|row| (row.offer_id, turned_away(row.refusals, row.discount, row.redemptions))).collect())
    }
}
