//! The list of offers.

texts! {
    new_offer: "New offer", "Neues Angebot";
    create_first: "Create your first offer", "Erstes Angebot erstellen";
    search: "Search by name or code", "Nach Name oder Code suchen";
    keys: "/ to search, j and k to move through the list, n for a new offer",
        "/ zum Suchen, j und k zum Blättern durch die Liste, n für ein neues Angebot";
    status: "Status", "Status";
    sort_by: "Sort by", "Sortieren nach";
    all_statuses: "All statuses", "Alle Status";
    newest_first: "Newest first", "Neueste zuerst";
    name: "Name", "Name";
    code: "Code", "Code";
    ending_soonest: "Ending soonest", "Frühestes Enddatum";
    most_redemptions: "Most redemptions", "Meiste Einlösungen";
    loading: "Loading offers", "Angebote werden geladen";

    offer: "Offer", "Angebot";
    discount: "Discount", "Rabatt";
    dates: "Dates", "Zeitraum";
    fourteen_days: "14 days", "14 Tage";
    redeemed: "Redeemed", "Eingelöst";
    spent: "Spent", "Ausgegeben";
    runs_out_around(day): "runs out around {day}", "reicht bis etwa {day}";
    of_limit(limit): " of {limit}", " von {limit}";
    no_limit: " · no limit", " · unbegrenzt";
    redeemed_of(used, limit): "{used} of {limit} redeemed", "{used} von {limit} eingelöst";
    spent_of(used, limit): "{used} of {limit} spent", "{used} von {limit} ausgegeben";

    pages: "Pagination", "Seitennavigation";
    previous: "Previous", "Zurück";
    next: "Next", "Weiter";

    no_match: "No matching offers", "Keine Treffer";
    another_search: "Try a different search or status.",
        "Versuchen Sie einen anderen Suchbegriff oder Status.";
    clear_filters: "Clear filters", "Filter zurücksetzen";
    no_offers: "No offers yet", "Noch keine Angebote";
    what_an_offer_is:
        "An offer is a discount with a code, dates and an optional budget. Set one up in a minute.",
        "Ein Angebot ist ein Rabatt mit Code, Zeitraum und optionalem Budget. In einer Minute ist es eingerichtet.";
}
