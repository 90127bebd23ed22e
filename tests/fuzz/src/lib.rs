//! Fuzz targets for everything that parses external input.
//!
//! A target takes any bytes and panics if a property does not hold. `cargo xtask fuzz` searches for such bytes with
//! libFuzzer; the tests replay the inputs in `corpus`.

#![expect(clippy::panic, reason = "a target reports failures by panicking")]

mod answers;
mod bodies;
mod decimals;
mod files;
mod names;
mod parameters;
mod texts;

/// A target and its name, which is also the name of its folder in `corpus`.
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
}

pub const TARGETS: [Target; 13] = [
    Target { name: "offers", run: bodies::offers },
    Target { name: "orders", run: bodies::orders },
    Target { name: "batches", run: bodies::batches },
    Target { name: "decimals", run: decimals::decimals },
    Target { name: "moments", run: texts::moments },
    Target { name: "codes", run: names::codes },
    Target { name: "keys", run: names::keys },
    Target { name: "texts", run: texts::texts },
    Target { name: "cursors", run: parameters::cursors },
    Target { name: "queries", run: parameters::queries },
    Target { name: "offers_csv", run: files::offers_csv },
    Target { name: "redemptions_csv", run: files::redemptions_csv },
    Target { name: "answers", run: answers::answers },
];

pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
