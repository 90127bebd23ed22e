//! The dashboard of an offer.

words! {
    loading: "Loading the dashboard", "Das Dashboard wird geladen";
    nothing_redeemed: "Nothing redeemed yet", "Noch nichts eingelöst";
    how_a_shop_does_it:
        "The figures and the charts come with the first redemption. Your shop makes one with a call like this:",
        "Zahlen und Diagramme kommen mit der ersten Einlösung. Ihr Shop löst mit einem Aufruf wie diesem ein:";

    // Above the figures.
    compare: "Compare", "Vergleichen";
    all_days: "All", "Alle";
    preset(days): "{days}d", "{days} T";
    live: "Live", "Live";
    connecting: "Connecting", "Verbindet";
    not_live_since(time): "Reconnecting, not live since {time}", "Verbindet neu, nicht live seit {time}";

    // What becomes of the offer, in a sentence.
    is_paused: "Paused: nothing is redeemed until somebody resumes it.",
        "Pausiert: Nichts wird eingelöst, bis jemand fortsetzt.";
    budget_is_used_up: "The budget is used up: customers are turned away until it is raised.",
        "Das Budget ist aufgebraucht: Kunden werden abgewiesen, bis es erhöht wird.";
    all_are_used: "Every redemption is used: customers are turned away until the maximum is raised.",
        "Alle Einlösungen sind verbraucht: Kunden werden abgewiesen, bis das Maximum erhöht wird.";
    starts(day, days): "Starts on {day}, {days}.", "Beginnt am {day}, {days}.";
    is_archived: "Archived: it no longer redeems, its history is kept.",
        "Archiviert: Es wird nicht mehr eingelöst, seine Geschichte bleibt.";
    on_course(day, risk): "On course to reach its last day, {day}, within its limits{risk}.",
        "Erreicht voraussichtlich seinen letzten Tag, {day}, innerhalb seiner Grenzen{risk}.";
    risk(percent): " ({percent} risk of running out)", " (mit {percent} Risiko, vorher aufgebraucht zu sein)";
    last_is_used(day, early, band): "At this pace the last redemption is used around {day}{early}{band}.",
        "In diesem Tempo ist die letzte Einlösung um den {day} verbraucht{early}{band}.";
    budget_runs_out(day, early, band): "At this pace the budget runs out around {day}{early}{band}.",
        "In diesem Tempo ist das Budget um den {day} aufgebraucht{early}{band}.";
    before_the_end(days): ", {days} before the offer ends", ", {days} vor dem Ende des Angebots";
    band(period): " (80% between {period})", " (80 % zwischen {period})";
    open_band(first, last): " (80% between {first} and after {last})", " (80 % zwischen {first} und nach {last})";
    ended_with(day, redemptions, left): "Ended on {day} with {redemptions}{left}.",
        "Am {day} mit {redemptions} beendet{left}.";
    of_budget_left(amount): ", {amount} of its budget left", ", {amount} vom Budget sind übrig";

    // Key figures.
    total_redemptions: "Total redemptions", "Einlösungen gesamt";
    total_discount: "Total discount", "Rabatt gesamt";
    remaining_budget: "Remaining budget", "Restbudget";
    redemption_rate: "Redemption rate", "Einlösequote";
    average_per_day: "Average per day", "Schnitt pro Tag";
    no_maximum: "no maximum", "ohne Maximum";
    of_possible(maximum): "of {maximum} possible", "von {maximum} möglichen";
    sum_in(sum, days): "{sum} {days}", "{sum} {days}";
    nothing_given: "nothing given yet", "noch nichts gewährt";
    each_on_average(amount): "{amount} each on average", "je {amount} im Schnitt";
    without_budget: "No budget", "Ohne Budget";
    spending_not_limited: "spending is not limited", "die Ausgaben sind nicht begrenzt";
    left_of(percent, budget): "{percent} of {budget} left", "{percent} von {budget} übrig";
    of_redeemed(maximum): "of {maximum} redeemed", "von {maximum} eingelöst";
    without_maximum: "No maximum", "Ohne Maximum";
    redemptions_not_limited: "redemptions are not limited", "die Einlösungen sind nicht begrenzt";
    since(day): "since {day}", "seit {day}";
    in_last_week(mean): "{mean} in the last 7 days", "{mean} in den letzten 7 Tagen";

    // Panels.
    redemptions_per_day: "Redemptions per day", "Einlösungen pro Tag";
    redemptions_since_start: "Redemptions since the start", "Einlösungen seit Beginn";
    budget: "Budget", "Budget";
    forecast: "Forecast", "Prognose";
    spent: " spent", " ausgegeben";
    spent_without_limit: " spent, without a budget limit", " ausgegeben, ohne Budgetgrenze";
    held: " held", " vorgemerkt";
    remaining: " remaining", " übrig";
    of_budget_spent(percent): "{percent} of the budget spent", "{percent} des Budgets ausgegeben";
    next_days(days): "Next {days} days", "Nächste {days} Tage";
    total_band(low, high): " · {low} to {high} with 80% certainty", " · {low} bis {high} mit 80 % Sicherheit";
    runs_out: "Runs out", "Aufgebraucht";
    not_before_end: "Not before its end", "Nicht vor dem Ende";
    never: "Never", "Nie";
    no_limit_in_reach: " (no limit in reach)", " (keine Grenze in Reichweite)";
    offer_ended(day): "The offer ended on {day}: no more redemptions are expected.",
        "Das Angebot endete am {day}: Es werden keine Einlösungen mehr erwartet.";
    range_ends_early: "The chosen range ends before today. One that reaches today shows the forecast.",
        "Der gewählte Zeitraum endet vor heute. Einer, der bis heute reicht, zeigt die Prognose.";
    from_cache(ago, model): "From the cache, computed {ago} by {model}.",
        "Aus dem Zwischenspeicher, berechnet {ago} mit {model}.";
    on_the_fly(model): "Computed on the fly by {model}; a background job is storing it.",
        "Eben berechnet mit {model}; ein Hintergrundauftrag speichert sie.";
    accuracy(forecasts, off, average, within):
        "Its last {forecasts} were off by {off} in total{average}; {within} of the days lay in their 80% range.",
        "Ihre letzten {forecasts} lagen in der Summe um {off} daneben{average}; {within} der Tage lagen in ihrem 80-%-Bereich.";
    average_off(percent): " (a 7-day average: {percent})", " (ein 7-Tage-Schnitt: {percent})";
    recompute: "Recompute", "Neu berechnen";
    recompute_queued: "A new forecast is on its way.", "Eine neue Prognose ist unterwegs.";

    // What if.
    what_if: "What if", "Was wäre, wenn";
    maximum: "Maximum", "Maximum";
    last_day: "Last day", "Letzter Tag";
    discount: "Discount", "Rabatt";
    never_in_a_sentence: "never", "nie";
    not_before_its_end(risk): "not before its end{risk}", "nicht vor dem Ende{risk}";
    redemptions_in_days(days): "Redemptions in {days} days", "Einlösungen in {days} Tagen";
    instead_of: " instead of ", " statt ";
    name_was_changed(name): "{name} was changed.", "{name} wurde geändert.";
    as_often_as_before: "Redemptions are taken to come as often as before.",
        "Dabei wird angenommen, dass so oft eingelöst wird wie bisher.";
    reset: "Reset", "Zurücksetzen";
    apply: "Apply", "Übernehmen";

    // Turned away.
    turned_away: "Turned away", "Abgewiesen";
    nobody_turned_away: "Nobody was turned away in these days.", "In diesen Tagen wurde niemand abgewiesen.";
    would_have_been_given(customers, amount): "{customers}, who would have been given {amount}.",
        "{customers}; nicht gewährter Rabatt: {amount}.";
    not_given(amount): "{amount} not given", "{amount} nicht gewährt";
    budget_exhausted: "The budget did not suffice", "Das Budget reichte nicht";
    max_redemptions_reached: "Redeemed as often as possible", "So oft eingelöst wie möglich";
    offer_paused: "The offer was paused", "Das Angebot war pausiert";
    offer_archived: "The offer was archived", "Das Angebot war archiviert";
    offer_not_started: "The offer had not started", "Das Angebot hatte noch nicht begonnen";
    offer_expired: "The offer had ended", "Das Angebot war beendet";
    order_below_minimum: "The order was too small", "Die Bestellung war zu klein";
    customer_limit_reached: "The customer had used it up", "Der Kunde hatte es ausgeschöpft";
    hold_limit_reached: "Too many open reservations", "Zu viele offene Reservierungen";

    // The ledger.
    latest_redemptions: "Latest redemptions", "Letzte Einlösungen";
    when: "When", "Wann";
    customer: "Customer", "Kunde";
    order: "Order", "Bestellung";
    take_back: "Take back", "Zurücknehmen";
    take_back_of(customer): "Take back the redemption of {customer}", "Die Einlösung von {customer} zurücknehmen";
    take_back_question: "Take this redemption back?", "Diese Einlösung zurücknehmen?";
    take_back_meaning(customer, amount):
        "Customer {customer} was given {amount}. Both the money and the use come back to the offer. This cannot be undone.",
        "Kunde {customer} hat {amount} bekommen. Geld und Einlösung fallen an das Angebot zurück. Das lässt sich nicht rückgängig machen.";
    reason: "Reason (optional)", "Grund (freiwillig)";
    was_taken_back: "The redemption was taken back.", "Die Einlösung wurde zurückgenommen.";
    taken_back: " · taken back", " · zurückgenommen";
    all_as_csv: "All redemptions as CSV", "Alle Einlösungen als CSV";

    // Unique codes.
    unique_codes: "Unique codes", "Einmalcodes";
    unique_codes_open: "Unique codes…", "Einmalcodes …";
    codes_meaning:
        "Each redeems this offer once, beside the offer's own code. A typing error in one is noticed.",
        "Jeder löst dieses Angebot einmal ein, neben dem eigenen Code des Angebots. Tippfehler werden erkannt.";
    codes_so_far(issued, used): "{issued}, {used} of them used.", "{issued}, davon {used} verwendet.";
    no_codes_yet: "None issued so far.", "Bisher keine ausgegeben.";
    download_codes: "Download all (CSV)", "Alle herunterladen (CSV)";
    download_these: "Download these", "Diese herunterladen";
    how_many: "How many", "Wie viele";
    how_many_problem: "has to be a whole number from 1 to 10,000,000",
        "muss eine ganze Zahl von 1 bis 10.000.000 sein";
    prefix: "Beginning (optional)", "Anfang (freiwillig)";
    prefix_hint: "Up to 16 letters and digits that each code begins with.",
        "Bis zu 16 Buchstaben und Ziffern, mit denen jeder Code beginnt.";
    prefix_problem: "has to be up to 16 letters and digits, without accents",
        "darf bis zu 16 Buchstaben und Ziffern haben, ohne Umlaute";
    issue: "Issue codes", "Codes ausgeben";
    were_issued(codes): "Now issued: {codes}.", "Neu ausgegeben: {codes}.";
}

counted! {
    codes: "{number} code" | "{number} codes", "{number} Code" | "{number} Codes";
    forecasts: "{number} forecast" | "{number} forecasts", "{number} Prognose" | "{number} Prognosen";
}
