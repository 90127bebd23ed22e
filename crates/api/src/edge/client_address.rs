//! The address that a request came from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;
use offercast_domain::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client that a limit applies to: an IPv4 address, or an IPv6 /64 network, because a single client may use a whole
/// one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl Client {
    pub fn at(address: IpAddr) -> Client {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64));
                Client(IpAddr::V6(network))
            }
            address => Client(address),
        }
    }

    pub fn address(self) -> IpAddr {
        self.0
    }

    pub fn of(request: &HttpRequest, trusted: &[Network]) -> Client {
        Client::at(address_of(request, trusted))
    }
}

/// The address of the client of a request: the peer or, if the peer is a trusted proxy, the address in
/// `X-Forwarded-For`.
pub fn address_of(request: &HttpRequest, trusted: &[Network]) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
    if trusted.is_empty() {
        return peer.to_canonical();
    }
    let forwarded = request.headers().get_all(X_FORWARDED_FOR);
    let forwarded: Vec<&str> =
        forwarded.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    origin(peer.to_canonical(), &forwarded, trusted)
}

/// Returns the rightmost address that is not a trusted proxy. Addresses to its left may be forged by the client.
fn origin(peer: IpAddr, forwarded: &[&str], trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut origin = peer;
    for hop in forwarded.iter().rev() {
        if !is_trusted(origin) {
            break;
        }
        let Some(address) = address(hop.trim()) else { break };
        origin = address;
    }
    origin
}

fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse().map(|address: SocketAddr| address.ip());
    text.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_trusted_proxies_can_set_the_client_address() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        for (peer, forwarded, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["192.0.2.66", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", " 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", "unknown"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.3", "10.0.0.2"], "10.0.0.3"),
        ] {
            assert_eq!(origin(ip(peer), forwarded, &trusted), ip(expected), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn an_ipv6_client_is_its_64_bit_network() {
        assert_eq!(Client::at(ip("2001:db8::1")), Client::at(ip("2001:db8::ffff:1")));
        assert_ne!(Client::at(ip("2001:db8::1")), Client::at(ip("2001:db8:0:1::1")));
        assert_eq!(Client::at(ip("::ffff:192.0.2.1")), Client::at(ip("192.0.2.1")));
        assert_ne!(Client::at(ip("192.0.2.1")), Client::at(ip("192.0.2.2")));
    }
}
