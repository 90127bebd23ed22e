//! Retired names must not return. docs/glossary.md has the terms that replaced them.

use std::path::{Path, PathBuf};

use crate::repository::{files_below, read, root, shown};

/// Words that may be part of neither a name nor a sentence.
const RETIRED: [&str; 33] = [
    "board", "boards", "boarded", "desk", "doubted", "eager", "essence", "hall", "lane", "lanes", "leg",
    "legs", "news", "outdate", "purse", "rail", "recall", "recalled", "redeemer", "seal", "sealed", "seat",
    "seats", "sitting", "sittings", "spoken", "tell", "told", "trip", "trips", "unserved", "untold",
    "upkeep",
];

/// Where such a word is right: metrics under the names of version 0.1, names of other libraries, and a usual phrase.
const EXCEPTIONS: [&str; 7] = [
    "offercast_lane_trip",
    "offercast_lane_unserved",
    "offercast_lane",
    "essence_str",
    "run_upkeep",
    "round trip",
    "round_trip",
];

/// The retired words of a text, also as parts of names in snake case and camel case.
fn retired_words(text: &str) -> Vec<String> {
    let text = EXCEPTIONS.iter().fold(text.to_owned(), |text, exception| text.replace(exception, ""));
    let mut found = Vec::new();
    let mut word = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_uppercase() || !character.is_alphabetic() {
            if RETIRED.contains(&word.as_str()) {
                found.push(word.clone());
            }
            word.clear();
        }
        if character.is_alphabetic() {
            word.extend(character.to_lowercase());
        }
    }
    found
}

#[test]
fn retired_words_are_found() {
    assert_eq!(
        retired_words("A `LaneDesk` is told of news_board"),
        ["lane", "desk", "told", "news", "board"]
    );
    assert!(retired_words("offercast_lanes_open, a plane, a round trip, newsletter").is_empty());
}

/// Migrations are never edited, and this file names the words.
fn is_checked(path: &Path) -> bool {
    let shown = shown(path);
    !shown.starts_with("migrations/2026") && shown != "tests/it/vocabulary.rs"
}

/// All sources and documents that are written by hand.
fn files() -> Vec<PathBuf> {
    let folders =
        ["crates", "frontend/src", "frontend/scripts", "frontend/styles", "tests", "docs", "deploy"];
    let extensions = ["rs", "md", "toml", "sql", "mjs", "js", "css", "py", "conf"];
    let below = |folder: &str| {
        let folder = root().join(folder);
        extensions.iter().flat_map(|extension| files_below(&folder, extension)).collect::<Vec<_>>()
    };
    let documents = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "frontend/README.md",
    ];
    let named = documents.iter().map(|name| root().join(name));
    let is_installed = |path: &Path| path.components().any(|part| part.as_os_str() == "node_modules");
    let files = folders.iter().flat_map(|folder| below(folder)).chain(named);
    files.filter(|path| is_checked(path) && !is_installed(path)).collect()
}

#[test]
fn no_retired_word_is_left() {
    let files = files();
    assert!(files.len() > 500, "only {} files were found", files.len());
    let mut found = Vec::new();
    for path in &files {
        for (index, line) in read(path).lines().enumerate() {
            found.extend(
                retired_words(line).iter().map(|word| format!("{}:{}: {word}", shown(path), index + 1)),
            );
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.extend(retired_words(&name).iter().map(|word| format!("{}: {word}", shown(path))));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Longer SQL belongs in a file of its own.
const MAX_SQL_LINES: usize = 40;

#[test]
fn long_sql_is_in_files() {
    for path in files_below(&root().join("crates/storage/src"), "rs") {
        for text in read(&path).split("r#\"").skip(1).filter_map(|rest| rest.split("\"#").next()) {
            let lines = text.lines().count();
            assert!(lines <= MAX_SQL_LINES, "{} has an SQL text of {lines} lines", shown(&path));
        }
    }
}
