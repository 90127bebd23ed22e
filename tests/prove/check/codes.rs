//! Checks that no unique code is redeemed twice, unless the first redemption was reversed before the second.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgConnection;

use super::Entry;
use crate::transcript::{Response, Transcript};

/// The redemptions of each code, and the codes that were declined as already used.
#[derive(Default)]
pub struct CodeUses {
    redeemed: HashMap<String, Vec<Use>>,
    declined: Vec<String>,
}

struct Use {
    redemption: i64,
    reversal: Option<i64>,
}

impl CodeUses {
    /// Adds an order with the entries of its customer.
    pub fn add(&mut self, order: &Transcript, entries: &[Entry]) {
        let Some(code) = &order.code else { return };
        let reversal = |id| entries.iter().find(|entry| entry.reverses == Some(id)).map(|entry| entry.id);
        for entry in entries.iter().filter(|entry| entry.reverses.is_none()) {
            let of_code = self.redeemed.entry(code.clone()).or_default();
            of_code.push(Use { redemption: entry.id, reversal: reversal(entry.id) });
        }
        if order.responses.contains(&Response::Refused("code_already_used".to_owned())) {
            self.declined.push(code.clone());
        }
    }

    pub async fn check(mut self, connection: &mut PgConnection) -> Vec<String> {
        let mut findings = Vec::new();
        for (code, uses) in &mut self.redeemed {
            uses.sort_by_key(|of_code| of_code.redemption);
            let overlap = uses.windows(2).any(|two| two[0].reversal.is_none_or(|id| id > two[1].redemption));
            findings.extend(overlap.then(|| format!("code {code} was redeemed twice without a reversal")));
        }
        let unused = self.declined.iter().filter(|code| !self.redeemed.contains_key(*code));
        findings
            .extend(unused.map(|code| format!("code {code} was declined as used, but was never redeemed")));
        let uses = self.redeemed.values().flatten();
        let counting: BTreeSet<i64> =
            uses.filter(|of_code| of_code.reversal.is_none()).map(|of_code| of_code.redemption).collect();
        let stored = sqlx::query_scalar("select redemption_id from redemption_codes").fetch_all(connection);
        let stored: BTreeSet<i64> = stored.await.unwrap().into_iter().collect();
        let differ: Vec<_> = counting.symmetric_difference(&stored).collect();
        if !differ.is_empty() {
            findings.push(format!("redemption_codes is wrong for the redemptions {differ:?}"));
        }
        findings
    }
}

/// A copy in which two accepted orders have the same code; `None` if fewer than two orders with a code were accepted.
pub fn with_shared_code(transcripts: &[Transcript]) -> Option<Vec<Transcript>> {
    let mut transcripts = transcripts.to_vec();
    let counts =
        |one: &&mut Transcript| one.code.is_some() && one.accepted().is_some() && one.reversed.is_empty();
    let two: Vec<&mut Transcript> = transcripts.iter_mut().filter(counts).take(2).collect();
    let [one, other] = <[&mut Transcript; 2]>::try_from(two).ok()?;
    other.code.clone_from(&one.code);
    Some(transcripts)
}
