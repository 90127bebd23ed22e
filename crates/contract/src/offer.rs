use chrono::{DateTime, NaiveDate, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::read;
use crate::{DailyPoint, Money, RunOut, scalar};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiscountType {
    /// `discount_value` percent of the order amount.
    Percent,
    /// `discount_value` in the offer's currency, never more than the order amount.
    Flat,
}

/// What becomes of an order whose discount is more than what the budget has left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shortfall {
    /// It is refused: `budget_exhausted`.
    #[default]
    Reject,
    /// It is given what is left, once.
    Partial,
}

/// What staff decided. Dates and limits are not in it: see [`OfferState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfferStatus {
    Active,
    Paused,
    Archived,
}

/// Whether the offer redeems right now and, if not, why. Worked out at the moment of reading by the
/// same function that decides a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    Scheduled,
    Active,
    Paused,
    Expired,
    BudgetExhausted,
    RedemptionsExhausted,
    Archived,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offer {
    pub id: i64,
    pub name: String,
    /// Upper case; unique.
    pub code: String,
    pub discount_type: DiscountType,
    /// Percent (0 to 100) or an amount in `currency`.
    pub discount_value: Money,
    /// ISO 4217.
    pub currency: String,
    /// IANA time zone whose wall clock `start_date` and `end_date` are read on.
    pub timezone: String,
    /// First day on which the offer redeems.
    pub start_date: NaiveDate,
    /// Last day on which the offer redeems.
    pub end_date: NaiveDate,
    /// The most that all discounts together may cost; null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub budget: Option<Money>,
    /// The most redemptions; null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_redemptions: Option<i64>,
    /// The smallest order that redeems; null for any.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub min_order_amount: Option<Money>,
    /// The most that one redemption gives; null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_discount: Option<Money>,
    /// The most redemptions of one customer; null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_redemptions_per_customer: Option<i64>,
    #[serde(default)]
    pub on_budget_shortfall: Shortfall,
    pub status: OfferStatus,
    pub state: OfferState,
    pub totals: OfferTotals,
    /// Grows with every edit. Send it back with an edit so that two editors don't overwrite each other.
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferTotals {
    pub redemptions: i64,
    pub discount_given: Money,
    /// Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
}

/// An offer as `GET /api/offers` lists it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedOffer {
    #[serde(flatten)]
    pub offer: Offer,
    /// The last 14 days in the offer's zone, zeros included; the last one is today, unfinished.
    pub daily: Vec<DailyPoint>,
    /// By the stored forecast; null without one of the offer as it is, or without a limit that it knows of.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub run_out: Option<RunOut>,
}

/// serde's own way to read flattened fields keeps numbers as binary floats, so the object is read twice: once for the
/// fields of the offer, once for the others.
impl<'de> Deserialize<'de> for ListedOffer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Others {
            daily: Vec<DailyPoint>,
            run_out: Option<RunOut>,
        }

        let text = <&RawValue>::deserialize(deserializer)?.get();
        let offer = read(text).map_err(D::Error::custom)?;
        let Others { daily, run_out } = read(text).map_err(D::Error::custom)?;
        Ok(ListedOffer { offer, daily, run_out })
    }
}

/// Body of `POST /api/offers` and `PUT /api/offers/{offer}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferInput {
    /// 1 to 200 characters that can be seen.
    #[cfg_attr(feature = "openapi", schema(required, schema_with = crate::text::name))]
    pub name: Option<String>,
    /// 1 to 64 of letters, digits, `-` and `_`, at least one letter; stored in upper case. Spaces and characters that cannot be
    /// seen are left out, other dashes and characters in full width are taken for those of ASCII.
    #[cfg_attr(feature = "openapi", schema(required, schema_with = crate::text::code))]
    pub code: Option<String>,
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, value_type = DiscountType))]
    pub discount_type: Option<String>,
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub discount_value: Option<Money>,
    /// ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, pattern = "^[A-Za-z]{3}$"))]
    pub currency: Option<String>,
    /// IANA name; `UTC` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub start_date: Option<String>,
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub end_date: Option<String>,
    /// More than 0; null or left out for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Money>,
    /// 1 or more; null or left out for no limit.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions: Option<i64>,
    /// More than 0; null or left out and every order redeems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_order_amount: Option<Money>,
    /// More than 0; null or left out for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_discount: Option<Money>,
    /// 1 or more; null or left out for no limit. What was redeemed before counts.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions_per_customer: Option<i64>,
    /// `reject` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Shortfall>))]
    pub on_budget_shortfall: Option<String>,
    /// `active` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<OfferStatus>))]
    pub status: Option<String>,
    /// The `version` that was read before editing: 409 `stale_offer` when it is no longer the stored one.
    /// Without it the edit is made whatever the stored version.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Body of `PATCH /api/offers/{offer}`: what is left out stays as it is.
///
/// The outer `Option` tells absent from present, the inner one null from a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OfferPatch {
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::name, required = false))]
    pub name: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::code, required = false))]
    pub code: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = DiscountType, required = false))]
    pub discount_type: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Money, required = false))]
    pub discount_value: Option<Option<Money>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, pattern = "^[A-Za-z]{3}$"))]
    pub currency: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub timezone: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub start_date: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub end_date: Option<Option<String>>,
    /// Null takes the limit away.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub budget: Option<Option<Money>>,
    /// Null takes the limit away.
    #[serde(deserialize_with = "scalar::present_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions: Option<Option<i64>>,
    /// Null takes the limit away.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub min_order_amount: Option<Option<Money>>,
    /// Null takes the limit away.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub max_discount: Option<Option<Money>>,
    /// Null takes the limit away.
    #[serde(deserialize_with = "scalar::present_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions_per_customer: Option<Option<i64>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Shortfall, required = false))]
    pub on_budget_shortfall: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = OfferStatus, required = false))]
    pub status: Option<Option<String>>,
    /// As in [`OfferInput`].
    #[serde(deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// What `DELETE /api/offers/{offer}` did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// The offer had no redemptions and is gone.
    Deleted,
    /// The offer had redemptions: it stays with its history and redeems no more.
    Archived,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Removed {
    pub id: i64,
    pub result: Removal,
}

#[cfg(test)]
#[expect(clippy::disallowed_types, reason = "compares two texts as JSON")]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_listed_offer_is_read_as_it_was_written() {
        let json = r#"{"id":1,"name":"Ten","code":"TEN","discount_type":"percent","discount_value":12.5,"currency":"USD",
            "timezone":"UTC","start_date":"2026-06-01","end_date":"2026-06-30","budget":12345678901234567890.12,
            "max_redemptions":null,"min_order_amount":null,"max_discount":null,
            "max_redemptions_per_customer":null,"on_budget_shortfall":"reject","status":"active","state":"active",
            "totals":{"redemptions":3,"discount_given":0.3,"remaining_budget":null},"version":2,
            "created_at":"2026-06-01T00:00:00Z","updated_at":"2026-06-01T00:00:00Z",
            "daily":[{"date":"2026-06-02","redemptions":3,"discount_given":0.3}],
            "run_out":{"probability":0.75,"limit":"budget","median":"2026-06-20","earliest_80":"2026-06-18","latest_80":null}}"#;
        let listed: ListedOffer = serde_json::from_str(json).unwrap();
        assert_eq!((listed.offer.version, listed.daily[0].redemptions), (2, 3));
        assert_eq!(listed.run_out.map(|run_out| run_out.probability), Some(0.75));
        assert_eq!(
            listed.offer.budget.map(|money| money.to_string()).as_deref(),
            Some("12345678901234567890.12")
        );
        let written = serde_json::to_string(&listed).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&written).unwrap(),
            serde_json::from_str::<Value>(json).unwrap()
        );
    }
}
