use chrono::TimeDelta;

use crate::{App, Error};

/// Answers are kept under their keys for the day that is promised, and some for clocks that differ.
const KEEP: TimeDelta = TimeDelta::hours(25);

/// Forgets the answers to requests that nobody repeats any more; says how many.
pub async fn purge_keys(app: &App) -> Result<u64, Error> {
    let mut tx = app.pool.begin().await?;
    let purged = offercast_storage::purge_keys(&mut tx, app.clock.now() - KEEP).await?;
    tx.commit().await?;
    Ok(purged)
}
