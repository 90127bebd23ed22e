use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};

use crate::settings::AccessControl;

/// Promotional offers: define, redeem and forecast them.
///
/// Settings come from `offercast.toml` (or the file named by OFFERCAST_CONFIG) and from the environment: DATABASE_URL,
/// OFFERCAST_LISTEN, OFFERCAST_DATA_DIR, OFFERCAST_WEB_DIR, OFFERCAST_EXAMPLES_DIR, OFFERCAST_POOL_SIZE,
/// OFFERCAST_JOBS, OFFERCAST_LOG, OFFERCAST_LOG_FORMAT, OFFERCAST_HOSTS, OFFERCAST_TRUSTED_PROXIES,
/// OFFERCAST_ACCESS, OFFERCAST_BEHIND_TLS, OFFERCAST_MAX_CONNECTIONS and others. The README lists all of them.
#[derive(Parser)]
#[command(name = "offercast", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Runs API, dashboard and worker in one process, with its own PostgreSQL unless DATABASE_URL is set
    Up {
        #[command(flatten)]
        listen: Listen,
        #[command(flatten)]
        access: Access,
        #[command(flatten)]
        data: Data,
        /// Don't load the examples into an empty database
        #[arg(long)]
        empty: bool,
    },
    /// Runs the API and the dashboard; needs DATABASE_URL
    Api {
        #[command(flatten)]
        listen: Listen,
        #[command(flatten)]
        access: Access,
    },
    /// Runs the job worker; needs DATABASE_URL
    Worker {
        /// Address for /healthz, /readyz and /metrics; without it the worker does not listen
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// Migrates the schema; several processes may run it at the same time
    Migrate {
        #[command(flatten)]
        data: Data,
    },
    /// Imports offers and redemptions from CSV in one transaction
    Import(Import),
    /// Forecasts daily series from CSV; needs no database
    Forecast(Forecast),
    /// Compares counters, roll-ups and limits with the ledger; exits with 1 if anything differs
    Verify {
        #[command(flatten)]
        data: Data,
    },
    /// Prints the OpenAPI document
    Openapi,
    /// Lists, creates, rotates and revokes API keys
    Keys(Keys),
    /// Lists, adds and changes the people who may sign in
    Users(Users),
}

#[derive(Args)]
pub struct Access {
    /// Whether requests need credentials; `off` is accepted on loopback only [default: on]
    #[arg(long, value_name = "ON_OFF")]
    pub access: Option<AccessControl>,
}

#[derive(Args)]
pub struct Keys {
    #[command(subcommand)]
    pub action: KeyAction,
    #[command(flatten)]
    pub data: Data,
}

#[derive(Subcommand)]
pub enum KeyAction {
    /// Lists all keys without their secrets
    List,
    /// Creates a key and prints its secret, which is not stored
    Create {
        /// What the key is for
        #[arg(long)]
        name: String,
        /// What the key may do: offers:read, offers:write, redemptions:read, redemptions:write, reports:read, webhooks,
        /// admin; several with commas
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// Ids of the offers that the key may use, with commas [default: all]
        #[arg(long, value_delimiter = ',')]
        offers: Option<Vec<i64>>,
        /// Addresses and networks that the key may be used from, with commas [default: any]
        #[arg(long, value_delimiter = ',')]
        networks: Option<Vec<String>>,
        /// When the key stops working, such as 2027-01-31T00:00:00Z [default: never]
        #[arg(long, value_name = "TIME")]
        expires_at: Option<DateTime<Utc>>,
    },
    /// Creates a key with the same rights, and prints its secret
    Rotate {
        id: i64,
        /// For how many seconds the former key still works [default: 86400]
        #[arg(long)]
        former_valid_seconds: Option<i64>,
    },
    /// Ends a key for good
    Revoke { id: i64 },
}

#[derive(Args)]
pub struct Users {
    #[command(subcommand)]
    pub action: UserAction,
    #[command(flatten)]
    pub data: Data,
}

#[derive(Subcommand)]
pub enum UserAction {
    /// Lists all people
    List,
    /// Adds a person and prints a link by which they choose a password
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// owner, manager or analyst
        #[arg(long)]
        role: String,
    },
    /// Prints a new link to choose a password, removes two-step verification, and ends all sessions of the person
    Reset { email: String },
    /// Prints a link that signs a person in once
    SignInLink { email: String },
    /// Changes the role of a person
    Role { email: String, role: String },
    /// Ends all sessions of a person and forbids signing in
    Disable { email: String },
    /// Allows signing in again
    Enable { email: String },
}

#[derive(Args)]
pub struct Listen {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
}

#[derive(Args)]
pub struct Data {
    /// Folder of the PostgreSQL that is used if DATABASE_URL is not set [default: .offercast]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

#[derive(Args)]
#[group(id = "files", required = true, multiple = true)]
pub struct Import {
    /// CSV with the columns
    /// code,name,discount_type,discount_value,currency,timezone,start_date,end_date,budget,max_redemptions, and,
    /// optionally, min_order_amount,max_discount,max_redemptions_per_customer,on_budget_shortfall
    #[arg(long, value_name = "FILE", group = "files")]
    pub offers: Option<PathBuf>,
    /// CSV with the columns offer_code,customer_id,order_amount,discount_given,redeemed_at and, optionally, order_id
    #[arg(long, value_name = "FILE", group = "files")]
    pub redemptions: Option<PathBuf>,
    /// Apply the rules to the rows in time order; declined rows are counted by reason
    #[arg(long)]
    pub replay: bool,
    /// Shift all dates by whole days so that the last redemption is yesterday
    #[arg(long)]
    pub shift_to_today: bool,
    #[command(flatten)]
    pub data: Data,
}

#[derive(Args)]
pub struct Forecast {
    /// CSV with the columns series_id,date,y
    #[arg(long, value_name = "FILE")]
    pub series: PathBuf,
    /// CSV with the columns series_id,origin; a forecast uses the rows up to and including the origin
    #[arg(long, value_name = "FILE")]
    pub origins: PathBuf,
    /// Output file for daily forecasts: series_id,origin,h,mean,lo80,hi80,lo95,hi95
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Output file for the sum of all days ahead: series_id,origin,mean,lo80,hi80,lo95,hi95
    #[arg(long, value_name = "FILE")]
    pub totals: Option<PathBuf>,
    /// auto, moving_average_7, seasonal_naive_7, same_weekday_mean_4 or dow_ses
    #[arg(long, default_value = "auto")]
    pub model: String,
    /// Days ahead
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub horizon: u16,
}

impl Command {
    /// Whether the command runs until it is stopped, which also sets the log level.
    pub fn is_server(&self) -> bool {
        matches!(self, Command::Up { .. } | Command::Api { .. } | Command::Worker { .. })
    }

    pub fn listen(&self) -> Option<SocketAddr> {
        match self {
            Command::Up { listen, .. } | Command::Api { listen, .. } => listen.listen,
            _ => None,
        }
    }

    pub fn access(&self) -> Option<AccessControl> {
        match self {
            Command::Up { access, .. } | Command::Api { access, .. } => access.access,
            _ => None,
        }
    }

    pub fn data_dir(&self) -> Option<&Path> {
        match self {
            Command::Up { data, .. } | Command::Migrate { data } | Command::Verify { data } => {
                data.data_dir.as_deref()
            }
            Command::Import(import) => import.data.data_dir.as_deref(),
            Command::Keys(keys) => keys.data.data_dir.as_deref(),
            Command::Users(users) => users.data.data_dir.as_deref(),
            _ => None,
        }
    }
}
