use std::process::ExitCode;

use offercast_app::Difference;

use crate::database::{self, Database};
use crate::settings::Settings;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let database = Database::open(settings).await?;
    let app = database::app(settings, database.url())?;
    let found = offercast_app::verify(&app).await;
    drop(app);
    database.close().await?;
    let differences = found?;
    if differences.is_empty() {
        println!("Counters, roll-ups, days and limits agree with the ledger.");
        return Ok(ExitCode::SUCCESS);
    }
    differences.iter().for_each(print);
    println!("{} differences.", differences.len());
    Ok(ExitCode::FAILURE)
}

fn print(difference: &Difference) {
    let Difference { offer_code, what, stored, expected } = difference;
    println!("{offer_code}: {what}: stored {stored}; by the ledger {expected}");
}
