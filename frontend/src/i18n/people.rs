//! The people who may sign in.

texts! {
    lead: "Who may sign in, and what they may do.", "Wer sich anmelden darf, und was diese Personen dürfen.";
    loading: "Loading people", "Personen werden geladen";
    invite: "Invite person", "Person einladen";
    invite_send: "Create invitation", "Einladung erstellen";
    role: "Role", "Rolle";
    status: "Status", "Status";
    two_step: "Two-step verification", "Bestätigung in zwei Schritten";
    on: "On", "Ein";
    off: "Off", "Aus";
    last_active: "Last active", "Zuletzt aktiv";
    never: "Never", "Noch nie";
    you: "you", "Sie";
    invited: "Invited", "Eingeladen";
    active: "Active", "Aktiv";
    disabled: "Disabled", "Deaktiviert";

    owner_may: "Everything, including people, API keys and the audit log.",
        "Alles, auch Personen, API-Schlüssel und Änderungsprotokoll.";
    manager_may: "Create and change offers, reverse redemptions, see all reports.",
        "Angebote erstellen und ändern, Einlösungen stornieren, alle Auswertungen ansehen.";
    analyst_may: "See offers, redemptions and reports. Change nothing.",
        "Angebote, Einlösungen und Auswertungen ansehen. Nichts ändern.";

    change_role: "Change role…", "Rolle ändern …";
    change_role_of(name): "Change the role of {name}", "Rolle von {name} ändern";
    save: "Save", "Speichern";
    role_changed(name, role): "{name} is now {role}.", "{name} ist jetzt {role}.";
    new_link: "New link…", "Neuer Link …";
    new_link_for(name): "Create a new link for {name}?", "Neuen Link für {name} erstellen?";
    new_link_note: "With it, the person chooses a new password. Earlier links stop working.",
        "Damit wählt die Person ein neues Passwort. Frühere Links funktionieren dann nicht mehr.";
    create_link: "Create link", "Link erstellen";
    end_sessions: "Sign out everywhere…", "Überall abmelden …";
    end_sessions_of(name): "Sign {name} out everywhere?", "{name} überall abmelden?";
    end_sessions_note: "The person has to sign in again on every device.",
        "Die Person muss sich auf jedem Gerät neu anmelden.";
    end_sessions_now: "Sign out", "Abmelden";
    sessions_ended(name): "{name} is signed out everywhere.", "{name} ist überall abgemeldet.";
    disable: "Disable…", "Deaktivieren …";
    disable_name(name): "Disable {name}?", "{name} deaktivieren?";
    disable_note: "The person is signed out and can't sign in until you enable the account again.",
        "Die Person wird abgemeldet und kann sich erst wieder anmelden, wenn Sie das Konto aktivieren.";
    disable_now: "Disable", "Deaktivieren";
    name_disabled(name): "{name} is disabled.", "{name} ist deaktiviert.";
    enable: "Enable", "Aktivieren";
    name_enabled(name): "{name} can sign in again.", "{name} kann sich wieder anmelden.";
    remove: "Remove…", "Entfernen …";
    remove_name(name): "Remove {name}?", "{name} entfernen?";
    remove_note: "The person is signed out and loses access. The audit log keeps the name. This can't be undone.",
        "Die Person wird abgemeldet und verliert den Zugang. Das Änderungsprotokoll behält den Namen. Das lässt sich nicht rückgängig machen.";
    remove_now: "Remove", "Entfernen";
    name_removed(name): "{name} is removed.", "{name} ist entfernt.";

    link_for(name): "Link for {name}", "Link für {name}";
    send_link(name, moment): "Send this link to {name}. It works once, until {moment}, and is only shown now.",
        "Senden Sie diesen Link an {name}. Er funktioniert einmal, bis {moment}, und wird nur jetzt angezeigt.";

    access_off: "Access control is off", "Die Zugriffskontrolle ist ausgeschaltet";
    access_off_note: "Everybody who reaches this server may do everything. There are no accounts.",
        "Wer diesen Server erreicht, darf alles. Es gibt keine Konten.";
}
