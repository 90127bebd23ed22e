use offercast_app::access::{
    Caller, KeyDraft, KeyStatus, NewKey, Scope, create_key, key_status, list_keys, revoke_key, rotate_key,
};
use offercast_app::{App, StoredKey};

use crate::cli::KeyAction;
use crate::database;
use crate::settings::{Settings, WrongSetting};

pub async fn run(settings: &Settings, action: &KeyAction) -> anyhow::Result<()> {
    database::with(settings, async |urls| {
        let app = database::app(settings, &urls.application)?;
        perform(&app, action).await
    })
    .await
}

async fn perform(app: &App, action: &KeyAction) -> anyhow::Result<()> {
    let caller = Caller::command_line();
    match action {
        KeyAction::List => {
            for key in list_keys(app).await? {
                println!("{}", describe(app, &key));
            }
        }
        KeyAction::Create { .. } => print_new(&create_key(app, &draft(action)?, &caller).await?),
        KeyAction::Rotate { id, former_valid_seconds } => {
            print_new(&rotate_key(app, *id, *former_valid_seconds, &caller).await?);
        }
        KeyAction::Revoke { id } => {
            let key = revoke_key(app, *id, &caller).await?;
            eprintln!("Key {} ({}) is revoked.", key.id, key.terms.name);
        }
    }
    Ok(())
}

fn draft(action: &KeyAction) -> Result<KeyDraft, WrongSetting> {
    let KeyAction::Create { name, scopes, offers, networks, expires_at } = action else {
        return Ok(KeyDraft::default());
    };
    let accepted = Scope::ALL.map(Scope::as_str).join(", ");
    let scope = |text: &String| {
        let wrong = || WrongSetting(format!("--scopes: `{text}` must be one of {accepted}"));
        Scope::parse(text).ok_or_else(wrong)
    };
    Ok(KeyDraft {
        name: Some(name.clone()),
        scopes: Some(scopes.iter().map(scope).collect::<Result<_, _>>()?),
        offer_ids: offers.clone(),
        networks: networks.clone(),
        expires_at: *expires_at,
    })
}

/// The secret goes to the standard output, so that it can be stored without being shown.
fn print_new(new: &NewKey) {
    eprintln!("Key {} ({}). Its secret is shown only now:", new.key.id, new.key.terms.name);
    println!("{}", new.secret);
}

fn describe(app: &App, key: &StoredKey) -> String {
    let scopes: Vec<&str> = key.terms.scopes.iter().map(Scope::as_str).collect();
    let status = match key_status(key, app.clock.now()) {
        KeyStatus::Active => "active",
        KeyStatus::Expired => "expired",
        KeyStatus::Revoked => "revoked",
    };
    let used = key.last_used_at.map_or_else(|| "never".to_owned(), |used| used.to_rfc3339());
    format!(
        "{}\t{}\t{}...\t{}\t{status}\tlast used {used}",
        key.id,
        key.terms.name,
        key.prefix,
        scopes.join(",")
    )
}
