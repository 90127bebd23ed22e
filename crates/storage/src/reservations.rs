use chrono::{DateTime, Utc};
use offercast_domain::{Hold, HoldState, Order};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;

/// A reservation with all that its answer said.
#[derive(Debug, Clone, PartialEq)]
pub struct Reservation {
    pub hold: Hold,
    pub expires_at: DateTime<Utc>,
    pub remaining_budget: Option<Decimal>,
}

/// What has to be known of the reservations of an offer.
#[derive(Debug, Clone, Default)]
pub struct WantedReservations {
    pub ids: Vec<i64>,
    /// Orders for which something may be held.
    pub order_ids: Vec<String>,
}

/// Reservations that are given back at once, so that an offer whose holds have all expired while nobody was
/// there goes on within the time that a statement has.
const EXPIRED_AT_ONCE: i64 = 10_000;

/// The wanted reservations, whatever their state, and open ones whose time is over, first those that are so
/// the longest.
pub async fn reservations(
    connection: &mut PgConnection,
    offer_id: i64,
    wanted: &WantedReservations,
    now: DateTime<Utc>,
) -> Result<Vec<Reservation>, Error> {
    let rows = sqlx::query!(
        r#"select r.id, r.customer_id, r.order_id, r.order_amount, r.discount, r.discount_asked, r.state,
                  r.expires_at, r.remaining_budget
           from (select unnest($2::bigint[])
                 union
                 select id from reservations
                 where offer_id = $1 and state = 'open' and order_id is not null and order_id = any($3)
                 union
                 (select id from reservations
                  where offer_id = $1 and state = 'open' and expires_at <= $4
                  order by expires_at limit $5)) as wanted (id)
           cross join lateral (
               select * from reservations r where r.offer_id = $1 and r.id = wanted.id offset 0) r
           order by r.id"#,
        offer_id,
        &wanted.ids,
        &wanted.order_ids,
        now,
        EXPIRED_AT_ONCE,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state = HoldState::parse(&row.state).ok_or_else(|| {
                Error::Unreadable(format!("reservation {}: state {:?} is not known", row.id, row.state))
            })?;
            let (customer_id, order_amount, order_id) = (row.customer_id, row.order_amount, row.order_id);
            let order = Order { customer_id, order_amount, order_id };
            let (discount, discount_asked) = (row.discount, row.discount_asked);
            Ok(Reservation {
                hold: Hold { id: row.id, order, discount, discount_asked, state },
                expires_at: row.expires_at,
                remaining_budget: row.remaining_budget,
            })
        })
        .collect()
}

/// The offer of a reservation.
pub async fn offer_of_reservation(connection: &mut PgConnection, id: i64) -> Result<Option<i64>, Error> {
    let offer = sqlx::query_scalar!("select offer_id from reservations where id = $1", id);
    Ok(offer.fetch_optional(connection).await?)
}

/// Offers that hold something whose time is over.
pub async fn offers_with_expired(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, Error> {
    let offers = sqlx::query_scalar!(
        "select distinct offer_id from reservations where state = 'open' and expires_at <= $1 order by offer_id",
        now,
    );
    Ok(offers.fetch_all(connection).await?)
}
