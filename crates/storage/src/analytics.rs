mod facts;

use chrono::NaiveDate;
use offercast_domain::{Day, OfferRef};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;
pub use facts::OfferFacts;

/// What the dashboard reads. From the roll-up, never from the ledger: the cost follows the number of
/// days, not the number of redemptions. Where several of its answers are to belong together, use it on a snapshot
/// ([`crate::Pool::snapshot`]).
pub struct OfferAnalyticsRepository<'c> {
    connection: &'c mut PgConnection,
}

impl<'c> OfferAnalyticsRepository<'c> {
    pub fn new(connection: &'c mut PgConnection) -> Self {
        OfferAnalyticsRepository { connection }
    }

    /// All that there is to know of an offer for its dashboard. `model`: whose forecasts are compared with what came.
    pub async fn facts(&mut self, offer: &OfferRef, model: &str) -> Result<Option<OfferFacts>, Error> {
        facts::read(self.connection, offer, model).await
    }

    /// Days of several offers on which something was redeemed, each from a day of its own on: (offer, day), by offer and
    /// oldest first.
    pub async fn days_since(&mut self, offers: &[(i64, NaiveDate)]) -> Result<Vec<(i64, Day)>, Error> {
        let (ids, since): (Vec<_>, Vec<_>) = offers.iter().copied().unzip();
        let rows = sqlx::query!(
            r#"select d.offer_id as "offer_id!", d.day as "day!", d.redemptions as "redemptions!",
                      d.discount as "discount!"
               from unnest($1::bigint[], $2::date[]) as o (id, since)
               join offer_daily d on d.offer_id = o.id and d.day >= o.since
               order by d.offer_id, d.day"#,
            &ids,
            &since,
        )
        .fetch_all(&mut *self.connection)
        .await?;
        let day = |date, redemptions, discount| Day { date, redemptions, discount };
        Ok(rows.into_iter().map(|row| (row.offer_id, day(row.day, row.redemptions, row.discount))).collect())
    }

    /// All days of several offers: those of each on which something was redeemed, oldest first, by offer in
    /// order of id. One row an offer: a night reads tens of millions of days.
    pub async fn days_of(&mut self, offer_ids: &[i64]) -> Result<Vec<(i64, Vec<Day>)>, Error> {
        let rows = sqlx::query!(
            r#"select offer_id, array_agg(day) as "days!", array_agg(redemptions) as "redemptions!",
                      array_agg(discount) as "discounts!: Vec<Decimal>"
               from (select offer_id, day, redemptions, discount from offer_daily
                     where offer_id = any($1) order by offer_id, day) as daily
               group by offer_id order by offer_id"#,
            offer_ids,
        )
        .fetch_all(&mut *self.connection)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let figures = row.redemptions.into_iter().zip(row.discounts);
                let days = row.days.into_iter().zip(figures);
                let day = |(date, (redemptions, discount))| Day { date, redemptions, discount };
                (row.offer_id, days.map(day).collect())
            })
            .collect())
    }
}
