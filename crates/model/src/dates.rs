//! Dates and times as cells write them. Which time zone a local time is in is the caller's to say.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::number;
use crate::text::{narrow, skip_blanks, strip_any, strip_word, trim};

/// In what order day and month stand before a year. Dates that begin with the year need none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateOrder {
    /// Year first; where the year comes last, nothing is known of day and month.
    #[default]
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

/// Why a cell holds no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateError {
    /// No form of a date.
    Unreadable,
    /// A day or a time of day that does not exist.
    Impossible,
    /// Day and month could be either way round.
    Ambiguous,
}

impl std::fmt::Display for DateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            DateError::Unreadable => "not a date",
            DateError::Impossible => "no such date or time",
            DateError::Ambiguous => "day and month could be either way round",
        })
    }
}

impl std::error::Error for DateError {}

/// What a cell tells of a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// A day.
    Date(Date),
    /// A local time without zone.
    Civil(DateTime),
    /// An instant: the cell names its offset.
    Instant(Timestamp),
}

/// Reads a date, a local time or an instant.
pub fn when(cell: &str, order: DateOrder) -> Result<When, DateError> {
    let text = trim(cell);
    if let Some(result) = iso(text.as_bytes()) {
        return result;
    }
    let text = narrow(text);
    let (date, rest) = day(&text, order)?;
    let rest = weekday(skip_blanks(rest));
    if rest.is_empty() {
        return date.map(When::Date);
    }
    let rest = rest
        .strip_prefix(['T', 't'])
        .unwrap_or_else(|| skip_blanks(rest.strip_prefix(',').unwrap_or(rest)));
    let (time, rest) = time(rest).ok_or(DateError::Unreadable)?;
    let offset = offset(skip_blanks(rest)).ok_or(DateError::Unreadable)?;
    let moment = date?.to_datetime(time?);
    match offset {
        None => Ok(When::Civil(moment)),
        Some(offset) => instant(moment, offset),
    }
}

fn instant(moment: DateTime, offset: Result<Offset, DateError>) -> Result<When, DateError> {
    offset?
        .to_timestamp(moment)
        .map(When::Instant)
        .map_err(|_| DateError::Impossible)
}

/// `2025-01-02` and `2025-01-02 03:04:05`, with `T` too: what programs write. `None` where the text
/// has another form.
fn iso(bytes: &[u8]) -> Option<Result<When, DateError>> {
    let (day, clock) = match bytes.len() {
        10 => (bytes, None),
        19 if matches!(bytes[10], b' ' | b'T') => (&bytes[..10], Some(&bytes[11..])),
        _ => return None,
    };
    let separated = day[4] == b'-' && day[7] == b'-';
    let (year, month, day) = (fixed(&day[..4])?, fixed(&day[5..7])?, fixed(&day[8..])?);
    if !separated {
        return None;
    }
    let date = make_date(year, month, day);
    let Some(clock) = clock else {
        return Some(date.map(When::Date));
    };
    if clock[2] != b':' || clock[5] != b':' {
        return None;
    }
    let (hour, minute, second) = (
        fixed(&clock[..2])?,
        fixed(&clock[3..5])?,
        fixed(&clock[6..])?,
    );
    Some(date.and_then(|date| {
        Ok(When::Civil(
            date.to_datetime(make_time(hour, minute, second, 0)?),
        ))
    }))
}

/// A number of digits only.
fn fixed(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0_i64, |value, b| {
        b.is_ascii_digit().then(|| value * 10 + i64::from(b - b'0'))
    })
}

fn make_date(year: i64, month: i64, day: i64) -> Result<Date, DateError> {
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    let (Ok(year @ 1000..), Ok(month), Ok(day)) = parts else {
        return Err(DateError::Impossible);
    };
    Date::new(year, month, day).map_err(|_| DateError::Impossible)
}

fn make_time(hour: i64, minute: i64, second: i64, nanosecond: i32) -> Result<Time, DateError> {
    let parts = (
        i8::try_from(hour),
        i8::try_from(minute),
        i8::try_from(second),
    );
    let (Ok(hour), Ok(minute), Ok(second)) = parts else {
        return Err(DateError::Impossible);
    };
    Time::new(hour, minute, second, nanosecond).map_err(|_| DateError::Impossible)
}

/// Reads up to `most` digits; gives their number too.
fn digits(text: &str, most: usize) -> Option<(i64, usize, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if count == 0 || count > most {
        return None;
    }
    Some((fixed(&text.as_bytes()[..count])?, count, &text[count..]))
}

type Day<'a> = (Result<Date, DateError>, &'a str);

/// Reads the day a text starts with. The date may be impossible, which is told only when the whole
/// text has a form that is known.
fn day(text: &str, order: DateOrder) -> Result<Day<'_>, DateError> {
    let unreadable = DateError::Unreadable;
    let text = skip_blanks(strip_weekday(text));
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return month_first(text).ok_or(unreadable);
    }
    let (first, count, rest) = digits(text, 14).ok_or(unreadable)?;
    match count {
        4 => year_first(first, rest).ok_or(unreadable),
        8 if !rest.starts_with('.') => Ok((
            make_date(first / 10_000, first / 100 % 100, first % 100),
            rest,
        )),
        14 if rest.is_empty() => {
            // 20141013120000: the clock stays for the caller to read
            let date = first / 1_000_000;
            Ok((
                make_date(date / 10_000, date / 100 % 100, date % 100),
                &text[8..],
            ))
        }
        1 | 2 => year_last(first, rest, order),
        _ => Err(unreadable),
    }
}

fn year_first(year: i64, rest: &str) -> Option<Day<'_>> {
    let rest = skip_blanks(rest);
    if let Some(rest) = rest.strip_prefix('年') {
        let (month, _, rest) = digits(skip_blanks(rest), 2)?;
        let rest = skip_blanks(rest).strip_prefix('月')?;
        let (day, _, rest) = digits(skip_blanks(rest), 2)?;
        let rest = skip_blanks(rest);
        let rest = rest.strip_prefix(['日', '号']).unwrap_or(rest);
        return Some((make_date(year, month, day), rest));
    }
    let separator = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '.' | '/'))?;
    let (month, _, rest) = digits(skip_blanks(&rest[1..]), 2)?;
    let rest = skip_blanks(rest).strip_prefix(separator)?;
    let (day, _, rest) = digits(skip_blanks(rest), 2)?;
    Some((make_date(year, month, day), rest))
}

/// `3/12/2016`, `15 Apr, 2021`, `15-Apr-2021`.
fn year_last(first: i64, rest: &str, order: DateOrder) -> Result<Day<'_>, DateError> {
    let unreadable = DateError::Unreadable;
    let named = ordinal(rest)
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.'));
    let named = strip_word(named, "of ").unwrap_or(named);
    if let Some((month, rest)) = month_name(named) {
        let rest = rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.' | ','));
        let (year, 4, rest) = digits(rest, 4).ok_or(unreadable)? else {
            return Err(unreadable);
        };
        return Ok((make_date(year, month, first), rest));
    }
    let separator = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '.' | '/'))
        .ok_or(unreadable)?;
    let (second, _, rest) = digits(&rest[1..], 2).ok_or(unreadable)?;
    let rest = rest.strip_prefix(separator).ok_or(unreadable)?;
    let (year, 4, rest) = digits(rest, 4).ok_or(unreadable)? else {
        return Err(unreadable);
    };
    let (day, month) = match order {
        DateOrder::Dmy => (first, second),
        DateOrder::Mdy => (second, first),
        DateOrder::Ymd if second > 12 || first == second => (second, first),
        DateOrder::Ymd if first > 12 => (first, second),
        DateOrder::Ymd => return Err(DateError::Ambiguous),
    };
    Ok((make_date(year, month, day), rest))
}

/// Removes the ending of `15th`.
fn ordinal(text: &str) -> &str {
    ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|tail| strip_word(text, tail))
        .unwrap_or(text)
}

/// `Apr 15, 2021`.
fn month_first(text: &str) -> Option<Day<'_>> {
    let (month, rest) = month_name(text)?;
    let (day, _, rest) = digits(skip_blanks(rest.strip_prefix('.').unwrap_or(rest)), 2)?;
    let rest = ordinal(rest);
    let (year, 4, rest) = digits(skip_blanks(rest.strip_prefix(',').unwrap_or(rest)), 4)? else {
        return None;
    };
    Some((make_date(year, month, day), rest))
}

const MONTHS: &[(&str, i64)] = &[
    ("january", 1),
    ("jan", 1),
    ("february", 2),
    ("feb", 2),
    ("march", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dec", 12),
];

fn month_name(text: &str) -> Option<(i64, &str)> {
    strip_any(text, MONTHS)
}

const WEEKDAYS: &[(&str, ())] = &[
    ("monday", ()),
    ("tuesday", ()),
    ("wednesday", ()),
    ("thursday", ()),
    ("friday", ()),
    ("saturday", ()),
    ("sunday", ()),
    ("mon", ()),
    ("tue", ()),
    ("wed", ()),
    ("thu", ()),
    ("fri", ()),
    ("sat", ()),
    ("sun", ()),
];

/// Removes `Mon, ` at the start.
fn strip_weekday(text: &str) -> &str {
    strip_any(text, WEEKDAYS).map_or(text, |((), rest)| rest.strip_prefix(',').unwrap_or(rest))
}

/// Removes `星期五`, `(周五)` after a day.
fn weekday(text: &str) -> &str {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let Some(rest) = ["星期", "周", "礼拜"]
        .iter()
        .find_map(|word| inner.strip_prefix(word))
    else {
        return text;
    };
    let rest = rest
        .strip_prefix(['一', '二', '三', '四', '五', '六', '日', '天'])
        .unwrap_or(rest);
    skip_blanks(rest.strip_prefix(')').unwrap_or(rest))
}

type Clock<'a> = (Result<Time, DateError>, &'a str);

/// Reads a time of day: `03:04`, `03:04:05.123`, `030405`, `3时4分`, `下午3:04`, `3:04 PM`.
fn time(text: &str) -> Option<Clock<'_>> {
    let halves = [
        ("上午", false),
        ("凌晨", false),
        ("早上", false),
        ("下午", true),
        ("晚上", true),
    ];
    let early = strip_any(text, &halves);
    let text = early.map_or(text, |(_, rest)| skip_blanks(rest));
    let (hour, minute, second, nanosecond, rest) = clock(text)?;
    let late = strip_any(
        skip_blanks(rest),
        &[("a.m.", false), ("am", false), ("p.m.", true), ("pm", true)],
    );
    let rest = late.map_or(rest, |(_, rest)| rest);
    let half = early.map(|(half, _)| half).or(late.map(|(half, _)| half));
    let hour = match half {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    Some((make_time(hour, minute, second, nanosecond), rest))
}

fn clock(text: &str) -> Option<(i64, i64, i64, i32, &str)> {
    let (first, count, rest) = digits(text, 6)?;
    match count {
        6 => return Some((first / 10_000, first / 100 % 100, first % 100, 0, rest)),
        4 => return Some((first / 100, first % 100, 0, 0, rest)),
        1 | 2 => {}
        _ => return None,
    }
    let hour = first;
    if let Some(rest) = rest.strip_prefix(['时', '点']) {
        let Some((minute, _, rest)) = digits(rest, 2) else {
            return Some((hour, 0, 0, 0, rest));
        };
        let rest = rest.strip_prefix('分').unwrap_or(rest);
        let Some((second, _, rest)) = digits(rest, 2) else {
            return Some((hour, minute, 0, 0, rest));
        };
        return Some((
            hour,
            minute,
            second,
            0,
            rest.strip_prefix('秒').unwrap_or(rest),
        ));
    }
    let Some(after) = rest.strip_prefix(':') else {
        // 3 PM
        let spoken = skip_blanks(rest).as_bytes().get(..2);
        let half =
            spoken.is_some_and(|w| w.eq_ignore_ascii_case(b"am") || w.eq_ignore_ascii_case(b"pm"));
        return half.then_some((hour, 0, 0, 0, rest));
    };
    let (minute, _, rest) = digits(after, 2)?;
    let Some(after) = rest.strip_prefix(':') else {
        return Some((hour, minute, 0, 0, rest));
    };
    let (second, _, rest) = digits(after, 2)?;
    let Some(after) = rest.strip_prefix(['.', ',']) else {
        return Some((hour, minute, second, 0, rest));
    };
    let (_, count, rest) = digits(after, 18)?;
    let nanosecond = after.as_bytes()[..count]
        .iter()
        .chain(b"000000000")
        .take(9)
        .fold(0_i32, |n, b| n * 10 + i32::from(b - b'0'));
    Some((hour, minute, second, nanosecond, rest))
}

/// Reads an offset or nothing. The outer `None` means the text is neither.
fn offset(text: &str) -> Option<Option<Result<Offset, DateError>>> {
    if text.is_empty() {
        return Some(None);
    }
    if ["Z", "UTC", "GMT"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
    {
        return Some(Some(Ok(Offset::UTC)));
    }
    let text = ["UTC", "GMT"]
        .iter()
        .find_map(|word| strip_word(text, word))
        .unwrap_or(text);
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (first, count, rest) = digits(&text[1..], 4)?;
    let (hours, minutes) = match (count, rest) {
        (1 | 2, "") => (first, 0),
        (4, "") => (first / 100, first % 100),
        (1 | 2, rest) => match digits(rest.strip_prefix(':')?, 2)? {
            (minutes, 2, "") => (first, minutes),
            _ => return None,
        },
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return Some(Some(Err(DateError::Impossible)));
    }
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    Some(Some(
        Offset::from_seconds(sign * seconds).map_err(|_| DateError::Impossible),
    ))
}

/// Reads a spreadsheet's serial day (1900 epoch), 20000 (1954) to 80000 (2119); a fraction is a time.
pub fn serial(cell: &str) -> Option<When> {
    let value = number::decimal(cell).ok()?;
    if value < Decimal::from(20_000) || value > Decimal::from(80_000) {
        return None;
    }
    let days = value.trunc().to_i64()?;
    // Day 60 of the epoch is a 29 February 1900 that never was, so the count starts a day early.
    let date = Date::constant(1899, 12, 30)
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()?;
    if value.fract().is_zero() {
        return Some(When::Date(date));
    }
    let seconds = value
        .fract()
        .checked_mul(Decimal::from(86_400))?
        .round()
        .to_i64()?;
    let moment = date
        .to_datetime(Time::midnight())
        .checked_add(jiff::Span::new().try_seconds(seconds).ok()?)
        .ok()?;
    Some(When::Civil(moment))
}

/// Years a building can have been built in.
const YEARS: std::ops::RangeInclusive<i64> = 1000..=2200;

/// Reads the year a text starts with: `2008`, `2008.0`, `2008年建`, `2002年建板楼`, `2008-05-01`.
pub fn year(cell: &str) -> Option<i64> {
    let text = narrow(trim(cell));
    let text = text.as_ref();
    let text = ["建于", "约", "始建于"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let (year, 4, rest) = digits(text, 4)? else {
        return None;
    };
    if !YEARS.contains(&year) {
        return None;
    }
    let rest = skip_blanks(rest);
    let fraction = rest
        .strip_prefix('.')
        .is_some_and(|zeros| zeros.bytes().all(|b| b == b'0'));
    // 2008年代 is a decade
    let of_year = rest
        .strip_prefix('年')
        .is_some_and(|after| !after.starts_with('代'));
    let whole_date = || when(text, DateOrder::Ymd).is_ok();
    (rest.is_empty() || fraction || of_year || whole_date()).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::*;
    use proptest::prelude::*;

    fn shown(cell: &str, order: DateOrder) -> String {
        match when(cell, order) {
            Ok(When::Date(date)) => date.to_string(),
            Ok(When::Civil(moment)) => moment.to_string(),
            Ok(When::Instant(instant)) => instant.to_string(),
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn reads_dates_and_times() {
        let cases = [
            ("2021-03-05", "2021-03-05"),
            (" 2021-3-5 ", "2021-03-05"),
            ("2021.3.5", "2021-03-05"),
            ("2018.05.21", "2018-05-21"),
            ("2021/3/5", "2021-03-05"),
            ("2021年3月5日", "2021-03-05"),
            ("2021年03月05日 星期五", "2021-03-05"),
            ("2021-03-05（周五）", "2021-03-05"),
            ("２０２１－０３－０５", "2021-03-05"),
            ("20141013T000000", "2014-10-13T00:00:00"),
            ("20141013", "2014-10-13"),
            ("20141013120005", "2014-10-13T12:00:05"),
            ("15 Apr, 2021 00:03:00", "2021-04-15T00:03:00"),
            ("15-Apr-2021", "2021-04-15"),
            ("Apr 15, 2021", "2021-04-15"),
            ("April 15th, 2021", "2021-04-15"),
            ("Mon, 15 Apr 2021 10:00:00 GMT", "2021-04-15T10:00:00Z"),
            ("2025-01-02 03:04:05", "2025-01-02T03:04:05"),
            ("2025-01-02T03:04:05", "2025-01-02T03:04:05"),
            ("2025-01-02 03:04:05.123", "2025-01-02T03:04:05.123"),
            ("2025-01-02 03:04", "2025-01-02T03:04:00"),
            ("2025/1/2 3:04", "2025-01-02T03:04:00"),
            ("2025/1/2 下午3:04", "2025-01-02T15:04:00"),
            ("1/20/2025 3:04 PM", "2025-01-20T15:04:00"),
            ("2025年1月2日 3时4分5秒", "2025-01-02T03:04:05"),
            ("2025-01-02T03:04:05Z", "2025-01-02T03:04:05Z"),
            ("2025-01-02T03:04:05+08:00", "2025-01-01T19:04:05Z"),
            ("2025-01-02 03:04:05 +0800", "2025-01-01T19:04:05Z"),
            ("2025-01-02T03:04:05.5-05:30", "2025-01-02T08:34:05.5Z"),
            ("31/12/2016", "2016-12-31"),
            ("12/31/2016", "2016-12-31"),
            ("3/3/2016", "2016-03-03"),
            ("2024-02-29", "2024-02-29"),
        ];
        for (cell, expected) in cases {
            assert_eq!(shown(cell, Ymd), expected, "{cell:?}");
        }
        assert_eq!(shown("3/12/2016", Dmy), "2016-12-03");
        assert_eq!(shown("3/12/2016", Mdy), "2016-03-12");
        assert_eq!(shown("2016-03-12", Dmy), "2016-03-12");
    }

    #[test]
    fn refuses_what_is_no_date() {
        use DateError::*;
        let cases = [
            ("", Unreadable),
            ("2025-02-30", Impossible),
            ("2025-13-01 00:00:00", Impossible),
            ("2025/13/31", Impossible),
            ("tomorrow", Unreadable),
            ("0000-00-00", Impossible),
            ("2025-06-31 25:61:00", Impossible),
            ("2025-06-30 25:61:00", Impossible),
            ("2025-06-30 24:00:00", Impossible),
            ("45291.5", Unreadable),
            ("44260", Unreadable),
            ("昨天", Unreadable),
            ("2021-03", Unreadable),
            ("2021年3月", Unreadable),
            ("2021", Unreadable),
            ("2018.05", Unreadable),
            ("近30天内成交", Unreadable),
            ("0999-01-01", Impossible),
            ("20141313", Impossible),
            ("2023-02-29", Impossible),
            ("3/12/2016", Ambiguous),
            ("3/12/16", Unreadable),
            ("2025-01-02 03:04:05+99:00", Impossible),
            ("2025-01-02x", Unreadable),
            ("2.53元/m3", Unreadable),
            ("138.00.1380", Unreadable),
        ];
        for (cell, expected) in cases {
            assert_eq!(when(cell, Ymd), Err(expected), "{cell:?}");
        }
        assert_eq!(when("12/25/2016", Dmy), Err(Impossible));
    }

    #[test]
    fn reads_serial_days() {
        assert_eq!(
            serial("44260"),
            Some(When::Date(Date::constant(2021, 3, 5)))
        );
        assert_eq!(
            serial("45291.5"),
            Some(When::Civil(DateTime::constant(2023, 12, 31, 12, 0, 0, 0)))
        );
        for cell in ["", "19999", "80001", "2021-03-05", "-44260", "NaN"] {
            assert_eq!(serial(cell), None, "{cell:?}");
        }
    }

    #[test]
    fn reads_years() {
        let cases = [
            ("2008", 2008),
            ("2008.0", 2008),
            ("2008年建", 2008),
            (" 1991年建 ", 1991),
            ("2002年建板楼", 2002),
            ("1993年建暂无数据", 1993),
            ("2009年建成", 2009),
            ("2008-05-01", 2008),
            ("２００８年", 2008),
            ("约1990年", 1990),
        ];
        for (cell, expected) in cases {
            assert_eq!(year(cell), Some(expected), "{cell:?}");
        }
        for cell in [
            "",
            "0",
            "0000",
            "9999",
            "90年代",
            "1990年代",
            "1990-2000年",
            "板楼",
            "暂无数据",
            "20081",
            "2008平米",
            "2008.5",
        ] {
            assert_eq!(year(cell), None, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,30}|[0-9年月日T:+Z ./-]{0,25}") {
            for order in [Ymd, Dmy, Mdy] {
                let _ = when(&text, order);
            }
            let _ = (serial(&text), year(&text));
        }

        #[test]
        fn reads_back_what_is_written(y in 1000i16..10_000, m in 1i8..13, d in 1i8..29, s in 0i32..86_400, nano in 0i32..1_000_000_000) {
            let date = Date::new(y, m, d).unwrap();
            let time = Time::midnight().saturating_add(jiff::Span::new().seconds(s)).with().subsec_nanosecond(nano).build().unwrap();
            let moment = date.to_datetime(time);
            prop_assert_eq!(when(&date.to_string(), Ymd), Ok(When::Date(date)));
            prop_assert_eq!(when(&format!("{y}年{m}月{d}日"), Ymd), Ok(When::Date(date)));
            prop_assert_eq!(when(&format!("{y}{m:02}{d:02}"), Ymd), Ok(When::Date(date)));
            prop_assert_eq!(when(&format!("{d}/{m}/{y}"), Dmy), Ok(When::Date(date)));
            prop_assert_eq!(when(&format!("{m}/{d}/{y}"), Mdy), Ok(When::Date(date)));
            prop_assert_eq!(when(&moment.to_string(), Ymd), Ok(When::Civil(moment)));
            if y < 9999 {
                let instant = Offset::constant(8).to_timestamp(moment).unwrap();
                prop_assert_eq!(when(&instant.to_string(), Ymd), Ok(When::Instant(instant)));
            }
        }

        #[test]
        fn serials_count_days(n in 20_000i64..80_000) {
            let Some(When::Date(date)) = serial(&n.to_string()) else { panic!("{n}") };
            let epoch = Date::constant(1899, 12, 30);
            prop_assert_eq!(i64::from((date - epoch).get_days()), n);
        }
    }
}
