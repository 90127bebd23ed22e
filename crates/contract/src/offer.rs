use chrono::{DateTime, NaiveDate, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::read;
use crate::{DailyPoint, Money, RunOut, scalar};

/// `percent` takes `discount_value` percent off the order. `flat` takes off that amount in the currency of the offer,
/// but never more than the amount of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiscountType {
    /// `discount_value` percent of the order amount.
    Percent,
    /// `discount_value` in the offer's currency, never more than the order amount.
    Flat,
}

/// What happens to an order whose discount is more than the budget has left: `reject` refuses it with
/// `budget_exhausted`; `partial` gives what is left.
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

/// What staff decided about the offer. It does not depend on dates and limits; see `state` of the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfferStatus {
    Active,
    Paused,
    Archived,
}

/// Whether the offer can be redeemed right now, and if not, why. It is computed when the offer is read, by the same
/// rules that decide a redemption.
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

/// An offer with its terms, its totals and its state right now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offer {
    /// The id.
    pub id: i64,
    /// The name, 1 to 200 characters.
    pub name: String,
    /// The code, unique and in upper case.
    pub code: String,
    /// Whether the discount is a percentage or an amount.
    pub discount_type: DiscountType,
    /// The percentage (more than 0, at most 100), or the amount in `currency`.
    pub discount_value: Money,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
    /// The IANA time zone in which the days of the offer begin and end.
    pub timezone: String,
    /// First day on which the offer can be redeemed.
    pub start_date: NaiveDate,
    /// Last day on which the offer can be redeemed.
    pub end_date: NaiveDate,
    /// The most that all discounts together may cost. Null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub budget: Option<Money>,
    /// The largest number of redemptions. Null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_redemptions: Option<i64>,
    /// The smallest order that can redeem. Null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub min_order_amount: Option<Money>,
    /// The largest discount of one redemption. Null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_discount: Option<Money>,
    /// The largest number of redemptions of one customer. Null for no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_redemptions_per_customer: Option<i64>,
    /// What happens to an order whose discount is more than the budget has left.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub on_budget_shortfall: Shortfall,
    /// What staff decided about the offer.
    pub status: OfferStatus,
    /// Whether the offer can be redeemed right now, and if not, why.
    pub state: OfferState,
    /// What has been redeemed.
    pub totals: OfferTotals,
    /// Grows with every edit. Send it with an edit, so that the edit is refused if somebody else has changed the
    /// offer.
    pub version: i64,
    /// When the offer was created.
    pub created_at: DateTime<Utc>,
    /// When the offer was edited last.
    pub updated_at: DateTime<Utc>,
}

/// What has been redeemed of an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferTotals {
    /// Redemptions that have not been reversed.
    pub redemptions: i64,
    /// Discount given by these redemptions.
    pub discount_given: Money,
    /// What remains of the budget. Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
}

/// An offer in a list, with its last days.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedOffer {
    /// The offer.
    #[serde(flatten)]
    pub offer: Offer,
    /// The last 14 days in the offer's time zone, one entry for each. The last one is today, which is not finished.
    pub daily: Vec<DailyPoint>,
    /// When the budget or the maximum will be used up. Null without a limit or a stored forecast.
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

/// The terms of an offer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferInput {
    /// The name, 1 to 200 characters that can be seen.
    #[cfg_attr(feature = "openapi", schema(required, schema_with = crate::text::name))]
    pub name: Option<String>,
    /// The code: 1 to 64 letters, digits, `-` and `_`, with at least one letter. It is stored in upper case. Spaces and
    /// characters that cannot be seen are left out; other dashes and full-width characters are read as those of ASCII.
    #[cfg_attr(feature = "openapi", schema(required, schema_with = crate::text::code))]
    pub code: Option<String>,
    /// Whether the discount is a percentage or an amount.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, value_type = DiscountType))]
    pub discount_type: Option<String>,
    /// The percentage (more than 0, at most 100), or the amount in `currency`.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub discount_value: Option<Money>,
    /// The currency, as an ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, pattern = "^[A-Za-z]{3}$"))]
    pub currency: Option<String>,
    /// The IANA time zone in which the days of the offer begin and end. The default is `UTC`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// First day on which the offer can be redeemed.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub start_date: Option<String>,
    /// Last day on which the offer can be redeemed.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub end_date: Option<String>,
    /// The most that all discounts together may cost. More than 0. Null or left out for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Money>,
    /// The largest number of redemptions. Null or left out for no limit.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions: Option<i64>,
    /// The smallest order that can redeem. More than 0. Null or left out for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_order_amount: Option<Money>,
    /// The largest discount of one redemption. More than 0. Null or left out for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_discount: Option<Money>,
    /// The largest number of redemptions of one customer. Null or left out for no limit. Earlier redemptions count.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions_per_customer: Option<i64>,
    /// What happens to an order whose discount is more than the budget has left. The default is `reject`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Shortfall>))]
    pub on_budget_shortfall: Option<String>,
    /// The default is `active`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<OfferStatus>))]
    pub status: Option<String>,
    /// The `version` that was read before the edit. If it is not the current one, the answer is 409 `stale_offer`. If
    /// it is left out, the edit is made in any case.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// The fields of an offer to change. A field that is left out stays as it is.
// The outer `Option` tells absent from present, the inner one null from a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferPatch {
    /// The name, 1 to 200 characters that can be seen.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::name, required = false))]
    pub name: Option<Option<String>>,
    /// The code: 1 to 64 letters, digits, `-` and `_`, with at least one letter. It is stored in upper case.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text::code, required = false))]
    pub code: Option<Option<String>>,
    /// Whether the discount is a percentage or an amount.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = DiscountType, required = false))]
    pub discount_type: Option<Option<String>>,
    /// The percentage (more than 0, at most 100), or the amount in `currency`.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Money, required = false))]
    pub discount_value: Option<Option<Money>>,
    /// The currency, as an ISO 4217 code.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, pattern = "^[A-Za-z]{3}$"))]
    pub currency: Option<Option<String>>,
    /// The IANA time zone in which the days of the offer begin and end.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub timezone: Option<Option<String>>,
    /// First day on which the offer can be redeemed.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub start_date: Option<Option<String>>,
    /// Last day on which the offer can be redeemed.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub end_date: Option<Option<String>>,
    /// The most that all discounts together may cost. Null removes the limit.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub budget: Option<Option<Money>>,
    /// The largest number of redemptions. Null removes the limit.
    #[serde(default, deserialize_with = "scalar::present_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions: Option<Option<i64>>,
    /// The smallest order that can redeem. Null removes the limit.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub min_order_amount: Option<Option<Money>>,
    /// The largest discount of one redemption. Null removes the limit.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub max_discount: Option<Option<Money>>,
    /// The largest number of redemptions of one customer. Null removes the limit.
    #[serde(default, deserialize_with = "scalar::present_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions_per_customer: Option<Option<i64>>,
    /// What happens to an order whose discount is more than the budget has left.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Shortfall, required = false))]
    pub on_budget_shortfall: Option<Option<String>>,
    /// What staff decide about the offer.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = OfferStatus, required = false))]
    pub status: Option<Option<String>>,
    /// The `version` that was read before the edit. If it is not the current one, the answer is 409 `stale_offer`. If
    /// it is left out, the edit is made in any case.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// What was done to an offer: `deleted`, because it had no redemptions, or `archived`, so that its redemptions are
/// kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// The offer had no redemptions and is gone.
    Deleted,
    /// The offer had redemptions: it stays with its history and redeems no more.
    Archived,
}

/// The offer that was deleted or archived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Removed {
    /// The id of the offer.
    pub id: i64,
    /// What was done.
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
