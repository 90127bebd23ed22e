use std::sync::{Arc, OnceLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use super::token::random_bytes;
use crate::Error;
use crate::concurrency_limit::ConcurrencyLimit;

/// Passwords that are hashed at once: each takes 19 MiB and tens of milliseconds.
const MAX_AT_ONCE: usize = 2;

/// Hashes and checks passwords on blocking threads, with argon2id. The parameters are the library's defaults, which are
/// those that OWASP recommends: 19 MiB, 2 passes, 1 thread. Clones share the limit.
#[derive(Clone)]
pub struct Passwords {
    limit: ConcurrencyLimit,
    /// Of a password that nobody has, so that a check takes as long for an unknown person.
    dummy: Arc<OnceLock<String>>,
}

impl Passwords {
    pub fn new() -> Passwords {
        let limit = ConcurrencyLimit::new(MAX_AT_ONCE, "too many passwords are being checked");
        Passwords { limit, dummy: Arc::default() }
    }

    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        let password = password.to_owned();
        self.run(move || hash(&password)).await?
    }

    /// Whether the password has the hash. Without a hash, takes as long and returns false.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, Error> {
        let (password, dummy) = (password.to_owned(), self.dummy.clone());
        self.run(move || {
            let is_known = hash.is_some();
            let hash = match hash {
                Some(hash) => hash,
                None => dummy_hash(&dummy)?.to_owned(),
            };
            let parsed = PasswordHash::new(&hash).map_err(|_| unreadable())?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && is_known)
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = self.limit.acquire().await?;
        let work = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        work.await.map_err(|_| Error::Busy("the program is stopping"))
    }
}

fn hash(password: &str) -> Result<String, Error> {
    let salt = random_bytes::<16>()?;
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|_| unreadable())?.to_string())
}

fn dummy_hash(dummy: &OnceLock<String>) -> Result<&str, Error> {
    if let Some(hash) = dummy.get() {
        return Ok(hash);
    }
    let hash = hash("the password of nobody")?;
    Ok(dummy.get_or_init(|| hash))
}

fn unreadable() -> Error {
    offercast_storage::Error::Unreadable("the hash of a password".to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognised_by_its_hash() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse battery", Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horse batterz", Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("the password of nobody", None).await.unwrap());
        assert_ne!(
            hash,
            passwords.hash("correct horse battery").await.unwrap(),
            "each hash has its own salt"
        );
    }
}
