use actix_web::cookie::time::OffsetDateTime;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponseBuilder, web};
use offercast_app::access::NewSession;

use crate::edge::Limits;

const SESSION: &str = "offercast-session";
const DEVICE: &str = "offercast-device";
/// Browsers accept a cookie with this prefix only over TLS, from this host and for all paths, so that no other host of
/// the domain can set it.
const HOST_PREFIX: &str = "__Host-";
/// How long a browser keeps the device cookie.
const DEVICE_DAYS: i64 = 180;

/// The cookies of sessions. Over plain HTTP, which is accepted on loopback only, they cannot be secure.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    are_secure: bool,
}

impl Cookies {
    pub fn of(request: &HttpRequest) -> Cookies {
        let limits = request.app_data::<web::Data<Limits>>();
        Cookies { are_secure: limits.is_some_and(|limits| limits.edge.behind_tls) }
    }

    fn name(self, name: &str) -> String {
        if self.are_secure { format!("{HOST_PREFIX}{name}") } else { name.to_owned() }
    }

    fn cookie(self, name: &str, value: &str, expires: OffsetDateTime) -> Cookie<'static> {
        Cookie::build(self.name(name), value.to_owned())
            .path("/")
            .http_only(true)
            .secure(self.are_secure)
            .same_site(SameSite::Lax)
            .expires(expires)
            .finish()
    }

    /// Sets the cookies of a session that has started.
    pub fn start(self, response: &mut HttpResponseBuilder, session: &NewSession) {
        let now = session.started_at.timestamp();
        response.cookie(self.cookie(SESSION, &session.token, time(session.expires_at.timestamp())));
        response.cookie(self.cookie(DEVICE, &session.device, time(now + DEVICE_DAYS * 24 * 60 * 60)));
    }

    /// Removes the cookie of a session that has ended.
    pub fn end(self, response: &mut HttpResponseBuilder) {
        response.cookie(self.cookie(SESSION, "", OffsetDateTime::UNIX_EPOCH));
    }
}

fn time(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// The token of the session.
pub fn session_of(request: &HttpRequest) -> Option<String> {
    value(request, SESSION)
}

/// The token by which a browser is known.
pub fn device_of(request: &HttpRequest) -> Option<String> {
    value(request, DEVICE)
}

fn value(request: &HttpRequest, name: &str) -> Option<String> {
    request.cookie(&Cookies::of(request).name(name)).map(|cookie| cookie.value().to_owned())
}
