//! The commands, one file each.

pub mod api;
pub mod forecast;
pub mod import;
pub mod migrate;
pub mod openapi;
pub mod up;
pub mod verify;
pub mod worker;
