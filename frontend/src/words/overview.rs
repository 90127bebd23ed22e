//! All offers at a glance.

words! {
    redemptions: "Redemptions", "Einlösungen";
    discount_given: "Discount given", "Gewährter Rabatt";
    against(period): "against {period}", "gegenüber {period}";
    redemptions_per_day: "Redemptions per day", "Einlösungen pro Tag";
    loading: "Loading the overview", "Die Übersicht wird geladen";
    scheduled(number): "{number} scheduled", "{number} geplant";
    used_up(number): "{number} used up", "{number} aufgebraucht";

    nothing_on_offer: "Nothing on offer", "Kein Angebot läuft";
    once_active: "Once an offer is active, this page shows what it brings and what calls for attention.",
        "Sobald ein Angebot aktiv ist, zeigt diese Seite, was es bringt und worauf zu achten ist.";
    create_offer: "Create an offer", "Ein Angebot anlegen";

    most_redeemed: "Most redeemed", "Am häufigsten eingelöst";
    nothing_redeemed: "Nothing was redeemed in these days.", "In diesen Tagen wurde nichts eingelöst.";
    given(amount): "{amount} given", "{amount} gewährt";

    needs_attention: "Needs attention", "Braucht Aufmerksamkeit";
    nothing_does: "Nothing does. Every active offer has budget, time and takers.",
        "Nichts. Jedes aktive Angebot hat Budget, Zeit und Abnehmer.";
    and_more(number): "And {number} more.", "Und {number} weitere.";
    runs_out: "Runs out", "Läuft aus";
    ends: "Ends", "Endet";
    turned_away: "Turned away", "Abgewiesen";
    below_forecast: "Below forecast", "Unter Prognose";
    above_forecast: "Above forecast", "Über Prognose";
    no_budget_left: "No budget is left: customers are turned away.",
        "Das Budget ist aufgebraucht: Kunden werden abgewiesen.";
    no_redemption_left: "Redeemed as often as it may be: customers are turned away.",
        "So oft eingelöst wie erlaubt: Kunden werden abgewiesen.";
    budget_lasts_until(day): "At this pace the budget lasts until {day}.",
        "In diesem Tempo reicht das Budget bis {day}.";
    maximum_reached_on(day): "At this pace the maximum is reached on {day}.",
        "In diesem Tempo ist das Maximum am {day} erreicht.";
    lasts_until(day): "At this pace it lasts until {day}.", "In diesem Tempo reicht es bis {day}.";
    last_day_is(day): "The last day is {day}.", "Der letzte Tag ist {day}.";
    refused_in_a_week(customers, amount): "{customers} refused in 7 days, who would have been given {amount}.",
        "{customers} in 7 Tagen abgewiesen; nicht gewährter Rabatt: {amount}.";
    came_instead(redemptions, days, day, expected):
        "{redemptions} {days} from {day}, where about {expected} were expected.",
        "{redemptions} {days} ab {day}, wo etwa {expected} erwartet waren.";
}

counted! {
    active_offers: "{number} active offer" | "{number} active offers", "{number} aktives Angebot" | "{number} aktive Angebote";
}
