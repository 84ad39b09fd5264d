//! Numbers as people and programs write them: grouped, full-width, with an exponent.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::text::{narrow, trim};

/// Why a cell is not a number. Says nothing of the cell's text, which may be private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// The cell is blank.
    Empty,
    /// The text is no number.
    NotANumber,
    /// Commas stand where no thousands end: a decimal comma, or two cells in one.
    Grouping,
    /// Not a number (NaN) or infinite.
    NotFinite,
    /// More than any count, price or area.
    TooLarge,
}

impl std::fmt::Display for NumberError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NumberError::Empty => "empty",
            NumberError::NotANumber => "not a number",
            NumberError::Grouping => "commas do not group thousands",
            NumberError::NotFinite => "not a finite number",
            NumberError::TooLarge => "number too large",
        })
    }
}

impl std::error::Error for NumberError {}

/// The largest whole part that is read: what a stored integer holds.
const LARGEST: u128 = i64::MAX as u128;

/// Digits of a fraction are kept as long as the number stays below this.
const PRECISE: u128 = 1_000_000_000_000_000_000_000_000_000;

/// Reads a decimal number. Its sign and range are the caller's business.
pub fn decimal(cell: &str) -> Result<Decimal, NumberError> {
    let text = trim(cell);
    if let Some(value) = plain(text.as_bytes()) {
        return Ok(value);
    }
    let text = narrow(text);
    let (value, rest) = leading(&text)?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(NumberError::NotANumber)
    }
}

/// Reads a whole number; `3.0` is one.
pub fn integer(cell: &str) -> Result<i64, NumberError> {
    let text = trim(cell);
    if let Some(value) = short_integer(text.as_bytes()) {
        return Ok(value);
    }
    let value = decimal(text)?;
    if !value.fract().is_zero() {
        return Err(NumberError::NotANumber);
    }
    i64::try_from(value.trunc()).map_err(|_| NumberError::TooLarge)
}

/// The value times ten to the power of `places`, half away from zero; `None` if it does not fit.
pub(crate) fn fixed(value: Decimal, places: u32) -> Option<i64> {
    if value.scale() <= places {
        let factor = 10_i64.checked_pow(places - value.scale())?;
        return i64::try_from(value.mantissa()).ok()?.checked_mul(factor);
    }
    let rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    let scaled = rounded.checked_mul(Decimal::from(10_u64.checked_pow(places)?))?;
    i64::try_from(scaled.trunc()).ok()
}

/// One to eighteen plain digits.
fn short_integer(bytes: &[u8]) -> Option<i64> {
    if bytes.is_empty() || bytes.len() > 18 {
        return None;
    }
    bytes.iter().try_fold(0_i64, |value, b| {
        b.is_ascii_digit().then(|| value * 10 + i64::from(b - b'0'))
    })
}

/// Up to eighteen plain digits, perhaps with a point between them: by far the most frequent form.
pub(crate) fn plain(bytes: &[u8]) -> Option<Decimal> {
    if bytes.len() > 19 || !bytes.last()?.is_ascii_digit() || bytes[0] == b'.' {
        return None;
    }
    let mut mantissa = 0_i64;
    let mut point = None;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa
                    .checked_mul(10)?
                    .checked_add(i64::from(byte - b'0'))?
            }
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let scale = point.map_or(0, |at| bytes.len() - 1 - at);
    Some(Decimal::new(mantissa, scale as u32))
}

/// Reads the number a text starts with, and gives what follows it.
pub(crate) fn leading(text: &str) -> Result<(Decimal, &str), NumberError> {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Err(NumberError::Empty);
    }
    let signed = matches!(bytes[0], b'+' | b'-');
    let negative = bytes[0] == b'-';
    let mut at = usize::from(signed);
    let digit = bytes.get(at).is_some_and(u8::is_ascii_digit);
    if !digit && is_not_finite(&text[at..]) {
        return Err(NumberError::NotFinite);
    }

    let mut mantissa: u128 = 0;
    let whole_start = at;
    // how many digits stand since the last comma, once there is one
    let mut group: Option<usize> = None;
    while let Some(b) = bytes.get(at) {
        match b {
            b'0'..=b'9' => {
                // Saturates: whatever follows, the number is too large.
                mantissa = (mantissa.min(LARGEST + 1)) * 10 + u128::from(b - b'0');
                group = group.map(|n| n + 1);
            }
            b',' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                let before = group.unwrap_or(at - whole_start);
                if (group.is_some() && before != 3) || before == 0 || before > 3 {
                    return Err(NumberError::Grouping);
                }
                group = Some(0);
            }
            _ => break,
        }
        at += 1;
    }
    if group.is_some_and(|n| n != 3) {
        return Err(NumberError::Grouping);
    }
    let mut digits = at > whole_start;
    if mantissa > LARGEST {
        return Err(NumberError::TooLarge);
    }

    let mut scale: i32 = 0;
    if bytes.get(at) == Some(&b'.') {
        let fraction_start = at + 1;
        let mut end = fraction_start;
        while let Some(b) = bytes.get(end).filter(|b| b.is_ascii_digit()) {
            if mantissa < PRECISE && scale < 28 {
                mantissa = mantissa * 10 + u128::from(b - b'0');
                scale += 1;
            }
            end += 1;
        }
        // a point that ends a sentence is not the number's
        if digits || end > fraction_start {
            digits |= end > fraction_start;
            at = end;
        }
    }
    if !digits {
        return Err(NumberError::NotANumber);
    }
    let (exponent, rest) = exponent(&text[at..]);
    let value = scaled(mantissa, scale - exponent)?;
    Ok((with_sign(value, negative), rest))
}

fn is_not_finite(text: &str) -> bool {
    ["nan", "inf", "infinity"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
        || text == "∞"
}

/// Reads `e+06`; without digits there is no exponent. Caps it far beyond any number that is read.
fn exponent(text: &str) -> (i32, &str) {
    let bytes = text.as_bytes();
    if !matches!(bytes.first(), Some(b'e' | b'E')) {
        return (0, text);
    }
    let signed = matches!(bytes.get(1), Some(b'+' | b'-'));
    let start = 1 + usize::from(signed);
    let end = start
        + bytes[start..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
    if end == start {
        return (0, text);
    }
    let size = bytes[start..end]
        .iter()
        .fold(0_i32, |n, b| (n * 10 + i32::from(b - b'0')).min(10_000));
    let value = if bytes[1] == b'-' { -size } else { size };
    (value, &text[end..])
}

/// `mantissa` over ten to the power of `scale`.
fn scaled(mut mantissa: u128, mut scale: i32) -> Result<Decimal, NumberError> {
    if mantissa == 0 {
        return Ok(Decimal::new(0, scale.clamp(0, 28) as u32));
    }
    while scale < 0 {
        mantissa *= 10;
        scale += 1;
        if mantissa > LARGEST {
            return Err(NumberError::TooLarge);
        }
    }
    while scale > 28 && mantissa > 0 {
        let half = if scale == 29 { 5 } else { 0 };
        mantissa = (mantissa + half) / 10;
        scale -= 1;
    }
    Ok(Decimal::from_parts(
        mantissa as u32,
        (mantissa >> 32) as u32,
        (mantissa >> 64) as u32,
        false,
        scale.min(28) as u32,
    ))
}

fn with_sign(mut value: Decimal, negative: bool) -> Decimal {
    value.set_sign_negative(negative && !value.is_zero());
    value
}

/// The value of a Chinese digit, as layouts and lifts write it.
pub fn chinese_digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' | '兩' => 2,
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

/// Reads the small whole number a text starts with, in digits or Chinese (`12`, `十二`, `二十三`).
pub(crate) fn leading_small(text: &str) -> Option<(i64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return Some((short_integer(&text.as_bytes()[..digits])?, &text[digits..]));
    }
    let mut chars = text.char_indices().peekable();
    let mut value: Option<i64> = None;
    let mut tens = false;
    let mut end = 0;
    while let Some((at, c)) = chars.peek().copied() {
        let Some(digit) = chinese_digit(c) else { break };
        value = match (value, digit, tens) {
            (None, 10, _) => {
                tens = true;
                Some(10)
            }
            (None, n, _) => Some(n),
            (Some(n @ 1..=9), 10, false) => {
                tens = true;
                Some(n * 10)
            }
            (Some(n), d @ 1..=9, true) if n % 10 == 0 => Some(n + d),
            _ => return None,
        };
        end = at + c.len_utf8();
        chars.next();
    }
    value.map(|n| (n, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_numbers() {
        let cases = [
            ("3", "3"),
            ("3.00", "3.00"),
            (" 48.97 ", "48.97"),
            ("1,234,567.5", "1234567.5"),
            ("1.23E+06", "1230000"),
            ("1e3", "1000"),
            ("5e-1", "0.5"),
            ("-1", "-1"),
            ("+7", "7"),
            ("−122.257", "-122.257"),
            (".5", "0.5"),
            ("5.", "5"),
            ("１２３．４", "123.4"),
            ("0012", "12"),
            ("-0", "0"),
            ("1e-400", "0"),
            (
                "0.1000000000000000055511151231257827",
                "0.1000000000000000055511151231",
            ),
            ("9223372036854775807", "9223372036854775807"),
        ];
        for (cell, expected) in cases {
            let expected: Decimal = expected.parse().unwrap();
            assert_eq!(decimal(cell), Ok(expected), "{cell:?}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        use NumberError::*;
        let cases = [
            ("", Empty),
            ("\u{3000}", Empty),
            ("abc", NotANumber),
            ("NaN", NotFinite),
            ("-inf", NotFinite),
            ("Infinity", NotFinite),
            ("1e999", TooLarge),
            ("12,5,0", Grouping),
            ("1,2345", Grouping),
            ("1234,567", Grouping),
            ("89,5", Grouping),
            (",5", Grouping),
            ("1,", NotANumber),
            ("三百万", NotANumber),
            ("--", NotANumber),
            ("-", NotANumber),
            (".", NotANumber),
            ("0x1F", NotANumber),
            ("12.3.4", NotANumber),
            ("1 2", NotANumber),
            ("1e", NotANumber),
            ("999999999999999999999", TooLarge),
            ("9223372036854775808", TooLarge),
            ("暂无数据", NotANumber),
        ];
        for (cell, expected) in cases {
            assert_eq!(decimal(cell), Err(expected), "{cell:?}");
            assert_eq!(integer(cell), Err(expected), "{cell:?}");
        }
    }

    #[test]
    fn reads_whole_numbers() {
        for (cell, expected) in [
            ("3", 3),
            ("3.0", 3),
            ("3067.0", 3067),
            ("1,250", 1250),
            ("1.2e1", 12),
            ("-2", -2),
            ("７", 7),
        ] {
            assert_eq!(integer(cell), Ok(expected), "{cell:?}");
        }
        assert_eq!(integer("3.5"), Err(NumberError::NotANumber));
    }

    #[test]
    fn reads_small_chinese_numbers() {
        for (text, expected) in [
            ("十一户", 11),
            ("二十三", 23),
            ("两梯", 2),
            ("十", 10),
            ("12室", 12),
            ("三十", 30),
        ] {
            assert_eq!(
                leading_small(text).map(|(n, _)| n),
                Some(expected),
                "{text}"
            );
        }
        for text in ["三四", "十十", "百", ""] {
            assert_eq!(leading_small(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,40}|[-+0-9,.eE]{0,40}") {
            let _ = decimal(&text);
            let _ = integer(&text);
            let _ = leading_small(&text);
        }

        #[test]
        fn reads_back_what_is_written(n in any::<i64>(), scale in 0u32..6) {
            let value = Decimal::new(n / 1000, scale);
            prop_assert_eq!(decimal(&value.to_string()), Ok(value));
            if n != i64::MIN {
                prop_assert_eq!(integer(&n.to_string()), Ok(n));
            }
        }

        #[test]
        fn grouped_equals_plain(n in 0i64..10_000_000_000) {
            let plain = n.to_string();
            let mut grouped = String::new();
            for (i, c) in plain.chars().enumerate() {
                if i > 0 && (plain.len() - i) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(c);
            }
            prop_assert_eq!(integer(&grouped), Ok(n));
        }
    }
}
