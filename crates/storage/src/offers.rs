use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{
    Currency, Discount, Held, Offer, OfferCode, OfferRef, OfferStatus, OfferTerms, Shortfall, Totals, Zone,
};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;
use crate::redemption::commit_batch::Counters;

/// An offer with its totals, version and timestamps.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredOffer {
    pub offer: Offer,
    pub totals: Totals,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A row of `offers` with its row of `offer_counters`. See `select_offers` and `offer_row`.
pub(crate) struct OfferRow {
    pub id: i64,
    pub code: String,
    pub name: String,
    pub discount_type: String,
    pub discount_value: Decimal,
    pub currency: String,
    pub timezone: String,
    pub start_date: NaiveDate,
    pub end_date: NaiveDate,
    pub budget: Option<Decimal>,
    pub max_redemptions: Option<i64>,
    pub min_order_amount: Option<Decimal>,
    pub max_discount: Option<Decimal>,
    pub max_redemptions_per_customer: Option<i64>,
    pub on_budget_shortfall: String,
    pub status: String,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub redeemed: i64,
    pub spent: Decimal,
    pub held_redemptions: i64,
    pub held: Decimal,
}

/// Selects offers with their counters: a `sqlx::query!` whose records have the columns of [`OfferRow`] and
/// `$more_columns`. `$rest` follows the `from` clause.
macro_rules! select_offers {
    ($more_columns:literal, $rest:literal, $($arguments:tt)*) => {
        sqlx::query!(
            r#"select o.id, o.code, o.name, o.discount_type, o.discount_value, o.currency, o.timezone,
                  o.start_date, o.end_date, o.budget, o.max_redemptions, o.min_order_amount, o.max_discount,
                  o.max_redemptions_per_customer, o.on_budget_shortfall, o.status, o.version, o.created_at,
                  o.updated_at, c.redeemed, c.spent, c.held_redemptions, c.held"#
                + $more_columns
                + r#"
           from offers o join offer_counters c on c.offer_id = o.id
           "#
                + $rest,
            $($arguments)*
        )
    };
}
pub(crate) use select_offers;

/// Converts a record that has the columns of `select_offers` into an [`OfferRow`].
macro_rules! offer_row {
    ($record:ident) => {
        $crate::offers::OfferRow {
            id: $record.id,
            code: $record.code,
            name: $record.name,
            discount_type: $record.discount_type,
            discount_value: $record.discount_value,
            currency: $record.currency,
            timezone: $record.timezone,
            start_date: $record.start_date,
            end_date: $record.end_date,
            budget: $record.budget,
            max_redemptions: $record.max_redemptions,
            min_order_amount: $record.min_order_amount,
            max_discount: $record.max_discount,
            max_redemptions_per_customer: $record.max_redemptions_per_customer,
            on_budget_shortfall: $record.on_budget_shortfall,
            status: $record.status,
            version: $record.version,
            created_at: $record.created_at,
            updated_at: $record.updated_at,
            redeemed: $record.redeemed,
            spent: $record.spent,
            held_redemptions: $record.held_redemptions,
            held: $record.held,
        }
    };
}
pub(crate) use offer_row;

impl TryFrom<OfferRow> for StoredOffer {
    type Error = Error;

    fn try_from(row: OfferRow) -> Result<Self, Error> {
        let unreadable = |what: &str, value: &str| {
            Error::Unreadable(format!("offer {}: unknown {what} {value:?}", row.id))
        };
        let discount = match row.discount_type.as_str() {
            "percent" => Discount::Percent(row.discount_value),
            "flat" => Discount::Flat(row.discount_value),
            other => return Err(unreadable("discount type", other)),
        };
        let terms = OfferTerms {
            code: OfferCode::parse(&row.code).ok_or_else(|| unreadable("code", &row.code))?,
            discount,
            currency: Currency::parse(&row.currency).ok_or_else(|| unreadable("currency", &row.currency))?,
            zone: Zone::parse(&row.timezone).ok_or_else(|| unreadable("time zone", &row.timezone))?,
            start_date: row.start_date,
            end_date: row.end_date,
            budget: row.budget,
            max_redemptions: row.max_redemptions,
            min_order_amount: row.min_order_amount,
            max_discount: row.max_discount,
            max_redemptions_per_customer: row.max_redemptions_per_customer,
            on_budget_shortfall: Shortfall::parse(&row.on_budget_shortfall)
                .ok_or_else(|| unreadable("on_budget_shortfall", &row.on_budget_shortfall))?,
            status: OfferStatus::parse(&row.status).ok_or_else(|| unreadable("status", &row.status))?,
            name: row.name,
        };
        Ok(StoredOffer {
            offer: Offer { id: row.id, terms },
            totals: totals(row.redeemed, row.spent, row.held_redemptions, row.held),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn totals(redeemed: i64, spent: Decimal, held_redemptions: i64, held: Decimal) -> Totals {
    Totals { redeemed, spent, held: Held { redemptions: held_redemptions, discount: held } }
}

pub async fn insert_offer(
    connection: &mut PgConnection,
    terms: &OfferTerms,
    now: DateTime<Utc>,
) -> Result<i64, Error> {
    let id = sqlx::query_scalar!(
        r#"with offer as (
               insert into offers (code, name, discount_type, discount_value, currency, timezone,
                                   start_date, end_date, budget, max_redemptions, min_order_amount, max_discount,
                                   max_redemptions_per_customer, on_budget_shortfall, status, created_at, updated_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
               returning id)
           insert into offer_counters (offer_id) select id from offer returning offer_id"#,
        terms.code.as_str(),
        terms.name,
        terms.discount.kind(),
        terms.discount.value(),
        terms.currency.code(),
        terms.zone.name(),
        terms.start_date,
        terms.end_date,
        terms.budget,
        terms.max_redemptions,
        terms.min_order_amount,
        terms.max_discount,
        terms.max_redemptions_per_customer,
        terms.on_budget_shortfall.name(),
        terms.status.name(),
        now,
    )
    .fetch_one(connection)
    .await?;
    Ok(id)
}

pub async fn find_offer(
    connection: &mut PgConnection,
    offer: &OfferRef,
) -> Result<Option<StoredOffer>, Error> {
    let (id, code) = id_or_code(offer);
    Ok(find(connection, id.as_slice(), code).await?.pop())
}

/// Returns the offers with these ids that exist.
pub async fn find_offers(connection: &mut PgConnection, ids: &[i64]) -> Result<Vec<StoredOffer>, Error> {
    find(connection, ids, None).await
}

async fn find(
    connection: &mut PgConnection,
    ids: &[i64],
    code: Option<&str>,
) -> Result<Vec<StoredOffer>, Error> {
    let rows =
        select_offers!("", "where o.id = any($1) or o.code = $2", ids, code).fetch_all(connection).await?;
    rows.into_iter().map(|row| StoredOffer::try_from(offer_row!(row))).collect()
}

/// Locks the counter row of an offer: until the transaction ends, no other transaction can redeem, edit or remove the
/// offer. Returns its id and its counters.
pub async fn lock_counters(
    connection: &mut PgConnection,
    offer: &OfferRef,
) -> Result<Option<(i64, Counters)>, Error> {
    let (id, code) = id_or_code(offer);
    let row = sqlx::query!(
        r#"select offer_id, redeemed, spent, held_redemptions, held, terms_version from offer_counters
           where offer_id = (select id from offers where id = $1 or code = $2)
           for update"#,
        id,
        code,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let totals = totals(row.redeemed, row.spent, row.held_redemptions, row.held);
        (row.offer_id, Counters { totals, terms_version: row.terms_version })
    }))
}

pub async fn offer_id(connection: &mut PgConnection, offer: &OfferRef) -> Result<Option<i64>, Error> {
    let (id, code) = id_or_code(offer);
    let id = sqlx::query_scalar!("select id from offers where id = $1 or code = $2", id, code);
    Ok(id.fetch_optional(connection).await?)
}

/// Bumps the terms version, so that batches decided on the previous counters fail to commit. The offer must be locked.
pub async fn bump_version(connection: &mut PgConnection, offer_id: i64) -> Result<Counters, Error> {
    let row = sqlx::query!(
        r#"update offer_counters set terms_version = terms_version + 1 where offer_id = $1
           returning redeemed, spent, held_redemptions, held, terms_version"#,
        offer_id,
    )
    .fetch_one(connection)
    .await?;
    let totals = totals(row.redeemed, row.spent, row.held_redemptions, row.held);
    Ok(Counters { totals, terms_version: row.terms_version })
}

/// Locks the counter row of an offer and returns the offer.
///
/// The lock and the read are separate statements, so that the read sees the changes of the previous lock holder.
pub async fn lock_offer(
    connection: &mut PgConnection,
    offer: &OfferRef,
) -> Result<Option<StoredOffer>, Error> {
    match lock_counters(connection, offer).await? {
        Some((id, _)) => find_offer(connection, &OfferRef::Id(id)).await,
        None => Ok(None),
    }
}

pub(crate) fn id_or_code(offer: &OfferRef) -> (Option<i64>, Option<&str>) {
    match offer {
        OfferRef::Id(id) => (Some(*id), None),
        OfferRef::Code(code) => (None, Some(code.as_str())),
    }
}

/// Stores new terms of an offer and increments its version.
pub async fn update_offer(
    connection: &mut PgConnection,
    id: i64,
    terms: &OfferTerms,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        r#"update offers
           set code = $2, name = $3, discount_type = $4, discount_value = $5, currency = $6, timezone = $7,
               start_date = $8, end_date = $9, budget = $10, max_redemptions = $11, min_order_amount = $12,
               max_discount = $13, max_redemptions_per_customer = $14, on_budget_shortfall = $15, status = $16,
               updated_at = $17, version = version + 1
           where id = $1"#,
        id,
        terms.code.as_str(),
        terms.name,
        terms.discount.kind(),
        terms.discount.value(),
        terms.currency.code(),
        terms.zone.name(),
        terms.start_date,
        terms.end_date,
        terms.budget,
        terms.max_redemptions,
        terms.min_order_amount,
        terms.max_discount,
        terms.max_redemptions_per_customer,
        terms.on_budget_shortfall.name(),
        terms.status.name(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the offer was ever redeemed or reserved. Such an offer cannot be deleted.
pub async fn has_history(connection: &mut PgConnection, id: i64) -> Result<bool, Error> {
    let has_history = sqlx::query_scalar!(
        r#"select exists(select from redemptions where offer_id = $1)
                  or exists(select from reservations where offer_id = $1) as "has_history!""#,
        id,
    )
    .fetch_one(connection)
    .await?;
    Ok(has_history)
}

/// Of these ids, those that no offer has.
pub async fn missing_ids(connection: &mut PgConnection, ids: &[i64]) -> Result<Vec<i64>, Error> {
    let missing = sqlx::query_scalar!(
        r#"select wanted.id as "id!" from unnest($1::bigint[]) as wanted (id)
           where not exists (select from offers o where o.id = wanted.id) order by wanted.id"#,
        ids,
    );
    Ok(missing.fetch_all(connection).await?)
}

/// Deletes an offer. The database rejects this for an offer with redemptions.
pub async fn delete_offer(connection: &mut PgConnection, id: i64) -> Result<(), Error> {
    sqlx::query!("delete from offers where id = $1", id).execute(connection).await?;
    Ok(())
}

/// The order of a list of offers. Ties are ordered by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferSort {
    Newest,
    Name,
    Code,
    EndDate,
    MostRedeemed,
}

impl OfferSort {
    pub const ALL: [OfferSort; 5] =
        [OfferSort::Newest, OfferSort::Name, OfferSort::Code, OfferSort::EndDate, OfferSort::MostRedeemed];

    pub fn name(self) -> &'static str {
        match self {
            OfferSort::Newest => "-created",
            OfferSort::Name => "name",
            OfferSort::Code => "code",
            OfferSort::EndDate => "end_date",
            OfferSort::MostRedeemed => "-redemptions",
        }
    }
}

/// The parameters of a list of offers.
#[derive(Debug, Clone)]
pub struct ListOffers {
    /// Part of a name, ignoring case. Empty for all offers.
    pub search: String,
    /// Part of a code. Offers that match either search are listed.
    pub search_code: Option<String>,
    pub sort: OfferSort,
    /// Sort key and id of the last offer of the previous read.
    pub after: Option<(String, i64)>,
    pub limit: i64,
    /// The offers that may be listed. `None`: all.
    pub only: Option<Vec<i64>>,
}

/// Lists offers, each with its sort key.
pub async fn list_offers(
    connection: &mut PgConnection,
    list: &ListOffers,
) -> Result<Vec<(String, StoredOffer)>, Error> {
    let (after_key, after_id) = list.after.clone().unzip();
    // A text key for every order, ascending in the "C" collation, makes all orders a single query.
    let rows = select_offers!(
        r#", k.key as "key!""#,
        r#"cross join lateral (select (case $2::text
                   when 'name' then o.name_folded
                   when 'code' then o.code
                   when 'end_date' then o.end_date::text
                   when '-redemptions' then lpad((1000000000000000 - c.redeemed)::text, 16, '0')
                   else lpad((9223372036854775807 - o.id)::text, 19, '0')
               end) collate "C" as key) k
           where ($1 = '' or position(offercast_fold($1) in o.name_folded) > 0 or position($6 in o.code) > 0)
             and ($3::text is null or (k.key, o.id) > ($3 collate "C", $4))
             and ($7::bigint[] is null or o.id = any($7))
           order by k.key, o.id
           limit $5"#,
        list.search,
        list.sort.name(),
        after_key,
        after_id,
        list.limit,
        list.search_code,
        list.only.as_deref(),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| Ok((row.key, StoredOffer::try_from(offer_row!(row))?))).collect()
}
