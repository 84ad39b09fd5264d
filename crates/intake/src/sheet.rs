//! Workbooks. A sheet is read cell by cell into a private file of rows, so that neither a cell in the
//! last row nor a million of them cost memory; what calamine must hold (shared strings) is capped.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use memchr::memchr;

use crate::source::Source;
use crate::{Error, ErrorKind, Note, Record, rules};

/// Cells that are read from a sheet.
const MOST_CELLS: u64 = 50_000_000;
/// Unpacked bytes of the texts a workbook shares between its cells, which stand in memory.
const MOST_SHARED: u64 = 256 << 20;
/// Bytes of one text in a workbook.
const LONGEST_TEXT: usize = 16 << 20;
/// Parts packed to less than this cannot unpack to anything that hurts.
const SMALL_PART: u64 = 64 << 10;

/// The rows of one sheet.
pub(crate) struct Sheet {
    rows: BufReader<File>,
    name: String,
    cell: Vec<u8>,
    width: usize,
    done: u64,
    total: u64,
}

/// What was read of a workbook.
pub(crate) struct Opened {
    pub(crate) sheet: Sheet,
    pub(crate) notes: Vec<Note>,
}

/// Says why an OLE container is not read: a password, or an age.
pub(crate) fn container(file: &mut dyn Read, shown: &str) -> Error {
    let mut bytes = Vec::new();
    // names of streams stand in UTF-16 in the container's directory
    let sealed: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let read = file.take(256 << 20).read_to_end(&mut bytes);
    if read.is_ok() && memchr::memmem::find(&bytes, &sealed).is_some() {
        return Error::new(
            ErrorKind::Password,
            format!("`{shown}` is protected by a password"),
        )
        .with_hint("open it in a spreadsheet, remove the password, and save it again");
    }
    Error::new(
        ErrorKind::Unsupported,
        format!("`{shown}` is a workbook of the old kind (.xls), which is not read yet"),
    )
    .with_hint("save it as .xlsx or .csv")
}

/// Opens the sheet a person named, or the first that holds anything.
pub(crate) fn open(source: &Source, file: File, wish: Option<&str>) -> Result<Opened, Error> {
    let shown = source.shown.as_str();
    inspect(&file, shown)?;
    let damaged = |error: XlsxError| match error {
        XlsxError::Password => Error::new(
            ErrorKind::Password,
            format!("`{shown}` is protected by a password"),
        )
        .with_hint("open it in a spreadsheet, remove the password, and save it again"),
        _ => broken(shown),
    };
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(damaged)?;
    let names = book.sheet_names();
    let mut notes = Vec::new();
    if let Some(wish) = wish {
        let by_number = || {
            wish.parse::<usize>()
                .ok()
                .and_then(|n| names.get(n.checked_sub(1)?))
        };
        let Some(name) = names.iter().find(|name| *name == wish).or_else(by_number) else {
            return Err(
                Error::new(ErrorKind::Usage, format!("`{shown}` has no sheet `{wish}`"))
                    .with_hint(format!("it has: {}", names.join(", "))),
            );
        };
        let sheet = read(&mut book, name, shown)?;
        return Ok(Opened { sheet, notes });
    }
    for (index, name) in names.iter().enumerate() {
        let sheet = read(&mut book, name, shown)?;
        if sheet.total == 0 && index + 1 < names.len() {
            continue;
        }
        let others: Vec<&str> = names
            .iter()
            .filter(|other| *other != name)
            .map(String::as_str)
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
        return Ok(Opened { sheet, notes });
    }
    Err(broken(shown).with_hint("the workbook has no sheet"))
}

fn broken(shown: &str) -> Error {
    Error::new(
        ErrorKind::Damaged,
        format!("`{shown}`: the workbook breaks off or is damaged"),
    )
    .with_hint("copy or download it again, or save it as .csv")
}

/// Looks at the parts of the archive before a reader takes them into memory.
fn inspect(file: &File, shown: &str) -> Result<(), Error> {
    let failed = |error| Error::io(format!("read `{shown}`"), error);
    let file = file.try_clone().map_err(failed)?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|_| broken(shown))?;
    let has = |name: &str| {
        let mut names = archive.file_names().flatten();
        names.any(|one| one.eq_ignore_ascii_case(name))
    };
    if !has("xl/workbook.xml") {
        let other = if has("content.xml") {
            "an OpenDocument sheet (.ods)"
        } else if has("xl/workbook.bin") {
            "a binary workbook (.xlsb)"
        } else if has("word/document.xml") {
            "a Word document"
        } else {
            return Err(Error::new(
                ErrorKind::Binary,
                format!("`{shown}` is a zip archive, not a workbook"),
            )
            .with_hint("unpack it and name the files in it"));
        };
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("`{shown}` is {other}, which is not read"),
        )
        .with_hint("save it as .xlsx or .csv"));
    }
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| broken(shown))?;
        let name = part.name().map_err(|_| broken(shown))?.to_ascii_lowercase();
        let read = name.starts_with("xl/") && name.ends_with(".xml") || name.ends_with(".rels");
        if !read || part.compressed_size() <= SMALL_PART {
            continue;
        }
        let in_memory = !name.starts_with("xl/worksheets/");
        let mut piece = vec![0; 64 << 10];
        let (mut total, mut text) = (0u64, 0usize);
        loop {
            let length = part.read(&mut piece).map_err(|_| broken(shown))?;
            if length == 0 {
                break;
            }
            total += length as u64;
            let bytes = &piece[..length];
            match (memchr(b'<', bytes), memchr::memrchr(b'<', bytes)) {
                (Some(first), Some(last)) => {
                    text = if text + first > LONGEST_TEXT {
                        usize::MAX
                    } else {
                        length - last
                    };
                }
                _ => text = text.saturating_add(length),
            }
            if text > LONGEST_TEXT || in_memory && total > MOST_SHARED {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    format!("`{shown}` unpacks to more than is read from a workbook"),
                )
                .with_hint("save the sheet as .csv, which may have any size"));
            }
        }
    }
    Ok(())
}

/// Reads a sheet into a file of rows.
fn read<R: Read + Seek>(book: &mut Xlsx<R>, name: &str, shown: &str) -> Result<Sheet, Error> {
    let failed = |error| Error::io(format!("keep the rows of `{shown}`"), error);
    let mut out = BufWriter::new(tempfile::tempfile().map_err(failed)?);
    let mut cells = book
        .worksheet_cells_reader(name)
        .map_err(|_| broken(shown))?;
    let mut row: Vec<(u32, String)> = Vec::new();
    let (mut at, mut count, mut rows) = (0, 0u64, 0u64);
    while let Some(cell) = cells.next_cell().map_err(|_| broken(shown))? {
        let (line, column) = cell.get_position();
        if line != at {
            rows += write_row(&mut out, at, &mut row).map_err(failed)?;
            at = line;
        }
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        count += 1;
        if count > MOST_CELLS {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("sheet `{name}` of `{shown}` has more than {MOST_CELLS} cells"),
            )
            .with_hint("save the sheet as .csv, which may have any size"));
        }
        row.push((column, text));
    }
    rows += write_row(&mut out, at, &mut row).map_err(failed)?;
    let mut file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok(Sheet {
        rows: BufReader::new(file),
        name: name.to_owned(),
        cell: Vec::new(),
        width: 0,
        done: 0,
        total: rows,
    })
}

/// Writes a row: its number, the number of filled cells, and each with its column. Returns 1, or 0
/// for a row without any.
fn write_row(
    out: &mut impl Write,
    line: u32,
    row: &mut Vec<(u32, String)>,
) -> std::io::Result<u64> {
    if row.iter().all(|(_, text)| text.trim().is_empty()) {
        row.clear();
        return Ok(0);
    }
    row.sort_by_key(|&(column, _)| column);
    out.write_all(&(line + 1).to_le_bytes())?;
    out.write_all(&(row.len() as u32).to_le_bytes())?;
    for (column, text) in row.drain(..) {
        out.write_all(&column.to_le_bytes())?;
        out.write_all(&(text.len() as u32).to_le_bytes())?;
        out.write_all(text.as_bytes())?;
    }
    Ok(1)
}

/// A cell as a person reads it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(when) => day_and_time(when),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A whole number without a point, any other as short as it can be written.
fn float(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e21 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

/// A day, a time, or both, as ISO 8601 writes them.
fn day_and_time(when: &ExcelDateTime) -> String {
    let serial = when.as_f64();
    let (year, month, day, hour, minute, second, milli) = when.to_ymd_hms_milli();
    if when.is_duration() || (0.0..1.0).contains(&serial) {
        let seconds = (serial * 86_400.0).round() as i64;
        return format!(
            "{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        );
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
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
        match self.total {
            0 => total,
            rows => (total as u128 * u128::from(self.done) / u128::from(rows)) as u64,
        }
    }

    /// Goes back to the first row.
    pub(crate) fn rewind(&mut self) -> Result<(), Error> {
        self.done = 0;
        self.rows
            .seek(SeekFrom::Start(0))
            .map(|_| ())
            .map_err(|error| Error::io("read the rows of a sheet", error))
    }

    /// Reads the next row that is not blank; false at the end.
    pub(crate) fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        if self.done == self.total {
            return Ok(false);
        }
        self.done += 1;
        self.row(record)
            .map(|()| true)
            .map_err(|error| Error::io("read the rows of a sheet", error))
    }

    fn row(&mut self, record: &mut Record) -> std::io::Result<()> {
        let mut number = || -> std::io::Result<u32> {
            let mut bytes = [0; 4];
            self.rows.read_exact(&mut bytes)?;
            Ok(u32::from_le_bytes(bytes))
        };
        record.start(u64::from(number()?), 0);
        for _ in 0..number()? {
            let mut number = || -> std::io::Result<u32> {
                let mut bytes = [0; 4];
                self.rows.read_exact(&mut bytes)?;
                Ok(u32::from_le_bytes(bytes))
            };
            let column = number()? as usize;
            let length = number()? as usize;
            self.cell.resize(length, 0);
            self.rows.read_exact(&mut self.cell)?;
            while record.len() < column {
                record.push("");
            }
            record.push_bytes(&self.cell);
        }
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
        Ok(())
    }
}
