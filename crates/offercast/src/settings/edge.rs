use std::num::NonZeroU32;
use std::time::Duration;

use offercast_api::{Caps, Deadlines, Edge, Hosts};

use super::{Settings, WrongSetting};

/// Concurrent exports of a process, for all clients together. Each uses a database connection.
const EXPORTS: usize = 8;

impl Settings {
    /// The limits for clients of the API.
    pub fn edge(&self) -> Result<Edge, WrongSetting> {
        let behind_tls = self.behind_tls;
        Ok(Edge { hosts: self.hosts()?, trusted_proxies: self.proxies()?, behind_tls, ..self.limits()? })
    }

    fn hosts(&self) -> Result<Hosts, WrongSetting> {
        Hosts::parse(&self.hosts).map_err(|error| WrongSetting(format!("hosts (OFFERCAST_HOSTS): {error}")))
    }

    fn proxies(&self) -> Result<Vec<offercast_api::Network>, WrongSetting> {
        let networks = self.trusted_proxies.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let wrong = |error| WrongSetting(format!("trusted_proxies (OFFERCAST_TRUSTED_PROXIES): {error}"));
        networks.map(str::parse).collect::<Result<_, _>>().map_err(wrong)
    }

    fn limits(&self) -> Result<Edge, WrongSetting> {
        Ok(Edge {
            deadlines: Deadlines {
                head: seconds("head_timeout", self.head_timeout)?,
                body: seconds("body_timeout", self.body_timeout)?,
                answer: seconds("answer_timeout", self.answer_timeout)?,
                idle: seconds("idle_timeout", self.idle_timeout)?,
            },
            caps: Caps {
                connections: number("max_connections", self.max_connections)?,
                connections_per_address: number(
                    "max_connections_per_address",
                    self.max_connections_per_address,
                )?,
                streams_per_address: number("max_streams_per_address", self.max_streams_per_address)?,
                streams_per_caller: number("max_streams_per_caller", self.max_streams_per_caller)?,
                exports: EXPORTS,
                exports_per_address: number("max_exports_per_address", self.max_exports_per_address)?,
                exports_per_caller: number("max_exports_per_caller", self.max_exports_per_caller)?,
                requests_per_second: rate("max_requests_per_second", self.max_requests_per_second)?,
            },
            ..Edge::default()
        })
    }
}

fn seconds(name: &str, value: u64) -> Result<Duration, WrongSetting> {
    let is_valid = (1..=3_600).contains(&value);
    is_valid.then(|| Duration::from_secs(value)).ok_or_else(|| wrong(name, "1 to 3600 seconds"))
}

fn number(name: &str, value: usize) -> Result<usize, WrongSetting> {
    (1..=1_000_000).contains(&value).then_some(value).ok_or_else(|| wrong(name, "1 to 1000000"))
}

fn rate(name: &str, value: usize) -> Result<NonZeroU32, WrongSetting> {
    let value = u32::try_from(number(name, value)?).ok().and_then(NonZeroU32::new);
    value.ok_or_else(|| wrong(name, "1 to 1000000"))
}

fn wrong(name: &str, accepted: &str) -> WrongSetting {
    WrongSetting(format!("{name} (OFFERCAST_{}) must be from {accepted}", name.to_uppercase()))
}
