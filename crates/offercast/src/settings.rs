mod edge;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use config::{Config, ConfigError, Environment, File};
use offercast_app::{CodeKey, HoldLimits, MAX_HOLD_SECONDS};
use serde::Deserialize;

use crate::cli::Cli;
use crate::service_links::is_service_link;

/// The settings: defaults, overridden by `offercast.toml`, the environment and the command line, in this order.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// Folder of the built dashboard.
    pub web_dir: PathBuf,
    pub examples_dir: PathBuf,
    pub database_url: Option<String>,
    /// Database connections for requests.
    pub pool_size: usize,
    /// Number of jobs that run in parallel.
    pub jobs: usize,
    /// The longest duration of a reservation, in seconds.
    pub reservation_max_seconds: u32,
    /// The largest number of open reservations of one offer.
    pub reservations_per_offer: u32,
    /// Percent of an offer's budget that its open reservations may hold.
    pub reservations_budget_percent: u32,
    /// Keys of unique codes as `ID:KEY`, with 64 hexadecimal digits each. The largest id encrypts new codes.
    code_keys: SecretList,
    /// The log filter: a level, or `module=level` pairs.
    pub log: Option<String>,
    pub log_format: LogFormat,
    /// Whether requests need credentials.
    pub access: AccessControl,
    /// Whether all clients connect over TLS, through a proxy in front of the server.
    pub behind_tls: bool,
    /// Host names and addresses that the API accepts in addition to loopback.
    pub hosts: Vec<String>,
    /// Addresses and networks of proxies whose X-Forwarded-For is trusted.
    pub trusted_proxies: Vec<String>,
    /// Timeouts in seconds: for a client to send the head of a request, to send its body, to read the response, and to
    /// send the next request.
    pub head_timeout: u64,
    pub body_timeout: u64,
    pub answer_timeout: u64,
    pub idle_timeout: u64,
    pub max_connections: usize,
    pub max_connections_per_address: usize,
    /// Open event streams with live figures.
    pub max_streams_per_address: usize,
    /// Concurrent downloads of ledgers and codes.
    pub max_exports_per_address: usize,
    /// The same limits for each key and person, and the requests that each may send in a second.
    pub max_streams_per_caller: usize,
    pub max_exports_per_caller: usize,
    pub max_requests_per_second: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

/// Whether requests need credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum AccessControl {
    On,
    /// Everybody may do everything; only for loopback.
    Off,
}

/// Texts that must not be shown in logs.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "TextOrList")]
struct SecretList(Vec<String>);

/// Accepts both, because the error about a wrong type would show the value.
#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrList {
    Text(String),
    List(Vec<String>),
}

impl From<TextOrList> for SecretList {
    fn from(value: TextOrList) -> SecretList {
        match value {
            TextOrList::Text(text) => SecretList(text.split(',').map(str::to_owned).collect()),
            TextOrList::List(list) => SecretList(list),
        }
    }
}

impl std::fmt::Debug for SecretList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

/// An invalid setting; the text names it.
#[derive(Debug)]
pub struct WrongSetting(pub String);

impl std::fmt::Display for WrongSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "invalid setting: {}", self.0)
    }
}

impl std::error::Error for WrongSetting {}

/// Without the text of the file, which may hold a password or a key: the error of the parser shows the line.
fn wrong_setting(error: ConfigError) -> WrongSetting {
    WrongSetting(match error {
        ConfigError::FileParse { uri, cause } => {
            let file = uri.unwrap_or_else(|| "the file of settings".to_owned());
            let position = cause.to_string().lines().next().unwrap_or_default().to_owned();
            format!("{file} cannot be read: {position}")
        }
        other => other.to_string(),
    })
}

impl Settings {
    pub fn read(cli: &Cli) -> Result<Settings, WrongSetting> {
        let mut settings = load().map_err(wrong_setting)?;
        if let Some(listen) = cli.command.listen() {
            settings.listen = listen;
        }
        if let Some(access) = cli.command.access() {
            settings.access = access;
        }
        if let Some(data_dir) = cli.command.data_dir() {
            settings.data_dir = data_dir.to_owned();
        }
        settings.check()
    }

    fn check(self) -> Result<Settings, WrongSetting> {
        let wrong = |text: &str| Err(WrongSetting(text.to_owned()));
        if !(1..=1_000).contains(&self.pool_size) {
            return wrong("pool_size (OFFERCAST_POOL_SIZE) must be from 1 to 1000");
        }
        if !(1..=64).contains(&self.jobs) {
            return wrong("jobs (OFFERCAST_JOBS) must be from 1 to 64");
        }
        if !(1..=MAX_HOLD_SECONDS).contains(&self.reservation_max_seconds) {
            return Err(WrongSetting(format!(
                "reservation_max_seconds (OFFERCAST_RESERVATION_MAX_SECONDS) must be from 1 to {MAX_HOLD_SECONDS}"
            )));
        }
        if !(1..=1_000_000).contains(&self.reservations_per_offer) {
            return wrong(
                "reservations_per_offer (OFFERCAST_RESERVATIONS_PER_OFFER) must be from 1 to 1000000",
            );
        }
        if !(1..=100).contains(&self.reservations_budget_percent) {
            return wrong(
                "reservations_budget_percent (OFFERCAST_RESERVATIONS_BUDGET_PERCENT) must be from 1 to 100",
            );
        }
        let known = |url: &String| url.starts_with("postgres://") || url.starts_with("postgresql://");
        if self.database_url.as_ref().is_some_and(|url| !known(url)) {
            return wrong(
                "DATABASE_URL must begin with postgres://, such as postgres://user:password@host/database",
            );
        }
        self.edge()?;
        self.code_keys()?;
        Ok(self)
    }

    /// Requests must not be accepted from other machines without credentials, nor with passwords in clear text.
    pub fn check_listen(&self) -> Result<(), WrongSetting> {
        let listen = self.listen;
        if listen.ip().is_loopback() {
            return Ok(());
        }
        if self.access == AccessControl::Off {
            return Err(WrongSetting(format!(
                "access (OFFERCAST_ACCESS) must not be off on {listen}: without access control, only loopback is accepted"
            )));
        }
        if !self.behind_tls {
            return Err(WrongSetting(format!(
                "behind_tls (OFFERCAST_BEHIND_TLS) must be true on {listen}: put a proxy with TLS in front, so that keys \
                 and passwords are not sent in clear text"
            )));
        }
        Ok(())
    }

    pub fn code_keys(&self) -> Result<Vec<CodeKey>, WrongSetting> {
        let keys: Option<Vec<_>> = self.code_keys.0.iter().map(|text| CodeKey::parse(text)).collect();
        let is_distinct = |keys: &Vec<CodeKey>| {
            let ids: BTreeSet<i32> = keys.iter().map(CodeKey::id).collect();
            ids.len() == keys.len()
        };
        keys.filter(is_distinct).ok_or_else(|| {
            let message = "code_keys (OFFERCAST_CODE_KEYS) must be a list of ID:KEY, such as 1:0123…, with different \
                           ids from 1 to 1000 and 64 hexadecimal digits each";
            WrongSetting(message.to_owned())
        })
    }

    pub fn hold_limits(&self) -> HoldLimits {
        HoldLimits {
            max_seconds: self.reservation_max_seconds,
            max_open: self.reservations_per_offer.into(),
            max_budget_percent: self.reservations_budget_percent,
        }
    }
}

/// Not with clap's `env`: the file comes between the defaults and the environment, so clap cannot know which value
/// applies, and most settings have no argument.
#[expect(clippy::disallowed_methods, reason = "the only place that reads settings from the environment")]
fn load() -> Result<Settings, ConfigError> {
    let file = std::env::var("OFFERCAST_CONFIG");
    let file = match &file {
        Ok(named) => File::with_name(named).required(true),
        Err(_) => File::with_name("offercast.toml").required(false),
    };
    let defaults = HoldLimits::default();
    Config::builder()
        .set_default("listen", "127.0.0.1:8080")?
        .set_default("data_dir", ".offercast")?
        .set_default("web_dir", "frontend/dist")?
        .set_default("examples_dir", "examples")?
        .set_default("pool_size", 32)?
        .set_default("jobs", 4)?
        .set_default("reservation_max_seconds", defaults.max_seconds)?
        .set_default("reservations_per_offer", defaults.max_open)?
        .set_default("reservations_budget_percent", defaults.max_budget_percent)?
        .set_default("log_format", "text")?
        .set_default("access", "on")?
        .set_default("behind_tls", false)?
        .set_default("hosts", Vec::<String>::new())?
        .set_default("code_keys", Vec::<String>::new())?
        .set_default("trusted_proxies", Vec::<String>::new())?
        .set_default("head_timeout", 10)?
        .set_default("body_timeout", 10)?
        .set_default("answer_timeout", 30)?
        .set_default("idle_timeout", 60)?
        .set_default("max_connections", 10_000)?
        .set_default("max_connections_per_address", 2_000)?
        .set_default("max_streams_per_address", 100)?
        .set_default("max_exports_per_address", 2)?
        .set_default("max_streams_per_caller", 20)?
        .set_default("max_exports_per_caller", 2)?
        .set_default("max_requests_per_second", 5_000)?
        .add_source(file.format(config::FileFormat::Toml))
        .add_source(environment())
        .set_override_option(
            "database_url",
            std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()),
        )?
        .build()?
        .try_deserialize()
}

/// The settings in the environment. Elements of lists are separated by commas.
fn environment() -> Environment {
    let environment = Environment::with_prefix("OFFERCAST").try_parsing(true).source(Some(variables()));
    environment.list_separator(",").with_list_parse_key("hosts").with_list_parse_key("trusted_proxies")
}

/// The variables with settings: those that begin with `OFFERCAST_`, except the path of the file, variables for tests,
/// and service links of Kubernetes.
fn variables() -> std::collections::HashMap<String, String> {
    let is_setting = |name: &str, value: &str| {
        name.strip_prefix("OFFERCAST_").is_some_and(|rest| {
            rest != "CONFIG" && !rest.starts_with("TEST_") && !is_service_link(rest, value)
        })
    };
    std::env::vars().filter(|(name, value)| !value.is_empty() && is_setting(name, value)).collect()
}
