//! Listings made from a seed: as many as asked, in thirty columns, with the lengths, the line breaks
//! inside cells and the mix of values that portal exports have. Everything in them is invented.
//!
//! The same seed gives the same bytes. Each row depends on its own number alone, so that a file with
//! spoiled rows is, in all its other rows, the clean file of the same seed.

use std::io::{self, Write};

mod spoil;
mod words;

pub use spoil::{SEVEN_WAYS, Spoil, Spoiled};
use words::*;

/// The columns of a listings file.
pub const COLUMNS: [&str; 30] = [
    "listing_id",
    "title",
    "community",
    "city",
    "district",
    "business_area",
    "property_type",
    "bedrooms",
    "halls",
    "kitchens",
    "bathrooms",
    "living_area",
    "list_price",
    "price_mode",
    "floor",
    "total_floors",
    "orientation",
    "year_built",
    "decoration",
    "has_elevator",
    "ownership",
    "metro_distance",
    "tags",
    "description",
    "photos",
    "agent_id",
    "source_channel",
    "listed_at",
    "updated_at",
    "status",
];

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Listings {
    /// Data rows, the header not counted.
    pub rows: u64,
    /// Another seed, other rows.
    pub seed: u64,
    /// Whether agents choose tags without regard to the facts, as they do.
    pub careless: bool,
}

impl Listings {
    /// Rows whose tags and texts agree with their facts.
    pub fn clean(rows: u64) -> Self {
        Listings {
            rows,
            seed: 42,
            careless: false,
        }
    }

    /// Writes the file.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_spoiled(0.0, &SEVEN_WAYS, out).map(drop)
    }

    /// The file as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes).expect("memory can be written to");
        bytes
    }

    /// Writes the file with a share of its rows spoiled, each in one of `ways`, and returns which.
    pub fn write_spoiled(
        &self,
        share: f64,
        ways: &[Spoil],
        out: &mut impl Write,
    ) -> io::Result<Vec<Spoiled>> {
        let mut spoiled = Vec::new();
        let mut line = Vec::with_capacity(2048);
        let mut row: Vec<String> = vec![String::new(); COLUMNS.len()];
        writeln!(out, "{}", COLUMNS.join(","))?;
        let mut at = 2;
        for number in 1..=self.rows {
            line.clear();
            self.row(number, &mut row);
            let mut random = Random::new(self.seed ^ 0x5901_1ED0, number);
            if share > 0.0 && random.share() < share {
                let way = ways[spoiled.len() % ways.len()];
                let column = way.spoil(&mut row, &mut random, &mut line);
                let id = format!("L{number:09}");
                spoiled.push(Spoiled {
                    row: number,
                    line: at,
                    id,
                    way,
                    column: COLUMNS[column],
                });
            } else {
                write_line(&row, &mut line);
            }
            at += line.iter().filter(|byte| **byte == b'\n').count() as u64;
            out.write_all(&line)?;
        }
        Ok(spoiled)
    }

    /// Fills in the cells of one row.
    fn row(&self, number: u64, row: &mut [String]) {
        let random = &mut Random::new(self.seed, number);
        let (city, price_level, districts) = CITIES[random.below(CITIES.len())];
        let district = random.pick(districts);
        let phase = if random.share() < 0.3 {
            random.pick(PHASES)
        } else {
            ""
        };
        let community = format!(
            "{}{}{phase}",
            random.pick(COMMUNITY_HEADS),
            random.pick(COMMUNITY_TAILS)
        );
        let kind = random.weighted(PROPERTY_TYPES);
        let bedrooms = random.weighted(BEDROOMS);
        let halls = 1 + u32::from(bedrooms > 2 || random.share() < 0.2);
        let bathrooms =
            1 + u32::from(bedrooms > 3) + u32::from(bedrooms > 2 && random.share() < 0.4);
        let size = if kind == "villa" { 2.1 } else { 1.0 };
        let area = size * (22.0 + f64::from(bedrooms) * 24.0 + random.share() * 28.0);
        let unit_price = f64::from(price_level) * (0.6 + random.share() * 0.8);
        let mode = random.weighted(PRICE_MODES);
        let price = match mode {
            "total" => (area * unit_price / 1000.0).floor() * 1000.0,
            "unit" => unit_price.floor(),
            _ => (area * unit_price * 0.0016 / 50.0).floor() * 50.0 + 500.0,
        };
        let floors = if kind == "villa" {
            3
        } else {
            random.weighted(FLOORS)
        };
        let floor = 1 + random.below(floors as usize);
        let orientation = random.weighted(ORIENTATIONS);
        let metro = if random.share() < 0.15 {
            None
        } else {
            Some(80 + (random.share() * random.share() * 4000.0) as u32)
        };
        let listed = random.below(DAYS) as u64 * 86_400 + random.office_hour();
        let updated = listed
            + if random.share() < 0.4 {
                0
            } else {
                random.below(60 * 86_400) as u64
            };

        let mut set = |column: usize, value: std::fmt::Arguments<'_>| {
            row[column].clear();
            std::fmt::Write::write_fmt(&mut row[column], value)
                .expect("a string can be written to");
        };
        set(0, format_args!("L{number:09}"));
        set(
            1,
            format_args!("{community} {bedrooms}室{halls}厅 {orientation} {area:.0}平"),
        );
        set(2, format_args!("{community}"));
        set(3, format_args!("{city}"));
        set(4, format_args!("{district}"));
        set(5, format_args!("{district}{}", random.pick(AREA_WORDS)));
        set(6, format_args!("{kind}"));
        set(7, format_args!("{bedrooms}"));
        set(8, format_args!("{halls}"));
        set(9, format_args!("{}", u8::from(random.share() < 0.96)));
        set(10, format_args!("{bathrooms}"));
        set(11, format_args!("{area:.2}"));
        set(12, format_args!("{price}"));
        set(13, format_args!("{mode}"));
        set(14, format_args!("{floor}"));
        set(15, format_args!("{floors}"));
        set(16, format_args!("{orientation}"));
        set(
            17,
            format_args!("{}", 1985 + (39.0 * random.share().sqrt()) as u32),
        );
        set(18, format_args!("{}", random.weighted(DECORATIONS)));
        set(19, format_args!("{}", floors > 7 || random.share() < 0.1));
        set(20, format_args!("{}", random.weighted(OWNERSHIPS)));
        set(
            21,
            format_args!(
                "{}",
                metro.map(|metres| metres.to_string()).unwrap_or_default()
            ),
        );
        let elevator = row[19] == "true";
        self.tags(random, &mut row[22], orientation, metro, elevator);
        describe(random, &mut row[23]);
        row[24].clear();
        for photo in 1..=1 + random.below(5) {
            let separator = if photo > 1 { "|" } else { "" };
            std::fmt::Write::write_fmt(
                &mut row[24],
                format_args!("{separator}L{number:09}/{photo}.jpg"),
            )
            .expect("a string can be written to");
        }
        row[25] = format!("A{:05}", 1 + random.below(10_000));
        row[26] = random.pick(CHANNELS).to_owned();
        row[27] = stamp(listed);
        row[28] = stamp(updated.min(DAYS as u64 * 86_400 - 1));
        row[29] = random.weighted(STATUSES).to_owned();
    }

    fn tags(
        &self,
        random: &mut Random,
        tags: &mut String,
        orientation: &str,
        metro: Option<u32>,
        elevator: bool,
    ) {
        tags.clear();
        let start = random.below(TAGS.len());
        for turn in 0..random.below(5) {
            let tag = TAGS[(start + turn * 5) % TAGS.len()];
            let true_here = match tag {
                "近地铁" => metro.is_some_and(|metres| metres <= 800),
                "南北通透" => orientation == "南北",
                "电梯房" => elevator,
                // Facts that these columns do not tell.
                "满五唯一" | "首次出售" | "税费少" => false,
                _ => true,
            };
            if self.careless || true_here {
                if !tags.is_empty() {
                    tags.push('|');
                }
                tags.push_str(tag);
            }
        }
    }
}

fn describe(random: &mut Random, text: &mut String) {
    text.clear();
    let start = random.below(SENTENCES.len());
    let step = [1, 5, 7, 11][random.below(4)];
    for turn in 0..3 + random.below(4) {
        text.push_str(SENTENCES[(start + turn * step) % SENTENCES.len()]);
    }
    match random.share() {
        odd if odd < 0.02 => text.push_str("\n联系方式请见门店, 看房须预约"),
        odd if odd < 0.03 => text.push_str("业主说\"价格好商量\""),
        odd if odd < 0.10 => text.push_str(" Bright, quiet, well kept."),
        _ => {}
    }
}

/// One line of CSV, quoted where it must be.
fn write_line(row: &[String], line: &mut Vec<u8>) {
    for (column, cell) in row.iter().enumerate() {
        if column > 0 {
            line.push(b',');
        }
        if cell
            .bytes()
            .any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
        {
            line.push(b'"');
            line.extend(cell.replace('"', "\"\"").bytes());
            line.push(b'"');
        } else {
            line.extend(cell.bytes());
        }
    }
    line.push(b'\n');
}

/// Days that the data cover: 2024 and 2025.
const DAYS: usize = 731;

/// A point in time, in seconds from the start of 2024, as text.
fn stamp(second: u64) -> String {
    let (mut day, second) = (second / 86_400, second % 86_400);
    let (mut year, mut month) = (2024, 1);
    loop {
        let length = match month {
            2 if year % 4 == 0 => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if day < length {
            break;
        }
        day -= length;
        (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!(
        "{year}-{month:02}-{:02} {hour:02}:{minute:02}:{second:02}",
        day + 1
    )
}

/// Numbers that look random and are the same everywhere (splitmix64).
struct Random(u64);

impl Random {
    fn new(seed: u64, row: u64) -> Self {
        let mut random = Random(
            seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ row.wrapping_mul(0xD134_2543_DE82_EF95),
        );
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to 1, 1 excluded.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.share() * end as f64) as usize
    }

    fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// Draws a value as often as its weight asks.
    fn weighted<T: Copy>(&mut self, values: &[(T, u32)]) -> T {
        let total: u32 = values.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total as usize) as u32;
        for (value, weight) in values {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        values[0].0
    }

    /// A second of the day, mostly between 9 and 22 o'clock.
    fn office_hour(&mut self) -> u64 {
        ((9.0 + 6.5 * (self.share() + self.share())) * 3600.0) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let data = Listings::clean(500);
        assert_eq!(data.bytes(), data.bytes());
        assert_ne!(data.bytes(), Listings { seed: 7, ..data }.bytes());
        let text = String::from_utf8(data.bytes()).unwrap();
        assert!(text.lines().count() > 500, "some cells hold line breaks");
        assert!(text.lines().nth(1).unwrap().starts_with("L000000001,"));
    }

    #[test]
    fn spoiled_rows_leave_the_others_as_they_were() {
        let data = Listings::clean(3000);
        let mut bytes = Vec::new();
        let spoiled = data.write_spoiled(0.03, &SEVEN_WAYS, &mut bytes).unwrap();
        assert!((50..150).contains(&spoiled.len()), "{}", spoiled.len());
        for way in SEVEN_WAYS {
            assert!(
                spoiled.iter().any(|row| row.way == way),
                "{way:?} does not occur"
            );
        }
        let clean = data.bytes();
        let clean: std::collections::HashSet<&[u8]> = clean.split(|byte| *byte == b'\n').collect();
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        let strange: Vec<usize> = (0..lines.len())
            .filter(|at| !clean.contains(lines[*at]))
            .map(|at| at + 1)
            .collect();
        let named: Vec<usize> = spoiled.iter().map(|row| row.line as usize).collect();
        assert_eq!(strange, named);
    }

    #[test]
    fn times_are_dates_of_the_calendar() {
        assert_eq!(stamp(0), "2024-01-01 00:00:00");
        assert_eq!(stamp(59 * 86_400 + 3661), "2024-02-29 01:01:01");
        assert_eq!(stamp(731 * 86_400 - 1), "2025-12-31 23:59:59");
    }
}
