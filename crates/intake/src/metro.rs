//! Metro stations told in words.

use model::text;

/// A metro station told in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Metro<'a> {
    /// `13号线`
    pub line: Option<&'a str>,
    /// `西二旗`
    pub station: Option<&'a str>,
    /// Metres.
    pub distance: Option<i64>,
}

/// Reads a metro station out of words: `距3号线柳洲东路1082米`, `近地铁13号线西二旗站`.
pub fn metro(cell: &str) -> Option<Metro<'_>> {
    let cell = text::trim(cell);
    let rest = [
        "距离地铁",
        "距地铁",
        "近地铁",
        "离地铁",
        "地铁",
        "距离",
        "距",
        "近",
    ]
    .iter()
    .find_map(|word| cell.strip_prefix(word))
    .unwrap_or(cell);
    let (line, rest) = match rest.find("号线").map(|at| at + "号线".len()).or_else(|| {
        let at = rest.find('线')? + '线'.len_utf8();
        (at <= 24).then_some(at)
    }) {
        Some(at) => (Some(text::trim(&rest[..at])), text::trim(&rest[at..])),
        None => (None, text::trim(rest)),
    };
    line?;
    let rest = rest.trim_start_matches(['(', '（']);
    let (rest, distance) = match rest.strip_suffix('米').or_else(|| rest.strip_suffix('m')) {
        Some(head) => {
            let digits = head.len() - head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            let (name, metres) = head.split_at(head.len() - digits);
            (name, metres.parse().ok())
        }
        None => (rest, None),
    };
    let station = text::trim(rest)
        .trim_end_matches("约")
        .trim_end_matches("距离");
    let station = station.strip_suffix('站').unwrap_or(station);
    Some(Metro {
        line,
        station: (!station.is_empty()).then_some(station),
        distance,
    })
}
