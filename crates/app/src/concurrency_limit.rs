use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::Error;

/// How long a request waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Limits how many requests do the same expensive work at once. Clones share the limit.
#[derive(Clone)]
pub(crate) struct ConcurrencyLimit {
    permits: Arc<Semaphore>,
    /// The error message if the turn does not come in time.
    busy: &'static str,
}

impl ConcurrencyLimit {
    pub fn new(max: usize, busy: &'static str) -> ConcurrencyLimit {
        ConcurrencyLimit { permits: Arc::new(Semaphore::new(max)), busy }
    }

    /// Waits for a turn, which lasts until the permit is dropped.
    pub async fn acquire(&self) -> Result<OwnedSemaphorePermit, Error> {
        let permit = timeout(MAX_WAIT, self.permits.clone().acquire_owned()).await;
        permit.ok().and_then(Result::ok).ok_or(Error::Busy(self.busy))
    }
}
