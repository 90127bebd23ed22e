use chrono::NaiveDate;
use offercast_domain::{Comparison, ForecastSnapshot};
use sqlx::PgConnection;

use crate::Error;

/// Stores the first forecast of each offer and day, and deletes those offers' snapshots from before `delete_before`.
/// Writes in order of id, so that concurrent calls cannot deadlock.
pub async fn store_forecast_snapshots(
    connection: &mut PgConnection,
    model: &str,
    snapshots: &[(i64, ForecastSnapshot)],
    delete_before: NaiveDate,
) -> Result<(), Error> {
    if snapshots.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = snapshots.iter().map(|(id, _)| *id).collect();
    let of = |value: fn(&ForecastSnapshot) -> f64| {
        snapshots.iter().map(|(_, snapshot)| value(snapshot)).collect::<Vec<_>>()
    };
    let bands = |band: fn(&ForecastSnapshot) -> &[f32]| {
        snapshots.iter().map(|(_, snapshot)| array(band(snapshot))).collect()
    };
    let (lower, upper): (Vec<String>, Vec<String>) = (bands(|c| &c.lower_80), bands(|c| &c.upper_80));
    let first_days: Vec<NaiveDate> = snapshots.iter().map(|(_, snapshot)| snapshot.first_day).collect();
    sqlx::query!(
        r#"insert into forecast_accuracy
               (offer_id, model, first_day, days, expected, moving_average, lower_80, upper_80)
           select o.id, $2, c.first_day, cardinality(c.lower::real[]), c.expected, c.moving_average,
                  c.lower::real[], c.upper::real[]
           from unnest($1::bigint[], $3::date[], $4::float8[], $5::float8[], $6::text[], $7::text[])
                    as c (offer_id, first_day, expected, moving_average, lower, upper)
           join offers o on o.id = c.offer_id
           order by o.id
           on conflict (offer_id, model, first_day) do nothing"#,
        &ids,
        model,
        &first_days,
        &of(|snapshot| snapshot.expected),
        &of(|snapshot| snapshot.moving_average),
        &lower,
        &upper,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from forecast_accuracy where offer_id = any($1) and first_day < $2",
        &ids,
        delete_before,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Formats an array as text, because `unnest` cannot return rows of arrays with different lengths.
fn array(values: &[f32]) -> String {
    let values: Vec<String> = values.iter().map(f32::to_string).collect();
    format!("{{{}}}", values.join(","))
}

/// Returns the snapshots of these offers, by offer, whose days all end before `before` and which have not been compared
/// yet.
pub async fn pending_forecast_snapshots(
    connection: &mut PgConnection,
    model: &str,
    offer_ids: &[i64],
    before: NaiveDate,
) -> Result<Vec<(i64, ForecastSnapshot)>, Error> {
    let rows = sqlx::query!(
        r#"select offer_id, first_day, expected, moving_average,
                  lower_80 as "lower_80!", upper_80 as "upper_80!"
           from forecast_accuracy
           where offer_id = any($1) and model = $2 and actual is null and first_day + days <= $3
           order by offer_id"#,
        offer_ids,
        model,
        before,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let snapshot = ForecastSnapshot {
                first_day: row.first_day,
                expected: row.expected,
                moving_average: row.moving_average,
                lower_80: row.lower_80,
                upper_80: row.upper_80,
            };
            (row.offer_id, snapshot)
        })
        .collect())
}

/// Stores comparisons and deletes the bands of their snapshots, unless a comparison is stored already.
pub async fn store_comparisons(
    connection: &mut PgConnection,
    model: &str,
    comparisons: &[(i64, Comparison)],
) -> Result<(), Error> {
    if comparisons.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = comparisons.iter().map(|(id, _)| *id).collect();
    let first_days: Vec<NaiveDate> = comparisons.iter().map(|(_, one)| one.first_day).collect();
    let actual: Vec<i64> = comparisons.iter().map(|(_, one)| one.actual).collect();
    let within: Vec<i16> = comparisons.iter().map(|(_, one)| one.days_within).collect();
    sqlx::query!(
        r#"update forecast_accuracy a
           set actual = c.actual, days_within = c.within, lower_80 = null, upper_80 = null
           from unnest($1::bigint[], $3::date[], $4::bigint[], $5::smallint[])
                    as c (offer_id, first_day, actual, within)
           where a.offer_id = c.offer_id and a.model = $2 and a.first_day = c.first_day and a.actual is null"#,
        &ids,
        model,
        &first_days,
        &actual,
        &within,
    )
    .execute(connection)
    .await?;
    Ok(())
}
