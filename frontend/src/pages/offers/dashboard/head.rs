use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};
use offercast_contract::{Offer, Removal as Outcome};

use super::super::edit_path;
use super::range::{PRESETS, Range};
use crate::components::{Icon, Removal, RemovalDialog, StateBadge, Symbol};
use crate::format::{discount, period};

/// Which offer this is, and what can be done with it.
#[component]
pub fn Head(offer: Offer, reload: Callback<()>) -> impl IntoView {
    view! {
        <div class="page-head offer-head">
            <div>
                <p class="crumb"><A href="/admin/offers"><Icon symbol=Symbol::Back />"Offers"</A></p>
                <h1>{offer.name.clone()} " " <StateBadge state=offer.state /></h1>
                <p class="offer-facts">
                    <code class="offer-code">{offer.code.clone()}</code>
                    <span>{discount(&offer)}</span>
                    <span>{period(offer.start_date, offer.end_date)}</span>
                    <span>{offer.timezone.clone()}</span>
                </p>
            </div>
            <Actions offer reload />
        </div>
    }
}

#[component]
fn Actions(offer: Offer, reload: Callback<()>) -> impl IntoView {
    let removal = Removal::of(&offer);
    let removing = RwSignal::new(None::<Offer>);
    let navigate = use_navigate();
    let done = move |outcome| match outcome {
        Outcome::Archived => reload.run(()),
        Outcome::Deleted => navigate("/admin/offers", Default::default()),
    };
    let edit = edit_path(&offer.code);
    let ask = move |_| removing.set(Some(offer.clone()));
    view! {
        <div class="head-actions">
            <A href=edit attr:class="button" attr:data-testid="edit-offer"><Icon symbol=Symbol::Pencil />"Edit"</A>
            {(removal != Removal::Nothing).then(|| view! {
                <button type="button" class="button" data-testid="remove-offer" on:click=ask>
                    <Icon symbol=if removal == Removal::Delete { Symbol::Trash } else { Symbol::Archive } />
                    {removal.verb()}
                </button>
            })}
        </div>
        <RemovalDialog target=removing done />
    }
}

/// The range in the address, and a reload that changes nothing else.
#[component]
pub fn Toolbar(range: Memo<Range>, busy: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
    let path = use_location().pathname;
    let presets = PRESETS.into_iter().map(move |preset| {
        let href = move || format!("{}?range={}", path.read(), preset.word());
        let current = move || (range.get() == preset).then_some("true");
        let hook = format!("range-{}", preset.word());
        view! {
            <A href=href scroll=false attr:aria-current=current attr:data-testid=hook>{preset.label()}</A>
        }
    });
    let custom = move || match range.get() {
        Range::Custom(_) => {
            Some(view! { <span class="custom-range" aria-current="true">{range.get().label()}</span> })
        }
        Range::Last(_) | Range::All => None,
    };
    view! {
        <div class="toolbar">
            <nav class="segments" aria-label="Range">{presets.collect_view()}{custom}</nav>
            <button type="button" class="button" class:is-busy=busy data-testid="reload" on:click=move |_| reload.run(())>
                <Icon symbol=Symbol::Reload />
                "Reload"
            </button>
        </div>
    }
}
