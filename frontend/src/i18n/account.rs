//! A person's own account.

texts! {
    lead: "Your password, two-step verification and sessions.",
        "Ihr Passwort, die Bestätigung in zwei Schritten und Ihre Sitzungen.";
    profile: "Profile", "Profil";
    role: "Role", "Rolle";
    ask_owner: "An owner can change your name, e-mail and role.",
        "Ein Inhaber kann Name, E-Mail und Rolle ändern.";

    change_password: "Change password", "Passwort ändern";
    set_password: "Set a password", "Passwort festlegen";
    current_password: "Current password", "Aktuelles Passwort";
    password_changed: "Password changed. Your other sessions have ended.",
        "Passwort geändert. Ihre anderen Sitzungen wurden beendet.";

    two_step: "Two-step verification", "Bestätigung in zwei Schritten";
    is_on: "On", "Ein";
    is_off: "Off", "Aus";
    why_two_step: "Signing in also asks for a code from an authenticator app on your phone.",
        "Beim Anmelden wird zusätzlich ein Code aus einer Authenticator-App auf Ihrem Telefon verlangt.";
    codes_left(codes): "{codes} left.", "Noch {codes} übrig.";
    set_up: "Set up…", "Einrichten …";
    switch_off: "Turn off…", "Ausschalten …";
    password_first: "Enter your password to continue.", "Geben Sie Ihr Passwort ein, um fortzufahren.";
    next: "Continue", "Weiter";
    scan: "Scan this code with your authenticator app.", "Scannen Sie diesen Code mit Ihrer Authenticator-App.";
    qr_code: "QR code with the secret below", "QR-Code mit dem Schlüssel darunter";
    or_type: "Or enter this key by hand:", "Oder geben Sie diesen Schlüssel von Hand ein:";
    code: "6-digit code from the app", "6-stelliger Code aus der App";
    turn_on: "Turn on", "Einschalten";
    save_codes: "Save your recovery codes", "Wiederherstellungscodes sichern";
    what_codes_are:
        "Each replaces the authenticator app once, for example if you lose your phone. They are only shown now.",
        "Jeder ersetzt die Authenticator-App einmal, zum Beispiel wenn Sie Ihr Telefon verlieren. Sie werden nur jetzt angezeigt.";
    download: "Download", "Herunterladen";
    saved_them: "I have saved them", "Ich habe sie gesichert";
    turned_on: "Two-step verification is on.", "Die Bestätigung in zwei Schritten ist eingeschaltet.";
    turn_off_question: "Turn off two-step verification?", "Bestätigung in zwei Schritten ausschalten?";
    turn_off_note: "Your password alone will be enough to sign in. Your recovery codes stop working.",
        "Dann genügt Ihr Passwort zum Anmelden. Ihre Wiederherstellungscodes funktionieren nicht mehr.";
    turn_off: "Turn off", "Ausschalten";
    turned_off: "Two-step verification is off.", "Die Bestätigung in zwei Schritten ist ausgeschaltet.";

    sessions: "Sessions", "Sitzungen";
    sessions_hint: "The browsers in which you are signed in.", "Die Browser, in denen Sie angemeldet sind.";
    loading_sessions: "Loading sessions", "Sitzungen werden geladen";
    this_browser: "This browser", "Dieser Browser";
    browser: "Browser", "Browser";
    address: "Address", "Adresse";
    last_active: "Last active", "Zuletzt aktiv";
    signed_in_at: "Signed in", "Angemeldet";
    on_system(browser, system): "{browser} on {system}", "{browser} auf {system}";
    unknown_browser: "Unknown browser", "Unbekannter Browser";
    sign_out_of(browser, address): "Sign out: {browser}, {address}", "Abmelden: {browser}, {address}";
    sign_out_elsewhere: "Sign out everywhere else", "Überall sonst abmelden";
}

plurals! {
    recovery_codes: "{number} recovery code" | "{number} recovery codes", "{number} Wiederherstellungscode" | "{number} Wiederherstellungscodes";
    ended: "{number} session ended." | "{number} sessions ended.", "{number} Sitzung beendet." | "{number} Sitzungen beendet.";
}
