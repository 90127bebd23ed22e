//! Checks what people enter about themselves and others.

use super::Role;
use crate::{FieldError, text};

pub const MAX_EMAIL: usize = 254;
const MAX_NAME: usize = 100;
/// NIST SP 800-63B asks for at least 8 characters, and advises against rules about kinds of characters.
const MIN_PASSWORD: usize = 12;
pub const MAX_PASSWORD: usize = 256;

/// An e-mail address. It names a person; upper and lower case do not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Checks the form only: whether the address exists shows when a message is sent to it.
    pub fn parse(field: &'static str, email: &str) -> Result<Email, FieldError> {
        let email = text::line(field, email.trim(), MAX_EMAIL)?;
        let invalid =
            || FieldError::new(field, "invalid", "must be an e-mail address, such as ada@example.com");
        let (name, domain) = email.rsplit_once('@').ok_or_else(invalid)?;
        let is_valid = !name.is_empty() && !domain.is_empty() && !email.contains(char::is_whitespace);
        if is_valid { Ok(Email(email)) } else { Err(invalid()) }
    }

    /// The address as it was entered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Equal for addresses that differ in upper and lower case only.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// A person to invite.
#[derive(Debug, Clone, Default)]
pub struct PersonDraft {
    pub email: Option<String>,
    pub name: Option<String>,
    pub role: Option<Role>,
}

impl PersonDraft {
    pub fn check(&self) -> Result<(Email, String, Role), Vec<FieldError>> {
        let email = match &self.email {
            Some(email) => Email::parse("email", email),
            None => Err(FieldError::required("email")),
        };
        let name = person_name(self.name.as_deref());
        let role = self.role.ok_or_else(|| FieldError::required("role"));
        match (email, name, role) {
            (Ok(email), Ok(name), Ok(role)) => Ok((email, name, role)),
            (email, name, role) => Err([email.err(), name.err(), role.err()].into_iter().flatten().collect()),
        }
    }
}

/// Checks the name of a person.
pub fn person_name(name: Option<&str>) -> Result<String, FieldError> {
    text::line("name", name.unwrap_or_default().trim(), MAX_NAME)
}

/// Checks a new password. `email` and `name` are those of the person.
pub fn check_password(
    field: &'static str,
    password: &str,
    email: &str,
    name: &str,
) -> Result<(), FieldError> {
    let length = password.chars().count();
    if !(MIN_PASSWORD..=MAX_PASSWORD).contains(&length) {
        let message = format!("must have {MIN_PASSWORD} to {MAX_PASSWORD} characters");
        return Err(FieldError::new(field, "length", message));
    }
    if is_guessable(&password.to_lowercase(), &email.to_lowercase(), &name.to_lowercase()) {
        let message = "is easy to guess: choose one that is not made of your name, your address, repeated or common \
                       characters";
        return Err(FieldError::new(field, "too_weak", message));
    }
    Ok(())
}

/// Beginnings of passwords that are tried first.
const COMMON: [&str; 12] = [
    "password",
    "passwort",
    "qwerty",
    "qwertz",
    "123456",
    "letmein",
    "welcome",
    "admin",
    "iloveyou",
    "offercast",
    "changeme",
    "abc123",
];

/// Whether little is left of a password without what anybody would try.
fn is_guessable(password: &str, email: &str, name: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default();
    let known = COMMON.into_iter().chain([email, local, name]).chain(name.split(' '));
    let known = known.filter(|known| known.chars().count() >= 3);
    let rest = known.fold(password.to_owned(), |rest, known| rest.replace(known, ""));
    let mut distinct: Vec<char> = rest.chars().filter(|character| !is_filler(*character)).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < 4
}

/// Characters that are commonly added to a word.
fn is_filler(character: char) -> bool {
    character.is_ascii_digit() || "!.-_ ?#$".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_needs_a_name_and_a_domain() {
        for valid in ["ada@example.com", " ada@example.com ", "Ada.L+offers@intranet", "ää@exämple.de"] {
            assert!(Email::parse("email", valid).is_ok(), "{valid}");
        }
        for invalid in
            ["", "ada", "@example.com", "ada@", "a da@example.com", "ada@exa mple", "ada\u{200b}@x.de"]
        {
            assert!(Email::parse("email", invalid).is_err(), "{invalid}");
        }
        assert_eq!(Email::parse("email", "Ada@Example.com").unwrap().folded(), "ada@example.com");
    }

    #[test]
    fn passwords_that_are_easy_to_guess_are_rejected() {
        let check =
            |password: &str| check_password("password", password, "ada@example.com", "Ada Lovelace").is_ok();
        for good in ["correct horse battery", "tr0ub4dor&3xyz", "ünïcödé-päss", "kY7#pq9!Lm2x"] {
            assert!(check(good), "{good}");
        }
        for bad in [
            "short",
            "password1234",
            "Passwort2026!",
            "aaaaaaaaaaaa",
            "123456789012",
            "ada@example.com",
            "AdaLovelace2026",
            "qwertyqwerty",
            "offercast-2026",
            "abababababab",
        ] {
            assert!(!check(bad), "{bad}");
        }
        assert!(!check(&"x1y2z3w4".repeat(40)), "longer than the maximum");
    }

    #[test]
    fn every_fault_of_an_invitation_is_named() {
        let faults = PersonDraft::default().check().unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["email", "name", "role"]);
    }
}
