//! The rules of the house that no compiler holds: who may depend on whom, where SQL may stand, that time and
//! settings are injected, that the documents point at what exists. ARCHITECTURE.md says why.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What a crate may be built on. Its tests may use what they like.
struct Rule {
    krate: &'static str,
    /// Crates of the workspace.
    may_use: &'static [&'static str],
    outside: Outside,
}

/// Crates from outside the workspace.
enum Outside {
    /// These and no others.
    Only(&'static [&'static str]),
    /// Anything but these families: `actix` is also `actix-web` and `tracing-actix-web`.
    Not(&'static [&'static str]),
}

use Outside::{Not, Only};

/// The table of ARCHITECTURE.md.
const RULES: [Rule; 13] = [
    // Pure: no runtime, no I/O, no clock, no randomness.
    Rule { krate: "offercast-forecast", may_use: &[], outside: Only(&[]) },
    Rule {
        krate: "offercast-domain",
        may_use: &["offercast-forecast"],
        outside: Only(&["chrono", "chrono-tz", "rust_decimal", "serde", "thiserror"]),
    },
    Rule {
        krate: "offercast-contract",
        may_use: &["offercast-domain"],
        outside: Only(&["chrono", "rust_decimal", "serde", "serde_json", "utoipa"]),
    },
    Rule {
        krate: "offercast-storage",
        may_use: &["offercast-domain"],
        outside: Not(&["actix", "apalis", "utoipa"]),
    },
    Rule {
        krate: "offercast-app",
        may_use: &["offercast-domain", "offercast-storage"],
        outside: Not(&["actix", "apalis", "deadpool", "sqlx", "utoipa"]),
    },
    Rule {
        krate: "offercast-api",
        may_use: &["offercast-app", "offercast-contract", "offercast-domain"],
        outside: Not(&["apalis", "deadpool", "sqlx"]),
    },
    // sqlx for the pool that apalis wants, and for nothing else: see the test of its sources below.
    Rule {
        krate: "offercast-worker",
        may_use: &["offercast-app"],
        outside: Not(&["actix", "deadpool", "utoipa"]),
    },
    // Builds when storage does not.
    Rule { krate: "offercast-database", may_use: &[], outside: Not(&["actix", "deadpool", "utoipa"]) },
    Rule {
        krate: "offercast",
        may_use: &[
            "offercast-api",
            "offercast-app",
            "offercast-database",
            "offercast-forecast",
            "offercast-worker",
        ],
        outside: Not(&["actix", "apalis", "deadpool", "sqlx", "utoipa"]),
    },
    // Compiles to WASM.
    Rule {
        krate: "offercast-frontend",
        may_use: &["offercast-contract", "offercast-domain"],
        outside: Not(&["actix", "apalis", "chrono-tz", "deadpool", "reqwest", "sqlx", "tokio", "utoipa"]),
    },
    // There within seconds on a machine that has nothing yet.
    Rule { krate: "xtask", may_use: &[], outside: Only(&[]) },
    // Calls the readers, and no server.
    Rule {
        krate: "offercast-fuzz",
        may_use: &["offercast-api", "offercast-app", "offercast-contract", "offercast-domain"],
        outside: Only(&["libfuzzer-sys", "serde", "serde_json"]),
    },
    // All of it is tests.
    Rule { krate: "offercast-tests", may_use: &[], outside: Only(&[]) },
];

/// Calls that only a few marked places make.
const INJECTED: [&str; 4] = ["chrono::Utc::now", "chrono::Local::now", "std::env::var", "std::env::var_os"];

/// All that the worker may name of sqlx.
const POOL_OF_APALIS: [&str; 1] = ["sqlx::PgPool"];

// -- The crates

struct Package {
    name: String,
    manifest: PathBuf,
    uses: Vec<Dependency>,
}

struct Dependency {
    name: String,
    features: Vec<String>,
}

/// The crates of the workspace with what they are built on, without what only their tests use.
fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo's metadata is JSON");
    list(&metadata["packages"]).iter().map(package).collect()
}

fn package(package: &Value) -> Package {
    let uses = list(&package["dependencies"]).iter().filter(|d| text(&d["kind"]) != "dev");
    Package {
        name: text(&package["name"]).to_owned(),
        manifest: PathBuf::from(text(&package["manifest_path"])),
        uses: uses.map(dependency).collect(),
    }
}

fn dependency(dependency: &Value) -> Dependency {
    let features = list(&dependency["features"]).iter().map(|name| text(name).to_owned());
    Dependency { name: text(&dependency["name"]).to_owned(), features: features.collect() }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Empty for null: the kind of a dependency that is neither for tests nor for a build script.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A sentence for everything in which the crates and their rules differ.
fn broken(rules: &[Rule], packages: &[Package]) -> Vec<String> {
    let workspace: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let gone = rules
        .iter()
        .filter(|rule| !workspace.contains(rule.krate))
        .map(|rule| format!("{} has a rule and is no crate of the workspace", rule.krate));
    let wrong = packages.iter().flat_map(|package| broken_by(rules, package, &workspace));
    gone.chain(wrong).collect()
}

fn broken_by(rules: &[Rule], package: &Package, workspace: &BTreeSet<&str>) -> Vec<String> {
    let Some(rule) = rules.iter().find(|rule| rule.krate == package.name) else {
        return vec![format!(
            "{} has no rule: say in tests/it/house.rs and ARCHITECTURE.md what it may use and why it is a crate",
            package.name
        )];
    };
    let names = package.uses.iter().map(|dependency| dependency.name.as_str());
    names.filter_map(|name| objection(rule, name, workspace.contains(name))).collect()
}

/// What speaks against an edge from the rule's crate to this one.
fn objection(rule: &Rule, name: &str, of_workspace: bool) -> Option<String> {
    let edge = format!("{} must not depend on {name}", rule.krate);
    if of_workspace {
        let allowed = rule.may_use;
        return (!allowed.contains(&name))
            .then(|| format!("{edge}: of the workspace it may use {allowed:?}"));
    }
    match rule.outside {
        Only(allowed) => {
            (!allowed.contains(&name)).then(|| format!("{edge}: from outside it may use {allowed:?}"))
        }
        Not(families) => families
            .iter()
            .find(|family| is_of(name, family))
            .map(|family| format!("{edge}: {family} is not for this crate")),
    }
}

fn is_of(name: &str, family: &str) -> bool {
    name == family || name.split(['-', '_']).any(|part| part == family)
}

#[test]
fn crates_depend_on_what_the_architecture_allows() {
    let broken = broken(&RULES, &packages());
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_wrong_edge_is_found_and_named() {
    let uses = |krate: &str, name: &str| {
        let dependency = Dependency { name: name.to_owned(), features: Vec::new() };
        Package { name: krate.to_owned(), manifest: PathBuf::new(), uses: vec![dependency] }
    };
    for (krate, name, says) in [
        ("offercast-domain", "offercast-storage", "offercast-domain must not depend on offercast-storage"),
        ("offercast-domain", "tokio", "offercast-domain must not depend on tokio"),
        ("offercast-forecast", "offercast-domain", "offercast-forecast must not depend on offercast-domain"),
        ("offercast-storage", "tracing-actix-web", "actix is not for this crate"),
        ("offercast-api", "sqlx", "sqlx is not for this crate"),
        ("offercast-worker", "actix-web", "actix is not for this crate"),
        ("offercast-frontend", "tokio", "tokio is not for this crate"),
        ("offercast-new", "serde", "offercast-new has no rule"),
    ] {
        let mut workspace: Vec<Package> = RULES.iter().map(|rule| unused(rule.krate)).collect();
        workspace.retain(|package| package.name != krate);
        workspace.push(uses(krate, name));
        let found = broken(&RULES, &workspace);
        assert!(found.len() == 1 && found[0].contains(says), "{krate} -> {name}: {found:?}");
    }
}

#[test]
fn a_rule_without_a_crate_is_found() {
    let workspace: Vec<Package> = RULES.iter().skip(1).map(|rule| unused(rule.krate)).collect();
    assert_eq!(
        broken(&RULES, &workspace),
        ["offercast-forecast has a rule and is no crate of the workspace"]
    );
}

fn unused(krate: &str) -> Package {
    Package { name: krate.to_owned(), manifest: PathBuf::new(), uses: Vec::new() }
}

#[test]
fn the_browser_is_not_sent_what_only_the_server_needs() {
    let packages = packages();
    let frontend = packages.iter().find(|package| package.name == "offercast-frontend");
    for dependency in &frontend.expect("the front end is in the workspace").uses {
        for feature in ["zones", "openapi"] {
            let on = dependency.features.iter().any(|name| name == feature);
            assert!(!on, "offercast-frontend turns on {feature} of {}", dependency.name);
        }
    }
}

// -- The sources

#[test]
fn sql_stands_in_storage_and_nowhere_else() {
    for path in sources().iter().filter(|path| !may_hold_sql(path)) {
        let source = read(path);
        for call in ["sqlx::query", "sqlx::raw_sql"] {
            assert!(!source.contains(call), "{} has {call}: SQL belongs into crates/storage", shown(path));
        }
    }
}

/// `database` makes the schema that the queries of `storage` are compiled against.
fn may_hold_sql(path: &Path) -> bool {
    ["crates/storage", "crates/database"].iter().any(|folder| path.starts_with(root().join(folder)))
}

#[test]
fn the_worker_knows_sqlx_as_the_pool_of_apalis_only() {
    for path in sources().iter().filter(|path| path.starts_with(root().join("crates/worker"))) {
        for name in names_of_sqlx(&read(path)) {
            let allowed = POOL_OF_APALIS.contains(&name.as_str());
            assert!(allowed, "{} uses {name}: it may use {POOL_OF_APALIS:?}", shown(path));
        }
    }
}

/// Every path that begins with `sqlx::`.
fn names_of_sqlx(source: &str) -> Vec<String> {
    let in_path = |c: &char| c.is_alphanumeric() || *c == '_' || *c == ':';
    source
        .match_indices("sqlx::")
        .map(|(start, _)| source[start..].chars().take_while(in_path).collect())
        .collect()
}

#[test]
fn names_of_sqlx_are_found() {
    assert_eq!(names_of_sqlx("a: sqlx::PgPool, sqlx::query(x)"), ["sqlx::PgPool", "sqlx::query"]);
}

#[test]
fn clippy_forbids_the_clock_and_the_environment_in_every_crate() {
    let settings = read(&root().join("clippy.toml"));
    let (_, forbidden) = settings.split_once("disallowed-methods").unwrap_or_default();
    for method in INJECTED {
        let entry = format!("path = \"{method}\"");
        assert!(forbidden.contains(&entry), "clippy.toml does not forbid {method}: it has to be injected");
    }
    let lints = read(&root().join("Cargo.toml"));
    assert!(lints.contains("disallowed_methods = \"deny\""), "Cargo.toml does not deny disallowed_methods");
    for package in packages() {
        let shares = read(&package.manifest).contains("[lints]\nworkspace = true");
        assert!(shares, "{} does not take the workspace's lints", package.name);
    }
}

/// The Rust files that are shipped or run, without those of the tests.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for package in packages().iter().filter(|package| package.name != "offercast-tests") {
        let folder = package.manifest.parent().expect("a manifest lies in a folder").join("src");
        files.extend(files_below(&folder, "rs"));
    }
    assert!(files.len() > 50, "only {} source files were found", files.len());
    files
}

// -- The documents

#[test]
fn links_of_the_documents_lead_somewhere() {
    let broken: Vec<String> = documents().iter().flat_map(|path| broken_links(path)).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_decision_is_in_the_index() {
    let index = root().join("docs/adr/README.md");
    let listed = links(&read(&index));
    for path in files_below(&root().join("docs/adr"), "md").iter().filter(|path| **path != index) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        assert!(listed.iter().any(|link| *link == name), "docs/adr/README.md does not list {name}");
    }
}

fn documents() -> Vec<PathBuf> {
    let named = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root().join(name));
    named.into_iter().chain(files_below(&root().join("docs"), "md")).collect()
}

fn broken_links(document: &Path) -> Vec<String> {
    let folder = document.parent().expect("a document lies in a folder");
    links(&read(document))
        .into_iter()
        .filter(|link| !folder.join(link).exists())
        .map(|link| format!("{} links to {link}, which does not exist", shown(document)))
        .collect()
}

/// What `[text](target)` points at inside the repository, without `#fragment` and title; not what stands in
/// blocks of code.
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

// -- The files

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests lie in the repository").to_owned()
}

fn read(path: &Path) -> String {
    let content = fs::read_to_string(path);
    assert!(content.is_ok(), "{} cannot be read", shown(path));
    content.unwrap_or_default()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .flat_map(|path| if path.is_dir() { files_below(&path, extension) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}
