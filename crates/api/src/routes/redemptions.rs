pub mod batch;
pub mod ledger;
pub mod quote;
pub mod redeem;
pub mod redeem_by_code;
pub mod reverse;
