use leptos::prelude::*;
use offercast_domain::Currency;

use super::field::Field;
use super::inputs::{Labelled, SelectInput, TextInput};
use super::state::FormState;
use crate::browser::time_zones;
use crate::words::{common, form as words};

#[component]
pub fn Sections(form: FormState) -> impl IntoView {
    view! {
        <Section title=words::offer() text=words::offer_hint()>
            <Labelled form field=Field::Name><TextInput form field=Field::Name placeholder=words::name_example() /></Labelled>
            <Labelled form field=Field::Code hint=words::code_hint()>
                <TextInput form field=Field::Code placeholder="SUMMER-10" />
            </Labelled>
            {(!form.is_new()).then(|| view! { <Status form /> })}
        </Section>
        <Section title=words::discount() text=words::discount_hint()>
            <Discount form />
        </Section>
        <Section title=words::when() text=words::when_hint()>
            <Period form />
        </Section>
        <Section title=words::limits() text=words::limits_hint()>
            <Limits form />
        </Section>
    }
}

#[component]
fn Section(title: &'static str, text: &'static str, children: Children) -> impl IntoView {
    view! {
        <fieldset class="form-section">
            <legend>{title}</legend>
            <p class="hint">{text}</p>
            <div class="form-fields">{children()}</div>
        </fieldset>
    }
}

#[component]
fn Status(form: FormState) -> impl IntoView {
    let options =
        vec![("active", common::active()), ("paused", common::paused()), ("archived", common::archived())];
    view! {
        <Labelled form field=Field::Status hint=words::status_hint()>
            <SelectInput form field=Field::Status options />
        </Labelled>
    }
}

#[component]
fn Discount(form: FormState) -> impl IntoView {
    let kinds = vec![("percent", words::percent_of_order()), ("flat", words::fixed_amount())];
    let mut codes: Vec<_> = Currency::codes().collect();
    codes.sort_unstable();
    let currencies = codes.into_iter().map(|code| (code, code)).collect::<Vec<_>>();
    let currency = move || form.text(Field::Currency);
    let unit = move || match form.text(Field::DiscountType).as_str() {
        "flat" => currency(),
        _ => "%".to_owned(),
    };
    view! {
        <Labelled form field=Field::DiscountType><SelectInput form field=Field::DiscountType options=kinds /></Labelled>
        <Labelled form field=Field::DiscountValue>
            <WithUnit unit><TextInput form field=Field::DiscountValue mode="decimal" /></WithUnit>
        </Labelled>
        <Labelled form field=Field::Currency><SelectInput form field=Field::Currency options=currencies /></Labelled>
        <Labelled form field=Field::MinOrderAmount>
            <WithUnit unit=currency><TextInput form field=Field::MinOrderAmount mode="decimal" placeholder=words::any_order() /></WithUnit>
        </Labelled>
        <Labelled form field=Field::MaxDiscount>
            <WithUnit unit=currency><TextInput form field=Field::MaxDiscount mode="decimal" placeholder=words::no_limit() /></WithUnit>
        </Labelled>
    }
}

#[component]
fn Period(form: FormState) -> impl IntoView {
    let zones = time_zones().into_iter().map(|zone| view! { <option value=zone></option> }).collect_view();
    view! {
        <Labelled form field=Field::StartDate><TextInput form field=Field::StartDate kind="date" /></Labelled>
        <Labelled form field=Field::EndDate><TextInput form field=Field::EndDate kind="date" /></Labelled>
        <Labelled form field=Field::Timezone>
            <TextInput form field=Field::Timezone list="time-zones" placeholder="UTC" />
        </Labelled>
        <datalist id="time-zones">{zones}</datalist>
    }
}

#[component]
fn Limits(form: FormState) -> impl IntoView {
    let currency = move || form.text(Field::Currency);
    let shortfalls = vec![("reject", words::turn_away()), ("partial", words::give_what_is_left())];
    view! {
        <Labelled form field=Field::Budget>
            <WithUnit unit=currency><TextInput form field=Field::Budget mode="decimal" placeholder=words::no_limit() /></WithUnit>
        </Labelled>
        <Labelled form field=Field::OnBudgetShortfall>
            <SelectInput form field=Field::OnBudgetShortfall options=shortfalls />
        </Labelled>
        <Labelled form field=Field::MaxRedemptions>
            <TextInput form field=Field::MaxRedemptions mode="numeric" placeholder=words::no_limit() />
        </Labelled>
        <Labelled form field=Field::MaxRedemptionsPerCustomer>
            <TextInput form field=Field::MaxRedemptionsPerCustomer mode="numeric" placeholder=words::no_limit() />
        </Labelled>
    }
}

#[component]
fn WithUnit(unit: impl Fn() -> String + Send + Sync + 'static, children: Children) -> impl IntoView {
    view! { <div class="with-unit">{children()}<span aria-hidden="true">{unit}</span></div> }
}
