//! Searching and sorting do not depend on the locale of the database.

use serde_json::json;

use crate::support::{Client, Database, TestClock, app, offer, serve};

/// `lower` and `upper` treat I, i, ß or é differently in each of these.
const LOCALES: [&str; 3] = [
    "locale_provider icu icu_locale 'tr-TR' locale 'C.UTF-8'",
    "locale_provider icu icu_locale 'lt-LT' locale 'C.UTF-8'",
    "locale 'C'",
];

const NAMES: [(&str, &str); 6] = [
    ("GIFT-10", "Gift of the house"),
    ("ISTANBUL", "İstanbul İndirimi"),
    ("ILIK", "Ilık günler"),
    ("ECOLE", "École d'été"),
    ("STRASSE", "Hauptstraße"),
    ("OMEGA", "ΚΑΛΟΣ ΚΟΣΜΟΣ"),
];

async fn filled(locale: &str) -> Client {
    let database = Database::with_locale(locale).await;
    let client = serve(app(&database.application_url(), &TestClock::at("2026-06-15T12:00:00Z"), 2));
    for (code, name) in NAMES {
        client.create(&offer(code, &json!({"name": name}))).await;
    }
    client
}

async fn codes(client: &Client, query: &[(&str, &str)]) -> Vec<String> {
    let request = client.request(reqwest::Method::GET, "/api/offers").query(query);
    let response = crate::support::send_request(request).await;
    let offers = response.data().as_array().unwrap();
    offers.iter().map(|offer| offer["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn search_ignores_case_in_every_locale() {
    for locale in LOCALES {
        let client = filled(locale).await;
        for (search, finds) in [
            ("gift", "GIFT-10"),
            ("GIFT OF", "GIFT-10"),
            ("gIfT-1", "GIFT-10"),
            ("istanbul i", "ISTANBUL"),
            ("İSTANBUL", "ISTANBUL"),
            ("ilik G", "ILIK"),
            ("ILIK GÜN", "ILIK"),
            ("éCOLE D'ÉTÉ", "ECOLE"),
            // é as two characters.
            ("e\u{301}cole", "ECOLE"),
            ("hauptSTRASSE", "STRASSE"),
            ("καλος κοσμος", "OMEGA"),
        ] {
            assert_eq!(codes(&client, &[("q", search)]).await, [finds], "{search} in {locale}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_the_same_order_in_every_locale() {
    for locale in LOCALES {
        let client = filled(locale).await;
        let by_name = codes(&client, &[("sort", "name")]).await;
        let expected = ["GIFT-10", "STRASSE", "ILIK", "ISTANBUL", "ECOLE", "OMEGA"];
        assert_eq!(by_name, expected, "{locale}");
        let by_code = codes(&client, &[("sort", "code")]).await;
        assert_eq!(by_code, ["ECOLE", "GIFT-10", "ILIK", "ISTANBUL", "OMEGA", "STRASSE"], "{locale}");
        let first = client.get("/api/offers?sort=name&limit=3").await;
        let cursor = first.body["meta"]["next_cursor"].as_str().unwrap();
        let rest = codes(&client, &[("sort", "name"), ("cursor", cursor)]).await;
        assert_eq!(rest, expected[3..], "{locale}");
    }
}
