//! Looking around a match: its sentence, a number before it, a number after it.

use std::ops::Deref;

use model::number::chinese_digit;

/// Bytes on either side beyond which nothing belongs to the same sentence.
const REACH: usize = 240;

fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n' | '\r' | '|'
    )
}

/// The sentence around `start..end`.
pub(super) fn sentence(text: &str, start: usize, end: usize) -> &str {
    let from = text[..start]
        .char_indices()
        .rev()
        .take_while(|(at, c)| !ends_sentence(*c) && start - at <= REACH)
        .last()
        .map_or(start, |(at, _)| at);
    let to = text[end..]
        .char_indices()
        .find(|(at, c)| ends_sentence(*c) || *at > REACH)
        .map_or(text.len(), |(at, _)| end + at);
    &text[from..to]
}

/// Whether a clause begins at `start`, or a word that leads a denial stands there.
pub(super) fn clause_begins(text: &str, start: usize) -> bool {
    text[..start].chars().next_back().is_none_or(|c| {
        !c.is_alphanumeric()
            || matches!(
                c,
                '也' | '并' | '均' | '都' | '亦' | '概' | '方' | '司' | '们' | '我' | '房'
            )
    })
}

fn digit(c: char) -> Option<i64> {
    Some(match c {
        '0'..='9' => i64::from(c as u32 - '0' as u32),
        '０'..='９' => i64::from(c as u32 - '０' as u32),
        c => return chinese_digit(c),
    })
}

/// A single Chinese or Arabic digit, without ten.
pub(super) fn small_digit(c: char) -> Option<i64> {
    digit(c).filter(|n| *n < 10)
}

/// Whether a number, said exactly or roughly, stands right before `start`.
pub(super) fn number_before(text: &str, start: usize) -> bool {
    text[..start]
        .chars()
        .rev()
        .find(|c| !matches!(c, ' ' | '来' | '多' | '余'))
        .is_some_and(|c| digit(c).is_some() || matches!(c, '几' | '数' | '半' | '百'))
}

/// The number in digits after `end`, in hundredths, and the text behind it.
pub(super) fn amount_after(text: &str, end: usize) -> Option<(i64, &str)> {
    let rest = text[end..].trim_start_matches([
        ' ', '约', '为', '是', '仅', '只', '要', '才', '：', ':', '共', '￥', '¥', '\u{3000}',
    ]);
    amount(rest)
}

/// The number in ASCII digits at the beginning of a text, in hundredths, and the text behind it.
fn amount(text: &str) -> Option<(i64, &str)> {
    let bytes = text.as_bytes();
    let mut whole: i64 = 0;
    let mut at = 0;
    while let Some(b @ (b'0'..=b'9' | b',')) = bytes.get(at) {
        if *b != b',' {
            whole = whole.checked_mul(10)?.checked_add(i64::from(b - b'0'))?;
        } else if !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            break;
        }
        at += 1;
    }
    if at == 0 || bytes[0] == b',' {
        return None;
    }
    let mut hundredths = whole.checked_mul(100)?;
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1;
        let mut weight = 10;
        while let Some(b) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
            hundredths = hundredths.checked_add(i64::from(b - b'0') * weight)?;
            weight /= 10;
            at += 1;
        }
    }
    Some((hundredths, text[at..].trim_start()))
}

/// Hundredths as a decimal without needless zeros.
pub(super) fn hundredths(n: i64) -> String {
    match n % 100 {
        0 => (n / 100).to_string(),
        part => format!("{}.{:02}", n / 100, part.abs()),
    }
}

/// Two numbers that do not go together.
pub(super) fn against(a: i64, b: i64) -> String {
    let mut out = String::with_capacity(16);
    push_number(&mut out, a);
    out.push_str(" / ");
    push_number(&mut out, b);
    out
}

/// Writes a number; where findings are many the general way costs more than all the rest of them.
pub(super) fn push_number(out: &mut String, n: i64) {
    if n < 0 {
        out.push('-');
    }
    let n = n.unsigned_abs();
    let mut weight = 10_u64.pow(n.checked_ilog10().unwrap_or(0));
    while weight > 0 {
        out.push(char::from(b'0' + (n / weight % 10) as u8));
        weight /= 10;
    }
}

/// Whether a text holds another, for texts as short as names.
pub(super) fn holds(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let Some(last) = part.last() else {
        return true;
    };
    // The last bytes of two characters differ more often than their first.
    text.windows(part.len())
        .any(|window| window.last() == Some(last) && window == part)
}

/// Words of which any may stand in a text, by their first characters.
#[derive(Debug, Default)]
pub(super) struct AnyOf {
    words: Vec<String>,
    /// The six lowest bits of the first characters; all bits if a word is empty.
    firsts: u64,
}

impl AnyOf {
    pub(super) fn new(words: &[impl Deref<Target = str>]) -> Self {
        let mut words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        words.sort_unstable();
        let firsts = words.iter().fold(0, |bits, word| {
            bits | word.chars().next().map_or(u64::MAX, bit)
        });
        AnyOf { words, firsts }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether one of the words stands in a text that is not empty.
    pub(super) fn found_in(&self, text: &str) -> bool {
        text.char_indices().any(|(at, c)| {
            self.firsts & bit(c) != 0 && {
                let rest = &text[at..];
                self.words
                    .iter()
                    .any(|word| rest.starts_with(word.as_str()))
            }
        })
    }
}

fn bit(c: char) -> u64 {
    1 << (c as u32 & 63)
}

/// Whether two amounts differ by more than so many per cent of the second.
pub(super) fn differs(a: i64, b: i64, percent: i64) -> bool {
    let (a, b) = (i128::from(a), i128::from(b));
    (a - b).abs() * 100 > b.abs() * i128::from(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_numbers() {
        let text = "采光好。步行到地铁约十分钟，安静！好";
        let at = text.find("分钟").unwrap();
        assert_eq!(sentence(text, at, at + 6), "步行到地铁约十分钟，安静");
        assert!(number_before(text, at));
        assert_eq!(amount_after("总价约520.5万元", 6), Some((52050, "万元")));
        assert_eq!(amount_after("总价不高", 6), None);
        assert_eq!(amount_after("总价1,250万", 6), Some((125_000, "万")));
        assert_eq!(hundredths(8950), "89.50");
        assert_eq!(against(-1203, 40), "-1203 / 40");
        assert_eq!(against(0, i64::MIN), "0 / -9223372036854775808");
        assert!(holds("第一城", "一城") && !holds("第一城", "城一") && holds("城", ""));
        let words = ["步行".to_owned(), "%".to_owned()];
        assert!(AnyOf::new(&words).found_in("地铁步行") && AnyOf::new(&words).found_in("5%"));
        assert!(!AnyOf::new(&words).found_in("行步") && !AnyOf::new(&words[..0]).found_in("步行"));
        assert!(differs(110, 100, 5) && !differs(104, 100, 5));
    }
}
