use leptos::prelude::*;
use offercast_domain::Currency;

use super::field::Field;
use super::inputs::{Labelled, SelectInput, TextInput};
use super::state::FormState;
use crate::browser::time_zones;

const STATUSES: [(&str, &str); 3] = [("active", "Active"), ("paused", "Paused"), ("archived", "Archived")];

const SHORTFALLS: [(&str, &str); 2] = [("reject", "Turn the order away"), ("partial", "Give what is left")];

#[component]
pub fn Sections(form: FormState) -> impl IntoView {
    view! {
        <Section title="Offer" text="The name is for your team, the code for your customers.">
            <Labelled form field=Field::Name><TextInput form field=Field::Name placeholder="Summer sale" /></Labelled>
            <Labelled form field=Field::Code hint="Letters, digits, - and _. Case does not matter.">
                <TextInput form field=Field::Code placeholder="SUMMER-10" />
            </Labelled>
            {(!form.is_new()).then(|| view! { <Status form /> })}
        </Section>
        <Section title="Discount" text="What one redemption takes off the order, never more than the order is worth.">
            <Discount form />
        </Section>
        <Section title="When" text="Both days are included, on the clock of the time zone.">
            <Period form />
        </Section>
        <Section title="Limits" text="The offer stops by itself when one of them is reached. Leave a field empty for no limit.">
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
    view! {
        <Labelled form field=Field::Status hint="Only active offers redeem. Archived ones keep their history.">
            <SelectInput form field=Field::Status options=STATUSES.to_vec() />
        </Labelled>
    }
}

#[component]
fn Discount(form: FormState) -> impl IntoView {
    let kinds = vec![("percent", "Percent of the order"), ("flat", "Fixed amount")];
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
            <WithUnit unit=currency><TextInput form field=Field::MinOrderAmount mode="decimal" placeholder="Any order" /></WithUnit>
        </Labelled>
        <Labelled form field=Field::MaxDiscount>
            <WithUnit unit=currency><TextInput form field=Field::MaxDiscount mode="decimal" placeholder="No limit" /></WithUnit>
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
    view! {
        <Labelled form field=Field::Budget>
            <WithUnit unit=currency><TextInput form field=Field::Budget mode="decimal" placeholder="No limit" /></WithUnit>
        </Labelled>
        <Labelled form field=Field::OnBudgetShortfall>
            <SelectInput form field=Field::OnBudgetShortfall options=SHORTFALLS.to_vec() />
        </Labelled>
        <Labelled form field=Field::MaxRedemptions>
            <TextInput form field=Field::MaxRedemptions mode="numeric" placeholder="No limit" />
        </Labelled>
        <Labelled form field=Field::MaxRedemptionsPerCustomer>
            <TextInput form field=Field::MaxRedemptionsPerCustomer mode="numeric" placeholder="No limit" />
        </Labelled>
    }
}

#[component]
fn WithUnit(unit: impl Fn() -> String + Send + Sync + 'static, children: Children) -> impl IntoView {
    view! { <div class="with-unit">{children()}<span aria-hidden="true">{unit}</span></div> }
}
