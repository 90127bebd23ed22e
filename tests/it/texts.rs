//! Texts and codes with invisible or unusual characters, as they occur when users paste them.

use serde_json::{Value, json};

use crate::support::{World, offer};

/// One invisible character of each kind: zero width, direction, soft hyphen, filler, private use, noncharacter.
const HIDDEN: [char; 8] =
    ['\u{200b}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{ad}', '\u{3164}', '\u{e000}', '\u{ffff}'];

#[tokio::test(flavor = "multi_thread")]
async fn ids_names_and_reasons_with_invisible_characters_are_rejected() {
    let world = World::new().await;
    world.client.create(&offer("SEEN", &json!({}))).await;
    let redeemed = world.client.redeem("SEEN", &json!(50)).await.data()["redemption_id"].clone();
    let code =
        world.client.post("/api/offers/SEEN/codes", &json!({"count": 1})).await.data()["codes"][0].clone();
    for hidden in HIDDEN {
        let bad = format!("a{hidden}b");
        let order = |field: &str| {
            let mut order = json!({"customer_id": "c", "order_amount": 10});
            order[field] = json!(bad);
            order
        };
        for field in ["customer_id", "order_id"] {
            let mut by_code = order(field);
            by_code["code"] = code.clone();
            for (path, body) in [
                ("/api/offers/SEEN/redeem", order(field)),
                ("/api/offers/SEEN/reserve", order(field)),
                ("/api/offers/SEEN/quote", order(field)),
                ("/api/redeem", by_code),
            ] {
                let rejected = world.client.post(path, &body).await;
                assert_eq!(rejected.fields(), [(field, "invalid")], "{path} {rejected:?}");
            }
            let mut row = order(field);
            row["offer"] = json!("SEEN");
            let batch = world.client.post("/api/redemptions/batch", &json!([row])).await;
            assert_eq!(batch.data()[0]["error"]["fields"][0]["field"], field, "{batch:?}");
        }
        let path = format!("/api/redemptions/{redeemed}/reverse");
        let reversal = world.client.post(&path, &json!({"reason": bad})).await;
        assert_eq!(reversal.fields(), [("reason", "invalid")]);
        let created = world.client.post("/api/offers", &offer("OTHER", &json!({"name": bad}))).await;
        assert_eq!(created.fields(), [("name", "invalid")]);
        let number = format!("U+{:04X}", u32::from(hidden));
        assert!(
            created.body["error"]["fields"][0]["message"].as_str().unwrap().contains(&number),
            "{created:?}"
        );
        let renamed = world.client.patch("/api/offers/SEEN", &json!({"name": bad})).await;
        assert_eq!(renamed.fields(), [("name", "invalid")]);
    }
    assert_eq!(world.database.count("select count(*) from redemptions").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_may_contain_emoji_and_joined_letters() {
    let world = World::new().await;
    for (n, name) in ["Sommer ☀\u{fe0f}", "👩\u{200d}💻 Days", "می\u{200c}خواهم"].into_iter().enumerate()
    {
        let created = world.client.create(&offer(&format!("NAME-{n}"), &json!({"name": name}))).await;
        assert_eq!(created["name"], name);
    }
}

/// Pausing an offer does not require renaming it.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_keeps_a_name_from_before_the_rules() {
    let world = World::new().await;
    world.client.create(&offer("OLD", &json!({}))).await;
    world.database.execute("update offers set name = U&'Sum\\200Bmer'").await;
    let paused = world.client.patch("/api/offers/OLD", &json!({"status": "paused"})).await;
    assert_eq!(
        (&paused.data()["status"], &paused.data()["name"]),
        (&json!("paused"), &json!("Sum\u{200b}mer"))
    );
    let renamed = world.client.patch("/api/offers/OLD", &json!({"name": "Win\u{200b}ter"})).await;
    assert_eq!(renamed.fields(), [("name", "invalid")]);
}

/// Variants of a code as pasted from web pages or documents, or typed on other keyboards.
fn pasted(code: &str) -> [String; 5] {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap();
    [
        format!("\u{feff}{}\u{a0}", code.to_lowercase()),
        code.replace('-', "\u{2013}"),
        code.replace('-', "\u{2011}\u{200b}"),
        code.chars().map(wide).collect(),
        code.chars().map(|c| format!("{c}\u{ad}\u{2060}\u{200e}\u{202a}")).collect(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn pasted_codes_are_accepted_everywhere() {
    let world = World::new().await;
    let id = world.client.create(&offer("sum\u{ad}mer\u{2013}ten", &json!({"name": "Untitled"}))).await["id"]
        .clone();
    let order = |code: &str| json!({"code": code, "customer_id": 1, "order_amount": 10});
    let issued = world
        .client
        .post("/api/offers/SUMMER-TEN/codes", &json!({"count": 5, "prefix": "ｗｉｎ\u{200b}"}))
        .await;
    assert_eq!(issued.data()["prefix"], "WIN");
    let unique: Vec<&str> =
        issued.data()["codes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    for (n, typed) in pasted("SUMMER-TEN").into_iter().enumerate() {
        let mut url = reqwest::Url::parse(&world.client.base).unwrap();
        url.path_segments_mut().unwrap().extend(["api", "offers", &typed]);
        let shown = world.client.get(url.path()).await;
        assert_eq!(shown.data()["code"], "SUMMER-TEN", "{typed:?}");
        assert_eq!(
            world.client.post("/api/redeem", &order(&typed)).await.data()["offer_id"],
            id,
            "{typed:?}"
        );
        let row = json!([{"offer": typed, "customer_id": 1, "order_amount": 10}]);
        let batch = world.client.post("/api/redemptions/batch", &row).await;
        assert_eq!(batch.data()[0]["data"]["offer_id"], id, "{typed:?}");
        let found = world.client.request(reqwest::Method::GET, "/api/offers").query(&[("q", &typed)]);
        let found = crate::support::send_request(found).await;
        let ids: Vec<&Value> = found.data().as_array().unwrap().iter().map(|offer| &offer["id"]).collect();
        assert_eq!(ids, [&id], "{typed:?}");
        let once = &pasted(unique[n])[n];
        assert_eq!(world.client.post("/api/redeem", &order(once)).await.data()["offer_id"], id, "{once:?}");
        let again = world.client.post("/api/redeem", &order(unique[n])).await;
        assert_eq!(again.code(), "code_already_used", "{once:?}");
    }
    let taken = world.client.post("/api/offers", &offer("ＳＵＭＭＥＲ－ＴＥＮ", &json!({}))).await;
    assert_eq!(taken.fields(), [("code", "taken")]);
    for text in ["\u{200b}", "SÜMMER-TEN", &"A\u{200b}".repeat(5_000)] {
        assert_eq!(world.client.post("/api/redeem", &order(text)).await.code(), "code_not_found", "{text:?}");
    }
    world.assert_verified().await;
}
