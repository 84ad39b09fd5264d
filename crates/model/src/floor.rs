//! Floors: where in its building a home lies and how high the building is.

use crate::codes::FloorBand;
use crate::number::leading_small;
use crate::text::{narrow, skip_blanks, strip_any, strip_word, trim};

/// What a cell says of a home's floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Floor {
    /// Low, middle, high and so on.
    pub band: Option<FloorBand>,
    /// The floor itself; basements are negative, the ground floor is 1.
    pub level: Option<i64>,
    /// Floors of the building above ground.
    pub total: Option<i64>,
}

/// Longer words stand before their beginnings.
const BANDS: &[(&str, FloorBand)] = &[
    ("地下室", FloorBand::Basement),
    ("半地下室", FloorBand::Basement),
    ("半地下", FloorBand::Basement),
    ("地下", FloorBand::Basement),
    ("底", FloorBand::Bottom),
    ("低", FloorBand::Low),
    ("中", FloorBand::Mid),
    ("高", FloorBand::High),
    ("顶", FloorBand::Top),
    ("basement", FloorBand::Basement),
    ("ground", FloorBand::Bottom),
    ("bottom", FloorBand::Bottom),
    ("low", FloorBand::Low),
    ("middle", FloorBand::Mid),
    ("mid", FloorBand::Mid),
    ("high", FloorBand::High),
    ("top", FloorBand::Top),
];

/// What may follow a band.
const BAND_TAILS: &[&str] = &["楼层", "层", "区", "楼", "floors", "floor", "rise", "level"];

/// No building is higher, none deeper.
const LEVELS: std::ops::RangeInclusive<i64> = -10..=200;

/// Reads a floor: `中楼层(共18层)`, `低区/6层`, `6/18`, `第6层`, `B1`. `14层` alone names the building's
/// height, as the portals write it. A bare number is given as the level; a column that holds heights
/// must say so itself.
pub fn floor(cell: &str) -> Option<Floor> {
    let text = trim(cell);
    if let Some(level) = plain_number(text) {
        return LEVELS.contains(&level).then_some(Floor {
            level: Some(level),
            band: (level < 0).then_some(FloorBand::Basement),
            total: None,
        });
    }
    let text = narrow(text);
    let text = text.as_ref();
    let mut floor = Floor::default();
    let mut rest = skip_separators(text);
    while !rest.is_empty() {
        rest = skip_separators(part(rest, &mut floor)?);
    }
    let known = floor.level.is_none_or(|n| LEVELS.contains(&n))
        && floor.total.is_none_or(|n| (1..=200).contains(&n));
    (known && floor != Floor::default()).then_some(floor)
}

fn skip_separators(text: &str) -> &str {
    text.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '/' | '(' | ')' | '|' | ',' | '，')
    })
}

fn plain_number(text: &str) -> Option<i64> {
    let negative = text.starts_with('-');
    let digits = if negative { &text[1..] } else { text };
    let plain =
        !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    let value: i64 = digits.parse().ok().filter(|_| plain)?;
    Some(if negative { -value } else { value })
}

/// Reads one part of the text into `floor`: a band, a level, a total.
fn part<'a>(text: &'a str, floor: &mut Floor) -> Option<&'a str> {
    if let Some(rest) = text
        .strip_prefix("未知")
        .or_else(|| text.strip_prefix("暂无数据"))
    {
        return Some(rest);
    }
    // the total, said so: 共18层, of 18
    if let Some(((), rest)) = strip_any(
        text,
        &[
            ("总共", ()),
            ("总楼层", ()),
            ("总高", ()),
            ("共", ()),
            ("总", ()),
            ("of", ()),
            ("地上", ()),
        ],
    ) {
        let (n, rest) = counted(skip_blanks(rest))?;
        return set(&mut floor.total, n, rest);
    }
    if let Some((n, rest)) = text.strip_prefix("地下").and_then(counted) {
        // 地上2层 地下1层 describes a building, not a home's place in it
        if floor.total.is_some() {
            return Some(rest);
        }
        floor.band = Some(FloorBand::Basement);
        return set(&mut floor.level, -n, rest);
    }
    if let Some((n, rest)) = below_ground(text) {
        floor.band = Some(FloorBand::Basement);
        return set(&mut floor.level, -n, rest);
    }
    if let Some((band, rest)) = strip_any(text, BANDS) {
        let rest = skip_blanks(rest);
        let rest = BAND_TAILS
            .iter()
            .find_map(|tail| strip_word(rest, tail))
            .unwrap_or(rest);
        if floor.band.is_some() {
            return None;
        }
        if band == FloorBand::Bottom && text.as_bytes()[0].eq_ignore_ascii_case(&b'g') {
            floor.level = Some(1);
        }
        floor.band = Some(band);
        return Some(rest);
    }
    for word in ["G/F", "GF", "G"] {
        if let Some(rest) =
            strip_word(text, word).filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        {
            floor.band = Some(FloorBand::Bottom);
            return set(&mut floor.level, 1, rest);
        }
    }
    level(text, floor)
}

/// Reads a level that may turn out to be the building's height.
fn level<'a>(text: &'a str, floor: &mut Floor) -> Option<&'a str> {
    let named = strip_any(
        text,
        &[("第", ()), ("level", ()), ("lvl", ()), ("floor", ())],
    )
    .map(|((), rest)| skip_blanks(rest));
    if let Some(rest) = named {
        let (n, rest) = counted(rest)?;
        return set(&mut floor.level, n, rest);
    }
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let (n, after) = leading_small(digits)?;
    if negative {
        floor.band = Some(FloorBand::Basement);
        return set(&mut floor.level, -n, floor_word(after));
    }
    let ordinal = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|tail| strip_word(after, tail));
    let storey = after.starts_with("层") || after.starts_with('層');
    let rest = floor_word(ordinal.unwrap_or(after));
    let place_known = floor.band.is_some() || floor.level.is_some();
    // after a place comes the height; before any, N层 is the height unless a height follows
    let height_follows = rest.contains(|c: char| c.is_ascii_digit());
    if place_known || (storey && !height_follows) {
        set(&mut floor.total, n, rest)
    } else {
        set(&mut floor.level, n, rest)
    }
}

/// A number and the word for storey after it.
fn counted(text: &str) -> Option<(i64, &str)> {
    let (n, rest) = leading_small(text)?;
    Some((n, floor_word(rest)))
}

/// Removes a word for storey.
fn floor_word(text: &str) -> &str {
    let text = skip_blanks(text);
    let words = &[
        ("楼层", ()),
        ("层", ()),
        ("層", ()),
        ("楼", ()),
        ("floors", ()),
        ("floor", ()),
        ("storeys", ()),
        ("stories", ()),
        ("/F", ()),
        ("F", ()),
    ];
    strip_any(text, words).map_or(text, |((), rest)| rest)
}

/// `B1`, `B2层`.
fn below_ground(text: &str) -> Option<(i64, &str)> {
    let rest = strip_word(text, "B")?;
    counted(rest)
}

fn set<'a>(slot: &mut Option<i64>, value: i64, rest: &'a str) -> Option<&'a str> {
    if slot.is_some() {
        return None;
    }
    *slot = Some(value);
    Some(rest)
}

impl std::fmt::Display for Floor {
    /// Writes the floor as [`floor`] reads it: `中楼层(共18层)`, `第6层(共18层)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let below = self.level.is_some_and(|level| level < 0);
        match self.band {
            Some(FloorBand::Basement) if below => {}
            Some(FloorBand::Basement) => f.write_str("地下室")?,
            Some(FloorBand::Bottom) => f.write_str("底层")?,
            Some(FloorBand::Low) => f.write_str("低楼层")?,
            Some(FloorBand::Mid) => f.write_str("中楼层")?,
            Some(FloorBand::High) => f.write_str("高楼层")?,
            Some(FloorBand::Top) => f.write_str("顶层")?,
            None => {}
        }
        match self.level {
            Some(level) if below => write!(f, "地下{}层", -level)?,
            Some(level) => write!(f, "第{level}层")?,
            None => {}
        }
        match self.total {
            Some(total) => write!(f, "(共{total}层)"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FloorBand::*;
    use proptest::prelude::*;

    #[test]
    fn reads_floors() {
        let cases = [
            ("中楼层(共18层)", (Some(Mid), None, Some(18))),
            (" 中楼层(共20层)  ", (Some(Mid), None, Some(20))),
            ("高楼层 (共31层)", (Some(High), None, Some(31))),
            ("高楼层（31层）", (Some(High), None, Some(31))),
            ("低区/6层", (Some(Low), None, Some(6))),
            ("中楼层/30层", (Some(Mid), None, Some(30))),
            ("底层(共9层)", (Some(Bottom), None, Some(9))),
            ("顶层", (Some(Top), None, None)),
            ("地下室(共6层)", (Some(Basement), None, Some(6))),
            ("地下室（6层）", (Some(Basement), None, Some(6))),
            ("地下室", (Some(Basement), None, None)),
            ("未知(共6层)", (None, None, Some(6))),
            ("6/18", (None, Some(6), Some(18))),
            ("6 / 18", (None, Some(6), Some(18))),
            ("6层/18层", (None, Some(6), Some(18))),
            ("6楼/18楼", (None, Some(6), Some(18))),
            ("第6层(共18层)", (None, Some(6), Some(18))),
            ("第六层", (None, Some(6), None)),
            ("6层(共18层)", (None, Some(6), Some(18))),
            ("14层", (None, None, Some(14))),
            ("27层  ", (None, None, Some(27))),
            ("共7层", (None, None, Some(7))),
            ("6", (None, Some(6), None)),
            ("-1", (Some(Basement), Some(-1), None)),
            ("-1/6", (Some(Basement), Some(-1), Some(6))),
            ("B1", (Some(Basement), Some(-1), None)),
            ("地下1层", (Some(Basement), Some(-1), None)),
            ("地下2层(共18层)", (Some(Basement), Some(-2), Some(18))),
            ("地上5层", (None, None, Some(5))),
            ("地上2层 地下1层", (None, None, Some(2))),
            ("G", (Some(Bottom), Some(1), None)),
            ("Ground floor", (Some(Bottom), Some(1), None)),
            ("6F", (None, Some(6), None)),
            ("6楼", (None, Some(6), None)),
            ("3rd floor", (None, Some(3), None)),
            ("Level 3 of 10", (None, Some(3), Some(10))),
            ("Floor 3 of 10", (None, Some(3), Some(10))),
            ("12/F", (None, Some(12), None)),
            ("High floor", (Some(High), None, None)),
            ("高层", (Some(High), None, None)),
        ];
        for (cell, (band, level, total)) in cases {
            assert_eq!(floor(cell), Some(Floor { band, level, total }), "{cell:?}");
        }
    }

    #[test]
    fn refuses_what_is_no_floor() {
        for cell in [
            "",
            "车位",
            "未知",
            "暂无数据",
            "南北",
            "精装",
            "9999",
            "共999层",
            "2002年建",
            "6/18/3",
            "中楼层高",
            "()",
            "1.5",
            "板楼",
        ] {
            assert_eq!(floor(cell), None, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,20}|[0-9层楼/共()低高地下上BGF-]{0,10}") {
            let _ = floor(&text);
        }

        #[test]
        fn reads_back_what_is_written(
            band in proptest::option::of(proptest::sample::select(FloorBand::ALL)),
            level in proptest::option::of(-9i64..200), total in proptest::option::of(1i64..200),
        ) {
            let band = match level {
                Some(n) if n < 0 => Some(Basement),
                _ => band,
            };
            let written = Floor { band, level, total };
            let expected = (written != Floor::default()).then_some(written);
            prop_assert_eq!(floor(&written.to_string()), expected, "{}", written);
        }
    }
}
