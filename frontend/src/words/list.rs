//! The list of offers.

words! {
    new_offer: "New offer", "Neues Angebot";
    create_first: "Create the first offer", "Das erste Angebot anlegen";
    search: "Search by name or code", "Nach Name oder Code suchen";
    keys: "/ searches, j and k walk through the list, n begins a new offer",
        "/ sucht, j und k gehen durch die Liste, n beginnt ein neues Angebot";
    state: "State", "Zustand";
    sort_by: "Sort by", "Sortieren nach";
    all_states: "All states", "Alle Zustände";
    newest_first: "Newest first", "Neueste zuerst";
    name: "Name", "Name";
    code: "Code", "Code";
    ends_first: "Ends first", "Enden zuerst";
    most_redeemed: "Most redeemed", "Meist eingelöst";
    loading: "Loading the offers", "Die Angebote werden geladen";

    offer: "Offer", "Angebot";
    discount: "Discount", "Rabatt";
    valid: "Valid", "Gültig";
    fourteen_days: "14 days", "14 Tage";
    redeemed: "Redeemed", "Eingelöst";
    spent: "Spent", "Ausgegeben";
    runs_out_around(day): "runs out around {day}", "reicht bis etwa {day}";
    of_limit(limit): " of {limit}", " von {limit}";
    no_limit: " · no limit", " · ohne Grenze";
    redeemed_of(used, limit): "{used} of {limit} redeemed", "{used} von {limit} eingelöst";
    spent_of(used, limit): "{used} of {limit} spent", "{used} von {limit} ausgegeben";

    pages: "Pages", "Seiten";
    previous: "Previous", "Zurück";
    next: "Next", "Weiter";

    no_match: "No offer matches", "Kein Angebot passt";
    another_word: "Try another word or another state.", "Mit einem anderen Wort oder Zustand vielleicht.";
    clear_filters: "Clear the filters", "Filter aufheben";
    no_offers: "No offers yet", "Noch keine Angebote";
    what_an_offer_is:
        "An offer is a discount with a code, a period and, if you like, a budget. Setting one up takes a minute.",
        "Ein Angebot ist ein Rabatt mit einem Code, einem Zeitraum und, wenn Sie mögen, einem Budget. Es ist in einer Minute angelegt.";
}
