use crate::i18n::{Text, audit as texts};
use crate::paging::Paging;
use crate::query_string::query_string;

const PAGE_SIZE: u32 = 50;

/// The groups of actions, by the first part of their names.
pub const ACTIONS: [(&str, Text); 6] = [
    ("", texts::all_actions),
    ("offer", texts::offers),
    ("codes", texts::codes),
    ("key", texts::keys),
    ("user", texts::people),
    ("session", texts::sessions),
];

/// What the page shows, as in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    pub actor: String,
    pub action: String,
    pub offer: String,
    /// The first and the last day, in UTC.
    pub from: String,
    pub to: String,
    pub page: Paging,
}

impl AuditQuery {
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| value(name).unwrap_or_default();
        AuditQuery {
            actor: text("actor"),
            action: text("action"),
            offer: text("offer"),
            from: text("from"),
            to: text("to"),
            page: Paging::read(&value),
        }
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        format!("/admin/audit{}", query_string(self.filters().into_iter().chain(self.page.parameters())))
    }

    /// The query of the API request.
    pub fn api_query(&self) -> String {
        let page = [("cursor", self.page.cursor.clone()), ("limit", PAGE_SIZE.to_string())];
        query_string(self.filters().into_iter().chain(page))
    }

    /// The address of the entries as a CSV file.
    pub fn csv_address(&self) -> String {
        let format = ("format", "csv".to_owned());
        format!("/api/audit{}", query_string(self.filters().into_iter().chain([format])))
    }

    fn filters(&self) -> [(&'static str, String); 5] {
        [
            ("actor", self.actor.trim().to_owned()),
            ("action", self.action.clone()),
            ("offer", self.offer.trim().to_owned()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
        ]
    }

    /// A changed query, on the first page.
    pub fn with(&self, change: impl FnOnce(&mut AuditQuery)) -> Self {
        let mut changed = AuditQuery { page: Paging::default(), ..self.clone() };
        change(&mut changed);
        changed
    }

    pub fn next_address(&self, cursor: Option<String>) -> Option<String> {
        Some(AuditQuery { page: self.page.next(cursor?), ..self.clone() }.address())
    }

    /// `None` on the first page.
    pub fn previous_address(&self) -> Option<String> {
        let previous = || AuditQuery { page: self.page.previous(), ..self.clone() }.address();
        (!self.page.is_first()).then(previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_has_the_filters_as_they_were_entered() {
        let query = AuditQuery {
            actor: " Ada ".to_owned(),
            action: "offer".to_owned(),
            from: "2026-11-01".to_owned(),
            ..AuditQuery::default()
        };
        assert_eq!(query.address(), "/admin/audit?actor=Ada&action=offer&from=2026-11-01");
        assert_eq!(
            query.next_address(Some("c".to_owned())).unwrap(),
            "/admin/audit?actor=Ada&action=offer&from=2026-11-01&cursor=c"
        );
        assert_eq!(query.with(|query| query.action = String::new()).action, "");
    }

    #[test]
    fn the_file_has_all_pages() {
        let query = AuditQuery { offer: "SUMMER-10".to_owned(), ..AuditQuery::default() };
        assert_eq!(query.csv_address(), "/api/audit?offer=SUMMER-10&format=csv");
        assert_eq!(query.api_query(), "?offer=SUMMER-10&limit=50");
    }
}
