//! XLS (BIFF5 and BIFF8), read record by record. calamine reads it too, but makes a grid of every
//! sheet and panics where a file was made to mislead it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{ErrorKind as Io, Read, Result as IoResult};

use calamine::{ExcelDateTime, ExcelDateTimeType};
use encoding_rs::Encoding;

use super::container::{Container, Stream, damaged};
use super::rows::Keep;
use super::value::{day_and_time, error_text, float};
use super::{Book, MOST_SHARED, broken, protected, too_large};
use crate::{Error, ErrorKind};

/// Types of records, as MS-XLS numbers them.
mod kind {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000a;
    pub(super) const CALENDAR: u16 = 0x0022;
    pub(super) const PASSWORD: u16 = 0x002f;
    pub(super) const CONTINUE: u16 = 0x003c;
    pub(super) const CODE_PAGE: u16 = 0x0042;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const NUMBERS: u16 = 0x00bd;
    pub(super) const RICH_LABEL: u16 = 0x00d6;
    pub(super) const STYLE: u16 = 0x00e0;
    pub(super) const SHARED_TEXTS: u16 = 0x00fc;
    pub(super) const SHARED_LABEL: u16 = 0x00fd;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const BOOL_OR_ERROR: u16 = 0x0205;
    pub(super) const FORMULA_TEXT: u16 = 0x0207;
    pub(super) const SHORT_NUMBER: u16 = 0x027e;
    pub(super) const FORMAT: u16 = 0x041e;
    pub(super) const BEGIN: u16 = 0x0809;
}

/// What the number format of a cell makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    Number,
    Day,
    Length,
}

struct Workbook<'a> {
    records: Records,
    sheets: Vec<(String, u64)>,
    texts: Texts,
    /// Of each style of a cell.
    styles: Vec<Shows>,
    from_1904: bool,
    shown: &'a str,
}

/// Texts that cells share, in one piece.
#[derive(Default)]
struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.all.get(start..end)
    }
}

/// Opens the workbook in a container.
pub(super) fn open<'a>(file: File, shown: &'a str) -> Result<impl Book + 'a, Error> {
    let container = Container::open(file).map_err(|error| failed(error, shown))?;
    if container.has("EncryptedPackage") {
        return Err(protected(shown));
    }
    let stream = ["Workbook", "Book"].into_iter().find_map(|name| {
        container
            .stream(name)
            .map_err(|error| failed(error, shown))
            .transpose()
    });
    let Some(stream) = stream else {
        let other = match container.has("WordDocument") {
            true => "a Word document (.doc)",
            false => "an OLE container without a workbook",
        };
        return Err(Error::new(
            ErrorKind::Binary,
            format!("`{shown}` is {other}, not a table"),
        )
        .with_hint("save its table as .xlsx or .csv"));
    };
    Workbook::new(Records::new(stream?), shown)
}

fn failed(error: std::io::Error, shown: &str) -> Error {
    match error.kind() {
        Io::InvalidData | Io::UnexpectedEof | Io::InvalidInput => broken(shown),
        _ => Error::io(format!("read `{shown}`"), error),
    }
}

impl<'a> Workbook<'a> {
    fn new(records: Records, shown: &'a str) -> Result<Self, Error> {
        let mut book = Workbook {
            records,
            sheets: Vec::new(),
            texts: Texts::default(),
            styles: Vec::new(),
            from_1904: false,
            shown,
        };
        let failed = |error| failed(error, shown);
        if book.records.next().map_err(failed)? != Some(kind::BEGIN) {
            return Err(broken(shown));
        }
        book.records.wide = match book.records.u16_at(0).map_err(failed)? {
            0x0600 => true,
            0x0500 => false,
            _ => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    format!("`{shown}` is a workbook of Excel 4 or older, which is not read"),
                )
                .with_hint("save it as .xlsx or .csv"));
            }
        };
        let mut formats = HashMap::new();
        let mut styles = Vec::new();
        loop {
            let records = &mut book.records;
            match records.next().map_err(failed)? {
                // a workbook that ends before it says so is cut off
                None => return Err(broken(shown)),
                Some(kind::END) => break,
                Some(kind::PASSWORD) => return Err(protected(shown)),
                Some(kind::CALENDAR) => {
                    book.from_1904 = records.u16_at(0).map_err(failed)? == 1;
                }
                Some(kind::CODE_PAGE) => {
                    records.encoding = code_page(records.u16_at(0).map_err(failed)?);
                }
                Some(kind::FORMAT) => {
                    let (number, code) = records.format().map_err(failed)?;
                    formats.insert(number, shows(&code));
                }
                Some(kind::STYLE) => styles.push(records.u16_at(2).map_err(failed)?),
                Some(kind::SHEET) => {
                    if let Some(sheet) = records.sheet().map_err(failed)? {
                        book.sheets.push(sheet);
                    }
                }
                Some(kind::SHARED_TEXTS) => {
                    let texts = records.shared_texts().map_err(failed)?;
                    book.texts = texts.ok_or_else(|| too_large(shown))?;
                }
                Some(_) => {}
            }
        }
        book.styles = styles
            .iter()
            .map(|number| {
                let own = formats.get(number).copied();
                own.unwrap_or_else(|| built_in(*number))
            })
            .collect();
        Ok(book)
    }

    fn number(&self, style: u16, number: f64) -> String {
        let shows = self.styles.get(usize::from(style));
        let kind = match shows {
            None | Some(Shows::Number) => return float(number),
            Some(Shows::Day) => ExcelDateTimeType::DateTime,
            Some(Shows::Length) => ExcelDateTimeType::TimeDelta,
        };
        day_and_time(&ExcelDateTime::new(number, kind, self.from_1904))
    }

    /// Reads the next cells; false at the end of the sheet.
    fn cells(
        &mut self,
        state: &mut State,
        take: &mut dyn FnMut(u16, u16, String) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let shown = self.shown;
        let failed = |error| failed(error, shown);
        let Some(record) = self.records.next().map_err(failed)? else {
            return Err(broken(shown));
        };
        // charts on a sheet have records that look like cells
        match record {
            kind::BEGIN => state.depth += 1,
            kind::END => {
                state.depth = state.depth.saturating_sub(1);
                return Ok(state.depth > 0);
            }
            _ => {}
        }
        if state.depth != 1 {
            return Ok(true);
        }
        let records = &mut self.records;
        let place = |records: &Records| -> IoResult<(u16, u16, u16)> {
            Ok((records.u16_at(0)?, records.u16_at(2)?, records.u16_at(4)?))
        };
        match record {
            kind::NUMBER => {
                let (row, column, style) = place(records).map_err(failed)?;
                let number = records.f64_at(6).map_err(failed)?;
                take(row, column, self.number(style, number))?;
            }
            kind::SHORT_NUMBER => {
                let (row, column, style) = place(records).map_err(failed)?;
                let number = records.short_number(6).map_err(failed)?;
                take(row, column, self.number(style, number))?;
            }
            kind::NUMBERS => {
                let (row, first) = (
                    records.u16_at(0).map_err(failed)?,
                    records.u16_at(2).map_err(failed)?,
                );
                let count = records.data.len().saturating_sub(6) / 6;
                for index in 0..count {
                    let at = 4 + 6 * index;
                    let style = self.records.u16_at(at).map_err(failed)?;
                    let number = self.records.short_number(at + 2).map_err(failed)?;
                    let column = u16::try_from(index).ok();
                    let column = column.and_then(|index| first.checked_add(index));
                    let column = column.ok_or_else(|| broken(shown))?;
                    take(row, column, self.number(style, number))?;
                }
            }
            kind::SHARED_LABEL => {
                let (row, column, _) = place(records).map_err(failed)?;
                let index = records.u32_at(6).map_err(failed)? as usize;
                let text = self.texts.get(index).ok_or_else(|| broken(shown))?;
                take(row, column, text.to_owned())?;
            }
            kind::LABEL | kind::RICH_LABEL => {
                let (row, column, _) = place(records).map_err(failed)?;
                let text = records.label(6).map_err(failed)?;
                take(row, column, text)?;
            }
            kind::BOOL_OR_ERROR => {
                let (row, column, _) = place(records).map_err(failed)?;
                let value = records.u8_at(6).map_err(failed)?;
                let text = match records.u8_at(7).map_err(failed)? {
                    0 => (value != 0).to_string(),
                    _ => error_text(error_name(value)),
                };
                take(row, column, text)?;
            }
            kind::FORMULA => {
                let (row, column, style) = place(records).map_err(failed)?;
                let number = records.f64_at(6).map_err(failed)?;
                state.formula = (row, column);
                if records.u16_at(12).map_err(failed)? != 0xffff {
                    take(row, column, self.number(style, number))?;
                } else {
                    let value = records.u8_at(8).map_err(failed)?;
                    match records.u8_at(6).map_err(failed)? {
                        1 => take(row, column, (value != 0).to_string())?,
                        2 => take(row, column, error_text(error_name(value)))?,
                        // text stands in a record of its own, nothing nowhere
                        _ => {}
                    }
                }
            }
            kind::FORMULA_TEXT => {
                let (row, column) = state.formula;
                let text = records.label(0).map_err(failed)?;
                take(row, column, text)?;
            }
            _ => {}
        }
        Ok(true)
    }
}

/// What must be known from one record of a sheet to the next.
#[derive(Default)]
struct State {
    /// Beginnings that have not ended.
    depth: usize,
    /// The cell of the last formula.
    formula: (u16, u16),
}

impl Book for Workbook<'_> {
    fn names(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    fn read(&mut self, sheet: usize, keep: &mut Keep<'_>) -> Result<(), Error> {
        let (_, place) = self.sheets.get(sheet).ok_or_else(|| broken(self.shown))?;
        self.records.go(*place);
        let mut state = State::default();
        let mut take = |row: u16, column: u16, text: String| {
            keep.cell(u32::from(row), u32::from(column), text)
        };
        while self.cells(&mut state, &mut take)? {}
        Ok(())
    }
}

/// The records of a stream.
struct Records {
    stream: Stream,
    /// The record read last.
    data: Vec<u8>,
    at: usize,
    /// The type and length of the one that follows, where it was looked at.
    ahead: Option<(u16, u16)>,
    /// BIFF8, whose texts are Unicode; those of BIFF5 are in the encoding.
    wide: bool,
    encoding: &'static Encoding,
}

impl Records {
    fn new(stream: Stream) -> Self {
        Records {
            stream,
            data: Vec::new(),
            at: 0,
            ahead: None,
            wide: true,
            encoding: encoding_rs::WINDOWS_1252,
        }
    }

    fn go(&mut self, place: u64) {
        self.stream.go(place);
        self.ahead = None;
    }

    /// Looks at the type of the record that follows; none at the end of the stream.
    fn look(&mut self) -> IoResult<Option<u16>> {
        if self.ahead.is_none() {
            let mut header = Vec::with_capacity(4);
            (&mut self.stream).take(4).read_to_end(&mut header)?;
            let [a, b, c, d] = header[..] else {
                return Ok(None);
            };
            self.ahead = Some((u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])));
        }
        Ok(self.ahead.map(|(kind, _)| kind))
    }

    /// Reads the next record; its type.
    fn next(&mut self) -> IoResult<Option<u16>> {
        self.look()?;
        let Some((kind, length)) = self.ahead.take() else {
            return Ok(None);
        };
        self.at = 0;
        self.data.resize(usize::from(length), 0);
        self.stream.read_exact(&mut self.data)?;
        Ok(Some(kind))
    }

    /// Reads what continues the record, if anything does.
    fn go_on(&mut self) -> IoResult<bool> {
        let continues = self.look()? == Some(kind::CONTINUE);
        if continues {
            self.next()?;
        }
        Ok(continues)
    }

    fn bytes<const N: usize>(&self, at: usize) -> IoResult<[u8; N]> {
        let bytes = at
            .checked_add(N)
            .and_then(|end| self.data.get(at..end))
            .and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(damaged)
    }

    fn u8_at(&self, at: usize) -> IoResult<u8> {
        self.bytes::<1>(at).map(|[byte]| byte)
    }

    fn u16_at(&self, at: usize) -> IoResult<u16> {
        self.bytes(at).map(u16::from_le_bytes)
    }

    fn u32_at(&self, at: usize) -> IoResult<u32> {
        self.bytes(at).map(u32::from_le_bytes)
    }

    fn f64_at(&self, at: usize) -> IoResult<f64> {
        self.bytes(at).map(f64::from_le_bytes)
    }

    /// A number in four bytes: a whole one or the upper half of another, either as hundredths.
    fn short_number(&self, at: usize) -> IoResult<f64> {
        let bits = self.u32_at(at)?;
        let number = match bits & 2 {
            0 => f64::from_bits(u64::from(bits & !3) << 32),
            _ => f64::from(bits as i32 >> 2),
        };
        Ok(match bits & 1 {
            0 => number,
            _ => number / 100.0,
        })
    }

    /// Takes the next byte, which may stand in the record that continues this one.
    fn byte(&mut self) -> IoResult<u8> {
        while self.at == self.data.len() {
            if !self.go_on()? {
                return Err(damaged());
            }
        }
        self.at += 1;
        self.u8_at(self.at - 1)
    }

    fn short(&mut self) -> IoResult<usize> {
        Ok(usize::from(u16::from_le_bytes([
            self.byte()?,
            self.byte()?,
        ])))
    }

    fn skip(&mut self, mut count: u64) -> IoResult<()> {
        while count > 0 {
            let there = (self.data.len() - self.at) as u64;
            let now = there.min(count);
            self.at += now as usize;
            count -= now;
            if count > 0 && !self.go_on()? {
                return Err(damaged());
            }
        }
        Ok(())
    }

    /// Takes so many characters, of two bytes where they are `wide`, else of the one that is not 0.
    fn characters(&mut self, mut count: usize, mut wide: bool, out: &mut String) -> IoResult<()> {
        let mut units = Vec::new();
        loop {
            let there = self.data.get(self.at..).unwrap_or_default();
            let width = if wide { 2 } else { 1 };
            let now = count.min(there.len() / width);
            let taken = &there[..now * width];
            match wide {
                true => units.extend(
                    taken
                        .chunks_exact(2)
                        .map(|two| u16::from_le_bytes([two[0], two[1]])),
                ),
                false => units.extend(taken.iter().map(|&byte| u16::from(byte))),
            }
            self.at += now * width;
            count -= now;
            if count == 0 {
                break;
            }
            if !self.go_on()? {
                return Err(damaged());
            }
            // what continues a text says anew how wide it is
            wide = self.byte()? & 1 == 1;
        }
        let text = char::decode_utf16(units).map(|one| one.unwrap_or('\u{fffd}'));
        out.extend(text);
        Ok(())
    }

    /// Takes text of which the length stands before it, in one byte or two.
    fn text(&mut self, long: bool) -> IoResult<String> {
        let count = match long {
            true => self.short()?,
            false => usize::from(self.byte()?),
        };
        let mut text = String::new();
        if self.wide {
            let wide = count > 0 && self.byte()? & 1 == 1;
            self.characters(count, wide, &mut text)?;
        } else {
            let mut bytes = Vec::with_capacity(count);
            for _ in 0..count {
                bytes.push(self.byte()?);
            }
            text = self
                .encoding
                .decode_without_bom_handling(&bytes)
                .0
                .into_owned();
        }
        Ok(text)
    }

    /// The text at a place of a record.
    fn label(&mut self, at: usize) -> IoResult<String> {
        if at > self.data.len() {
            return Err(damaged());
        }
        self.at = at;
        self.text(true)
    }

    fn format(&mut self) -> IoResult<(u16, String)> {
        let number = self.u16_at(0)?;
        self.at = 2;
        Ok((number, self.text(self.wide)?))
    }

    /// Name and place of a sheet; none where it is a chart or a program.
    fn sheet(&mut self) -> IoResult<Option<(String, u64)>> {
        let place = u64::from(self.u32_at(0)?);
        let cells = self.u8_at(5)? == 0;
        self.at = 6;
        let name = self.text(false)?.replace('\0', "");
        Ok(cells.then_some((name, place)))
    }

    /// The texts that cells share; none where they are too much to hold.
    fn shared_texts(&mut self) -> IoResult<Option<Texts>> {
        let count = self.u32_at(4)?;
        self.at = 8;
        let mut texts = Texts::default();
        for _ in 0..count {
            // some writers announce more texts than they write
            if self.at == self.data.len() && !self.go_on()? {
                break;
            }
            let length = self.short()?;
            let flags = self.byte()?;
            let runs = match flags & 8 {
                0 => 0,
                _ => self.short()? as u64,
            };
            let more = match flags & 4 {
                0 => 0,
                _ => {
                    let low = self.short()? as u64;
                    low | (self.short()? as u64) << 16
                }
            };
            self.characters(length, flags & 1 == 1, &mut texts.all)?;
            self.skip(runs * 4 + more)?;
            texts.ends.push(texts.all.len());
            if (texts.all.len() + 8 * texts.ends.len()) as u64 > MOST_SHARED {
                return Ok(None);
            }
        }
        Ok(Some(texts))
    }
}

/// The encoding of a code page, as Windows numbers them; the Western one where it has none.
fn code_page(number: u16) -> &'static Encoding {
    match number {
        932 => encoding_rs::SHIFT_JIS,
        936 | 54936 => encoding_rs::GB18030,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        866 => encoding_rs::IBM866,
        874 => encoding_rs::WINDOWS_874,
        1200 => encoding_rs::UTF_16LE,
        1250..=1258 | 10000 => {
            let label = match number {
                10000 => "macintosh".to_owned(),
                _ => format!("windows-{number}"),
            };
            Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
        }
        65001 => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    }
}

fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        _ => "#GETTING_DATA",
    }
}

/// What a number format that has no code of its own makes of a number; those from 27 and 50 on are
/// the dates of East Asian Excels.
fn built_in(number: u16) -> Shows {
    match number {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Shows::Day,
        46 => Shows::Length,
        _ => Shows::Number,
    }
}

/// What a format code makes of a number: `yyyy/m/d` a day, `[h]:mm` a length of time.
fn shows(code: &str) -> Shows {
    let mut rest = code.chars();
    while let Some(one) = rest.next() {
        match one {
            // the first part is for numbers above 0
            ';' => break,
            '\\' | '_' | '*' => {
                rest.next();
            }
            '"' => {
                rest.by_ref().find(|&other| other == '"');
            }
            '[' => {
                let inner: String = rest.by_ref().take_while(|&other| other != ']').collect();
                let inner = inner.to_ascii_lowercase();
                let lengths = ["h", "m", "s"];
                if lengths
                    .iter()
                    .any(|unit| !inner.is_empty() && inner.trim_start_matches(unit).is_empty())
                {
                    return Shows::Length;
                }
            }
            'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => return Shows::Day,
            _ => {}
        }
    }
    Shows::Number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_days_are_told_from_those_of_numbers() {
        for code in [
            "yyyy/m/d",
            "m\"月\"d\"日\"",
            "h:mm AM/PM",
            "[$-804]yyyy\"年\"m\"月\"",
        ] {
            assert_eq!(shows(code), Shows::Day, "{code}");
        }
        for code in ["[h]:mm:ss", "[mm]:ss"] {
            assert_eq!(shows(code), Shows::Length, "{code}");
        }
        for code in [
            "General",
            "0.00",
            "#,##0\"m²\"",
            "0.00E+00",
            "[Red]-0.0",
            "0;d",
            "\\d0",
            "_(* #,##0_)",
            "@",
        ] {
            assert_eq!(shows(code), Shows::Number, "{code}");
        }
    }
}
