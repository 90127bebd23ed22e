//! How words are written down, and how what they leave open is filled in.

/// Functions that say something, each with its text in every language:
///
/// ```ignore
/// words! {
///     all_offers: "All offers", "Alle Angebote";
///     of_maximum(maximum): "of {maximum} possible", "von {maximum} möglichen";
/// }
/// ```
macro_rules! words {
    ($($name:ident $(($($part:ident),+))?: $english:literal, $german:literal;)*) => {
        $(words!(@one $name [$($($part),+)?] $english, $german);)*

        /// Name, parts and texts.
        #[cfg(test)]
        pub const ALL: &[(&str, &str, &str, &str)] =
            &[$((stringify!($name), stringify!($($($part),+)?), $english, $german)),*];
    };
    (@one $name:ident [] $english:literal, $german:literal) => {
        pub fn $name() -> &'static str {
            $crate::words::pick($english, $german)
        }
    };
    (@one $name:ident [$($part:ident),+] $english:literal, $german:literal) => {
        pub fn $name($($part: &str),+) -> String {
            $crate::words::fill($crate::words::pick($english, $german), &[$((stringify!($part), $part)),+])
        }
    };
}

/// The same of things that are counted: one of them, then many, in each language. English and German tell one from
/// many alike.
macro_rules! counted {
    ($($(#[$doc:meta])* $name:ident: $one:literal | $many:literal, $eins:literal | $viele:literal;)*) => {
        $($(#[$doc])* pub fn $name(number: i64) -> String {
            $crate::words::one_or_many(number, $crate::words::pick([$one, $many], [$eins, $viele]))
        })*
    };
}

/// Puts each part where its name stands in braces.
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

/// `{number}` is where the number stands.
pub fn one_or_many(number: i64, [one, many]: [&str; 2]) -> String {
    let text = if number == 1 { one } else { many };
    fill(text, &[("number", &crate::format::count(number))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_where_they_are_named() {
        let parts = [("a", "1"), ("b", "{b}")];
        assert_eq!(fill("{b} of {a}, {a}!", &parts), "{b} of 1, 1!");
        assert_eq!(fill("nothing", &parts), "nothing");
    }

    #[test]
    fn one_is_told_from_many() {
        let days = |number| one_or_many(number, ["{number} day", "{number} days"]);
        assert_eq!([days(0), days(1), days(1_200)], ["0 days", "1 day", "1,200 days"]);
    }
}
