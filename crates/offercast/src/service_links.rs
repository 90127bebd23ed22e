//! Recognises environment variables that Kubernetes sets in each pod for the services of its namespace. For a service
//! named `offercast` (or `offercast-api`) they begin with `OFFERCAST_`, but they are not settings.

use std::net::{IpAddr, SocketAddr};

const PROTOCOLS: [&str; 3] = ["tcp", "udp", "sctp"];

/// Whether a variable is such a service link. `name` is without `OFFERCAST_`. The value is checked too:
/// `OFFERCAST_PORT=80` is an unknown setting, not a service link.
pub fn is_service_link(name: &str, value: &str) -> bool {
    // The name may begin with the rest of the service's name: API_PORT belongs to the service `offercast-api`.
    let suffixes = name.match_indices('_').map(|(at, _)| &name[at + 1..]);
    std::iter::once(name).chain(suffixes).any(|suffix| is_link(suffix, value))
}

fn is_link(suffix: &str, value: &str) -> bool {
    match suffix {
        "SERVICE_HOST" => is_address(value),
        "SERVICE_PORT" => is_port(value),
        "PORT" => is_url(value),
        _ if suffix.starts_with("SERVICE_PORT_") => is_port(value),
        _ => match after_protocol(suffix) {
            Some("") => is_url(value),
            Some("_PROTO") => PROTOCOLS.contains(&value),
            Some("_PORT") => is_port(value),
            Some("_ADDR") => is_address(value),
            _ => false,
        },
    }
}

/// The part after the protocol: `_ADDR` of `PORT_8080_TCP_ADDR`.
fn after_protocol(suffix: &str) -> Option<&str> {
    let (number, rest) = suffix.strip_prefix("PORT_")?.split_once('_')?;
    number.parse::<u16>().ok()?;
    PROTOCOLS.iter().find_map(|protocol| rest.strip_prefix(&protocol.to_uppercase()))
}

fn is_port(value: &str) -> bool {
    value.parse::<u16>().is_ok()
}

fn is_address(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok()
}

/// Whether it is a URL such as `tcp://10.0.0.1:8080`.
fn is_url(value: &str) -> bool {
    let Some((protocol, address)) = value.split_once("://") else { return false };
    PROTOCOLS.contains(&protocol) && address.parse::<SocketAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_service_link;

    #[test]
    fn service_links_of_kubernetes_are_recognised() {
        for (name, value) in [
            ("SERVICE_HOST", "10.0.0.1"),
            ("SERVICE_PORT", "8080"),
            ("SERVICE_PORT_HTTP", "8080"),
            ("PORT", "tcp://10.0.0.1:8080"),
            ("PORT", "tcp://[fd00::1]:8080"),
            ("PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("PORT_8080_TCP_PROTO", "tcp"),
            ("PORT_8080_TCP_PORT", "8080"),
            ("PORT_8080_TCP_ADDR", "10.0.0.1"),
            ("PORT_53_UDP", "udp://10.0.0.1:53"),
            ("SERVICE_SERVICE_HOST", "10.0.0.1"),
            ("API_SERVICE_HOST", "fd00::1"),
            ("API_SERVICE_PORT_METRICS", "9090"),
            ("API_PORT", "tcp://10.0.0.1:8080"),
            ("REPORT_API_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ] {
            assert!(is_service_link(name, value), "{name}={value}");
        }
    }

    #[test]
    fn mistyped_settings_are_not_service_links() {
        for (name, value) in [
            ("PORT", "80"),
            ("PORT", "http://10.0.0.1:8080"),
            ("PORT", "tcp://somewhere"),
            ("SERVICE_HOST", "offercast.example"),
            ("SERVICE_PORT", "many"),
            ("SERVICE_PORTAL", "8080"),
            ("PORT_8080_TCP_ADDR", "here"),
            ("PORT_8080_TCP_SIZE", "8080"),
            ("PORT_MANY_TCP", "tcp://10.0.0.1:8080"),
            ("LISTENPORT", "tcp://10.0.0.1:8080"),
            ("LISTEM", "127.0.0.1:8080"),
            ("POOLSIZE", "8"),
            ("", ""),
        ] {
            assert!(!is_service_link(name, value), "{name}={value}");
        }
    }
}
