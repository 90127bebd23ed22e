pub mod ledger;
pub mod quote;
pub mod redeem;
