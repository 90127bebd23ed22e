use chrono::{DateTime, Utc};
use offercast_storage::PgConnection;
use offercast_storage::access::TokenHash;
use offercast_storage::access::second_factor as storage;
use offercast_storage::access::users;
use totp_rs::{Builder, Totp};

use super::caller::Caller;
use super::token::{self, random_bytes};
use crate::audit::{self, Record};
use crate::{App, Error};

/// Recovery codes of a person.
const RECOVERY_CODES: usize = 10;
/// The name of the product in authenticator apps.
const ISSUER: &str = "Offercast";

/// A second factor as it was entered.
pub(super) enum SecondFactor {
    /// The digits of an authenticator app.
    Code(String),
    Recovery(TokenHash),
}

impl SecondFactor {
    /// Spaces and hyphens do not matter, and upper and lower case neither.
    pub fn parse(text: &str) -> SecondFactor {
        let kept: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        if kept.len() == 6 && kept.bytes().all(|byte| byte.is_ascii_digit()) {
            return SecondFactor::Code(kept);
        }
        SecondFactor::Recovery(token::hash(&kept.to_lowercase()))
    }
}

/// The secret of an authenticator app that is being set up.
pub struct SecondFactorSecret {
    /// In base 32, to type in.
    pub secret: String,
    /// As an `otpauth://` address.
    pub uri: String,
}

fn totp(secret: &[u8], email: &str) -> Result<Totp, Error> {
    // The address separates issuer and account by a colon.
    let account = email.replace(':', " ");
    let totp =
        Builder::new().with_secret(secret).with_account_name(account).with_issuer(Some(ISSUER)).build();
    totp.map_err(|_| offercast_storage::Error::Unreadable("the secret of a second factor".to_owned()).into())
}

fn seconds(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp()).unwrap_or_default()
}

/// Whether the factor is right, and uses it up.
pub(super) async fn check(
    connection: &mut PgConnection,
    user_id: i64,
    factor: &SecondFactor,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    match factor {
        SecondFactor::Recovery(hash) => Ok(storage::use_recovery_code(connection, user_id, hash).await?),
        SecondFactor::Code(code) => {
            let Some((secret, _)) = storage::find_secret(connection, user_id).await? else {
                return Ok(false);
            };
            match totp(&secret, "")?.check(code, seconds(now)).and_then(|step| i64::try_from(step).ok()) {
                Some(step) => Ok(storage::use_step(connection, user_id, step).await?),
                None => Ok(false),
            }
        }
    }
}

/// Creates the secret of an authenticator app, to be confirmed by a code.
pub async fn set_up_second_factor(
    app: &App,
    password: &str,
    caller: &Caller,
) -> Result<SecondFactorSecret, Error> {
    let user = super::account::with_password(app, password, caller).await?;
    if user.has_second_factor {
        return Err(Error::HasSecondFactor);
    }
    let secret = random_bytes::<20>()?;
    let mut tx = app.pool.begin().await?;
    storage::set_pending(&mut tx, user.id, &secret).await?;
    tx.commit().await?;
    let uri = totp(&secret, &user.email)?.to_url();
    let uri = uri.map_err(|_| offercast_storage::Error::Unreadable("an authenticator address".to_owned()))?;
    Ok(SecondFactorSecret { secret: totp_rs::Secret::from(secret).to_base32(), uri })
}

/// Switches two-step verification on, and returns the recovery codes.
pub async fn confirm_second_factor(app: &App, code: &str, caller: &Caller) -> Result<Vec<String>, Error> {
    let user_id = caller.principal.user_id().ok_or(Error::PersonOnly)?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<_, _>>()?;
    let hashes: Vec<_> = codes.iter().map(|code| token::hash(&code.replace('-', ""))).collect();
    let mut tx = app.pool.begin().await?;
    let now = app.clock.now();
    let pending = storage::find_pending(&mut tx, user_id).await?.ok_or(Error::SecondFactorFailed)?;
    let user = users::find_user(&mut tx, user_id).await?.ok_or(Error::Unauthenticated)?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let step = totp(&pending, &user.email)?.check(&code, seconds(now));
    let step = step.and_then(|step| i64::try_from(step).ok()).ok_or(Error::SecondFactorFailed)?;
    storage::confirm(&mut tx, user_id, step, &hashes).await?;
    let record = Record::of_user("user.second_factor_on", user_id, &user.email, Vec::new());
    audit::record(&mut tx, caller, now, record).await?;
    tx.commit().await?;
    Ok(codes)
}

/// 80 random bits in base 32 without letters that look like digits, in groups of four.
fn recovery_code() -> Result<String, Error> {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bytes = random_bytes::<16>()?;
    let letters: Vec<char> = bytes.iter().map(|byte| ALPHABET[usize::from(byte % 32)].into()).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// Switches two-step verification off.
pub async fn remove_second_factor(app: &App, password: &str, caller: &Caller) -> Result<(), Error> {
    let user = super::account::with_password(app, password, caller).await?;
    let mut tx = app.pool.begin().await?;
    storage::remove(&mut tx, user.id).await?;
    let record = Record::of_user("user.second_factor_off", user.id, &user.email, Vec::new());
    audit::record(&mut tx, caller, app.clock.now(), record).await?;
    Ok(tx.commit().await?)
}
