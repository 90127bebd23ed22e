//! The form of an offer, and its error messages.

texts! {
    new_offer: "New offer", "Neues Angebot";
    edit_offer: "Edit offer", "Angebot bearbeiten";
    loading: "Loading offer", "Angebot wird geladen";
    create: "Create offer", "Angebot erstellen";
    save: "Save changes", "Änderungen speichern";
    saving: "Saving…", "Wird gespeichert …";
    name_is_live(name): "{name} is live.", "{name} ist live.";
    name_created(name): "{name} created.", "{name} erstellt.";
    name_saved(name): "{name} saved.", "{name} gespeichert.";
    leave_without_saving: "Leave without saving? Your changes will be lost.",
        "Seite ohne Speichern verlassen? Ihre Änderungen gehen verloren.";
    copy_of(name): "{name} (copy)", "{name} (Kopie)";

    // Fields.
    name: "Name", "Name";
    code: "Code", "Code";
    discount_type: "Discount type", "Rabattart";
    discount_value: "Discount", "Rabatt";
    currency: "Currency", "Währung";
    timezone: "Time zone", "Zeitzone";
    start_date: "Start date", "Startdatum";
    end_date: "End date", "Enddatum";
    budget: "Budget", "Budget";
    max_redemptions: "Redemption limit", "Einlöselimit";
    min_order_amount: "Minimum order value", "Mindestbestellwert";
    max_discount: "Discount cap", "Maximaler Rabatt";
    max_redemptions_per_customer: "Limit per customer", "Limit pro Kunde";
    on_budget_shortfall: "If the budget is too low", "Bei zu kleinem Restbudget";
    status: "Status", "Status";

    // Sections, hints and options.
    offer: "Offer", "Angebot";
    offer_hint: "The name is for your team, the code for your customers.",
        "Der Name ist für Ihr Team, der Code für Ihre Kunden.";
    name_example: "Summer sale", "Sommeraktion";
    code_hint: "Letters, digits, - and _. Not case-sensitive.",
        "Buchstaben, Ziffern, - und _. Groß-/Kleinschreibung egal.";
    status_hint: "Only active offers can be redeemed. Archived offers keep their history.",
        "Nur aktive Angebote können eingelöst werden. Archivierte behalten ihren Verlauf.";
    discount: "Discount", "Rabatt";
    discount_hint: "Taken off the order with each redemption, up to the order's value.",
        "Wird bei jeder Einlösung von der Bestellung abgezogen, höchstens bis zu deren Wert.";
    percentage: "Percentage", "Prozentsatz";
    fixed_amount: "Fixed amount", "Festbetrag";
    no_minimum: "No minimum", "Kein Minimum";
    no_limit: "No limit", "Unbegrenzt";
    schedule: "Schedule", "Zeitraum";
    schedule_hint: "Starts 00:00, ends 23:59 in this time zone.",
        "Beginnt um 00:00 Uhr, endet um 23:59 Uhr in der gewählten Zeitzone.";
    limits: "Limits", "Limits";
    limits_hint: "The offer stops automatically when it reaches a limit. Leave a field empty for no limit.",
        "Das Angebot stoppt automatisch, sobald ein Limit erreicht ist. Leere Felder bedeuten: unbegrenzt.";
    decline: "Decline", "Ablehnen";
    apply_what_is_left: "Apply what's left", "Restbetrag gewähren";

    // Preview.
    preview: "Preview", "Vorschau";
    summary: "Summary", "Zusammenfassung";
    enter_discount: "Enter a discount to see a preview.", "Geben Sie einen Rabatt ein, um eine Vorschau zu sehen.";
    order_gets(order, given): "An order of {order} gets {given} off.",
        "Eine Bestellung über {order} erhält {given} Rabatt.";
    runs_for(days, period): "Runs for {days}, {period}.", "Läuft {days} lang, {period}.";
    stops_after(redemptions): "Stops after {redemptions}.", "Stoppt nach {redemptions}.";
    no_spending_limit: "No spending limit. Set a budget to cap costs.",
        "Kein Ausgabenlimit gesetzt. Legen Sie ein Budget fest, um die Kosten zu begrenzen.";
    at_current_average(redemptions): "At the current average, the budget covers about {redemptions}.",
        "Beim aktuellen Durchschnitt reicht das Budget für etwa {redemptions}.";
    at_current_average_left(redemptions, left):
        "At the current average, the budget covers about {redemptions} ({left} left).",
        "Beim aktuellen Durchschnitt reicht das Budget für etwa {redemptions} (noch {left}).";
    with_such_orders(redemptions): "With orders like this, the budget covers about {redemptions}.",
        "Bei Bestellungen wie dieser reicht das Budget für etwa {redemptions}.";
    with_such_orders_left(redemptions, left):
        "With orders like this, the budget covers about {redemptions} ({left} left).",
        "Bei Bestellungen wie dieser reicht das Budget für etwa {redemptions} (noch {left}).";
    stops_by_budget(budget, spent): "{spent} is already spent. With a budget of {budget}, the offer stops immediately.",
        "{spent} sind bereits ausgegeben. Mit einem Budget von {budget} stoppt das Angebot sofort.";
    stops_by_limit: "This redemption limit is already reached. The offer stops immediately.",
        "Dieses Einlöselimit ist bereits erreicht. Das Angebot stoppt sofort.";
    is_live: "This offer is live. Customers get the new terms as soon as you save.",
        "Dieses Angebot ist live. Die neuen Bedingungen gelten, sobald Sie speichern.";

    // Edit conflict.
    changed_by_someone_else: "Someone else changed this offer while you were editing. ",
        "Jemand anderes hat dieses Angebot während Ihrer Bearbeitung geändert. ";
    changes_still_here: "Nothing was saved. Your changes are still here.",
        "Es wurde nichts gespeichert. Ihre Eingaben sind noch da.";
    use_theirs: "Use theirs", "Andere Version übernehmen";
    keep_my_changes: "Keep my changes", "Meine Änderungen behalten";
    field: "Field", "Feld";
    yours: "Yours", "Ihre Version";
    theirs: "Theirs", "Andere Version";
    empty: "empty", "leer";
}

/// Validation errors by code and field, in languages other than the rules' own English. `None` for English and for
/// unknown codes.
pub fn problem(field: &str, code: &str) -> Option<&'static str> {
    let german = match (code, field) {
        ("required", _) => "fehlt",
        ("taken", _) => "wird bereits von einem anderen Angebot verwendet",
        ("too_long", "name") => "darf höchstens 200 Zeichen haben",
        ("invalid", "name") => "darf keine Steuerzeichen und keine unsichtbaren Zeichen enthalten",
        ("invalid", "code") => {
            "darf bis zu 64 Zeichen haben (A–Z, 0–9, - und _) und muss einen Buchstaben enthalten"
        }
        ("invalid", "currency") => "muss ein ISO-4217-Code sein, z. B. USD oder EUR",
        ("invalid", "timezone") => "muss eine IANA-Zeitzone sein, z. B. Europe/Berlin oder UTC",
        ("invalid", "start_date" | "end_date") => "muss ein gültiges Datum sein, z. B. 2026-11-30",
        ("out_of_range", "end_date") => "darf nicht vor dem Startdatum und nicht nach 2199 liegen",
        ("out_of_range", "start_date") => "muss zwischen 2000 und 2199 liegen",
        ("out_of_range", "discount_value") => "muss größer als 0 sein, ein Prozentsatz höchstens 100",
        ("out_of_range", "max_redemptions" | "max_redemptions_per_customer") => {
            "muss eine ganze Zahl ab 1 sein oder leer bleiben"
        }
        ("out_of_range", _) => "muss größer als 0 und höchstens eine Billion sein",
        ("invalid", "discount_value" | "budget" | "min_order_amount" | "max_discount") => {
            "muss eine Zahl sein, z. B. 10 oder 12,50, mit höchstens so vielen Nachkommastellen wie die Währung"
        }
        _ => return None,
    };
    super::pick(None, Some(german))
}
