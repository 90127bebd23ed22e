//! Runs the target that is named by the environment with libFuzzer.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use offercast_fuzz::{Target, find};

#[expect(clippy::disallowed_methods, reason = "libFuzzer interprets all arguments itself")]
static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("OFFERCAST_FUZZ_TARGET").unwrap_or_default();
    find(&name).expect("OFFERCAST_FUZZ_TARGET must be the name of a target")
});

fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
