//! Signing in, and choosing a password by a link.

texts! {
    sign_in: "Sign in", "Anmelden";
    sign_in_to_offercast: "Sign in to Offercast", "Bei Offercast anmelden";
    signing_in: "Signing in…", "Anmeldung läuft …";
    wrong_password: "Wrong e-mail or password.", "E-Mail oder Passwort ist falsch.";
    too_many_attempts: "Too many attempts. Wait a moment, then try again.",
        "Zu viele Versuche. Warten Sie einen Moment und versuchen Sie es dann erneut.";
    forgot_password: "Forgot your password? Ask an owner for a new link.",
        "Passwort vergessen? Ein Inhaber kann Ihnen einen neuen Link geben.";
    link_used: "This sign-in link has expired or was already used. Sign in with your password.",
        "Dieser Anmeldelink ist abgelaufen oder wurde bereits benutzt. Melden Sie sich mit Ihrem Passwort an.";

    two_step_verification: "Two-step verification", "Bestätigung in zwei Schritten";
    enter_code: "Enter the 6-digit code from your authenticator app. Lost your device? Enter a recovery code.",
        "Geben Sie den 6-stelligen Code aus Ihrer Authenticator-App ein. Gerät verloren? Geben Sie einen Wiederherstellungscode ein.";
    code: "Code", "Code";
    verify: "Verify", "Bestätigen";
    back: "Back", "Zurück";
    wrong_code: "This code is wrong or has already been used. Enter the current one.",
        "Dieser Code ist falsch oder wurde bereits benutzt. Geben Sie den aktuellen ein.";

    welcome: "Welcome to Offercast", "Willkommen bei Offercast";
    welcome_name(name, role): "{name}, you have been invited as {role}. Choose a password to get started.",
        "{name}, Sie wurden als {role} eingeladen. Wählen Sie ein Passwort, um zu beginnen.";
    reset_password: "Choose a new password", "Neues Passwort wählen";
    reset_for(name): "For the account of {name}. You will be signed in afterwards.",
        "Für das Konto von {name}. Danach sind Sie angemeldet.";
    set_password: "Save and sign in", "Speichern und anmelden";
    link_invalid: "This link no longer works", "Dieser Link funktioniert nicht mehr";
    ask_for_new_link: "It has expired or was already used. Ask an owner for a new one.",
        "Er ist abgelaufen oder wurde bereits benutzt. Bitten Sie einen Inhaber um einen neuen.";
    to_sign_in: "Go to sign in", "Zur Anmeldung";
    loading: "Checking the link", "Link wird geprüft";
}
