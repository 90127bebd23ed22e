//! The disk becomes full while shops redeem.

use std::time::Duration;

use futures_util::future::join_all;

use crate::raw::request;
use crate::target::Target;
use crate::test_disk::TestDisk;
use crate::{Outcome, ensure};

const SHOPS: u8 = 8;
const FIRST_SHOP: u8 = 40;
/// Rounds of orders before the disk is full.
const ROUNDS: usize = 200;
/// How long the disk is full.
const TIME: Duration = Duration::from_secs(3);

pub async fn attack(target: &Target, disk: &Option<TestDisk>) -> Outcome {
    let Some(disk) = disk else { return Ok("skipped: no disk can be mounted".to_owned()) };
    // Existing pages have room, so a few writes still succeed while the disk is full.
    for _ in 0..ROUNDS {
        join_all((FIRST_SHOP..FIRST_SHOP + SHOPS).map(|shop| order(target, shop))).await;
    }
    let mut statuses = Vec::new();
    let full = disk.fill(TIME);
    tokio::pin!(full);
    let is_full = loop {
        let orders = (FIRST_SHOP..FIRST_SHOP + SHOPS).map(|shop| order(target, shop));
        tokio::select! {
            is_full = &mut full => break is_full,
            results = join_all(orders) => statuses.extend(results),
        }
    };
    let mut seen = Vec::new();
    for status in statuses {
        let (status, code) = status?;
        ensure(status == 201 || code == "busy", || format!("{status} {code}"))?;
        seen.push(status);
    }
    ensure(is_full, || "the disk could not be filled".to_owned())?;
    let busy = seen.iter().filter(|status| **status == 503).count();
    ensure(busy > 0, || "no request failed while the disk was full".to_owned())?;
    Ok(format!("{} redeemed, {busy} busy", seen.len() - busy))
}

/// Sends an order with a large row; returns the status and error code of the response.
async fn order(target: &Target, shop: u8) -> Result<(u16, String), String> {
    let body = format!("{{\"customer_id\": \"{}\", \"order_amount\": 50}}", "c".repeat(64));
    let response = target.send(shop, &request("POST", "/api/offers/SHOP/redeem", body.as_bytes())).await?;
    Ok((response.status, response.code()))
}
