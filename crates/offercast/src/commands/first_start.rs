//! The first owner and the first key.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use offercast_app::App;
use offercast_app::access::{FirstCredentials, NewLink, create_first_owner};
use serde::Serialize;

use crate::settings::Settings;

const EMAIL: &str = "owner@localhost";
const FILE: &str = "credentials.json";

/// The content of the file.
#[derive(Serialize)]
struct Credentials<'a> {
    email: &'a str,
    password: &'a str,
    api_key: &'a str,
}

/// What a new owner needs to know.
pub struct FirstSignIn {
    link: NewLink,
    file: PathBuf,
}

/// Creates the first owner and a key with every scope, if access control is on and there is nobody yet. Their credentials
/// are in `credentials.json` in the data folder.
pub async fn create_owner(settings: &Settings, app: &App) -> anyhow::Result<Option<FirstSignIn>> {
    if !app.access.is_on() {
        return Ok(None);
    }
    let file = settings.data_dir.join(FILE);
    let link = create_first_owner::<anyhow::Error>(app, EMAIL, |credentials| {
        write(&file, credentials).with_context(|| {
            format!(
                "cannot create {}, the file with the credentials of the first owner: if it is of an earlier database, move \
                 it away",
                file.display()
            )
        })
    });
    Ok(link.await?.map(|link| FirstSignIn { link, file }))
}

/// Writes a new file that only its owner can read. Never follows a link and never overwrites a file.
fn write(path: &Path, credentials: &FirstCredentials) -> anyhow::Result<()> {
    let FirstCredentials { email, password, api_key } = credentials;
    let json = serde_json::to_string_pretty(&Credentials { email, password, api_key })?;
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(json.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Prints how to sign in and how to redeem. The file has the secrets; the link works once.
pub fn explain(sign_in: &FirstSignIn, address: SocketAddr, code: &str) {
    let file = sign_in.file.display();
    eprintln!(
        "Sign in with this link, which works once within 15 minutes:\n\n    http://{address}{}\n",
        sign_in.link.path
    );
    eprintln!(
        "Later: sign in as {EMAIL} with the password in {file}. A shop redeems with the API key in it:\n"
    );
    eprintln!("    KEY=$(sed -n 's/.*\"api_key\": \"\\(.*\\)\".*/\\1/p' {file})");
    eprintln!("    curl -H \"Authorization: Bearer $KEY\" -H 'Content-Type: application/json' \\");
    eprintln!(
        "         -d '{{\"customer_id\": 1001, \"order_amount\": 500}}' http://{address}/api/offers/{code}/redeem\n"
    );
}
