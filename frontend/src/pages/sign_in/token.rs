use leptos::prelude::*;

/// The token in the fragment of the address, such as `#once=TOKEN`. Fragments reach no server and no log.
pub fn read(name: &str) -> Option<String> {
    token(&window().location().hash().ok()?, name)
}

/// The same, and removes the fragment from the address and from the history.
pub fn take(name: &str) -> Option<String> {
    let token = read(name)?;
    let here = window().location();
    let address = here.pathname().ok()? + &here.search().unwrap_or_default();
    // Fails only for addresses of other sites.
    let _ = window().history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    Some(token)
}

fn token(fragment: &str, name: &str) -> Option<String> {
    let token = fragment.strip_prefix('#')?.strip_prefix(name)?.strip_prefix('=')?;
    (!token.is_empty()).then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_follows_its_name() {
        assert_eq!(token("#once=abc-_1", "once").as_deref(), Some("abc-_1"));
        for fragment in ["", "#", "#once", "#once=", "#token=abc", "once=abc"] {
            assert_eq!(token(fragment, "once"), None, "{fragment:?}");
        }
    }
}
