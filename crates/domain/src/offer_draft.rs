use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    Currency, Discount, FIRST_DAY, LAST_DAY, OfferCode, OfferStatus, OfferTerms, Shortfall, Zone, decimal,
    text,
};

/// The largest amount of money accepted in any field.
pub(crate) const MAX_MONEY: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0); // 10^12
const MAX_NAME: usize = 200;
const MAX_COUNT: i64 = 1_000_000_000_000;
/// Decimal places of a percentage.
const PERCENT_DIGITS: u32 = 4;

/// An unvalidated offer from a form, a JSON body or a CSV row. Every field is text, empty if missing.
/// [`OfferDraft::check`] validates all three by the same rules and with the same messages.
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
    /// Empty means no minimum.
    pub min_order_amount: String,
    /// Empty means no limit.
    pub max_discount: String,
    /// Empty means no limit.
    pub max_redemptions_per_customer: String,
    pub on_budget_shortfall: String,
    pub status: String,
}

/// A validation error of one field. The message completes a sentence that starts with the field's name.
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

/// Defaults: time zone UTC, status active, and orders that exceed the remaining budget are declined. All other fields
/// are empty.
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
    /// Returns a text that is equal for two requests to create an offer if their terms are equal, defaults included.
    /// The parts are separated by line breaks, which none of them can contain.
    pub fn fingerprint(&self) -> String {
        OfferDraft::from(self).fields().map(|(_, value)| value).join("\n")
    }
}

impl OfferDraft {
    /// The fields with their names, in the order in which people read them.
    pub fn fields(self) -> [(&'static str, String); 15] {
        [
            ("name", self.name),
            ("code", self.code),
            ("discount_type", self.discount_type),
            ("discount_value", self.discount_value),
            ("currency", self.currency),
            ("timezone", self.timezone),
            ("start_date", self.start_date),
            ("end_date", self.end_date),
            ("budget", self.budget),
            ("max_redemptions", self.max_redemptions),
            ("min_order_amount", self.min_order_amount),
            ("max_discount", self.max_discount),
            ("max_redemptions_per_customer", self.max_redemptions_per_customer),
            ("on_budget_shortfall", self.on_budget_shortfall),
            ("status", self.status),
        ]
    }

    /// Validates the draft. Returns the terms, or the errors of all fields.
    pub fn check(&self) -> Result<OfferTerms, Vec<FieldError>> {
        self.check_with(name(&self.name))
    }

    /// Validates an edit of an existing offer. An unchanged name is accepted even if it breaks the rules for names: it
    /// may be older than they are.
    pub fn check_edit(&self, old: &OfferTerms) -> Result<OfferTerms, Vec<FieldError>> {
        let is_old = self.name == old.name;
        self.check_with(if is_old { Ok(old.name.clone()) } else { name(&self.name) })
    }

    fn check_with(&self, name: Result<String, FieldError>) -> Result<OfferTerms, Vec<FieldError>> {
        let currency = currency(&self.currency);
        let minor_units = currency.as_ref().map_or(4, |currency| currency.minor_units());
        let mut errors = Vec::new();
        let mut collect = ErrorCollector(&mut errors);
        let name = collect.ok(name);
        let code = collect.ok(code(&self.code));
        let discount = collect.ok(discount(&self.discount_type, &self.discount_value, minor_units));
        let currency = collect.ok(currency);
        let zone = collect.ok(zone(&self.timezone));
        let dates = collect.ok_all(dates(&self.start_date, &self.end_date));
        let budget = collect.ok(limit("budget", &self.budget, minor_units));
        let max_redemptions = collect.ok(count("max_redemptions", &self.max_redemptions));
        let min_order_amount = collect.ok(limit("min_order_amount", &self.min_order_amount, minor_units));
        let max_discount = collect.ok(limit("max_discount", &self.max_discount, minor_units));
        let per_customer = "max_redemptions_per_customer";
        let max_redemptions_per_customer =
            collect.ok(count(per_customer, &self.max_redemptions_per_customer));
        let on_budget_shortfall = collect.ok(shortfall(&self.on_budget_shortfall));
        let status = collect.ok(status(&self.status));
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

/// Returns valid values and collects the errors of invalid ones.
struct ErrorCollector<'a>(&'a mut Vec<FieldError>);

impl ErrorCollector<'_> {
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
    let accepted = "must be 1 to 64 letters A-Z, digits, - or _, with at least one letter";
    OfferCode::parse(text).ok_or_else(|| FieldError::new("code", "invalid", accepted))
}

fn discount(kind: &str, value: &str, minor_units: u32) -> Result<Discount, FieldError> {
    let field = "discount_value";
    match kind {
        "" => Err(FieldError::required("discount_type")),
        "percent" => {
            let value = positive(field, value, PERCENT_DIGITS)?;
            if value > Decimal::ONE_HUNDRED {
                return Err(FieldError::new(field, "out_of_range", "must be at most 100 percent"));
            }
            Ok(Discount::Percent(value))
        }
        "flat" => positive(field, value, minor_units).map(Discount::Flat),
        _ => Err(FieldError::new("discount_type", "invalid", "must be percent or flat")),
    }
}

fn currency(text: &str) -> Result<Currency, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::required("currency"));
    }
    Currency::parse(text)
        .ok_or_else(|| FieldError::new("currency", "invalid", "must be an ISO 4217 code such as USD or EUR"))
}

fn zone(text: &str) -> Result<Zone, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::required("timezone"));
    }
    let accepted = "must be an IANA time zone such as Europe/Berlin or UTC";
    Zone::parse(text).ok_or_else(|| FieldError::new("timezone", "invalid", accepted))
}

fn dates(start: &str, end: &str) -> Result<(NaiveDate, NaiveDate), Vec<FieldError>> {
    match (day("start_date", start), day("end_date", end)) {
        (Ok(start), Ok(end)) if end < start => {
            let message = "must not be before the start date";
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
        FieldError::new(field, "invalid", "must be a date in the form YYYY-MM-DD, such as 2026-11-30")
    })?;
    if !(FIRST_DAY..=LAST_DAY).contains(&parsed) {
        let message = format!("must be between {FIRST_DAY} and {LAST_DAY}");
        return Err(FieldError::new(field, "out_of_range", message));
    }
    Ok(parsed)
}

/// Parses an amount of money. Empty means no limit.
fn limit(field: &'static str, text: &str, minor_units: u32) -> Result<Option<Decimal>, FieldError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    positive(field, text, minor_units).map(Some)
}

/// Parses a number of redemptions. Empty means no limit.
fn count(field: &'static str, text: &str) -> Result<Option<i64>, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let are_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let count = text.parse().ok().filter(|count| are_digits && (1..=MAX_COUNT).contains(count));
    count.map(Some).ok_or_else(|| {
        let message = format!("must be a whole number from 1 to {MAX_COUNT}, or empty for no limit");
        FieldError::new(field, "out_of_range", message)
    })
}

fn shortfall(text: &str) -> Result<Shortfall, FieldError> {
    let field = "on_budget_shortfall";
    if text.is_empty() {
        return Err(FieldError::required(field));
    }
    Shortfall::parse(text).ok_or_else(|| FieldError::new(field, "invalid", "must be reject or partial"))
}

fn status(text: &str) -> Result<OfferStatus, FieldError> {
    if text.is_empty() {
        return Err(FieldError::required("status"));
    }
    let accepted = "must be active, paused or archived";
    OfferStatus::parse(text).ok_or_else(|| FieldError::new("status", "invalid", accepted))
}

/// Parses a decimal above 0 with at most `digits` decimal places.
pub(crate) fn positive(field: &'static str, text: &str, digits: u32) -> Result<Decimal, FieldError> {
    let number = amount(field, text, digits)?;
    if number <= Decimal::ZERO {
        let message = format!("must be more than 0 and at most {MAX_MONEY}");
        return Err(FieldError::new(field, "out_of_range", message));
    }
    Ok(number)
}

/// Parses a decimal of at most [`MAX_MONEY`], positive or negative, with at most `digits` decimal places.
pub(crate) fn amount(field: &'static str, text: &str, digits: u32) -> Result<Decimal, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldError::required(field));
    }
    let number = decimal::parse(text)
        .ok_or_else(|| FieldError::new(field, "invalid", "must be a number such as 10 or 12.50"))?;
    if number.abs() > MAX_MONEY {
        return Err(FieldError::new(field, "out_of_range", format!("must be at most {MAX_MONEY}")));
    }
    if number.normalize().scale() > digits {
        let message = format!("must have at most {digits} decimal places");
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

    fn errors(draft: &OfferDraft) -> Vec<(&'static str, &'static str)> {
        draft.check().unwrap_err().into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn the_largest_amount_is_ten_to_the_twelfth() {
        assert_eq!(MAX_MONEY, Decimal::from(1_000_000_000_000_i64));
    }

    #[test]
    fn missing_fields_get_their_defaults() {
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
    fn terms_convert_to_a_draft_and_back() {
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
    fn all_errors_are_reported_at_once() {
        let all = errors(&OfferDraft::default());
        let fields: Vec<_> = all.iter().map(|(field, _)| *field).collect();
        let expected = ["name", "code", "discount_type", "currency", "start_date", "end_date"];
        assert_eq!(fields, expected);
        assert!(all.iter().all(|(_, code)| *code == "required"));
    }

    #[test]
    fn invalid_values_are_rejected() {
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
            assert_eq!(errors(&broken), [(field, code)], "{broken:?}");
        }
    }

    /// An offer with a name that is no longer allowed can still be paused.
    #[test]
    fn an_edit_may_keep_an_old_name() {
        let old = OfferTerms { name: "Sum\u{200b}mer".into(), ..draft().check().unwrap() };
        let paused = OfferDraft { status: "paused".into(), ..OfferDraft::from(&old) };
        let edited = paused.check_edit(&old).unwrap();
        assert_eq!((edited.name.as_str(), edited.status), ("Sum\u{200b}mer", OfferStatus::Paused));
        let renamed = OfferDraft { name: "Win\u{200b}ter".into(), ..paused };
        assert_eq!(renamed.check_edit(&old).unwrap_err()[0].field, "name");
    }

    #[test]
    fn decimal_places_depend_on_the_currency() {
        let yen = |budget: &str| OfferDraft { currency: "JPY".into(), budget: budget.into(), ..draft() };
        assert!(yen("1000").check().is_ok());
        assert_eq!(errors(&yen("1000.5")), [("budget", "invalid")]);
        assert!(OfferDraft { currency: "KWD".into(), budget: "0.125".into(), ..draft() }.check().is_ok());
    }
}
