use offercast_contract::FieldProblem;
use offercast_domain::{FieldError, OfferDraft};

use crate::words::form as words;

/// The fields of the form, under the names that the API gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    Code,
    DiscountType,
    DiscountValue,
    Currency,
    Timezone,
    StartDate,
    EndDate,
    Budget,
    MaxRedemptions,
    MinOrderAmount,
    MaxDiscount,
    MaxRedemptionsPerCustomer,
    OnBudgetShortfall,
    Status,
}

impl Field {
    pub const ALL: [Field; 15] = [
        Field::Name,
        Field::Code,
        Field::DiscountType,
        Field::DiscountValue,
        Field::Currency,
        Field::MinOrderAmount,
        Field::MaxDiscount,
        Field::StartDate,
        Field::EndDate,
        Field::Timezone,
        Field::Budget,
        Field::OnBudgetShortfall,
        Field::MaxRedemptions,
        Field::MaxRedemptionsPerCustomer,
        Field::Status,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Code => "code",
            Field::DiscountType => "discount_type",
            Field::DiscountValue => "discount_value",
            Field::Currency => "currency",
            Field::Timezone => "timezone",
            Field::StartDate => "start_date",
            Field::EndDate => "end_date",
            Field::Budget => "budget",
            Field::MaxRedemptions => "max_redemptions",
            Field::MinOrderAmount => "min_order_amount",
            Field::MaxDiscount => "max_discount",
            Field::MaxRedemptionsPerCustomer => "max_redemptions_per_customer",
            Field::OnBudgetShortfall => "on_budget_shortfall",
            Field::Status => "status",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Field::Name => words::name(),
            Field::Code => words::code(),
            Field::DiscountType => words::discount_type(),
            Field::DiscountValue => words::discount_value(),
            Field::Currency => words::currency(),
            Field::Timezone => words::timezone(),
            Field::StartDate => words::start_date(),
            Field::EndDate => words::end_date(),
            Field::Budget => words::budget(),
            Field::MaxRedemptions => words::max_redemptions(),
            Field::MinOrderAmount => words::min_order_amount(),
            Field::MaxDiscount => words::max_discount(),
            Field::MaxRedemptionsPerCustomer => words::max_redemptions_per_customer(),
            Field::OnBudgetShortfall => words::on_budget_shortfall(),
            Field::Status => words::status(),
        }
    }

    /// The id of its input, and the hook of the browser tests.
    pub fn id(self) -> String {
        format!("field-{}", self.name())
    }

    /// Whether it holds an amount, which may have digits after the point.
    pub fn is_decimal(self) -> bool {
        matches!(self, Field::DiscountValue | Field::Budget | Field::MinOrderAmount | Field::MaxDiscount)
    }

    pub fn of(self, draft: &mut OfferDraft) -> &mut String {
        match self {
            Field::Name => &mut draft.name,
            Field::Code => &mut draft.code,
            Field::DiscountType => &mut draft.discount_type,
            Field::DiscountValue => &mut draft.discount_value,
            Field::Currency => &mut draft.currency,
            Field::Timezone => &mut draft.timezone,
            Field::StartDate => &mut draft.start_date,
            Field::EndDate => &mut draft.end_date,
            Field::Budget => &mut draft.budget,
            Field::MaxRedemptions => &mut draft.max_redemptions,
            Field::MinOrderAmount => &mut draft.min_order_amount,
            Field::MaxDiscount => &mut draft.max_discount,
            Field::MaxRedemptionsPerCustomer => &mut draft.max_redemptions_per_customer,
            Field::OnBudgetShortfall => &mut draft.on_budget_shortfall,
            Field::Status => &mut draft.status,
        }
    }

    /// What is wrong with it: by our own rules once the reader has `left` it, else by the server's word.
    pub fn problem(self, left: bool, ours: &[FieldError], servers: &[FieldProblem]) -> Option<String> {
        let own = ours.iter().find(|error| left && error.field == self.name());
        let own = own.map(|error| (error.code, error.message.as_str()));
        let told = || servers.iter().find(|problem| problem.field == self.name());
        let told = || told().map(|problem| (problem.code.as_str(), problem.message.as_str()));
        let (code, message) = own.or_else(told)?;
        Some(self.sentence(words::problem(self.name(), code).unwrap_or(message)))
    }

    /// The rules speak in predicates ("is required"): the field is their subject.
    fn sentence(self, message: &str) -> String {
        let subject = if message.starts_with(char::is_lowercase) {
            format!("{} ", self.label())
        } else {
            String::new()
        };
        format!("{subject}{}.", message.trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::in_german;

    fn ours() -> Vec<FieldError> {
        vec![FieldError::required("name")]
    }

    fn servers() -> Vec<FieldProblem> {
        let problem = |field: &str, message: &str| FieldProblem {
            field: field.to_owned(),
            code: "taken".to_owned(),
            message: message.to_owned(),
        };
        vec![problem("code", "is used by another offer"), problem("name", "Choose another name.")]
    }

    #[test]
    fn a_field_is_not_blamed_before_it_was_left() {
        assert_eq!(Field::Name.problem(false, &ours(), &[]), None);
        assert_eq!(Field::Name.problem(true, &ours(), &[]).as_deref(), Some("Name is required."));
    }

    #[test]
    fn the_server_is_heard_where_our_own_rules_are_silent() {
        assert_eq!(
            Field::Code.problem(false, &ours(), &servers()).as_deref(),
            Some("Code is used by another offer.")
        );
        assert_eq!(Field::Name.problem(true, &[], &servers()).as_deref(), Some("Choose another name."));
        assert_eq!(Field::Name.problem(true, &ours(), &servers()).as_deref(), Some("Name is required."));
    }

    #[test]
    fn the_rules_are_told_in_the_language_of_the_page() {
        let said = in_german(|| Field::Name.problem(true, &ours(), &[]));
        assert_eq!(said.as_deref(), Some("Name fehlt."));
        // Whatever the form can find wrong has words of its own.
        let wrong = OfferDraft {
            name: "x".repeat(201),
            code: "1".to_owned(),
            discount_type: "percent".to_owned(),
            discount_value: "101".to_owned(),
            currency: "ZZZ".to_owned(),
            timezone: "Mars".to_owned(),
            start_date: "2026-02-30".to_owned(),
            end_date: "1999-01-01".to_owned(),
            budget: "-1".to_owned(),
            max_redemptions: "0".to_owned(),
            min_order_amount: "1.005".to_owned(),
            max_discount: "ten".to_owned(),
            max_redemptions_per_customer: "many".to_owned(),
            ..OfferDraft::default()
        };
        for draft in [wrong, OfferDraft::default()] {
            for error in draft.check().unwrap_err() {
                assert!(in_german(|| words::problem(error.field, error.code)).is_some(), "{error:?}");
            }
        }
    }

    #[test]
    fn every_field_has_a_place_of_its_own_in_the_draft() {
        let mut draft = OfferDraft::default();
        for field in Field::ALL {
            field.of(&mut draft).push_str(field.name());
        }
        assert_eq!(
            (draft.start_date.as_str(), draft.max_redemptions.as_str()),
            ("start_date", "max_redemptions")
        );
    }
}
