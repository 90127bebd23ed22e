use crate::query::query_string;
use crate::words::{common, list as words};

const PAGE_SIZE: u32 = 25;
/// How many steps back are kept in the address; going back further starts over.
const TRAIL: usize = 20;

/// What the list shows, as it stands in the address of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub q: String,
    pub state: String,
    pub sort: String,
    /// Empty on the first page.
    pub cursor: String,
    /// The cursors of the pages before, the last one first; the API only knows the way forward.
    pub trail: Vec<String>,
}

/// A word of the API, and what it is called on the page.
pub type Choice = (&'static str, fn() -> &'static str);

pub const STATES: [Choice; 8] = [
    ("", words::all_states),
    ("active", common::active),
    ("scheduled", common::scheduled),
    ("paused", common::paused),
    ("expired", common::ended),
    ("budget_exhausted", common::budget_used_up),
    ("redemptions_exhausted", common::fully_redeemed),
    ("archived", common::archived),
];

pub const SORTS: [Choice; 5] = [
    ("", words::newest_first),
    ("name", words::name),
    ("code", words::code),
    ("end_date", words::ends_first),
    ("-redemptions", words::most_redeemed),
];

impl ListQuery {
    /// From the query of an address. What is not there or not known is as if left out.
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

    /// The address of the page that shows this.
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

    /// The query of the call that answers this.
    pub fn call(&self) -> String {
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

    /// Another search, filter or order starts on the first page.
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
    fn an_address_says_what_is_shown_and_nothing_else() {
        let shown = query(&[("q", "till & co"), ("state", "active"), ("sort", "name")]);
        assert_eq!(shown.address(), "/admin/offers?q=till%20%26%20co&state=active&sort=name");
        assert_eq!(ListQuery::default().address(), "/admin/offers");
        assert_eq!(shown.call(), "?q=till%20%26%20co&state=active&sort=name&limit=25");
    }

    #[test]
    fn unknown_words_in_an_address_are_ignored() {
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
    fn a_long_way_forward_keeps_the_address_short() {
        let far = (0..100).fold(ListQuery::default(), |query, page| query.next(page.to_string()));
        assert_eq!(far.trail.len(), TRAIL);
    }
}
