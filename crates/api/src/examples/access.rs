use chrono::Utc;
use offercast_contract::{
    Account, ApiKey, ApiKeyInput, ApiKeyStatus, AuditEntry, ChangePasswordRequest,
    ConfirmSecondFactorRequest, EndedSessions, FieldChange, InviteRequest, Link, LinkPurpose, NewApiKey,
    PasswordRequest, RecoveryCodes, RemovedUser, Role, RotateRequest, Scope, SecondFactorSecret, Session,
    SetPasswordRequest, SignInRequest, User, UserLink, UserPatch, UserStatus,
};
use serde_json::Value;

use super::{moment, page, success, value};

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";
/// An example of a token, which no server accepts.
const TOKEN: &str = "0ExampleTokenOfTheDocumentation000000000000";

pub fn sign_in_request() -> Value {
    value(&SignInRequest {
        email: Some(EMAIL.to_owned()),
        password: Some(PASSWORD.to_owned()),
        second_factor: None,
    })
}

/// Fits the bodies of all calls that take a token only.
pub fn link_request() -> Value {
    value(&offercast_contract::LinkRequest { token: Some(TOKEN.to_owned()) })
}

pub fn set_password_request() -> Value {
    value(&SetPasswordRequest {
        token: Some(TOKEN.to_owned()),
        password: Some(PASSWORD.to_owned()),
        second_factor: None,
    })
}

pub fn shown_link() -> Value {
    let link = Link {
        purpose: LinkPurpose::Invitation,
        email: EMAIL.to_owned(),
        name: "Ada Lovelace".to_owned(),
        role: Role::Manager,
        expires_at: moment("2026-06-22T12:00:00Z", &Utc),
    };
    success("Link", link)
}

fn person() -> Account {
    Account {
        id: 3,
        email: EMAIL.to_owned(),
        name: "Ada Lovelace".to_owned(),
        role: Role::Manager,
        scopes: vec![
            Scope::OffersRead,
            Scope::OffersWrite,
            Scope::RedemptionsRead,
            Scope::RedemptionsWrite,
            Scope::ReportsRead,
            Scope::Webhooks,
        ],
        has_second_factor: true,
        recovery_codes_left: 10,
        has_password: true,
        access_control: true,
    }
}

pub fn account() -> Value {
    success("Account", person())
}

pub fn signed_in() -> Value {
    success("Signed in", person())
}

pub fn ended_session() -> Value {
    success("Session ended", EndedSessions { ended: 1 })
}

pub fn ended_sessions() -> Value {
    success("Sessions ended", EndedSessions { ended: 2 })
}

pub fn change_password_request() -> Value {
    value(&ChangePasswordRequest {
        current_password: Some(PASSWORD.to_owned()),
        new_password: Some("staple battery horse".to_owned()),
    })
}

pub fn password_request() -> Value {
    value(&PasswordRequest { password: Some(PASSWORD.to_owned()) })
}

pub fn second_factor_secret() -> Value {
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let uri = format!("otpauth://totp/Offercast:ada%40example.com?secret={secret}&issuer=Offercast");
    success("Confirm the secret by a code", SecondFactorSecret { secret: secret.to_owned(), uri })
}

pub fn confirm_second_factor_request() -> Value {
    value(&ConfirmSecondFactorRequest { code: Some("492039".to_owned()) })
}

pub fn recovery_codes() -> Value {
    let recovery_codes = vec!["7kq2-m0xv-9d4c-h8tn".to_owned(), "w3fz-51ra-yb6j-2pe8".to_owned()];
    success("Two-step verification is on", RecoveryCodes { recovery_codes })
}

pub fn sessions() -> Value {
    let session = Session {
        id: 17,
        is_current: true,
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0".to_owned(),
        address: "192.0.2.7".to_owned(),
        created_at: moment("2026-06-15T08:00:00Z", &Utc),
        last_used_at: moment("2026-06-15T12:00:00Z", &Utc),
        expires_at: moment("2026-06-22T08:00:00Z", &Utc),
    };
    success("Sessions", [session])
}

fn a_user() -> User {
    User {
        id: 3,
        email: EMAIL.to_owned(),
        name: "Ada Lovelace".to_owned(),
        role: Role::Manager,
        status: UserStatus::Active,
        has_second_factor: true,
        created_at: moment("2026-06-01T09:00:00Z", &Utc),
        last_used_at: Some(moment("2026-06-15T12:00:00Z", &Utc)),
    }
}

pub fn users() -> Value {
    success("People", [a_user()])
}

pub fn user() -> Value {
    success("Person edited", a_user())
}

pub fn invite_request() -> Value {
    value(&InviteRequest {
        email: Some(EMAIL.to_owned()),
        name: Some("Ada Lovelace".to_owned()),
        role: Some(Role::Manager),
    })
}

pub fn invited_user() -> Value {
    let user = User { status: UserStatus::Invited, has_second_factor: false, last_used_at: None, ..a_user() };
    success("Person invited", link_of(user))
}

pub fn user_link() -> Value {
    success("Link created", link_of(a_user()))
}

fn link_of(user: User) -> UserLink {
    let path = format!("/welcome#token={TOKEN}");
    UserLink { user, path, expires_at: moment("2026-06-22T12:00:00Z", &Utc) }
}

pub fn user_patch() -> Value {
    value(&UserPatch { role: Some(Role::Analyst), ..UserPatch::default() })
}

pub fn removed_user() -> Value {
    success("Person removed", RemovedUser { id: 3 })
}

fn a_key() -> ApiKey {
    ApiKey {
        id: 12,
        name: "Web shop".to_owned(),
        prefix: "ofc_7Kq2M0".to_owned(),
        scopes: vec![Scope::RedemptionsWrite],
        offer_ids: None,
        networks: Some(vec!["192.0.2.0/24".to_owned()]),
        status: ApiKeyStatus::Active,
        created_by: "Ada Lovelace".to_owned(),
        created_at: moment("2026-06-01T09:00:00Z", &Utc),
        expires_at: None,
        last_used_at: Some(moment("2026-06-15T12:00:00Z", &Utc)),
    }
}

pub fn keys() -> Value {
    success("Keys", [a_key()])
}

pub fn key_input() -> Value {
    value(&ApiKeyInput {
        name: Some("Web shop".to_owned()),
        scopes: Some(vec![Scope::RedemptionsWrite]),
        networks: Some(vec!["192.0.2.0/24".to_owned()]),
        ..ApiKeyInput::default()
    })
}

pub fn new_key() -> Value {
    let secret = "ofc_EXAMPLE0OF0THE0DOCUMENTATION000000000000000000000".to_owned();
    success("Key created", NewApiKey { key: a_key(), secret })
}

pub fn rotate_request() -> Value {
    value(&RotateRequest { former_valid_seconds: Some(3_600) })
}

pub fn revoked_key() -> Value {
    success("Key revoked", ApiKey { status: ApiKeyStatus::Revoked, ..a_key() })
}

fn entry() -> AuditEntry {
    AuditEntry {
        id: 208,
        at: moment("2026-06-12T09:30:00Z", &Utc),
        actor: "user:3".to_owned(),
        actor_name: "Ada Lovelace".to_owned(),
        action: "offer.updated".to_owned(),
        subject: "offer:1".to_owned(),
        subject_name: "SUMMER10".to_owned(),
        offer_id: Some(1),
        changes: vec![FieldChange {
            field: "budget".to_owned(),
            before: Some("3000".to_owned()),
            after: Some("4000".to_owned()),
        }],
        address: "192.0.2.7".to_owned(),
        request_id: "0198c5a2-7d4e-7b61-9d0f-3a5e8c21b7f4".to_owned(),
    }
}

pub fn audit_page() -> Value {
    page("Audit log", vec![entry()], &208)
}

pub fn audit_csv() -> Value {
    "at,actor,actor_name,action,subject,subject_name,changes,address,request_id\n\
     2026-06-12T09:30:00+00:00,user:3,Ada Lovelace,offer.updated,offer:1,SUMMER10,budget: 3000 -> 4000,192.0.2.7,\
     0198c5a2-7d4e-7b61-9d0f-3a5e8c21b7f4\n"
        .into()
}
