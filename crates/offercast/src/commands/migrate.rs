use offercast_app::access::has_users;

use crate::database;
use crate::settings::Settings;

/// For an installation without people, such as one of a version without access control.
pub const NOBODY: &str =
    "Nobody can sign in yet: run `offercast users add --email you@example.com --name You --role owner`";

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    database::with(settings, async |urls| {
        offercast_database::migrate(&urls.owner).await?;
        eprintln!("The schema is up to date.");
        if !has_users(&database::app(settings, &urls.application)?).await? {
            eprintln!("{NOBODY}");
        }
        Ok(())
    })
    .await
}
