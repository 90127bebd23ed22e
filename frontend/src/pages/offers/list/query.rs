use crate::i18n::{common, list as texts};
use crate::query_string::query_string;

const PAGE_SIZE: u32 = 25;
/// Maximum number of previous pages in the address. Going back further leads to the first page.
const TRAIL: usize = 20;

/// What the list shows, as in the address of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub q: String,
    pub state: String,
    pub sort: String,
    /// Empty on the first page.
    pub cursor: String,
    /// The cursors of the previous pages, latest first. The API has only cursors to the next page.
    pub trail: Vec<String>,
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
            cursor: text("cursor"),
            trail: value("trail")
                .map_or_else(Vec::new, |trail| trail.split(',').map(str::to_owned).collect()),
        }
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        let trail = self.trail.join(",");
        let parts = [
            ("q", self.q.clone()),
            ("state", self.state.clone()),
            ("sort", self.sort.clone()),
            ("cursor", self.cursor.clone()),
            ("trail", trail),
        ];
        format!("/admin/offers{}", query_string(parts))
    }

    /// The query of the API request.
    pub fn api_query(&self) -> String {
        query_string([
            ("q", self.q.trim().to_owned()),
            ("state", self.state.clone()),
            ("sort", self.sort.clone()),
            ("cursor", self.cursor.clone()),
            ("limit", PAGE_SIZE.to_string()),
        ])
    }

    pub fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || !self.state.is_empty()
    }

    pub fn is_first_page(&self) -> bool {
        self.cursor.is_empty()
    }

    /// A changed query, on the first page.
    pub fn with(&self, change: impl FnOnce(&mut ListQuery)) -> Self {
        let mut changed = ListQuery { cursor: String::new(), trail: Vec::new(), ..self.clone() };
        change(&mut changed);
        changed
    }

    pub fn next(&self, cursor: String) -> Self {
        let mut trail = self.trail.clone();
        if !self.is_first_page() {
            trail.insert(0, self.cursor.clone());
        }
        trail.truncate(TRAIL);
        ListQuery { cursor, trail, ..self.clone() }
    }

    pub fn previous(&self) -> Self {
        let mut trail = self.trail.clone();
        let cursor = if trail.is_empty() { String::new() } else { trail.remove(0) };
        ListQuery { cursor, trail, ..self.clone() }
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
    fn pages_lead_forward_and_back() {
        let first = query(&[("state", "active")]);
        let third = first.next("b".to_owned()).next("c".to_owned());
        assert_eq!(third.address(), "/admin/offers?state=active&cursor=c&trail=b");
        assert_eq!(third.previous().previous(), first);
        assert_eq!(third.with(|query| query.sort = "name".to_owned()).cursor, "");
    }

    #[test]
    fn the_address_keeps_a_limited_number_of_cursors() {
        let far = (0..100).fold(ListQuery::default(), |query, page| query.next(page.to_string()));
        assert_eq!(far.trail.len(), TRAIL);
    }
}
