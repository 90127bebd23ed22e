//! The API keys of services.

texts! {
    lead: "Keys with which your shop and other services use the API.",
        "Schlüssel, mit denen Ihr Shop und andere Dienste die API nutzen.";
    loading: "Loading API keys", "API-Schlüssel werden geladen";
    create: "Create key", "Schlüssel erstellen";
    none_yet: "No API keys yet", "Noch keine API-Schlüssel";
    what_keys_are: "Your shop needs one to redeem offers. Limit it to what the shop does.",
        "Ihr Shop braucht einen, um Angebote einzulösen. Beschränken Sie ihn auf das Nötige.";
    key: "Key", "Schlüssel";
    scopes: "Permissions", "Berechtigungen";
    limited_to: "Limited to", "Beschränkt auf";
    last_used: "Last used", "Zuletzt benutzt";
    never_used: "Never", "Noch nie";
    expires: "Expires", "Läuft ab";
    never: "Never", "Nie";
    status: "Status", "Status";
    active: "Active", "Aktiv";
    expired: "Expired", "Abgelaufen";
    revoked: "Revoked", "Widerrufen";
    everything: "No limits", "Unbeschränkt";
    only_offers(ids): "Offers {ids}", "Angebote {ids}";

    // Scopes.
    offers: "Offers", "Angebote";
    redemptions: "Redemptions", "Einlösungen";
    reports: "Reports", "Auswertungen";
    administration: "Administration", "Verwaltung";
    offers_read: "View offers", "Angebote ansehen";
    offers_read_hint: "List offers and read their terms.", "Angebote auflisten und ihre Bedingungen lesen.";
    offers_write: "Manage offers", "Angebote verwalten";
    offers_write_hint: "Create, change and delete offers, issue and download unique codes.",
        "Angebote erstellen, ändern und löschen, Einmalcodes erzeugen und herunterladen.";
    redemptions_read: "View redemptions", "Einlösungen ansehen";
    redemptions_read_hint: "Read the ledger and single redemptions.", "Die Liste und einzelne Einlösungen lesen.";
    redemptions_write: "Redeem", "Einlösen";
    redemptions_write_hint: "Quote, redeem, reserve, confirm, release and reverse. What a shop needs.",
        "Berechnen, einlösen, reservieren, bestätigen, freigeben und stornieren. Das braucht ein Shop.";
    reports_read: "View reports", "Auswertungen ansehen";
    reports_read_hint: "Dashboards, forecasts and the overview.", "Dashboards, Prognosen und die Übersicht.";
    webhooks: "Manage webhooks", "Webhooks verwalten";
    webhooks_hint: "Create, change and delete webhooks.", "Webhooks erstellen, ändern und löschen.";
    admin: "Manage access", "Zugriff verwalten";
    admin_hint: "People, API keys, audit log and metrics. Rarely needed.",
        "Personen, API-Schlüssel, Änderungsprotokoll und Metriken. Selten nötig.";

    // Form.
    name: "Name", "Name";
    name_example: "Web shop", "Onlineshop";
    limits: "Limits (optional)", "Beschränkungen (optional)";
    offers_hint: "Codes or ids, separated by commas. Empty: all offers.",
        "Codes oder IDs, durch Kommas getrennt. Leer: alle Angebote.";
    networks: "Networks", "Netze";
    networks_hint: "Addresses or networks, such as 192.0.2.0/24. Empty: from anywhere.",
        "Adressen oder Netze, z. B. 192.0.2.0/24. Leer: von überall.";
    expiry: "Last day", "Letzter Tag";
    expiry_hint: "Works until the end of this day. Empty: doesn't expire.",
        "Funktioniert bis zum Ende dieses Tages. Leer: läuft nicht ab.";
    no_such_offer(reference): "There is no offer {reference}.", "Es gibt kein Angebot {reference}.";

    // New key.
    created(name): "Key “{name}” created", "Schlüssel „{name}“ erstellt";
    copy_now: "Copy the key now and store it safely. It is only shown once.",
        "Kopieren Sie den Schlüssel jetzt und bewahren Sie ihn sicher auf. Er wird nur einmal angezeigt.";
    try_it: "Try it", "Ausprobieren";

    // Actions.
    rotate: "Rotate…", "Erneuern …";
    rotate_name(name): "Rotate “{name}”?", "„{name}“ erneuern?";
    rotate_note: "You get a new key with the same permissions.",
        "Sie erhalten einen neuen Schlüssel mit denselben Berechtigungen.";
    former_works: "The current key keeps working for", "Der jetzige Schlüssel funktioniert noch";
    not_at_all: "not at all", "gar nicht";
    an_hour: "1 hour", "1 Stunde";
    a_day: "1 day", "1 Tag";
    a_week: "7 days", "7 Tage";
    a_month: "30 days", "30 Tage";
    rotate_now: "Create new key", "Neuen Schlüssel erstellen";
    revoke: "Revoke…", "Widerrufen …";
    revoke_name(name): "Revoke “{name}”?", "„{name}“ widerrufen?";
    revoke_note: "Requests with this key fail at once. This can't be undone.",
        "Anfragen mit diesem Schlüssel schlagen sofort fehl. Das lässt sich nicht rückgängig machen.";
    revoke_now: "Revoke", "Widerrufen";
    name_revoked(name): "Key “{name}” revoked.", "Schlüssel „{name}“ widerrufen.";
}

plurals! {
    offer_count: "{number} offer" | "{number} offers", "{number} Angebot" | "{number} Angebote";
}
