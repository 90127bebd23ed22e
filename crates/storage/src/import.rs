//! Bulk import in one transaction. Rows are copied into a staging table, read back in time order in chunks, and written
//! to the ledger and the roll-up chunk by chunk. Memory use does not depend on the size of the file.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{OfferRef, Totals};
use rust_decimal::Decimal;
use sqlx::{Connection, PgConnection, Row as _};

use crate::Error;
use crate::offers::StoredOffer;
use crate::session::connect_unlimited;

/// Rows per chunk.
pub const CHUNK: usize = 10_000;

/// A recorded redemption in the staging table.
#[derive(Debug, Clone)]
pub struct StagedRow {
    /// The caller's number for the offer.
    pub offer: i32,
    pub customer_id: String,
    pub order_id: Option<String>,
    pub order_amount: Decimal,
    pub discount: Decimal,
    pub redeemed_at: DateTime<Utc>,
}

/// A recorded redemption to be written to the ledger.
#[derive(Debug, Clone)]
pub struct ImportedRow {
    pub offer_id: i64,
    pub customer_id: String,
    pub order_id: Option<String>,
    pub order_amount: Decimal,
    pub discount: Decimal,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
    /// The offer's totals after it.
    pub totals: Totals,
}

/// The transaction of an import. Dropping it without [`Import::commit`] closes the connection, so that the server rolls
/// back.
pub struct Import {
    connection: PgConnection,
}

impl Import {
    pub async fn begin(url: &str) -> Result<Import, Error> {
        let mut connection = connect_unlimited(url).await?;
        sqlx::raw_sql(
            "begin;
             set local work_mem = '64MB';
             create temporary table staged_redemptions (
                 seq bigint not null, offer integer not null, customer_id text not null, order_id text,
                 order_amount numeric not null, discount numeric not null, redeemed_at timestamptz not null
             ) on commit drop",
        )
        .execute(&mut connection)
        .await?;
        Ok(Import { connection })
    }

    /// The connection, for statements of other modules in this transaction.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Returns the codes and ids of all offers, in order of id.
    pub async fn offer_codes(&mut self) -> Result<Vec<(String, i64)>, Error> {
        let rows =
            sqlx::query!("select code, id from offers order by id").fetch_all(&mut self.connection).await?;
        Ok(rows.into_iter().map(|row| (row.code, row.id)).collect())
    }

    /// Locks an offer and returns it. Returns `None` if it was deleted meanwhile.
    pub async fn lock_offer(&mut self, id: i64) -> Result<Option<StoredOffer>, Error> {
        crate::offers::lock_offer(&mut self.connection, &OfferRef::Id(id)).await
    }

    /// Returns the caller's numbers of the offers in the staging table, in ascending order.
    pub async fn staged_offers(&mut self) -> Result<Vec<i32>, Error> {
        let numbers = sqlx::query_scalar("select distinct offer from staged_redemptions order by offer");
        Ok(numbers.fetch_all(&mut self.connection).await?)
    }

    /// Starts a COPY into the staging table. Rows are CSV: seq, offer, customer_id, order_id, order_amount, discount,
    /// redeemed_at.
    pub async fn stage(&mut self) -> Result<Staging<'_>, Error> {
        let copy = self.connection.copy_in_raw("copy staged_redemptions from stdin (format csv)").await?;
        Ok(Staging(copy))
    }

    /// Returns the time of the last staged redemption and the caller's number for its offer.
    pub async fn last_staged(&mut self) -> Result<Option<(DateTime<Utc>, i32)>, Error> {
        // The staging table is temporary, so statements that use it cannot be checked at compile time.
        let row = sqlx::query(
            "select redeemed_at, offer from staged_redemptions order by redeemed_at desc, seq desc limit 1",
        )
        .fetch_optional(&mut self.connection)
        .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    /// Opens a cursor over the staged rows for [`Import::next_chunk`], ordered by time and then by the order in the
    /// file.
    pub async fn open_staged(&mut self) -> Result<(), Error> {
        sqlx::raw_sql(
            "declare staged no scroll cursor for
             select offer, customer_id, order_id, order_amount, discount, redeemed_at
             from staged_redemptions order by redeemed_at, seq",
        )
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Reads the next rows. Returns an empty list after the last one.
    pub async fn next_chunk(&mut self) -> Result<Vec<StagedRow>, Error> {
        let rows = sqlx::query("fetch forward 10000 from staged").fetch_all(&mut self.connection).await?;
        rows.into_iter()
            .map(|row| {
                Ok(StagedRow {
                    offer: row.try_get(0)?,
                    customer_id: row.try_get(1)?,
                    order_id: row.try_get(2)?,
                    order_amount: row.try_get(3)?,
                    discount: row.try_get(4)?,
                    redeemed_at: row.try_get(5)?,
                })
            })
            .collect()
    }

    /// Writes a chunk to the ledger, in this order, and to the roll-up.
    pub async fn write(&mut self, rows: &[ImportedRow]) -> Result<(), Error> {
        let column = |field: fn(&ImportedRow) -> Decimal| rows.iter().map(field).collect::<Vec<_>>();
        sqlx::query!(
            r#"insert into redemptions (offer_id, customer_id, order_id, order_amount, discount,
                                        redeemed_at, redemption_date, source, redeemed_after, spent_after)
               select offer_id, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date,
                      'imported', redeemed_after, spent_after
               from unnest($1::bigint[], $2::text[], $3::text[], $4::numeric[], $5::numeric[],
                           $6::timestamptz[], $7::date[], $8::bigint[], $9::numeric[]) with ordinality
                    as r (offer_id, customer_id, order_id, order_amount, discount, redeemed_at,
                          redemption_date, redeemed_after, spent_after, n)
               order by n"#,
            &rows.iter().map(|row| row.offer_id).collect::<Vec<_>>(),
            &rows.iter().map(|row| row.customer_id.clone()).collect::<Vec<_>>(),
            &rows.iter().map(|row| row.order_id.clone()).collect::<Vec<_>>() as &[Option<String>],
            &column(|row| row.order_amount),
            &column(|row| row.discount),
            &rows.iter().map(|row| row.redeemed_at).collect::<Vec<_>>(),
            &rows.iter().map(|row| row.redemption_date).collect::<Vec<_>>(),
            &rows.iter().map(|row| row.totals.redeemed).collect::<Vec<_>>(),
            &column(|row| row.totals.spent),
        )
        .execute(&mut self.connection)
        .await?;
        self.add_to_days(rows).await
    }

    async fn add_to_days(&mut self, rows: &[ImportedRow]) -> Result<(), Error> {
        let mut days: HashMap<(i64, NaiveDate), (i64, Decimal)> = HashMap::new();
        for row in rows {
            let day = days.entry((row.offer_id, row.redemption_date)).or_default();
            day.0 += 1;
            day.1 += row.discount;
        }
        let (keys, sums): (Vec<_>, Vec<_>) = days.into_iter().unzip();
        let (offer_ids, dates): (Vec<i64>, Vec<NaiveDate>) = keys.into_iter().unzip();
        let (redemptions, discounts): (Vec<i64>, Vec<Decimal>) = sums.into_iter().unzip();
        sqlx::query!(
            r#"insert into offer_daily (offer_id, day, redemptions, discount)
               select * from unnest($1::bigint[], $2::date[], $3::bigint[], $4::numeric[])
               on conflict (offer_id, day) do update
               set redemptions = offer_daily.redemptions + excluded.redemptions,
                   discount = offer_daily.discount + excluded.discount"#,
            &offer_ids,
            &dates,
            &redemptions,
            &discounts,
        )
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Writes the offers' totals after the import.
    pub async fn set_totals(&mut self, totals: &[(i64, Totals)]) -> Result<(), Error> {
        sqlx::query!(
            r#"update offer_counters c set redeemed = t.redeemed, spent = t.spent
               from unnest($1::bigint[], $2::bigint[], $3::numeric[]) as t (offer_id, redeemed, spent)
               where c.offer_id = t.offer_id"#,
            &totals.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
            &totals.iter().map(|(_, totals)| totals.redeemed).collect::<Vec<_>>(),
            &totals.iter().map(|(_, totals)| totals.spent).collect::<Vec<_>>(),
        )
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    pub async fn commit(mut self) -> Result<(), Error> {
        sqlx::raw_sql("commit").execute(&mut self.connection).await?;
        // Updates the planner's statistics for the new rows without waiting for autovacuum.
        sqlx::raw_sql("select offercast_analyze()").execute(&mut self.connection).await?;
        self.connection.close().await?;
        Ok(())
    }
}

/// An open COPY into the staging table.
pub struct Staging<'a>(sqlx::postgres::PgCopyIn<&'a mut PgConnection>);

impl Staging<'_> {
    pub async fn send(&mut self, csv: &[u8]) -> Result<(), Error> {
        self.0.send(csv).await?;
        Ok(())
    }

    pub async fn finish(self) -> Result<u64, Error> {
        Ok(self.0.finish().await?)
    }
}
