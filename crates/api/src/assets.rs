use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::edge::Shared;
use crate::error::ApiError;

/// The built dashboard, read once at the start: a handful of files of two megabytes together.
pub struct Assets {
    files: HashMap<String, File>,
    page: Option<Page>,
}

struct File {
    content_type: &'static str,
    body: web::Bytes,
    /// The same, compressed when the dashboard was built.
    brotli: Option<web::Bytes>,
}

/// index.html, and the policy that lets its own inline script run and nothing else.
struct Page {
    body: web::Bytes,
    policy: String,
}

impl Assets {
    pub fn load(folder: Option<&Path>) -> io::Result<Assets> {
        let mut assets = Assets { files: HashMap::new(), page: None };
        let Some(folder) = folder else { return Ok(assets) };
        for path in walk(folder)? {
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if name == "index.html" {
                assets.page = Some(Page::read(&path)?);
            } else if !name.ends_with(".br") && !name.ends_with(".gz") {
                assets.files.insert(format!("/{name}"), File::read(&path)?);
            }
        }
        Ok(assets)
    }

    /// A file of the dashboard. Their names carry a hash of what is in them, so they never change.
    pub fn file(&self, request: &HttpRequest, path: &str) -> Option<HttpResponse> {
        let file = self.files.get(path)?;
        let mut response = HttpResponse::Ok();
        response
            .content_type(file.content_type)
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .insert_header((header::VARY, "accept-encoding"));
        match &file.brotli {
            Some(brotli) if takes_brotli(request) => {
                response.insert_header((header::CONTENT_ENCODING, "br"));
                Some(Shared::mark(response.body(brotli.clone())))
            }
            _ => Some(Shared::mark(response.body(file.body.clone()))),
        }
    }

    /// The page of the dashboard, which finds its way by its own URL.
    pub fn page(&self) -> Result<HttpResponse, ApiError> {
        let page = self.page.as_ref().ok_or_else(|| {
            let message = "The dashboard is not served here: `cargo xtask web` builds it, and \
                           OFFERCAST_WEB_DIR says where it is";
            ApiError::new(StatusCode::NOT_FOUND, "not_found", message)
        })?;
        Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .insert_header((header::CONTENT_SECURITY_POLICY, page.policy.as_str()))
            .body(page.body.clone()))
    }
}

impl File {
    fn read(path: &Path) -> io::Result<File> {
        let compressed = PathBuf::from(format!("{}.br", path.display()));
        let brotli = match std::fs::read(compressed) {
            Ok(bytes) => Some(bytes.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(File { content_type: content_type(path), body: std::fs::read(path)?.into(), brotli })
    }
}

impl Page {
    fn read(path: &Path) -> io::Result<Page> {
        let html = std::fs::read_to_string(path)?;
        let policy = policy(&html);
        Ok(Page { body: html.into(), policy })
    }
}

/// One directive a line; nginx in the container `web` sends the same.
const DIRECTIVES: &str = include_str!("../../../deploy/csp.txt");

fn policy(html: &str) -> String {
    let hashes: Vec<String> = inline_scripts(html)
        .map(|script| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))))
        .collect();
    DIRECTIVES.trim().replace('\n', "; ").replace("{inline scripts}", &hashes.join(" "))
}

/// What stands between the tags of scripts without a source.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

fn takes_brotli(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.split([',', ';', ' ']).any(|coding| coding == "br"))
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

fn walk(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(walk(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_the_inline_script_and_no_other() {
        let html = "<script src=\"/a.js\"></script><script type=\"module\">init();</script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["init();"]);
        let digest = BASE64_STANDARD.encode(Sha256::digest("init();"));
        assert!(policy(html).contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{digest}';")));
    }
}
