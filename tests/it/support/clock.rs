use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use offercast_app::Clock;

/// A clock that does not advance until it is set.
#[derive(Clone)]
pub struct TestClock(Arc<Mutex<DateTime<Utc>>>);

impl TestClock {
    pub fn at(moment: &str) -> TestClock {
        TestClock(Arc::new(Mutex::new(moment.parse().unwrap())))
    }

    pub fn set(&self, moment: &str) {
        *self.0.lock().unwrap() = moment.parse().unwrap();
    }

    pub fn advance(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }

    pub fn clock(&self) -> Clock {
        let moment = self.0.clone();
        Clock::from_fn(move || *moment.lock().unwrap())
    }
}
