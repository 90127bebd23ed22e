use std::fmt::Write;

use leptos::prelude::*;

const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 28.0;

/// A small line chart without axes. Hidden from screen readers unless it has a `label`.
#[component]
pub fn Sparkline(
    #[prop(into)] values: Signal<Vec<f64>>,
    #[prop(into, optional)] label: Option<String>,
    #[prop(default = "accent")] tone: &'static str,
) -> impl IntoView {
    let line = move || values.with(|values| line(values));
    let area = move || values.with(|values| area(values));
    view! {
        <svg
            class=format!("sparkline sparkline-{tone}")
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            role=label.as_ref().map(|_| "img")
            aria-hidden=label.is_none().then_some("true")
            aria-label=label
        >
            <path class="sparkline-area" d=area></path>
            <path d=line></path>
        </svg>
    }
}

/// The path of the line across the full width, with a margin above and below for the stroke width.
fn line(values: &[f64]) -> String {
    let highest = values.iter().copied().fold(0.0, f64::max);
    let step = WIDTH / steps(values);
    let mut path = String::new();
    for (place, value) in values.iter().enumerate() {
        let share = if highest > 0.0 { value / highest } else { 0.0 };
        let (x, y) = (step * as_number(place), HEIGHT - 1.0 - share * (HEIGHT - 2.0));
        // Writing to a String cannot fail.
        _ = write!(path, "{}{x:.1} {y:.1}", if place == 0 { 'M' } else { 'L' });
    }
    path
}

fn area(values: &[f64]) -> String {
    if values.len() < 2 { String::new() } else { format!("{}V{HEIGHT}H0Z", line(values)) }
}

fn steps(values: &[f64]) -> f64 {
    as_number(values.len().saturating_sub(1).max(1))
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred places at most")]
fn as_number(place: usize) -> f64 {
    place as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_spans_the_box_from_zero_to_the_highest_value() {
        assert_eq!(line(&[0.0, 4.0, 2.0]), "M0.0 27.0L50.0 1.0L100.0 14.0");
        assert_eq!(area(&[0.0, 4.0]), "M0.0 27.0L100.0 1.0V28H0Z");
    }

    #[test]
    fn zeros_are_a_flat_line_and_no_values_are_no_line() {
        assert_eq!(line(&[0.0, 0.0]), "M0.0 27.0L100.0 27.0");
        assert_eq!((line(&[]), area(&[1.0])), (String::new(), String::new()));
    }
}
