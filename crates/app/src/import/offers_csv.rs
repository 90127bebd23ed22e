use std::path::Path;

use offercast_domain::{OfferDraft, OfferTerms};

use super::csv_file::{CsvFile, InputError};

const REQUIRED: [&str; 7] =
    ["code", "name", "discount_type", "discount_value", "currency", "start_date", "end_date"];
const OPTIONAL: [&str; 8] = [
    "timezone",
    "budget",
    "max_redemptions",
    "min_order_amount",
    "max_discount",
    "max_redemptions_per_customer",
    "on_budget_shortfall",
    "status",
];

/// The offers of a file with their lines, held to the same rules as everywhere.
pub(super) fn read(path: &Path) -> Result<Vec<(u64, OfferTerms)>, InputError> {
    let mut file = CsvFile::open(path, &REQUIRED, &OPTIONAL)?;
    let mut offers = Vec::new();
    while file.advance()? {
        let terms = draft(&file).check().map_err(|errors| {
            let problems: Vec<_> = errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
            file.wrong(problems.join("; "))
        })?;
        offers.push((file.line(), terms));
    }
    Ok(offers)
}

fn draft(file: &CsvFile) -> OfferDraft {
    let field = |name| file.field(name).to_owned();
    let or = |name, default| Some(field(name)).filter(|text| !text.is_empty()).unwrap_or(default);
    let default = OfferDraft::default();
    OfferDraft {
        name: field("name"),
        code: field("code"),
        discount_type: field("discount_type"),
        discount_value: field("discount_value"),
        currency: field("currency"),
        timezone: or("timezone", default.timezone),
        start_date: field("start_date"),
        end_date: field("end_date"),
        budget: field("budget"),
        max_redemptions: field("max_redemptions"),
        min_order_amount: field("min_order_amount"),
        max_discount: field("max_discount"),
        max_redemptions_per_customer: field("max_redemptions_per_customer"),
        on_budget_shortfall: or("on_budget_shortfall", default.on_budget_shortfall),
        status: or("status", default.status),
    }
}
