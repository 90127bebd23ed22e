//! The hosts that this server accepts requests for.

use std::net::IpAddr;

/// The accepted hosts besides loopback.
///
/// The check prevents DNS rebinding: a page of another site whose name is made to resolve to this machine still sends
/// its own host.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Vec<Host>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    Name(String),
    Address(IpAddr),
}

impl Hosts {
    /// Parses names and addresses without ports and skips empty ones. The error is a message that quotes the invalid
    /// one.
    pub fn parse(names: &[String]) -> Result<Hosts, String> {
        let names = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
        let hosts = names.map(|name| {
            Host::parse(name).ok_or_else(|| {
                format!("`{name}` must be a name or an address without a port, such as offers.example.com")
            })
        });
        hosts.collect::<Result<_, _>>().map(Hosts)
    }

    pub fn add(&mut self, address: IpAddr) {
        self.0.push(Host::Address(address.to_canonical()));
    }

    pub fn contain(&self, host: &Host) -> bool {
        let is_loopback = match host {
            Host::Name(name) => name == "localhost",
            Host::Address(address) => address.is_loopback(),
        };
        is_loopback || self.0.contains(host)
    }
}

impl Host {
    /// Parses `host` or `host:port`, as in the `Host` header.
    pub fn of_authority(authority: &str) -> Option<Host> {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        if port.is_some_and(|port| !port.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        match host.strip_prefix('[') {
            Some(address) => Host::address(address.strip_suffix(']')?),
            None if host.contains(':') => None,
            None => Host::parse(host),
        }
    }

    fn parse(host: &str) -> Option<Host> {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        Host::address(bare).or_else(|| Host::name(host))
    }

    fn address(text: &str) -> Option<Host> {
        text.parse().ok().map(|address: IpAddr| Host::Address(address.to_canonical()))
    }

    fn name(text: &str) -> Option<Host> {
        let name = text.strip_suffix('.').unwrap_or(text);
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        let is_name = !name.is_empty() && name.len() < 254 && name.bytes().all(is_allowed);
        is_name.then(|| Host::Name(name.to_ascii_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(hosts: &[&str], authority: &str) -> bool {
        let hosts = Hosts::parse(&hosts.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        Host::of_authority(authority).is_some_and(|host| hosts.contain(&host))
    }

    #[test]
    fn loopback_is_accepted_with_any_port() {
        for authority in [
            "localhost",
            "LocalHost:8080",
            "localhost.:80",
            "localhost:",
            "127.0.0.1",
            "127.8.8.8:1",
            "[::1]",
            "[::1]:8080",
            "[::ffff:127.0.0.1]:8080",
        ] {
            assert!(accepts(&[], authority), "{authority}");
        }
    }

    #[test]
    fn other_hosts_are_accepted_if_configured() {
        for (configured, authority) in [
            ("offers.example.com", "Offers.Example.com:443"),
            ("OFFERS.example.com.", "offers.example.com"),
            ("10.0.0.7", "10.0.0.7:8080"),
            ("fd00::7", "[fd00::7]:8080"),
            ("[fd00::7]", "[fd00:0::7]"),
        ] {
            assert!(!accepts(&[], authority), "{authority}");
            assert!(accepts(&["other.example.com", configured], authority), "{authority}");
        }
    }

    #[test]
    fn malformed_and_unknown_hosts_are_rejected() {
        for authority in [
            "",
            ":8080",
            "localhost:http",
            "localhost:80:80",
            "localhost@evil.example",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.1",
            "0.0.0.0",
            "2130706433",
            "::1",
            "[::1",
            "[127.0.0.1]x",
            "local host",
            "localhost/",
        ] {
            assert!(!accepts(&[], authority), "{authority}");
        }
    }

    #[test]
    fn the_error_quotes_the_invalid_host() {
        let error = |name: &str| Hosts::parse(&[String::new(), name.to_owned()]).unwrap_err();
        assert!(error("a.example:80").starts_with("`a.example:80` must be"));
        assert!(error("*.example").contains("`*.example`"));
        assert!(error("https://a.example").contains("`https://a.example`"));
    }
}
