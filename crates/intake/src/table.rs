//! A file as a table: headers, then records.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use crate::compression::Compression;
use crate::csv::{Scanner, sniff};
use crate::encoding::{self, Detected, TextEncoding};
use crate::header::Plan;
use crate::json::{Columns, Document, Json, Lines};
use crate::kind::{Content, content, is_workbook};
use crate::reject::{Origin, RejectColumns};
use crate::sheet::{self, Opened, Sheet};
use crate::source::{Input, Source, spool};
use crate::transcode::{Places, to_utf8};
use crate::{Error, Note, Record, rules};

/// Bytes at the beginning from which a file is judged.
const HEAD: usize = 1 << 20;
/// Rows from which a header is judged.
const SAMPLE_ROWS: usize = 200;

/// What a file was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with a delimiter.
    Csv,
    /// Text with tabs.
    Tsv,
    /// A JSON object a line.
    Ndjson,
    /// A JSON document.
    Json,
    /// A workbook of today's Excel.
    Xlsx,
    /// A workbook of Excel before 2007.
    Xls,
    /// An OpenDocument spreadsheet.
    Ods,
}

impl Format {
    /// Its name, as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Ndjson => "ndjson",
            Format::Json => "json",
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
            Format::Ods => "ods",
        }
    }
}

/// Whether the first line names the columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum HeaderOption {
    /// Judged from the first rows.
    #[default]
    Detect,
    /// It does not.
    None,
    /// It does not, and these are the names.
    Given(Vec<String>),
}

/// What a person said about an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The encoding's name.
    pub encoding: Option<String>,
    /// The delimiter.
    pub delimiter: Option<u8>,
    /// A sheet's name or number.
    pub sheet: Option<String>,
    /// The header.
    pub header: HeaderOption,
}

/// The records of one kind of file.
enum Rows {
    Nothing,
    Delimited(Scanner),
    Lines(Lines, Columns),
    Document(Document, Columns),
    Sheet(Sheet),
}

/// An input that is being read.
pub struct Table {
    source: Source,
    origin: Arc<Origin>,
    format: Format,
    encoding: &'static str,
    sheet: Option<String>,
    delimiter: Option<u8>,
    has_header: bool,
    is_empty: bool,
    notes: Vec<Note>,
    rows: Rows,
    /// Where the text of a file that is not UTF-8 stands in it.
    places: Option<Arc<Places>>,
    hash: Option<[u8; 32]>,
    ended: bool,
}

/// Opens an input: finds out what it is, and reads up to its first record.
pub fn open(input: &Input, options: &ReadOptions) -> Result<Table, Error> {
    Table::of_source(Source::open(input)?, options)
}

impl Table {
    fn of_source(source: Source, options: &ReadOptions) -> Result<Self, Error> {
        let shown = source.shown.clone();
        let mut head = Vec::new();
        let packed = read_head(&mut source.rewind(false)?, 16, &shown)?;
        let compression = Compression::of(&packed);
        let unpacked = |hashed| compression.unpack(source.rewind(hashed)?, &shown);
        let mut rest = unpacked(false)?;
        head.extend(read_head(&mut rest, HEAD, &shown)?);

        let kind = match options.encoding {
            // a person who names the encoding says that it is text
            Some(_) if !is_workbook(&head) => Content::Text,
            _ => content(&head, encoding::is_utf16(&head), &shown)?,
        };
        match kind {
            Content::Container => {
                let open = sheet::open_container;
                return Table::of_workbook(source, compression, options, open);
            }
            Content::Zip => {
                let open = sheet::open_archive;
                return Table::of_workbook(source, compression, options, open);
            }
            Content::Text => {}
        }
        let detected = encoding::detect(&head, &mut rest, options.encoding.as_deref(), &shown)?;
        drop(rest);
        let text = |hashed, places| -> Result<Box<dyn Read + Send>, Error> {
            to_utf8(unpacked(hashed)?, detected.encoding, detected.mark, places)
                .map_err(|error| Error::io(format!("read `{shown}`"), error))
        };
        let first = {
            let mut text = text(false, None)?;
            let start = read_head(&mut text, HEAD, &shown)?;
            Json::of(&start)
        };
        // in UTF-8 a place in the text is one in the file
        let places = (detected.encoding != TextEncoding::Utf8)
            .then(|| Arc::new(Places::new(detected.encoding, first == Json::Document)));
        let byte = detected.mark as u64;
        let mut notes = Vec::new();
        if detected.guessed {
            let name = detected.encoding.name();
            notes.push(
                Note::new(
                    rules::ENCODING_GUESSED.code,
                    format!("read as {name}, judged from its bytes"),
                )
                .with_zh(format!("按 {name} 读取（据字节推测）")),
            );
        }
        match first {
            Json::No => {
                let scanner = Scanner::new(text(true, places.clone())?, &shown, byte);
                let mut table = Table::of_delimited(source, scanner, detected, options, notes)?;
                table.places = places;
                Ok(table)
            }
            Json::Lines => {
                let mut columns = Columns::default();
                Lines::new(text(true, None)?, &shown, byte).learn(&mut columns)?;
                let hash = source.finish()?;
                let rows = Lines::new(text(false, places.clone())?, &shown, byte);
                let plan = Plan::known(columns.names().to_vec());
                let mut table = Table::planned(source, Format::Ndjson, plan, notes);
                table.rows = Rows::Lines(rows, columns);
                table.hash = hash;
                table.encoding = detected.encoding.name();
                table.places = places;
                table.has_header = true;
                Ok(table)
            }
            Json::Document => {
                let mut columns = Columns::default();
                let mut document = Document::new(text(true, None)?, &shown, byte);
                document.learn(&mut columns)?;
                if let Some(key) = document.wrapper() {
                    notes.push(
                        Note::new(
                            rules::RECORDS_UNDER_KEY.code,
                            format!("records are read from `{key}`"),
                        )
                        .with_zh(format!("读取“{key}”中的记录")),
                    );
                }
                let hash = source.finish()?;
                let rows = Document::new(text(false, places.clone())?, &shown, byte);
                let plan = Plan::known(columns.names().to_vec());
                let mut table = Table::planned(source, Format::Json, plan, notes);
                table.rows = Rows::Document(rows, columns);
                table.hash = hash;
                table.encoding = detected.encoding.name();
                table.places = places;
                table.has_header = true;
                Ok(table)
            }
        }
    }

    fn of_delimited(
        source: Source,
        mut scanner: Scanner,
        detected: Detected,
        options: &ReadOptions,
        notes: Vec<Note>,
    ) -> Result<Self, Error> {
        let sample = scanner.peek(HEAD)?.to_vec();
        let whole = scanner.is_short();
        let sniffed = sniff(&sample, whole, options.delimiter);
        scanner.set_dialect(sniffed.dialect);
        let mut record = Record::new();
        if sniffed.names_delimiter {
            scanner.read(&mut record)?;
        }
        let sample = {
            let mut rows = Scanner::new(Box::new(std::io::Cursor::new(sample)), &source.shown, 0);
            rows.set_dialect(sniffed.dialect);
            if sniffed.names_delimiter {
                rows.read(&mut record)?;
            }
            sample_rows(|record| rows.read(record), whole)?
        };
        let plan = plan(&sample, &options.header);
        // a header longer than the sample is read as it is
        let plan = match sample.is_empty() && !whole {
            true => {
                scanner.read(&mut record)?;
                let first: Vec<String> = record.iter().map(str::to_owned).collect();
                let mut plan = Plan::detect(&[first]);
                plan.rows = 0;
                plan
            }
            false => plan,
        };
        for _ in 0..plan.skip + plan.rows {
            scanner.read(&mut record)?;
        }
        let delimiter = sniffed.dialect.delimiter;
        let format = match delimiter {
            b'\t' => Format::Tsv,
            _ => Format::Csv,
        };
        let is_empty = sample.is_empty() && whole;
        let has_header = plan.rows > 0;
        scanner.expect(plan.names.len());
        let mut table = Table::planned(source, format, plan, notes);
        table.rows = Rows::Delimited(scanner);
        table.encoding = detected.encoding.name();
        table.delimiter = Some(delimiter);
        table.has_header = has_header;
        table.is_empty = is_empty;
        Ok(table)
    }

    fn of_workbook(
        source: Source,
        compression: Compression,
        options: &ReadOptions,
        open: fn(&Source, File, Option<&str>) -> Result<Opened, Error>,
    ) -> Result<Self, Error> {
        let mut bytes = source.rewind(true)?;
        let shown = source.shown.clone();
        std::io::copy(&mut bytes, &mut std::io::sink())
            .map_err(|error| Error::io(format!("read `{shown}`"), error))?;
        let hash = source.finish()?;
        let file = match compression {
            Compression::None => source.handle()?,
            packed => spool(packed.unpack(source.rewind(false)?, &shown)?, &shown)?,
        };
        let opened = open(&source, file, options.sheet.as_deref())?;
        let mut sheet = opened.sheet;
        let sample = sample_rows(|record| sheet.read(record), true)?;
        sheet.rewind()?;
        // rows of a sheet have no width of their own
        let width = sheet_width(&sample);
        let sample: Vec<Vec<String>> = sample
            .into_iter()
            .map(|mut row| {
                row.resize(width, String::new());
                row
            })
            .collect();
        let mut plan = plan(&sample, &options.header);
        let mut record = Record::new();
        for _ in 0..plan.skip + plan.rows {
            sheet.read(&mut record)?;
        }
        trim_names(&mut plan, &sample);
        let has_header = plan.rows > 0;
        sheet.expect(plan.names.len());
        let name = sheet.name().to_owned();
        let mut table = Table::planned(source, opened.format, plan, opened.notes);
        table.is_empty = sample.is_empty();
        table.rows = Rows::Sheet(sheet);
        table.hash = hash;
        table.sheet = Some(name);
        table.has_header = has_header;
        Ok(table)
    }

    /// A table of what was planned, without its rows.
    fn planned(source: Source, format: Format, plan: Plan, mut notes: Vec<Note>) -> Self {
        notes.extend(plan.notes);
        let is_empty = source.total == 0;
        let origin = Arc::new(Origin::new(source.name.clone(), plan.names));
        Table {
            source,
            origin,
            format,
            encoding: TextEncoding::Utf8.name(),
            sheet: None,
            delimiter: None,
            has_header: false,
            is_empty,
            notes,
            rows: Rows::Nothing,
            places: None,
            hash: None,
            ended: false,
        }
    }

    /// The input's name: the file's without its folder, or `-`.
    pub fn source(&self) -> &str {
        self.origin.source()
    }

    /// What it was read as.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The encoding it was read in.
    pub fn encoding(&self) -> &str {
        self.encoding
    }

    /// The sheet that was read.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// The delimiter of a text.
    pub fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }

    /// The names of the columns, each different from the others.
    pub fn headers(&self) -> &[String] {
        self.origin.headers()
    }

    /// Whether the names come from the file; else columns have numbers or names that were given.
    pub fn has_header(&self) -> bool {
        self.has_header
    }

    /// Whether there is nothing in it, not even a header.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// What a person should know about the file.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What rejects must know of it, to be shared with other threads.
    pub fn origin(&self) -> Arc<Origin> {
        Arc::clone(&self.origin)
    }

    /// The columns of a rejects file, where it is one; they are not part of the data.
    pub fn reject_columns(&self) -> Option<&RejectColumns> {
        self.origin.reject_columns()
    }

    /// The id under which a record of this table is rejected.
    pub fn reject_id(&self, record: &Record) -> String {
        self.origin.reject_id(record)
    }

    /// Reads the next record; false at the end. A bad record is a record too, with its fault.
    pub fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        if self.ended {
            return Ok(false);
        }
        let more = match &mut self.rows {
            Rows::Nothing => false,
            Rows::Delimited(scanner) => scanner.read(record)?,
            Rows::Lines(lines, columns) => lines.read(columns, record)?,
            Rows::Document(document, columns) => document.read(columns, record)?,
            Rows::Sheet(sheet) => sheet.read(record)?,
        };
        if !more {
            self.ended = true;
            record.clear();
            if let Some(hash) = self.source.finish()? {
                self.hash = Some(hash);
            }
            return Ok(false);
        }
        if let Some(places) = &self.places {
            record.set_byte(places.source(record.byte()));
        }
        if self.origin.reject_columns().is_some() {
            self.origin.recheck(record);
        }
        Ok(true)
    }

    /// Bytes of the input that are done, and all of them.
    pub fn position(&self) -> (u64, Option<u64>) {
        let total = self.source.total;
        let done = match &self.rows {
            Rows::Sheet(sheet) => sheet.progress(total),
            _ => self.source.done().min(total),
        };
        (done, Some(total))
    }

    /// Leaves out [`Self::content_hash`], for those who do not keep it.
    pub fn skip_hash(&mut self) {
        self.source.skip_hash();
    }

    /// BLAKE3 of the input's bytes as they were given; known after the last record, zeros before.
    pub fn content_hash(&self) -> [u8; 32] {
        self.hash.unwrap_or_default()
    }
}

/// The first bytes of a stream.
fn read_head(input: &mut dyn Read, most: usize, shown: &str) -> Result<Vec<u8>, Error> {
    let mut head = Vec::new();
    input
        .take(most as u64)
        .read_to_end(&mut head)
        .map_err(|error| Error::io(format!("read `{shown}`"), error))?;
    Ok(head)
}

/// The first rows, without the last where it may be cut.
fn sample_rows(
    mut read: impl FnMut(&mut Record) -> Result<bool, Error>,
    whole: bool,
) -> Result<Vec<Vec<String>>, Error> {
    let mut rows = Vec::new();
    let mut record = Record::new();
    let mut ended = false;
    while rows.len() < SAMPLE_ROWS {
        if !read(&mut record)? {
            ended = true;
            break;
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    if ended && !whole {
        rows.pop();
    }
    Ok(rows)
}

fn plan(sample: &[Vec<String>], option: &HeaderOption) -> Plan {
    match option {
        HeaderOption::Detect => Plan::detect(sample),
        HeaderOption::None => Plan::none(sample),
        HeaderOption::Given(names) => Plan::given(names, sample),
    }
}

/// Columns of a sheet: those before the first wide gap that no row looked at has a cell in. A cell far
/// to the right must not make a thousand columns.
fn sheet_width(sample: &[Vec<String>]) -> usize {
    const GAP: usize = 20;
    let mut filled: Vec<usize> = sample
        .iter()
        .flat_map(|row| row.iter().enumerate())
        .filter(|(_, cell)| !cell.trim().is_empty())
        .map(|(column, _)| column)
        .collect();
    filled.sort_unstable();
    let mut width = 0;
    for column in filled {
        if width > 0 && column > width + GAP {
            break;
        }
        width = column + 1;
    }
    width
}

/// Takes back columns at the end that have neither a name nor, under the header, a cell.
fn trim_names(plan: &mut Plan, sample: &[Vec<String>]) {
    let used = sample
        .iter()
        .skip(plan.skip)
        .filter_map(|row| row.iter().rposition(|cell| !cell.trim().is_empty()))
        .max()
        .map_or(0, |last| last + 1);
    plan.names.truncate(used.max(1));
}
