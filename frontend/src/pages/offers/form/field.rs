use offercast_contract::FieldProblem;
use offercast_domain::{FieldError, OfferDraft};

use crate::i18n::{form as texts, sentence};

/// The fields of the form, named as in the API.
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
            Field::Name => texts::name(),
            Field::Code => texts::code(),
            Field::DiscountType => texts::discount_type(),
            Field::DiscountValue => texts::discount_value(),
            Field::Currency => texts::currency(),
            Field::Timezone => texts::timezone(),
            Field::StartDate => texts::start_date(),
            Field::EndDate => texts::end_date(),
            Field::Budget => texts::budget(),
            Field::MaxRedemptions => texts::max_redemptions(),
            Field::MinOrderAmount => texts::min_order_amount(),
            Field::MaxDiscount => texts::max_discount(),
            Field::MaxRedemptionsPerCustomer => texts::max_redemptions_per_customer(),
            Field::OnBudgetShortfall => texts::on_budget_shortfall(),
            Field::Status => texts::status(),
        }
    }

    /// The id and test hook of the input.
    pub fn id(self) -> String {
        format!("field-{}", self.name())
    }

    /// Whether the field is a number with decimal places.
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

    /// The field's error: from local validation once the field was `touched`, otherwise from the server.
    pub fn problem(self, touched: bool, local: &[FieldError], server: &[FieldProblem]) -> Option<String> {
        let own = local.iter().find(|error| touched && error.field == self.name());
        let own = own.map(|error| (error.code, error.message.as_str()));
        let remote = || server.iter().find(|problem| problem.field == self.name());
        let remote = || remote().map(|problem| (problem.code.as_str(), problem.message.as_str()));
        let (code, message) = own.or_else(remote)?;
        Some(sentence(self.label(), texts::problem(self.name(), code).unwrap_or(message)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::in_german;

    fn local() -> Vec<FieldError> {
        vec![FieldError::required("name")]
    }

    fn server() -> Vec<FieldProblem> {
        let problem = |field: &str, message: &str| FieldProblem {
            field: field.to_owned(),
            code: "taken".to_owned(),
            message: message.to_owned(),
        };
        vec![problem("code", "is used by another offer"), problem("name", "Choose another name.")]
    }

    #[test]
    fn an_untouched_field_shows_no_local_error() {
        assert_eq!(Field::Name.problem(false, &local(), &[]), None);
        assert_eq!(Field::Name.problem(true, &local(), &[]).as_deref(), Some("Name is required."));
    }

    #[test]
    fn server_errors_show_unless_there_is_a_local_one() {
        assert_eq!(
            Field::Code.problem(false, &local(), &server()).as_deref(),
            Some("Code is used by another offer.")
        );
        assert_eq!(Field::Name.problem(true, &[], &server()).as_deref(), Some("Choose another name."));
        assert_eq!(Field::Name.problem(true, &local(), &server()).as_deref(), Some("Name is required."));
    }

    #[test]
    fn every_local_error_is_translated() {
        let message = in_german(|| Field::Name.problem(true, &local(), &[]));
        assert_eq!(message.as_deref(), Some("Name fehlt."));
        // Provokes every error that the form can find.
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
                assert!(in_german(|| texts::problem(error.field, error.code)).is_some(), "{error:?}");
            }
        }
    }

    #[test]
    fn every_field_has_its_own_value_in_the_draft() {
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
