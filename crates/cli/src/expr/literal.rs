//! The values of an expression, read as what the field beside them is.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use model::Decimal;
use model::field::Kind;

/// A value in an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    /// Absent.
    Null,
    /// Text, with its folded form beside it.
    Text { written: String, folded: String },
    /// A number; money and areas in whole units.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// An instant.
    Instant(Timestamp),
    /// Yes or no.
    Flag(bool),
}

impl Operand {
    /// Reads a value for a field of this kind; the error says what is expected.
    pub(super) fn read(
        text: &str,
        quoted: bool,
        kind: Kind,
        tz: &TimeZone,
    ) -> Result<Self, &'static str> {
        if !quoted && text.eq_ignore_ascii_case("null") {
            return Ok(Operand::Null);
        }
        match kind {
            Kind::Text | Kind::Code | Kind::List => Ok(Operand::Text {
                written: text.to_owned(),
                folded: folded(text),
            }),
            Kind::Integer | Kind::Decimal | Kind::Money | Kind::Area => number(text)
                .map(Operand::Number)
                .ok_or("a number like 3, 89.5 or 500万"),
            Kind::Date => day(text).map(Operand::Date).ok_or("a date like 2026-03-01"),
            Kind::Instant => day(text)
                .map(Operand::Date)
                .or_else(|| instant(text, tz).map(Operand::Instant))
                .ok_or("a date or a time like 2026-03-01 or 2026-03-01T09:00:00+08:00"),
            Kind::Flag => flag(text).map(Operand::Flag).ok_or("true or false"),
        }
    }
}

/// Case does not matter in comparisons of text.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// A number, with 万 or 亿 after it where people write prices so.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let (digits, factor) = if let Some(rest) = text.strip_suffix('万') {
        (rest, 10_000)
    } else if let Some(rest) = text.strip_suffix('亿') {
        (rest, 100_000_000)
    } else {
        (text, 1)
    };
    let number: Decimal = digits.parse().ok()?;
    number.checked_mul(Decimal::from(factor))
}

fn day(text: &str) -> Option<Date> {
    // jiff reads the date at the start of a longer text too
    Some(text).filter(|text| text.len() == 10)?.parse().ok()
}

fn instant(text: &str, tz: &TimeZone) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        tz.to_zoned(local).ok().map(|at| at.timestamp())
    })
}

pub(super) fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" | "有" => Some(true),
        "false" | "no" | "n" | "0" | "否" | "无" => Some(false),
        _ => None,
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Null => f.write_str("null"),
            Operand::Text { written, .. } => {
                write!(
                    f,
                    "\"{}\"",
                    written.replace('\\', "\\\\").replace('"', "\\\"")
                )
            }
            Operand::Number(number) => number.fmt(f),
            Operand::Date(date) => date.fmt(f),
            Operand::Instant(at) => at.fmt(f),
            Operand::Flag(flag) => flag.fmt(f),
        }
    }
}
