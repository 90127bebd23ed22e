use offercast_app::access::{
    Caller, NewLink, PersonDraft, Role, UserChange, invite, list_users, reset_user, sign_in_link,
    update_user, user_named,
};
use offercast_app::{App, StoredUser};

use crate::cli::UserAction;
use crate::database;
use crate::settings::{Settings, WrongSetting};

pub async fn run(settings: &Settings, action: &UserAction) -> anyhow::Result<()> {
    database::with(settings, async |urls| {
        let app = database::app(settings, &urls.application)?;
        perform(&app, action).await
    })
    .await
}

async fn perform(app: &App, action: &UserAction) -> anyhow::Result<()> {
    let caller = Caller::command_line();
    match action {
        UserAction::List => list_users(app).await?.iter().for_each(|user| println!("{}", describe(user))),
        UserAction::Add { email, name, role } => {
            let role = Some(parse_role(role)?);
            let draft = PersonDraft { email: Some(email.clone()), name: Some(name.clone()), role };
            print_link(&invite(app, &draft, &caller).await?.1, "choose a password");
        }
        UserAction::Reset { email } => {
            let user = user_named(app, email).await?;
            print_link(&reset_user(app, user.id, &caller).await?.1, "choose a password");
        }
        UserAction::SignInLink { email } => {
            let user = user_named(app, email).await?;
            print_link(&sign_in_link(app, user.id, &caller).await?, "sign in");
        }
        UserAction::Role { email, role } => {
            let role = Some(parse_role(role)?);
            change(app, email, UserChange { role, ..UserChange::default() }, &caller).await?;
        }
        UserAction::Disable { email } => {
            change(app, email, UserChange { disabled: Some(true), ..UserChange::default() }, &caller).await?;
        }
        UserAction::Enable { email } => {
            change(app, email, UserChange { disabled: Some(false), ..UserChange::default() }, &caller)
                .await?;
        }
    }
    Ok(())
}

async fn change(app: &App, email: &str, change: UserChange, caller: &Caller) -> anyhow::Result<()> {
    let user = user_named(app, email).await?;
    println!("{}", describe(&update_user(app, user.id, &change, caller).await?));
    Ok(())
}

fn parse_role(text: &str) -> Result<Role, WrongSetting> {
    let accepted = Role::ALL.map(Role::as_str).join(", ");
    Role::parse(text).ok_or_else(|| WrongSetting(format!("`{text}` must be one of {accepted}")))
}

/// The link goes to the standard output.
fn print_link(link: &NewLink, purpose: &str) {
    eprintln!("Append this to the address of the dashboard, to {purpose} until {}:", link.expires_at);
    println!("{}", link.path);
}

fn describe(user: &StoredUser) -> String {
    let status = if user.disabled_at.is_some() { "disabled" } else { "may sign in" };
    format!("{}\t{}\t{}\t{}\t{status}", user.id, user.email, user.name, user.role.as_str())
}
