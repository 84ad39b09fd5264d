//! XLSX, read by calamine.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::guard::guarded;
use super::rows::Keep;
use super::value::{day_and_time, error_text, float};
use super::{Book, broken, protected};
use crate::Error;

struct Workbook<'a> {
    book: Xlsx<BufReader<File>>,
    shown: &'a str,
}

/// Opens the workbook in an archive that was looked into.
pub(super) fn open<'a>(file: File, shown: &'a str) -> Result<impl Book + 'a, Error> {
    let book = guarded(|| Xlsx::new(BufReader::new(file))).ok_or_else(|| broken(shown))?;
    let book = book.map_err(|error| match error {
        XlsxError::Password => protected(shown),
        _ => broken(shown),
    })?;
    Ok(Workbook { book, shown })
}

impl Book for Workbook<'_> {
    fn names(&self) -> Vec<String> {
        self.book.sheet_names()
    }

    fn read(&mut self, sheet: usize, keep: &mut Keep<'_>) -> Result<(), Error> {
        let broken = || broken(self.shown);
        let names = self.book.sheet_names();
        let name = names.get(sheet).ok_or_else(broken)?;
        guarded(|| {
            let mut cells = self
                .book
                .worksheet_cells_reader(name)
                .map_err(|_| broken())?;
            while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
                let (row, column) = cell.get_position();
                keep.cell(row, column, text(cell.get_value()))?;
            }
            Ok(())
        })
        .unwrap_or_else(|| Err(broken()))
    }
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(when) => day_and_time(when),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error_text(&error.to_string()),
        DataRef::Empty => String::new(),
    }
}
