use crate::i18n::account as texts;

/// A mark in the `User-Agent` header, and the name of what sends it. The first match counts: most browsers also name
/// others.
type Mark = (&'static str, &'static str);

const BROWSERS: [Mark; 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [Mark; 7] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// Browser and system by the `User-Agent` header: `Firefox on Windows`.
pub fn device(user_agent: &str) -> String {
    let find =
        |marks: &[Mark]| marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => texts::on_system(browser, system),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if user_agent.is_empty() => texts::unknown_browser().to_owned(),
        (None, None) => user_agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers_have_a_name() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        for (user_agent, name) in [
            (
                format!("{windows} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"),
                "Chrome on Windows",
            ),
            (format!("{windows} AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0"), "Edge on Windows"),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0".to_owned(),
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1"
                    .to_owned(),
                "Safari on iOS",
            ),
            ("curl/8.10".to_owned(), "curl/8.10"),
            (String::new(), "Unknown browser"),
        ] {
            assert_eq!(device(&user_agent), name);
        }
    }
}
