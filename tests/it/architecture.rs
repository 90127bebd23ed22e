//! Rules of the architecture that the compiler does not check: dependencies between crates, where SQL is allowed, and
//! that time and settings are injected. ARCHITECTURE.md has the reasons.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::repository::{files_below, read, root, shown};

/// The dependencies that a crate may have. Dev-dependencies are not restricted.
struct Rule {
    krate: &'static str,
    /// Crates of the workspace.
    may_use: &'static [&'static str],
    external: External,
}

/// Crates from outside the workspace.
enum External {
    /// Only these.
    Only(&'static [&'static str]),
    /// All except these families: `actix` includes `actix-web` and `tracing-actix-web`.
    Not(&'static [&'static str]),
}

use External::{Not, Only};

/// The table in ARCHITECTURE.md.
const RULES: [Rule; 13] = [
    // Pure: no runtime, no I/O, no clock, no randomness.
    Rule { krate: "offercast-forecast", may_use: &[], external: Only(&[]) },
    Rule {
        krate: "offercast-domain",
        may_use: &["offercast-forecast"],
        external: Only(&["chrono", "chrono-tz", "rust_decimal", "serde", "thiserror"]),
    },
    Rule {
        krate: "offercast-contract",
        may_use: &["offercast-domain"],
        external: Only(&["chrono", "rust_decimal", "serde", "serde_json", "utoipa"]),
    },
    Rule {
        krate: "offercast-storage",
        may_use: &["offercast-domain"],
        external: Not(&["actix", "apalis", "utoipa"]),
    },
    Rule {
        krate: "offercast-app",
        may_use: &["offercast-domain", "offercast-storage"],
        external: Not(&["actix", "apalis", "deadpool", "sqlx", "utoipa"]),
    },
    Rule {
        krate: "offercast-api",
        may_use: &["offercast-app", "offercast-contract", "offercast-domain"],
        external: Not(&["apalis", "deadpool", "sqlx"]),
    },
    // sqlx is only for the pool that apalis needs: see the test of the worker's sources below.
    Rule {
        krate: "offercast-worker",
        may_use: &["offercast-app"],
        external: Not(&["actix", "deadpool", "utoipa"]),
    },
    // Must build even if storage does not.
    Rule { krate: "offercast-database", may_use: &[], external: Not(&["actix", "deadpool", "utoipa"]) },
    Rule {
        krate: "offercast",
        may_use: &[
            "offercast-api",
            "offercast-app",
            "offercast-database",
            "offercast-forecast",
            "offercast-worker",
        ],
        external: Not(&["actix", "apalis", "deadpool", "sqlx", "utoipa"]),
    },
    // Compiles to WASM.
    Rule {
        krate: "offercast-frontend",
        may_use: &["offercast-contract", "offercast-domain"],
        external: Not(&["actix", "apalis", "chrono-tz", "deadpool", "reqwest", "sqlx", "tokio", "utoipa"]),
    },
    // Builds within seconds on a new machine.
    Rule { krate: "xtask", may_use: &[], external: Only(&[]) },
    // Calls parsers, without a server.
    Rule {
        krate: "offercast-fuzz",
        may_use: &["offercast-api", "offercast-app", "offercast-contract", "offercast-domain"],
        external: Only(&["libfuzzer-sys", "serde", "serde_json"]),
    },
    // Consists of tests.
    Rule { krate: "offercast-tests", may_use: &[], external: Only(&[]) },
];

/// Functions that are allowed only in a few marked places.
const INJECTED: [&str; 4] = ["chrono::Utc::now", "chrono::Local::now", "std::env::var", "std::env::var_os"];

/// The only item of sqlx that the worker may use.
const POOL_OF_APALIS: [&str; 1] = ["sqlx::PgPool"];

// -- The crates

struct Package {
    name: String,
    manifest: PathBuf,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    features: Vec<String>,
}

/// The crates of the workspace with their dependencies, without dev-dependencies.
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
    let dependencies = list(&package["dependencies"]).iter().filter(|d| text(&d["kind"]) != "dev");
    Package {
        name: text(&package["name"]).to_owned(),
        manifest: PathBuf::from(text(&package["manifest_path"])),
        dependencies: dependencies.map(dependency).collect(),
    }
}

fn dependency(dependency: &Value) -> Dependency {
    let features = list(&dependency["features"]).iter().map(|name| text(name).to_owned());
    Dependency { name: text(&dependency["name"]).to_owned(), features: features.collect() }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The text of a value; empty for null, which is the kind of a normal dependency.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns a message for each violation of the rules.
fn violations(rules: &[Rule], packages: &[Package]) -> Vec<String> {
    let workspace: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let unused = rules
        .iter()
        .filter(|rule| !workspace.contains(rule.krate))
        .map(|rule| format!("{} has a rule but is not a crate of the workspace", rule.krate));
    let found = packages.iter().flat_map(|package| violations_of(rules, package, &workspace));
    unused.chain(found).collect()
}

fn violations_of(rules: &[Rule], package: &Package, workspace: &BTreeSet<&str>) -> Vec<String> {
    let Some(rule) = rules.iter().find(|rule| rule.krate == package.name) else {
        return vec![format!(
            "{} has no rule: add it to tests/it/architecture.rs and ARCHITECTURE.md, with the reason for the crate",
            package.name
        )];
    };
    let names = package.dependencies.iter().map(|dependency| dependency.name.as_str());
    names.filter_map(|name| violation(rule, name, workspace.contains(name))).collect()
}

/// Returns a message if the rule forbids this dependency.
fn violation(rule: &Rule, name: &str, in_workspace: bool) -> Option<String> {
    let message = format!("{} must not depend on {name}", rule.krate);
    if in_workspace {
        let allowed = rule.may_use;
        return (!allowed.contains(&name))
            .then(|| format!("{message}: crates of the workspace that it may use are {allowed:?}"));
    }
    match rule.external {
        Only(allowed) => (!allowed.contains(&name))
            .then(|| format!("{message}: external crates that it may use are {allowed:?}")),
        Not(families) => families
            .iter()
            .find(|family| belongs_to(name, family))
            .map(|family| format!("{message}: {family} is not allowed in this crate")),
    }
}

fn belongs_to(name: &str, family: &str) -> bool {
    name == family || name.split(['-', '_']).any(|part| part == family)
}

#[test]
fn crates_depend_on_what_the_architecture_allows() {
    let violations = violations(&RULES, &packages());
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}

#[test]
fn a_forbidden_dependency_is_found() {
    let with_dependency = |krate: &str, name: &str| {
        let dependency = Dependency { name: name.to_owned(), features: Vec::new() };
        Package { name: krate.to_owned(), manifest: PathBuf::new(), dependencies: vec![dependency] }
    };
    for (krate, name, message) in [
        ("offercast-domain", "offercast-storage", "offercast-domain must not depend on offercast-storage"),
        ("offercast-domain", "tokio", "offercast-domain must not depend on tokio"),
        ("offercast-forecast", "offercast-domain", "offercast-forecast must not depend on offercast-domain"),
        ("offercast-storage", "tracing-actix-web", "actix is not allowed in this crate"),
        ("offercast-api", "sqlx", "sqlx is not allowed in this crate"),
        ("offercast-worker", "actix-web", "actix is not allowed in this crate"),
        ("offercast-frontend", "tokio", "tokio is not allowed in this crate"),
        ("offercast-new", "serde", "offercast-new has no rule"),
    ] {
        let mut workspace: Vec<Package> = RULES.iter().map(|rule| without_dependencies(rule.krate)).collect();
        workspace.retain(|package| package.name != krate);
        workspace.push(with_dependency(krate, name));
        let found = violations(&RULES, &workspace);
        assert!(found.len() == 1 && found[0].contains(message), "{krate} -> {name}: {found:?}");
    }
}

#[test]
fn a_rule_without_a_crate_is_found() {
    let workspace: Vec<Package> = RULES.iter().skip(1).map(|rule| without_dependencies(rule.krate)).collect();
    assert_eq!(
        violations(&RULES, &workspace),
        ["offercast-forecast has a rule but is not a crate of the workspace"]
    );
}

fn without_dependencies(krate: &str) -> Package {
    Package { name: krate.to_owned(), manifest: PathBuf::new(), dependencies: Vec::new() }
}

#[test]
fn the_dashboard_does_not_enable_features_of_the_server() {
    let packages = packages();
    let frontend = packages.iter().find(|package| package.name == "offercast-frontend");
    for dependency in &frontend.expect("the front end is in the workspace").dependencies {
        for feature in ["zones", "openapi"] {
            let is_enabled = dependency.features.iter().any(|name| name == feature);
            assert!(!is_enabled, "offercast-frontend enables {feature} of {}", dependency.name);
        }
    }
}

// -- The sources

#[test]
fn only_storage_and_database_contain_sql() {
    for path in sources().iter().filter(|path| !may_contain_sql(path)) {
        let source = read(path);
        for call in ["sqlx::query", "sqlx::raw_sql"] {
            assert!(!source.contains(call), "{} uses {call}: move the SQL to crates/storage", shown(path));
        }
    }
}

/// `database` creates the schema that the queries of `storage` are compiled against.
fn may_contain_sql(path: &Path) -> bool {
    ["crates/storage", "crates/database"].iter().any(|folder| path.starts_with(root().join(folder)))
}

#[test]
fn the_worker_uses_sqlx_only_for_the_pool_of_apalis() {
    for path in sources().iter().filter(|path| path.starts_with(root().join("crates/worker"))) {
        for name in names_of_sqlx(&read(path)) {
            let allowed = POOL_OF_APALIS.contains(&name.as_str());
            assert!(allowed, "{} uses {name}: it may use only {POOL_OF_APALIS:?}", shown(path));
        }
    }
}

/// All paths that begin with `sqlx::`.
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
        assert!(forbidden.contains(&entry), "clippy.toml does not forbid {method}, which must be injected");
    }
    let lints = read(&root().join("Cargo.toml"));
    assert!(lints.contains("disallowed_methods = \"deny\""), "Cargo.toml does not deny disallowed_methods");
    for package in packages() {
        let inherits = read(&package.manifest).contains("[lints]\nworkspace = true");
        assert!(inherits, "{} does not inherit the workspace's lints", package.name);
    }
}

/// All Rust source files, except those of the integration tests.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for package in packages().iter().filter(|package| package.name != "offercast-tests") {
        let folder = package.manifest.parent().expect("a manifest is in a folder").join("src");
        files.extend(files_below(&folder, "rs"));
    }
    assert!(files.len() > 50, "only {} source files were found", files.len());
    files
}
