use crate::database;
use crate::settings::Settings;

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    database::with(settings, async |urls| Ok(offercast_database::migrate(&urls.owner).await?)).await?;
    eprintln!("The schema is up to date.");
    Ok(())
}
