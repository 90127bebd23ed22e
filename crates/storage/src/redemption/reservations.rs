use chrono::{DateTime, Utc};
use offercast_domain::Order;
use offercast_domain::redemption::{Hold, HoldState};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;

/// A reservation with everything that its response contained.
#[derive(Debug, Clone, PartialEq)]
pub struct Reservation {
    pub hold: Hold,
    pub expires_at: DateTime<Utc>,
    pub remaining_budget: Option<Decimal>,
}

/// Which reservations of an offer to read.
#[derive(Debug, Clone, Default)]
pub struct ReservationFilter {
    pub ids: Vec<i64>,
    /// Orders whose open reservations are read.
    pub order_ids: Vec<String>,
}

/// Expired reservations that are released in one transaction, so that an offer with very many of them stays within the
/// statement timeout.
const MAX_EXPIRED: i64 = 10_000;

/// The reservations with these ids in any state, the open ones of these orders, and open ones whose time is over, the
/// oldest first.
pub async fn find_reservations(
    connection: &mut PgConnection,
    offer_id: i64,
    filter: &ReservationFilter,
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
        &filter.ids,
        &filter.order_ids,
        now,
        MAX_EXPIRED,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state = HoldState::parse(&row.state).ok_or_else(|| {
                Error::Unreadable(format!("reservation {}: unknown state {:?}", row.id, row.state))
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

/// The offer of a reservation; `None` for an unknown id.
pub async fn offer_of_reservation(connection: &mut PgConnection, id: i64) -> Result<Option<i64>, Error> {
    let offer = sqlx::query_scalar!("select offer_id from reservations where id = $1", id);
    Ok(offer.fetch_optional(connection).await?)
}

/// Offers with open reservations whose time is over.
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
