use actix_web::dev::ResourceDef;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::{OpenApi, PathItem};

use crate::assets::Assets;
use crate::error::ApiError;

/// Handles requests that no route matches: serves a file or page of the dashboard, or fails with 405 for a path that
/// exists with other methods and 404 for any other path.
pub async fn respond(
    request: HttpRequest,
    assets: web::Data<Assets>,
    routes: web::Data<Routes>,
) -> Result<HttpResponse, ApiError> {
    let path = request.path();
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        if let Some(response) = assets.file(&request, path) {
            return Ok(response);
        }
        if ["/", "/admin", "/login", "/welcome"].contains(&path) || path.starts_with("/admin/") {
            return assets.page();
        }
    }
    let allowed = routes.methods(path);
    if allowed.is_empty() {
        let message = format!("Nothing exists at {path}; see /docs for all calls");
        return Err(ApiError::new(StatusCode::NOT_FOUND, "not_found", message));
    }
    let allowed = allowed.join(", ");
    let message = format!("{path} does not support {}; use {allowed}", request.method());
    Err(ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
        .with_header(header::ALLOW.as_str(), allowed))
}

/// The paths of the server and the methods of each, from the OpenAPI document.
pub struct Routes(Vec<(ResourceDef, Vec<String>)>);

impl Routes {
    pub fn new(document: &OpenApi) -> Routes {
        let route = |(path, item): (&String, &PathItem)| (ResourceDef::new(path.as_str()), methods(item));
        let page = |path: &str| (ResourceDef::new(path), vec!["GET".to_owned()]);
        let pages = ["/docs", "/docs/", "/api/openapi.json"].map(page);
        Routes(document.paths.paths.iter().map(route).chain(pages).collect())
    }

    /// Returns the methods of a path; empty if it does not exist.
    pub fn methods(&self, path: &str) -> &[String] {
        self.0.iter().find(|(pattern, _)| pattern.is_match(path)).map_or(&[], |(_, methods)| methods)
    }
}

fn methods(item: &PathItem) -> Vec<String> {
    let all = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    all.into_iter()
        .filter(|(_, operation)| operation.is_some())
        .map(|(method, _)| method.to_owned())
        .collect()
}
