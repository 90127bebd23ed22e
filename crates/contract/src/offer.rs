use chrono::{DateTime, NaiveDate, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::raw_text::raw_text;
use crate::{DailyPoint, Money, RunOut, read, scalar};

/// How the discount is computed. `percent`: `discount_value` percent of the order amount. `flat`: `discount_value` in
/// the offer's currency. A discount is never greater than the order amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiscountType {
    /// `discount_value` percent of the order amount.
    Percent,
    /// `discount_value` in the offer's currency, at most the order amount.
    Flat,
}

/// What happens if a discount is greater than the remaining budget. `reject`: the redemption is declined with
/// `budget_exhausted`. `partial`: the discount is reduced to the remaining budget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shortfall {
    /// The redemption is declined with `budget_exhausted`.
    #[default]
    Reject,
    /// The discount is reduced to the remaining budget.
    Partial,
}

/// The status set by staff. It does not depend on dates and limits; the offer's `state` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfferStatus {
    Active,
    Paused,
    Archived,
}

/// Whether the offer can be redeemed right now, and if not, why. Computed when the offer is read, by the same rules
/// that decide redemptions.
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

/// An offer with its terms, its totals and its current state.
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
    /// The percentage (greater than 0, at most 100), or the amount in `currency`.
    pub discount_value: Money,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
    /// The IANA time zone in which the offer's days start and end.
    pub timezone: String,
    /// First day on which the offer can be redeemed.
    pub start_date: NaiveDate,
    /// Last day on which the offer can be redeemed.
    pub end_date: NaiveDate,
    /// Maximum total of all discounts. Null if there is no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub budget: Option<Money>,
    /// Maximum number of redemptions. Null if there is no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_redemptions: Option<i64>,
    /// Minimum order amount. Null if there is no minimum.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub min_order_amount: Option<Money>,
    /// Maximum discount of a single redemption. Null if there is no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_discount: Option<Money>,
    /// Maximum number of redemptions per customer. Null if there is no limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub max_redemptions_per_customer: Option<i64>,
    /// What happens if a discount is greater than the remaining budget.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub on_budget_shortfall: Shortfall,
    /// The status set by staff.
    pub status: OfferStatus,
    /// Whether the offer can be redeemed right now, and if not, why.
    pub state: OfferState,
    /// Total redemptions and discount.
    pub totals: OfferTotals,
    /// Increases with every edit. Send it with an edit to have the edit rejected if the offer was changed in the
    /// meantime.
    pub version: i64,
    /// When the offer was created.
    pub created_at: DateTime<Utc>,
    /// When the offer was last edited.
    pub updated_at: DateTime<Utc>,
}

/// Total redemptions and discount of an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferTotals {
    /// Number of redemptions, without reversed ones.
    pub redemptions: i64,
    /// Discount given by these redemptions.
    pub discount_given: Money,
    /// The remaining budget. Null if the offer has no budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
}

/// An offer in a list, with its recent redemptions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedOffer {
    /// The offer.
    #[serde(flatten)]
    pub offer: Offer,
    /// The last 14 days in the offer's time zone, one entry for each day. The last one is today, an unfinished day.
    pub daily: Vec<DailyPoint>,
    /// When the budget or the maximum will be used up. Null if the offer has no limit or no stored forecast.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub run_out: Option<RunOut>,
}

/// Parses the object twice: once for the offer's fields and once for the others. A derived `flatten` would buffer
/// numbers as binary floats and lose digits.
impl<'de> Deserialize<'de> for ListedOffer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct OtherFields {
            daily: Vec<DailyPoint>,
            run_out: Option<RunOut>,
        }

        let text = raw_text(deserializer)?;
        let offer = read(text).map_err(D::Error::custom)?;
        let OtherFields { daily, run_out } = read(text).map_err(D::Error::custom)?;
        Ok(ListedOffer { offer, daily, run_out })
    }
}

/// The terms of a new or replaced offer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferInput {
    /// The name, 1 to 200 visible characters.
    #[cfg_attr(feature = "openapi", schema(required, schema_with = crate::text_patterns::name))]
    pub name: Option<String>,
    /// The code: 1 to 64 letters, digits, `-` and `_`, with at least one letter. Stored in upper case. Spaces and
    /// invisible characters are removed; other dashes and full-width characters are converted to ASCII.
    #[cfg_attr(feature = "openapi", schema(required, schema_with = crate::text_patterns::code))]
    pub code: Option<String>,
    /// Whether the discount is a percentage or an amount.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, value_type = DiscountType))]
    pub discount_type: Option<String>,
    /// The percentage (greater than 0, at most 100), or the amount in `currency`.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false))]
    pub discount_value: Option<Money>,
    /// The currency, as an ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, pattern = "^[A-Za-z]{3}$"))]
    pub currency: Option<String>,
    /// The IANA time zone in which the offer's days start and end. The default is `UTC`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// First day on which the offer can be redeemed.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub start_date: Option<String>,
    /// Last day on which the offer can be redeemed.
    #[cfg_attr(feature = "openapi", schema(required, nullable = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub end_date: Option<String>,
    /// Maximum total of all discounts. Greater than 0. Null or omitted for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Money>,
    /// Maximum number of redemptions. Null or omitted for no limit.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions: Option<i64>,
    /// Minimum order amount. Greater than 0. Null or omitted for no minimum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_order_amount: Option<Money>,
    /// Maximum discount of a single redemption. Greater than 0. Null or omitted for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_discount: Option<Money>,
    /// Maximum number of redemptions per customer. Null or omitted for no limit. Redemptions before the limit was set
    /// count.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions_per_customer: Option<i64>,
    /// What happens if a discount is greater than the remaining budget. The default is `reject`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Shortfall>))]
    pub on_budget_shortfall: Option<String>,
    /// The status. The default is `active`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<OfferStatus>))]
    pub status: Option<String>,
    /// The `version` that you read before the edit. If it is not the current version, the edit fails with 409
    /// `stale_offer`. If omitted, the edit is made without this check.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// The fields of an offer to change. An omitted field keeps its value.
// The outer `Option` is `None` for an absent field, the inner one for null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferPatch {
    /// The name, 1 to 200 visible characters.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text_patterns::name, required = false))]
    pub name: Option<Option<String>>,
    /// The code: 1 to 64 letters, digits, `-` and `_`, with at least one letter. Stored in upper case.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::text_patterns::code, required = false))]
    pub code: Option<Option<String>>,
    /// Whether the discount is a percentage or an amount.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = DiscountType, required = false))]
    pub discount_type: Option<Option<String>>,
    /// The percentage (greater than 0, at most 100), or the amount in `currency`.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Money, required = false))]
    pub discount_value: Option<Option<Money>>,
    /// The currency, as an ISO 4217 code.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, pattern = "^[A-Za-z]{3}$"))]
    pub currency: Option<Option<String>>,
    /// The IANA time zone in which the offer's days start and end.
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
    /// Maximum total of all discounts. Null removes the limit.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub budget: Option<Option<Money>>,
    /// Maximum number of redemptions. Null removes the limit.
    #[serde(default, deserialize_with = "scalar::present_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions: Option<Option<i64>>,
    /// Minimum order amount. Null removes the minimum.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub min_order_amount: Option<Option<Money>>,
    /// Maximum discount of a single redemption. Null removes the limit.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub max_discount: Option<Option<Money>>,
    /// Maximum number of redemptions per customer. Null removes the limit.
    #[serde(default, deserialize_with = "scalar::present_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions_per_customer: Option<Option<i64>>,
    /// What happens if a discount is greater than the remaining budget.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Shortfall, required = false))]
    pub on_budget_shortfall: Option<Option<String>>,
    /// The status.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = OfferStatus, required = false))]
    pub status: Option<Option<String>>,
    /// The `version` that you read before the edit. If it is not the current version, the edit fails with 409
    /// `stale_offer`. If omitted, the edit is made without this check.
    #[serde(default, deserialize_with = "scalar::optional_whole", skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Deserializes a present field: `Some(None)` for null, `Some(Some(_))` for a value.
pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// What happened to the offer: `deleted` if it had no redemptions, `archived` if it had, so that they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// The offer had no redemptions and was deleted.
    Deleted,
    /// The offer had redemptions: it is kept with its history and can no longer be redeemed.
    Archived,
}

/// A deleted or archived offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Removed {
    /// The id of the offer.
    pub id: i64,
    /// Whether the offer was deleted or archived.
    pub result: Removal,
}

#[cfg(test)]
#[expect(clippy::disallowed_types, reason = "compares two JSON texts")]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_listed_offer_survives_a_round_trip() {
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
