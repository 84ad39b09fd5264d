//! Delimited text: CSV, TSV and what spreadsheets and portals call so. The scanner is our own because
//! it must tell text after a closing quote from a good cell, and go on after a quote that is never
//! closed with the line that follows it.

mod parse;
mod scanner;
mod sniff;

pub(crate) use scanner::Scanner;
pub(crate) use sniff::sniff;

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// LF, with any number of CRs before it.
    Lf,
    /// CR alone.
    Cr,
    /// Two CRs, which some exports write for one line end.
    CrCr,
}

impl LineEnd {
    /// The byte to look for.
    pub(crate) fn byte(self) -> u8 {
        match self {
            LineEnd::Lf => b'\n',
            LineEnd::Cr | LineEnd::CrCr => b'\r',
        }
    }
}

/// How cells and lines are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Between cells.
    pub(crate) delimiter: u8,
    /// Between lines.
    pub(crate) line_end: LineEnd,
}

/// Lines a quoted cell may have.
pub(crate) const MAX_QUOTED_LINES: usize = 1_000;
/// Bytes a quoted cell may have.
pub(crate) const MAX_QUOTED_BYTES: usize = 16 << 20;
/// Bytes a line may have.
pub(crate) const MAX_LINE: usize = 32 << 20;
