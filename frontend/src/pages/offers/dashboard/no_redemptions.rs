use leptos::prelude::*;

use crate::browser::origin;
use crate::components::EmptyState;
use crate::i18n::dashboard as texts;

/// Shown instead of the charts until the first redemption: how to redeem the offer.
#[component]
pub fn NoRedemptions(code: String) -> impl IntoView {
    view! {
        <div class="card">
            <EmptyState
                title=texts::no_redemptions()
                text=texts::share_code(&code)
            >
                <p class="hint">{texts::for_developers()}</p>
                <pre class="example" tabindex="0" data-testid="redeem-example"><code>{example_call(&origin(), &code)}</code></pre>
            </EmptyState>
        </div>
    }
}

fn example_call(origin: &str, code: &str) -> String {
    format!(
        "curl {origin}/api/offers/{code}/redeem \\\n  \
         -H 'Content-Type: application/json' \\\n  \
         -d '{{\"customer_id\": 1001, \"order_amount\": 500}}'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_call_that_works() {
        insta::assert_snapshot!(example_call("https://offers.example.com", "SUMMER-10"), @r#"
        curl https://offers.example.com/api/offers/SUMMER-10/redeem \
          -H 'Content-Type: application/json' \
          -d '{"customer_id": 1001, "order_amount": 500}'
        "#);
    }
}
