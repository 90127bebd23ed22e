//! A gallery of every component in every state, for development and for the screenshots of the browser tests.

use leptos::prelude::*;
use offercast_contract::{DateRange, OfferState};

use crate::api::ApiError;
use crate::browser::use_title;
use crate::components::{
    Badge, Button, Change, ChangeChip, Check, CopyButton, CopyText, DateRangePicker, Dialog, EmptyState,
    ErrorState, Field, Icon, IconButton, Menu, MenuItem, Notices, PasswordField, Progress, Segment, Segments,
    Select, Skeleton, Sparkline, StateBadge, Symbol, Variant,
};

const STATES: [OfferState; 7] = [
    OfferState::Active,
    OfferState::Scheduled,
    OfferState::Paused,
    OfferState::BudgetExhausted,
    OfferState::RedemptionsExhausted,
    OfferState::Expired,
    OfferState::Archived,
];
const SORTS: [(&str, &str); 2] = [("", "Newest first"), ("name", "Name")];
const COLOURS: [&str; 12] = [
    "page",
    "surface",
    "surface-2",
    "ink",
    "ink-2",
    "ink-3",
    "rule",
    "accent",
    "money",
    "good",
    "warn",
    "bad",
];

#[component]
pub fn DesignPage() -> impl IntoView {
    use_title(|| "Design".to_owned());
    view! {
        <div class="page-head">
            <div>
                <h1>"Design"</h1>
                <p class="hint">"Every component in every state. Add a new component here before a page uses it."</p>
            </div>
        </div>
        <div class="design" data-testid="design">
            <Sample title="Colour"><Colours /></Sample>
            <Sample title="Typography"><Type /></Sample>
            <Sample title="Icons"><Icons /></Sample>
            <Sample title="Button"><Buttons /></Sample>
            <Sample title="Badge"><Badges /></Sample>
            <Sample title="Field"><Fields /></Sample>
            <Sample title="Choice"><Choices /></Sample>
            <Sample title="Progress, change, small trend"><Figures /></Sample>
            <Sample title="Menu, dialog, notice"><Overlays /></Sample>
            <Sample title="Table"><Table /></Sample>
            <Sample title="Loading"><Loading /></Sample>
            <Sample title="Empty state"><Empty /></Sample>
            <Sample title="Error"><Failed /></Sample>
        </div>
    }
}

#[component]
fn Sample(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="sample card">
            <h2>{title}</h2>
            <div class="sample-body">{children()}</div>
        </section>
    }
}

#[component]
fn Colours() -> impl IntoView {
    let colours = COLOURS.into_iter().map(|name| {
        view! { <li><i style=format!("background: var(--{name})")></i>{name}</li> }
    });
    view! { <ul class="colours">{colours.collect_view()}</ul> }
}

#[component]
fn Type() -> impl IntoView {
    view! {
        <div class="type">
            <p class="type-title">"Summer sale"</p>
            <p class="kpi-value">"12,480.50 "<small>"USD"</small></p>
            <p><b>"Redemptions per day"</b></p>
            <p>"Starts 00:00, ends 23:59 in this time zone."</p>
            <p class="hint">"Updated 3 min ago"</p>
            <p><code>"SUMMER-10"</code></p>
        </div>
    }
}

#[component]
fn Icons() -> impl IntoView {
    let icons = Symbol::ALL.map(|symbol| view! { <span title=symbol.name()><Icon symbol /></span> });
    view! { <div class="icons">{icons.collect_view()}</div> }
}

#[component]
fn Buttons() -> impl IntoView {
    let nothing = |()| ();
    let pressed = RwSignal::new(true);
    view! {
        <Button variant=Variant::Primary symbol=Symbol::Plus press=nothing>"New offer"</Button>
        <Button symbol=Symbol::Pencil press=nothing>"Edit"</Button>
        <Button variant=Variant::Quiet press=nothing>"Cancel"</Button>
        <Button variant=Variant::Danger press=nothing>"Delete"</Button>
        <Button variant=Variant::Primary disabled=true press=nothing>"Saving…"</Button>
        <Button disabled=true press=nothing>"Next"</Button>
        <IconButton symbol=Symbol::Reload label="Reload" press=nothing />
        <IconButton
            symbol=Symbol::Table
            label="View as table"
            pressed=pressed
            press=move |()| pressed.update(|pressed| *pressed = !*pressed)
        />
    }
}

#[component]
fn Badges() -> impl IntoView {
    let states = STATES.into_iter().map(|state| view! { <StateBadge state /> });
    view! {
        {states.collect_view()}
        <Badge tone="info" text="New" />
    }
}

#[component]
fn Fields() -> impl IntoView {
    let input = |name: &str, value: &'static str, wrong: bool| {
        view! {
            <input
                id=format!("field-{name}")
                value=value
                placeholder="No limit"
                aria-invalid=wrong.to_string()
                aria-describedby=format!("error-{name}")
            />
        }
    };
    view! {
        <div class="form-fields">
            <Field name="sample" label="Name" problem=None>{input("sample", "Summer sale", false)}</Field>
            <Field name="sample-empty" label="Budget" hint="Empty for no limit." problem=None>
                {input("sample-empty", "", false)}
            </Field>
            <Field name="sample-wrong" label="Code" problem=Some("Code must contain a letter.".to_owned())>
                {input("sample-wrong", "12345", true)}
            </Field>
            <PasswordField
                name="sample-password"
                label="Password"
                hint="At least 12 characters."
                autocomplete="off"
                problem=None
                value=RwSignal::new("secret".to_owned())
            />
        </div>
    }
}

#[component]
fn Choices() -> impl IntoView {
    let sort = RwSignal::new(String::new());
    let part = RwSignal::new(1);
    let checked = RwSignal::new(true);
    let segment = |value, label| Segment { value, key: label, label, symbol: None };
    let options = vec![segment(1, "Days"), segment(2, "Weeks"), segment(3, "Months")];
    let day = |text: &str| text.parse().unwrap_or_default();
    let range = RwSignal::new(DateRange { from: day("2026-11-01"), to: day("2026-11-30") });
    view! {
        <Select label="Sort by" hook="sample-sort" options=SORTS.to_vec() value=sort choose=move |to| sort.set(to) />
        <Segments name="sample-part" label="Group by" options value=part choose=move |to| part.set(to) />
        <DateRangePicker label="Custom" current=false value=range hint="Or drag across days in a chart." choose=move |to| range.set(to) />
        <CopyText text="SUMMER-10".to_owned() />
        <CopyButton text="SUMMER-10".to_owned() />
        <Check
            name="sample-check"
            hook="sample-check"
            label="Redeem"
            hint="Quote, redeem, reserve and reverse."
            checked=checked
            change=move |on| checked.set(on)
        />
    }
}

#[component]
fn Figures() -> impl IntoView {
    let changes = [(100.0, 112.4), (100.0, 96.8), (5.0, 5.0), (0.0, 5.0)];
    let changes =
        changes.map(|(before, after)| view! { <ChangeChip change=Change::between(before, after) /> });
    let days = vec![3.0, 5.0, 4.0, 8.0, 6.0, 9.0, 12.0, 10.0, 13.0, 11.0];
    view! {
        <div class="sample-wide">
            <Progress percent=20.0 label="20% of the redemption limit" />
            <Progress percent=68.0 label="68% of the budget" tone="money" />
            <Progress percent=100.0 label="All of it" />
        </div>
        {changes.collect_view()}
        <div class="sample-spark"><Sparkline values=days.clone() label="From 3 to 11 in ten days" /></div>
        <div class="sample-spark"><Sparkline values=days tone="money" /></div>
    }
}

#[component]
fn Overlays() -> impl IntoView {
    let notices = Notices::expect();
    let asking = RwSignal::new(false);
    let say = move || notices.show_with_action("Summer sale is paused.", "Undo", || ());
    let items = vec![
        MenuItem::new(Symbol::Pencil, "Edit", "sample-edit", || ()),
        MenuItem::new(Symbol::Pause, "Pause", "sample-pause", say),
        MenuItem::new(Symbol::Trash, "Delete…", "sample-delete", move || asking.set(true)).destructive(),
    ];
    view! {
        <Menu label="Sample actions" hook="sample-menu" items />
        <Button hook="sample-dialog" press=move |()| asking.set(true)>"Open a dialog"</Button>
        <Button hook="sample-toast" press=move |()| say()>"Show a notice"</Button>
        <Dialog open=asking closed=move |()| asking.set(false) titled_by="sample-title">
            <h2 id="sample-title">"Delete “Summer sale”?"</h2>
            <p>"This offer has no redemptions. Deleting it is permanent."</p>
            <div class="dialog-actions">
                <Button press=move |()| asking.set(false)>"Cancel"</Button>
                <Button variant=Variant::Danger press=move |()| asking.set(false)>"Delete"</Button>
            </div>
        </Dialog>
    }
}

#[component]
fn Table() -> impl IntoView {
    view! {
        <div class="table-box table-box-short" role="group" tabindex="0" aria-label="Sample table">
            <table class="figures">
                <thead>
                    <tr><th scope="col">"Day"</th><th scope="col">"Redemptions"</th><th scope="col">"Discount (USD)"</th></tr>
                </thead>
                <tbody>
                    <tr><th scope="row">"Sun 22 Nov 2026"</th><td>"1,204"</td><td>"6,020.00"</td></tr>
                    <tr><th scope="row">"Mon 23 Nov 2026 · so far"</th><td>"87"</td><td>"435.00"</td></tr>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Loading() -> impl IntoView {
    view! {
        <div class="sample-wide">
            <Skeleton label="Loading a sample">
                <div class="skeleton skeleton-title"></div>
                <div class="skeleton card skeleton-kpi"></div>
            </Skeleton>
        </div>
    }
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <EmptyState title="No matching offers" text="Try a different search or status.">
            <a class="button" href="/admin/offers"><Icon symbol=Symbol::Close />"Clear filters"</a>
        </EmptyState>
    }
}

#[component]
fn Failed() -> impl IntoView {
    let notices = Notices::expect();
    view! {
        <div class="sample-wide">
            <p class="banner"><Icon symbol=Symbol::Info />"The forecast is being recomputed."</p>
            <p class="banner banner-warn"><Icon symbol=Symbol::Warning />"Customers get the new terms as soon as you save."</p>
            <p class="banner banner-bad"><Icon symbol=Symbol::Alert />"Nothing was saved."</p>
            <ErrorState error=ApiError::Network retry=move |()| notices.show("Requested again.") />
        </div>
    }
}
