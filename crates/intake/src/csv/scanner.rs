//! Records out of a stream of bytes, at the speed of the search for line ends.

use std::io::Read;

use memchr::{memchr, memchr_iter, memchr2};

use super::parse::{Cell, Parsed, after_line_end, parse, split_bare, without_returns};
use super::{Dialect, LineEnd, MAX_LINE};
use crate::{Error, Fault, Record};

/// Bytes read at once: large enough for the hash to run at full speed, small enough for the cache.
const CHUNK: usize = 256 << 10;
/// Bytes kept of a line that is too long.
const KEPT_OF_LONG_LINE: usize = 4 << 10;
/// Lines looked into to tell an unclosed quote from a record with line breaks.
const LINES_LOOKED_INTO: usize = 64;

/// Reads records from a stream of text in UTF-8.
pub(crate) struct Scanner {
    input: Box<dyn Read + Send>,
    name: String,
    dialect: Dialect,
    expected: Option<usize>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    at_end: bool,
    nul_seen: bool,
    line: u64,
    byte: u64,
    cells: Vec<Cell>,
}

/// Columns from which the tail of a record is not taken for a row.
const WIDE: usize = 8;

/// What the quoted part of a record came to.
enum Step {
    More,
    Record,
}

impl Scanner {
    /// A scanner of `input`, whose first byte is the `byte`-th of the file. The name is for messages.
    pub(crate) fn new(input: Box<dyn Read + Send>, name: &str, byte: u64) -> Self {
        Scanner {
            input,
            name: name.to_owned(),
            dialect: Dialect {
                delimiter: b',',
                line_end: LineEnd::Lf,
            },
            expected: None,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            at_end: false,
            nul_seen: false,
            line: 1,
            byte,
            cells: Vec::new(),
        }
    }

    /// Says how cells and lines are kept apart.
    pub(crate) fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// Says how many cells a record must have.
    pub(crate) fn expect(&mut self, cells: usize) {
        self.expected = Some(cells);
    }

    /// The next bytes, at least `wanted` unless the input ends before.
    pub(crate) fn peek(&mut self, wanted: usize) -> Result<&[u8], Error> {
        while !self.at_end && self.end - self.start < wanted {
            self.fill()?;
        }
        let end = self.end.min(self.start + wanted);
        Ok(&self.buffer[self.start..end])
    }

    /// Whether the input ends with what was looked at.
    pub(crate) fn is_short(&self) -> bool {
        self.at_end
    }

    /// Reads the next record; false at the end of the input.
    pub(crate) fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        let line_end = self.dialect.line_end.byte();
        loop {
            let data = &self.buffer[self.start..self.end];
            match memchr2(line_end, b'"', data) {
                Some(at) if data[at] == line_end && at <= MAX_LINE => {
                    if let Some(next) = after_line_end(data, at, self.at_end, self.dialect) {
                        if self.bare_line(at, next, record) {
                            return Ok(true);
                        }
                        continue;
                    }
                }
                Some(at) if data[at] == b'"' => {
                    if let Step::Record = self.quoted_record(record) {
                        return Ok(true);
                    }
                }
                None if self.at_end && data.len() <= MAX_LINE => {
                    let length = data.len();
                    return Ok(length > 0 && self.bare_line(length, length, record));
                }
                _ => {}
            }
            if self.end - self.start > MAX_LINE {
                self.long_line(record)?;
                return Ok(true);
            }
            self.fill()?;
        }
    }

    /// Takes the line without quotes that ends at `at`; false where it is blank.
    fn bare_line(&mut self, at: usize, next: usize, record: &mut Record) -> bool {
        let data = &self.buffer[self.start..self.end];
        let length = match self.dialect.line_end {
            LineEnd::Lf => without_returns(&data[..at]),
            _ => at,
        };
        let line = &data[..length];
        let delimiter = self.dialect.delimiter;
        // a row of empty cells is the tail of a spreadsheet, not a record
        let blank = match line.first() {
            None => true,
            Some(&byte) => byte == delimiter && line.iter().all(|&byte| byte == delimiter),
        };
        if !blank {
            record.start(self.line, self.byte);
            fill_bare(line, delimiter, record);
            check(line, self.expected, self.nul_seen, record);
        }
        self.advance(next, 1);
        !blank
    }

    /// Takes a record of which the first line has a quote.
    fn quoted_record(&mut self, record: &mut Record) -> Step {
        let data = &self.buffer[self.start..self.end];
        let mut cells = std::mem::take(&mut self.cells);
        let parsed = parse(data, self.at_end, self.dialect, &mut cells);
        let step = match parsed {
            Parsed::More => Step::More,
            Parsed::Unclosed { too_large, .. } => {
                let fault = match too_large {
                    true => Fault::TooLarge,
                    false => Fault::UnclosedQuote,
                };
                self.first_line(fault, &mut cells, record)
            }
            Parsed::Whole(shape) => {
                let unequal = self.expected.is_some_and(|count| count != cells.len());
                if shape.inner_lines > 0
                    && (shape.doubtful || unequal)
                    && self.swallows(shape.next, shape.doubtful)
                {
                    self.first_line(Fault::UnclosedQuote, &mut cells, record)
                } else {
                    let data = &data[..shape.length];
                    record.start(self.line, self.byte);
                    if let Some(fault) = shape.fault {
                        record.set_fault(fault);
                    }
                    if shape.stray_quote {
                        record.set_stray_quote();
                    }
                    fill_quoted(data, &cells, record);
                    check(data, self.expected, self.nul_seen, record);
                    self.advance(shape.next, shape.inner_lines as u64 + 1);
                    Step::Record
                }
            }
        };
        self.cells = cells;
        step
    }

    /// Whether the lines inside what looks like one record hold records of their own, so that a quote
    /// was left open in the first. A record with line breaks that merely lacks a cell has no line in it
    /// that is whole by itself.
    fn swallows(&self, length: usize, doubtful: bool) -> bool {
        let data = &self.buffer[self.start..self.end];
        let line_end = self.dialect.line_end.byte();
        let mut cells = Vec::new();
        memchr_iter(line_end, &data[..length])
            .map(|at| at + 1)
            .filter(|&at| at < length)
            .take(LINES_LOOKED_INTO)
            .any(
                |at| match parse(&data[at..], self.at_end, self.dialect, &mut cells) {
                    Parsed::Whole(shape) if shape.fault.is_some() => doubtful,
                    Parsed::Whole(_) => match self.expected {
                        // a row with one cell too few or too many is still a row in a wide table
                        Some(count) if doubtful && count >= WIDE => {
                            count.abs_diff(cells.len()) <= 1
                        }
                        Some(count) => count == cells.len(),
                        None => cells.len() > 1,
                    },
                    Parsed::Unclosed { .. } => doubtful,
                    Parsed::More => false,
                },
            )
    }

    /// Takes only the first line of a record whose quote is not closed; reading goes on after it.
    fn first_line(&mut self, fault: Fault, cells: &mut Vec<Cell>, record: &mut Record) -> Step {
        let data = &self.buffer[self.start..self.end];
        let line_end = self.dialect.line_end.byte();
        let (at, next) = match memchr(line_end, data) {
            Some(at) => match after_line_end(data, at, self.at_end, self.dialect) {
                Some(next) => (at, next),
                None => return Step::More,
            },
            None if self.at_end => (data.len(), data.len()),
            // a quoted cell beyond the limit without one line end
            None => return Step::More,
        };
        let line = &data[..without_returns(&data[..at])];
        if let Parsed::Unclosed { quote, .. } = parse(line, true, self.dialect, cells) {
            // cut as if the quote were not there, the cells stand under their headers
            split_bare(line, quote, line.len(), self.dialect, cells);
        }
        record.start(self.line, self.byte);
        record.set_fault(fault);
        fill_quoted(line, cells, record);
        self.advance(next, 1);
        Step::Record
    }

    /// Refuses a line that is too long, and skips the rest of it.
    fn long_line(&mut self, record: &mut Record) -> Result<(), Error> {
        record.start(self.line, self.byte);
        record.set_fault(Fault::TooLarge);
        let kept = &self.buffer[self.start..self.start + KEPT_OF_LONG_LINE];
        let kept = match std::str::from_utf8(kept) {
            Err(error) if error.error_len().is_none() => &kept[..error.valid_up_to()],
            _ => kept,
        };
        record.push_bytes(kept);
        let line_end = self.dialect.line_end.byte();
        loop {
            let data = &self.buffer[self.start..self.end];
            match memchr(line_end, data) {
                Some(at) => {
                    let next = after_line_end(data, at, true, self.dialect).unwrap_or(at + 1);
                    self.advance(next, 1);
                    return Ok(());
                }
                None => {
                    self.advance(data.len(), 0);
                    if self.at_end {
                        return Ok(());
                    }
                    self.fill()?;
                }
            }
        }
    }

    fn advance(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.byte += bytes as u64;
        self.line += lines;
    }

    /// Reads more bytes behind those that are there.
    fn fill(&mut self) -> Result<(), Error> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < CHUNK / 2 {
            let larger = (self.buffer.len() * 2).max(CHUNK);
            self.buffer.resize(larger, 0);
        }
        // a full buffer means that a record is looked at few times, however small the pieces that come
        while !self.at_end && self.end < self.buffer.len() {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.at_end = true,
                Ok(read) => {
                    let new = &self.buffer[self.end..self.end + read];
                    self.nul_seen = self.nul_seen || memchr(0, new).is_some();
                    self.end += read;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::io(format!("read `{}`", self.name), error)),
            }
        }
        Ok(())
    }
}

/// Cuts a line without quotes into cells.
fn fill_bare(line: &[u8], delimiter: u8, record: &mut Record) {
    match simdutf8::basic::from_utf8(line) {
        Ok(text) => {
            record.push_text(text);
            let spans = record.spans();
            let mut start = 0;
            each_place(line, delimiter, |at| {
                spans.push((start, at as u32));
                start = at as u32 + 1;
            });
            spans.push((start, line.len() as u32));
        }
        Err(_) => {
            for (column, cell) in line.split(|&byte| byte == delimiter).enumerate() {
                push_damaged(cell, column, record);
            }
        }
    }
}

/// Hands out the places of a byte that stands every few bytes, as delimiters do: eight bytes are looked at
/// together, which costs less than a search for each.
fn each_place(line: &[u8], byte: u8, mut each: impl FnMut(usize)) {
    const LOW: u64 = u64::from_le_bytes([0x7F; 8]);
    let wanted = u64::from_le_bytes([byte; 8]);
    let (words, rest) = line.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let differs = u64::from_le_bytes(*word) ^ wanted;
        // The highest bit of each byte that is zero, and of no other.
        let mut places = !(((differs & LOW) + LOW) | differs | LOW);
        while places != 0 {
            each(number * 8 + places.trailing_zeros() as usize / 8);
            places &= places - 1;
        }
    }
    let done = line.len() - rest.len();
    for (at, _) in rest.iter().enumerate().filter(|(_, b)| **b == byte) {
        each(done + at);
    }
}

/// Cuts a record at the places of its cells.
fn fill_quoted(data: &[u8], cells: &[Cell], record: &mut Record) {
    match simdutf8::basic::from_utf8(data) {
        Ok(text) => {
            record.push_text(text);
            for cell in cells {
                if !cell.doubled {
                    record.push_span(cell.start, cell.end);
                    continue;
                }
                let from = record.text_len();
                let mut rest = text.get(cell.start..cell.end).unwrap_or("");
                while let Some((before, after)) = rest.split_once("\"\"") {
                    record.push_text(before);
                    record.push_text("\"");
                    rest = after;
                }
                record.push_text(rest);
                let until = record.text_len();
                record.push_span(from, until);
            }
        }
        Err(_) => {
            for (column, cell) in cells.iter().enumerate() {
                let bytes = &data[cell.start..cell.end];
                if cell.doubled {
                    push_damaged(&single(bytes), column, record);
                } else {
                    push_damaged(bytes, column, record);
                }
            }
        }
    }
}

/// A cell of a record that is not all text.
fn push_damaged(cell: &[u8], column: usize, record: &mut Record) {
    if std::str::from_utf8(cell).is_err() {
        record.set_fault(Fault::Encoding { column });
    }
    record.push_bytes(cell);
}

/// The bytes with each `""` made one quote.
fn single(bytes: &[u8]) -> Vec<u8> {
    let mut single = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        single.push(byte);
        if byte == b'"' {
            rest.next();
        }
    }
    single
}

/// Checks what can be said without knowing what the cells mean.
fn check(data: &[u8], expected: Option<usize>, nul_seen: bool, record: &mut Record) {
    let found = record.len();
    match expected {
        Some(expected) if found < expected => {
            record.set_fault(Fault::TooFewCells { found, expected });
        }
        Some(expected) if found > expected => {
            record.set_fault(Fault::TooManyCells { found, expected });
        }
        _ => {}
    }
    if nul_seen && memchr(0, data).is_some() {
        let column = (0..found).find(|&column| record.raw(column).contains(&0));
        record.set_fault(Fault::Nul {
            column: column.unwrap_or(0),
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_place_is_found(line in prop::collection::vec(prop_oneof![Just(b','), Just(b'-'), Just(0xAC), any::<u8>()], 0..60)) {
            let mut places = Vec::new();
            each_place(&line, b',', |at| places.push(at));
            let expected: Vec<usize> = memchr_iter(b',', &line).collect();
            prop_assert_eq!(places, expected);
        }
    }
}
