//! The files of the dashboard, served from memory.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::edge::SharedBody;
use crate::error::ApiError;

/// The files of the built dashboard, about 2 MB in total. They are read once when the server starts.
pub struct Assets {
    files: HashMap<String, File>,
    page: Option<Page>,
}

struct File {
    content_type: &'static str,
    body: web::Bytes,
    /// The body as compressed by the dashboard's build.
    brotli: Option<web::Bytes>,
}

/// index.html with its content security policy, which allows the page's own inline script.
struct Page {
    body: web::Bytes,
    policy: String,
}

impl Assets {
    /// Reads all files of `folder`. Without a folder, only the API is served.
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

    /// Returns the response for a file, if it exists. File names contain a hash of the content, so browsers may cache
    /// them forever.
    pub fn file(&self, request: &HttpRequest, path: &str) -> Option<HttpResponse> {
        let file = self.files.get(path)?;
        let mut response = HttpResponse::Ok();
        response
            .content_type(file.content_type)
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .insert_header((header::VARY, "accept-encoding"));
        match &file.brotli {
            Some(brotli) if accepts_brotli(request) => {
                response.insert_header((header::CONTENT_ENCODING, "br"));
                Some(SharedBody::mark(response.body(brotli.clone())))
            }
            _ => Some(SharedBody::mark(response.body(file.body.clone()))),
        }
    }

    /// Returns the page of the dashboard, a client-side application that handles every path below `/admin`. 404 if the
    /// dashboard is not installed.
    pub fn page(&self) -> Result<HttpResponse, ApiError> {
        let page = self.page.as_ref().ok_or_else(|| {
            let message = "This server has no dashboard: build it with `cargo xtask web` and set OFFERCAST_WEB_DIR \
                           to its folder";
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

/// The content security policy, one directive per line. nginx in the container `web` sends the same one.
const DIRECTIVES: &str = include_str!("../../../deploy/csp.txt");

fn policy(html: &str) -> String {
    let hashes: Vec<String> = inline_scripts(html)
        .map(|script| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))))
        .collect();
    DIRECTIVES.trim().replace('\n', "; ").replace("{inline scripts}", &hashes.join(" "))
}

/// Returns the content of each script without a `src` attribute.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

fn accepts_brotli(request: &HttpRequest) -> bool {
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
    fn only_the_inline_script_is_allowed_by_the_policy() {
        let html = "<script src=\"/a.js\"></script><script type=\"module\">init();</script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["init();"]);
        let digest = BASE64_STANDARD.encode(Sha256::digest("init();"));
        assert!(policy(html).contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{digest}';")));
    }
}
