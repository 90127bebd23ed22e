use leptos::prelude::*;

use crate::format::percent;
use crate::i18n::common as texts;

/// How a figure changed compared with an earlier one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    Up(f64),
    Down(f64),
    Even,
    /// The earlier figure was zero.
    New,
}

impl Change {
    pub fn between(before: f64, after: f64) -> Change {
        let by = (after - before) / before * 100.0;
        match (before == 0.0, after == 0.0) {
            (true, true) => Change::Even,
            (true, false) => Change::New,
            // Rounds to 0.0%.
            _ if by.abs() < 0.05 => Change::Even,
            _ if by > 0.0 => Change::Up(by),
            _ => Change::Down(-by),
        }
    }

    /// From a change in percent.
    pub fn by(percent: f64) -> Change {
        Change::between(100.0, 100.0 + percent)
    }

    fn class(self) -> &'static str {
        match self {
            Change::Up(_) | Change::New => "change change-up",
            Change::Down(_) => "change change-down",
            Change::Even => "change change-even",
        }
    }

    fn text(self) -> String {
        match self {
            Change::Up(by) => format!("\u{2191} {}", percent(by)),
            Change::Down(by) => format!("\u{2193} {}", percent(by)),
            Change::Even => texts::no_change().to_owned(),
            Change::New => texts::new().to_owned(),
        }
    }

    /// The arrow as text, for screen readers.
    fn direction(self) -> Option<&'static str> {
        match self {
            Change::Up(_) => Some(texts::up()),
            Change::Down(_) => Some(texts::down()),
            Change::Even | Change::New => None,
        }
    }
}

/// An arrow and a percentage, coloured by direction.
#[component]
pub fn ChangeChip(change: Change) -> impl IntoView {
    view! {
        <span class=change.class()>
            {change.direction().map(|word| view! { <span class="visually-hidden">{word}</span> })}
            {change.text()}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_direction_and_share() {
        for (before, after, text) in [
            (100.0, 112.0, "\u{2191} 12%"),
            (4.0, 1.0, "\u{2193} 75%"),
            (3.0, 3.0, "no change"),
            (0.0, 0.0, "no change"),
            (0.0, 2.0, "new"),
        ] {
            assert_eq!(Change::between(before, after).text(), text);
        }
    }
}
