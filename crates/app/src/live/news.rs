use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::{Error, Pool};

/// How often a process tells of its changes at most. A commit that tells something waits for every other such
/// commit on the server: at a few a second nobody notices, at one a redemption everybody would.
const PACE: Duration = Duration::from_millis(250);

/// The changes of this process that the others, and this one itself, are to hear of. Clones share them.
///
/// They are noted in memory after their commit, so that a redemption pays nothing for being watched; a process
/// that dies takes those of its last moment along, and whoever watches reads again soon anyway.
#[derive(Clone)]
pub(crate) struct News(Arc<Shared>);

struct Shared {
    pool: Pool,
    /// Where it tells them. A web server's worker may end before they are told.
    runtime: Handle,
    untold: Mutex<Untold>,
}

#[derive(Default)]
struct Untold {
    offers: BTreeSet<i64>,
    /// Whether a task is there that tells them.
    is_being_told: bool,
}

impl News {
    /// Wants to be made in the runtime that lives as long as the program.
    pub fn new(pool: Pool) -> News {
        News(Arc::new(Shared { pool, runtime: Handle::current(), untold: Mutex::default() }))
    }

    /// To be called behind the commit.
    pub fn changed(&self, offer_id: i64) {
        let mut untold = self.0.untold();
        untold.offers.insert(offer_id);
        if !untold.is_being_told {
            untold.is_being_told = true;
            self.0.runtime.spawn(tell(self.0.clone()));
        }
    }
}

impl Shared {
    /// A panic of another thread leaves them as they were before or after a step, never within one.
    fn untold(&self) -> MutexGuard<'_, Untold> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None when there are none left; then the task is taken to have ended.
    fn take(&self) -> Option<Vec<i64>> {
        let mut untold = self.untold();
        untold.is_being_told = !untold.offers.is_empty();
        untold.is_being_told.then(|| std::mem::take(&mut untold.offers).into_iter().collect())
    }

    async fn announce(&self, offers: &[i64]) -> Result<(), Error> {
        let mut connection = self.pool.connection().await?;
        Ok(offercast_storage::announce_changes(&mut connection, offers).await?)
    }
}

async fn tell(shared: Arc<Shared>) {
    while let Some(offers) = shared.take() {
        if let Err(error) = shared.announce(&offers).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, offers = offers.len(), "live figures are late: changes were not told");
        }
        sleep(PACE).await;
    }
}
