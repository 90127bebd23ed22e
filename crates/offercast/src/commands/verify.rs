use std::process::ExitCode;

use offercast_app::Difference;

use crate::database;
use crate::settings::Settings;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let differences =
        database::with(settings, async |urls| Ok(offercast_app::verify(&urls.application).await?)).await?;
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
    println!("{offer_code}: {what}: stored {stored}, expected from the ledger {expected}");
}
