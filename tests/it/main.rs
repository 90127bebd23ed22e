//! Integration tests from the view of users, shops and operators, through real HTTP on a real PostgreSQL.
//!
//! `cargo xtask test rust` starts the PostgreSQL. Each test has its own database, copied from a template with the
//! schema.

#![expect(clippy::unwrap_used, clippy::cast_possible_wrap, reason = "a test that cannot continue must fail")]
#![expect(clippy::disallowed_types, reason = "tests read responses as untyped JSON")]

mod support;

mod access;
mod analytics;
mod architecture;
mod batches;
mod batching;
mod codes;
mod combined_batches;
mod command_line;
mod concurrency;
mod csv;
mod database_settings;
mod disk;
mod documents;
mod edge;
mod envelope;
mod forecast;
mod import;
mod jobs;
mod live;
mod locales;
mod logs;
mod mixed_batches;
mod offer_cache;
mod offers;
mod openapi;
mod options;
mod overview;
mod processes;
mod quote;
mod redeem;
mod repository;
mod reservations;
mod retries;
mod reversals;
mod roles;
mod running_totals;
mod stored_responses;
mod texts;
mod verify;
mod vocabulary;
