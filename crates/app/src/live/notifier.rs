use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use offercast_storage::change_feed;
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::intervals::NOTIFICATION_INTERVAL;
use crate::{Error, Pool};

/// Notifies all processes, including this one, of the offers that this process has changed. Clones share it.
///
/// Changes are collected in memory after their commit, so that a redemption does not wait for a notification. If the
/// process dies, its last changes are not notified; subscribers then see them at the next regular read.
#[derive(Clone)]
pub(crate) struct ChangeNotifier(Arc<Shared>);

struct Shared {
    pool: Pool,
    /// Notifications are sent here, because an actix worker may end before they are.
    main_runtime: Handle,
    pending: Mutex<Pending>,
}

#[derive(Default)]
struct Pending {
    offers: BTreeSet<i64>,
    /// Whether a task is sending them.
    is_sending: bool,
}

impl ChangeNotifier {
    /// Must be called in the runtime that lives as long as the program.
    pub fn new(pool: Pool) -> ChangeNotifier {
        let main_runtime = Handle::current();
        ChangeNotifier(Arc::new(Shared { pool, main_runtime, pending: Mutex::default() }))
    }

    /// Must be called after the commit.
    pub fn changed(&self, offer_id: i64) {
        let mut pending = self.0.pending();
        pending.offers.insert(offer_id);
        if !pending.is_sending {
            pending.is_sending = true;
            self.0.main_runtime.spawn(send(self.0.clone()));
        }
    }
}

impl Shared {
    /// A panic in another thread cannot leave the set half changed.
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` if nothing is pending; then the sending task must end.
    fn take(&self) -> Option<Vec<i64>> {
        let mut pending = self.pending();
        pending.is_sending = !pending.offers.is_empty();
        pending.is_sending.then(|| std::mem::take(&mut pending.offers).into_iter().collect())
    }

    async fn notify(&self, offers: &[i64]) -> Result<(), Error> {
        let mut connection = self.pool.connection().await?;
        Ok(change_feed::notify_changed(&mut connection, offers).await?)
    }
}

async fn send(shared: Arc<Shared>) {
    while let Some(offers) = shared.take() {
        if let Err(error) = shared.notify(&offers).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(
                error,
                offers = offers.len(),
                "live updates are late: could not notify of changes"
            );
        }
        sleep(NOTIFICATION_INTERVAL).await;
    }
}
