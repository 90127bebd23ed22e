//! Matches the header row of a file with the expected columns.

use std::collections::HashMap;

use super::{Columns, Others, shown};

/// The positions of the known columns.
pub(super) struct Headings {
    indexes: HashMap<&'static str, usize>,
    /// Columns without a heading, such as unused ones of a spreadsheet.
    without_name: Vec<usize>,
    count: usize,
}

impl Headings {
    /// Matches the header row. The error is a message for the user.
    pub(super) fn find(names: &csv::StringRecord, columns: Columns) -> Result<Headings, String> {
        let mut headings = Headings { indexes: HashMap::new(), without_name: Vec::new(), count: names.len() };
        for (index, name) in names.iter().enumerate() {
            if name.trim().is_empty() {
                headings.without_name.push(index);
            } else if let Some(known) = columns.known().find(|known| *known == name) {
                if headings.indexes.insert(known, index).is_some() {
                    return Err(format!("the column {known} appears twice"));
                }
            } else if columns.others == Others::Refused {
                return Err(unknown(name, columns));
            }
        }
        match columns.required.iter().find(|name| !headings.indexes.contains_key(*name)) {
            Some(missing) => Err(columns.missing(missing)),
            None => Ok(headings),
        }
    }

    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.indexes.get(name).copied()
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
        format!("the column {name} is missing; required columns: {}", self.required.join(","))
    }
}

fn unknown(name: &str, columns: Columns) -> String {
    if name.contains([';', '\t']) {
        return format!("columns must be separated by commas: {}", shown(name));
    }
    let meant = columns.known().min_by_key(|known| distance(&plain(name), known));
    let is_near = |known: &&str| distance(&plain(name), known) <= known.len() / 3;
    let meant = meant.filter(is_near).map(|known| format!(" (did you mean {known}?)")).unwrap_or_default();
    let accepted: Vec<_> = columns.known().collect();
    format!("unknown column {}{meant}; accepted columns: {}", shown(name), accepted.join(","))
}

/// Converts a name to the style of the known names: lower case, with underscores.
fn plain(name: &str) -> String {
    name.trim()
        .chars()
        .take(64)
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect()
}

/// Returns the Levenshtein distance of two names.
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
    fn distance_counts_inserted_removed_and_changed_characters() {
        for (one, other, distance) in
            [("", "", 0), ("budget", "budget", 0), ("budgte", "budget", 2), ("", "ab", 2), ("max", "maxi", 1)]
        {
            assert_eq!(super::distance(one, other), distance, "{one} {other}");
        }
    }
}
