use crate::i18n::{common, list as texts};
use crate::paging::Paging;
use crate::query_string::query_string;

const PAGE_SIZE: u32 = 25;

/// What the list shows, as in the address of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub q: String,
    pub state: String,
    pub sort: String,
    pub page: Paging,
}

/// A value of the API and its text.
pub type Choice = (&'static str, fn() -> &'static str);

pub const STATES: [Choice; 8] = [
    ("", texts::all_statuses),
    ("active", common::active),
    ("scheduled", common::scheduled),
    ("paused", common::paused),
    ("expired", common::ended),
    ("budget_exhausted", common::budget_used_up),
    ("redemptions_exhausted", common::fully_redeemed),
    ("archived", common::archived),
];

pub const SORTS: [Choice; 5] = [
    ("", texts::newest_first),
    ("name", texts::name),
    ("code", texts::code),
    ("end_date", texts::ending_soonest),
    ("-redemptions", texts::most_redemptions),
];

impl ListQuery {
    /// Reads the query of an address. Unknown values are ignored.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| value(name).unwrap_or_default();
        let known = |name, options: &[Choice]| {
            let given = text(name);
            if options.iter().any(|(option, _)| *option == given) { given } else { String::new() }
        };
        ListQuery {
            q: text("q"),
            state: known("state", &STATES),
            sort: known("sort", &SORTS),
            page: Paging::read(&value),
        }
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        let filters = [("q", self.q.clone()), ("state", self.state.clone()), ("sort", self.sort.clone())];
        let parameters = filters.into_iter().chain(self.page.parameters());
        format!("/admin/offers{}", query_string(parameters))
    }

    /// The query of the API request.
    pub fn api_query(&self) -> String {
        query_string([
            ("q", self.q.trim().to_owned()),
            ("state", self.state.clone()),
            ("sort", self.sort.clone()),
            ("cursor", self.page.cursor.clone()),
            ("limit", PAGE_SIZE.to_string()),
        ])
    }

    pub fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || !self.state.is_empty()
    }

    /// A changed query, on the first page.
    pub fn with(&self, change: impl FnOnce(&mut ListQuery)) -> Self {
        let mut changed = ListQuery { page: Paging::default(), ..self.clone() };
        change(&mut changed);
        changed
    }

    pub fn next_address(&self, cursor: Option<String>) -> Option<String> {
        Some(ListQuery { page: self.page.next(cursor?), ..self.clone() }.address())
    }

    /// `None` on the first page.
    pub fn previous_address(&self) -> Option<String> {
        let previous = || ListQuery { page: self.page.previous(), ..self.clone() }.address();
        (!self.page.is_first()).then(previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> ListQuery {
        ListQuery::read(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_address_contains_only_what_differs_from_the_default() {
        let shown = query(&[("q", "till & co"), ("state", "active"), ("sort", "name")]);
        assert_eq!(shown.address(), "/admin/offers?q=till%20%26%20co&state=active&sort=name");
        assert_eq!(ListQuery::default().address(), "/admin/offers");
        assert_eq!(shown.api_query(), "?q=till%20%26%20co&state=active&sort=name&limit=25");
    }

    #[test]
    fn unknown_values_in_an_address_are_ignored() {
        assert_eq!(query(&[("state", "sleeping"), ("sort", "colour")]), ListQuery::default());
    }

    #[test]
    fn pages_keep_the_filters() {
        let second = query(&[("state", "active"), ("cursor", "b")]);
        let third = second.next_address(Some("c".to_owned()));
        assert_eq!(third.as_deref(), Some("/admin/offers?state=active&cursor=c&trail=b"));
        assert_eq!(second.previous_address().as_deref(), Some("/admin/offers?state=active"));
        assert_eq!((second.next_address(None), ListQuery::default().previous_address()), (None, None));
        assert!(second.with(|query| query.sort = "name".to_owned()).page.is_first());
    }
}
