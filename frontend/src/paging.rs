//! The page of a list, in the address.

/// Maximum number of previous pages in the address. Going back further leads to the first page.
const TRAIL: usize = 20;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// Empty on the first page.
    pub cursor: String,
    /// The cursors of the previous pages, latest first. The API has only cursors to the next page.
    trail: Vec<String>,
}

impl Paging {
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let trail = value("trail");
        Paging {
            cursor: value("cursor").unwrap_or_default(),
            trail: trail.map_or_else(Vec::new, |trail| trail.split(',').map(str::to_owned).collect()),
        }
    }

    /// The parameters of the address.
    pub fn parameters(&self) -> [(&'static str, String); 2] {
        [("cursor", self.cursor.clone()), ("trail", self.trail.join(","))]
    }

    pub fn is_first(&self) -> bool {
        self.cursor.is_empty()
    }

    pub fn next(&self, cursor: String) -> Self {
        let mut trail = self.trail.clone();
        if !self.is_first() {
            trail.insert(0, self.cursor.clone());
        }
        trail.truncate(TRAIL);
        Paging { cursor, trail }
    }

    pub fn previous(&self) -> Self {
        let mut trail = self.trail.clone();
        let cursor = if trail.is_empty() { String::new() } else { trail.remove(0) };
        Paging { cursor, trail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lead_forward_and_back() {
        let third = Paging::default().next("b".to_owned()).next("c".to_owned());
        let address = third.parameters();
        assert_eq!(address, [("cursor", "c".to_owned()), ("trail", "b".to_owned())]);
        let read =
            Paging::read(|name| address.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()));
        assert_eq!(read, third);
        assert_eq!(third.previous().previous(), Paging::default());
    }

    #[test]
    fn the_address_keeps_a_limited_number_of_cursors() {
        let far = (0..100).fold(Paging::default(), |page, number| page.next(number.to_string()));
        assert_eq!(far.trail.len(), TRAIL);
    }
}
