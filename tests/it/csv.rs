//! CSV as other programs write and read it: spreadsheets, exports of other systems, and our own exports.

use std::collections::BTreeMap;

use offercast_app::import::{ImportFiles, ImportOptions};
use reqwest::Method;
use serde_json::json;

use crate::import::{ONE_OFFER, OPTIONS, files, import, stored_rows};
use crate::support::{World, answer, offer};

/// What ends up in a cell, and what a spreadsheet would make of it.
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
    answer(request.header("accept", "text/csv")).await.body.as_str().unwrap().to_owned()
}

/// Customer and order of each redemption, in order.
async fn ids(world: &World) -> Vec<(String, Option<String>)> {
    sqlx::query_as("select customer_id, order_id from redemptions order by id")
        .fetch_all(&mut world.database.connect().await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cell_of_an_export_is_a_formula_and_an_import_gives_every_id_back() {
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
async fn the_codes_as_a_file_hold_no_formula() {
    let world = World::new().await;
    world.client.create(&offer("CODES", &json!({}))).await;
    let issued = world.client.post("/api/offers/CODES/codes", &json!({"count": 1})).await;
    let body = json!({"code": issued.data()["codes"][0], "customer_id": "=1+1", "order_amount": 20});
    world.client.post("/api/redeem", &body).await.data();
    let csv = world.client.get("/api/offers/CODES/codes").await;
    assert!(csv.body.as_str().unwrap().trim_end().ends_with(",'=1+1"), "{csv:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn headings_that_are_not_known_are_refused_and_nothing_is_loaded() {
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
    for (test, last, of_redemptions, says) in [
        ("case", "Budget", redemptions, "offers.csv, line 1: the column \"Budget\" is not known (budget?)"),
        (
            "spelt",
            "max_redemption",
            redemptions,
            "the column \"max_redemption\" is not known (max_redemptions?)",
        ),
        ("zone", "time_zone", redemptions, "the column \"time_zone\" is not known (timezone?)"),
        ("space", " budget", redemptions, "the column \" budget\" is not known (budget?)"),
        ("twice", "code", redemptions, "offers.csv, line 1: the column code is there twice"),
        (
            "order",
            "budget",
            "offer_code,customer_id,order_amount,discount_given,redeemed_at,Order_ID",
            "redemptions.csv, line 1: the column \"Order_ID\" is not known (order_id?)",
        ),
    ] {
        let files = with_heading(test, &format!("{offers}{last}"), of_redemptions);
        let told = import(&world, &files, OPTIONS).await.unwrap_err();
        assert!(told.contains(says), "{told}\nshould say\n{says}");
    }
    assert_eq!(world.database.count("select count(*) from offers").await, 0);
    // A mark of byte order is no part of a name.
    let files = with_heading("mark", &format!("\u{feff}{offers}budget"), &format!("\u{feff}{redemptions}"));
    import(&world, &files, OPTIONS).await.unwrap();
    assert_eq!(world.client.get("/api/offers/A").await.data()["budget"], 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_commas_are_passed_over_and_counted() {
    let world = World::new().await;
    let offers = format!("{ONE_OFFER},,,,,,,,,\n,,,,,,,,,\n");
    let rows = "A,c1,20,5,2026-01-10T10:00:00Z,\n,,,,,\nA,c2,20,5,2026-01-10T11:00:00Z,\n, ,,,,\n";
    let report = import(&world, &files("commas", &offers, rows), OPTIONS).await.unwrap();
    assert_eq!((report.offers, report.redemptions), (1, 2));
    assert_eq!(report.warnings, BTreeMap::from([("empty_row", 4)]));
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_moment_of_an_offer_is_within_it_however_fine_it_is() {
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
        let odd = if replay { &report.refused } else { &report.warnings };
        assert_eq!(odd, &BTreeMap::from([("offer_expired", 1)]));
        let count = "select count(*) from redemptions where redemption_date = date '2025-06-30'
            and redeemed_at = timestamptz '2025-06-30T23:59:59.999999Z'
            and redemption_date = (redeemed_at at time zone 'UTC')::date";
        assert_eq!(world.database.count(count).await, 4);
        world.assert_verified().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_moment_or_number_is_told_with_its_line() {
    let world = World::new().await;
    for (n, (row, says)) in [
        (
            "A,c1,20,5,2025-06-29T23:59:60Z,\n",
            "line 2: redeemed_at: \"2025-06-29T23:59:60Z\" has to be a moment",
        ),
        ("A,c1,20,5,2026-01-10T10:00:00+24:00,\n", "line 2: redeemed_at: "),
        ("A,c1,1_000,5,2026-01-10T10:00:00Z,\n", "line 2: order_amount: has to be a number"),
        (
            "A,c1,20,0.00000000000000000000000000001,2026-01-10T10:00:00Z,\n",
            "line 2: discount_given: has to be a number",
        ),
        ("A,c1,1e3,5,2026-01-10T10:00:00Z,\n", "line 2: order_amount: has to be a number"),
        ("A,c\0,20,5,2026-01-10T10:00:00Z,\n", "line 2: holds a NUL byte"),
        (
            "A,c1,20,5,2026-01-10T10:00:00Z,\r\nA,c\t,20,5,2026-01-10T10:00:00Z,\r\n",
            "line 3: customer_id: must not contain",
        ),
        ("A,\"c1,20,5,2026-01-10T10:00:00Z,\nA,c1,20,5,2026-01-10T10:00:00Z,\n", "line 2: has a line break"),
    ]
    .into_iter()
    .enumerate()
    {
        let told = import(&world, &files(&format!("row-{n}"), ONE_OFFER, row), OPTIONS).await.unwrap_err();
        assert!(told.contains(&format!("redemptions.csv, {says}")), "{told}\nshould say\n{says}");
    }
    assert_eq!(world.database.count("select count(*) from offers").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_ids_keep_what_cannot_be_seen_and_are_counted() {
    let world = World::new().await;
    let rows = "A,c\u{200b}1,20,5,2026-01-10T10:00:00Z,\nA,c2,20,5,2026-01-10T11:00:00Z,\u{202e}o1\nA,c3,20,1,2026-01-10T11:00:00Z,o3\n";
    let report = import(&world, &files("hidden", ONE_OFFER, rows), OPTIONS).await.unwrap();
    assert_eq!(report.warnings, BTreeMap::from([("hidden_characters", 2)]));
    assert_eq!(stored_rows(&world).await.len(), 3);
    assert_eq!(ids(&world).await[0].0, "c\u{200b}1");
    let named = "A,Off\u{200b}er,flat,5,USD,UTC,2026-01-01,2026-01-31,,\n";
    let told = import(&World::new().await, &files("hidden-name", named, ""), OPTIONS).await.unwrap_err();
    assert!(told.contains("offers.csv, line 2: name: must not contain") && told.contains("U+200B"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_in_a_file_are_read_as_they_are_typed() {
    let world = World::new().await;
    let offers = "sum\u{ad}mer\u{2013}10,Summer,flat,5,USD,UTC,2026-01-01,2026-01-31,,\n";
    let rows = "\u{feff}ＳＵＭＭＥＲ－１０,c1,20,5,2026-01-10T10:00:00Z,\nsummer\u{2011}10\u{a0},c2,20,5,2026-01-10T11:00:00Z,\n";
    import(&world, &files("typed", offers, rows), OPTIONS).await.unwrap();
    assert_eq!(world.client.get("/api/offers/SUMMER-10").await.data()["totals"]["redemptions"], 2);
}
