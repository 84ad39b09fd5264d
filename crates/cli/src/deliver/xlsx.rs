//! Workbooks: text as text, so that ids keep their zeros and their last digits; a sheet that is
//! full is followed by another.

use std::io::{Seek, SeekFrom};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::{Map, Value};

use super::{Destination, Shape, cell, parse};
use crate::spool::Spool;

/// Rows of a sheet, header included.
const SHEET_ROWS: u32 = 1_048_576;
/// Characters (UTF-16 units) of a cell.
const CELL_LENGTH: usize = 32_767;

impl Spool {
    /// Writes the workbook. It is built in a temporary file, as its parts are written out of order.
    pub(super) fn xlsx(&mut self, to: &mut Destination, shape: &Shape<'_>) -> anyhow::Result<()> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties(to)?);
        self.fill_sheets(to.limit, &mut workbook, shape)?;
        let mut file = tempfile::tempfile()?;
        workbook.save_to_writer(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        if let Some(out) = to.sink.file_mut() {
            std::io::copy(&mut file, out)?;
        }
        Ok(())
    }

    fn fill_sheets(
        &mut self,
        limit: Option<u64>,
        workbook: &mut Workbook,
        shape: &Shape<'_>,
    ) -> anyhow::Result<()> {
        let bold = Format::new().set_bold();
        let forms = Forms::new();
        let mut row = SHEET_ROWS;
        self.read(limit, |line| {
            if row == SHEET_ROWS {
                start(workbook.add_worksheet_with_constant_memory()?, shape, &bold)?;
                row = 1;
            }
            let at = workbook.worksheets().len() - 1;
            let sheet = workbook.worksheet_from_index(at)?;
            fill(sheet, row, &parse(line)?, shape, &forms)?;
            row += 1;
            Ok(())
        })?;
        if workbook.worksheets().is_empty() {
            start(workbook.add_worksheet_with_constant_memory()?, shape, &bold)?;
        }
        Ok(())
    }
}

/// How cells are shown.
struct Forms {
    day: Format,
    /// A text that would be taken for a formula once somebody edits its cell.
    quoted: Format,
}

impl Forms {
    fn new() -> Self {
        Forms {
            day: Format::new().set_num_format("yyyy-mm-dd"),
            quoted: Format::new().set_quote_prefix(),
        }
    }
}

/// The workbook bears the run's time, so that the same run gives the same bytes.
fn properties(to: &Destination) -> anyhow::Result<DocProperties> {
    let time = jiff::tz::TimeZone::UTC.to_datetime(to.now);
    let created = ExcelDateTime::from_ymd(
        time.year().max(1900) as u16,
        time.month() as u8,
        time.day() as u8,
    )?
    .and_hms(
        time.hour() as u16,
        time.minute() as u8,
        f64::from(time.second()),
    )?;
    Ok(DocProperties::new().set_creation_datetime(&created))
}

fn start(sheet: &mut Worksheet, shape: &Shape<'_>, bold: &Format) -> anyhow::Result<()> {
    sheet.set_freeze_panes(1, 0)?;
    for (at, column) in shape.columns.iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, *column, bold)?;
    }
    Ok(())
}

fn fill(
    sheet: &mut Worksheet,
    row: u32,
    record: &Map<String, Value>,
    shape: &Shape<'_>,
    forms: &Forms,
) -> anyhow::Result<()> {
    for (at, column) in shape.columns.iter().enumerate() {
        let value = record.get(*column);
        let at = at as u16;
        match value {
            None | Some(Value::Null) => {}
            Some(Value::Bool(flag)) => {
                sheet.write_boolean(row, at, *flag)?;
            }
            Some(Value::Number(number)) => match number.as_f64().filter(|_| is_exact(number)) {
                Some(number) => sheet.write_number(row, at, number).map(drop)?,
                None => sheet.write_string(row, at, number.to_string()).map(drop)?,
            },
            Some(Value::String(text)) if shape.numbers.contains(column) => match number(text) {
                Some(number) => sheet.write_number(row, at, number).map(drop)?,
                None => write_text(sheet, row, at, text, forms)?,
            },
            Some(Value::String(text)) if shape.dates.contains(column) => match day(text) {
                Some(day) => sheet
                    .write_datetime_with_format(row, at, &day, &forms.day)
                    .map(drop)?,
                None => write_text(sheet, row, at, text, forms)?,
            },
            Some(_) => write_text(sheet, row, at, &cell::text(value), forms)?,
        }
    }
    Ok(())
}

fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    forms: &Forms,
) -> anyhow::Result<()> {
    if cell::is_like_formula(text) {
        sheet.write_string_with_format(row, column, cut(text), &forms.quoted)?;
    } else {
        sheet.write_string(row, column, cut(text))?;
    }
    Ok(())
}

/// A day that every spreadsheet knows: they disagree on those before March 1900.
fn day(text: &str) -> Option<ExcelDateTime> {
    const FIRST: &str = "1900-03-01";
    let known = text.len() == FIRST.len() && text >= FIRST;
    known
        .then(|| ExcelDateTime::parse_from_str(text).ok())
        .flatten()
}

/// A decimal that a spreadsheet keeps as it is.
fn number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    (plain && digits <= 15).then(|| text.parse().ok()).flatten()
}

/// A spreadsheet keeps fifteen digits; what has more goes in as text.
fn is_exact(number: &serde_json::Number) -> bool {
    number
        .as_i64()
        .is_none_or(|whole| whole.unsigned_abs() < 1_000_000_000_000_000)
        && number
            .as_u64()
            .is_none_or(|whole| whole < 1_000_000_000_000_000)
}

fn cut(text: &str) -> String {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > CELL_LENGTH {
            // room for the mark that says so
            let mut head: String = text[..at].to_owned();
            head.pop();
            head.push('…');
            return head;
        }
    }
    text.to_owned()
}
