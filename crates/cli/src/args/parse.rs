//! Readers of argument values that clap does not know.

use std::path::Path;
use std::time::Duration;

use crate::failure::Failure;

/// Reads `NAME=VALUE`; the last `=` divides, as headers may hold one themselves.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

/// Reads a length of time: `60s`, `2m`, `500ms`, `1h`, `7d`; a bare number is seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let unit_at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        _ => {
            return Err(format!(
                "unknown unit of time `{unit}`; use ms, s, m, h, d or w"
            ));
        }
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "expected a length of time like 60s or 2m".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| "too long".to_owned())
}

/// How many may be refused: a number, or a share of what was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Allowance {
    /// At most so many.
    Count(u64),
    /// At most this share, 0 to 1.
    Share(f64),
}

impl Allowance {
    /// Reads `12` or `1.5%`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "expected a number or a percentage like 1%".to_owned();
        let Some(percent) = text.trim().strip_suffix(['%', '％']) else {
            return text
                .trim()
                .parse()
                .map(Allowance::Count)
                .map_err(|_| wrong());
        };
        let percent: f64 = percent.trim().parse().map_err(|_| wrong())?;
        if (0.0..=100.0).contains(&percent) {
            Ok(Allowance::Share(percent / 100.0))
        } else {
            Err("a percentage lies between 0% and 100%".to_owned())
        }
    }

    /// Whether `some` out of `all` is more than is allowed.
    pub fn is_exceeded(self, some: u64, all: u64) -> bool {
        match self {
            Allowance::Count(most) => some > most,
            Allowance::Share(share) => some as f64 > share * all as f64,
        }
    }
}

impl std::fmt::Display for Allowance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Allowance::Count(most) => write!(f, "{most}"),
            // a tenth of a thousandth is enough to hide the error of the division
            Allowance::Share(share) => write!(f, "{}%", (share * 1e6).round() / 1e4),
        }
    }
}

/// Reads a mapping file: one `HEADER = field` a line; `#` opens a comment, quotes are optional.
pub fn map_file(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::failed(format!("cannot read mapping file `{shown}`")).because(error)
    })?;
    let mut pairs = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (header, field) = pair(line).map_err(|_| {
            Failure::usage(format!(
                "mapping file `{shown}`, line {}: expected HEADER = field",
                at + 1
            ))
        })?;
        let bare = |text: String| match text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            Some(inner) => inner.to_owned(),
            None => text,
        };
        pairs.push((bare(header), bare(field)));
    }
    Ok(pairs)
}

/// Reads one byte that stands between cells; `tab`, `comma`, … may be spelled out.
pub fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" | "\t" => Ok(b'\t'),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "pipe" => Ok(b'|'),
        "space" => Ok(b' '),
        _ => match text.as_bytes() {
            [byte]
                if byte.is_ascii()
                    && !byte.is_ascii_alphanumeric()
                    && !matches!(byte, b'"' | b'\n' | b'\r') =>
            {
                Ok(*byte)
            }
            _ => Err("expected one ASCII sign, or tab, comma, semicolon, pipe, space".to_owned()),
        },
    }
}

/// Reads an ISO 4217 code in either case.
pub(crate) fn currency(text: &str) -> Result<String, String> {
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err("expected an ISO 4217 code like CNY".to_owned())
    }
}

/// Reads an IANA time zone by its name.
pub(crate) fn zone(text: &str) -> Result<String, String> {
    jiff::tz::TimeZone::get(text)
        .map(|_| text.to_owned())
        .map_err(|_| "not an IANA time zone; try Asia/Shanghai or UTC".to_owned())
}

/// Reads an instant with its offset.
pub(crate) fn instant(text: &str) -> Result<jiff::Timestamp, String> {
    text.parse()
        .map_err(|_| "expected an instant like 2026-03-01T09:00:00+08:00".to_owned())
}

/// Joins words as they are listed in messages.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words
        .into_iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(duration("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("0"), Ok(Duration::ZERO));
        for wrong in ["", "s", "-1s", "5 years", "1e9w", "..s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn allowances() {
        assert_eq!(Allowance::parse("12"), Ok(Allowance::Count(12)));
        assert!(!Allowance::parse("1%").unwrap().is_exceeded(10, 1000));
        assert!(Allowance::parse("1%").unwrap().is_exceeded(11, 1000));
        assert!(Allowance::parse("0").unwrap().is_exceeded(1, 1));
        assert_eq!(Allowance::parse("0.7%").unwrap().to_string(), "0.7%");
        for wrong in ["", "%", "-1", "101%", "x", "NaN%"] {
            assert!(Allowance::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pairs_divide_at_the_last_sign() {
        assert_eq!(pair("a=b=c"), Ok(("a=b".into(), "c".into())));
        assert!(pair("=x").is_err() && pair("x=").is_err() && pair("x").is_err());
    }

    #[test]
    fn mapping_files_name_their_bad_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("m.map");
        std::fs::write(
            &path,
            "# ours\n\"总 价\" = list_price\n面积=building_area_total\n",
        )
        .unwrap();
        let pairs = map_file(&path).unwrap();
        assert_eq!(pairs[0], ("总 价".into(), "list_price".into()));
        assert_eq!(pairs.len(), 2);
        std::fs::write(&path, "\nnothing here\n").unwrap();
        assert!(map_file(&path).unwrap_err().to_string().contains("line 2"));
    }
}
