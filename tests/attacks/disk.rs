//! A disk that fills up while shops redeem.

use std::time::Duration;

use futures_util::future::join_all;

use crate::raw::request;
use crate::space::Space;
use crate::target::Target;
use crate::{Outcome, ensure};

const SHOPS: u8 = 8;
const FIRST_SHOP: u8 = 40;
/// Of orders before the disk is full.
const ROUNDS: usize = 200;
const TIME: Duration = Duration::from_secs(3);

pub async fn attack(target: &Target, space: &Option<Space>) -> Outcome {
    let Some(space) = space else { return Ok("not tried: no disk can be mounted".to_owned()) };
    // There is room in the pages that are there: some is written while the disk is full, and more is not.
    for _ in 0..ROUNDS {
        join_all((FIRST_SHOP..FIRST_SHOP + SHOPS).map(|shop| order(target, shop))).await;
    }
    let mut statuses = Vec::new();
    let full = space.fill(TIME);
    tokio::pin!(full);
    let is_full = loop {
        let orders = (FIRST_SHOP..FIRST_SHOP + SHOPS).map(|shop| order(target, shop));
        tokio::select! {
            is_full = &mut full => break is_full,
            answered = join_all(orders) => statuses.extend(answered),
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
    ensure(busy > 0, || "nobody noticed that the disk was full".to_owned())?;
    Ok(format!("{} redeemed, {busy} busy", seen.len() - busy))
}

/// Status and code of the answer to an order that takes some room.
async fn order(target: &Target, shop: u8) -> Result<(u16, String), String> {
    let body = format!("{{\"customer_id\": \"{}\", \"order_amount\": 50}}", "c".repeat(64));
    let answer = target.ask(shop, &request("POST", "/api/offers/SHOP/redeem", body.as_bytes())).await?;
    Ok((answer.status, answer.code()))
}
