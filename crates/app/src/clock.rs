use std::sync::Arc;

use chrono::{DateTime, Utc};

/// Where the time comes from. The executables take the system's; tests bring their own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn system() -> Clock {
        Clock(Arc::new(Utc::now))
    }

    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    /// To the microsecond, as the database keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        use chrono::SubsecRound;
        (self.0)().trunc_subsecs(6)
    }
}
