use chrono::{DateTime, Utc};
use offercast_app::access::{Account, KeyStatus, LinkView, NewKey, NewLink, key_status};
use offercast_app::{AuditChange, AuditEntry, StoredKey, StoredSession, StoredUser};
use offercast_contract as wire;
use offercast_domain::access::{KeyDraft, PersonDraft, Role, Scope, Scopes};

pub fn scope(scope: Scope) -> wire::Scope {
    match scope {
        Scope::OffersRead => wire::Scope::OffersRead,
        Scope::OffersWrite => wire::Scope::OffersWrite,
        Scope::RedemptionsRead => wire::Scope::RedemptionsRead,
        Scope::RedemptionsWrite => wire::Scope::RedemptionsWrite,
        Scope::ReportsRead => wire::Scope::ReportsRead,
        Scope::Webhooks => wire::Scope::Webhooks,
        Scope::Admin => wire::Scope::Admin,
    }
}

fn read_scope(read: wire::Scope) -> Scope {
    match read {
        wire::Scope::OffersRead => Scope::OffersRead,
        wire::Scope::OffersWrite => Scope::OffersWrite,
        wire::Scope::RedemptionsRead => Scope::RedemptionsRead,
        wire::Scope::RedemptionsWrite => Scope::RedemptionsWrite,
        wire::Scope::ReportsRead => Scope::ReportsRead,
        wire::Scope::Webhooks => Scope::Webhooks,
        wire::Scope::Admin => Scope::Admin,
    }
}

fn scopes(scopes: Scopes) -> Vec<wire::Scope> {
    scopes.iter().map(scope).collect()
}

fn role(role: Role) -> wire::Role {
    match role {
        Role::Owner => wire::Role::Owner,
        Role::Manager => wire::Role::Manager,
        Role::Analyst => wire::Role::Analyst,
    }
}

pub fn read_role(role: wire::Role) -> Role {
    match role {
        wire::Role::Owner => Role::Owner,
        wire::Role::Manager => Role::Manager,
        wire::Role::Analyst => Role::Analyst,
    }
}

pub fn account(account: &Account) -> wire::Account {
    match account {
        Account::Person(user) => person(user),
        Account::Everybody => everybody(),
    }
}

pub fn person(user: &StoredUser) -> wire::Account {
    wire::Account {
        id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        role: role(user.role),
        scopes: scopes(user.role.scopes()),
        has_second_factor: user.has_second_factor,
        recovery_codes_left: user.recovery_codes,
        has_password: user.has_password,
        access_control: true,
    }
}

fn everybody() -> wire::Account {
    wire::Account {
        id: 0,
        email: String::new(),
        name: "Everybody".to_owned(),
        role: wire::Role::Owner,
        scopes: scopes(Scopes::all()),
        has_second_factor: false,
        recovery_codes_left: 0,
        has_password: false,
        access_control: false,
    }
}

/// `current`: the session of the request.
pub fn session(session: StoredSession, current: Option<i64>) -> wire::Session {
    wire::Session {
        id: session.id,
        is_current: current == Some(session.id),
        user_agent: session.user_agent,
        address: session.address,
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
    }
}

pub fn user(user: &StoredUser) -> wire::User {
    let status = match (user.disabled_at, user.has_password || user.has_identity) {
        (Some(_), _) => wire::UserStatus::Disabled,
        (None, false) => wire::UserStatus::Invited,
        (None, true) => wire::UserStatus::Active,
    };
    wire::User {
        id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        role: role(user.role),
        status,
        has_second_factor: user.has_second_factor,
        created_at: user.created_at,
        last_used_at: user.last_used_at,
    }
}

pub fn user_link(stored: &StoredUser, link: NewLink) -> wire::UserLink {
    wire::UserLink { user: user(stored), path: link.path, expires_at: link.expires_at }
}

pub fn link(view: &LinkView) -> wire::Link {
    let purpose =
        if view.is_invitation { wire::LinkPurpose::Invitation } else { wire::LinkPurpose::PasswordReset };
    wire::Link {
        purpose,
        email: view.user.email.clone(),
        name: view.user.name.clone(),
        role: role(view.user.role),
        expires_at: view.expires_at,
    }
}

pub fn person_draft(request: wire::InviteRequest) -> PersonDraft {
    let wire::InviteRequest { email, name, role } = request;
    PersonDraft { email, name, role: role.map(read_role) }
}

pub fn key_draft(input: wire::ApiKeyInput) -> KeyDraft {
    let wire::ApiKeyInput { name, scopes, offer_ids, networks, expires_at } = input;
    let scopes = scopes.map(|scopes| scopes.into_iter().map(read_scope).collect());
    KeyDraft { name, scopes, offer_ids, networks, expires_at }
}

pub fn key(key: &StoredKey, now: DateTime<Utc>) -> wire::ApiKey {
    let networks = key.terms.networks.as_ref();
    wire::ApiKey {
        id: key.id,
        name: key.terms.name.clone(),
        prefix: key.prefix.clone(),
        scopes: scopes(key.terms.scopes),
        offer_ids: key.terms.offers.ids().map(<[i64]>::to_vec),
        networks: networks.map(|networks| networks.iter().map(ToString::to_string).collect()),
        status: match key_status(key, now) {
            KeyStatus::Active => wire::ApiKeyStatus::Active,
            KeyStatus::Expired => wire::ApiKeyStatus::Expired,
            KeyStatus::Revoked => wire::ApiKeyStatus::Revoked,
        },
        created_by: key.created_by.clone(),
        created_at: key.created_at,
        expires_at: key.terms.expires_at,
        last_used_at: key.last_used_at,
    }
}

pub fn new_key(new: NewKey, now: DateTime<Utc>) -> wire::NewApiKey {
    wire::NewApiKey { key: key(&new.key, now), secret: new.secret }
}

pub fn audit_entry(entry: AuditEntry) -> wire::AuditEntry {
    wire::AuditEntry {
        id: entry.id,
        at: entry.at,
        actor: entry.actor,
        actor_name: entry.actor_name,
        action: entry.action,
        subject: entry.subject,
        subject_name: entry.subject_name,
        offer_id: Some(entry.offer_id).filter(|id| *id != 0),
        changes: entry.changes.into_iter().map(field_change).collect(),
        address: entry.address,
        request_id: entry.request_id,
    }
}

fn field_change(change: AuditChange) -> wire::FieldChange {
    wire::FieldChange { field: change.field, before: change.before, after: change.after }
}
