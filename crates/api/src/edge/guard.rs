//! Security checks before routing: the request must be for a host of this server, must not come from a page of another
//! site (CSRF) if it may change something, and must have JSON as body if it has one.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::http::{Method, StatusCode, Uri};

use super::hosts::{Host, Hosts};
use crate::error::ApiError;

/// Returns the error for a request that must be rejected.
pub fn check(request: &HttpRequest, hosts: &Hosts) -> Result<(), ApiError> {
    let headers = request.headers();
    let host = host(request.uri(), headers).ok_or_else(misdirected)?;
    if !is_accepted(&host.0, request.path(), hosts) {
        return Err(misdirected());
    }
    check_origin(request.method(), headers, host.1)?;
    check_body(request.path(), headers)
}

/// Returns the host that a request is for, parsed and as sent. `None` unless there is exactly one `Host` header and an
/// absolute request target, if there is one, has the same host.
fn host<'a>(target: &Uri, headers: &'a HeaderMap) -> Option<(Host, &'a str)> {
    let sent = only(headers, header::HOST)?;
    let host = Host::of_authority(sent)?;
    let is_same = match target.authority() {
        Some(authority) => Host::of_authority(authority.as_str())? == host,
        None => true,
    };
    is_same.then_some((host, sent))
}

/// Whether a host is accepted for a path.
///
/// Orchestrators probe containers by addresses that are not configured. Health checks reveal nothing and are accepted
/// for any host. Metrics are accepted for any IP address, because DNS rebinding needs a host name.
fn is_accepted(host: &Host, path: &str, hosts: &Hosts) -> bool {
    match path {
        "/healthz" | "/readyz" => true,
        "/metrics" => matches!(host, Host::Address(_)) || hosts.contain(host),
        _ => hosts.contain(host),
    }
}

pub fn misdirected() -> ApiError {
    let message = "This server does not accept requests for this host; it accepts localhost and the hosts in the setting \
                   hosts (OFFERCAST_HOSTS)";
    ApiError::new(StatusCode::MISDIRECTED_REQUEST, "misdirected_request", message)
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Rejects requests that a page of another site sent. Browsers set `Origin` and `Sec-Fetch-Site` on every request that
/// may change something, and pages cannot override them. Other clients send neither header.
fn check_origin(method: &Method, headers: &HeaderMap, host: &str) -> Result<(), ApiError> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return Ok(());
    }
    let is_same =
        |origin: &str| origin.split_once("://").is_some_and(|(_, of)| of.eq_ignore_ascii_case(host));
    let origin_matches = headers.get_all(header::ORIGIN).all(|origin| origin.to_str().is_ok_and(is_same));
    let mut sites = headers.get_all(SEC_FETCH_SITE);
    if origin_matches && sites.all(|site| site == "same-origin" || site == "none") {
        return Ok(());
    }
    Err(forbidden())
}

pub fn forbidden() -> ApiError {
    let message =
        "This request was sent by a page of another site; only pages of this server may change data";
    ApiError::new(StatusCode::FORBIDDEN, "forbidden", message)
}

/// Rejects bodies other than uncompressed JSON below `/api/`: a form of another site can send some other types, such as
/// text/plain, without a preflight request. Compressed bodies are not supported.
fn check_body(path: &str, headers: &HeaderMap) -> Result<(), ApiError> {
    if !path.starts_with("/api/") {
        return Ok(());
    }
    if !headers.get_all(header::CONTENT_ENCODING).all(|coding| coding == "identity") {
        let message = "The body must not be compressed: send it without Content-Encoding";
        return Err(unsupported(message).with_header("accept-encoding", "identity"));
    }
    let has_type = headers.contains_key(header::CONTENT_TYPE);
    if is_json(headers) || !has_type && !has_body(headers) {
        return Ok(());
    }
    Err(not_json())
}

pub fn not_json() -> ApiError {
    unsupported("The body must be JSON, with the header Content-Type: application/json")
}

fn unsupported(message: &str) -> ApiError {
    ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message)
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = only(headers, header::CONTENT_TYPE).and_then(|text| text.split(';').next());
    media_type.is_some_and(|text| text.trim().eq_ignore_ascii_case("application/json"))
}

/// Whether the headers announce a body.
pub fn has_body(headers: &HeaderMap) -> bool {
    let is_empty = |length: &header::HeaderValue| length == "0";
    headers.contains_key(header::TRANSFER_ENCODING) || !headers.get_all(header::CONTENT_LENGTH).all(is_empty)
}

/// Returns the value of a header that was sent exactly once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name);
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn check_result(request: TestRequest) -> Result<(), (u16, &'static str)> {
        let hosts = Hosts::parse(&["offers.example.com".to_owned()]).unwrap();
        check(&request.to_http_request(), &hosts).map_err(|error| (error.status.as_u16(), error.code))
    }

    fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> TestRequest {
        let request = TestRequest::with_uri(path).method(method);
        headers.iter().fold(request, |request, header| request.append_header(*header))
    }

    const MISDIRECTED: Result<(), (u16, &str)> = Err((421, "misdirected_request"));
    const FORBIDDEN: Result<(), (u16, &str)> = Err((403, "forbidden"));
    const UNSUPPORTED: Result<(), (u16, &str)> = Err((415, "unsupported_media_type"));

    #[test]
    fn requests_for_other_hosts_are_rejected() {
        for (path, hosts, expected) in [
            ("/api/offers", &["localhost:8080"][..], Ok(())),
            ("/api/offers", &["offers.example.com"], Ok(())),
            ("/api/offers", &["evil.example"], MISDIRECTED),
            ("/admin/offers", &["evil.example"], MISDIRECTED),
            ("/docs/", &["evil.example"], MISDIRECTED),
            ("/api/offers", &[], MISDIRECTED),
            ("/api/offers", &[""], MISDIRECTED),
            ("/api/offers", &["localhost", "localhost"], MISDIRECTED),
            ("/api/offers", &["localhost", "evil.example"], MISDIRECTED),
            ("http://localhost/api/offers", &["localhost"], Ok(())),
            ("http://evil.example/api/offers", &["localhost"], MISDIRECTED),
            ("http://localhost/api/offers", &["evil.example"], MISDIRECTED),
            ("/healthz", &["10.1.2.3:8080"], Ok(())),
            ("/readyz", &["evil.example"], Ok(())),
            ("/metrics", &["10.1.2.3:8080"], Ok(())),
            ("/metrics", &["evil.example"], MISDIRECTED),
        ] {
            let headers: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
            assert_eq!(check_result(request(Method::GET, path, &headers)), expected, "{path} {hosts:?}");
        }
    }

    #[test]
    fn changes_from_pages_of_other_sites_are_rejected() {
        for (headers, expected) in [
            (&[][..], Ok(())),
            (&[("origin", "http://localhost:8080")], Ok(())),
            (&[("origin", "https://LOCALHOST:8080"), ("sec-fetch-site", "same-origin")], Ok(())),
            (&[("sec-fetch-site", "none")], Ok(())),
            (&[("origin", "http://evil.example")], FORBIDDEN),
            (&[("origin", "http://localhost:3000")], FORBIDDEN),
            (&[("origin", "http://localhost")], FORBIDDEN),
            (&[("origin", "null")], FORBIDDEN),
            (&[("origin", "")], FORBIDDEN),
            (&[("origin", "http://localhost:8080"), ("origin", "http://evil.example")], FORBIDDEN),
            (&[("sec-fetch-site", "cross-site")], FORBIDDEN),
            (&[("sec-fetch-site", "same-site")], FORBIDDEN),
            (&[("origin", "http://localhost:8080"), ("sec-fetch-site", "cross-site")], FORBIDDEN),
            (&[("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")], FORBIDDEN),
        ] {
            let mut all = vec![("host", "localhost:8080")];
            all.extend_from_slice(headers);
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                let sent = request(method, "/api/redemptions/1/reverse", &all);
                assert_eq!(check_result(sent), expected, "{headers:?}");
            }
            assert_eq!(check_result(request(Method::GET, "/api/offers", &all)), Ok(()), "{headers:?}");
        }
    }

    #[test]
    fn only_uncompressed_json_bodies_are_accepted() {
        for (headers, expected) in [
            (&[][..], Ok(())),
            (&[("content-length", "0")], Ok(())),
            (&[("content-type", "application/json"), ("content-length", "2")], Ok(())),
            (&[("content-type", "Application/JSON; charset=utf-8"), ("content-length", "2")], Ok(())),
            (&[("content-length", "2")], UNSUPPORTED),
            (&[("transfer-encoding", "chunked")], UNSUPPORTED),
            (&[("content-type", "text/plain")], UNSUPPORTED),
            (&[("content-type", "application/x-www-form-urlencoded"), ("content-length", "0")], UNSUPPORTED),
            (&[("content-type", "multipart/form-data; boundary=x")], UNSUPPORTED),
            (&[("content-type", "text/plain; application/json")], UNSUPPORTED),
            (&[("content-type", "application/json"), ("content-type", "text/plain")], UNSUPPORTED),
            (&[("content-type", "application/json"), ("content-encoding", "identity")], Ok(())),
            (&[("content-type", "application/json"), ("content-encoding", "gzip")], UNSUPPORTED),
            (&[("content-type", "application/json"), ("content-encoding", "br")], UNSUPPORTED),
            (&[("content-encoding", "identity"), ("content-encoding", "gzip")], UNSUPPORTED),
        ] {
            let mut all = vec![("host", "localhost")];
            all.extend_from_slice(headers);
            let sent = request(Method::POST, "/api/redemptions/1/reverse", &all);
            assert_eq!(check_result(sent), expected, "{headers:?}");
        }
    }
}
