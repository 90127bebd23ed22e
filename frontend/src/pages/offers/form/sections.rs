use leptos::prelude::*;
use offercast_domain::Currency;

use super::field::Field;
use super::inputs::{LabelledField, SelectInput, TextInput};
use super::state::FormState;
use crate::browser::time_zones;
use crate::i18n::{common, form as texts};

#[component]
pub fn Sections(form: FormState) -> impl IntoView {
    view! {
        <Section title=texts::offer() text=texts::offer_hint()>
            <LabelledField form field=Field::Name><TextInput form field=Field::Name placeholder=texts::name_example() /></LabelledField>
            <LabelledField form field=Field::Code hint=texts::code_hint()>
                <TextInput form field=Field::Code placeholder="SUMMER-10" />
            </LabelledField>
            {(!form.is_new()).then(|| view! { <Status form /> })}
        </Section>
        <Section title=texts::discount() text=texts::discount_hint()>
            <Discount form />
        </Section>
        <Section title=texts::schedule() text=texts::schedule_hint()>
            <Period form />
        </Section>
        <Section title=texts::limits() text=texts::limits_hint()>
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
        <LabelledField form field=Field::Status hint=texts::status_hint()>
            <SelectInput form field=Field::Status options />
        </LabelledField>
    }
}

#[component]
fn Discount(form: FormState) -> impl IntoView {
    let kinds = vec![("percent", texts::percentage()), ("flat", texts::fixed_amount())];
    let mut codes: Vec<_> = Currency::codes().collect();
    codes.sort_unstable();
    let currencies = codes.into_iter().map(|code| (code, code)).collect::<Vec<_>>();
    let currency = move || form.text(Field::Currency);
    let unit = move || match form.text(Field::DiscountType).as_str() {
        "flat" => currency(),
        _ => "%".to_owned(),
    };
    view! {
        <LabelledField form field=Field::DiscountType><SelectInput form field=Field::DiscountType options=kinds /></LabelledField>
        <LabelledField form field=Field::DiscountValue>
            <WithUnit unit><TextInput form field=Field::DiscountValue mode="decimal" /></WithUnit>
        </LabelledField>
        <LabelledField form field=Field::Currency><SelectInput form field=Field::Currency options=currencies /></LabelledField>
        <LabelledField form field=Field::MinOrderAmount>
            <WithUnit unit=currency><TextInput form field=Field::MinOrderAmount mode="decimal" placeholder=texts::no_minimum() /></WithUnit>
        </LabelledField>
        <LabelledField form field=Field::MaxDiscount>
            <WithUnit unit=currency><TextInput form field=Field::MaxDiscount mode="decimal" placeholder=texts::no_limit() /></WithUnit>
        </LabelledField>
    }
}

#[component]
fn Period(form: FormState) -> impl IntoView {
    let zones = time_zones().into_iter().map(|zone| view! { <option value=zone></option> }).collect_view();
    view! {
        <LabelledField form field=Field::StartDate><TextInput form field=Field::StartDate kind="date" /></LabelledField>
        <LabelledField form field=Field::EndDate><TextInput form field=Field::EndDate kind="date" /></LabelledField>
        <LabelledField form field=Field::Timezone>
            <TextInput form field=Field::Timezone list="time-zones" placeholder="UTC" />
        </LabelledField>
        <datalist id="time-zones">{zones}</datalist>
    }
}

#[component]
fn Limits(form: FormState) -> impl IntoView {
    let currency = move || form.text(Field::Currency);
    let shortfalls = vec![("reject", texts::decline()), ("partial", texts::apply_what_is_left())];
    view! {
        <LabelledField form field=Field::Budget>
            <WithUnit unit=currency><TextInput form field=Field::Budget mode="decimal" placeholder=texts::no_limit() /></WithUnit>
        </LabelledField>
        <LabelledField form field=Field::OnBudgetShortfall>
            <SelectInput form field=Field::OnBudgetShortfall options=shortfalls />
        </LabelledField>
        <LabelledField form field=Field::MaxRedemptions>
            <TextInput form field=Field::MaxRedemptions mode="numeric" placeholder=texts::no_limit() />
        </LabelledField>
        <LabelledField form field=Field::MaxRedemptionsPerCustomer>
            <TextInput form field=Field::MaxRedemptionsPerCustomer mode="numeric" placeholder=texts::no_limit() />
        </LabelledField>
    }
}

#[component]
fn WithUnit(unit: impl Fn() -> String + Send + Sync + 'static, children: Children) -> impl IntoView {
    view! { <div class="with-unit">{children()}<span aria-hidden="true">{unit}</span></div> }
}
