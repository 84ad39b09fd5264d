//! Phone numbers, normalised to E.164 with the extension apart.
//!
//! Chinese mobiles, by far the most frequent, are read here; all others by the phone number library,
//! which only this module knows, so that it can be exchanged. A number must be valid in its country's
//! plan, not just possible, and letters are never keypad digits: `1380013800o` is a typing error.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use crate::text::{is_blank, narrow, strip_word, trim};

/// A phone number that can be dialled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    /// `+8613800138000`.
    pub e164: String,
    /// `801`, where the number leads to a switchboard.
    pub extension: Option<String>,
}

/// Words before a number that say no more than the column does.
const LABELS: &[&str] = &[
    "联系电话",
    "电话",
    "手机号",
    "手机",
    "固话",
    "座机",
    "tel",
    "telephone",
    "phone",
    "mobile",
    "cell",
];

/// Words between a number and its extension; longer ones stand before their beginnings.
const EXTENSIONS: &[&str] = &["转接", "转", "分机号", "分机", "extension", "ext", "x", "#"];

/// Longer cells hold more than one number, or none.
const LONGEST: usize = 64;

/// Reads one phone number; `country` (ISO 3166-1 alpha-2) is where numbers without `+` are dialled.
pub fn phone(cell: &str, country: &str) -> Option<Phone> {
    let text = trim(cell);
    let is_china = country.eq_ignore_ascii_case("CN");
    if let Some(e164) = chinese_mobile(text, is_china) {
        return Some(Phone {
            e164,
            extension: None,
        });
    }
    if text.is_empty() || text.len() > LONGEST * 3 {
        return None;
    }
    let text = narrow(text);
    if let Some(e164) = chinese_mobile(&text, is_china) {
        return Some(Phone {
            e164,
            extension: None,
        });
    }
    let number = strip_label(&text);
    let (number, extension) = split_extension(number)?;
    let mut plain = String::with_capacity(number.len());
    for c in number.chars() {
        match c {
            '0'..='9' | '+' | '-' | '.' | '(' | ')' | '/' => plain.push(c),
            '\u{2010}'..='\u{2015}' => plain.push('-'),
            c if is_blank(c) => plain.push(' '),
            _ => return None,
        }
    }
    // what is dialled for another country is the same everywhere but in North America
    if let Some(rest) = plain.strip_prefix("00") {
        plain = format!("+{}", rest.trim_start_matches(['-', ' ']));
    }
    // A slash parts two numbers, except where it stands for the hyphen after an area code.
    if plain.matches('/').count() > 1
        || plain
            .split('/')
            .next()
            .is_some_and(|head| plain.contains('/') && head.len() > 6)
    {
        return None;
    }
    let plain = plain.replace('/', "-");
    let region = Region::from_code(&country.to_ascii_uppercase()).ok();
    if let Some(e164) = valid(&plain, region) {
        return Some(Phone { e164, extension });
    }
    // 010-12345678-801: in China the extension may be one more group
    let (head, tail) = plain.rsplit_once('-').filter(|_| extension.is_none())?;
    let is_extension = (1..=6).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_digit());
    let is_split = is_extension && head.bytes().filter(u8::is_ascii_digit).count() >= 10;
    let e164 = valid(head, region).filter(|_| is_split)?;
    Some(Phone {
        e164,
        extension: Some(tail.to_owned()),
    })
}

fn valid(text: &str, region: Option<Region>) -> Option<String> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !(5..=17).contains(&digits) {
        return None;
    }
    let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
    let e164 = number
        .is_valid()
        .then(|| number.format_as(PhoneNumberFormat::E164).into_owned())?;
    (e164.len() <= 16).then_some(e164)
}

/// Reads a Chinese mobile number, with or without the country's code, however it is grouped.
fn chinese_mobile(text: &str, is_china: bool) -> Option<String> {
    let bytes = text.as_bytes();
    if !(11..=24).contains(&bytes.len()) {
        return None;
    }
    let mut digits = [0_u8; 15];
    let mut count = 0;
    let mut international = false;
    for b in bytes {
        match b {
            b'0'..=b'9' => {
                *digits.get_mut(count)? = *b;
                count += 1;
            }
            b'+' if count == 0 && !international => international = true,
            b' ' | b'-' | b'(' | b')' | b'.' => {}
            _ => return None,
        }
    }
    let national = match &digits[..count] {
        [b'8', b'6', rest @ ..] if rest.len() == 11 && (international || is_china) => rest,
        [b'0', b'0', b'8', b'6', rest @ ..] if rest.len() == 11 => rest,
        rest if rest.len() == 11 && is_china && !international => rest,
        _ => return None,
    };
    // The ranges in the numbering plan that are mobile beyond doubt; the library decides on others.
    let mobile = matches!(
        national,
        [b'1', b'3' | b'8', ..]
            | [b'1', b'4', b'5' | b'7', ..]
            | [b'1', b'5', b'0'..=b'3' | b'5'..=b'9', ..]
            | [b'1', b'6', b'2' | b'5'..=b'7', ..]
            | [b'1', b'7', b'0'..=b'3' | b'5'..=b'8', ..]
            | [b'1', b'9', b'0' | b'1' | b'3' | b'5'..=b'9', ..]
    );
    if !mobile {
        return None;
    }
    let mut e164 = String::with_capacity(14);
    e164.push_str("+86");
    e164.extend(national.iter().map(|b| char::from(*b)));
    Some(e164)
}

fn strip_label(text: &str) -> &str {
    let Some(rest) = LABELS.iter().find_map(|label| strip_word(text, label)) else {
        return text;
    };
    rest.trim_start_matches(|c: char| is_blank(c) || matches!(c, ':' | '.'))
}

/// Parts a number from its extension. `None` where an extension is announced and missing.
fn split_extension(text: &str) -> Option<(&str, Option<String>)> {
    let found = text.char_indices().find_map(|(at, _)| {
        EXTENSIONS
            .iter()
            .find_map(|word| strip_word(&text[at..], word))
            .map(|rest| (at, rest))
    });
    let Some((at, rest)) = found else {
        return Some((text, None));
    };
    let extension =
        rest.trim_matches(|c: char| is_blank(c) || matches!(c, '.' | ':' | ')' | '(' | '-'));
    let well_formed =
        (1..=7).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_digit());
    let number = text[..at]
        .trim_end_matches(|c: char| is_blank(c) || matches!(c, ',' | ';' | '(' | '-' | '.'));
    well_formed.then(|| (number, Some(extension.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_phones() {
        let cases = [
            ("13800138000", "CN", "+8613800138000", None),
            ("+8613800138000", "CN", "+8613800138000", None),
            ("+86 138 0013 8000", "US", "+8613800138000", None),
            ("008613800138000", "CN", "+8613800138000", None),
            ("0086 138-0013-8000", "US", "+8613800138000", None),
            ("86-13800138000", "CN", "+8613800138000", None),
            ("(+86)13800138000", "CN", "+8613800138000", None),
            ("+86-138-0013-8000", "CN", "+8613800138000", None),
            ("138 00138000", "CN", "+8613800138000", None),
            (" 138-0013-8000\u{3000}", "CN", "+8613800138000", None),
            ("１３８００１３８０００", "CN", "+8613800138000", None),
            ("手机：13800138000", "CN", "+8613800138000", None),
            ("19812345678", "CN", "+8619812345678", None),
            ("17012345678", "CN", "+8617012345678", None),
            ("010-62345678", "CN", "+861062345678", None),
            ("010 62345678", "CN", "+861062345678", None),
            ("(010)62345678", "CN", "+861062345678", None),
            ("0571-87654321", "CN", "+8657187654321", None),
            ("+86 10 6234 5678", "US", "+861062345678", None),
            ("010-62345678转801", "CN", "+861062345678", Some("801")),
            ("010-62345678 转 801", "CN", "+861062345678", Some("801")),
            ("010-62345678分机801", "CN", "+861062345678", Some("801")),
            ("010-62345678-801", "CN", "+861062345678", Some("801")),
            ("010-62345678 ext. 801", "CN", "+861062345678", Some("801")),
            ("010-62345678#801", "CN", "+861062345678", Some("801")),
            ("400-810-6666", "CN", "+864008106666", None),
            ("440-325-9393x693", "US", "+14403259393", Some("693")),
            ("(419)293-7120x5313", "US", "+14192937120", Some("5313")),
            ("001-450-279-8166x742", "US", "+14502798166", Some("742")),
            ("660-485-0224", "US", "+16604850224", None),
            ("+1-660-485-0224", "CN", "+16604850224", None),
            ("020 7183 8750", "GB", "+442071838750", None),
            ("+44 20 7183 8750", "CN", "+442071838750", None),
            ("+61 2 9374 4000", "CN", "+61293744000", None),
            ("2123 4567", "HK", "+85221234567", None),
            ("0912 345 678", "TW", "+886912345678", None),
            ("03-5555-1234", "JP", "+81355551234", None),
        ];
        for (cell, country, e164, extension) in cases {
            let expected = Phone {
                e164: e164.to_owned(),
                extension: extension.map(str::to_owned),
            };
            assert_eq!(
                phone(cell, country),
                Some(expected),
                "{cell:?} in {country}"
            );
        }
    }

    #[test]
    fn refuses_what_cannot_be_dialled() {
        let cases = [
            "",
            "1380013800",
            "138001380001",
            "1380013800o",
            "12345678901",
            "14012345678",
            "10086",
            "110",
            "138****8000",
            "+3367a829916",
            "张三",
            "13800138000/13900139000",
            "13800138000、13900139000",
            "13800138000 13900139000",
            "1-800-FLOWERS",
            "010-62345678转",
            "无",
            "00000000000",
            "+",
            "0",
            "--",
            "957-062-1534 or so",
            "2025-01-02 03:04:05",
        ];
        for cell in cases {
            assert_eq!(phone(cell, "CN"), None, "{cell:?}");
        }
        // without the country's code it is no number of another country
        assert_eq!(phone("13800138000", "GB"), None);
    }

    #[test]
    fn the_short_way_agrees_with_the_library() {
        for prefix in 100..200 {
            let number = format!("{prefix}13572468");
            if let Some(e164) = chinese_mobile(&number, true) {
                assert_eq!(valid(&number, Some(Region::CN)), Some(e164), "{number}");
            }
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,30}|[+0-9 ()x转.-]{0,25}", country in "CN|US|GB|XX||中国") {
            let _ = phone(&text, &country);
        }

        #[test]
        fn reads_back_what_it_gives(prefix in "13[0-9]|15[0-35-9]|18[0-9]|19[89]", rest in "[0-9]{8}") {
            let first = phone(&format!("{prefix}{rest}"), "CN").unwrap();
            prop_assert_eq!(&first.e164, &format!("+86{prefix}{rest}"));
            prop_assert_eq!(phone(&first.e164, "US"), Some(first));
        }

        #[test]
        fn given_numbers_are_well_formed(text in "[+]?[0-9 -]{6,18}", country in "CN|US|GB|AU|HK|DE") {
            if let Some(found) = phone(&text, &country) {
                prop_assert!(found.e164.starts_with('+') && found.e164.len() <= 16);
                prop_assert!(found.e164[1..].bytes().all(|b| b.is_ascii_digit()));
                prop_assert_eq!(phone(&found.e164, "US").map(|again| again.e164), Some(found.e164));
            }
        }
    }
}
