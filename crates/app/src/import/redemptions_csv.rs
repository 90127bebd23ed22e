use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use offercast_domain::{FIRST_DAY, FieldError, LAST_DAY, OfferCode, moment, recorded_amount, text};
use offercast_storage::import::{CHUNK, Staging};

use super::{ImportError, Progress};
use crate::csv_file::{Columns, CsvFile, InputError, Others, shown};

const COLUMNS: Columns = Columns {
    required: &["offer_code", "customer_id", "order_amount", "discount_given", "redeemed_at"],
    optional: &["order_id"],
    others: Others::Refused,
};

/// Validates every row and copies it into the staging table, a chunk at a time. Returns the number of empty rows.
pub(super) async fn stage(
    path: &Path,
    numbers: &HashMap<String, i32>,
    mut staging: Staging<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<u64, ImportError> {
    let mut file = CsvFile::open(path, COLUMNS)?;
    let mut chunk = Chunk::new();
    let mut rows = 0u64;
    while file.advance()? {
        chunk.push(rows, &row(&file, numbers)?);
        rows += 1;
        if rows.is_multiple_of(CHUNK as u64) {
            staging.send(&chunk.take()).await?;
            progress(Progress::Read(rows));
        }
    }
    staging.send(&chunk.take()).await?;
    staging.finish().await?;
    progress(Progress::Read(rows));
    Ok(file.empty_rows())
}

/// Validates every row without a database. Returns the number of rows.
pub(super) fn check(path: &Path, numbers: &HashMap<String, i32>) -> Result<u64, InputError> {
    let mut file = CsvFile::open(path, COLUMNS)?;
    let mut chunk = Chunk::new();
    let mut rows = 0;
    while file.advance()? {
        chunk.push(rows, &row(&file, numbers)?);
        rows += 1;
    }
    Ok(rows)
}

struct Row {
    offer: i32,
    customer_id: String,
    order_id: Option<String>,
    order_amount: rust_decimal::Decimal,
    discount: rust_decimal::Decimal,
    redeemed_at: DateTime<Utc>,
}

fn row(file: &CsvFile, numbers: &HashMap<String, i32>) -> Result<Row, InputError> {
    let wrong = |error: FieldError| file.wrong(format!("{}: {}", error.field, error.message));
    let order_id = file.text("order_id");
    let order_id = Some(order_id.as_ref()).filter(|id| !id.is_empty());
    Ok(Row {
        offer: offer(file, numbers)?,
        customer_id: text::recorded_reference("customer_id", &file.text("customer_id")).map_err(wrong)?,
        order_id: order_id.map(|id| text::recorded_reference("order_id", id)).transpose().map_err(wrong)?,
        order_amount: recorded_amount("order_amount", file.field("order_amount")).map_err(wrong)?,
        discount: recorded_amount("discount_given", file.field("discount_given")).map_err(wrong)?,
        redeemed_at: redeemed_at(file)?,
    })
}

fn offer(file: &CsvFile, numbers: &HashMap<String, i32>) -> Result<i32, InputError> {
    let text = file.text("offer_code");
    OfferCode::parse(&text).and_then(|code| numbers.get(code.as_str()).copied()).ok_or_else(|| {
        let text = shown(&text);
        file.wrong(format!("offer_code: there is no offer {text} in the offers file or in the database"))
    })
}

fn redeemed_at(file: &CsvFile) -> Result<DateTime<Utc>, InputError> {
    let text = file.field("redeemed_at");
    let moment = moment::parse(text).ok_or_else(|| {
        let text = shown(text);
        file.wrong(format!(
            "redeemed_at: {text} must be an RFC 3339 timestamp such as 2026-11-22T18:30:00-05:00"
        ))
    })?;
    if !(FIRST_DAY..=LAST_DAY).contains(&moment.date_naive()) {
        return Err(file.wrong(format!("redeemed_at: must be between {FIRST_DAY} and {LAST_DAY}")));
    }
    Ok(moment)
}

/// Rows in the CSV format that COPY reads.
struct Chunk(csv::Writer<Vec<u8>>);

impl Chunk {
    fn new() -> Chunk {
        Chunk(csv::Writer::from_writer(Vec::new()))
    }

    fn push(&mut self, seq: u64, row: &Row) {
        let (seq, offer) = (seq.to_string(), row.offer.to_string());
        let (order_amount, discount) = (row.order_amount.to_string(), row.discount.to_string());
        let redeemed_at = row.redeemed_at.to_rfc3339();
        let order_id = row.order_id.as_deref().unwrap_or_default();
        let fields = [&seq, &offer, &row.customer_id, order_id, &order_amount, &discount, &redeemed_at];
        self.0.write_record(fields).expect("writing to memory does not fail");
    }

    fn take(&mut self) -> Vec<u8> {
        let full = std::mem::replace(self, Chunk::new());
        full.0.into_inner().expect("writing to memory does not fail")
    }
}
