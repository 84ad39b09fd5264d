//! Ways in which a row goes bad.

use super::{Random, write_line};

/// One way to spoil a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spoil {
    /// Text, a negative number, NaN, an overflow where a number belongs.
    Number,
    /// A core field left empty.
    Missing,
    /// A date that is not in the calendar, or none at all.
    Date,
    /// A phrase that the advertising rules forbid.
    BannedWord,
    /// Bytes that are no UTF-8.
    Encoding,
    /// A lone quote in a bare cell, or text after a closing quote.
    Quoting,
    /// A cell too few or too many.
    CellCount,
    /// A NUL byte inside a cell.
    Nul,
    /// A quote that is never closed.
    UnclosedQuote,
}

/// The seven ways that leave a row's line where it is; a [`Spoil::Nul`] and a [`Spoil::UnclosedQuote`]
/// have tests of their own.
pub const SEVEN_WAYS: [Spoil; 7] = [
    Spoil::Number,
    Spoil::Missing,
    Spoil::Date,
    Spoil::BannedWord,
    Spoil::Encoding,
    Spoil::Quoting,
    Spoil::CellCount,
];

/// A row that was spoiled.
#[derive(Debug, Clone)]
pub struct Spoiled {
    /// Its number, from 1, the header not counted.
    pub row: u64,
    /// The physical line on which it starts; the header's is 1.
    pub line: u64,
    /// The listing's id, as it was before.
    pub id: String,
    /// What was done.
    pub way: Spoil,
    /// The column that was hit.
    pub column: &'static str,
}

const NUMBERS: [usize; 6] = [7, 10, 11, 12, 15, 17];
const CORE: [usize; 7] = [0, 1, 2, 3, 11, 12, 25];
const DATES: [usize; 2] = [27, 28];
const TEXTS: [usize; 2] = [1, 23];
const BAD_NUMBERS: [&str; 9] = [
    "三百万",
    "-88",
    "NaN",
    "inf",
    "1e999",
    "12.3.4",
    "--",
    "0x1F",
    "12,5,0",
];
const BAD_DATES: [&str; 6] = [
    "2025-02-30",
    "2025-13-01 10:00:00",
    "2024-06-31 08:00:00",
    "yesterday",
    "0000-00-00",
    "2025-05-01 25:61:00",
];
const BANNED: [&str; 6] = [
    "国家级",
    "全网最低价",
    "保证升值",
    "稳赚",
    "承诺入学",
    "学区房",
];
const BAD_BYTES: [&[u8]; 4] = [b"\xff\xfe", b"\xe4\xb8", b"\xbe\xab\xd7\xb0", b"\xc0\xaf"];
/// Stands where bytes go that a string cannot hold.
const MARK: &str = "\u{1}";

impl Spoil {
    /// Writes the row, spoiled, as one line, and returns the column that was hit.
    pub(super) fn spoil(
        self,
        row: &mut Vec<String>,
        random: &mut Random,
        line: &mut Vec<u8>,
    ) -> usize {
        // A spoiled row stays on one line: what becomes of the others is then beyond doubt.
        row.iter_mut()
            .for_each(|cell| cell.retain(|c| c != '\n' && c != '"'));
        let columns = row.len();
        let (column, bytes): (usize, Vec<u8>) = match self {
            Spoil::Number => {
                let column = random.pick(&NUMBERS);
                row[column] = random.pick(&BAD_NUMBERS).to_owned();
                (column, Vec::new())
            }
            Spoil::Missing => {
                let column = random.pick(&CORE);
                row[column] = random.pick(&["", " ", "\u{3000}"]).to_owned();
                (column, Vec::new())
            }
            Spoil::Date => {
                let column = random.pick(&DATES);
                row[column] = random.pick(&BAD_DATES).to_owned();
                (column, Vec::new())
            }
            Spoil::BannedWord => {
                let column = random.pick(&TEXTS);
                row[column].push_str(random.pick(&BANNED));
                (column, Vec::new())
            }
            Spoil::Encoding => {
                let column = random.pick(&TEXTS);
                row[column].push_str(MARK);
                (column, random.pick(&BAD_BYTES).to_vec())
            }
            Spoil::Nul => {
                let column = random.pick(&TEXTS);
                row[column].push_str(MARK);
                (column, vec![0])
            }
            Spoil::Quoting | Spoil::UnclosedQuote => {
                let column = random.pick(&TEXTS);
                let text = std::mem::replace(&mut row[column], MARK.to_owned()).replace(',', "，");
                let (head, tail) =
                    text.split_at(text.char_indices().nth(2).map_or(text.len(), |(at, _)| at));
                let bad = match (self, random.below(2)) {
                    (Spoil::UnclosedQuote, _) => format!("\"{text}"),
                    (_, 0) => format!("{head}\"{tail}"),
                    (_, _) => format!("\"{head}\"{tail}x"),
                };
                (column, bad.into_bytes())
            }
            Spoil::CellCount => {
                if random.below(2) == 0 {
                    row.pop();
                } else {
                    row.push("surplus".to_owned());
                }
                (columns - 1, Vec::new())
            }
        };
        write_line(row, line);
        row.resize(columns, String::new());
        if let Some(at) = line.iter().position(|byte| *byte == MARK.as_bytes()[0]) {
            line.splice(at..=at, bytes);
        }
        column
    }
}
