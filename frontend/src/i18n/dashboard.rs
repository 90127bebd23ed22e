//! The dashboard of an offer.

texts! {
    loading: "Loading dashboard", "Dashboard wird geladen";
    no_redemptions: "No redemptions yet", "Noch keine Einlösungen";
    share_code(code): "Share the code {code}, or check that your shop is connected.",
        "Teilen Sie den Code {code}, oder prüfen Sie, ob Ihr Shop angebunden ist.";
    for_developers: "For developers:", "Für Entwickler:";

    // Toolbar.
    compare: "Compare", "Vergleichen";
    all_days: "All", "Alle";
    preset(days): "{days}d", "{days} Tage";
    live: "Live", "Live";
    connecting: "Connecting…", "Verbinden …";
    connection_lost(time): "Connection lost at {time}, reconnecting…", "Verbindung unterbrochen seit {time}";

    // Verdict: the outlook of the offer in one sentence.
    is_paused: "Paused. Customers can't redeem it until you resume.",
        "Pausiert. Kunden können das Angebot erst nach dem Fortsetzen wieder einlösen.";
    budget_is_used_up: "Budget used up. Redemptions are declined until you raise it.",
        "Budget aufgebraucht. Einlösungen werden abgelehnt, bis Sie es erhöhen.";
    limit_is_reached: "Redemption limit reached. Redemptions are declined until you raise it.",
        "Einlöselimit erreicht. Einlösungen werden abgelehnt, bis Sie es erhöhen.";
    starts(day, days): "Starts on {day}, {days}.", "Startet am {day}, {days}.";
    is_archived: "Archived. Customers can't redeem it; its history is kept.",
        "Archiviert. Das Angebot kann nicht eingelöst werden, der Verlauf bleibt erhalten.";
    budget_lasts(day, risk): "Budget should last until {day}{risk}.", "Budget reicht voraussichtlich bis {day}{risk}.";
    limit_lasts(day, risk): "Redemption limit should last until {day}{risk}.",
        "Einlöselimit reicht voraussichtlich bis {day}{risk}.";
    both_last(day, risk): "Budget and redemption limit should last until {day}{risk}.",
        "Budget und Einlöselimit reichen voraussichtlich bis {day}{risk}.";
    runs_unlimited(day): "Runs until {day}. No limits set.", "Läuft bis {day}. Keine Limits gesetzt.";
    risk(percent): " ({percent} risk of running out early)", " ({percent} Risiko, vorzeitig aufgebraucht zu sein)";
    reaches_limit(day, early, band): "Likely to hit its redemption limit around {day}{early}{band}.",
        "Bei diesem Tempo ist das Einlöselimit um den {day} erreicht{early}{band}.";
    runs_out_of_budget(day, early, band): "Likely to run out of budget around {day}{early}{band}.",
        "Bei diesem Tempo ist das Budget um den {day} aufgebraucht{early}{band}.";
    before_the_end(days): ", {days} before the end date", ", {days} vor dem Enddatum";
    band(period): " (80% likely {period})", " (mit 80 % Wahrscheinlichkeit {period})";
    open_band(first): " ({first} at the earliest; may not run out)", " (frühestens {first}, evtl. gar nicht)";
    ended_with(day, redemptions, left): "Ended on {day} with {redemptions}{left}.",
        "Am {day} mit {redemptions} beendet{left}.";
    and_budget_left(amount): " and {amount} of budget left", " und {amount} Restbudget";

    // Key metrics.
    total_redemptions: "Total redemptions", "Einlösungen gesamt";
    total_discount: "Total discount", "Rabatt gesamt";
    remaining_budget: "Remaining budget", "Restbudget";
    redemption_rate: "Redemption rate", "Einlösequote";
    average_per_day: "Daily average", "Tagesdurchschnitt";
    unlimited: "no limit", "unbegrenzt";
    limited_to(limit): "limit {limit}", "Limit {limit}";
    sum_in(sum, days): "{sum} {days}", "{sum} {days}";
    no_discounts: "no discounts yet", "noch kein Rabatt";
    per_redemption(amount): "avg. {amount} per redemption", "Ø {amount} pro Einlösung";
    no_budget: "No budget", "Kein Budget";
    no_spending_limit: "no spending limit", "kein Ausgabenlimit";
    left_of(percent, budget): "{percent} of {budget} left", "{percent} von {budget} übrig";
    of_redeemed(limit): "of {limit} redeemed", "von {limit} eingelöst";
    no_limit: "No limit", "Kein Limit";
    unlimited_redemptions: "unlimited redemptions", "unbegrenzt einlösbar";
    since(day): "since {day}", "seit {day}";
    in_last_week(mean): "{mean} in the last 7 days", "{mean} in den letzten 7 Tagen";

    // Panels.
    redemptions_per_day: "Redemptions per day", "Einlösungen pro Tag";
    cumulative_redemptions: "Cumulative redemptions", "Kumulierte Einlösungen";
    budget: "Budget", "Budget";
    forecast: "Forecast", "Prognose";
    spent: " spent", " ausgegeben";
    spent_without_budget: " spent, no budget set", " ausgegeben, kein Budget festgelegt";
    held: " reserved", " reserviert";
    remaining: " remaining", " verbleibend";
    of_budget_spent(percent): "{percent} of budget spent", "{percent} des Budgets ausgegeben";
    next_days(days): "Next {days} days", "Nächste {days} Tage";
    total_band(low, high): " · likely {low}–{high} (80%)", " · wahrscheinlich {low}–{high} (80 %)";
    runs_out: "Runs out", "Aufgebraucht";
    not_before_end: "Not before the end date", "Nicht vor dem Enddatum";
    never: "Not expected to run out", "Voraussichtlich nicht";
    offer_ended(day): "Ended on {day}. No more redemptions expected.",
        "Am {day} beendet. Es werden keine weiteren Einlösungen erwartet.";
    range_ends_early: "The selected period ends before today. Include today to see the forecast.",
        "Der gewählte Zeitraum endet vor heute. Schließen Sie heute ein, um die Prognose zu sehen.";
    updated(ago): "Updated {ago}", "Aktualisiert {ago}";
    accuracy(percent): "Recent accuracy: within {percent}", "Abweichung zuletzt: {percent}";
    recompute: "Recompute", "Neu berechnen";
    recompute_queued: "Forecast is being recomputed.", "Prognose wird neu berechnet.";

    // What-if scenario.
    what_if: "What-if scenario", "Szenario";
    redemption_limit: "Redemption limit", "Einlöselimit";
    end_date: "End date", "Enddatum";
    discount: "Discount", "Rabatt";
    not_expected: "not expected", "voraussichtlich nicht";
    not_before_end_date(risk): "not before the end date{risk}", "nicht vor dem Enddatum{risk}";
    redemptions_in_days(days): "Redemptions, next {days} days", "Einlösungen, nächste {days} Tage";
    currently(value): " (currently {value})", " (derzeit {value})";
    budget_raised(amount): "Budget raised to {amount}.", "Budget auf {amount} erhöht.";
    budget_lowered(amount): "Budget lowered to {amount}.", "Budget auf {amount} gesenkt.";
    name_updated(name): "{name} updated.", "{name} aktualisiert.";
    same_demand: "Assumes demand stays the same.", "Annahme: gleiche Nachfrage.";
    reset: "Reset", "Zurücksetzen";
    apply: "Apply", "Übernehmen";

    // Declined redemptions.
    declined: "Declined redemptions", "Abgelehnte Einlösungen";
    none_declined: "No redemptions declined in this period.", "Keine abgelehnten Einlösungen in diesem Zeitraum.";
    declined_in_total(redemptions, amount): "{redemptions} declined, {amount} in discounts not given.",
        "{redemptions} abgelehnt, {amount} Rabatt nicht gewährt.";
    not_given(amount): "{amount} not given", "{amount} nicht gewährt";
    budget_exhausted: "Budget used up", "Budget aufgebraucht";
    max_redemptions_reached: "Redemption limit reached", "Einlöselimit erreicht";
    offer_paused: "Offer paused", "Angebot pausiert";
    offer_archived: "Offer archived", "Angebot archiviert";
    offer_not_started: "Offer not started yet", "Angebot noch nicht gestartet";
    offer_expired: "Offer ended", "Angebot beendet";
    order_below_minimum: "Below minimum order", "Mindestbestellwert nicht erreicht";
    customer_limit_reached: "Per-customer limit reached", "Kundenlimit erreicht";
    hold_limit_reached: "Too many open reservations", "Zu viele offene Reservierungen";

    // Latest redemptions.
    latest_redemptions: "Latest redemptions", "Neueste Einlösungen";
    time: "Time", "Zeitpunkt";
    customer: "Customer", "Kunde";
    order: "Order value", "Bestellwert";
    reverse: "Reverse", "Stornieren";
    reverse_for(customer): "Reverse redemption by customer {customer}", "Einlösung von Kunde {customer} stornieren";
    reverse_question: "Reverse this redemption?", "Diese Einlösung stornieren?";
    reverse_effect(customer, amount):
        "Customer {customer} received {amount}. The budget and the use are restored. This can't be undone.",
        "Kunde {customer} hat {amount} Rabatt erhalten. Budget und Einlösung werden wieder frei. Das lässt sich nicht rückgängig machen.";
    reason: "Reason (optional)", "Grund (optional)";
    redemption_reversed: "Redemption reversed.", "Einlösung storniert.";
    reversed: " · reversed", " · storniert";
    history: "History", "Verlauf";
    all_as_csv: "Download all redemptions (CSV)", "Alle Einlösungen herunterladen (CSV)";

    // Unique codes.
    unique_codes: "Unique codes", "Einmalcodes";
    unique_codes_open: "Unique codes…", "Einmalcodes …";
    codes_hint: "Single-use codes that work alongside the main code. Typos are detected.",
        "Einmal einlösbare Codes, zusätzlich zum Hauptcode. Tippfehler werden erkannt.";
    codes_used(codes, used): "{codes}, {used} used.", "{codes}, davon {used} eingelöst.";
    no_codes_yet: "No codes yet.", "Noch keine Codes.";
    download_codes: "Download all (CSV)", "Alle herunterladen (CSV)";
    download_these: "Download these (CSV)", "Diese herunterladen (CSV)";
    quantity: "Quantity", "Anzahl";
    quantity_problem: "Enter a whole number from 1 to 10,000,000.",
        "Geben Sie eine ganze Zahl von 1 bis 10.000.000 ein.";
    prefix: "Prefix (optional)", "Präfix (optional)";
    prefix_hint: "Every code starts with it. Up to 16 letters and digits.",
        "Jeder Code beginnt damit. Bis zu 16 Buchstaben und Ziffern.";
    prefix_problem: "Use up to 16 letters and digits, only A–Z and 0–9.",
        "Verwenden Sie bis zu 16 Zeichen, nur A–Z und 0–9.";
    generate: "Generate codes", "Codes erzeugen";
    codes_generated(codes): "{codes} generated.", "{codes} erzeugt.";
}

plurals! {
    codes: "{number} code" | "{number} codes", "{number} Code" | "{number} Codes";
}
