//! One record: its cells, where it stands, and what is wrong with its form.

use model::rule::Rule;

use crate::rules;

/// What is wrong with the form of a record. Such a record is still handed out, with its cells as far
/// as they can be told apart, so that it can be rejected with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Bytes that are not text in the file's encoding.
    Encoding {
        /// Column, from 0.
        column: usize,
    },
    /// A NUL byte.
    Nul {
        /// Column, from 0.
        column: usize,
    },
    /// Fewer cells than the header has.
    TooFewCells {
        /// Cells in the record.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// More cells than the header has.
    TooManyCells {
        /// Cells in the record.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// Text between a closing quote and the next delimiter.
    TextAfterQuote {
        /// Column, from 0.
        column: usize,
    },
    /// A quote that is never closed.
    UnclosedQuote,
    /// A cell or line beyond what is read.
    TooLarge,
    /// A line that is not JSON; the parser's words, without any value.
    Json(String),
    /// JSON, but not an object.
    NotAnObject,
    /// A row of a rejects file that was fed again as it was.
    Unmended,
}

impl Fault {
    /// The rule it breaks.
    pub fn rule(&self) -> &'static Rule {
        match self {
            Fault::Encoding { .. } => rules::BAD_ENCODING,
            Fault::Nul { .. } => rules::NUL_BYTE,
            Fault::TooFewCells { .. } | Fault::TooManyCells { .. } => rules::CELL_COUNT,
            Fault::TextAfterQuote { .. } => rules::TEXT_AFTER_QUOTE,
            Fault::UnclosedQuote => rules::UNCLOSED_QUOTE,
            Fault::TooLarge => rules::RECORD_TOO_LARGE,
            Fault::Json(_) | Fault::NotAnObject => rules::BAD_JSON,
            Fault::Unmended => rules::UNMENDED,
        }
    }

    /// The column it is about, from 0, where it is about one.
    pub fn field_column(&self) -> Option<usize> {
        match self {
            Fault::Encoding { column }
            | Fault::Nul { column }
            | Fault::TextAfterQuote { column } => Some(*column),
            _ => None,
        }
    }

    /// What was seen, without any value of the record.
    pub fn detail(&self) -> String {
        match self {
            Fault::Encoding { column }
            | Fault::Nul { column }
            | Fault::TextAfterQuote { column } => format!("column {}", column + 1),
            Fault::TooFewCells { found, expected } | Fault::TooManyCells { found, expected } => {
                format!("{found} ≠ {expected}")
            }
            Fault::Json(what) => what.clone(),
            Fault::UnclosedQuote | Fault::TooLarge | Fault::NotAnObject | Fault::Unmended => {
                String::new()
            }
        }
    }
}

/// Where a cell stands in its record's buffer.
pub(crate) type Span = (u32, u32);

/// The bytes of a record that is not all text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Damaged {
    bytes: Vec<u8>,
    cells: Vec<Span>,
}

/// One record. It is reused: reading fills it anew and keeps its memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The record as it stands in the file, then cells that had to be rewritten (`""` → `"`).
    text: String,
    cells: Vec<Span>,
    damaged: Option<Box<Damaged>>,
    line: u64,
    byte: u64,
    item: Option<u64>,
    fault: Option<Fault>,
    stray_quote: bool,
}

impl Record {
    /// An empty record.
    pub fn new() -> Self {
        Record::default()
    }

    /// A record of these cells, for tests and for what is not read from a file.
    pub fn from_cells<I>(line: u64, cells: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut record = Record::new();
        record.start(line, 0);
        for cell in cells {
            record.push(cell.as_ref());
        }
        record
    }

    /// The physical line of its first byte, from 1; a sheet's row number; the line of a JSON object.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Where its first byte stands in the file as unpacked, from 0. 0 for a sheet.
    pub fn byte(&self) -> u64 {
        self.byte
    }

    /// Which element of a JSON document it is, from 1, where its line alone does not find it: because
    /// something else stands before it there.
    pub fn item(&self) -> Option<u64> {
        self.item
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cell at all.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cell in column `index`, as it stands; empty past the end. Bytes that are not text show as `�`.
    #[inline]
    pub fn text(&self, index: usize) -> &str {
        self.cells
            .get(index)
            .and_then(|&(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or("")
    }

    /// All cells in one text, and what stands between them.
    pub fn whole(&self) -> &str {
        &self.text
    }

    /// All cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.text(index))
    }

    /// The bytes of the cell in column `index`; empty past the end.
    pub fn raw(&self, index: usize) -> &[u8] {
        match &self.damaged {
            None => self.text(index).as_bytes(),
            Some(damaged) => damaged
                .cells
                .get(index)
                .and_then(|&(start, end)| damaged.bytes.get(start as usize..end as usize))
                .unwrap_or(b""),
        }
    }

    /// What is wrong with its form, if anything.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Whether a bare cell holds a lone quote, which was read as it stands.
    pub fn stray_quote(&self) -> bool {
        self.stray_quote
    }

    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.start(0, 0);
    }

    /// Empties it and says where the next one stands.
    pub(crate) fn start(&mut self, line: u64, byte: u64) {
        self.text.clear();
        self.cells.clear();
        self.damaged = None;
        self.line = line;
        self.byte = byte;
        self.item = None;
        self.fault = None;
        self.stray_quote = false;
    }

    /// Says where it stands, if not where it seemed to.
    pub(crate) fn set_byte(&mut self, byte: u64) {
        self.byte = byte;
    }

    /// Says which element of its document it is.
    pub(crate) fn set_item(&mut self, item: u64) {
        self.item = Some(item);
    }

    /// Appends a cell.
    pub(crate) fn push(&mut self, cell: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(cell);
        self.cells.push((start, self.text.len() as u32));
    }

    /// Appends text that belongs to no cell yet.
    pub(crate) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Length of the text so far.
    pub(crate) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// The spans of the cells, to be filled by a scanner.
    pub(crate) fn spans(&mut self) -> &mut Vec<Span> {
        &mut self.cells
    }

    /// Appends the cell that stands between two places of the text.
    pub(crate) fn push_span(&mut self, start: usize, end: usize) {
        self.cells.push((start as u32, end as u32));
    }

    /// Appends a cell of bytes that may not be text; where they are not, the record is marked so.
    pub(crate) fn push_bytes(&mut self, cell: &[u8]) {
        if self.damaged.is_none() {
            if let Ok(text) = std::str::from_utf8(cell) {
                self.push(text);
                return;
            }
            let mut damaged = Damaged::default();
            for &(start, end) in &self.cells {
                let from = damaged.bytes.len() as u32;
                let kept = self.text.get(start as usize..end as usize).unwrap_or("");
                damaged.bytes.extend_from_slice(kept.as_bytes());
                damaged.cells.push((from, damaged.bytes.len() as u32));
            }
            self.damaged = Some(Box::new(damaged));
        }
        if let Some(damaged) = &mut self.damaged {
            let from = damaged.bytes.len() as u32;
            damaged.bytes.extend_from_slice(cell);
            damaged.cells.push((from, damaged.bytes.len() as u32));
        }
        self.push(&String::from_utf8_lossy(cell));
    }

    /// Says what is wrong; the first thing said stays.
    pub(crate) fn set_fault(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Says that a bare cell holds a lone quote.
    pub(crate) fn set_stray_quote(&mut self) {
        self.stray_quote = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_survive() {
        let mut record = Record::new();
        record.start(7, 70);
        record.push_bytes(b"good");
        record.push_bytes(b"a\xff");
        record.push_bytes("好".as_bytes());
        assert_eq!(record.raw(0), b"good");
        assert_eq!(record.raw(1), b"a\xff");
        assert_eq!(record.raw(2), "好".as_bytes());
        assert_eq!(record.text(1), "a\u{fffd}");
        assert_eq!(record.text(2), "好");
        assert_eq!(record.text(3), "");
        record.clear();
        assert!(record.is_empty());
        assert_eq!(record.raw(0), b"");
    }
}
