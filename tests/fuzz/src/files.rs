//! CSV files, parsed as by `offercast import`.

use std::fmt::Display;
use std::path::PathBuf;
use std::{env, fs, process};

use offercast_app::import::{check_redemptions, read_offers};
use offercast_domain::OfferDraft;

/// The only offer that redemptions may name.
const OFFER: &str = "SUMMER10";

pub fn offers_csv(bytes: &[u8]) {
    let path = file("offers", bytes);
    match read_offers(&path) {
        Ok(offers) => {
            for terms in offers {
                assert_eq!(OfferDraft::from(&terms).check().as_ref(), Ok(&terms));
            }
        }
        Err(error) => assert_names_line(&error, bytes),
    }
}

pub fn redemptions_csv(bytes: &[u8]) {
    match check_redemptions(&file("redemptions", bytes), OFFER) {
        Ok(rows) => assert!(rows <= lines(bytes), "{rows} rows"),
        Err(error) => assert_names_line(&error, bytes),
    }
}

/// An error names the file and an existing line.
fn assert_names_line(error: &impl Display, bytes: &[u8]) {
    let text = error.to_string();
    let (_, rest) = text.split_once(", line ").expect("an error names the line");
    let line: u64 = rest.split(':').next().and_then(|line| line.parse().ok()).expect("a line is a number");
    assert!((1..=lines(bytes)).contains(&line), "{text}");
}

/// Lines end with a line feed, a carriage return, or both.
fn lines(bytes: &[u8]) -> u64 {
    1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64
}

/// Writes the input to a file. One file per process and target is enough, because a target runs one input at a time.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = env::temp_dir().join(format!("offercast-fuzz-{name}-{}.csv", process::id()));
    fs::write(&path, bytes).expect("the folder for temporary files is writable");
    path
}
