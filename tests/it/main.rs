//! What a user, a shop or an operator would notice, through real HTTP, on a real PostgreSQL.
//!
//! `cargo xtask test rust` starts the PostgreSQL. Each test has a database of its own, copied from a
//! template with the schema.

#![expect(clippy::unwrap_used, clippy::cast_possible_wrap, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_types, reason = "tests look at whatever the server answers")]

mod support;

mod analytics;
mod batches;
mod codes;
mod command_line;
mod concurrency;
mod csv;
mod database_settings;
mod disk;
mod edge;
mod envelope;
mod forecast;
mod house;
mod import;
mod jobs;
mod kept;
mod lanes;
mod live;
mod locales;
mod memory;
mod mixed_batches;
mod offers;
mod openapi;
mod options;
mod overview;
mod processes;
mod quote;
mod redeem;
mod reservations;
mod retries;
mod reversals;
mod roles;
mod running_totals;
mod texts;
mod trips;
mod verify;
