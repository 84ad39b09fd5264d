//! Delimiter and line end, judged from the beginning of a file.

use std::collections::HashMap;

use memchr::memchr_iter;

use super::parse::{Parsed, parse};
use super::{Dialect, LineEnd};

/// Delimiters tried, the likelier ones first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Rows looked at.
const ROWS: usize = 200;

/// What the beginning of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sniffed {
    /// How cells and lines are kept apart.
    pub(crate) dialect: Dialect,
    /// Its first line is `sep=;`, which names the delimiter and is no row.
    pub(crate) names_delimiter: bool,
}

/// Judges `sample`, the beginning of a file; `whole` says that it is all of it.
pub(crate) fn sniff(sample: &[u8], whole: bool, delimiter: Option<u8>) -> Sniffed {
    let line_end = line_end(sample);
    let named = named_delimiter(sample);
    let delimiter = delimiter.or(named).unwrap_or_else(|| {
        let mut best = (b',', 0.0);
        for delimiter in DELIMITERS {
            let dialect = Dialect {
                delimiter,
                line_end,
            };
            let score = score(sample, whole, dialect);
            // a later one must be clearly better: cells packed with bars are as regular as columns
            if score > best.1 + 0.2 || (best.1 == 0.0 && score > 0.0) {
                best = (delimiter, score);
            }
        }
        best.0
    });
    Sniffed {
        dialect: Dialect {
            delimiter,
            line_end,
        },
        names_delimiter: named.is_some(),
    }
}

/// LF where there is one outside quotes, else CR, doubled where nearly all come in pairs.
fn line_end(sample: &[u8]) -> LineEnd {
    let feeds = memchr_iter(b'\n', sample).count();
    let returns = memchr_iter(b'\r', sample).count();
    if returns == 0 || (feeds > 0 && feeds_outside_quotes(sample) * 20 > returns) {
        return LineEnd::Lf;
    }
    let pairs = sample
        .chunk_by(|&one, &other| one == b'\r' && other == b'\r')
        .filter(|run| run.len() > 1 && run.len() % 2 == 0 && run[0] == b'\r')
        .map(|run| run.len() / 2)
        .sum::<usize>();
    if pairs * 2 * 10 >= returns * 9 {
        LineEnd::CrCr
    } else {
        LineEnd::Cr
    }
}

/// LFs that are not inside quotes, where quotes come in pairs; all of them where they do not.
fn feeds_outside_quotes(sample: &[u8]) -> usize {
    let mut inside = false;
    let mut feeds = 0;
    for &byte in sample {
        match byte {
            b'"' => inside = !inside,
            b'\n' if !inside => feeds += 1,
            _ => {}
        }
    }
    if inside {
        return memchr_iter(b'\n', sample).count();
    }
    feeds
}

/// The delimiter a first line `sep=;` names.
fn named_delimiter(sample: &[u8]) -> Option<u8> {
    let rest = sample.strip_prefix(b"\"").unwrap_or(sample);
    let rest = rest.strip_prefix(b"sep=")?;
    let (&delimiter, rest) = rest.split_first()?;
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let ends = rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r");
    (ends && delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric()).then_some(delimiter)
}

/// How well rows agree on one number of cells, 0 to 1; 0 where a row has but one.
fn score(sample: &[u8], whole: bool, dialect: Dialect) -> f64 {
    let widths = widths(sample, whole, dialect);
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for &width in &widths {
        *counts.entry(width).or_default() += 1;
    }
    let Some((&width, &rows)) = counts.iter().max_by_key(|&(width, rows)| (rows, width)) else {
        return 0.0;
    };
    if width < 2 {
        return 0.0;
    }
    let share = rows as f64 / widths.len() as f64;
    // the header, or the last of the lines before it, has as many cells as the rows
    match widths.iter().take(10).position(|&one| one == width) {
        Some(0) => share,
        Some(_) if widths.len() > 2 => share * 0.6,
        _ => share * 0.3,
    }
}

/// Numbers of cells of the first rows.
fn widths(sample: &[u8], whole: bool, dialect: Dialect) -> Vec<usize> {
    let mut widths = Vec::new();
    let mut cells = Vec::new();
    let mut at = 0;
    while at < sample.len() && widths.len() < ROWS {
        let rest = &sample[at..];
        match parse(rest, whole, dialect, &mut cells) {
            Parsed::Whole(shape) => {
                let blank = shape.length == 0;
                if !blank {
                    widths.push(cells.len());
                }
                at += shape.next.max(1);
            }
            Parsed::Unclosed { .. } => {
                let line_end = dialect.line_end.byte();
                let next = memchr::memchr(line_end, rest).map_or(rest.len(), |next| next + 1);
                at += next;
            }
            Parsed::More => {
                // a single line that goes on behind the sample still tells its delimiter
                if widths.is_empty() {
                    widths.push(memchr_iter(dialect.delimiter, rest).count() + 1);
                }
                break;
            }
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (char, LineEnd) {
        let dialect = sniff(text.as_bytes(), true, None).dialect;
        (dialect.delimiter as char, dialect.line_end)
    }

    #[test]
    fn delimiters() {
        assert_eq!(of("a,b\n1,2\n").0, ',');
        assert_eq!(of("a;b\n1,5;2,5\n").0, ';');
        assert_eq!(of("a\tb\n1,5\t2\n").0, '\t');
        assert_eq!(of("a|b|c\n1|2|3\n").0, '|');
        // bars inside cells are not columns
        assert_eq!(
            of("house,price\n2室 | 63㎡ | 南,5\n3室 | 80㎡ | 北,6\n").0,
            ','
        );
        assert_eq!(of("one\ntwo\n").0, ',');
        assert_eq!(of("房源导出\nid;price\n1;2\n3;4\n").0, ';');
        assert_eq!(of("").0, ',');
    }

    #[test]
    fn named_delimiters() {
        let sniffed = sniff(b"sep=;\na;b\n", true, None);
        assert!(sniffed.names_delimiter);
        assert_eq!(sniffed.dialect.delimiter, b';');
    }

    #[test]
    fn line_ends() {
        assert_eq!(of("a,b\r\n1,2\r\n").1, LineEnd::Lf);
        assert_eq!(of("a,b\r\r\n1,2\r\r\n").1, LineEnd::Lf);
        assert_eq!(of("a,b\r1,2\r").1, LineEnd::Cr);
        assert_eq!(of("a,b\r\r1,2\r\r").1, LineEnd::CrCr);
        assert_eq!(of("a,b\r\"x\ny\",2\r3,4\r").1, LineEnd::Cr);
    }
}
