//! Deciding redemptions, reversals and reservations: a batch of commands about one offer goes through the
//! [`RedemptionEngine`], which returns a [`Decision`] for each.

mod code;
mod command;
mod decision;
mod engine;
mod hold;

#[cfg(test)]
mod tests;

pub use command::{Command, IdempotencyKey, Request};
pub use decision::{Decision, Effect, Invalid, Prior, Rejection};
pub use engine::{RedemptionEngine, Standing};
pub use hold::{Hold, HoldState};
