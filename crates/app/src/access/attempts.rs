use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

/// Delays guesses of passwords and codes: after some failures, the next attempt must wait, each time twice as long.
/// Attempts are counted per account and per client, in this process. An account is never locked: after the wait it may
/// be tried again, and on a device where the person has signed in before, guesses from elsewhere do not count.
pub struct Attempts {
    by_account: Mutex<LruCache<Account, Failures>>,
    by_client: Mutex<LruCache<IpAddr, Failures>>,
}

/// The account that an attempt is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Account {
    Email(String),
    /// A person on a known device.
    Device(i64, [u8; 32]),
    /// A person whose link is used by somebody who enters the code of the second factor.
    Link(i64),
    /// A person who is signed in, and is asked for the password again.
    SignedIn(i64),
}

impl Account {
    /// Whether attempts of strangers, also from the same address, must not delay it.
    fn is_trusted(&self) -> bool {
        matches!(self, Account::Device(..) | Account::SignedIn(_))
    }
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

/// Failures without a wait.
const FREE_OF_ACCOUNT: u32 = 5;
const FREE_OF_CLIENT: u32 = 20;
/// The first wait, which doubles with each failure.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Failures are forgotten after this time without another one.
const FORGET: Duration = Duration::from_secs(60 * 60);
/// Accounts and clients that are kept. The ones whose last failure is oldest are dropped first.
const KEPT: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");

impl Default for Attempts {
    fn default() -> Attempts {
        Attempts { by_account: Mutex::new(LruCache::new(KEPT)), by_client: Mutex::new(LruCache::new(KEPT)) }
    }
}

impl Attempts {
    /// How long the next attempt must wait. `None`: it may be made now.
    pub fn wait(&self, account: &Account, client: IpAddr, now: Instant) -> Option<Duration> {
        let of_account = wait_of(&mut lock(&self.by_account), account, FREE_OF_ACCOUNT, now);
        if account.is_trusted() {
            return of_account;
        }
        let of_client = wait_of(&mut lock(&self.by_client), &client, FREE_OF_CLIENT, now);
        of_account.max(of_client)
    }

    /// Counts an attempt as failed. Call it before the attempt is checked, so that attempts at the same time count, and
    /// afterwards [`Attempts::succeeded`] or [`Attempts::take_back`] if it has not failed.
    pub fn failed(&self, account: &Account, client: IpAddr, now: Instant) {
        count(&mut lock(&self.by_account), account.clone(), now);
        count(&mut lock(&self.by_client), client, now);
    }

    /// Takes back one attempt, which was neither a failure nor a success. Earlier failures stay.
    pub fn take_back(&self, account: &Account, client: IpAddr) {
        take_back(&mut lock(&self.by_account), account);
        take_back(&mut lock(&self.by_client), &client);
    }

    /// Forgets the failures of an account, and one of the client.
    pub fn succeeded(&self, account: &Account, client: IpAddr) {
        lock(&self.by_account).pop(account);
        take_back(&mut lock(&self.by_client), &client);
    }
}

fn take_back<K: Hash + Eq>(failures: &mut LruCache<K, Failures>, key: &K) {
    if let Some(failures) = failures.peek_mut(key) {
        failures.count = failures.count.saturating_sub(1);
    }
}

fn lock<K>(failures: &Mutex<LruCache<K, Failures>>) -> MutexGuard<'_, LruCache<K, Failures>>
where
    K: Hash + Eq,
{
    failures.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait_of<K: Hash + Eq>(
    failures: &mut LruCache<K, Failures>,
    key: &K,
    free: u32,
    now: Instant,
) -> Option<Duration> {
    let Failures { count, last } = *failures.peek(key)?;
    if now.duration_since(last) >= FORGET {
        return None;
    }
    let doublings = count.checked_sub(free)?;
    let wait = FIRST_WAIT.saturating_mul(1 << doublings.min(16)).min(LONGEST_WAIT);
    (last + wait).checked_duration_since(now).filter(|wait| !wait.is_zero())
}

fn count<K: Hash + Eq>(failures: &mut LruCache<K, Failures>, key: K, now: Instant) {
    let before = failures.get(&key).filter(|failures| now.duration_since(failures.last) < FORGET);
    let count = before.map_or(0, |failures| failures.count) + 1;
    failures.put(key, Failures { count, last: now });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account::Email("ada@example.com".to_owned())
    }

    fn client(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn each_failure_doubles_the_wait_up_to_a_limit() {
        let (attempts, mut now) = (Attempts::default(), Instant::now());
        for _ in 0..FREE_OF_ACCOUNT {
            assert_eq!(attempts.wait(&account(), client(1), now), None);
            attempts.failed(&account(), client(1), now);
        }
        for seconds in [1, 2, 4, 8] {
            assert_eq!(attempts.wait(&account(), client(2), now), Some(Duration::from_secs(seconds)));
            now += Duration::from_secs(seconds);
            assert_eq!(attempts.wait(&account(), client(2), now), None);
            attempts.failed(&account(), client(2), now);
        }
        for _ in 0..100 {
            attempts.failed(&account(), client(2), now);
        }
        assert_eq!(attempts.wait(&account(), client(3), now), Some(LONGEST_WAIT));
        assert_eq!(attempts.wait(&account(), client(3), now + FORGET), None);
    }

    #[test]
    fn guesses_do_not_delay_a_known_device_nor_other_people() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..50 {
            attempts.failed(&account(), client(1), now);
        }
        assert_eq!(attempts.wait(&Account::Device(1, [0; 32]), client(2), now), None);
        assert_eq!(attempts.wait(&Account::Email("bob@example.com".to_owned()), client(2), now), None);
        assert!(attempts.wait(&Account::Email("bob@example.com".to_owned()), client(1), now).is_some());
    }

    #[test]
    fn an_attempt_that_is_taken_back_leaves_earlier_failures() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..FREE_OF_ACCOUNT {
            attempts.failed(&account(), client(1), now);
            attempts.failed(&account(), client(1), now);
            attempts.take_back(&account(), client(1));
        }
        assert_eq!(attempts.wait(&account(), client(1), now), Some(FIRST_WAIT));
    }

    #[test]
    fn strangers_at_the_same_address_do_not_delay_a_known_device() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..100 {
            attempts.failed(&account(), client(1), now);
        }
        assert_eq!(attempts.wait(&Account::Device(1, [0; 32]), client(1), now), None);
        assert_eq!(attempts.wait(&Account::SignedIn(1), client(1), now), None);
    }

    #[test]
    fn a_success_ends_the_wait_of_the_account() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..10 {
            attempts.failed(&account(), client(1), now);
        }
        attempts.succeeded(&account(), client(1));
        assert_eq!(attempts.wait(&account(), client(1), now), None);
    }
}
