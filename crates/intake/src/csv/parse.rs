//! One record with quotes, from its bytes to the places of its cells. Nothing is copied here.

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::{Dialect, LineEnd, MAX_QUOTED_BYTES, MAX_QUOTED_LINES};
use crate::Fault;

/// Where a cell stands, without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) start: usize,
    pub(super) end: usize,
    /// It holds `""`, each of which is one quote.
    pub(super) doubled: bool,
}

/// A record that was read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Bytes without the line end.
    pub(super) length: usize,
    /// Where the next line begins.
    pub(super) next: usize,
    /// Line ends inside quoted cells.
    pub(super) inner_lines: usize,
    /// A bare cell holds a lone quote.
    pub(super) stray_quote: bool,
    /// Text after a closing quote.
    pub(super) fault: Option<Fault>,
    /// The quoted cell before that text spans lines: the quote was perhaps never closed.
    pub(super) doubtful: bool,
}

/// What came of reading a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// The bytes end before the record does.
    More,
    /// A whole record.
    Whole(Shape),
    /// The quote at this place is not closed at the end of the input, or too far away.
    Unclosed {
        /// Place of the quote.
        quote: usize,
        /// The cell is too large rather than open.
        too_large: bool,
    },
}

/// How a cell ended.
enum End {
    Delimiter(usize),
    Line(usize),
    Input,
}

/// Reads one record from the beginning of `data`. `last` says that no bytes come after it.
pub(super) fn parse(data: &[u8], last: bool, dialect: Dialect, cells: &mut Vec<Cell>) -> Parsed {
    cells.clear();
    let line_end = dialect.line_end.byte();
    let mut shape = Shape {
        length: 0,
        next: 0,
        inner_lines: 0,
        stray_quote: false,
        fault: None,
        doubtful: false,
    };
    let mut at = 0;
    loop {
        let end = if data.get(at) == Some(&b'"') {
            match quoted(data, at, last, dialect, cells) {
                Quoted::Closed(end, lines) => {
                    shape.inner_lines += lines;
                    end
                }
                Quoted::Opening(quote, lines) => {
                    // what closes the cell is the opening quote of a later one
                    if lines > 0 {
                        return Parsed::Unclosed {
                            quote: at,
                            too_large: false,
                        };
                    }
                    shape.fault.get_or_insert(Fault::UnclosedQuote);
                    split_bare(data, at, quote - 1, dialect, cells);
                    at = quote;
                    continue;
                }
                Quoted::Text(after, lines) => {
                    // the cell is kept as it stands, from its opening quote to the next delimiter
                    shape.inner_lines += lines;
                    shape.doubtful |= lines > 0;
                    shape.fault.get_or_insert(Fault::TextAfterQuote {
                        column: cells.len(),
                    });
                    let Some(found) = memchr2(dialect.delimiter, line_end, &data[after..]) else {
                        if !last {
                            return Parsed::More;
                        }
                        cells.push(bare(data, at, data.len(), dialect));
                        return finish(data, End::Input, last, dialect, shape);
                    };
                    cells.push(bare(data, at, after + found, dialect));
                    place(data, after + found, dialect)
                }
                Quoted::More => return Parsed::More,
                Quoted::Unclosed { too_large } => {
                    return Parsed::Unclosed {
                        quote: at,
                        too_large,
                    };
                }
            }
        } else {
            let mut from = at;
            loop {
                match memchr3(dialect.delimiter, line_end, b'"', &data[from..]) {
                    Some(found) if data[from + found] == b'"' => {
                        shape.stray_quote = true;
                        from += found + 1;
                    }
                    Some(found) => {
                        cells.push(bare(data, at, from + found, dialect));
                        break place(data, from + found, dialect);
                    }
                    None if last => {
                        cells.push(bare(data, at, data.len(), dialect));
                        break End::Input;
                    }
                    None => return Parsed::More,
                }
            }
        };
        match end {
            End::Delimiter(place) => at = place + 1,
            end => return finish(data, end, last, dialect, shape),
        }
    }
}

/// Takes what stands from `start` to `end` as bare cells, quotes and all.
pub(super) fn split_bare(
    data: &[u8],
    start: usize,
    end: usize,
    dialect: Dialect,
    cells: &mut Vec<Cell>,
) {
    let mut from = start;
    let delimiters = memchr_iter(dialect.delimiter, &data[start..end]).map(|at| start + at);
    for until in delimiters.chain([end]) {
        cells.push(Cell {
            start: from,
            end: until,
            doubled: false,
        });
        from = until + 1;
    }
}

/// The delimiter or line end at a place.
fn place(data: &[u8], at: usize, dialect: Dialect) -> End {
    if data[at] == dialect.delimiter {
        End::Delimiter(at)
    } else {
        End::Line(at)
    }
}

/// A bare cell; the CRs before an LF belong to the line end.
fn bare(data: &[u8], start: usize, end: usize, dialect: Dialect) -> Cell {
    let at_delimiter = data.get(end) == Some(&dialect.delimiter);
    let end = match dialect.line_end {
        LineEnd::Lf if !at_delimiter => start + without_returns(&data[start..end]),
        _ => end,
    };
    Cell {
        start,
        end,
        doubled: false,
    }
}

/// Length of a line without the CRs at its end.
pub(super) fn without_returns(line: &[u8]) -> usize {
    line.len() - line.iter().rev().take_while(|&&byte| byte == b'\r').count()
}

/// Fills in where the record ends.
fn finish(data: &[u8], end: End, last: bool, dialect: Dialect, mut shape: Shape) -> Parsed {
    let at = match end {
        End::Line(at) => at,
        End::Delimiter(_) | End::Input => data.len(),
    };
    shape.length = at;
    if dialect.line_end == LineEnd::Lf {
        shape.length = without_returns(&data[..at]);
    }
    match after_line_end(data, at, last, dialect) {
        Some(next) => shape.next = next,
        None => return Parsed::More,
    }
    Parsed::Whole(shape)
}

/// Where the line after the line end at `at` begins; none where more bytes are needed to say.
pub(super) fn after_line_end(
    data: &[u8],
    at: usize,
    last: bool,
    dialect: Dialect,
) -> Option<usize> {
    if at >= data.len() {
        return Some(data.len());
    }
    match dialect.line_end {
        LineEnd::Lf | LineEnd::Cr => Some(at + 1),
        LineEnd::CrCr => match data.get(at + 1) {
            Some(b'\r') => Some(at + 2),
            None if !last => None,
            _ => Some(at + 1),
        },
    }
}

/// How a quoted cell ended.
enum Quoted {
    Closed(End, usize),
    /// Text follows the closing quote.
    Text(usize, usize),
    /// The quote that closes it follows a delimiter and is followed by text: it opens a cell, and the
    /// one that was open before was never closed.
    Opening(usize, usize),
    More,
    Unclosed {
        too_large: bool,
    },
}

/// Reads the quoted cell that opens at `open`; pushes it where it is closed as it should be.
fn quoted(data: &[u8], open: usize, last: bool, dialect: Dialect, cells: &mut Vec<Cell>) -> Quoted {
    let start = open + 1;
    let line_end = dialect.line_end.byte();
    let mut from = start;
    let mut lines = 0;
    let mut doubled = false;
    loop {
        let found = memchr(b'"', &data[from..]);
        let until = found.map_or(data.len(), |found| from + found);
        lines += memchr_iter(line_end, &data[from..until]).count();
        if until - start > MAX_QUOTED_BYTES {
            return Quoted::Unclosed { too_large: true };
        }
        if lines > MAX_QUOTED_LINES {
            return Quoted::Unclosed { too_large: false };
        }
        if found.is_none() {
            return match last {
                true => Quoted::Unclosed { too_large: false },
                false => Quoted::More,
            };
        }
        match data.get(until + 1) {
            Some(b'"') => {
                doubled = true;
                from = until + 2;
                continue;
            }
            None if !last => return Quoted::More,
            _ => {}
        }
        // blanks between the closing quote and what follows are no text
        let blank = |byte: &u8| {
            *byte != dialect.delimiter && *byte != line_end && matches!(byte, b' ' | b'\t' | b'\r')
        };
        let after = until + 1;
        let blanks = data[after..].iter().take_while(|byte| blank(byte)).count();
        let cell = Cell {
            start,
            end: until,
            doubled,
        };
        let inner = match dialect.line_end {
            LineEnd::CrCr => lines / 2,
            _ => lines,
        };
        return match data.get(after + blanks) {
            None if !last => Quoted::More,
            None => {
                cells.push(cell);
                Quoted::Closed(End::Input, inner)
            }
            Some(&byte) if byte == dialect.delimiter || byte == line_end => {
                cells.push(cell);
                Quoted::Closed(place(data, after + blanks, dialect), inner)
            }
            Some(_) if until > start && data[until - 1] == dialect.delimiter => {
                Quoted::Opening(until, inner)
            }
            Some(_) => Quoted::Text(after, inner),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LF: Dialect = Dialect {
        delimiter: b',',
        line_end: LineEnd::Lf,
    };

    fn read(text: &str) -> (Parsed, Vec<String>) {
        let mut cells = Vec::new();
        let parsed = parse(text.as_bytes(), true, LF, &mut cells);
        let cells = cells
            .iter()
            .map(|cell| text[cell.start..cell.end].to_owned())
            .collect();
        (parsed, cells)
    }

    fn whole(text: &str) -> (Shape, Vec<String>) {
        match read(text) {
            (Parsed::Whole(shape), cells) => (shape, cells),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn cells_and_line_ends() {
        let (shape, cells) = whole("a,\"b,c\",d\r\r\nnext");
        assert_eq!(cells, ["a", "b,c", "d"]);
        assert_eq!((shape.length, shape.next), (9, 12));
        let (shape, cells) = whole("\"a\nb\"\r\n");
        assert_eq!(cells, ["a\nb"]);
        assert_eq!(shape.inner_lines, 1);
        let (_, cells) = whole("\"\",,\"x\"");
        assert_eq!(cells, ["", "", "x"]);
        let (_, cells) = whole("a,\"b\" ,\r\n");
        assert_eq!(cells, ["a", "b", ""]);
    }

    #[test]
    fn quotes_where_they_should_not_be() {
        let (shape, cells) = whole("a,5\"屏,c\n");
        assert!(shape.stray_quote && shape.fault.is_none());
        assert_eq!(cells, ["a", "5\"屏", "c"]);
        let (shape, cells) = whole("a,\"好\"房,c\n");
        assert_eq!(shape.fault, Some(Fault::TextAfterQuote { column: 1 }));
        assert_eq!(cells, ["a", "\"好\"房", "c"]);
        assert!(!shape.doubtful);
        // the quote before `t` opens a cell: the one before was never closed
        let (shape, cells) = whole("a,\"open,c,\"t\nu\",d\n");
        assert_eq!(shape.fault, Some(Fault::UnclosedQuote));
        assert_eq!(cells, ["a", "\"open", "c", "t\nu", "d"]);
        let (parsed, _) = read("a,\"open,c\nd,\"e\",f\n");
        assert!(matches!(parsed, Parsed::Unclosed { quote: 2, .. }));
        let (parsed, _) = read("a,\"open,c\nd,e,f\n");
        assert_eq!(
            parsed,
            Parsed::Unclosed {
                quote: 2,
                too_large: false
            }
        );
    }
}
