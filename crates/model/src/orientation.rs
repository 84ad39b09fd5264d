//! Orientation: every direction a home faces, in the order written.

use crate::codes::Direction;
use crate::text::{is_blank, narrow, strip_word, trim};

/// A small set of directions that keeps its order; the first is the main one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Orientation {
    /// Each used place holds a direction; used places stand in front.
    places: [Option<Direction>; 8],
}

impl Orientation {
    /// The directions in the order written.
    pub fn iter(&self) -> impl Iterator<Item = Direction> + '_ {
        self.places.iter().map_while(|place| *place)
    }

    /// Whether a direction is among them.
    pub fn contains(&self, direction: Direction) -> bool {
        self.iter().any(|known| known == direction)
    }

    /// The main direction.
    pub fn first(&self) -> Option<Direction> {
        self.places[0]
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places[0].is_none()
    }

    /// Adds a direction unless it is there.
    pub fn insert(&mut self, direction: Direction) {
        for place in &mut self.places {
            match place {
                Some(known) if *known == direction => return,
                Some(_) => {}
                None => {
                    *place = Some(direction);
                    return;
                }
            }
        }
    }

    /// Appends the words on the wire with `|` between them, as list fields are stored.
    pub fn write_list(&self, list: &mut String) {
        for (i, direction) in self.iter().enumerate() {
            if i > 0 {
                list.push('|');
            }
            list.push_str(direction.as_str());
        }
    }
}

/// Reads an orientation: `南 北`, `朝南北`, `东南`, `南北通透`, `S`, `south-east`. A pair in the other order,
/// `南西`, is the direction between; `南北` and `东西` are two.
pub fn orientation(cell: &str) -> Option<Orientation> {
    let text = narrow(trim(cell));
    let mut found = Orientation::default();
    if text.is_ascii() {
        english(&text, &mut found)?;
    } else {
        chinese(&text, &mut found)?;
    }
    (!found.is_empty()).then_some(found)
}

fn chinese(text: &str, found: &mut Orientation) -> Option<()> {
    let mut rest = text;
    // (进门) 南: the side of the entrance says nothing of the windows
    if let Some(after) = rest.strip_prefix('(') {
        rest = &after[after.find(')')? + 1..];
    }
    // 坐北朝南 faces south
    if rest.starts_with('坐') {
        rest = &rest[rest.find('朝')?..];
    }
    for part in rest.split(|c: char| {
        is_blank(c) || matches!(c, ',' | '/' | '、' | '|' | '·' | '-' | '和' | '，')
    }) {
        let part = ["朝向", "朝", "向"]
            .iter()
            .find_map(|word| part.strip_prefix(word))
            .unwrap_or(part);
        let part = [
            "双向通透",
            "通透",
            "朝向",
            "双向",
            "方向",
            "向",
            "双通",
            "通",
            "面",
        ]
        .iter()
        .find_map(|word| part.strip_suffix(word))
        .unwrap_or(part);
        run(part, found)?;
    }
    Some(())
}

/// Reads characters without anything between them.
fn run(text: &str, found: &mut Orientation) -> Option<()> {
    let mut sides = [Direction::North; 8];
    let mut count = 0;
    for c in text.chars() {
        *sides.get_mut(count)? = side(c)?;
        count += 1;
    }
    let sides = &sides[..count];
    if let [a, b] = sides {
        // either order names the direction between
        if let Some(between) = between(*a, *b).or_else(|| between(*b, *a)) {
            found.insert(between);
            return Some(());
        }
    }
    let all_four = Direction::ALL
        .iter()
        .filter(|d| single(**d))
        .all(|d| sides.contains(d));
    let mut at = 0;
    while let Some(a) = sides.get(at) {
        let pair = sides
            .get(at + 1)
            .and_then(|b| between(*a, *b))
            .filter(|_| !(all_four && sides.len() == 4));
        match pair {
            Some(direction) => {
                found.insert(direction);
                at += 2;
            }
            None => {
                found.insert(*a);
                at += 1;
            }
        }
    }
    Some(())
}

fn side(c: char) -> Option<Direction> {
    Some(match c {
        '东' | '東' => Direction::East,
        '南' => Direction::South,
        '西' => Direction::West,
        '北' => Direction::North,
        _ => return None,
    })
}

fn single(direction: Direction) -> bool {
    matches!(
        direction,
        Direction::East | Direction::South | Direction::West | Direction::North
    )
}

/// The direction between, in the Chinese order: east or west first.
fn between(first: Direction, second: Direction) -> Option<Direction> {
    Some(match (first, second) {
        (Direction::East, Direction::South) => Direction::Southeast,
        (Direction::East, Direction::North) => Direction::Northeast,
        (Direction::West, Direction::South) => Direction::Southwest,
        (Direction::West, Direction::North) => Direction::Northwest,
        _ => return None,
    })
}

const WORDS: &[(&str, Direction)] = &[
    ("northeast", Direction::Northeast),
    ("northwest", Direction::Northwest),
    ("southeast", Direction::Southeast),
    ("southwest", Direction::Southwest),
    ("north", Direction::North),
    ("south", Direction::South),
    ("east", Direction::East),
    ("west", Direction::West),
    ("ne", Direction::Northeast),
    ("nw", Direction::Northwest),
    ("se", Direction::Southeast),
    ("sw", Direction::Southwest),
    ("n", Direction::North),
    ("s", Direction::South),
    ("e", Direction::East),
    ("w", Direction::West),
];

fn english(text: &str, found: &mut Orientation) -> Option<()> {
    // A comma or bar parts directions; a blank or hyphen may stand inside one.
    for part in text.split([',', '/', '|', '&', ';', '+']) {
        let mut before: Option<Direction> = None;
        for word in part.split([' ', '-', '\t']).filter(|word| !word.is_empty()) {
            if ["facing", "and", "faces", "aspect"]
                .iter()
                .any(|filler| word.eq_ignore_ascii_case(filler))
            {
                continue;
            }
            let direction = english_word(word, found)?;
            let joined = before
                .zip(direction)
                .and_then(|(first, second)| between(second, first));
            match (joined, before) {
                (Some(joined), _) => {
                    found.insert(joined);
                    before = None;
                    continue;
                }
                (None, Some(first)) => found.insert(first),
                (None, None) => {}
            }
            before = direction;
        }
        if let Some(last) = before {
            found.insert(last);
        }
    }
    Some(())
}

/// One word; `NS` and `EW` are two directions and go in at once.
fn english_word(word: &str, found: &mut Orientation) -> Option<Option<Direction>> {
    let tail = ["-facing", "facing", "ern", "wards", "ward"]
        .iter()
        .filter_map(|tail| {
            word.len()
                .checked_sub(tail.len())
                .and_then(|at| Some((word.get(..at)?, word.get(at..)?, tail)))
        })
        .find(|(head, end, tail)| !head.is_empty() && end.eq_ignore_ascii_case(tail))
        .map(|(head, _, _)| head);
    let word = tail.unwrap_or(word);
    if let Some((_, direction)) = WORDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
    {
        return Some(Some(*direction));
    }
    let mut rest = word;
    if word.len() == 2 {
        while !rest.is_empty() {
            let (direction, after) = WORDS[12..]
                .iter()
                .find_map(|(known, d)| Some((*d, strip_word(rest, known)?)))?;
            found.insert(direction);
            rest = after;
        }
        return Some(None);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::*;
    use proptest::prelude::*;

    #[test]
    fn reads_orientations() {
        let cases: &[(&str, &[Direction])] = &[
            ("南", &[South]),
            ("南 北 ", &[South, North]),
            ("南 北        ", &[South, North]),
            ("南北", &[South, North]),
            ("东西", &[East, West]),
            ("东南", &[Southeast]),
            ("南西", &[Southwest]),
            ("南东", &[Southeast]),
            ("朝南北", &[South, North]),
            ("朝东南", &[Southeast]),
            ("朝向南", &[South]),
            ("南/北", &[South, North]),
            ("南北通透", &[South, North]),
            ("南向", &[South]),
            ("坐北朝南", &[South]),
            ("(进门) 南", &[South]),
            ("东 南 北", &[East, South, North]),
            ("东南北", &[Southeast, North]),
            ("东西南北", &[East, West, South, North]),
            ("南西北", &[South, Northwest]),
            ("东南 西北", &[Southeast, Northwest]),
            ("南 南", &[South]),
            ("S", &[South]),
            ("South", &[South]),
            ("south-east", &[Southeast]),
            ("South East", &[Southeast]),
            ("Southeast", &[Southeast]),
            ("SE", &[Southeast]),
            ("NS", &[North, South]),
            ("N/S", &[North, South]),
            ("South, East", &[South, East]),
            ("North facing", &[North]),
            ("South|North", &[South, North]),
            ("Southwest|North", &[Southwest, North]),
        ];
        for (cell, expected) in cases {
            let read: Vec<Direction> = orientation(cell)
                .unwrap_or_else(|| panic!("{cell:?}"))
                .iter()
                .collect();
            assert_eq!(&read, expected, "{cell:?}");
        }
    }

    #[test]
    fn refuses_what_is_no_orientation() {
        for cell in [
            "",
            "暂无",
            "暂无数据",
            "朝",
            "精装",
            "南京",
            "1",
            "有电梯",
            "h",
            "--",
            "未知",
            "news paper",
            "东东东东东东东东东",
        ] {
            assert_eq!(orientation(cell), None, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,20}|[东南西北朝向通透() /nsew-]{0,12}") {
            let _ = orientation(&text);
        }

        #[test]
        fn reads_back_what_is_written(directions in proptest::collection::vec(proptest::sample::select(Direction::ALL), 1..10)) {
            let mut written = Orientation::default();
            directions.iter().for_each(|d| written.insert(*d));
            let mut list = String::new();
            written.write_list(&mut list);
            prop_assert_eq!(orientation(&list), Some(written), "{}", list);
        }
    }
}
