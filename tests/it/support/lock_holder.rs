use sqlx::{Connection, PgConnection};

use super::{World, eventually};

/// A transaction that holds a lock. It changes no data; dropping it releases the lock too.
pub struct LockHolder(PgConnection);

impl LockHolder {
    async fn begin(world: &World) -> LockHolder {
        let mut connection = world.database.connect().await;
        sqlx::raw_sql("begin").execute(&mut connection).await.unwrap();
        LockHolder(connection)
    }

    async fn of(world: &World, code: &str, sql: &'static str) -> LockHolder {
        let mut lock = LockHolder::begin(world).await;
        let locked = sqlx::query(sql).bind(code).execute(&mut lock.0).await.unwrap();
        assert_eq!(locked.rows_affected(), 1, "there is no offer {code}");
        lock
    }

    pub async fn release(mut self) {
        sqlx::raw_sql("commit").execute(&mut self.0).await.unwrap();
        self.0.close().await.unwrap();
    }
}

impl World {
    /// Locks the counter row of an offer: redemptions and edits of the offer wait.
    pub async fn lock_offer(&self, code: &str) -> LockHolder {
        let sql = "select from offer_counters
                   where offer_id = (select id from offers where code = $1) for update";
        LockHolder::of(self, code, sql).await
    }

    /// Locks the row of an offer: jobs that store its forecast wait.
    pub async fn lock_forecast(&self, code: &str) -> LockHolder {
        LockHolder::of(self, code, "select from offers where code = $1 for update").await
    }

    /// Locks the counters of all offers: all redemptions wait. Unlike a row lock, this table lock is granted in the
    /// order of requests.
    pub async fn lock_all_counters(&self) -> LockHolder {
        let mut lock = LockHolder::begin(self).await;
        sqlx::raw_sql("lock table offer_counters in exclusive mode").execute(&mut lock.0).await.unwrap();
        lock
    }

    /// Locks the redemptions per customer: edits that count them wait.
    pub async fn lock_customer_usage(&self) -> LockHolder {
        let mut lock = LockHolder::begin(self).await;
        sqlx::raw_sql("lock table offer_customers in share mode").execute(&mut lock.0).await.unwrap();
        lock
    }

    /// Locks the ledger: writes of redemptions of all offers wait.
    pub async fn lock_ledger(&self) -> LockHolder {
        let mut lock = LockHolder::begin(self).await;
        sqlx::raw_sql("lock table redemptions in share mode").execute(&mut lock.0).await.unwrap();
        lock
    }

    /// Locks the versions of keys and sessions: no process can read whether they have changed.
    pub async fn lock_access_state(&self) -> LockHolder {
        let mut lock = LockHolder::begin(self).await;
        sqlx::raw_sql("lock table access_state in access exclusive mode").execute(&mut lock.0).await.unwrap();
        lock
    }

    /// The number of statements that wait for a lock.
    pub async fn lock_waiters(&self) -> i64 {
        let waiting = "select count(*) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'";
        self.database.count(waiting).await
    }

    /// Waits until exactly this many statements wait for a lock.
    pub async fn until_lock_waiters(&self, statements: i64) {
        eventually("statements wait for a lock", async || self.lock_waiters().await == statements).await;
    }

    /// Waits until no transaction is idle, which an error or a disconnected client could have left open.
    pub async fn until_no_transaction_is_idle(&self) {
        let idle = "select count(*) from pg_stat_activity
                    where datname = current_database() and state like 'idle in transaction%'";
        eventually("no session is idle in transaction", async || self.database.count(idle).await == 0).await;
    }
}
