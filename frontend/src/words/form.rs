//! The form of an offer, and what is wrong in it.

words! {
    new_offer: "New offer", "Neues Angebot";
    edit_offer: "Edit offer", "Angebot bearbeiten";
    loading: "Loading the offer", "Das Angebot wird geladen";
    create: "Create offer", "Angebot anlegen";
    save: "Save changes", "Änderungen speichern";
    saving: "Saving…", "Wird gespeichert …";
    name_was_saved(name): "{name} was saved.", "{name} wurde gespeichert.";
    leave_without_saving: "Leave without saving? What you changed will be lost.",
        "Ohne Speichern verlassen? Ihre Änderungen gehen verloren.";
    copy_of(name): "{name} (copy)", "{name} (Kopie)";

    name: "Name", "Name";
    code: "Code", "Code";
    discount_type: "Kind of discount", "Art des Rabatts";
    discount_value: "Discount", "Rabatt";
    currency: "Currency", "Währung";
    timezone: "Time zone", "Zeitzone";
    start_date: "First day", "Erster Tag";
    end_date: "Last day", "Letzter Tag";
    budget: "Budget", "Budget";
    max_redemptions: "Maximum redemptions", "Höchstzahl der Einlösungen";
    min_order_amount: "Smallest order", "Kleinste Bestellung";
    max_discount: "Maximum discount", "Höchster Rabatt";
    max_redemptions_per_customer: "Maximum per customer", "Höchstens je Kunde";
    on_budget_shortfall: "When the budget falls short", "Wenn das Budget nicht reicht";
    status: "Status", "Status";

    offer: "Offer", "Angebot";
    offer_hint: "The name is for your team, the code for your customers.",
        "Der Name ist für Ihr Team, der Code für Ihre Kunden.";
    name_example: "Summer sale", "Sommeraktion";
    code_hint: "Letters, digits, - and _. Case does not matter.",
        "Buchstaben, Ziffern, - und _. Groß oder klein ist gleich.";
    status_hint: "Only active offers redeem. Archived ones keep their history.",
        "Nur aktive Angebote werden eingelöst. Archivierte behalten ihre Geschichte.";
    discount: "Discount", "Rabatt";
    discount_hint: "What one redemption takes off the order, never more than the order is worth.",
        "Was eine Einlösung von der Bestellung abzieht, nie mehr als deren Wert.";
    percent_of_order: "Percent of the order", "Prozent der Bestellung";
    fixed_amount: "Fixed amount", "Fester Betrag";
    any_order: "Any order", "Jede Bestellung";
    no_limit: "No limit", "Keine Grenze";
    when: "When", "Wann";
    when_hint: "Both days are included, on the clock of the time zone.",
        "Beide Tage zählen mit, nach der Uhr der Zeitzone.";
    limits: "Limits", "Grenzen";
    limits_hint: "The offer stops by itself when one of them is reached. Leave a field empty for no limit.",
        "Das Angebot hält von selbst an, wenn eine davon erreicht ist. Ein leeres Feld heißt: keine Grenze.";
    turn_away: "Turn the order away", "Die Bestellung abweisen";
    give_what_is_left: "Give what is left", "Gewähren, was übrig ist";

    preview: "Preview", "Vorschau";
    in_words: "In words", "In Worten";
    fill_in: "Fill in the discount to see what an order gets.",
        "Tragen Sie den Rabatt ein, um zu sehen, was eine Bestellung bekommt.";
    order_gets(order, given): "An order of {order} gets {given} off.",
        "Eine Bestellung über {order} bekommt {given} Rabatt.";
    redeems_for(days, period): "It redeems for {days}, {period}.", "Eingelöst wird {days} lang, {period}.";
    stops_after(redemptions): "It stops after {redemptions}.", "Nach {redemptions} ist Schluss.";
    nothing_limits(day): "Nothing limits what it costs until {day}.",
        "Bis {day} begrenzt nichts, was es kostet.";
    present_average(redemptions): "At the present average the budget buys about {redemptions}.",
        "Beim jetzigen Durchschnitt reicht das Budget für etwa {redemptions}.";
    present_average_left(redemptions, left):
        "At the present average the budget buys about {redemptions}, {left} more than so far.",
        "Beim jetzigen Durchschnitt reicht das Budget für etwa {redemptions}, {left} mehr als bisher.";
    orders_like_this(redemptions): "With orders like this one the budget buys about {redemptions}.",
        "Mit Bestellungen wie dieser reicht das Budget für etwa {redemptions}.";
    orders_like_this_left(redemptions, left):
        "With orders like this one the budget buys about {redemptions}, {left} more than so far.",
        "Mit Bestellungen wie dieser reicht das Budget für etwa {redemptions}, {left} mehr als bisher.";
    stops_by_budget(budget, spent): "{budget} is not more than what was given already ({spent}): it stops at once.",
        "{budget} ist nicht mehr, als schon gewährt wurde ({spent}): Es hält sofort an.";
    stops_by_maximum: "That many were redeemed already: it stops at once.",
        "So viele wurden schon eingelöst: Es hält sofort an.";
    is_live: "This offer is live: customers get the new terms as soon as you save.",
        "Dieses Angebot läuft: Die Kunden bekommen die neuen Bedingungen, sobald Sie speichern.";

    somebody_was_faster: "Somebody else changed this offer while you were editing it. ",
        "Jemand anderes hat dieses Angebot geändert, während Sie es bearbeitet haben. ";
    still_here: "Nothing was saved, and what you typed is still here.",
        "Nichts wurde gespeichert, und was Sie eingegeben haben, ist noch da.";
    take_theirs: "Take theirs", "Deren Fassung nehmen";
    keep_mine: "Keep mine, then save again", "Meine behalten und noch einmal speichern";
    field: "Field", "Feld";
    yours: "Yours", "Ihre Fassung";
    theirs: "Theirs", "Deren Fassung";
    none: "none", "keine";
}

/// What the rules say of a field, for readers of another language than theirs. `None` for English, and for what
/// this page does not know.
pub fn problem(field: &str, code: &str) -> Option<&'static str> {
    let german = match (code, field) {
        ("required", _) => "fehlt",
        ("taken", _) => "wird schon von einem anderen Angebot benutzt",
        ("too_long", "name") => "darf höchstens 200 Zeichen haben",
        ("invalid", "name") => "darf keine Steuerzeichen und keine unsichtbaren Zeichen enthalten",
        ("invalid", "code") => {
            "muss aus 1 bis 64 Buchstaben A–Z, Ziffern, - oder _ bestehen, mit mindestens einem Buchstaben"
        }
        ("invalid", "currency") => "muss ein Code nach ISO 4217 sein, etwa USD oder EUR",
        ("invalid", "timezone") => "muss eine IANA-Zeitzone sein, etwa Europe/Berlin oder UTC",
        ("invalid", "start_date" | "end_date") => "muss ein Tag sein, etwa 2026-11-30",
        ("out_of_range", "end_date") => "muss der erste Tag oder ein späterer sein, vor dem Jahr 2200",
        ("out_of_range", "start_date") => "muss zwischen 2000 und 2199 liegen",
        ("out_of_range", "discount_value") => "muss mehr als 0 sein, ein Prozentsatz höchstens 100",
        ("out_of_range", "max_redemptions" | "max_redemptions_per_customer") => {
            "muss eine ganze Zahl ab 1 sein, oder leer für keine Grenze"
        }
        ("out_of_range", _) => "muss mehr als 0 und höchstens eine Billion sein",
        ("invalid", "discount_value" | "budget" | "min_order_amount" | "max_discount") => {
            "muss eine Zahl sein, etwa 10 oder 12,50, mit nicht mehr Nachkommastellen als die Währung"
        }
        _ => return None,
    };
    super::pick(None, Some(german))
}
