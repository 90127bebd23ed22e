//! The keys of unique codes. Key 0 is a secret in the database. Keys of the settings are combined with that secret, so
//! that a copy of the database is not enough to compute codes; a new key can be added at any time, and the codes of
//! earlier keys stay valid as long as their keys are configured.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use offercast_domain::{CodeName, UniqueCode};
use offercast_storage::codes;

use super::CodeCipher;
use crate::{Error, Pool, StorageError};

/// A key of the settings.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeKey {
    id: i32,
    key: [u8; 32],
}

impl CodeKey {
    /// Parses `ID:KEY`: an id from 1 to 1000 and 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<CodeKey> {
        let (id, digits) = text.trim().split_once(':')?;
        let id = id.parse().ok().filter(|id| (1..=1_000).contains(id))?;
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let mut key = [0; 32];
        for (byte, pair) in key.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(CodeKey { id, key })
    }

    pub fn id(&self) -> i32 {
        self.id
    }
}

/// Without the key, which must not reach a log.
impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The ciphers of all keys, by key id. Clones share them.
#[derive(Clone)]
pub(crate) struct CodeCiphers(Arc<BTreeMap<i32, CodeCipher>>);

impl CodeCiphers {
    pub fn new(secret: &[u8; 32], keys: &[CodeKey]) -> CodeCiphers {
        let ciphers = keys.iter().map(|key| CodeCipher::of_key(secret, key.id, &key.key));
        let ciphers = ciphers.chain([CodeCipher::of_secret(secret)]);
        CodeCiphers(Arc::new(ciphers.map(|cipher| (cipher.key_id(), cipher)).collect()))
    }

    /// Reads the secret of the database. Warns about codes whose keys are not configured.
    pub async fn load(pool: &Pool, keys: &[CodeKey]) -> Result<CodeCiphers, Error> {
        let mut tx = pool.snapshot().await?;
        let secret = codes::code_secret(&mut tx).await?;
        let used = codes::used_key_ids(&mut tx).await?;
        tx.commit().await?;
        let ciphers = CodeCiphers::new(&secret, keys);
        for key_id in used.iter().filter(|key_id| !ciphers.0.contains_key(key_id)) {
            tracing::error!(
                key_id,
                "unique codes were issued with a key that OFFERCAST_CODE_KEYS does not contain"
            );
        }
        Ok(ciphers)
    }

    /// The cipher of new codes: that of the largest key id.
    pub fn newest(&self) -> Result<&CodeCipher, Error> {
        self.0.last_key_value().map(|(_, cipher)| cipher).ok_or_else(|| unknown_key(0))
    }

    pub fn get(&self, key_id: i32) -> Result<&CodeCipher, Error> {
        self.0.get(&key_id).ok_or_else(|| unknown_key(key_id))
    }

    /// The offer and name that a code has under each key, the newest first.
    pub fn candidates(&self, code: &UniqueCode) -> Vec<(i64, CodeName)> {
        self.0.values().rev().filter_map(|cipher| cipher.decrypt(code)).collect()
    }
}

fn unknown_key(key_id: i32) -> Error {
    let message = format!("unique codes have the key {key_id}, which OFFERCAST_CODE_KEYS does not contain");
    StorageError::Unreadable(message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_an_id_and_64_hexadecimal_digits() {
        let digits = "0f".repeat(32);
        let key = CodeKey::parse(&format!("7:{digits}")).unwrap();
        assert_eq!((key.id(), key.key), (7, [15; 32]));
        assert!(!format!("{key:?}").contains("15"), "the key is not shown");
        for bad in ["", "7", "0:", "x:", "1001:", "-1:"].map(|id| format!("{id}{digits}")) {
            assert_eq!(CodeKey::parse(&bad), None, "{bad}");
        }
        for bad in ["0f", &"0f".repeat(33), &"0g".repeat(32), &"é".repeat(32)] {
            assert_eq!(CodeKey::parse(&format!("7:{bad}")), None, "{bad}");
        }
    }

    #[test]
    fn new_codes_get_the_newest_key_and_old_ones_stay_readable() {
        let secret = [3; 32];
        let keys = [1, 2].map(|id| CodeKey { id, key: [u8::try_from(id).unwrap(); 32] });
        let (first, both) = (CodeCiphers::new(&secret, &keys[..1]), CodeCiphers::new(&secret, &keys));
        assert_eq!((first.newest().unwrap().key_id(), both.newest().unwrap().key_id()), (1, 2));
        let prefix = offercast_domain::CodePrefix::default();
        let old = first.newest().unwrap().encrypt(9, 4, &prefix, 16).unwrap();
        let name = CodeName { serial: 4, prefix: String::new(), length: 16, key_id: 1 };
        assert!(both.candidates(&old).contains(&(9, name)));
        assert!(both.get(3).is_err());
    }
}
