//! The commands, one file each.

pub mod api;
pub mod first_start;
pub mod forecast;
pub mod import;
pub mod keys;
pub mod migrate;
pub mod openapi;
pub mod up;
pub mod users;
pub mod verify;
pub mod worker;
