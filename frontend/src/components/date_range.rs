use chrono::NaiveDate;
use leptos::prelude::*;
use offercast_contract::DateRange;

use super::menu::close_when_left;
use super::{Button, Icon, Symbol, Variant};
use crate::i18n::common as texts;

/// A button that opens a popover to choose a start and an end date, both included.
#[component]
pub fn DateRangePicker(
    /// The text of the button.
    #[prop(into)]
    label: Signal<String>,
    /// Whether the shown range was chosen here.
    #[prop(into)]
    current: Signal<bool>,
    #[prop(into)] value: Signal<DateRange>,
    /// Names another way to choose a range.
    hint: &'static str,
    #[prop(into)] choose: Callback<DateRange>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            open.set(false);
        }
    };
    let chosen = Callback::new(move |range| {
        open.set(false);
        choose.run(range);
    });
    view! {
        <div class="popover-box" on:focusout=move |event| close_when_left(open, &event) on:keydown=on_key>
            <button
                type="button"
                class="button"
                data-testid="range-custom"
                aria-current=move || current.get().then_some("true")
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon symbol=Symbol::Calendar />
                <span>{label}</span>
            </button>
            <Show when=move || open.get()>
                <RangeForm value=value.get_untracked() hint chosen />
            </Show>
        </div>
    }
}

#[component]
fn RangeForm(value: DateRange, hint: &'static str, chosen: Callback<DateRange>) -> impl IntoView {
    let from = RwSignal::new(value.from.to_string());
    let to = RwSignal::new(value.to.to_string());
    let range = Memo::new(move |_| read(&from.read(), &to.read()));
    let apply = move |()| {
        if let Some(range) = range.get_untracked() {
            chosen.run(range);
        }
    };
    let in_order = move || range.get().is_some();
    let trouble = move || (!in_order()).then(texts::end_before_start);
    view! {
        <div class="popover popover-start date-range" tabindex="-1">
            <DateInput id="range-from" label=texts::start_date() text=from />
            <DateInput id="range-to" label=texts::end_date() text=to />
            <div class="date-range-foot">
                <p class="hint" hidden=move || !in_order()>{hint}</p>
                <p class="field-error" role="alert">{trouble}</p>
                <Button
                    variant=Variant::Primary
                    hook="range-apply"
                    disabled=Signal::derive(move || !in_order())
                    press=apply
                >
                    {texts::apply()}
                </Button>
            </div>
        </div>
    }
}

#[component]
fn DateInput(id: &'static str, label: &'static str, text: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                data-testid=id
                type="date"
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            />
        </div>
    }
}

fn read(from: &str, to: &str) -> Option<DateRange> {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let (from, to) = (day(from)?, day(to)?);
    (from <= to).then_some(DateRange { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_must_not_end_before_it_starts() {
        assert!(read("2026-11-01", "2026-11-01").is_some());
        assert_eq!(read("2026-11-02", "2026-11-01"), None);
        assert_eq!(read("", "2026-11-01"), None);
    }
}
