//! Workbooks: XLSX, XLS and ODS. Whatever the kind, a sheet is read cell by cell into a private file
//! of rows; what must be held (texts that cells share) is capped.

mod archive;
mod container;
mod guard;
mod ods;
mod rows;
mod value;
mod xls;
mod xlsx;

use std::fs::File;

use crate::source::Source;
use crate::{Error, ErrorKind, Format, Note, Record, rules};
use rows::{Keep, Rows};

/// Bytes of the texts a workbook shares between its cells, which stand in memory.
const MOST_SHARED: u64 = 256 << 20;
/// Bytes of one text in a workbook.
const LONGEST_TEXT: usize = 16 << 20;

/// The rows of one sheet.
pub(crate) struct Sheet {
    rows: Rows,
    name: String,
    width: usize,
    done: u64,
}

/// What was read of a workbook.
pub(crate) struct Opened {
    pub(crate) sheet: Sheet,
    pub(crate) format: Format,
    pub(crate) notes: Vec<Note>,
}

/// A workbook of one kind: its sheets in order, each read by its place among them.
trait Book {
    fn names(&self) -> Vec<String>;
    fn read(&mut self, sheet: usize, keep: &mut Keep<'_>) -> Result<(), Error>;
}

/// Opens an archive: the sheet a person named, or the first that holds anything.
pub(crate) fn open_archive(
    source: &Source,
    file: File,
    wish: Option<&str>,
) -> Result<Opened, Error> {
    let shown = source.shown.as_str();
    match archive::inspect(&file, shown)? {
        archive::Kind::Xlsx => choose(&mut xlsx::open(file, shown)?, Format::Xlsx, wish, shown),
        archive::Kind::Ods => choose(&mut ods::open(file, shown)?, Format::Ods, wish, shown),
    }
}

/// The same of an OLE container, in which XLS keeps its sheets.
pub(crate) fn open_container(
    source: &Source,
    file: File,
    wish: Option<&str>,
) -> Result<Opened, Error> {
    let shown = source.shown.as_str();
    choose(&mut xls::open(file, shown)?, Format::Xls, wish, shown)
}

fn choose(
    book: &mut dyn Book,
    format: Format,
    wish: Option<&str>,
    shown: &str,
) -> Result<Opened, Error> {
    let names = book.names();
    let mut read = |index: usize| -> Result<Sheet, Error> {
        let name = &names[index];
        let mut keep = Keep::new(name, shown)?;
        book.read(index, &mut keep)?;
        Ok(Sheet {
            rows: keep.finish()?,
            name: name.clone(),
            width: 0,
            done: 0,
        })
    };
    let mut notes = Vec::new();
    if let Some(wish) = wish {
        let by_number = || {
            let number = wish.parse::<usize>().ok()?.checked_sub(1)?;
            (number < names.len()).then_some(number)
        };
        let named = names.iter().position(|name| name == wish);
        let Some(index) = named.or_else(by_number) else {
            return Err(
                Error::new(ErrorKind::Usage, format!("`{shown}` has no sheet `{wish}`"))
                    .with_hint(format!("it has: {}", names.join(", "))),
            );
        };
        let sheet = read(index)?;
        return Ok(Opened {
            sheet,
            format,
            notes,
        });
    }
    for (index, name) in names.iter().enumerate() {
        let sheet = read(index)?;
        if sheet.rows.total() == 0 && index + 1 < names.len() {
            continue;
        }
        let others: Vec<&str> = (0..names.len())
            .filter(|&other| other != index)
            .map(|other| names[other].as_str())
            .collect();
        if !others.is_empty() {
            let list = others.join(", ");
            notes.push(
                Note::new(
                    rules::SHEETS_LEFT_OUT.code,
                    format!("sheet `{name}` is read; left out: {list}"),
                )
                .with_zh(format!("读取工作表“{name}”；未读取：{list}")),
            );
        }
        return Ok(Opened {
            sheet,
            format,
            notes,
        });
    }
    Err(Error::new(
        ErrorKind::Damaged,
        format!("`{shown}`: the workbook has no sheet"),
    )
    .with_hint("open it in a spreadsheet and save it again, or save it as .csv"))
}

fn broken(shown: &str) -> Error {
    Error::new(
        ErrorKind::Damaged,
        format!("`{shown}`: the workbook breaks off or is damaged"),
    )
    .with_hint("copy or download it again, or save it as .csv")
}

fn protected(shown: &str) -> Error {
    Error::new(
        ErrorKind::Password,
        format!("`{shown}` is protected by a password"),
    )
    .with_hint("open it in a spreadsheet, remove the password, and save it again")
}

fn too_large(shown: &str) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!("`{shown}` unpacks to more than is read from a workbook"),
    )
    .with_hint("save the sheet as .csv, which may have any size")
}

impl Sheet {
    /// The sheet's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Says how many cells a record has at least.
    pub(crate) fn expect(&mut self, width: usize) {
        self.width = width;
    }

    /// Share of the rows that were read, in parts of `total`.
    pub(crate) fn progress(&self, total: u64) -> u64 {
        match self.rows.total() {
            0 => total,
            rows => (total as u128 * u128::from(self.done) / u128::from(rows)) as u64,
        }
    }

    /// Goes back to the first row.
    pub(crate) fn rewind(&mut self) -> Result<(), Error> {
        self.done = 0;
        self.rows
            .rewind()
            .map_err(|error| Error::io("read the rows of a sheet", error))
    }

    /// Reads the next row that is not blank; false at the end.
    pub(crate) fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        if self.done == self.rows.total() {
            return Ok(false);
        }
        self.done += 1;
        self.rows
            .read(record)
            .map_err(|error| Error::io("read the rows of a sheet", error))?;
        while record.len() < self.width {
            record.push("");
        }
        let found = record.len();
        if self.width > 0 && found > self.width {
            record.set_fault(crate::Fault::TooManyCells {
                found,
                expected: self.width,
            });
        }
        if let Some(column) = (0..found).find(|&column| record.text(column).contains('\0')) {
            record.set_fault(crate::Fault::Nul { column });
        }
        Ok(true)
    }
}
