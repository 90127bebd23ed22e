//! Notifies the processes on one database of changed offers, through PostgreSQL's NOTIFY.

use std::str::FromStr;

use sqlx::PgConnection;
use sqlx::postgres::PgListener;

use crate::session::pool_options;
use crate::{Error, Pool};

const CHANNEL: &str = "offercast_offers";

/// Ids per message: PostgreSQL accepts 8,000 bytes, and an id with its comma takes at most 20.
const IDS_IN_A_MESSAGE: usize = 390;

/// Notifies all listeners when the transaction commits. PostgreSQL serialises commits that notify, so a redemption does
/// not do this itself.
pub async fn notify_changed(connection: &mut PgConnection, offer_ids: &[i64]) -> Result<(), Error> {
    for ids in offer_ids.chunks(IDS_IN_A_MESSAGE) {
        let message = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        sqlx::query!("select pg_notify($1, $2)", CHANNEL, message).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Receives notifications on its own connection.
pub struct ChangeListener(PgListener);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeEvent {
    /// These offers have changed.
    Changed(Vec<i64>),
    /// The connection was lost and restored. Any offer may have changed meanwhile.
    Reconnected,
}

impl ChangeListener {
    pub async fn connect(pool: &Pool) -> Result<ChangeListener, Error> {
        // The listener reconnects through this pool of one connection. Its idle and lifetime limits would end the
        // listening.
        let own = pool_options().max_connections(1).idle_timeout(None).max_lifetime(None);
        let own = own.connect_with(pool.connect_options().clone()).await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        Ok(ChangeListener(listener))
    }

    pub async fn next(&mut self) -> Result<ChangeEvent, Error> {
        let Some(message) = self.0.try_recv().await? else { return Ok(ChangeEvent::Reconnected) };
        Ok(ChangeEvent::Changed(
            message.payload().split(',').filter_map(|id| i64::from_str(id).ok()).collect(),
        ))
    }
}
