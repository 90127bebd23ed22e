//! Replays the corpus. Test threads have the same stack size as those of the server.

#![expect(clippy::unwrap_used, reason = "a test that cannot continue must fail")]

use std::fs;
use std::path::{Path, PathBuf};

/// One test for each target, so that the test's name identifies a target that aborts the process.
macro_rules! replay {
    ($($target:ident),+) => {$(
        #[test]
        fn $target() {
            replay(stringify!($target));
        }
    )+

        #[test]
        fn every_target_is_replayed() {
            let targets = offercast_fuzz::TARGETS.map(|target| target.name);
            assert_eq!(targets.to_vec(), [$(stringify!($target)),+]);
        }
    };
}

replay!(
    offers,
    orders,
    batches,
    decimals,
    moments,
    codes,
    keys,
    texts,
    cursors,
    queries,
    offers_csv,
    redemptions_csv,
    answers
);

fn replay(name: &str) {
    let target = offercast_fuzz::find(name).unwrap();
    let inputs = inputs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name));
    assert!(!inputs.is_empty(), "{name} has no corpus");
    for input in inputs {
        // Printed only if the test fails.
        println!("{}", input.display());
        (target.run)(&fs::read(&input).unwrap());
    }
}

fn inputs(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}
