use std::sync::Arc;

use chrono::{DateTime, Utc};
use offercast_storage::Tx;
use offercast_storage::access::versions;
use tokio::sync::OnceCell;

use crate::Error;

/// Whether idempotency keys may also be stored without an owner, as the version before this one did. Keys are kept for a
/// day, so that is over a day after the upgrade. Clones share what was read.
#[derive(Clone, Default)]
pub(crate) struct FormerKeys(Arc<OnceCell<DateTime<Utc>>>);

impl FormerKeys {
    /// Reads it at the first call.
    pub async fn read(&self, tx: &mut Tx, now: DateTime<Utc>) -> Result<bool, Error> {
        let until = self.0.get_or_try_init(|| versions::former_idempotency_keys_until(tx)).await?;
        Ok(now < *until)
    }

    /// True before it was read.
    pub fn are_valid(&self, now: DateTime<Utc>) -> bool {
        self.0.get().is_none_or(|until| now < *until)
    }
}
