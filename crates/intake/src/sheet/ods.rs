//! ODS, read event by event. calamine reads it too, but makes a grid of every sheet: one cell in the
//! last row, or a row said to repeat a million times, would cost gigabytes.

use std::fs::File;
use std::io::{BufRead, BufReader};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use super::rows::Keep;
use super::value::{error_text, float, iso_day_and_time, iso_duration};
use super::{Book, LONGEST_TEXT, broken, too_large};
use crate::{Error, ErrorKind};

/// Rows and columns that spreadsheets have.
const MOST_ROWS: u32 = 1 << 20;
const MOST_COLUMNS: u32 = 1 << 14;
/// Blanks in a row that one element may stand for.
const MOST_BLANKS: usize = 1_000;

struct Spreadsheet<'a> {
    archive: ZipArchive<BufReader<File>>,
    names: Vec<String>,
    shown: &'a str,
}

/// Opens the spreadsheet in an archive that was looked into.
pub(super) fn open<'a>(file: File, shown: &'a str) -> Result<impl Book + 'a, Error> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| broken(shown))?;
    let mut names = Vec::new();
    {
        let part = archive.by_name("content.xml").map_err(|_| broken(shown))?;
        let mut tables = Tables::new(BufReader::new(part), shown);
        while let Some(name) = tables.next()? {
            names.push(name);
        }
    }
    Ok(Spreadsheet {
        archive,
        names,
        shown,
    })
}

impl Book for Spreadsheet<'_> {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn read(&mut self, sheet: usize, keep: &mut Keep<'_>) -> Result<(), Error> {
        let part = self.archive.by_name("content.xml");
        let part = part.map_err(|_| broken(self.shown))?;
        let mut tables = Tables::new(BufReader::new(part), self.shown);
        for _ in 0..=sheet {
            tables.next()?;
        }
        tables.rows(keep)
    }
}

/// The tables of a spreadsheet, one after the other.
struct Tables<'a, R: BufRead> {
    xml: Reader<R>,
    buffer: Vec<u8>,
    skipped: Vec<u8>,
    /// Tables that are open: a cell may hold one of its own.
    depth: usize,
    seen: bool,
    shown: &'a str,
}

/// A cell before it is put in its place.
struct Value {
    text: String,
    times: u32,
}

impl<'a, R: BufRead> Tables<'a, R> {
    fn new(input: R, shown: &'a str) -> Self {
        let mut xml = Reader::from_reader(input);
        xml.config_mut().expand_empty_elements = true;
        Tables {
            xml,
            buffer: Vec::new(),
            skipped: Vec::new(),
            depth: 0,
            seen: false,
            shown,
        }
    }

    /// Goes on to the next table; its name.
    fn next(&mut self) -> Result<Option<String>, Error> {
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer);
            match event.map_err(|error| failed(error, self.shown))? {
                Event::Start(element) => match element.name().as_ref() {
                    "table:table" => {
                        self.depth += 1;
                        if self.depth == 1 {
                            let name = attribute(&element, "table:name").unwrap_or_default();
                            return Ok(Some(name));
                        }
                    }
                    // deleted cells stand there as if they were cells
                    "table:tracked-changes" => {
                        skip(&mut self.xml, &element, &mut self.skipped, self.shown)?;
                    }
                    "office:spreadsheet" => self.seen = true,
                    _ => {}
                },
                Event::End(element) if element.name().as_ref() == "table:table" => {
                    self.depth = self.depth.saturating_sub(1);
                }
                Event::Eof if self.seen => return Ok(None),
                Event::Eof => return Err(broken(self.shown)),
                _ => {}
            }
        }
    }

    /// Keeps the rows of the table that is open.
    fn rows(&mut self, keep: &mut Keep<'_>) -> Result<(), Error> {
        let mut at: u32 = 0;
        let mut row: Vec<(u32, Value)> = Vec::new();
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer);
            match event.map_err(|error| failed(error, self.shown))? {
                Event::Start(element) => match element.name().as_ref() {
                    "table:table-row" => {
                        let times = repeated(&element, "table:number-rows-repeated");
                        self.row(&mut row)?;
                        let times = times.min(MOST_ROWS - at);
                        let all = |of: fn(&Value) -> u64| {
                            let one: u64 = row.iter().map(|(_, value)| of(value)).sum();
                            one.saturating_mul(u64::from(times))
                        };
                        keep.room(
                            all(|value| u64::from(value.times)),
                            all(|value| u64::from(value.times) * value.text.len() as u64),
                        )?;
                        for line in at..at + times {
                            if row.is_empty() {
                                break;
                            }
                            for (column, value) in &row {
                                for column in *column..column + value.times {
                                    keep.cell(line, column, value.text.clone())?;
                                }
                            }
                        }
                        at += times;
                        row.clear();
                        if at == MOST_ROWS {
                            return Ok(());
                        }
                    }
                    // these hold rows, or nothing that is a row
                    "table:table-header-rows" | "table:table-rows" | "table:table-row-group" => {}
                    _ => skip(&mut self.xml, &element, &mut self.skipped, self.shown)?,
                },
                Event::End(element) if element.name().as_ref() == "table:table" => return Ok(()),
                Event::Eof => return Err(broken(self.shown)),
                _ => {}
            }
        }
    }

    /// Reads the cells of the row that is open, those that hold anything.
    fn row(&mut self, row: &mut Vec<(u32, Value)>) -> Result<(), Error> {
        let mut at: u32 = 0;
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer);
            match event.map_err(|error| failed(error, self.shown))? {
                Event::Start(element) => {
                    let element = element.into_owned();
                    let times = repeated(&element, "table:number-columns-repeated");
                    let times = times.min(MOST_COLUMNS - at);
                    let text = self.cell(&element)?;
                    // what a merged cell covers shows nothing
                    let covered = element.name().as_ref() == "table:covered-table-cell";
                    if !text.is_empty() && times > 0 && !covered {
                        row.push((at, Value { text, times }));
                    }
                    at += times;
                }
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(broken(self.shown)),
                _ => {}
            }
        }
    }

    /// Reads the cell that is open to its end.
    fn cell(&mut self, element: &BytesStart<'_>) -> Result<String, Error> {
        let shows = self.paragraphs()?;
        let get = |name| attribute(element, name);
        if get("calcext:value-type").as_deref() == Some("error") {
            return Ok(error_text(&shows));
        }
        let value = match get("office:value-type").as_deref() {
            Some("float" | "percentage" | "currency") => {
                get("office:value").and_then(|value| value.parse().ok().map(float))
            }
            Some("date") => get("office:date-value").map(|value| iso_day_and_time(&value)),
            Some("time") => get("office:time-value").map(|value| iso_duration(&value)),
            Some("boolean") => get("office:boolean-value").map(|value| value.to_lowercase()),
            Some("string") => get("office:string-value"),
            _ => None,
        };
        Ok(value.unwrap_or(shows))
    }

    /// The text of the element that is open: its paragraphs, without comments and drawings.
    fn paragraphs(&mut self) -> Result<String, Error> {
        let mut text = String::new();
        let mut depth = 1usize;
        let mut inside = 0usize;
        let mut first = true;
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer);
            match event.map_err(|error| failed(error, self.shown))? {
                Event::Start(element) => {
                    match element.name().as_ref() {
                        "text:p" | "text:h" => {
                            if !std::mem::take(&mut first) {
                                text.push('\n');
                            }
                            inside += 1;
                        }
                        "text:s" => {
                            let blanks = attribute(&element, "text:c");
                            let blanks = blanks.and_then(|count| count.parse().ok()).unwrap_or(1);
                            text.extend(std::iter::repeat_n(' ', blanks.min(MOST_BLANKS)));
                        }
                        "text:tab" => text.push('\t'),
                        "text:line-break" => text.push('\n'),
                        other => {
                            let aside = ["office:annotation", "text:note", "table:table"];
                            if aside.contains(&other) || other.starts_with("draw:") {
                                skip(&mut self.xml, &element, &mut self.skipped, self.shown)?;
                                continue;
                            }
                        }
                    }
                    depth += 1;
                }
                Event::End(element) => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(text);
                    }
                    if matches!(element.name().as_ref(), "text:p" | "text:h") {
                        inside = inside.saturating_sub(1);
                    }
                }
                Event::Text(piece) if inside > 0 => collapse(&piece, &mut text),
                Event::CData(piece) if inside > 0 => collapse(&piece, &mut text),
                Event::GeneralRef(reference) if inside > 0 => match resolved(&reference) {
                    Some(one) => text.push(one),
                    None => return Err(broken(self.shown)),
                },
                Event::Eof => return Err(broken(self.shown)),
                _ => {}
            }
            if text.len() > LONGEST_TEXT {
                return Err(too_large(self.shown));
            }
        }
    }
}

/// Goes to the end of an element that is of no use.
fn skip<R: BufRead>(
    xml: &mut Reader<R>,
    element: &BytesStart<'_>,
    buffer: &mut Vec<u8>,
    shown: &str,
) -> Result<(), Error> {
    let skipped = xml.read_to_end_into(element.name(), buffer);
    buffer.clear();
    skipped.map_err(|error| failed(error, shown)).map(drop)
}

/// Appends text in which, as OpenDocument has it, any run of blanks is one.
fn collapse(piece: &str, text: &mut String) {
    for one in piece.chars() {
        match one {
            ' ' | '\t' | '\r' | '\n' => {
                if !text.is_empty() && !text.ends_with([' ', '\n', '\t']) {
                    text.push(' ');
                }
            }
            other => text.push(other),
        }
    }
}

fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// An attribute's value; none also where it is written wrongly.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// How often a row or cell stands there.
fn repeated(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name)
        .and_then(|times| times.parse().ok())
        .unwrap_or(1)
}

fn failed(error: quick_xml::Error, shown: &str) -> Error {
    match error {
        quick_xml::Error::Io(error)
            if !matches!(
                error.kind(),
                std::io::ErrorKind::InvalidData
                    | std::io::ErrorKind::InvalidInput
                    | std::io::ErrorKind::UnexpectedEof
                    | std::io::ErrorKind::Other
            ) =>
        {
            Error::new(ErrorKind::Io, format!("cannot read `{shown}`: {error}"))
        }
        _ => broken(shown),
    }
}
