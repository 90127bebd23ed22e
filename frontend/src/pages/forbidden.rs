use leptos::prelude::*;

use crate::browser::use_title;
use crate::format::role_name;
use crate::i18n::common as texts;
use crate::sign_in::SignedIn;

/// Shown instead of a page that the signed-in person may not open.
#[component]
pub fn Forbidden() -> impl IntoView {
    use_title(|| texts::no_access().to_owned());
    let account = SignedIn::expect().account();
    let why = move || texts::not_for_role(role_name(account.read().role));
    view! {
        <section class="state" data-testid="forbidden">
            <p class="state-number">"403"</p>
            <h1>{texts::no_access()}</h1>
            <p>{why}</p>
            <div class="state-actions">
                <a href="/admin" class="button">{texts::overview()}</a>
            </div>
        </section>
    }
}
