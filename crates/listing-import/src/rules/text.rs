//! Looking around a match: its sentence, a number before it, a number after it.

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
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
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
        assert!(differs(110, 100, 5) && !differs(104, 100, 5));
    }
}
