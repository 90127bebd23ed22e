use proptest::prelude::*;

use super::*;

fn code(prefix: &str, random: &[u8]) -> UniqueCode {
    UniqueCode::new(CodePrefix::parse(prefix).unwrap(), random.to_vec()).unwrap()
}

/// Codes of every length, with any prefix.
fn codes() -> impl Strategy<Value = UniqueCode> {
    let random = prop::collection::vec(0..32_u8, CODE_LENGTHS.start() - PLAIN..=CODE_LENGTHS.end() - PLAIN);
    ("[A-Z0-9]{0,16}", random).prop_map(|(prefix, random)| code(&prefix, &random))
}

fn as_read(code: &UniqueCode) -> UniqueCode {
    UniqueCode { prefix: CodePrefix(code.prefix.as_read()), random: code.random.clone() }
}

#[test]
fn a_code_is_formatted_in_groups_of_four_after_its_prefix() {
    let random = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
    assert_eq!(code("SUMMER", &random).to_string(), "SUMMER-0123-4567-89AB-CDEK");
    assert_eq!(code("", &random).to_string(), "0123-4567-89AB-CDE4");
}

#[test]
fn typed_and_pasted_codes_are_parsed() {
    let written = code("HOLIDAY", &[0, 1, 27, 9, 10, 1, 0, 0, 31, 30]);
    let text = written.to_string();
    let typed = [
        text.to_lowercase(),
        text.replace('-', ""),
        text.replace('-', " \u{2013} "),
        text.replace('0', "o").replace('1', "l"),
        text.replace('0', "O").replace('1', "i").replace('V', "u"),
        format!("  {text}\n"),
        text.replace('-', "_"),
        text.replace('-', "\u{a0}\u{2011}\u{200b}"),
        format!("\u{feff}{}\u{200e}", text.replace('A', "A\u{ad}\u{2060}\u{202a}")),
        text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect(),
    ];
    for typed in typed {
        assert_eq!(UniqueCode::parse(&typed), Some(as_read(&written)), "{typed:?}");
    }
    for other in [
        "",
        "SUMMER",
        "0123-4567",
        "é",
        "--------------",
        &"0".repeat(41),
        &"ü".repeat(20),
        &" ".repeat(5_000),
    ] {
        assert_eq!(UniqueCode::parse(other), None, "{other:?}");
    }
}

#[test]
fn requests_for_codes_are_validated() {
    let draft = |count, prefix: &str, length| CodesDraft {
        count,
        prefix: Some(prefix.to_owned()),
        length: Some(length),
    };
    let order = CodesDraft { count: Some(5), ..CodesDraft::default() }.check().unwrap();
    assert_eq!((order.count, order.length, order.prefix.as_str()), (5, DEFAULT_CODE_LENGTH, ""));
    assert_eq!(draft(Some(5), "ｗｉｎ\u{200b} 26", 12).check().unwrap().prefix.as_str(), "WIN26");
    assert_eq!(draft(Some(MOST_CODES), "win26", 24).check().unwrap().prefix.as_str(), "WIN26");
    let wrong = draft(None, "WIN-26", 11).check().unwrap_err();
    let errors: Vec<_> = wrong.iter().map(|error| (error.field, error.code)).collect();
    assert_eq!(errors, [("count", "required"), ("prefix", "invalid"), ("length", "out_of_range")]);
    for (count, prefix, length) in [
        (0, "", 12),
        (MOST_CODES + 1, "", 12),
        (1, "ABCDEFGHJKMNPQRST", 12),
        (1, "Ä", 12),
        (1, &" ".repeat(5_000), 12),
        (1, "", 25),
        (1, "", -1),
    ] {
        assert_eq!(draft(Some(count), prefix, length).check().unwrap_err().len(), 1);
    }
}

#[test]
fn codes_that_could_be_guessed_are_not_issued() {
    let order = |count, length| CodesOrder { count, length, prefix: CodePrefix::default() };
    // A million codes of 12 characters: one guess in 2³⁰ hits.
    assert_eq!(CodeSpace::new(12).guess_bits(1_000_000), 30);
    assert_eq!(CodeSpace::new(16).guess_bits(1_000_000), 50);
    assert_eq!(CodeSpace::new(16).guess_bits(1), 70);
    let none = CodesAlike::default();
    let alike = |of_offer, of_all| CodesAlike { of_offer, of_all };
    // All offers together may issue 2²⁰ codes of 12 characters, a single one 2¹⁶.
    let others = (1 << 20) - (1 << 16);
    assert!(CodeSpace::check(&order(1 << 16, 12), 1, 0, alike(0, others)).is_ok());
    let error = CodeSpace::check(&order(1 << 16, 12), 1, 0, alike(0, others + 1)).unwrap_err();
    assert_eq!(error.message, "is too short for 1048577 codes with this prefix; use 13 characters");
    for (count, of_offer) in [((1 << 16) + 1, 0), (1, 1 << 16), (1 << 20, 0)] {
        assert!(CodeSpace::check(&order(count, 12), 1, of_offer, alike(of_offer, of_offer)).is_err());
        assert!(CodeSpace::check(&order(count, 13), 1, of_offer, alike(of_offer, of_offer)).is_ok());
    }
    // Offer ids and serials that do not fit are rejected, not cut off.
    assert!(CodeSpace::check(&order(1, 12), (1 << 25) - 1, (1 << 25) - 1, none).is_ok());
    for (offer_id, serial) in [(1 << 25, 0), (1, 1 << 25)] {
        assert!(CodeSpace::check(&order(1, 12), offer_id, serial, none).is_err());
        assert!(CodeSpace::check(&order(1, 16), offer_id, serial, none).is_ok());
    }
    assert!(CodeSpace::check(&order(MOST_CODES, 24), i64::MAX, i64::MAX - MOST_CODES, none).is_err());
}

proptest! {
    #[test]
    fn every_formatted_code_is_parsed(code in codes()) {
        prop_assert_eq!(UniqueCode::parse(&code.to_string()), Some(as_read(&code)));
    }

    /// No text can be parsed as two codes, whatever their prefixes and lengths.
    #[test]
    fn two_codes_are_never_formatted_alike(one in codes(), other in codes()) {
        prop_assume!(as_read(&one) != as_read(&other));
        let plain = |code: &UniqueCode| as_read(code).to_string().replace('-', "");
        prop_assert_ne!(plain(&one), plain(&other));
    }

    #[test]
    fn one_wrong_character_is_detected(code in codes(), index in any::<prop::sample::Index>(), other in 1..32_u8) {
        let mut typed: Vec<char> = code.to_string().chars().filter(|c| *c != '-').collect();
        let index = index.index(typed.len());
        typed[index] = character(value(typed[index]).unwrap() ^ other);
        prop_assert_eq!(UniqueCode::parse(&typed.iter().collect::<String>()), None);
    }

    #[test]
    fn two_swapped_neighbours_are_detected(code in codes(), index in any::<prop::sample::Index>()) {
        let mut typed: Vec<char> = code.to_string().chars().filter(|c| *c != '-').collect();
        let index = index.index(typed.len() - 1);
        prop_assume!(value(typed[index]) != value(typed[index + 1]));
        typed.swap(index, index + 1);
        prop_assert_eq!(UniqueCode::parse(&typed.iter().collect::<String>()), None);
    }

    #[test]
    fn no_text_causes_a_panic(text in any::<String>()) {
        UniqueCode::parse(&text);
    }
}
