mod facts;

use chrono::NaiveDate;
use offercast_domain::{Day, OfferRef};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;
pub use facts::OfferFacts;

/// Reads the data of the dashboard and of forecasts, always from the roll-up by day and never from the ledger: the cost
/// depends on the number of days, not of redemptions. To get consistent results from several calls, use it with a
/// [snapshot](crate::Pool::snapshot).
pub struct OfferAnalyticsRepository<'c> {
    connection: &'c mut PgConnection,
}

impl<'c> OfferAnalyticsRepository<'c> {
    pub fn new(connection: &'c mut PgConnection) -> Self {
        OfferAnalyticsRepository { connection }
    }

    /// Reads an offer with all data for its dashboard. `model`: the forecast model whose comparisons are read.
    pub async fn facts(&mut self, offer: &OfferRef, model: &str) -> Result<Option<OfferFacts>, Error> {
        facts::read(self.connection, offer, model).await
    }

    /// Reads the days with redemptions of several offers, each since its own date. Returns (offer id, day), ordered by
    /// offer and day.
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

    /// Reads all days with redemptions of several offers: offers in order of id, days oldest first. Fetches one row per
    /// offer, because a nightly run reads tens of millions of days.
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
