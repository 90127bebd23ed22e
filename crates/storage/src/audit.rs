//! The audit log: entries are inserted in the transaction of the change, and never updated or deleted.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::Error;

/// An entry to insert.
#[derive(Debug, Clone, Default)]
pub struct NewEntry {
    /// 0 if no offer is concerned.
    pub offer_id: i64,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub actor_name: String,
    pub action: &'static str,
    pub subject: String,
    pub subject_name: String,
    pub changes: Vec<Change>,
    pub address: String,
    pub request_id: String,
}

/// A changed field, with its values before and after as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub id: i64,
    pub offer_id: i64,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub actor_name: String,
    pub action: String,
    pub subject: String,
    pub subject_name: String,
    pub changes: Vec<Change>,
    pub address: String,
    pub request_id: String,
}

pub async fn insert(connection: &mut PgConnection, entry: &NewEntry) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into audit_log (offer_id, at, actor, actor_name, action, subject, subject_name, fields, before, after,
                                  address, request_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#,
        entry.offer_id,
        entry.at,
        entry.actor,
        entry.actor_name,
        entry.action,
        entry.subject,
        entry.subject_name,
        &entry.changes.iter().map(|change| change.field.clone()).collect::<Vec<_>>(),
        &entry.changes.iter().map(|change| change.before.clone()).collect::<Vec<_>>() as &[Option<String>],
        &entry.changes.iter().map(|change| change.after.clone()).collect::<Vec<_>>() as &[Option<String>],
        entry.address,
        entry.request_id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Which entries to list, the newest first. All conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub offer_id: Option<i64>,
    /// An actor such as `key:12`, or a part of a name.
    pub actor: Option<String>,
    /// An action such as `offer.updated`, or its first part.
    pub action: Option<String>,
    pub from: Option<DateTime<Utc>>,
    /// Exclusive.
    pub until: Option<DateTime<Utc>>,
    /// The last entry of the page before.
    pub before: Option<i64>,
    pub limit: i64,
}

pub async fn list(connection: &mut PgConnection, filter: &Filter) -> Result<Vec<Entry>, Error> {
    let rows = sqlx::query!(
        r#"select id, offer_id, at, actor, actor_name, action, subject, subject_name, fields,
                  before as "before: Vec<Option<String>>", after as "after: Vec<Option<String>>", address, request_id
           from audit_log
           where ($1::bigint is null or offer_id = $1)
             and ($2::text is null or actor = $2 or strpos(lower(actor_name), lower($2)) > 0)
             and ($3::text is null or action = $3 or starts_with(action, $3 || '.'))
             and ($4::timestamptz is null or at >= $4)
             and ($5::timestamptz is null or at < $5)
             and ($6::bigint is null or id < $6)
           order by id desc limit $7"#,
        filter.offer_id,
        filter.actor,
        filter.action,
        filter.from,
        filter.until,
        filter.before,
        filter.limit,
    )
    .fetch_all(connection)
    .await?;
    let entries = rows.into_iter().map(|row| {
        let values = row.before.into_iter().zip(row.after);
        let changes = row.fields.into_iter().zip(values);
        Entry {
            id: row.id,
            offer_id: row.offer_id,
            at: row.at,
            actor: row.actor,
            actor_name: row.actor_name,
            action: row.action,
            subject: row.subject,
            subject_name: row.subject_name,
            changes: changes.map(|(field, (before, after))| Change { field, before, after }).collect(),
            address: row.address,
            request_id: row.request_id,
        }
    });
    Ok(entries.collect())
}
