//! What was asked, and what was answered.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a request was told, as far as a shop relies on it.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// 2xx, with its data.
    Done(Value),
    /// 4xx, with its code: nothing was done, and the same request is told the same.
    Refused(String),
    /// `busy`: nothing was done, and a retry may work.
    Busy,
    /// The connection broke, we hung up, or the outcome is not known to the server.
    Unknown,
}

impl Answer {
    pub fn of(status: u16, body: &Value) -> Answer {
        let code = body["error"]["code"].as_str().unwrap_or_default();
        match status {
            200..=299 => Answer::Done(body["data"].clone()),
            400..=499 => Answer::Refused(code.to_owned()),
            503 if code == "busy" => Answer::Busy,
            _ => Answer::Unknown,
        }
    }

    /// What a row of a batch was told, as if it had been sent alone; what was said of all of them holds for each.
    pub fn of_row(&self, place: usize) -> Answer {
        let Answer::Done(rows) = self else { return self.clone() };
        let row = &rows[place];
        let status = row["http_status"].as_u64().and_then(|status| u16::try_from(status).ok());
        status.map_or(Answer::Unknown, |status| Answer::of(status, row))
    }

    pub fn is_final(&self) -> bool {
        matches!(self, Answer::Done(_) | Answer::Refused(_))
    }
}

/// How an order is redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Redeem,
    /// Held first, then confirmed, released, or left to expire.
    Confirm,
    Release,
    Leave,
}

/// An order of a customer of its own, so that its lines of the ledger are known by the customer.
#[derive(Debug, Clone)]
pub struct Told {
    pub offer: usize,
    pub customer: String,
    /// In cents.
    pub amount: i64,
    pub way: Way,
    /// Whether it was first sent as a row among others.
    pub in_batch: bool,
    pub key: Option<String>,
    pub order: Option<String>,
    /// The unique code that it is redeemed by; others may have it as well.
    pub code: Option<String>,
    /// Of redeeming or confirming, first and retried.
    pub answers: Vec<Answer>,
    /// Of reserving.
    pub held: Vec<Answer>,
    /// Of sending something else under the same key.
    pub misuse: Option<Answer>,
    /// Of taking it back.
    pub reversed: Vec<Answer>,
}

impl Told {
    pub fn attempts(&self) -> usize {
        self.answers.len() + self.held.len() + self.reversed.len() + usize::from(self.misuse.is_some())
    }

    /// What it was told once it was told something that counts.
    pub fn outcome(&self) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.is_final())
    }

    pub fn accepted(&self) -> Option<&Value> {
        self.answers.iter().find_map(|answer| match answer {
            Answer::Done(data) => Some(data),
            _ => None,
        })
    }

    pub fn is_doubtful(&self) -> bool {
        self.answers.contains(&Answer::Unknown)
    }
}

/// Orders by what they were told.
pub fn summary(told: &[Told]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in told {
        let what = match one.outcome() {
            Some(Answer::Done(_)) => "accepted",
            Some(Answer::Refused(code)) => code,
            _ if one.is_doubtful() => "never known",
            _ => "busy or not redeemed",
        };
        *counts.entry(what).or_default() += 1;
        *counts.entry("(answers given again)").or_default() +=
            one.answers.iter().filter(|answer| answer.is_final()).count().saturating_sub(1);
        *counts.entry("(sent in batches)").or_default() += usize::from(one.in_batch);
        *counts.entry("(reversed)").or_default() += usize::from(one.reversed.iter().any(Answer::is_final));
    }
    counts.iter().map(|(what, count)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}
