use std::path::Path;

use offercast_domain::{OfferDraft, OfferTerms};

use crate::csv_file::{Columns, CsvFile, InputError, Others};

const COLUMNS: Columns = Columns {
    required: &["code", "name", "discount_type", "discount_value", "currency", "start_date", "end_date"],
    optional: &[
        "timezone",
        "budget",
        "max_redemptions",
        "min_order_amount",
        "max_discount",
        "max_redemptions_per_customer",
        "on_budget_shortfall",
        "status",
    ],
    others: Others::Refused,
};

/// The content of a file of offers.
#[derive(Default)]
pub(super) struct OffersFile {
    /// Validated terms with their line numbers.
    pub terms: Vec<(u64, OfferTerms)>,
    pub empty_rows: u64,
}

pub(super) fn read(path: &Path) -> Result<OffersFile, InputError> {
    let mut file = CsvFile::open(path, COLUMNS)?;
    let mut terms = Vec::new();
    while file.advance()? {
        let offer = draft(&file).check().map_err(|errors| {
            let messages: Vec<_> = errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
            file.wrong(messages.join("; "))
        })?;
        terms.push((file.line(), offer));
    }
    Ok(OffersFile { terms, empty_rows: file.empty_rows() })
}

fn draft(file: &CsvFile) -> OfferDraft {
    let field = |name| file.field(name).to_owned();
    let or = |name, default| Some(field(name)).filter(|text| !text.is_empty()).unwrap_or(default);
    let default = OfferDraft::default();
    OfferDraft {
        name: file.text("name").into_owned(),
        code: file.text("code").into_owned(),
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
