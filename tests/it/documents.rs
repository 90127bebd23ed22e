//! Tests of the documents: their links, the paths and functions that they name, and their line length.

use std::path::{Path, PathBuf};

use crate::repository::{files_below, read, root, shown};

#[test]
fn links_in_documents_point_to_existing_files() {
    let broken: Vec<String> = documents().iter().flat_map(|path| broken_links(path)).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_index_lists_every_decision_record() {
    let index = root().join("docs/adr/README.md");
    let listed = links(&read(&index));
    for path in files_below(&root().join("docs/adr"), "md").iter().filter(|path| **path != index) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        assert!(listed.iter().any(|link| *link == name), "docs/adr/README.md does not list {name}");
    }
}

fn documents() -> Vec<PathBuf> {
    let named = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "migrations/README.md",
        "examples/README.md",
        "frontend/README.md",
    ];
    let named = named.map(|name| root().join(name));
    named.into_iter().chain(files_below(&root().join("docs"), "md")).collect()
}

fn broken_links(document: &Path) -> Vec<String> {
    let folder = document.parent().expect("a document is in a folder");
    links(&read(document))
        .into_iter()
        .filter(|link| !folder.join(link).exists())
        .map(|link| format!("{} links to {link}, which does not exist", shown(document)))
        .collect()
}

/// The targets of `[text](target)` inside the repository, without `#fragment` and title. Code blocks are ignored.
fn links(markdown: &str) -> Vec<String> {
    let mut in_code = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            found.extend(links_of_line(line));
        }
    }
    found
}

fn links_of_line(line: &str) -> impl Iterator<Item = String> {
    line.split("](").skip(1).filter_map(|rest| {
        let (target, _) = rest.split_once(')')?;
        let path = target.split(['#', ' ']).next().unwrap_or_default();
        let outside = path.contains("://") || path.starts_with("mailto:");
        (!outside && !path.is_empty()).then(|| path.to_owned())
    })
}

#[test]
fn links_are_found() {
    let text = "[a](b/c.md#d), ![e](f.png \"g\") and [h](https://i.j)\n```\n[k](l)\n```\n[m](#n)";
    assert_eq!(links(text), ["b/c.md", "f.png"]);
}

/// A step of a walkthrough: "`crates/.../file.rs` `function`".
fn steps(markdown: &str) -> Vec<(String, String)> {
    let code: Vec<&str> = markdown.split('`').collect();
    // Every second part is code; between a file and its function there is only a space or a line break.
    let is_step = |parts: &[&str]| parts[0].ends_with(".rs") && parts[1].trim().is_empty();
    let pairs = code.windows(3).skip(1).step_by(2).filter(|parts| is_step(parts));
    pairs.map(|parts| (parts[0].to_owned(), parts[2].to_owned())).collect()
}

#[test]
fn walkthroughs_name_existing_functions() {
    let steps = steps(&read(&root().join("ARCHITECTURE.md")));
    assert!(steps.len() >= 25, "only {} steps were found", steps.len());
    for (file, function) in steps {
        let source = read(&root().join(&file));
        let is_defined =
            source.contains(&format!("fn {function}(")) || source.contains(&format!("fn {function}<"));
        assert!(is_defined, "ARCHITECTURE.md: {file} does not define {function}");
    }
}

#[test]
fn steps_are_found() {
    let text = "1. `a/b.rs` `c`: calls\n`d`, `e.rs`\n   `f`.";
    let found: Vec<_> =
        steps(text).into_iter().map(|(file, function)| format!("{file} {function}")).collect();
    assert_eq!(found, ["a/b.rs c", "e.rs f"]);
}

#[test]
fn the_files_to_edit_exist() {
    let text = read(&root().join("CONTRIBUTING.md"));
    let (_, table) = text.split_once("## Where is what").expect("the section exists");
    let rows =
        table.lines().skip_while(|line| !line.starts_with("| ")).take_while(|line| line.starts_with('|'));
    let files: Vec<&str> = rows.skip(2).filter_map(|row| row.rsplit('`').nth(1)).collect();
    assert!(files.len() >= 30);
    for file in files {
        assert!(root().join(file).is_file(), "CONTRIBUTING.md: {file} does not exist");
    }
}

/// Tables, blocks of code and lines without a space to break at may be longer.
fn long_lines(markdown: &str) -> Vec<usize> {
    let mut in_code = false;
    let mut found = Vec::new();
    for (index, line) in markdown.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if !in_code && !line.starts_with('|') && line.trim().contains(' ') && line.chars().count() > 120 {
            found.push(index + 1);
        }
    }
    found
}

#[test]
fn lines_of_documents_wrap_at_120_columns() {
    let long = |path: &PathBuf| {
        let lines = long_lines(&read(path));
        lines.into_iter().map(|line| format!("{}:{line}", shown(path))).collect::<Vec<_>>()
    };
    let long: Vec<String> = documents().iter().flat_map(long).collect();
    assert!(long.is_empty(), "longer than 120 columns: {}", long.join(", "));
    let text = format!("{}\n| {} |\n```\n{}\n```", "a ".repeat(61), "a ".repeat(61), "a ".repeat(61));
    assert_eq!(long_lines(&text), [1]);
}
