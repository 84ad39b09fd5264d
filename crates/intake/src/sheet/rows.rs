//! The rows of a sheet, kept in a private file: cells come in as they are met, records go out.
//! Neither a cell in the last row nor a million of them cost memory.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use crate::{Error, ErrorKind, Record};

/// Cells that are read from a sheet.
const MOST_CELLS: u64 = 50_000_000;
/// Bytes of text that are read from a sheet: a short text may stand in every cell, a long one may not.
const MOST_BYTES: u64 = 4 << 30;
/// Cells that are put in order where they come in none.
const MOST_SORTED: u64 = 4_000_000;

/// A cell of a row: its column, from 0, and its text.
pub(super) type Cell = (u32, String);

/// Takes the cells of a sheet.
pub(super) struct Keep<'a> {
    out: BufWriter<File>,
    shown: &'a str,
    name: &'a str,
    at: u32,
    row: Vec<Cell>,
    cells: u64,
    bytes: u64,
    rows: u64,
    /// A row came after one that stands below it.
    disordered: bool,
}

impl<'a> Keep<'a> {
    /// For the sheet `name` of the workbook that messages call `shown`.
    pub(super) fn new(name: &'a str, shown: &'a str) -> Result<Self, Error> {
        let file = tempfile::tempfile().map_err(|error| unkept(shown, error))?;
        Ok(Keep {
            out: BufWriter::new(file),
            shown,
            name,
            at: 0,
            row: Vec::new(),
            cells: 0,
            bytes: 0,
            rows: 0,
            disordered: false,
        })
    }

    /// Takes the text of the cell in a row and a column, both from 0.
    pub(super) fn cell(&mut self, row: u32, column: u32, text: String) -> Result<(), Error> {
        if row != self.at {
            self.end_row()?;
            self.disordered |= row < self.at;
            self.at = row;
        }
        if text.is_empty() {
            return Ok(());
        }
        self.room(1, text.len() as u64)?;
        self.cells += 1;
        self.bytes += text.len() as u64;
        self.row.push((column, text));
        Ok(())
    }

    /// Says whether so many cells more with so much text would be too much, before they are written.
    pub(super) fn room(&self, cells: u64, bytes: u64) -> Result<(), Error> {
        if self.cells.saturating_add(cells) > MOST_CELLS {
            return Err(self.too_large(&format!("has more than {MOST_CELLS} cells")));
        }
        if self.bytes.saturating_add(bytes) > MOST_BYTES {
            return Err(self.too_large("holds more than 4 GiB of text"));
        }
        Ok(())
    }

    fn too_large(&self, what: &str) -> Error {
        Error::new(
            ErrorKind::TooLarge,
            format!("sheet `{}` of `{}` {what}", self.name, self.shown),
        )
        .with_hint("save the sheet as .csv, which may have any size")
    }

    fn end_row(&mut self) -> Result<(), Error> {
        let written = write_row(&mut self.out, self.at, &mut self.row);
        self.rows += written.map_err(|error| unkept(self.shown, error))?;
        Ok(())
    }

    /// The rows, ready to be read.
    pub(super) fn finish(mut self) -> Result<Rows, Error> {
        self.end_row()?;
        if self.disordered && self.cells > MOST_SORTED {
            return Err(self.too_large(&format!(
                "has its cells in no order, and more than {MOST_SORTED} of them"
            )));
        }
        let failed = |error| unkept(self.shown, error);
        let mut file = self
            .out
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut rows = Rows {
            file: BufReader::new(file),
            cell: Vec::new(),
            total: self.rows,
        };
        if self.disordered {
            rows = rows.sorted().map_err(failed)?;
        }
        Ok(rows)
    }
}

fn unkept(shown: &str, error: std::io::Error) -> Error {
    Error::io(format!("keep the rows of `{shown}`"), error)
}

/// Writes a row: its number, the number of filled cells, and each with its column. Returns 1, or 0
/// for a row without any.
fn write_row(out: &mut impl Write, row: u32, cells: &mut Vec<Cell>) -> std::io::Result<u64> {
    if cells.iter().all(|(_, text)| text.trim().is_empty()) {
        cells.clear();
        return Ok(0);
    }
    cells.sort_by_key(|&(column, _)| column);
    out.write_all(&(row + 1).to_le_bytes())?;
    out.write_all(&(cells.len() as u32).to_le_bytes())?;
    for (column, text) in cells.drain(..) {
        out.write_all(&column.to_le_bytes())?;
        out.write_all(&(text.len() as u32).to_le_bytes())?;
        out.write_all(text.as_bytes())?;
    }
    Ok(1)
}

/// The kept rows of a sheet, from first to last.
pub(super) struct Rows {
    file: BufReader<File>,
    cell: Vec<u8>,
    total: u64,
}

impl Rows {
    /// Rows that hold anything.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Goes back to the first row.
    pub(super) fn rewind(&mut self) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(0)).map(|_| ())
    }

    fn number(&mut self) -> std::io::Result<u32> {
        let mut bytes = [0; 4];
        self.file.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// Reads the next row; there must be one.
    pub(super) fn read(&mut self, record: &mut Record) -> std::io::Result<()> {
        record.start(u64::from(self.number()?), 0);
        for _ in 0..self.number()? {
            let column = self.number()? as usize;
            let length = self.number()? as usize;
            self.cell.resize(length, 0);
            self.file.read_exact(&mut self.cell)?;
            // of two texts for one cell the first counts
            if record.len() > column {
                continue;
            }
            while record.len() < column {
                record.push("");
            }
            record.push_bytes(&self.cell);
        }
        Ok(())
    }

    /// The same rows from top to bottom, those of one number made one.
    fn sorted(mut self) -> std::io::Result<Self> {
        let mut all = Vec::new();
        for _ in 0..self.total {
            let row = self.number()?;
            for _ in 0..self.number()? {
                let column = self.number()?;
                let length = self.number()? as usize;
                let mut text = vec![0; length];
                self.file.read_exact(&mut text)?;
                all.push((row, column, text));
            }
        }
        all.sort_by_key(|&(row, column, _)| (row, column));
        let mut out = BufWriter::new(tempfile::tempfile()?);
        let mut total = 0;
        for row in all.chunk_by(|one, next| one.0 == next.0) {
            total += 1;
            out.write_all(&row[0].0.to_le_bytes())?;
            out.write_all(&(row.len() as u32).to_le_bytes())?;
            for (_, column, text) in row {
                out.write_all(&column.to_le_bytes())?;
                out.write_all(&(text.len() as u32).to_le_bytes())?;
                out.write_all(text)?;
            }
        }
        let mut file = out.into_inner().map_err(|error| error.into_error())?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Rows {
            file: BufReader::new(file),
            cell: self.cell,
            total,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(cells: &[(u32, u32, &str)]) -> Vec<(u64, Vec<String>)> {
        let mut keep = Keep::new("s", "x").unwrap();
        for &(row, column, text) in cells {
            keep.cell(row, column, text.to_owned()).unwrap();
        }
        let mut rows = keep.finish().unwrap();
        let mut record = Record::new();
        (0..rows.total())
            .map(|_| {
                rows.read(&mut record).unwrap();
                (record.line(), record.iter().map(str::to_owned).collect())
            })
            .collect()
    }

    #[test]
    fn cells_in_no_order_make_rows() {
        let row = |line, cells: &[&str]| (line, cells.iter().map(|&c| c.to_owned()).collect());
        assert_eq!(
            kept(&[(0, 1, "b"), (0, 0, "a"), (1, 0, ""), (9, 0, "c")]),
            [row(1, &["a", "b"]), row(10, &["c"])]
        );
        // column by column, as some writers go
        assert_eq!(
            kept(&[(0, 0, "a"), (1, 0, "b"), (0, 2, "c"), (1, 1, "d")]),
            [row(1, &["a", "", "c"]), row(2, &["b", "d"])]
        );
    }
}
