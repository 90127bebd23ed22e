use offercast_contract::Scope;

/// A call to try a new key with, ready to paste. `offer` is the code or id of an offer that the key may use.
pub fn example_call(origin: &str, secret: &str, scopes: &[Scope], offer: Option<&str>) -> String {
    let call = |path: &str| format!("curl {origin}{path} \\\n  -H 'Authorization: Bearer {secret}'");
    let offer = offer.unwrap_or("YOUR-OFFER");
    let has = |scope: Scope| scopes.contains(&scope);
    if has(Scope::RedemptionsWrite) {
        let redeem = call(&format!("/api/offers/{offer}/redeem"));
        return format!(
            "{redeem} \\\n  -H 'Content-Type: application/json' \\\n  \
             -d '{{\"customer_id\": 1001, \"order_amount\": 500}}'"
        );
    }
    if has(Scope::OffersRead) || has(Scope::OffersWrite) {
        return call("/api/offers");
    }
    match scopes {
        _ if has(Scope::ReportsRead) => call("/api/overview"),
        _ if has(Scope::RedemptionsRead) => call(&format!("/api/offers/{offer}/redemptions")),
        _ if has(Scope::Webhooks) => call("/api/webhooks"),
        _ => call("/api/keys"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_shop_redeems() {
        let call = example_call(
            "https://x.example",
            "ofc_1",
            &[Scope::OffersRead, Scope::RedemptionsWrite],
            Some("SUMMER-10"),
        );
        insta::assert_snapshot!(call, @r#"
        curl https://x.example/api/offers/SUMMER-10/redeem \
          -H 'Authorization: Bearer ofc_1' \
          -H 'Content-Type: application/json' \
          -d '{"customer_id": 1001, "order_amount": 500}'
        "#);
    }

    #[test]
    fn other_keys_read_what_they_may() {
        for (scope, path) in [
            (Scope::OffersRead, "/api/offers"),
            (Scope::ReportsRead, "/api/overview"),
            (Scope::RedemptionsRead, "/api/offers/YOUR-OFFER/redemptions"),
            (Scope::Admin, "/api/keys"),
        ] {
            let call = example_call("https://x.example", "ofc_1", &[scope], None);
            assert_eq!(call, format!("curl https://x.example{path} \\\n  -H 'Authorization: Bearer ofc_1'"));
        }
    }
}
