//! What more than one page says.

words! {
    // Around the page.
    skip_to_content: "Skip to content", "Zum Inhalt springen";
    main_navigation: "Main", "Hauptmenü";
    overview: "Overview", "Übersicht";
    offers: "Offers", "Angebote";
    all_offers: "All offers", "Alle Angebote";
    api_reference: "API reference", "API-Referenz";
    theme: "Theme", "Farbschema";
    theme_system: "System", "System";
    theme_light: "Light", "Hell";
    theme_dark: "Dark", "Dunkel";
    language: "Language", "Sprache";

    // What an offer does right now.
    scheduled: "Scheduled", "Geplant";
    active: "Active", "Aktiv";
    paused: "Paused", "Pausiert";
    ended: "Ended", "Beendet";
    budget_used_up: "Budget used up", "Budget aufgebraucht";
    fully_redeemed: "Fully redeemed", "Ausgeschöpft";
    archived: "Archived", "Archiviert";
    name_is_active(name): "{name} is active.", "{name} ist aktiv.";
    name_is_paused(name): "{name} is paused.", "{name} ist pausiert.";
    name_is_archived(name): "{name} is archived.", "{name} ist archiviert.";
    name_is_active_again(name): "{name} is active again.", "{name} ist wieder aktiv.";
    name_is_paused_again(name): "{name} is paused again.", "{name} ist wieder pausiert.";
    name_is_archived_again(name): "{name} is archived again.", "{name} ist wieder archiviert.";

    // What can be done.
    edit: "Edit", "Bearbeiten";
    duplicate: "Duplicate", "Duplizieren";
    pause: "Pause", "Pausieren";
    resume: "Resume", "Fortsetzen";
    restore: "Restore", "Wiederherstellen";
    archive: "Archive", "Archivieren";
    delete: "Delete", "Löschen";
    delete_after_question: "Delete…", "Löschen …";
    print: "Print", "Drucken";
    undo: "Undo", "Rückgängig";
    cancel: "Cancel", "Abbrechen";
    close: "Close", "Schließen";
    loading: "Loading", "Wird geladen";
    reload: "Reload", "Neu laden";
    try_again: "Try again", "Noch einmal versuchen";
    show: "Show", "Anzeigen";
    copy: "Copy", "Kopieren";
    copied: "Copied", "Kopiert";
    actions: "Actions", "Aktionen";
    more_actions: "More actions", "Weitere Aktionen";
    actions_for(name): "Actions for {name}", "Aktionen für {name}";
    as_table: "As table", "Als Tabelle";
    full_screen: "Full screen", "Vollbild";
    action_of(action, panel): "{action}: {panel}", "{action}: {panel}";

    // Deleting.
    delete_name(name): "Delete “{name}”?", "„{name}“ löschen?";
    gone_for_good: "It was never redeemed, so it will be gone for good, and its code is free again.",
        "Es wurde nie eingelöst. Es ist dann endgültig weg, und sein Code ist wieder frei.";
    name_was_deleted(name): "{name} was deleted.", "{name} wurde gelöscht.";

    // Days.
    range: "Range", "Zeitraum";
    custom: "Custom", "Eigener Zeitraum";
    first_day: "First day", "Erster Tag";
    last_day: "Last day", "Letzter Tag";
    first_before_last: "The first day has to come before the last.", "Der erste Tag muss vor dem letzten liegen.";
    or_draw_across: "Or draw across the days in a chart.", "Oder die Tage in einem Diagramm überstreichen.";
    months: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.";
    weekdays: "Mon Tue Wed Thu Fri Sat Sun", "Mo. Di. Mi. Do. Fr. Sa. So.";
    day_alone(day): "{day}", "{day}.";
    day_of_month(day, month): "{day} {month}", "{day}. {month}";
    day_of_year(day, month, year): "{day} {month} {year}", "{day}. {month} {year}";
    weekday_and_day(weekday, day): "{weekday} {day}", "{weekday}, {day}";
    just_now: "just now", "gerade eben";
    minutes_ago(minutes): "{minutes} min ago", "vor {minutes} Min.";
    hours_ago(hours): "{hours} h ago", "vor {hours} Std.";
    a_day_ago: "a day ago", "vor einem Tag";
    days_ago(days): "{days} days ago", "vor {days} Tagen";

    // Figures.
    percentage(number): "{number}%", "{number} %";
    about(amount): "about {amount}", "etwa {amount}";
    off(amount): "{amount} off", "{amount} Rabatt";
    up: "up ", "mehr: ";
    down: "down ", "weniger: ";
    no_change: "no change", "unverändert";
    new: "new", "neu";
    key_figures: "Key figures", "Kennzahlen";
    amount_in(name, currency): "{name} ({currency})", "{name} ({currency})";
    name_and_value(name, value): "{name}: {value}", "{name}: {value}";

    // What went wrong, or is not there.
    could_not_be_loaded: "This could not be loaded", "Das konnte nicht geladen werden";
    reference: "Reference: ", "Referenz: ";
    server_not_reached: "The server can't be reached. Check the connection and try again.",
        "Der Server ist nicht zu erreichen. Bitte die Verbindung prüfen und es noch einmal versuchen.";
    answer_not_read(status): "The answer could not be read (status {status}). Try again in a moment.",
        "Die Antwort war nicht lesbar (Status {status}). Bitte gleich noch einmal versuchen.";
    refused(code): "The server refused ({code}).", "Der Server hat abgelehnt ({code}).";
    file_not_taken: "The browser did not take the file.", "Der Browser hat die Datei nicht angenommen.";
    no_such_offer: "No such offer", "Kein solches Angebot";
    there_is_no_offer: "There is no offer ", "Es gibt kein Angebot ";
    deleted_or_typo: ". It may have been deleted, or the address has a typo.",
        ". Es wurde gelöscht, oder die Adresse enthält einen Tippfehler.";
    page_not_found: "Page not found", "Seite nicht gefunden";
    no_page_here: "There is no page here", "Hier ist keine Seite";
    typo_or_moved: "The address may have a typo, or the page has moved.",
        "Die Adresse enthält einen Tippfehler, oder die Seite ist umgezogen.";
}

counted! {
    days: "{number} day" | "{number} days", "{number} Tag" | "{number} Tage";
    /// In German after a preposition.
    in_days: "in {number} day" | "in {number} days", "in {number} Tag" | "in {number} Tagen";
    redemptions: "{number} redemption" | "{number} redemptions", "{number} Einlösung" | "{number} Einlösungen";
    customers: "{number} customer" | "{number} customers", "{number} Kunde" | "{number} Kunden";
}

/// What the API refuses, for readers of another language than its own. `None` for English, and for a code that
/// this page does not know.
pub fn refusal(code: &str) -> Option<&'static str> {
    let german = match code {
        "stale_offer" => "Jemand anderes hat dieses Angebot inzwischen geändert. Nichts wurde gespeichert.",
        "offer_not_found" => "Dieses Angebot gibt es nicht.",
        "redemption_not_found" => "Diese Einlösung gibt es nicht.",
        "already_reversed" => "Diese Einlösung wurde schon zurückgenommen.",
        "invalid_request" => "Einige Angaben sind nicht richtig.",
        "rate_limited" => "Zu viele Anfragen. Bitte gleich noch einmal versuchen.",
        "busy" => "Der Server ist gerade ausgelastet. Bitte gleich noch einmal versuchen.",
        "outcome_unknown" => {
            "Die Verbindung zur Datenbank brach ab: Ob es gelungen ist, ist nicht sicher. Bitte neu laden."
        }
        "internal" => "Auf dem Server ist etwas schiefgegangen.",
        _ => return None,
    };
    super::pick(None, Some(german))
}
