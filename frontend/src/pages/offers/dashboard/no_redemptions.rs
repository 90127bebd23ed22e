use leptos::prelude::*;

use crate::browser::origin;
use crate::components::EmptyState;
use crate::i18n::dashboard as texts;
use crate::sign_in::SignedIn;

/// Shown instead of the charts until the first redemption: how to redeem the offer.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn NoRedemptions(code: String) -> impl IntoView {
    let needs_key = SignedIn::expect().account().with_untracked(|account| account.access_control);
    let example = example_call(&origin(), &code, needs_key);
    view! {
        <div class="card">
            <EmptyState
                title=texts::no_redemptions()
                text=texts::share_code(&code)
            >
                <p class="hint">{texts::for_developers()}</p>
                <pre class="example" tabindex="0" data-testid="redeem-example"><code>{example}</code></pre>
            </EmptyState>
        </div>
    }
}

fn example_call(origin: &str, code: &str, needs_key: bool) -> String {
    let key = if needs_key { "-H 'Authorization: Bearer YOUR-API-KEY' \\\n  " } else { "" };
    format!(
        "curl {origin}/api/offers/{code}/redeem \\\n  {key}\
         -H 'Content-Type: application/json' \\\n  \
         -d '{{\"customer_id\": 1001, \"order_amount\": 500}}'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_call_that_works() {
        insta::assert_snapshot!(example_call("https://offers.example.com", "SUMMER-10", true), @r#"
        curl https://offers.example.com/api/offers/SUMMER-10/redeem \
          -H 'Authorization: Bearer YOUR-API-KEY' \
          -H 'Content-Type: application/json' \
          -d '{"customer_id": 1001, "order_amount": 500}'
        "#);
    }
}
