//! Layouts: how many rooms of each kind a home has.

use rust_decimal::Decimal;

use crate::number::{self, leading_small};
use crate::text::{narrow, skip_blanks, strip_any, strip_word, trim};

/// Rooms of a home by kind; what the text does not say is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// 室.
    pub bedrooms: Option<u8>,
    /// 厅.
    pub living_rooms: Option<u8>,
    /// 厨.
    pub kitchens: Option<u8>,
    /// 卫; half baths count as one.
    pub bathrooms: Option<u8>,
    /// 阳台.
    pub balconies: Option<u8>,
    /// One room for all; it has no bedroom.
    pub studio: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Bed,
    Living,
    Kitchen,
    Bath,
    Balcony,
    /// `b`: a bedroom at first, then a bathroom.
    BedThenBath,
}

/// Longer words stand before their beginnings.
const ROOMS: &[(&str, Room)] = &[
    ("居室", Room::Bed),
    ("房间", Room::Bed),
    ("卧室", Room::Bed),
    ("室", Room::Bed),
    ("房", Room::Bed),
    ("居", Room::Bed),
    ("卧", Room::Bed),
    ("客厅", Room::Living),
    ("厅", Room::Living),
    ("廳", Room::Living),
    ("厨房", Room::Kitchen),
    ("厨", Room::Kitchen),
    ("廚", Room::Kitchen),
    ("卫生间", Room::Bath),
    ("卫", Room::Bath),
    ("衛", Room::Bath),
    ("阳台", Room::Balcony),
    ("阳", Room::Balcony),
    ("bedrooms", Room::Bed),
    ("bedroom", Room::Bed),
    ("beds", Room::Bed),
    ("bed", Room::Bed),
    ("bdrms", Room::Bed),
    ("bdrm", Room::Bed),
    ("bds", Room::Bed),
    ("bd", Room::Bed),
    ("brs", Room::Bed),
    ("br", Room::Bed),
    ("living rooms", Room::Living),
    ("living room", Room::Living),
    ("living", Room::Living),
    ("kitchens", Room::Kitchen),
    ("kitchen", Room::Kitchen),
    ("bathrooms", Room::Bath),
    ("bathroom", Room::Bath),
    ("baths", Room::Bath),
    ("bath", Room::Bath),
    ("ba", Room::Bath),
    ("balconies", Room::Balcony),
    ("balcony", Room::Balcony),
];

const STUDIO: &[&str] = &["开间", "单间", "studio apartment", "studio flat", "studio"];

/// Reads a layout: `3室2厅1厨2卫`, `三房两厅`, `2房间1卫`, `开间`, `3 bed 2 bath`, `3b2b`.
pub fn layout(cell: &str) -> Option<Layout> {
    let text = trim(cell);
    let text = narrow(text);
    let mut rest = text.as_ref();
    let mut layout = Layout::default();
    if let Some(after) = STUDIO.iter().find_map(|word| strip_word(rest, word)) {
        layout.studio = true;
        layout.bedrooms = Some(0);
        rest = skip_separators(after);
    }
    while !rest.is_empty() {
        let (count, room, after) = room(rest, &layout)?;
        let slot = match room {
            Room::Bed => &mut layout.bedrooms,
            Room::Living => &mut layout.living_rooms,
            Room::Kitchen => &mut layout.kitchens,
            Room::Bath | Room::BedThenBath => &mut layout.bathrooms,
            Room::Balcony => &mut layout.balconies,
        };
        if slot.is_some() {
            return None;
        }
        *slot = Some(count);
        rest = skip_separators(after);
    }
    (layout != Layout::default()).then_some(layout)
}

/// Reads one count and its kind of room.
fn room<'a>(text: &'a str, so_far: &Layout) -> Option<(u8, Room, &'a str)> {
    let (whole, after) = leading_small(text)?;
    let mut count = whole;
    let mut rest = after;
    if after.starts_with('.') {
        // 2.5 baths are two and a half: three rooms (quarters tell a half bath without a shower)
        let (value, after) = number::leading(text).ok()?;
        count = i64::try_from(value.ceil()).ok()?;
        rest = after;
        let quarters = value.checked_mul(Decimal::from(4))?;
        if !quarters.fract().is_zero() {
            return None;
        }
    }
    let fraction = count != whole;
    let rest = skip_blanks(rest);
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let rest = rest.strip_prefix('个').unwrap_or(rest);
    let (room, rest) = match strip_any(rest, ROOMS) {
        Some(found) => found,
        None => {
            let rest = strip_word(rest, "b")?;
            if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return None;
            }
            (Room::BedThenBath, rest)
        }
    };
    let room = match room {
        Room::BedThenBath if so_far.bedrooms.is_none() => Room::Bed,
        other => other,
    };
    if fraction && !matches!(room, Room::Bath | Room::BedThenBath) {
        return None;
    }
    let count = u8::try_from(count).ok().filter(|count| *count < 100)?;
    Some((count, room, rest))
}

fn skip_separators(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '/' | '|' | '·' | '&' | '+' | '、' | '，')
    });
    strip_word(rest, "and ").map_or(rest, skip_blanks)
}

impl std::fmt::Display for Layout {
    /// Writes the layout as [`layout`] reads it: `3室2厅1厨2卫`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.studio {
            f.write_str("开间")?;
        } else if let Some(n) = self.bedrooms {
            write!(f, "{n}室")?;
        }
        let rest = [
            (self.living_rooms, "厅"),
            (self.kitchens, "厨"),
            (self.bathrooms, "卫"),
            (self.balconies, "阳台"),
        ];
        for (count, word) in rest {
            if let Some(n) = count {
                write!(f, "{n}{word}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(layout: Layout) -> [Option<u8>; 5] {
        [
            layout.bedrooms,
            layout.living_rooms,
            layout.kitchens,
            layout.bathrooms,
            layout.balconies,
        ]
    }

    #[test]
    fn reads_layouts() {
        let cases = [
            ("3室2厅1厨2卫", [Some(3), Some(2), Some(1), Some(2), None]),
            (
                "3室2厅1厨2卫1阳台",
                [Some(3), Some(2), Some(1), Some(2), Some(1)],
            ),
            ("1室1厅", [Some(1), Some(1), None, None, None]),
            (" 2室0厅 ", [Some(2), Some(0), None, None, None]),
            ("3房2厅", [Some(3), Some(2), None, None, None]),
            ("三室两厅", [Some(3), Some(2), None, None, None]),
            ("两居室", [Some(2), None, None, None, None]),
            ("2房间1卫", [Some(2), None, None, Some(1), None]),
            ("1房间", [Some(1), None, None, None, None]),
            ("２室１厅", [Some(2), Some(1), None, None, None]),
            ("2 室 1 厅", [Some(2), Some(1), None, None, None]),
            ("开间", [Some(0), None, None, None, None]),
            ("单间1卫", [Some(0), None, None, Some(1), None]),
            ("Studio", [Some(0), None, None, None, None]),
            ("3 bed 2 bath", [Some(3), None, None, Some(2), None]),
            ("3 Beds, 2.5 Baths", [Some(3), None, None, Some(3), None]),
            ("3-bedroom", [Some(3), None, None, None, None]),
            ("3b2b", [Some(3), None, None, Some(2), None]),
            ("3BR/2BA", [Some(3), None, None, Some(2), None]),
            ("10室5厅", [Some(10), Some(5), None, None, None]),
        ];
        for (cell, expected) in cases {
            let read = layout(cell).unwrap_or_else(|| panic!("{cell:?}"));
            assert_eq!(counts(read), expected, "{cell:?}");
            assert_eq!(read.studio, expected[0] == Some(0), "{cell:?}");
        }
    }

    #[test]
    fn refuses_what_is_no_layout() {
        for cell in [
            "",
            "车位",
            "--",
            "叠拼别墅",
            "3",
            "3室2室",
            "南",
            "89平米",
            "2002年建",
            "3.5室",
            "300室",
            "3室精装",
            "b",
        ] {
            assert_eq!(layout(cell), None, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,20}|([0-9.两三十]{1,3}[室厅卫b个 -]{1,2}){0,4}") {
            let _ = layout(&text);
        }

        #[test]
        fn reads_back_what_is_written(
            bedrooms in proptest::option::of(0u8..99), living_rooms in proptest::option::of(0u8..99),
            kitchens in proptest::option::of(0u8..99), bathrooms in proptest::option::of(0u8..99),
            balconies in proptest::option::of(0u8..99), studio in any::<bool>(),
        ) {
            let bedrooms = if studio { Some(0) } else { bedrooms };
            let written = Layout { bedrooms, living_rooms, kitchens, bathrooms, balconies, studio };
            let expected = (written != Layout::default()).then_some(written);
            prop_assert_eq!(layout(&written.to_string()), expected);
        }
    }
}
