use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use offercast_domain::{Decision, Desk, First, Grant, OfferRef, OfferService, Order, RedeemRequest};
use offercast_storage::jobs::{self, Priority};
use offercast_storage::{NewKey, NewRedemptions, Tx};

use super::recall::Recall;
use super::{Answer, Outcome, Redemption};
use crate::lanes::Work;
use crate::live::News;
use crate::{Clock, Error, Pool};

/// The forecast follows a redemption after this time, so that a burst leads to one job and not to many.
const FORECAST_DELAY: Duration = Duration::from_secs(3);

/// A request that waits in a lane.
pub(crate) struct Asked {
    pub request: RedeemRequest,
    pub request_id: String,
}

/// Redeems batches, each in one transaction that touches one offer.
pub(crate) struct Redeemer {
    pub pool: Pool,
    pub clock: Clock,
    pub news: News,
}

impl Work for Redeemer {
    type Lane = OfferRef;
    type Request = Asked;
    type Answer = Result<Answer, Error>;

    /// What fails, fails for all of them: nothing of a batch is done without the rest of it.
    async fn serve(&self, offer: &OfferRef, batch: Vec<Asked>) -> Vec<Self::Answer> {
        let done = self.redeem(offer, &batch).await;
        if let Some(changed) = done.iter().flatten().find_map(newly_redeemed) {
            self.news.changed(changed);
        }
        done.unwrap_or_else(|error| batch.iter().map(|_| Err(error.clone())).collect())
    }
}

/// The offer of an answer that has changed it.
fn newly_redeemed(answer: &Result<Answer, Error>) -> Option<i64> {
    match answer {
        Ok(Answer { outcome: Outcome::Redeemed(redemption), is_replay: false, .. }) => {
            Some(redemption.offer_id)
        }
        _ => None,
    }
}

impl Redeemer {
    /// Decided and recorded under the lock of the offer's counters, so that no two redemptions of it are
    /// decided on the same totals. A batch that waits for the lock is decided by the time at which it
    /// gets it.
    async fn redeem(&self, offer: &OfferRef, batch: &[Asked]) -> Result<Vec<Result<Answer, Error>>, Error> {
        let mut tx = self.pool.begin().await?;
        let stored = offercast_storage::lock_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
        let now = self.clock.now();
        let today = stored.offer.terms.zone.day_of(now);
        let service = OfferService { offer: &stored.offer, totals: stored.totals, today };
        let mut recall = Recall::read(&mut tx, &stored.offer, batch).await?;
        let mut desk = Desk::new(service);
        recall.tell(&mut desk, &stored.offer)?;
        let decisions: Vec<_> = batch.iter().map(|asked| desk.decide(&asked.request)).collect();
        let new = NewRedemptions {
            offer_id: stored.offer.id,
            redeemed_at: now,
            redemption_date: today,
            budget: stored.offer.terms.budget,
            accepted: accepted(batch, &decisions),
            totals: desk.totals(),
        };
        let ids = record(&mut tx, &new).await?;
        let answers = Answers { service, now, recall: &recall, batch }.of(&decisions, ids);
        record_keys(&mut tx, &new, &new_keys(&recall, batch, &answers)).await?;
        tx.commit().await?;
        Ok(answers)
    }
}

fn accepted<'a>(batch: &'a [Asked], decisions: &[Decision]) -> Vec<(&'a Order, Grant)> {
    let both = batch.iter().zip(decisions);
    both.filter_map(|(asked, decision)| match decision {
        Decision::Granted(grant) => Some((&asked.request.order, *grant)),
        _ => None,
    })
    .collect()
}

/// The ids of what was accepted, in its order. A batch of refusals writes nothing.
async fn record(tx: &mut Tx, new: &NewRedemptions<'_>) -> Result<Vec<i64>, Error> {
    if new.accepted.is_empty() {
        return Ok(Vec::new());
    }
    let ids = offercast_storage::record_redemptions(tx, new).await?;
    jobs::enqueue_forecasts(tx, &[new.offer_id], FORECAST_DELAY, Priority::User).await?;
    Ok(ids)
}

async fn record_keys(tx: &mut Tx, new: &NewRedemptions<'_>, keys: &[NewKey<'_>]) -> Result<(), Error> {
    if !keys.is_empty() {
        offercast_storage::record_keys(tx, new.offer_id, new.redeemed_at, keys).await?;
    }
    Ok(())
}

/// Makes answers of decisions.
struct Answers<'a> {
    /// The offer before the batch.
    service: OfferService<'a>,
    now: DateTime<Utc>,
    recall: &'a Recall,
    batch: &'a [Asked],
}

impl Answers<'_> {
    fn of(&self, decisions: &[Decision], ids: Vec<i64>) -> Vec<Result<Answer, Error>> {
        let mut ids = ids.into_iter();
        let mut answers = Vec::with_capacity(decisions.len());
        for (decision, asked) in decisions.iter().zip(self.batch) {
            let answer = self.answer(decision, asked, &answers, &mut ids);
            answers.push(answer);
        }
        answers
    }

    fn answer(
        &self,
        decision: &Decision,
        asked: &Asked,
        before: &[Result<Answer, Error>],
        ids: &mut impl Iterator<Item = i64>,
    ) -> Result<Answer, Error> {
        let outcome = match decision {
            Decision::Granted(grant) => {
                let id = ids.next().expect("the database gives one id a row");
                let after = OfferService { totals: grant.totals, ..self.service };
                Outcome::Redeemed(Redemption::new(id, &after, *grant, self.now))
            }
            Decision::Refused(refusal) => Outcome::Refused(*refusal),
            Decision::OrderTaken(first) => {
                let standing = self.first(before, *first)?.outcome.redemption_id();
                Outcome::OrderTaken { redemption_id: standing.expect("an order is taken by a redemption") }
            }
            Decision::Repeated(first) => {
                return Ok(Answer { is_replay: true, ..self.first(before, *first)? });
            }
            Decision::KeyReused => return Err(Error::KeyReused),
        };
        Ok(Answer { outcome, request_id: asked.request_id.clone(), is_replay: false })
    }

    fn first(&self, answers: &[Result<Answer, Error>], first: First) -> Result<Answer, Error> {
        match first {
            First::Recorded(number) => Ok(self.recall.answers[number].clone()),
            First::InBatch(place) => answers[place].clone(),
        }
    }
}

/// What is to be kept under the keys that are new.
fn new_keys<'a>(
    recall: &Recall,
    batch: &'a [Asked],
    answers: &'a [Result<Answer, Error>],
) -> Vec<NewKey<'a>> {
    let mut known: HashSet<&str> = recall.keys.iter().map(|record| record.key.as_str()).collect();
    let mut keys = Vec::new();
    for (asked, answer) in batch.iter().zip(answers) {
        let (Some(key), Ok(answer)) = (&asked.request.key, answer) else { continue };
        if known.insert(key.as_str()) {
            let refusal = answer.outcome.refusal_code();
            keys.push(NewKey {
                key: key.as_str(),
                request: asked.request.essence(),
                refusal,
                redemption_id: answer.outcome.redemption_id(),
                request_id: refusal.map(|_| answer.request_id.as_str()),
            });
        }
    }
    keys
}
