//! The OpenAPI document at `/api/openapi.json` and Swagger UI at `/docs/`.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::{HttpResponse, guard, web};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerFile};

use crate::edge::SharedBody;
use crate::error::ApiError;

const DOCUMENT: &str = "/api/openapi.json";

/// Content security policy of Swagger UI, which needs inline styles and icons in data URLs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The serialized OpenAPI document and the configuration of Swagger UI, created once per server.
pub struct ApiDocs {
    document: web::Bytes,
    pages: Arc<Config<'static>>,
}

impl ApiDocs {
    pub fn new(document: &OpenApi) -> ApiDocs {
        let document = serde_json::to_vec(document).expect("an OpenAPI document can be serialized");
        // By default, Swagger UI sends the document to a public validator.
        let pages = Config::new([DOCUMENT]).validator_url("none");
        ApiDocs { document: document.into(), pages: Arc::new(pages) }
    }
}

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::redirect("/docs", "/docs/"))
        .service(web::resource("/docs/{file:.*}").guard(guard::Get()).to(page))
        .service(web::resource(DOCUMENT).guard(guard::Get()).to(document));
}

async fn document(docs: web::Data<ApiDocs>) -> HttpResponse {
    SharedBody::mark(HttpResponse::Ok().content_type("application/json").body(docs.document.clone()))
}

async fn page(docs: web::Data<ApiDocs>, file: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let file = utoipa_swagger_ui::serve(&file, docs.pages.clone()).ok().flatten();
    file.map(file_response).ok_or_else(|| {
        let message = "This page does not exist; the API documentation starts at /docs/";
        ApiError::new(StatusCode::NOT_FOUND, "not_found", message)
    })
}

fn file_response(file: SwaggerFile<'static>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type).insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if file.gzpipped {
        response.insert_header((header::CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    SharedBody::mark(match file.bytes {
        // The file is part of the executable and needs no copy.
        Cow::Borrowed(bytes) => response.body(web::Bytes::from_static(bytes)),
        Cow::Owned(bytes) => response.body(bytes),
    })
}
