use leptos::prelude::*;

use crate::browser::origin;
use crate::components::EmptyState;
use crate::words::dashboard as words;

/// Nothing redeemed yet: how a shop does it.
#[component]
pub fn NothingRedeemed(code: String) -> impl IntoView {
    view! {
        <div class="card" >
            <EmptyState
                title=words::nothing_redeemed()
                text=words::how_a_shop_does_it()
            >
                <pre class="example" tabindex="0" data-testid="redeem-example"><code>{example(&origin(), &code)}</code></pre>
            </EmptyState>
        </div>
    }
}

fn example(origin: &str, code: &str) -> String {
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
        insta::assert_snapshot!(example("https://offers.example.com", "SUMMER-10"), @r#"
        curl https://offers.example.com/api/offers/SUMMER-10/redeem \
          -H 'Content-Type: application/json' \
          -d '{"customer_id": 1001, "order_amount": 500}'
        "#);
    }
}
