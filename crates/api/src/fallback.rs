use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::{OpenApi, PathItem};

use crate::assets::Assets;
use crate::error::ApiError;

/// What no route has answered: a file of the dashboard, one of its deep links, a wrong method, or nothing.
pub async fn answer(
    request: HttpRequest,
    assets: web::Data<Assets>,
    routes: web::Data<Routes>,
) -> Result<HttpResponse, ApiError> {
    let path = request.path();
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        if let Some(response) = assets.file(&request, path) {
            return Ok(response);
        }
        if path == "/" || path == "/admin" || path.starts_with("/admin/") {
            return assets.page();
        }
    }
    let allowed = routes.methods(path);
    if allowed.is_empty() {
        let message = format!("There is nothing at {path}; /docs lists what there is");
        return Err(ApiError::new(StatusCode::NOT_FOUND, "not_found", message));
    }
    let allowed = allowed.join(", ");
    let message = format!("{} is not possible here; possible are {allowed}", request.method());
    Err(ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
        .with_header(header::ALLOW.as_str(), allowed))
}

/// Every path of the API with its methods, from its own description.
pub struct Routes(Vec<(Vec<String>, Vec<String>)>);

impl Routes {
    pub fn of(document: &OpenApi) -> Routes {
        let route = |(path, item): (&String, &PathItem)| (segments(path), methods(item));
        let page = |path: &str| (segments(path), vec!["GET".to_owned()]);
        let pages = ["/docs", "/docs/", "/api/openapi.json"].map(page);
        Routes(document.paths.paths.iter().map(route).chain(pages).collect())
    }

    fn methods(&self, path: &str) -> &[String] {
        let path = segments(path);
        let fits = |pattern: &[String]| {
            pattern.len() == path.len()
                && pattern
                    .iter()
                    .zip(&path)
                    .all(|(want, have)| want == have || (want.starts_with('{') && !have.is_empty()))
        };
        self.0.iter().find(|(pattern, _)| fits(pattern)).map_or(&[], |(_, methods)| methods)
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
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
