//! Texts that several pages share.

texts! {
    // Navigation.
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

    // Who is signed in.
    people: "People", "Personen";
    api_keys: "API keys", "API-Schlüssel";
    audit_log: "Audit log", "Änderungsprotokoll";
    account: "Account", "Konto";
    sign_out: "Sign out", "Abmelden";
    more: "More", "Mehr";
    owner: "Owner", "Inhaber";
    manager: "Manager", "Manager";
    analyst: "Analyst", "Analyst";
    no_access: "You don't have access to this page", "Kein Zugriff auf diese Seite";
    not_for_role(role): "Your role ({role}) doesn't include it. Ask an owner if you need it.",
        "Ihre Rolle ({role}) umfasst sie nicht. Wenden Sie sich an einen Inhaber, wenn Sie sie brauchen.";

    // States of an offer.
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

    // Actions.
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
    loading: "Loading…", "Wird geladen …";
    reload: "Reload", "Neu laden";
    try_again: "Try again", "Erneut versuchen";
    apply: "Apply", "Anwenden";
    copy: "Copy", "Kopieren";
    copied: "Copied", "Kopiert";
    actions: "Actions", "Aktionen";
    more_actions: "More actions", "Weitere Aktionen";
    actions_for(name): "Actions for {name}", "Aktionen für {name}";
    as_table: "View as table", "Als Tabelle anzeigen";
    full_screen: "Full screen", "Vollbild";
    action_of(action, panel): "{action}: {panel}", "{action}: {panel}";

    // Deleting an offer.
    delete_name(name): "Delete “{name}”?", "„{name}“ löschen?";
    delete_is_permanent: "This offer has no redemptions. Deleting it is permanent and frees its code.",
        "Dieses Angebot wurde noch nie eingelöst. Das Löschen ist endgültig, der Code wird wieder frei.";
    name_deleted(name): "{name} deleted.", "{name} gelöscht.";

    // Days and times.
    range: "Date range", "Zeitraum";
    custom: "Custom", "Eigener Zeitraum";
    start_date: "Start date", "Startdatum";
    end_date: "End date", "Enddatum";
    end_before_start: "End date must be on or after the start date.",
        "Das Enddatum darf nicht vor dem Startdatum liegen.";
    or_drag_across: "Or drag across days in a chart.", "Oder ziehen Sie in einem Diagramm über die Tage.";
    months: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.";
    weekdays: "Mon Tue Wed Thu Fri Sat Sun", "Mo. Di. Mi. Do. Fr. Sa. So.";
    day_alone(day): "{day}", "{day}.";
    day_of_month(day, month): "{day} {month}", "{day}. {month}";
    day_of_year(day, month, year): "{day} {month} {year}", "{day}. {month} {year}";
    weekday_and_day(weekday, day): "{weekday} {day}", "{weekday}, {day}";
    day_and_time(day, time): "{day}, {time}", "{day}, {time}";
    just_now: "just now", "gerade eben";
    minutes_ago(minutes): "{minutes} min ago", "vor {minutes} Min.";
    hours_ago(hours): "{hours} h ago", "vor {hours} Std.";
    a_day_ago: "1 day ago", "vor 1 Tag";
    days_ago(days): "{days} days ago", "vor {days} Tagen";

    // Figures.
    percentage(number): "{number}%", "{number} %";
    about(amount): "about {amount}", "etwa {amount}";
    off(amount): "{amount} off", "{amount} Rabatt";
    up: "up ", "plus ";
    down: "down ", "minus ";
    no_change: "no change", "unverändert";
    new: "new", "neu";
    key_figures: "Key metrics", "Kennzahlen";
    amount_in(name, currency): "{name} ({currency})", "{name} ({currency})";
    name_and_value(name, value): "{name}: {value}", "{name}: {value}";

    // Errors.
    could_not_load: "Couldn't load this content", "Inhalt konnte nicht geladen werden";
    request_id: "Request ID: ", "Anfrage-ID: ";
    server_unreachable: "Can't reach the server. Check your connection and try again.",
        "Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.";
    unexpected_response(status): "Unexpected response from the server (status {status}). Try again in a moment.",
        "Unerwartete Antwort vom Server (Status {status}). Versuchen Sie es gleich noch einmal.";
    request_failed(code): "The request failed ({code}).", "Die Anfrage ist fehlgeschlagen ({code}).";
    file_not_saved: "Couldn't save the file.", "Die Datei konnte nicht gespeichert werden.";
    offer_not_found: "Offer not found", "Angebot nicht gefunden";
    there_is_no_offer: "There is no offer ", "Es gibt kein Angebot ";
    deleted_or_wrong_link: ". It may have been deleted, or the link may be wrong.",
        ". Möglicherweise wurde es gelöscht, oder der Link ist falsch.";
    page_not_found: "Page not found", "Seite nicht gefunden";
    moved_or_wrong_link: "The link may be wrong, or the page may have moved.",
        "Möglicherweise ist der Link falsch, oder die Seite wurde verschoben.";
}

plurals! {
    days: "{number} day" | "{number} days", "{number} Tag" | "{number} Tage";
    /// In German after a preposition.
    in_days: "in {number} day" | "in {number} days", "in {number} Tag" | "in {number} Tagen";
    redemptions: "{number} redemption" | "{number} redemptions", "{number} Einlösung" | "{number} Einlösungen";
}

/// The API's errors by code, in languages other than its own English. `None` for English and for unknown codes.
pub fn api_error(code: &str) -> Option<&'static str> {
    let german = match code {
        "stale_offer" => {
            "Dieses Angebot wurde inzwischen von jemand anderem geändert. Es wurde nichts gespeichert."
        }
        "offer_not_found" => "Angebot nicht gefunden.",
        "redemption_not_found" => "Einlösung nicht gefunden.",
        "already_reversed" => "Diese Einlösung wurde bereits storniert.",
        "invalid_request" => "Einige Angaben sind ungültig.",
        "key_ended" => "Der Schlüssel ist abgelaufen oder wurde widerrufen.",
        "second_factor_failed" => "Der Code ist falsch oder wurde bereits benutzt.",
        "second_factor_exists" => "Die Bestätigung in zwei Schritten ist bereits eingeschaltet.",
        "user_not_found" => "Diese Person gibt es nicht mehr.",
        "last_owner" => "Mindestens ein aktiver Inhaber muss bleiben.",
        "forbidden" => "Dazu fehlt Ihnen die Berechtigung.",
        "unauthenticated" => "Sie sind nicht mehr angemeldet.",
        "rate_limited" => "Zu viele Anfragen. Versuchen Sie es gleich noch einmal.",
        "busy" => "Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.",
        "outcome_unknown" => {
            "Die Verbindung zur Datenbank wurde unterbrochen. Ob die Änderung gespeichert wurde, ist unklar. Laden Sie die Seite neu."
        }
        "internal" => "Auf dem Server ist ein Fehler aufgetreten.",
        _ => return None,
    };
    super::pick(None, Some(german))
}
