pub mod batch;
pub mod ledger;
pub mod quote;
pub mod redeem;
pub mod reverse;
