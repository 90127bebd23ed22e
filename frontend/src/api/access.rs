//! The calls about sessions, accounts, people, API keys and the audit log.

use gloo_net::http::{Request, Response};
use js_sys::Promise;
use offercast_contract::{
    Account, ApiKey, ApiKeyInput, AuditEntry, ChangePasswordRequest, ConfirmSecondFactorRequest,
    EndedSessions, InviteRequest, Link, LinkRequest, NewApiKey, Page, PasswordRequest, RecoveryCodes,
    RemovedUser, RotateRequest, SecondFactorSecret, Session, SetPasswordRequest, SignInLinkRequest,
    SignInRequest, User, UserLink, UserPatch,
};
use wasm_bindgen::prelude::*;

use super::{ApiError, content, data, offer_url, parse, send, send_json};

#[wasm_bindgen]
extern "C" {
    /// The response to `GET /api/account`, requested before the app started. Defined in `scripts/head.mjs`.
    #[wasm_bindgen(js_name = takeAccount)]
    fn take_account() -> Option<Promise>;
}

/// The signed-in person.
pub async fn account() -> Result<Account, ApiError> {
    let Some(requested) = take_account() else {
        return data(send(Request::get("/api/account")).await);
    };
    let response = requested.await.map_err(|_| ApiError::Network)?;
    let response = Response::from(response.unchecked_into::<web_sys::Response>());
    data(parse(content(response).await))
}

pub async fn sign_in(request: &SignInRequest) -> Result<Account, ApiError> {
    data(send_json(Request::post("/api/session"), request).await)
}

/// Signs in by a link that works once.
pub async fn sign_in_by_link(token: String) -> Result<Account, ApiError> {
    data(send_json(Request::post("/api/session/link"), &SignInLinkRequest { token: Some(token) }).await)
}

pub async fn sign_out() -> Result<EndedSessions, ApiError> {
    data(send(Request::delete("/api/session")).await)
}

/// What an invitation or a link to reset a password is for.
pub async fn show_link(token: &str) -> Result<Link, ApiError> {
    let request = LinkRequest { token: Some(token.to_owned()) };
    data(send_json(Request::post("/api/links/show"), &request).await)
}

pub async fn set_password(request: &SetPasswordRequest) -> Result<Account, ApiError> {
    data(send_json(Request::post("/api/links/password"), request).await)
}

pub async fn change_password(request: &ChangePasswordRequest) -> Result<EndedSessions, ApiError> {
    data(send_json(Request::post("/api/account/password"), request).await)
}

/// A new secret for two-step verification. It counts once [`confirm_second_factor`] has succeeded.
pub async fn start_second_factor(password: String) -> Result<SecondFactorSecret, ApiError> {
    data(send_json(Request::post("/api/account/second-factor"), &password_request(password)).await)
}

pub async fn confirm_second_factor(code: String) -> Result<RecoveryCodes, ApiError> {
    let request = ConfirmSecondFactorRequest { code: Some(code) };
    data(send_json(Request::post("/api/account/second-factor/confirm"), &request).await)
}

pub async fn switch_off_second_factor(password: String) -> Result<Account, ApiError> {
    data(send_json(Request::delete("/api/account/second-factor"), &password_request(password)).await)
}

fn password_request(password: String) -> PasswordRequest {
    PasswordRequest { password: Some(password) }
}

pub async fn sessions() -> Result<Vec<Session>, ApiError> {
    data(send(Request::get("/api/account/sessions")).await)
}

pub async fn end_session(id: i64) -> Result<EndedSessions, ApiError> {
    data(send(Request::delete(&format!("/api/account/sessions/{id}"))).await)
}

/// Ends all sessions of the signed-in person but this one.
pub async fn end_other_sessions() -> Result<EndedSessions, ApiError> {
    data(send(Request::delete("/api/account/sessions")).await)
}

pub async fn people() -> Result<Vec<User>, ApiError> {
    data(send(Request::get("/api/users")).await)
}

pub async fn invite(request: &InviteRequest) -> Result<UserLink, ApiError> {
    data(send_json(Request::post("/api/users"), request).await)
}

pub async fn change_person(id: i64, patch: &UserPatch) -> Result<User, ApiError> {
    data(send_json(Request::patch(&user_url(id)), patch).await)
}

/// A new link with which a person chooses a password.
pub async fn new_link(id: i64) -> Result<UserLink, ApiError> {
    data(send(Request::post(&format!("{}/link", user_url(id)))).await)
}

pub async fn end_sessions_of(id: i64) -> Result<EndedSessions, ApiError> {
    data(send(Request::delete(&format!("{}/sessions", user_url(id)))).await)
}

pub async fn remove_person(id: i64) -> Result<RemovedUser, ApiError> {
    data(send(Request::delete(&user_url(id))).await)
}

fn user_url(id: i64) -> String {
    format!("/api/users/{id}")
}

pub async fn keys() -> Result<Vec<ApiKey>, ApiError> {
    data(send(Request::get("/api/keys")).await)
}

pub async fn create_key(input: &ApiKeyInput) -> Result<NewApiKey, ApiError> {
    data(send_json(Request::post("/api/keys"), input).await)
}

pub async fn rotate_key(id: i64, request: &RotateRequest) -> Result<NewApiKey, ApiError> {
    data(send_json(Request::post(&format!("/api/keys/{id}/rotate")), request).await)
}

pub async fn revoke_key(id: i64) -> Result<ApiKey, ApiError> {
    data(send(Request::delete(&format!("/api/keys/{id}"))).await)
}

pub async fn audit_log(query: &str) -> Result<Page<AuditEntry>, ApiError> {
    send(Request::get(&format!("/api/audit{query}"))).await
}

/// The changes of an offer, latest first.
pub async fn offer_history(offer: i64, query: &str) -> Result<Page<AuditEntry>, ApiError> {
    send(Request::get(&format!("{}/history{query}", offer_url(&offer.to_string())))).await
}
