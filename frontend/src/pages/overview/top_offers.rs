use leptos::prelude::*;
use leptos_router::components::A;
use offercast_contract::{Overview, TopOffer};
use rust_decimal::Decimal;

use super::Data;
use super::daily_panel::CsvButton;
use crate::components::{Change, ChangeChip, Progress};
use crate::format::{count, money, percent_of};
use crate::i18n::{common, overview as texts};
use crate::pages::offers::dashboard_path;
use crate::tables::{Cell, Field, csv_of_fields};

/// The offers with the most redemptions in the range.
#[component]
pub fn TopOffers(data: Data) -> impl IntoView {
    let list = move || data.with(|data| data.as_ref().map(list));
    view! {
        <section class="panel card" aria-label=texts::top_offers() data-testid="top-offers">
            <div class="panel-head">
                <h2>{texts::top_offers()}</h2>
                <div class="panel-actions"><CsvButton data label=texts::top_offers() name="top-offers" file /></div>
            </div>
            {list}
        </section>
    }
}

/// The list as CSV.
fn file(data: &Overview) -> String {
    let row = |top: &TopOffer| {
        let TopOffer { offer, redemptions, discount_given } = top;
        vec![
            Field::Text(offer.code.clone()),
            Field::Text(offer.name.clone()),
            Field::Figure(Cell::Count(redemptions.total)),
            Field::Figure(redemptions.change.map_or(Cell::Nothing, Cell::Mean)),
            Field::Figure(Cell::Money(*discount_given)),
            Field::Text(offer.currency.clone()),
        ]
    };
    let names = ["code", "name", "redemptions", "change_percent", "discount_given", "currency"];
    csv_of_fields(&names, &data.top_offers.iter().map(row).collect::<Vec<_>>())
}

fn list(data: &Overview) -> AnyView {
    let Some(most) = data.top_offers.first().map(|top| top.redemptions.total) else {
        return view! { <p class="quiet-note">{texts::no_redemptions()}</p> }.into_any();
    };
    let items = data.top_offers.iter().map(|top| item(top, most)).collect_view();
    view! { <ol class="ranking">{items}</ol> }.into_any()
}

/// An offer with a bar that compares it with the first one.
fn item(top: &TopOffer, most: i64) -> impl IntoView + use<> {
    let share = percent_of(Decimal::from(top.redemptions.total), Decimal::from(most));
    let (redemptions, given) = (count(top.redemptions.total), money(top.discount_given, &top.offer.currency));
    let href = dashboard_path(&top.offer.code);
    let (name, change) = (top.offer.name.clone(), top.redemptions.change);
    let label = common::redemptions(top.redemptions.total);
    view! {
        <li>
            <div class="ranking-name">
                <A href>{name}</A>
                <p>{texts::given(&given)}</p>
                <Progress percent=share label />
            </div>
            <div class="ranking-figure">
                <b>{redemptions}</b>
                {change.map(|change| view! { <ChangeChip change=Change::by(change) /> })}
            </div>
        </li>
    }
}
