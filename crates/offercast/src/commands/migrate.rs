use crate::database::Database;
use crate::settings::Settings;

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let database = Database::open(settings).await?;
    let migrated = offercast_database::migrate(database.url()).await;
    database.close().await?;
    migrated?;
    eprintln!("The schema is up to date.");
    Ok(())
}
