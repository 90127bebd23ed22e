//! The overview of all offers.

texts! {
    redemptions: "Redemptions", "Einlösungen";
    discount_given: "Discount given", "Gewährter Rabatt";
    versus(period): "vs. {period}", "gegenüber {period}";
    redemptions_per_day: "Redemptions per day", "Einlösungen pro Tag";
    loading: "Loading overview", "Übersicht wird geladen";
    scheduled(number): "{number} scheduled", "{number} geplant";
    used_up(number): "{number} used up", "{number} aufgebraucht";

    no_active_offers: "No active offers", "Keine aktiven Angebote";
    once_active: "Once an offer is active, you'll see its results and anything that needs attention here.",
        "Sobald ein Angebot aktiv ist, sehen Sie hier seine Ergebnisse und den Handlungsbedarf.";
    create_offer: "Create offer", "Angebot erstellen";

    top_offers: "Top offers", "Top-Angebote";
    no_redemptions: "No redemptions in this period.", "Keine Einlösungen in diesem Zeitraum.";
    given(amount): "{amount} in discounts", "{amount} Rabatt";

    needs_attention: "Needs attention", "Handlungsbedarf";
    all_clear: "All clear. No offer needs attention.", "Alles im grünen Bereich.";
    and_more(number): "And {number} more.", "Und {number} weitere.";
    running_out: "Running out", "Bald aufgebraucht";
    ending_soon: "Ending soon", "Endet bald";
    often_declined: "Often declined", "Häufig abgelehnt";
    below_forecast: "Below forecast", "Unter Prognose";
    above_forecast: "Above forecast", "Über Prognose";
    no_budget_left: "No budget left. Redemptions are declined.",
        "Kein Budget übrig. Einlösungen werden abgelehnt.";
    limit_reached: "Redemption limit reached. Redemptions are declined.",
        "Einlöselimit erreicht. Einlösungen werden abgelehnt.";
    budget_runs_out_on(day): "Budget likely to run out on {day}.", "Budget ist voraussichtlich am {day} aufgebraucht.";
    limit_reached_on(day): "Likely to hit its redemption limit on {day}.",
        "Erreicht das Einlöselimit voraussichtlich am {day}.";
    runs_out_on(day): "Likely to run out on {day}.", "Voraussichtlich am {day} aufgebraucht.";
    ends_on(day): "Ends on {day}.", "Endet am {day}.";
    declined_in_a_week(redemptions, amount): "{redemptions} declined in 7 days, {amount} in discounts not given.",
        "{redemptions} in 7 Tagen abgelehnt, {amount} Rabatt nicht gewährt.";
    instead_of_expected(redemptions, days, day, expected):
        "{redemptions} {days} from {day}, about {expected} expected.",
        "{redemptions} {days} ab {day}, etwa {expected} erwartet.";
}

plurals! {
    active_offers: "{number} active offer" | "{number} active offers", "{number} aktives Angebot" | "{number} aktive Angebote";
}
