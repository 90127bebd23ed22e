//! How often live dashboards are updated.

use std::time::Duration;

/// Minimum interval between two notifications of a process. PostgreSQL serialises commits that notify, so one per
/// redemption would slow everything down.
pub const NOTIFICATION_INTERVAL: Duration = Duration::from_millis(250);

/// Minimum interval between two reads of an offer that changes.
pub const MIN_INTERVAL: Duration = Duration::from_secs(1);
/// Interval of reads without a notification: a new day may have begun, the state may have changed by date alone, or a
/// notification may have been lost.
pub const MAX_INTERVAL: Duration = Duration::from_secs(15);
