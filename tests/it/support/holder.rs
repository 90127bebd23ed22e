use sqlx::{Connection, PgConnection};

use super::{World, eventually};

/// Somebody else who works on an offer and keeps others from it. Dropped, it has changed nothing either.
pub struct Holder(PgConnection);

impl Holder {
    async fn begin(world: &World) -> Holder {
        let mut connection = world.database.connect().await;
        sqlx::raw_sql("begin").execute(&mut connection).await.unwrap();
        Holder(connection)
    }

    async fn of(world: &World, code: &str, lock: &'static str) -> Holder {
        let mut holder = Holder::begin(world).await;
        let locked = sqlx::query(lock).bind(code).execute(&mut holder.0).await.unwrap();
        assert_eq!(locked.rows_affected(), 1, "there is no offer {code}");
        holder
    }

    pub async fn release(mut self) {
        sqlx::raw_sql("commit").execute(&mut self.0).await.unwrap();
        self.0.close().await.unwrap();
    }
}

impl World {
    /// Whoever redeems or edits the offer waits.
    pub async fn hold(&self, code: &str) -> Holder {
        let lock = "select from offer_counters
                    where offer_id = (select id from offers where code = $1) for update";
        Holder::of(self, code, lock).await
    }

    /// Whoever stores a forecast of the offer waits.
    pub async fn hold_forecast(&self, code: &str) -> Holder {
        Holder::of(self, code, "select from offers where code = $1 for update").await
    }

    /// Whoever redeems, whichever offer, waits. Unlike the lock of a row, this one goes by turns: whoever comes after the
    /// holder gets it after the holder.
    pub async fn hold_in_turn(&self) -> Holder {
        let mut holder = Holder::begin(self).await;
        sqlx::raw_sql("lock table offer_counters in exclusive mode").execute(&mut holder.0).await.unwrap();
        holder
    }

    /// Whoever counts the uses of customers waits.
    pub async fn hold_uses(&self) -> Holder {
        let mut holder = Holder::begin(self).await;
        sqlx::raw_sql("lock table offer_customers in share mode").execute(&mut holder.0).await.unwrap();
        holder
    }

    /// Whoever writes the ledger, of whichever offer, waits.
    pub async fn hold_ledger(&self) -> Holder {
        let mut holder = Holder::begin(self).await;
        sqlx::raw_sql("lock table redemptions in share mode").execute(&mut holder.0).await.unwrap();
        holder
    }

    /// Statements that wait for a row lock.
    pub async fn waiting_for_a_lock(&self) -> i64 {
        let waiting = "select count(*) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'";
        self.database.count(waiting).await
    }

    pub async fn until_waiting(&self, statements: i64) {
        eventually("somebody waits for a lock", async || self.waiting_for_a_lock().await == statements).await;
    }

    /// No transaction has been left open by an error or by a client that went away.
    pub async fn until_no_transaction_is_idle(&self) {
        let idle = "select count(*) from pg_stat_activity
                    where datname = current_database() and state like 'idle in transaction%'";
        eventually("nothing is idle in transaction", async || self.database.count(idle).await == 0).await;
    }
}
