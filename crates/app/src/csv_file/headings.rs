//! The heading of a file: which column is where.

use std::collections::HashMap;

use super::{Columns, Others, shown};

/// Where the columns are that are read.
pub(super) struct Headings {
    places: HashMap<&'static str, usize>,
    /// Columns of a spreadsheet that were never used.
    without_name: Vec<usize>,
    count: usize,
}

impl Headings {
    /// Or what is wrong with them.
    pub(super) fn find(names: &csv::StringRecord, columns: Columns) -> Result<Headings, String> {
        let mut headings = Headings { places: HashMap::new(), without_name: Vec::new(), count: names.len() };
        for (place, name) in names.iter().enumerate() {
            if name.trim().is_empty() {
                headings.without_name.push(place);
            } else if let Some(known) = columns.known().find(|known| *known == name) {
                if headings.places.insert(known, place).is_some() {
                    return Err(format!("the column {known} is there twice"));
                }
            } else if columns.others == Others::Refused {
                return Err(unknown(name, columns));
            }
        }
        match columns.required.iter().find(|name| !headings.places.contains_key(*name)) {
            Some(missing) => Err(columns.missing(missing)),
            None => Ok(headings),
        }
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub(super) fn without_name(&self) -> &[usize] {
        &self.without_name
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }
}

impl Columns {
    fn known(self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }

    fn missing(self, name: &str) -> String {
        format!("there is no column {name}; needed are {}", self.required.join(","))
    }
}

fn unknown(name: &str, columns: Columns) -> String {
    if name.contains([';', '\t']) {
        return format!("the columns of {} have to be separated by commas", shown(name));
    }
    let meant = columns.known().min_by_key(|known| distance(&plain(name), known));
    let is_near = |known: &&str| distance(&plain(name), known) <= known.len() / 3;
    let meant = meant.filter(is_near).map(|known| format!(" ({known}?)")).unwrap_or_default();
    let accepted: Vec<_> = columns.known().collect();
    format!("the column {} is not known{meant}; accepted are {}", shown(name), accepted.join(","))
}

/// As our names are written.
fn plain(name: &str) -> String {
    name.trim()
        .chars()
        .take(64)
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect()
}

/// Characters to insert, leave out or change to get from one name to the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in other.chars().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_as_far_apart_as_they_are_typed_otherwise() {
        for (one, other, distance) in
            [("", "", 0), ("budget", "budget", 0), ("budgte", "budget", 2), ("", "ab", 2), ("max", "maxi", 1)]
        {
            assert_eq!(super::distance(one, other), distance, "{one} {other}");
        }
    }
}
