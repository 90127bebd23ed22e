pub mod ledger;
pub mod redeem;
