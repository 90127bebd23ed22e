//! The macros that define texts, and how their placeholders are filled in.

/// Defines one function per text, with the text in each language:
///
/// ```ignore
/// texts! {
///     all_offers: "All offers", "Alle Angebote";
///     limited_to(limit): "limit {limit}", "Limit {limit}";
/// }
/// ```
macro_rules! texts {
    ($($name:ident $(($($part:ident),+))?: $english:literal, $german:literal;)*) => {
        $(texts!(@one $name [$($($part),+)?] $english, $german);)*

        /// The name, placeholders and translations of each text.
        #[cfg(test)]
        pub const TEXTS: &[(&str, &str, &str, &str)] =
            &[$((stringify!($name), stringify!($($($part),+)?), $english, $german)),*];
    };
    (@one $name:ident [] $english:literal, $german:literal) => {
        pub fn $name() -> &'static str {
            $crate::i18n::pick($english, $german)
        }
    };
    (@one $name:ident [$($part:ident),+] $english:literal, $german:literal) => {
        pub fn $name($($part: &str),+) -> String {
            $crate::i18n::fill($crate::i18n::pick($english, $german), &[$((stringify!($part), $part)),+])
        }
    };
}

/// Defines one function per countable thing, with singular and plural in each language. Both use the singular for
/// exactly one. `{number}` is the only placeholder.
macro_rules! plurals {
    ($($(#[$doc:meta])* $name:ident: $one:literal | $many:literal, $eins:literal | $viele:literal;)*) => {
        $($(#[$doc])* pub fn $name(number: i64) -> String {
            $crate::i18n::plural(number, $crate::i18n::pick([$one, $many], [$eins, $viele]))
        })*

        /// The name and translations of each countable thing: singular, plural.
        #[cfg(test)]
        pub const PLURALS: &[(&str, [&str; 2], [&str; 2])] =
            &[$((stringify!($name), [$one, $many], [$eins, $viele])),*];
    };
}

/// Replaces each `{name}` by the part of that name.
pub fn fill(text: &str, parts: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut pieces = text.split('{');
    filled.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or_default();
        let part = parts.iter().find(|(known, _)| *known == name);
        filled.push_str(part.map_or("", |(_, part)| part));
        filled.push_str(rest);
    }
    filled
}

/// Returns singular or plural with the number in place of `{number}`.
pub fn plural(number: i64, [one, many]: [&str; 2]) -> String {
    let text = if number == 1 { one } else { many };
    fill(text, &[("number", &super::grouped(&number.to_string()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_once() {
        let parts = [("a", "1"), ("b", "{b}")];
        assert_eq!(fill("{b} of {a}, {a}!", &parts), "{b} of 1, 1!");
        assert_eq!(fill("nothing", &parts), "nothing");
    }

    #[test]
    fn only_one_is_singular() {
        let days = |number| plural(number, ["{number} day", "{number} days"]);
        assert_eq!([days(0), days(1), days(1_200)], ["0 days", "1 day", "1,200 days"]);
    }
}
