use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    Currency, Discount, FIRST_DAY, LAST_DAY, OfferCode, OfferStatus, OfferTerms, Shortfall, Zone, decimal,
    text,
};

/// The largest amount of money that any field takes.
pub(crate) const MAX_MONEY: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0); // 10^12
const MAX_NAME: usize = 200;
const MAX_COUNT: i64 = 1_000_000_000_000;
/// Digits of a percentage after the point.
const PERCENT_DIGITS: u32 = 4;

/// An offer as somebody wrote it down, in a form, a JSON body or a CSV row: text, empty where nothing was
/// given. [`OfferDraft::check`] turns it into terms or says everything that is wrong with it, so that all
/// three are held to the same rules in the same words.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferDraft {
    pub name: String,
    pub code: String,
    pub discount_type: String,
    pub discount_value: String,
    pub currency: String,
    pub timezone: String,
    pub start_date: String,
    pub end_date: String,
    /// Empty means no limit.
    pub budget: String,
    /// Empty means no limit.
    pub max_redemptions: String,
    /// Empty means that every order redeems.
    pub min_order_amount: String,
    /// Empty means no limit.
    pub max_discount: String,
    /// Empty means no limit.
    pub max_redemptions_per_customer: String,
    pub on_budget_shortfall: String,
    pub status: String,
}

/// What is wrong with one field, and what is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    pub code: &'static str,
    pub message: String,
}

impl FieldError {
    pub fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        FieldError { field, code, message: message.into() }
    }

    pub fn required(field: &'static str) -> Self {
        FieldError::new(field, "required", "is required")
    }
}

/// What a newcomer need not say: the zone is UTC, the offer active and strict about its budget, everything else
/// not given.
impl Default for OfferDraft {
    fn default() -> Self {
        let text = String::new;
        OfferDraft {
            name: text(),
            code: text(),
            discount_type: text(),
            discount_value: text(),
            currency: text(),
            timezone: "UTC".to_owned(),
            start_date: text(),
            end_date: text(),
            budget: text(),
            max_redemptions: text(),
            min_order_amount: text(),
            max_discount: text(),
            max_redemptions_per_customer: text(),
            on_budget_shortfall: Shortfall::Reject.name().to_owned(),
            status: OfferStatus::Active.name().to_owned(),
        }
    }
}

impl From<&OfferTerms> for OfferDraft {
    fn from(terms: &OfferTerms) -> Self {
        let count = |max: Option<i64>| max.map_or_else(String::new, |max| max.to_string());
        let limit =
            |value: Option<Decimal>| value.map_or_else(String::new, |value| value.normalize().to_string());
        OfferDraft {
            name: terms.name.clone(),
            code: terms.code.to_string(),
            discount_type: terms.discount.kind().to_owned(),
            discount_value: terms.discount.value().normalize().to_string(),
            currency: terms.currency.to_string(),
            timezone: terms.zone.to_string(),
            start_date: terms.start_date.to_string(),
            end_date: terms.end_date.to_string(),
            budget: limit(terms.budget),
            max_redemptions: count(terms.max_redemptions),
            min_order_amount: limit(terms.min_order_amount),
            max_discount: limit(terms.max_discount),
            max_redemptions_per_customer: count(terms.max_redemptions_per_customer),
            on_budget_shortfall: terms.on_budget_shortfall.name().to_owned(),
            status: terms.status.name().to_owned(),
        }
    }
}

impl OfferTerms {
    /// What makes two requests to create an offer the same one, however they are written: the terms that they mean,
    /// defaults filled in. No part can hold the line break between them.
    pub fn fingerprint(&self) -> String {
        let OfferDraft {
            name,
            code,
            discount_type,
            discount_value,
            currency,
            timezone,
            start_date,
            end_date,
            budget,
            max_redemptions,
            min_order_amount,
            max_discount,
            max_redemptions_per_customer,
            on_budget_shortfall,
            status,
        } = OfferDraft::from(self);
        [
            name,
            code,
            discount_type,
            discount_value,
            currency,
            timezone,
            start_date,
            end_date,
            budget,
            max_redemptions,
            min_order_amount,
            max_discount,
            max_redemptions_per_customer,
            on_budget_shortfall,
            status,
        ]
        .join("\n")
    }
}

impl OfferDraft {
    /// The terms, or every field that is wrong.
    pub fn check(&self) -> Result<OfferTerms, Vec<FieldError>> {
        self.check_with(name(&self.name))
    }

    /// The same for an edit of an offer. A name that stays as it is stays allowed: it may be older than the rules that a
    /// name is held to.
    pub fn check_edit(&self, old: &OfferTerms) -> Result<OfferTerms, Vec<FieldError>> {
        let is_old = self.name == old.name;
        self.check_with(if is_old { Ok(old.name.clone()) } else { name(&self.name) })
    }

    fn check_with(&self, name: Result<String, FieldError>) -> Result<OfferTerms, Vec<FieldError>> {
        let currency = currency(&self.currency);
        let minor_units = currency.as_ref().map_or(4, |currency| currency.minor_units());
        let mut errors = Vec::new();
        let mut keep = Collector(&mut errors);
        let name = keep.ok(name);
        let code = keep.ok(code(&self.code));
        let discount = keep.ok(discount(&self.discount_type, &self.discount_value, minor_units));
        let currency = keep.ok(currency);
        let zone = keep.ok(zone(&self.timezone));
        let dates = keep.ok_all(dates(&self.start_date, &self.end_date));
        let budget = keep.ok(limit("budget", &self.budget, minor_units));
        let max_redemptions = keep.ok(count("max_redemptions", &self.max_redemptions));
        let min_order_amount = keep.ok(limit("min_order_amount", &self.min_order_amount, minor_units));
        let max_discount = keep.ok(limit("max_discount", &self.max_discount, minor_units));
        let per_customer = "max_redemptions_per_customer";
        let max_redemptions_per_customer = keep.ok(count(per_customer, &self.max_redemptions_per_customer));
        let on_budget_shortfall = keep.ok(shortfall(&self.on_budget_shortfall));
        let status = keep.ok(status(&self.status));
        let terms = (|| {
            let (start_date, end_date) = dates?;
            Some(OfferTerms {
                name: name?,
                code: code?,
                discount: discount?,
                currency: currency?,
                zone: zone?,
                start_date,
                end_date,
                budget: budget?,
                max_redemptions: max_redemptions?,
                min_order_amount: min_order_amount?,
                max_discount: max_discount?,
                max_redemptions_per_customer: max_redemptions_per_customer?,
                on_budget_shortfall: on_budget_shortfall?,
                status: status?,
            })
        })();
        terms.ok_or(errors)
    }
}

/// Takes the good values and remembers what was wrong with the others.
struct Collector<'a>(&'a mut Vec<FieldError>);

impl Collector<'_> {
    fn ok<T>(&mut self, result: Result<T, FieldError>) -> Option<T> {
        self.ok_all(result.map_err(|error| vec![error]))
    }

    fn ok_all<T>(&mut self, result: Result<T, Vec<FieldError>>) -> Option<T> {
        result.map_err(|errors| self.0.extend(errors)).ok()
    }
}

fn name(name: &str) -> Result<String, FieldError> {
    text::line("name", name.trim(), MAX_NAME)
}

fn code(text: &str) -> Result<OfferCode, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::required("code"));
    }
    let accepted = "has to be 1 to 64 letters A-Z, digits, - or _, with at least one letter";
    OfferCode::parse(text).ok_or_else(|| FieldError::new("code", "invalid", accepted))
}

fn discount(kind: &str, value: &str, minor_units: u32) -> Result<Discount, FieldError> {
    let field = "discount_value";
    match kind {
        "" => Err(FieldError::required("discount_type")),
        "percent" => {
            let value = positive(field, value, PERCENT_DIGITS)?;
            if value > Decimal::ONE_HUNDRED {
                return Err(FieldError::new(field, "out_of_range", "has to be 100 percent at most"));
            }
            Ok(Discount::Percent(value))
        }
        "flat" => positive(field, value, minor_units).map(Discount::Flat),
        _ => Err(FieldError::new("discount_type", "invalid", "has to be percent or flat")),
    }
}

fn currency(text: &str) -> Result<Currency, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::required("currency"));
    }
    Currency::parse(text).ok_or_else(|| {
        FieldError::new("currency", "invalid", "has to be an ISO 4217 code such as USD or EUR")
    })
}

fn zone(text: &str) -> Result<Zone, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::required("timezone"));
    }
    let accepted = "has to be an IANA time zone such as Europe/Berlin or UTC";
    Zone::parse(text).ok_or_else(|| FieldError::new("timezone", "invalid", accepted))
}

fn dates(start: &str, end: &str) -> Result<(NaiveDate, NaiveDate), Vec<FieldError>> {
    match (day("start_date", start), day("end_date", end)) {
        (Ok(start), Ok(end)) if end < start => {
            let message = "has to be the start date or a later day";
            Err(vec![FieldError::new("end_date", "out_of_range", message)])
        }
        (Ok(start), Ok(end)) => Ok((start, end)),
        (start, end) => Err([start.err(), end.err()].into_iter().flatten().collect()),
    }
}

fn day(field: &'static str, text: &str) -> Result<NaiveDate, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::required(field));
    }
    let shape = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let parsed = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| shape).ok_or_else(|| {
        FieldError::new(field, "invalid", "has to be a day written YYYY-MM-DD, such as 2026-11-30")
    })?;
    if !(FIRST_DAY..=LAST_DAY).contains(&parsed) {
        let message = format!("has to be from {FIRST_DAY} to {LAST_DAY}");
        return Err(FieldError::new(field, "out_of_range", message));
    }
    Ok(parsed)
}

/// An amount of money, or empty for none.
fn limit(field: &'static str, text: &str, minor_units: u32) -> Result<Option<Decimal>, FieldError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    positive(field, text, minor_units).map(Some)
}

/// A number of redemptions, or empty for no limit.
fn count(field: &'static str, text: &str) -> Result<Option<i64>, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let are_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let count = text.parse().ok().filter(|count| are_digits && (1..=MAX_COUNT).contains(count));
    count.map(Some).ok_or_else(|| {
        let message = format!("has to be a whole number from 1 to {MAX_COUNT}, or empty for no limit");
        FieldError::new(field, "out_of_range", message)
    })
}

fn shortfall(text: &str) -> Result<Shortfall, FieldError> {
    let field = "on_budget_shortfall";
    if text.is_empty() {
        return Err(FieldError::required(field));
    }
    Shortfall::parse(text).ok_or_else(|| FieldError::new(field, "invalid", "has to be reject or partial"))
}

fn status(text: &str) -> Result<OfferStatus, FieldError> {
    if text.is_empty() {
        return Err(FieldError::required("status"));
    }
    let accepted = "has to be active, paused or archived";
    OfferStatus::parse(text).ok_or_else(|| FieldError::new("status", "invalid", accepted))
}

/// A decimal above 0 with at most so many digits after the point.
pub(crate) fn positive(field: &'static str, text: &str, digits: u32) -> Result<Decimal, FieldError> {
    let number = amount(field, text, digits)?;
    if number <= Decimal::ZERO {
        let message = format!("has to be more than 0 and at most {MAX_MONEY}");
        return Err(FieldError::new(field, "out_of_range", message));
    }
    Ok(number)
}

/// A decimal within what any field takes.
pub(crate) fn amount(field: &'static str, text: &str, digits: u32) -> Result<Decimal, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::required(field));
    }
    let number = decimal::parse(text)
        .ok_or_else(|| FieldError::new(field, "invalid", "has to be a number such as 10 or 12.50"))?;
    if number.abs() > MAX_MONEY {
        return Err(FieldError::new(field, "out_of_range", format!("has to be at most {MAX_MONEY}")));
    }
    if number.normalize().scale() > digits {
        let message = format!("has to have at most {digits} digits after the point");
        return Err(FieldError::new(field, "invalid", message));
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> OfferDraft {
        let text = str::to_owned;
        OfferDraft {
            name: text("Summer"),
            code: text("summer-10"),
            discount_type: text("percent"),
            discount_value: text("10"),
            currency: text("USD"),
            start_date: text("2026-06-01"),
            end_date: text("2026-06-30"),
            ..OfferDraft::default()
        }
    }

    fn problems(draft: &OfferDraft) -> Vec<(&'static str, &'static str)> {
        draft.check().unwrap_err().into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn the_largest_amount_is_ten_to_the_twelfth() {
        assert_eq!(MAX_MONEY, Decimal::from(1_000_000_000_000_i64));
    }

    #[test]
    fn fills_in_what_was_left_out() {
        let terms = draft().check().unwrap();
        assert_eq!(terms.code.as_str(), "SUMMER-10");
        assert_eq!(terms.zone.name(), "UTC");
        assert_eq!(terms.status, OfferStatus::Active);
        assert_eq!((terms.budget, terms.max_redemptions), (None, None));
        assert_eq!((terms.min_order_amount, terms.max_discount), (None, None));
        assert_eq!(
            (terms.max_redemptions_per_customer, terms.on_budget_shortfall),
            (None, Shortfall::Reject)
        );
    }

    #[test]
    fn survives_the_way_through_terms_and_back() {
        let terms = OfferDraft {
            budget: "99.50".into(),
            max_redemptions: "7".into(),
            min_order_amount: "20".into(),
            max_discount: "5.25".into(),
            max_redemptions_per_customer: "2".into(),
            on_budget_shortfall: "partial".into(),
            ..draft()
        };
        let terms = terms.check().unwrap();
        assert_eq!(OfferDraft::from(&terms).check().unwrap(), terms);
    }

    #[test]
    fn says_everything_that_is_wrong_at_once() {
        let all = problems(&OfferDraft::default());
        let fields: Vec<_> = all.iter().map(|(field, _)| *field).collect();
        let expected = ["name", "code", "discount_type", "currency", "start_date", "end_date"];
        assert_eq!(fields, expected);
        assert!(all.iter().all(|(_, code)| *code == "required"));
    }

    #[test]
    fn refuses_what_the_rules_do_not_allow() {
        type Break = fn(&mut OfferDraft);
        let cases: [(Break, &str, &str); 21] = [
            (|d| d.name = "Sum\u{200b}mer".into(), "name", "invalid"),
            (|d| d.name = "\u{202e}Summer".into(), "name", "invalid"),
            (|d| d.budget = "1_000".into(), "budget", "invalid"),
            (|d| d.budget = "+5".into(), "budget", "invalid"),
            (|d| d.max_redemptions = "+5".into(), "max_redemptions", "out_of_range"),
            (|d| d.name = "x".repeat(201), "name", "too_long"),
            (|d| d.code = "123".into(), "code", "invalid"),
            (|d| d.discount_value = "101".into(), "discount_value", "out_of_range"),
            (|d| d.discount_value = "0".into(), "discount_value", "out_of_range"),
            (|d| d.discount_value = "ten".into(), "discount_value", "invalid"),
            (|d| d.currency = "ZZZ".into(), "currency", "invalid"),
            (|d| d.end_date = "2026-05-31".into(), "end_date", "out_of_range"),
            (|d| d.start_date = "2026-02-30".into(), "start_date", "invalid"),
            (|d| d.budget = "1.005".into(), "budget", "invalid"),
            (|d| d.budget = "-5".into(), "budget", "out_of_range"),
            (|d| d.max_redemptions = "0".into(), "max_redemptions", "out_of_range"),
            (|d| d.min_order_amount = "0".into(), "min_order_amount", "out_of_range"),
            (|d| d.max_discount = "0.001".into(), "max_discount", "invalid"),
            (
                |d| d.max_redemptions_per_customer = "1.5".into(),
                "max_redemptions_per_customer",
                "out_of_range",
            ),
            (|d| d.on_budget_shortfall = "maybe".into(), "on_budget_shortfall", "invalid"),
            (|d| d.status = "gone".into(), "status", "invalid"),
        ];
        for (break_it, field, code) in cases {
            let mut broken = draft();
            break_it(&mut broken);
            assert_eq!(problems(&broken), [(field, code)], "{broken:?}");
        }
    }

    /// Whoever pauses an offer is not held up by a name that was allowed when it was given.
    #[test]
    fn an_edit_may_leave_an_old_name_as_it_is() {
        let old = OfferTerms { name: "Sum\u{200b}mer".into(), ..draft().check().unwrap() };
        let paused = OfferDraft { status: "paused".into(), ..OfferDraft::from(&old) };
        let edited = paused.check_edit(&old).unwrap();
        assert_eq!((edited.name.as_str(), edited.status), ("Sum\u{200b}mer", OfferStatus::Paused));
        let renamed = OfferDraft { name: "Win\u{200b}ter".into(), ..paused };
        assert_eq!(renamed.check_edit(&old).unwrap_err()[0].field, "name");
    }

    #[test]
    fn digits_follow_the_currency() {
        let yen = |budget: &str| OfferDraft { currency: "JPY".into(), budget: budget.into(), ..draft() };
        assert!(yen("1000").check().is_ok());
        assert_eq!(problems(&yen("1000.5")), [("budget", "invalid")]);
        assert!(OfferDraft { currency: "KWD".into(), budget: "0.125".into(), ..draft() }.check().is_ok());
    }
}
