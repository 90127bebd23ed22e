use std::io::Write;

use proptest::prelude::*;

use super::*;

const COLUMNS: Columns =
    Columns { required: &["code", "name"], optional: &["budget"], others: Others::Refused };

/// A temporary file with this content, removed on drop.
struct Temporary(PathBuf);

impl Temporary {
    fn new(content: &[u8]) -> Temporary {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("offercast-csv-{}-{number}.csv", std::process::id()));
        File::create(&path).unwrap().write_all(content).unwrap();
        Temporary(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Line number, code and name.
type Row = (u64, String, String);

/// Returns the rows and the number of empty rows.
fn read(content: &[u8]) -> Result<(Vec<Row>, u64), String> {
    let temporary = Temporary::new(content);
    let mut file = CsvFile::open(&temporary.0, COLUMNS).map_err(|error| error.message())?;
    let mut rows = Vec::new();
    while file.advance().map_err(|error| error.message())? {
        rows.push((file.line(), file.field("code").to_owned(), file.text("name").into_owned()));
    }
    Ok((rows, file.empty_rows()))
}

impl InputError {
    /// Without the path.
    fn message(&self) -> String {
        format!("{}: {}", self.line.unwrap_or_default(), self.message)
    }
}

fn row(line: u64, code: &str, name: &str) -> Row {
    (line, code.to_owned(), name.to_owned())
}

#[test]
fn columns_are_found_by_name_after_a_byte_order_mark() {
    let expected = Ok((vec![row(2, "A", "Ä, \"x\"")], 0));
    assert_eq!(read("\u{feff}code,name\nA,\"Ä, \"\"x\"\"\"\n".as_bytes()), expected);
    assert_eq!(read("\u{feff}\"code\",name\r\nA,\"Ä, \"\"x\"\"\"".as_bytes()), expected);
    assert_eq!(read("name,budget,code\n\"Ä, \"\"x\"\"\",,A\n".as_bytes()), expected);
}

#[test]
fn unknown_columns_are_rejected_with_a_suggestion() {
    for (heading, expected) in [
        (
            "code,name,Budget",
            "1: unknown column \"Budget\" (did you mean budget?); accepted columns: code,name,budget",
        ),
        ("code,name,budgte", "1: unknown column \"budgte\" (did you mean budget?)"),
        ("code, name", "1: unknown column \" name\" (did you mean name?)"),
        ("code,name\u{200b}", "1: unknown column \"name\\u{200b}\" (did you mean name?)"),
        ("code,\u{feff}name", "1: unknown column \"\\u{feff}name\" (did you mean name?)"),
        ("code,name,colour", "1: unknown column \"colour\"; accepted"),
        ("code,name,code", "1: the column code appears twice"),
        ("code;name;budget", "1: columns must be separated by commas: \"code;name;budget\""),
        ("code", "1: the column name is missing; required columns: code,name"),
    ] {
        let message = read(format!("{heading}\nA,B,1\n").as_bytes()).unwrap_err();
        assert!(message.starts_with(expected), "{message}\nshould start with\n{expected}");
    }
}

#[test]
fn unknown_columns_can_be_ignored() {
    let temporary = Temporary::new(b"more,code,more\n1,A,2\n");
    let columns = Columns { required: &["code"], optional: &[], others: Others::Ignored };
    let mut file = CsvFile::open(&temporary.0, columns).unwrap();
    assert!(file.advance().unwrap());
    assert_eq!(file.field("code"), "A");
}

#[test]
fn rows_of_empty_cells_are_skipped_and_counted() {
    let content = b"code,name,budget,,\nA,B,1,,\n,,,,\n\n , ,\t,\"\",\n,,\n   \nC,D,2,,\n,,,,\n";
    assert_eq!(read(content), Ok((vec![row(2, "A", "B"), row(8, "C", "D")], 5)));
    let message = read(b"code,name,budget,,\nA,B,1,,5\n").unwrap_err();
    assert_eq!(message, "2: column 5 has a value but no heading");
}

#[test]
fn line_numbers_are_those_of_a_text_editor() {
    let content = "code,name\nA,B\n\n\nC,D\nE,F\n\nG,H";
    for line_break in ["\n", "\r\n", "\r"] {
        let (rows, empty) = read(content.replace('\n', line_break).as_bytes()).unwrap();
        let lines: Vec<u64> = rows.iter().map(|(line, ..)| *line).collect();
        assert_eq!((lines, empty), (vec![2, 5, 6, 8], 0), "{line_break:?}");
    }
}

#[test]
fn invalid_rows_are_reported_with_their_line() {
    for (content, expected) in [
        (&b"code,name\nA,B\nC\n"[..], "3: has 1 fields, but the header has 2"),
        (b"code,name\nA,B\nC,D,E\n", "3: has 3 fields, but the header has 2"),
        (b"code,name\nA,two\nC,\0\n", "3: contains a NUL byte"),
        (b"code,name\nA,B\nC,\xff\n", "3: is not UTF-8"),
        (b"code,name\r\nA,B\r\n\r\nC,\xff", "4: is not UTF-8"),
        (b"code,name\r\nA,B\r\nC,\"D\r\nE,F\r\n", "3: has a line break within a field"),
        (b"code,n\xe4me\nA,B\n", "1: is not UTF-8"),
        (b"\xff\xfec\0o\0d\0e\0", "1: is not UTF-8"),
    ] {
        let message = read(content).unwrap_err();
        assert!(message.starts_with(expected), "{message}\nshould start with\n{expected}");
    }
}

#[test]
fn an_endless_row_is_rejected_and_not_kept_in_memory() {
    let header = b"code,name\nA,B\n";
    for endless in [
        vec![b'x'; 5_000_000],
        [b"C,\"".as_slice(), &b"text\n".repeat(1_000_000)].concat(),
        vec![b','; 5_000_000],
    ] {
        let message = read(&[header, endless.as_slice()].concat()).unwrap_err();
        assert!(message.starts_with("3: the row has more than 65536 bytes"), "{message}");
        let message = read(&endless).unwrap_err();
        assert!(message.starts_with("1: the row has more than 65536 bytes"), "{message}");
    }
    // The limit does not depend on where the row starts in the buffer.
    for before in [0, 1, 1_000, 65_000] {
        let filler = format!("F,{}\n", "x".repeat(before));
        let result = |length| read(format!("code,name\n{filler}C,{}\nD,E\n", "y".repeat(length)).as_bytes());
        assert_eq!(result(MAX_ROW - 1).unwrap().0.len(), 3, "{before}");
        assert!(result(MAX_ROW).unwrap_err().starts_with("3: the row has more"), "{before}");
    }
}

#[test]
fn errors_shorten_long_values() {
    assert_eq!(shown("a\u{1b}[2J\u{202e}"), "\"a\\u{1b}[2J\\u{202e}\"");
    let long = shown(&"ü".repeat(1_000));
    assert!(long.ends_with("ü\"...") && long.chars().count() == SHOWN + 5, "{long}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// An import restores exported text exactly.
    #[test]
    fn exported_text_is_restored(names in prop::collection::vec(prop_oneof!["[^\0\r\n]{0,20}", "['=+@;, \"\t\u{200b}＝-]{0,12}"], 1..20)) {
        let mut content = "code,name\n".to_owned();
        for name in &names {
            content.push_str(&format!("A,{}\n", csv_cell::text(name)));
        }
        let read = read(content.as_bytes()).unwrap().0;
        prop_assert_eq!(read.into_iter().map(|(_, _, name)| name).collect::<Vec<_>>(), names);
    }
}
