use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use offercast_storage::PgConnection;
use offercast_storage::access::TokenHash;
use offercast_storage::access::versions::Versions;
use offercast_storage::access::{keys, sessions};

use super::caller::Principal;
use crate::StorageError;

/// The usable keys and sessions of a moment.
#[derive(Default)]
pub struct Snapshot {
    pub versions: Option<Versions>,
    pub keys: Arc<HashMap<TokenHash, Principal>>,
    pub sessions: Arc<HashMap<TokenHash, Principal>>,
}

impl Snapshot {
    /// Reads what has changed since this snapshot.
    pub async fn renewed(
        &self,
        connection: &mut PgConnection,
        versions: Versions,
        now: DateTime<Utc>,
    ) -> Result<Snapshot, StorageError> {
        let are_current = |kind: fn(&Versions) -> i64| {
            self.versions.as_ref().is_some_and(|known| kind(known) == kind(&versions))
        };
        let keys = match are_current(|versions| versions.keys) {
            true => self.keys.clone(),
            false => self.read_keys(connection, now).await?,
        };
        let sessions = match are_current(|versions| versions.sessions) {
            true => self.sessions.clone(),
            false => self.read_sessions(connection, now).await?,
        };
        Ok(Snapshot { versions: Some(versions), keys, sessions })
    }

    async fn read_keys(
        &self,
        connection: &mut PgConnection,
        now: DateTime<Utc>,
    ) -> Result<Arc<HashMap<TokenHash, Principal>>, StorageError> {
        let keys = keys::usable_keys(connection, now).await?;
        let principals = keys.into_iter().map(|key| {
            let hash = key.token_hash;
            (hash, Principal::key(key, used(&self.keys, &hash, 0)))
        });
        Ok(Arc::new(principals.collect()))
    }

    async fn read_sessions(
        &self,
        connection: &mut PgConnection,
        now: DateTime<Utc>,
    ) -> Result<Arc<HashMap<TokenHash, Principal>>, StorageError> {
        let sessions = sessions::usable_sessions(connection, now).await?;
        let principals = sessions.into_iter().map(|session| {
            let last_used = session.last_used_at.timestamp_micros();
            let used = used(&self.sessions, &session.token_hash, last_used);
            (session.token_hash, Principal::session(&session, used))
        });
        Ok(Arc::new(principals.collect()))
    }
}

/// The time of the last use: as this process knows it, or as it is stored, whichever is later.
fn used(before: &HashMap<TokenHash, Principal>, hash: &TokenHash, stored: i64) -> Arc<AtomicI64> {
    let known = before.get(hash).and_then(|principal| principal.used().cloned());
    let used = known.unwrap_or_default();
    used.fetch_max(stored, Ordering::Relaxed);
    used
}
