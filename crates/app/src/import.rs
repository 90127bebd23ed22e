//! Imports offers and recorded redemptions from CSV files in a single transaction.

mod offers_csv;
mod redemptions_csv;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use offercast_domain::{Offer, OfferService, OfferStatus, OfferTerms, Totals, text};
use offercast_storage::import::{Import, ImportedRow, StagedRow};
use offercast_storage::jobs::{self, Due, Priority};
use rust_decimal::Decimal;
use serde::Serialize;

use offers_csv::OffersFile;

use crate::csv_file::InputError;

#[derive(Debug, Clone, Default)]
pub struct ImportFiles {
    pub offers: Option<PathBuf>,
    pub redemptions: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy)]
pub struct ImportOptions {
    /// Applies the rules to the rows in time order. Otherwise every row is imported as recorded.
    pub replay: bool,
    /// Moves all dates by whole days, so that the last redemption is yesterday.
    pub shift_to_today: bool,
    pub now: DateTime<Utc>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    pub offers: u64,
    pub redemptions: u64,
    /// Rows declined by a replay, by the code of the refusal.
    pub refused: BTreeMap<&'static str, u64>,
    /// Rows that were imported although a live request would have been declined or rejected, by reason. `empty_row`
    /// counts rows with only empty cells, which were skipped.
    pub warnings: BTreeMap<&'static str, u64>,
}

/// Progress of an import, in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Read(u64),
    Written(u64),
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Storage(#[from] offercast_storage::Error),
}

const EMPTY_ROW: &str = "empty_row";

/// An offer with imported redemptions, and its totals so far.
struct Account {
    offer: Offer,
    totals: Totals,
}

/// Accounts by offer number. Staged rows refer to offers of the database and of the file by number.
type Accounts = BTreeMap<i32, Account>;

/// Imports the files. Both are optional; redemptions may refer to offers that are already in the database.
pub async fn import(
    url: &str,
    files: &ImportFiles,
    options: ImportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, ImportError> {
    let OffersFile { terms, mut empty_rows } =
        files.offers.as_deref().map_or(Ok(OffersFile::default()), offers_csv::read)?;
    let mut import = Import::begin(url).await?;
    let stored = import.offer_codes().await?;
    let numbers = numbers(&stored, &terms, files.offers.as_deref())?;
    if let Some(path) = &files.redemptions {
        let staging = import.stage().await?;
        empty_rows += redemptions_csv::stage(path, &numbers, staging, progress).await?;
    }
    let mut accounts = open_accounts(&mut import, &stored).await?;
    let mut report = ImportReport { offers: terms.len() as u64, ..ImportReport::default() };
    if empty_rows > 0 {
        report.warnings.insert(EMPTY_ROW, empty_rows);
    }
    let first_new = i32::try_from(stored.len()).unwrap_or(i32::MAX);
    for (number, (_, terms)) in (first_new..).zip(terms) {
        // The database assigns the id after the dates are shifted.
        accounts.insert(number, Account { offer: Offer { id: 0, terms }, totals: Totals::default() });
    }
    let shift = if options.shift_to_today { shift(&mut import, &accounts, options.now).await? } else { 0 };
    for account in accounts.range_mut(first_new..).map(|(_, account)| account) {
        shift_terms(&mut account.offer.terms, shift);
        account.offer.id =
            offercast_storage::offers::insert_offer(import.connection(), &account.offer.terms, options.now)
                .await?;
    }
    write_redemptions(&mut import, &mut accounts, shift, options.replay, &mut report, progress).await?;
    finish(import, &accounts).await?;
    Ok(report)
}

/// Reads the offers of a file without a database. For the fuzz targets, like [`check_redemptions`].
pub fn read_offers(path: &Path) -> Result<Vec<OfferTerms>, InputError> {
    Ok(offers_csv::read(path)?.terms.into_iter().map(|(_, terms)| terms).collect())
}

/// Validates a file with redemptions of one offer. Returns their number.
pub fn check_redemptions(path: &Path, offer_code: &str) -> Result<u64, InputError> {
    redemptions_csv::check(path, &HashMap::from([(offer_code.to_owned(), 0)]))
}

/// Numbers all offers by code: first those of the database, then those of the file.
fn numbers(
    stored: &[(String, i64)],
    terms: &[(u64, OfferTerms)],
    file: Option<&Path>,
) -> Result<HashMap<String, i32>, InputError> {
    let mut numbers: HashMap<String, i32> = stored.iter().map(|(code, _)| code.clone()).zip(0..).collect();
    for (number, (line, terms)) in (0..).skip(stored.len()).zip(terms) {
        if numbers.insert(terms.code.to_string(), number).is_some() {
            let message = format!("code: {} belongs to another offer; codes must be unique", terms.code);
            return Err(InputError::at(file.unwrap_or(Path::new("")), *line, message));
        }
    }
    Ok(numbers)
}

/// Locks the stored offers of the staged rows in order of id. Other offers can still be redeemed.
async fn open_accounts(import: &mut Import, stored: &[(String, i64)]) -> Result<Accounts, ImportError> {
    let mut accounts = Accounts::new();
    for number in import.staged_offers().await? {
        let Some((_, id)) = usize::try_from(number).ok().and_then(|number| stored.get(number)) else {
            continue;
        };
        let deleted =
            || offercast_storage::Error::Unreadable(format!("offer {id} was deleted during the import"));
        let locked = import.lock_offer(*id).await?.ok_or_else(deleted)?;
        accounts.insert(number, Account { offer: locked.offer, totals: locked.totals });
    }
    Ok(accounts)
}

/// Returns the days from the last redemption to yesterday, both in the time zone of that redemption's offer.
async fn shift(import: &mut Import, accounts: &Accounts, now: DateTime<Utc>) -> Result<i64, ImportError> {
    let Some((moment, number)) = import.last_staged().await? else { return Ok(0) };
    let zone = account(accounts, number)?.offer.terms.zone;
    Ok(zone.day_of(now).signed_duration_since(zone.day_of(moment)).num_days() - 1)
}

fn shift_terms(terms: &mut OfferTerms, days: i64) {
    let days = chrono::TimeDelta::days(days);
    terms.start_date += days;
    terms.end_date += days;
}

fn account(accounts: &Accounts, number: i32) -> Result<&Account, offercast_storage::Error> {
    accounts.get(&number).ok_or_else(|| unknown(number))
}

fn unknown(number: i32) -> offercast_storage::Error {
    offercast_storage::Error::Unreadable(format!("unknown staged offer {number}"))
}

async fn write_redemptions(
    import: &mut Import,
    accounts: &mut Accounts,
    shift: i64,
    replay: bool,
    report: &mut ImportReport,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ImportError> {
    import.open_staged().await?;
    loop {
        let chunk = import.next_chunk().await?;
        if chunk.is_empty() {
            return Ok(());
        }
        let mut accepted = Vec::with_capacity(chunk.len());
        for row in chunk {
            let account = accounts.get_mut(&row.offer).ok_or_else(|| unknown(row.offer))?;
            let zone = account.offer.terms.zone;
            let redeemed_at = zone.plus_days(row.redeemed_at, shift).unwrap_or(row.redeemed_at);
            accepted.extend(decide(account, StagedRow { redeemed_at, ..row }, replay, report));
        }
        import.write(&accepted).await?;
        report.redemptions += accepted.len() as u64;
        progress(Progress::Written(report.redemptions));
    }
}

/// Decides about a row and counts it in the report. A replay may decline it because of dates, maximum or budget;
/// otherwise the row is always imported.
fn decide(
    account: &mut Account,
    row: StagedRow,
    replay: bool,
    report: &mut ImportReport,
) -> Option<ImportedRow> {
    let redemption_date = account.offer.terms.zone.day_of(row.redeemed_at);
    let service = OfferService { offer: &account.offer, totals: account.totals, today: redemption_date };
    match service.replay(row.discount) {
        Err(refusal) if replay => {
            *report.refused.entry(refusal.code()).or_default() += 1;
            return None;
        }
        Err(refusal) => *report.warnings.entry(refusal.code()).or_default() += 1,
        Ok(_) => {}
    }
    for warning in warnings(&row) {
        *report.warnings.entry(warning).or_default() += 1;
    }
    account.totals = account.totals.plus(row.discount);
    Some(ImportedRow {
        offer_id: account.offer.id,
        customer_id: row.customer_id,
        order_id: row.order_id,
        order_amount: row.order_amount,
        discount: row.discount,
        redeemed_at: row.redeemed_at,
        redemption_date,
        totals: account.totals,
    })
}

/// Returns the properties of a row that a live request would not have allowed for any offer.
fn warnings(row: &StagedRow) -> impl Iterator<Item = &'static str> {
    let above = (row.discount > row.order_amount).then_some("discount_above_order_amount");
    let nothing = (row.order_amount <= Decimal::ZERO).then_some("order_amount_not_positive");
    let is_hidden = |id: &String| text::has_hidden(id);
    let hidden = (is_hidden(&row.customer_id) || row.order_id.as_ref().is_some_and(is_hidden))
        .then_some("hidden_characters");
    above.into_iter().chain(nothing).chain(hidden)
}

async fn finish(mut import: Import, accounts: &Accounts) -> Result<(), ImportError> {
    let totals: Vec<_> = accounts.values().map(|account| (account.offer.id, account.totals)).collect();
    import.set_totals(&totals).await?;
    let limited = |account: &&Account| account.offer.terms.max_redemptions_per_customer.is_some();
    for account in accounts.values().filter(limited) {
        offercast_storage::customer_usage::count_usage(import.connection(), account.offer.id).await?;
    }
    let open = |account: &&Account| account.offer.terms.status != OfferStatus::Archived;
    let ids: Vec<i64> = accounts.values().filter(open).map(|account| account.offer.id).collect();
    jobs::enqueue_forecasts(import.connection(), &ids, Due::AtOnce, Priority::Background).await?;
    import.commit().await?;
    Ok(())
}
