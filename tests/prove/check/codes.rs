//! No unique code redeems twice, unless what it redeemed was taken back in between.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgConnection;

use super::Line;
use crate::told::{Answer, Told};

/// Redemptions by each code, and who was told that it was used.
#[derive(Default)]
pub struct Uses {
    redeemed: HashMap<String, Vec<Use>>,
    turned_away: Vec<String>,
}

struct Use {
    redemption: i64,
    reversal: Option<i64>,
}

impl Uses {
    /// `lines`: those of the order's customer.
    pub fn add(&mut self, told: &Told, lines: &[Line]) {
        let Some(code) = &told.code else { return };
        let reversal = |id| lines.iter().find(|line| line.reverses == Some(id)).map(|line| line.id);
        for line in lines.iter().filter(|line| line.reverses.is_none()) {
            let of_code = self.redeemed.entry(code.clone()).or_default();
            of_code.push(Use { redemption: line.id, reversal: reversal(line.id) });
        }
        if told.answers.contains(&Answer::Refused("code_already_used".to_owned())) {
            self.turned_away.push(code.clone());
        }
    }

    pub async fn check(mut self, connection: &mut PgConnection) -> Vec<String> {
        let mut findings = Vec::new();
        for (code, uses) in &mut self.redeemed {
            uses.sort_by_key(|of_code| of_code.redemption);
            let overlap = uses.windows(2).any(|two| two[0].reversal.is_none_or(|id| id > two[1].redemption));
            findings.extend(overlap.then(|| format!("code {code} has redeemed while it was used")));
        }
        let unused = self.turned_away.iter().filter(|code| !self.redeemed.contains_key(*code));
        findings.extend(unused.map(|code| format!("code {code} was told to be used and never was")));
        let uses = self.redeemed.values().flatten();
        let standing: BTreeSet<i64> =
            uses.filter(|of_code| of_code.reversal.is_none()).map(|of_code| of_code.redemption).collect();
        let stored = sqlx::query_scalar("select redemption_id from redemption_codes").fetch_all(connection);
        let stored: BTreeSet<i64> = stored.await.unwrap().into_iter().collect();
        let differ: Vec<_> = standing.symmetric_difference(&stored).collect();
        if !differ.is_empty() {
            findings.push(format!("the codes of redemptions {differ:?} are not kept as used"));
        }
        findings
    }
}

/// As if two orders that stand had come with one code; None if less than two came with any.
pub fn shared(told: &[Told]) -> Option<Vec<Told>> {
    let mut told = told.to_vec();
    let stands = |one: &&mut Told| one.code.is_some() && one.accepted().is_some() && one.reversed.is_empty();
    let two: Vec<&mut Told> = told.iter_mut().filter(stands).take(2).collect();
    let [one, other] = <[&mut Told; 2]>::try_from(two).ok()?;
    other.code.clone_from(&one.code);
    Some(told)
}
