//! Text as it stands in a cell: blanks, invisible characters, words for "nothing", and the key under
//! which two spellings of a header or a word are the same.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memchr3;
use memchr::memmem::Finder;
use unicode_normalization::UnicodeNormalization;

/// Whether a character shows nothing and has no width: it survives copying from web pages and
/// spreadsheets and makes equal texts differ.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether a character is a blank of any width, or invisible.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Removes blanks of every kind, zero-width characters and byte order marks from both ends.
pub fn trim(cell: &str) -> &str {
    let bytes = cell.as_bytes();
    match (bytes.first(), bytes.last()) {
        // lead bytes of Chinese words; no blank or invisible character begins so
        (Some(b'!'..=b'~' | 0xE4..=0xE9), Some(b'!'..=b'~')) => cell,
        (Some(b'!'..=b'~' | 0xE4..=0xE9), Some(0x80..))
            if matches!(
                bytes,
                [.., 0xE4..=0xE9, _, _] | [.., 0xE3, 0x80, 0x81 | 0x82]
            ) =>
        {
            cell
        }
        (None, _) => cell,
        _ => cell.trim_matches(is_blank),
    }
}

/// Whether a text holds neither a line break nor an invisible character, so that [`tidy`] only trims it
/// and the parts of it. May say no where it does not.
pub fn is_tidy(text: &str) -> bool {
    static MARK: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\u{FEFF}"));
    // All the other invisible characters begin with E2, which few texts have.
    memchr3(b'\n', b'\r', 0xE2, text.as_bytes()).is_none() && MARK.find(text.as_bytes()).is_none()
}

/// Trims a text, removes invisible characters inside it, and makes one space of each run of blanks
/// that holds a line break. Borrows where nothing changes.
pub fn tidy(cell: &str) -> Cow<'_, str> {
    let text = trim(cell);
    if is_tidy(text) || !text.contains(|c| c == '\n' || c == '\r' || is_invisible(c)) {
        return Cow::Borrowed(text);
    }
    let mut tidied = String::with_capacity(text.len());
    let mut blanks = String::new();
    let mut broken = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            broken |= c == '\n' || c == '\r';
            blanks.push(c);
            continue;
        }
        if !blanks.is_empty() {
            tidied.push_str(if broken { " " } else { &blanks });
            blanks.clear();
            broken = false;
        }
        tidied.push(c);
    }
    Cow::Owned(tidied)
}

/// Whether a cell says that there is no value. `--` and `NaN` do not: they stand where a value
/// should be and is broken.
pub fn is_null(cell: &str) -> bool {
    present(cell).is_none()
}

/// The trimmed text of a cell; none where it says that there is no value.
pub fn present(cell: &str) -> Option<&str> {
    let text = trim(cell);
    (!says_nothing(text)).then_some(text)
}

fn says_nothing(text: &str) -> bool {
    // most cells are told apart by their first byte
    let possible = text.bytes().next().is_none_or(|b| {
        matches!(
            b,
            b'-' | b'n' | b'N' | b'u' | b'U' | b'#' | b'\\' | 0xE2 | 0xE6 | 0xEF
        )
    });
    match text.len() {
        _ if !possible => false,
        0 => true,
        1..=12 => {
            matches!(
                text,
                "-" | "—" | "——" | "–" | "－" | "暂无数据" | "暂无" | "未知" | "无数据" | "\\N"
            ) || text.starts_with("暂无")
                || ["null", "none", "n/a", "#n/a", "unknown"]
                    .iter()
                    .any(|word| text.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// Makes the key under which spellings of a header or a word are compared: NFKC, lower case, without
/// blanks, `_`, `-`, `:` and brackets. Traditional characters stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text
            .chars()
            .filter(|c| !is_dropped(*c))
            .map(|c| c.to_ascii_lowercase())
            .collect();
    }
    // Lower case, and what is dropped from between two characters, can bring back a form that NFKC
    // changes; the key of a key must be the key.
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let kept: String = lower.nfkc().filter(|c| !is_dropped(*c)).collect();
    kept.nfkc().collect()
}

fn is_dropped(c: char) -> bool {
    matches!(
        c,
        '_' | '-' | '(' | ')' | ':' | '：' | '\u{2010}'..='\u{2015}'
    ) || is_blank(c)
}

/// Makes full-width digits, letters and signs narrow and the ideographic space a space. Borrows where
/// there is none.
pub(crate) fn narrow(text: &str) -> Cow<'_, str> {
    let wide = text.as_bytes().windows(2).any(|w| {
        matches!(
            w,
            [0xEF, 0xBC | 0xBD] | [0xE3, 0x80] | [0xC2, 0xA0] | [0xE2, 0x88]
        )
    });
    if !wide {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| match c {
                '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
                '\u{3000}' | '\u{A0}' => ' ',
                '\u{2212}' => '-',
                other => other,
            })
            .collect(),
    )
}

/// Removes blanks at the start.
pub(crate) fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

/// Removes `word` from the start of `text`, without regard to ASCII case.
pub(crate) fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (first, expected) = (text.bytes().next()?, word.bytes().next()?);
    if !first.eq_ignore_ascii_case(&expected) {
        return None;
    }
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

/// Removes the first of `words` that `text` starts with, without regard to ASCII case. A word of
/// letters must not run on into another letter.
pub(crate) fn strip_any<'a, T: Copy>(text: &'a str, words: &[(&str, T)]) -> Option<(T, &'a str)> {
    words.iter().find_map(|(word, value)| {
        let rest = strip_word(text, word)?;
        let letters = word
            .bytes()
            .next_back()
            .is_some_and(|b| b.is_ascii_alphabetic());
        let runs_on = letters && rest.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        (!runs_on).then_some((*value, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn trims_every_blank() {
        for cell in [
            "南北",
            " 南北 ",
            "\u{FEFF}南北",
            "\u{3000}南北\u{A0}",
            "\u{200B}南北\r\n",
            "\t南北\u{2060}",
        ] {
            assert_eq!(trim(cell), "南北", "{cell:?}");
        }
        assert_eq!(trim(" \u{3000}"), "");
        assert_eq!(trim(""), "");
        assert_eq!(trim("a b"), "a b");
        assert_eq!(trim("甲 "), "甲");
    }

    #[test]
    fn tidies() {
        let cases = [
            ("7300元/月\n            (季付价)", "7300元/月 (季付价)"),
            ("a\r\n\r\nb", "a b"),
            ("a  b", "a  b"),
            ("房\u{200B}源", "房源"),
            ("a\r\u{200B}\nb", "a b"),
            ("\u{FEFF}标题", "标题"),
            ("一，二", "一，二"),
        ];
        for (cell, expected) in cases {
            assert_eq!(tidy(cell), expected, "{cell:?}");
        }
        assert!(matches!(tidy(" 满五，唯一 "), Cow::Borrowed("满五，唯一")));
    }

    #[test]
    fn knows_words_for_nothing() {
        for cell in [
            "",
            " ",
            "\u{3000}",
            "暂无数据",
            " 暂无 ",
            "-",
            "—",
            "未知",
            "无数据",
            "NULL",
            "null",
            "None",
            "N/A",
            "#N/A",
        ] {
            assert!(is_null(cell), "{cell:?}");
        }
        for cell in ["--", "NaN", "0", "无", "none of it", "暂无数据吗"] {
            assert!(!is_null(cell), "{cell:?}");
        }
    }

    #[test]
    fn folds() {
        assert_eq!(fold("List Price"), "listprice");
        assert_eq!(fold("list_price"), "listprice");
        assert_eq!(fold("总价（万）"), "总价万");
        assert_eq!(fold("建筑面积(㎡)："), "建筑面积m2");
        assert_eq!(fold("ＭＬＳ＃"), "mls#");
    }

    #[test]
    fn narrows() {
        assert_eq!(narrow("１２（共３层）"), "12(共3层)");
        assert!(matches!(narrow("中楼层(共18层)"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn tidy_is_idempotent(text in "[ \\n\\ra\u{200B}\u{FEFF}\u{3000}，b中\u{2060}\u{200F}]{0,12}|.{0,30}") {
            let once = tidy(&text).into_owned();
            prop_assert_eq!(tidy(&once).into_owned(), once.clone());
            let unwanted = once.contains(['\n', '\r', '\u{200B}', '\u{FEFF}']);
            prop_assert!(!unwanted);
        }

        #[test]
        fn trim_equals_its_slow_form(text in "[ \\ta\u{200B}\u{FEFF}\u{3000}é，b中\u{E9}]{0,6}|.{0,20}") {
            prop_assert_eq!(trim(&text), text.trim_matches(is_blank));
        }

        #[test]
        fn fold_is_idempotent(text in ".{0,30}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
