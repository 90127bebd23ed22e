//! The audit log, and the history of an offer.

texts! {
    lead: "Who changed what, and who signed in.", "Wer was geändert hat, und wer sich angemeldet hat.";
    loading: "Loading audit log", "Änderungsprotokoll wird geladen";
    download_csv: "Download as CSV", "Als CSV herunterladen";
    who: "Who", "Wer";
    who_example: "Name", "Name";
    action: "Action", "Aktion";
    all_actions: "All actions", "Alle Aktionen";
    offer: "Offer", "Angebot";
    offer_example: "Code or id", "Code oder ID";
    from: "From (UTC)", "Von (UTC)";
    to: "To (UTC)", "Bis (UTC)";
    what: "What", "Was";
    when: "When", "Wann";
    from_where: "From", "Von wo";
    nothing_found: "No entries", "Keine Einträge";
    try_other_filters: "Try other filters.", "Versuchen Sie andere Filter.";
    clear_filters: "Clear filters", "Filter zurücksetzen";
    command_line: "Command line", "Kommandozeile";
    nobody: "Not signed in", "Nicht angemeldet";

    // The history of an offer.
    loading_history: "Loading history", "Verlauf wird geladen";
    no_changes: "No changes recorded.", "Keine Änderungen aufgezeichnet.";
    show_older: "Show older", "Ältere anzeigen";
    by_at(who, moment): "{who}, {moment}", "{who}, {moment}";

    // Groups of actions, for the filter.
    offers: "Offers", "Angebote";
    codes: "Unique codes", "Einmalcodes";
    keys: "API keys", "API-Schlüssel";
    people: "People", "Personen";
    sessions: "Sign-ins", "Anmeldungen";

    // Actions.
    offer_created: "Offer created", "Angebot erstellt";
    offer_changed: "Offer changed", "Angebot geändert";
    offer_archived: "Offer archived", "Angebot archiviert";
    offer_deleted: "Offer deleted", "Angebot gelöscht";
    codes_issued: "Unique codes generated", "Einmalcodes erzeugt";
    number_issued(codes): "{codes} generated", "{codes} erzeugt";
    key_created: "API key created", "API-Schlüssel erstellt";
    key_created_for(scopes): "API key created with {scopes}", "API-Schlüssel mit {scopes} erstellt";
    key_rotated: "API key rotated", "API-Schlüssel erneuert";
    key_revoked: "API key revoked", "API-Schlüssel widerrufen";
    person_invited: "Invited", "Eingeladen";
    person_invited_as(role): "Invited as {role}", "Als {role} eingeladen";
    person_changed: "Account changed", "Konto geändert";
    person_removed: "Removed", "Entfernt";
    person_disabled: "Disabled", "Deaktiviert";
    person_enabled: "Enabled", "Aktiviert";
    person_reset: "Access reset", "Zugang zurückgesetzt";
    link_created: "Link to choose a password created", "Link zur Passwortwahl erstellt";
    password_set: "Password changed", "Passwort geändert";
    second_factor_on: "Two-step verification turned on", "Bestätigung in zwei Schritten eingeschaltet";
    second_factor_off: "Two-step verification turned off", "Bestätigung in zwei Schritten ausgeschaltet";
    signed_in: "Signed in", "Angemeldet";
    sign_in_failed: "Sign-in failed", "Anmeldung fehlgeschlagen";
    second_factor_asked: "Password entered, code not yet", "Passwort eingegeben, Code noch nicht";
    signed_out: "Signed out", "Abgemeldet";

    // Changed fields.
    raised(field, before, after): "{field} raised from {before} to {after}", "{field} von {before} auf {after} erhöht";
    lowered(field, before, after): "{field} lowered from {before} to {after}", "{field} von {before} auf {after} gesenkt";
    moved(field, before, after): "{field} moved from {before} to {after}", "{field} von {before} auf {after} verschoben";
    changed(field, before, after): "{field} changed from {before} to {after}", "{field} von {before} in {after} geändert";
    set_to(field, after): "{field} set to {after}", "{field} auf {after} festgelegt";
    removed(field, before): "{field} removed (was {before})", "{field} entfernt (zuvor {before})";
    quoted(text): "“{text}”", "„{text}“";
    role: "Role", "Rolle";
    paused: "Paused", "Pausiert";
    resumed: "Resumed", "Fortgesetzt";
    archived: "Archived", "Archiviert";
    restored: "Restored", "Wiederhergestellt";
}

plurals! {
    sessions_over: "{number} session ended" | "{number} sessions ended", "{number} Sitzung beendet" | "{number} Sitzungen beendet";
    code_count: "{number} code" | "{number} codes", "{number} Code" | "{number} Codes";
}
