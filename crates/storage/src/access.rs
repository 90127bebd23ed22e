//! People, their sessions, API keys, and the versions by which other processes notice changes of these.

pub mod keys;
pub mod links;
pub mod second_factor;
pub mod sessions;
pub mod users;
pub mod versions;

/// The SHA-256 hash of a token. Tokens themselves are never stored.
pub type TokenHash = [u8; 32];

fn token_hash(bytes: Vec<u8>) -> Result<TokenHash, crate::Error> {
    bytes.try_into().map_err(|_| crate::Error::Unreadable("a token hash has the wrong length".to_owned()))
}
