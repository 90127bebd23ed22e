use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use offercast_app::import::{ImportFiles, ImportOptions, ImportReport};
use rust_decimal::Decimal;
use serde_json::json;

use crate::support::{World, offer};

pub const OPTIONS: ImportOptions =
    ImportOptions { replay: false, shift_to_today: false, now: DateTime::<Utc>::UNIX_EPOCH };

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)
}

fn sample(offers: &str) -> ImportFiles {
    ImportFiles {
        offers: Some(repository(offers)),
        redemptions: Some(repository("examples/redemptions.csv")),
    }
}

pub async fn import(
    world: &World,
    files: &ImportFiles,
    options: ImportOptions,
) -> Result<ImportReport, String> {
    let imported = offercast_app::import::import(&world.database.url, files, options, &mut |_| ()).await;
    imported.map_err(|error| error.to_string())
}

/// Writes files with this content to a folder named after the test.
pub fn files(test: &str, offers: &str, redemptions: &str) -> ImportFiles {
    let folder = std::env::temp_dir().join(format!("offercast-import-{}-{test}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, header: &str, rows: &str| {
        let path = folder.join(name);
        std::fs::write(&path, format!("{header}\n{rows}")).unwrap();
        Some(path)
    };
    ImportFiles {
        offers: write(
            "offers.csv",
            "code,name,discount_type,discount_value,currency,timezone,start_date,end_date,budget,max_redemptions",
            offers,
        ),
        redemptions: write(
            "redemptions.csv",
            "offer_code,customer_id,order_amount,discount_given,redeemed_at,order_id",
            redemptions,
        ),
    }
}

pub const ONE_OFFER: &str = "A,Offer A,flat,5,USD,America/New_York,2026-01-01,2026-01-31,12,3\n";

#[tokio::test(flavor = "multi_thread")]
async fn optional_columns_of_offers_are_imported_and_checked() {
    let world = World::new().await;
    let files = files("options", ONE_OFFER, "");
    let with_options = |options: &str| {
        let header = "code,name,discount_type,discount_value,currency,start_date,end_date,min_order_amount,max_discount";
        let row = format!("B,Offer B,percent,10,USD,2026-01-01,2026-01-31,{options}");
        std::fs::write(files.offers.as_ref().unwrap(), format!("{header}\n{row}\n")).unwrap();
        files.clone()
    };
    let refused = import(&world, &with_options("20,-1"), OPTIONS).await.unwrap_err();
    assert!(refused.contains("offers.csv") && refused.contains("max_discount"), "{refused}");
    import(&world, &with_options("20,"), OPTIONS).await.unwrap();
    let imported = world.client.get("/api/offers/B").await;
    assert_eq!(
        (&imported.data()["min_order_amount"], &imported.data()["max_discount"]),
        (&json!(20), &json!(null))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_are_imported_completely() {
    let world = World::new().await;
    let report = import(&world, &sample("examples/offers.csv"), OPTIONS).await.unwrap();
    assert_eq!((report.offers, report.redemptions), (100, 11_759));
    assert!(report.refused.is_empty());
    world.assert_verified().await;
    let yogurt = world.client.get("/api/offers/TILL-YOGURT").await;
    assert_eq!(yogurt.data()["totals"]["redemptions"], 346);
    assert_eq!(world.database.count("select count(*) from apalis.jobs where status = 'Pending'").await, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_agrees_with_an_independent_implementation_of_the_rules() {
    let world = World::new().await;
    let tight = sample("tests/data/offers_tight.csv");
    let report = import(&world, &tight, ImportOptions { replay: true, ..OPTIONS }).await.unwrap();
    let (accepted, refused) = apply_rules();
    assert!(refused.values().sum::<u64>() > 1_000, "the limits are too high for this test: {refused:?}");
    assert_eq!(report.refused, refused);
    assert_eq!(report.redemptions, accepted.len() as u64);
    // The same rows, not only the same number.
    let mut stored = stored_rows(&world).await;
    let mut expected = accepted;
    stored.sort();
    expected.sort();
    assert_eq!(stored, expected);
    world.assert_verified().await;
}

type Row = (String, String, DateTime<Utc>, Decimal);

pub async fn stored_rows(world: &World) -> Vec<Row> {
    sqlx::query_as(
        "select o.code, r.customer_id, r.redeemed_at, trim_scale(r.discount)
         from redemptions r join offers o on o.id = r.offer_id",
    )
    .fetch_all(&mut world.database.connect().await)
    .await
    .unwrap()
}

/// Applies the rules to the files without any code of the product: first dates, then the maximum, then the budget.
fn apply_rules() -> (Vec<Row>, BTreeMap<&'static str, u64>) {
    struct Limits {
        start: NaiveDate,
        end: NaiveDate,
        budget: Decimal,
        max: u64,
        spent: Decimal,
        count: u64,
    }
    let mut limits: HashMap<String, Limits> = HashMap::new();
    for row in csv::Reader::from_path(repository("tests/data/offers_tight.csv")).unwrap().records() {
        let row = row.unwrap();
        let offer = Limits {
            start: row[6].parse().unwrap(),
            end: row[7].parse().unwrap(),
            budget: row[8].parse().unwrap(),
            max: row[9].parse().unwrap(),
            spent: Decimal::ZERO,
            count: 0,
        };
        limits.insert(row[0].to_owned(), offer);
    }
    let mut rows: Vec<_> = csv::Reader::from_path(repository("examples/redemptions.csv"))
        .unwrap()
        .records()
        .map(|row| {
            let row = row.unwrap();
            let moment = DateTime::parse_from_rfc3339(&row[4]).unwrap();
            (row[0].to_owned(), row[1].to_owned(), moment, row[3].parse::<Decimal>().unwrap())
        })
        .collect();
    rows.sort_by_key(|row| row.2);
    let (mut accepted, mut refused) = (Vec::new(), BTreeMap::new());
    for (code, customer, moment, discount) in rows {
        let offer = limits.get_mut(&code).unwrap();
        // The times have the shop's UTC offset, so their date is the shop's local date.
        let day = moment.date_naive();
        let reason = if day < offer.start {
            "offer_not_started"
        } else if day > offer.end {
            "offer_expired"
        } else if offer.count >= offer.max {
            "max_redemptions_reached"
        } else if offer.spent >= offer.budget || offer.spent + discount > offer.budget {
            "budget_exhausted"
        } else {
            offer.count += 1;
            offer.spent += discount;
            accepted.push((code, customer, moment.to_utc(), discount.normalize()));
            continue;
        };
        *refused.entry(reason).or_insert(0) += 1;
    }
    (accepted, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn shifted_data_ends_yesterday_and_keeps_its_local_time() {
    let world = World::new().await;
    let rows = "A,c1,20,5,2026-01-10T23:30:00-05:00,\nA,c2,20,5,2026-01-20T09:15:00-05:00,\n";
    let now = "2026-07-01T12:00:00Z".parse().unwrap();
    let options = ImportOptions { shift_to_today: true, now, ..OPTIONS };
    import(&world, &files("shift", ONE_OFFER, rows), options).await.unwrap();
    // 20 January becomes 30 June: 161 days.
    let stored = world.client.get("/api/offers/A").await;
    assert_eq!(
        (&stored.data()["start_date"], &stored.data()["end_date"]),
        (&json!("2026-06-11"), &json!("2026-07-11"))
    );
    let ledger = world.client.get("/api/offers/A/redemptions").await;
    let times: Vec<_> =
        ledger.data().as_array().unwrap().iter().map(|row| row["redeemed_at"].as_str().unwrap()).collect();
    // The same local time, but in summer.
    assert_eq!(times, ["2026-06-30T13:15:00Z", "2026-06-21T03:30:00Z"]);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_violate_rules_are_imported_and_counted_as_warnings() {
    let world = World::new().await;
    let rows = "A,c1,3,5,2026-01-10T10:00:00Z,\n\
                A,c2,0,0,2026-01-10T11:00:00Z,\n\
                A,c3,20,5,2026-01-11T10:00:00Z,o3\n\
                A,c4,20,5,2026-01-12T10:00:00Z,\n\
                A,c5,20,5,2026-03-12T10:00:00Z,\n";
    let report = import(&world, &files("facts", ONE_OFFER, rows), OPTIONS).await.unwrap();
    assert_eq!((report.redemptions, report.refused.len()), (5, 0));
    let expected = BTreeMap::from([
        ("discount_above_order_amount", 1),
        ("order_amount_not_positive", 1),
        ("max_redemptions_reached", 1),
        ("offer_expired", 1),
    ]);
    assert_eq!(report.warnings, expected);
    let stored = world.client.get("/api/offers/A").await;
    assert_eq!(
        stored.data()["totals"],
        json!({"redemptions": 5, "discount_given": 20, "remaining_budget": 0})
    );
    // Imported facts above a limit are not a violation.
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_with_the_same_time_keep_the_order_of_the_file() {
    let world = World::new().await;
    let rows = "A,late,20,5,2026-01-11T10:00:00Z,\n\
                A,first,20,5,2026-01-10T10:00:00Z,\nA,second,20,5,2026-01-10T10:00:00Z,\nA,third,20,5,2026-01-10T10:00:00Z,\n";
    let replay = ImportOptions { replay: true, ..OPTIONS };
    let report = import(&world, &files("instant", ONE_OFFER, rows), replay).await.unwrap();
    assert_eq!(report.refused, BTreeMap::from([("budget_exhausted", 2)]));
    let ledger = world.client.get("/api/offers/A/redemptions").await;
    let customers: Vec<_> =
        ledger.data().as_array().unwrap().iter().map(|row| row["customer_id"].clone()).collect();
    assert_eq!(customers, ["second", "first"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_may_name_stored_offers_and_count_against_their_limits() {
    let world = World::new().await;
    world.client.create(&offer("STORED", &json!({"max_redemptions": 3}))).await;
    world.client.redeem("STORED", &json!(50)).await.data();
    let rows = "stored,c1,50,5,2026-06-10T10:00:00Z,\nSTORED,c2,50,5,2026-06-11T10:00:00Z,\nSTORED,c3,50,5,2026-06-12T10:00:00Z,\n";
    let files = ImportFiles { offers: None, ..files("stored", "", rows) };
    let report = import(&world, &files, ImportOptions { replay: true, ..OPTIONS }).await.unwrap();
    assert_eq!((report.redemptions, report.refused), (2, BTreeMap::from([("max_redemptions_reached", 1)])));
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_file_is_reported_with_file_line_and_reason_and_nothing_is_imported() {
    let good = "A,c1,20,5,2026-01-10T10:00:00Z,\n";
    for (n, (offers, redemptions, message)) in [
        (
            ONE_OFFER,
            format!("{good}B,c1,20,5,2026-01-10T10:00:00Z,\n"),
            "redemptions.csv, line 3: offer_code: there is no offer \"B\"",
        ),
        (
            ONE_OFFER,
            format!("{good}A,c1,20,x,2026-01-10T10:00:00Z,\n"),
            "redemptions.csv, line 3: discount_given: must be a number",
        ),
        (
            ONE_OFFER,
            format!("{good}A,c1,-1,5,2026-01-10T10:00:00Z,\n"),
            "redemptions.csv, line 3: order_amount: must be 0 or more",
        ),
        (
            ONE_OFFER,
            format!("{good}A,,20,5,2026-01-10T10:00:00Z,\n"),
            "redemptions.csv, line 3: customer_id: is required",
        ),
        (
            ONE_OFFER,
            format!("{good}A,c1,20,5,10.1.2026,\n"),
            "redemptions.csv, line 3: redeemed_at: \"10.1.2026\" must be an RFC 3339 timestamp",
        ),
        (
            ONE_OFFER,
            format!("{good}A,c1,20\n"),
            "redemptions.csv, line 3: has 3 fields, but the header has 6",
        ),
        (
            "A,,flat,5,USD,UTC,2026-01-01,2026-01-31,,\n",
            good.to_owned(),
            "offers.csv, line 2: name: is required",
        ),
        (
            "A,Offer,flat,5,USD,Mars,2026-01-01,2025-01-31,,\n",
            good.to_owned(),
            "offers.csv, line 2: timezone: must be an IANA",
        ),
        (
            &format!("{ONE_OFFER}{ONE_OFFER}"),
            good.to_owned(),
            "offers.csv, line 3: code: A belongs to another offer",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let world = World::new().await;
        let error =
            import(&world, &files(&format!("bad-{n}"), offers, &redemptions), OPTIONS).await.unwrap_err();
        assert!(error.contains(message), "{error}\ndoes not contain\n{message}");
        let rows = "select (select count(*) from offers) + (select count(*) from redemptions)";
        assert_eq!(world.database.count(rows).await, 0, "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_can_be_imported() {
    let world = World::new().await;
    world.client.create(&offer("EXPORT", &json!({}))).await;
    for n in 1..=3 {
        let body = json!({"customer_id": format!("c \"{n}\", x"), "order_amount": n * 10});
        world.client.post("/api/offers/EXPORT/redeem", &body).await.data();
    }
    let request = world.client.request(reqwest::Method::GET, "/api/offers/EXPORT/redemptions");
    let csv = crate::support::send_request(request.header("accept", "text/csv")).await.body;
    let other = World::new().await;
    other.client.create(&offer("EXPORT", &json!({}))).await;
    let path = std::env::temp_dir().join(format!("offercast-export-{}.csv", std::process::id()));
    std::fs::write(&path, csv.as_str().unwrap()).unwrap();
    let files = ImportFiles { offers: None, redemptions: Some(path) };
    import(&other, &files, OPTIONS).await.unwrap();
    let mut rows = [stored_rows(&world).await, stored_rows(&other).await];
    rows.iter_mut().for_each(|rows| rows.sort());
    assert_eq!(rows[0], rows[1]);
}
