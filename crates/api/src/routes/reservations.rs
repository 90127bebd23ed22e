pub mod confirm;
pub mod release;
pub mod reserve;
