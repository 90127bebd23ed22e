//! CSV files of other programs, such as spreadsheets and exports of other systems, and Offercast's own exports.

use std::collections::BTreeMap;

use offercast_app::import::{ImportFiles, ImportOptions};
use reqwest::Method;
use serde_json::json;

use crate::import::{ONE_OFFER, OPTIONS, files, import, stored_rows};
use crate::support::{World, offer, send_request};

/// Ids that a spreadsheet would interpret as formulas, and others that look similar.
const IDS: [&str; 14] = [
    "=HYPERLINK(\"http://evil.example\")",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    " =1",
    "'=1",
    "''=1",
    "'quoted'",
    "\"=1\"",
    "a;=1",
    "a,\"=1\"",
    "hh-1519",
    "1001",
];

async fn export(world: &World, offer: &str) -> String {
    let request = world.client.request(Method::GET, &format!("/api/offers/{offer}/redemptions"));
    send_request(request.header("accept", "text/csv")).await.body.as_str().unwrap().to_owned()
}

/// Customer and order id of each redemption, in order.
async fn ids(world: &World) -> Vec<(String, Option<String>)> {
    sqlx::query_as("select customer_id, order_id from redemptions order by id")
        .fetch_all(&mut world.database.connect().await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_contain_no_formulas_and_an_import_restores_every_id() {
    let world = World::new().await;
    world.client.create(&offer("-MINUS", &json!({}))).await;
    for id in IDS {
        let body = json!({"customer_id": id, "order_id": id, "order_amount": 20});
        world.client.post("/api/offers/-MINUS/redeem", &body).await.data();
    }
    let csv = export(&world, "-MINUS").await;
    for row in csv::Reader::from_reader(csv.as_bytes()).records() {
        for cell in row.unwrap().iter().flat_map(|cell| cell.split(';')) {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '＝']), "{csv}");
        }
    }
    let other = World::new().await;
    other.client.create(&offer("-MINUS", &json!({}))).await;
    let path = std::env::temp_dir().join(format!("offercast-cells-{}.csv", std::process::id()));
    std::fs::write(&path, &csv).unwrap();
    import(&other, &ImportFiles { offers: None, redemptions: Some(path) }, OPTIONS).await.unwrap();
    let expected: Vec<_> = IDS.iter().map(|id| ((*id).to_owned(), Some((*id).to_owned()))).collect();
    assert_eq!((ids(&world).await, ids(&other).await), (expected.clone(), expected));
    assert_eq!(export(&other, "-MINUS").await, csv);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_of_codes_contains_no_formulas() {
    let world = World::new().await;
    world.client.create(&offer("CODES", &json!({}))).await;
    let issued = world.client.post("/api/offers/CODES/codes", &json!({"count": 1})).await;
    let body = json!({"code": issued.data()["codes"][0], "customer_id": "=1+1", "order_amount": 20});
    world.client.post("/api/redeem", &body).await.data();
    let csv = world.client.get("/api/offers/CODES/codes").await;
    assert!(csv.body.as_str().unwrap().trim_end().ends_with(",'=1+1"), "{csv:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_columns_are_rejected_and_nothing_is_imported() {
    let world = World::new().await;
    let row = "A,Offer A,flat,5,USD,2026-01-01,2026-01-31,12\n";
    let with_heading = |test: &str, offers: &str, redemptions: &str| {
        let files = files(test, "", "");
        std::fs::write(files.offers.as_ref().unwrap(), format!("{offers}\n{row}")).unwrap();
        std::fs::write(files.redemptions.as_ref().unwrap(), format!("{redemptions}\n")).unwrap();
        files
    };
    let offers = "code,name,discount_type,discount_value,currency,start_date,end_date,";
    let redemptions = "offer_code,customer_id,order_amount,discount_given,redeemed_at";
    for (test, last, of_redemptions, message) in [
        (
            "case",
            "Budget",
            redemptions,
            "offers.csv, line 1: unknown column \"Budget\" (did you mean budget?)",
        ),
        (
            "spelt",
            "max_redemption",
            redemptions,
            "unknown column \"max_redemption\" (did you mean max_redemptions?)",
        ),
        ("zone", "time_zone", redemptions, "unknown column \"time_zone\" (did you mean timezone?)"),
        ("space", " budget", redemptions, "unknown column \" budget\" (did you mean budget?)"),
        ("twice", "code", redemptions, "offers.csv, line 1: the column code appears twice"),
        (
            "order",
            "budget",
            "offer_code,customer_id,order_amount,discount_given,redeemed_at,Order_ID",
            "redemptions.csv, line 1: unknown column \"Order_ID\" (did you mean order_id?)",
        ),
    ] {
        let files = with_heading(test, &format!("{offers}{last}"), of_redemptions);
        let error = import(&world, &files, OPTIONS).await.unwrap_err();
        assert!(error.contains(message), "{error}\ndoes not contain\n{message}");
    }
    assert_eq!(world.database.count("select count(*) from offers").await, 0);
    // A byte order mark is not part of a column's name.
    let files = with_heading("mark", &format!("\u{feff}{offers}budget"), &format!("\u{feff}{redemptions}"));
    import(&world, &files, OPTIONS).await.unwrap();
    assert_eq!(world.client.get("/api/offers/A").await.data()["budget"], 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_empty_cells_are_skipped_and_counted() {
    let world = World::new().await;
    let offers = format!("{ONE_OFFER},,,,,,,,,\n,,,,,,,,,\n");
    let rows = "A,c1,20,5,2026-01-10T10:00:00Z,\n,,,,,\nA,c2,20,5,2026-01-10T11:00:00Z,\n, ,,,,\n";
    let report = import(&world, &files("commas", &offers, rows), OPTIONS).await.unwrap();
    assert_eq!((report.offers, report.redemptions), (1, 2));
    assert_eq!(report.warnings, BTreeMap::from([("empty_row", 4)]));
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_fraction_of_a_second_of_an_offer_belongs_to_it() {
    let ends_in_june = "A,Offer A,flat,5,USD,UTC,2025-06-01,2025-06-30,,\n";
    let rows = "A,c1,20,5,2025-06-30T23:59:59.9999999Z,\n\
                A,c2,20,5,2025-06-30T23:59:59.999999999Z,\n\
                A,c3,20,5,2025-07-01T05:29:59.9999999+05:30,\n\
                A,c4,20,5,2025-06-30T23:59:60Z,\n\
                A,c5,20,5,2025-07-01T00:00:00.0000000Z,\n";
    for (test, replay, outcome) in [("moments", false, 5), ("moments-replayed", true, 4)] {
        let world = World::new().await;
        let report = import(&world, &files(test, ends_in_june, rows), ImportOptions { replay, ..OPTIONS })
            .await
            .unwrap();
        assert_eq!(report.redemptions, outcome);
        let counted = if replay { &report.refused } else { &report.warnings };
        assert_eq!(counted, &BTreeMap::from([("offer_expired", 1)]));
        let count = "select count(*) from redemptions where redemption_date = date '2025-06-30'
            and redeemed_at = timestamptz '2025-06-30T23:59:59.999999Z'
            and redemption_date = (redeemed_at at time zone 'UTC')::date";
        assert_eq!(world.database.count(count).await, 4);
        world.assert_verified().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_times_and_numbers_are_reported_with_their_line() {
    let world = World::new().await;
    for (n, (row, message)) in [
        (
            "A,c1,20,5,2025-06-29T23:59:60Z,\n",
            "line 2: redeemed_at: \"2025-06-29T23:59:60Z\" must be an RFC 3339 timestamp",
        ),
        ("A,c1,20,5,2026-01-10T10:00:00+24:00,\n", "line 2: redeemed_at: "),
        ("A,c1,1_000,5,2026-01-10T10:00:00Z,\n", "line 2: order_amount: must be a number"),
        (
            "A,c1,20,0.00000000000000000000000000001,2026-01-10T10:00:00Z,\n",
            "line 2: discount_given: must be a number",
        ),
        ("A,c1,1e3,5,2026-01-10T10:00:00Z,\n", "line 2: order_amount: must be a number"),
        ("A,c\0,20,5,2026-01-10T10:00:00Z,\n", "line 2: contains a NUL byte"),
        (
            "A,c1,20,5,2026-01-10T10:00:00Z,\r\nA,c\t,20,5,2026-01-10T10:00:00Z,\r\n",
            "line 3: customer_id: must not contain",
        ),
        ("A,\"c1,20,5,2026-01-10T10:00:00Z,\nA,c1,20,5,2026-01-10T10:00:00Z,\n", "line 2: has a line break"),
    ]
    .into_iter()
    .enumerate()
    {
        let error = import(&world, &files(&format!("row-{n}"), ONE_OFFER, row), OPTIONS).await.unwrap_err();
        assert!(
            error.contains(&format!("redemptions.csv, {message}")),
            "{error}\ndoes not contain\n{message}"
        );
    }
    assert_eq!(world.database.count("select count(*) from offers").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_ids_keep_invisible_characters_and_are_counted() {
    let world = World::new().await;
    let rows = "A,c\u{200b}1,20,5,2026-01-10T10:00:00Z,\nA,c2,20,5,2026-01-10T11:00:00Z,\u{202e}o1\nA,c3,20,1,2026-01-10T11:00:00Z,o3\n";
    let report = import(&world, &files("hidden", ONE_OFFER, rows), OPTIONS).await.unwrap();
    assert_eq!(report.warnings, BTreeMap::from([("hidden_characters", 2)]));
    assert_eq!(stored_rows(&world).await.len(), 3);
    assert_eq!(ids(&world).await[0].0, "c\u{200b}1");
    let named = "A,Off\u{200b}er,flat,5,USD,UTC,2026-01-01,2026-01-31,,\n";
    let error = import(&World::new().await, &files("hidden-name", named, ""), OPTIONS).await.unwrap_err();
    assert!(
        error.contains("offers.csv, line 2: name: must not contain") && error.contains("U+200B"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_in_a_file_may_contain_unusual_characters() {
    let world = World::new().await;
    let offers = "sum\u{ad}mer\u{2013}10,Summer,flat,5,USD,UTC,2026-01-01,2026-01-31,,\n";
    let rows = "\u{feff}ＳＵＭＭＥＲ－１０,c1,20,5,2026-01-10T10:00:00Z,\nsummer\u{2011}10\u{a0},c2,20,5,2026-01-10T11:00:00Z,\n";
    import(&world, &files("typed", offers, rows), OPTIONS).await.unwrap();
    assert_eq!(world.client.get("/api/offers/SUMMER-10").await.data()["totals"]["redemptions"], 2);
}
