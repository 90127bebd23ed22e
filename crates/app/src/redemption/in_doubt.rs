//! Commits whose outcome is unknown because the connection was lost.
//!
//! The batch is retried with the counters locked. Counters that are unchanged prove that no redemption was written
//! (declines without a key may then be counted twice); then the version of the terms is incremented, so that the lost
//! statement, should it still be on its way, writes nothing.

use std::sync::Arc;

use offercast_storage::redemption::commit_batch::Counters;
use offercast_storage::{Tx, offers};

use super::offer_cache::OfferSnapshot;
use super::processor::{CombinedItem, Retry};
use crate::{Error, StorageError};

/// A commit whose outcome is unknown.
pub(super) struct InDoubt {
    /// The counters that the batch was decided on.
    before: Counters,
    pub cause: Option<Arc<StorageError>>,
}

/// Retries each batch of a failed combined batch on its own, so that no offer fails because of another. If the
/// connection was lost, the batches that were sent are in doubt; any other failed statement has written nothing.
pub(super) fn retry_each(items: Vec<CombinedItem>, were_sent: &[bool], error: StorageError) -> Vec<Retry> {
    let lost = match Error::from(error) {
        Error::OutcomeUnknown(cause) => Some(cause),
        _ => None,
    };
    let retry = |(item, was_sent): (CombinedItem, &bool)| {
        let cause = lost.clone().filter(|_| *was_sent);
        let in_doubt = cause.map(|cause| InDoubt { before: item.snapshot.counters, cause });
        Retry { batch: item.batch, in_doubt }
    };
    items.into_iter().zip(were_sent).map(retry).collect()
}

impl InDoubt {
    /// Returns the new counters after making sure that no redemption was or will be written; `OutcomeUnknown` if the
    /// counters have changed. The offer must be locked.
    pub async fn resolve(&self, tx: &mut Tx, snapshot: &OfferSnapshot) -> Result<Counters, Error> {
        if snapshot.counters != self.before {
            return Err(Error::OutcomeUnknown(None));
        }
        Ok(offers::bump_version(tx, snapshot.offer.id).await?)
    }
}
