//! The API's description, and the pages that show it, by Swagger UI.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::{HttpResponse, guard, web};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerFile};

use crate::edge::Shared;
use crate::error::ApiError;

const DOCUMENT: &str = "/api/openapi.json";

/// Swagger UI styles its elements one by one and draws its icons from data URLs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Rendered once: whoever fetches it again and again costs little.
pub struct Docs {
    document: web::Bytes,
    pages: Arc<Config<'static>>,
}

impl Docs {
    pub fn of(document: &OpenApi) -> Docs {
        let document = serde_json::to_vec(document).expect("a description is plain data");
        // Otherwise the page shows the document to a validator on the internet.
        let pages = Config::new([DOCUMENT]).validator_url("none");
        Docs { document: document.into(), pages: Arc::new(pages) }
    }
}

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::redirect("/docs", "/docs/"))
        .service(web::resource("/docs/{file:.*}").guard(guard::Get()).to(page))
        .service(web::resource(DOCUMENT).guard(guard::Get()).to(document));
}

async fn document(docs: web::Data<Docs>) -> HttpResponse {
    Shared::mark(HttpResponse::Ok().content_type("application/json").body(docs.document.clone()))
}

async fn page(docs: web::Data<Docs>, file: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let file = utoipa_swagger_ui::serve(&file, docs.pages.clone()).ok().flatten();
    file.map(answer).ok_or_else(|| {
        let message = "There is no such page; /docs/ is where they begin";
        ApiError::new(StatusCode::NOT_FOUND, "not_found", message)
    })
}

fn answer(file: SwaggerFile<'static>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type).insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if file.gzpipped {
        response.insert_header((header::CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    Shared::mark(match file.bytes {
        // A part of the program, which nobody has to hold a copy of.
        Cow::Borrowed(bytes) => response.body(web::Bytes::from_static(bytes)),
        Cow::Owned(bytes) => response.body(bytes),
    })
}
