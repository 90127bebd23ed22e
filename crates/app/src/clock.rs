use std::sync::Arc;

use chrono::{DateTime, Utc};

/// The source of the current time: the system clock in the executables, any function in tests.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the system clock")]
    pub fn system() -> Clock {
        Clock(Arc::new(Utc::now))
    }

    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    /// Returns the current time in microseconds, the precision of the database.
    pub fn now(&self) -> DateTime<Utc> {
        use chrono::SubsecRound;
        (self.0)().trunc_subsecs(6)
    }
}
