//! Texts that the pages about signing in, accounts, people and keys share.

texts! {
    name: "Name", "Name";
    email: "E-mail", "E-Mail";
    password: "Password", "Passwort";
    new_password: "New password", "Neues Passwort";
    is_required: "is required", "fehlt";
    show: "Show", "Anzeigen";
    hide: "Hide", "Verbergen";
    show_password: "Show password", "Passwort anzeigen";
    password_hint: "At least 12 characters. A few random words are easy to remember.",
        "Mindestens 12 Zeichen. Ein paar zufällige Wörter sind leicht zu merken.";
}

/// Problems of fields by field and code, in languages other than the API's own English. `None` for English and for
/// unknown codes.
pub fn problem(field: &str, code: &str) -> Option<&'static str> {
    let german = match (code, field) {
        ("required", "scopes") => "Wählen Sie mindestens eine Berechtigung.",
        ("required", _) => "fehlt",
        ("wrong", _) => "ist falsch",
        ("forbidden", "scopes") => "Sie können nur Berechtigungen vergeben, die Sie selbst haben.",
        ("taken", "email") => "wird bereits verwendet",
        ("too_long", "name") => "darf höchstens 100 Zeichen haben",
        ("too_long", _) => "ist zu lang",
        ("invalid", "email") => "muss eine E-Mail-Adresse sein, z. B. ada@example.com",
        ("invalid", "name") => "darf keine Steuerzeichen und keine unsichtbaren Zeichen enthalten",
        ("invalid", "networks") => "müssen aus Adressen oder Netzen bestehen, z. B. 192.0.2.0/24",
        ("length", "networks") => "dürfen höchstens 50 Einträge haben",
        ("length", "password" | "new_password") => "muss 12 bis 256 Zeichen haben",
        ("length", "offer_ids") => "dürfen höchstens 1.000 sein",
        ("too_weak", _) => {
            "ist leicht zu erraten: Es darf nicht aus Name, Adresse oder häufigen Zeichenfolgen bestehen"
        }
        ("in_the_past", _) => "muss in der Zukunft liegen",
        _ => return None,
    };
    super::pick(None, Some(german))
}
