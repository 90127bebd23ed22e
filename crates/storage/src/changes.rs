//! What tells the processes on one database that an offer has changed: PostgreSQL's NOTIFY.

use std::str::FromStr;

use sqlx::PgConnection;
use sqlx::postgres::PgListener;

use crate::session::pool_options;
use crate::{Error, Pool};

const CHANNEL: &str = "offercast_offers";

/// Ids in one message: PostgreSQL takes 8,000 bytes, and an id with its comma has 20 at most.
const IDS_IN_A_MESSAGE: usize = 390;

/// Tells whoever listens, once the transaction commits. That commit waits for every other one on the server
/// that tells something, so a redemption does not do this itself.
pub async fn announce_changes(connection: &mut PgConnection, offer_ids: &[i64]) -> Result<(), Error> {
    for ids in offer_ids.chunks(IDS_IN_A_MESSAGE) {
        let message = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        sqlx::query!("select pg_notify($1, $2)", CHANNEL, message).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Hears of changes, on a connection of its own.
pub struct ChangeListener(PgListener);

/// What was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Changed(Vec<i64>),
    /// The connection was lost and made anew: anything may have changed meanwhile.
    Gap,
}

impl ChangeListener {
    pub async fn connect(pool: &Pool) -> Result<ChangeListener, Error> {
        // Reconnects within this pool of one; its limits on idleness would end the listening.
        let own = pool_options().max_connections(1).idle_timeout(None).max_lifetime(None);
        let own = own.connect_with(pool.connect_options().clone()).await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        Ok(ChangeListener(listener))
    }

    pub async fn next(&mut self) -> Result<Heard, Error> {
        let Some(message) = self.0.try_recv().await? else { return Ok(Heard::Gap) };
        Ok(Heard::Changed(message.payload().split(',').filter_map(|id| i64::from_str(id).ok()).collect()))
    }
}
