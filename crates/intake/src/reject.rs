//! Rejects: rows as they came, with why, so that they can be mended and fed again.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use model::rule::{Finding, Lang};

use crate::{Error, Fault, Record};

/// The columns a rejects file has beside those of its source.
const COLUMNS: [&str; 6] = [
    "reject_id",
    "reject_source",
    "reject_line",
    "reject_rule",
    "reject_field",
    "reject_reason",
];
/// Header of a cell the source had no column for.
const SURPLUS: &str = "surplus ";

/// Where a rejects file keeps what it says about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectColumns {
    /// Column of the reject's id.
    pub id: usize,
    /// Column of the file the row came from.
    pub source: Option<usize>,
    /// Column of its line there.
    pub line: Option<usize>,
    /// Column of the rules' codes.
    pub rule: Option<usize>,
    /// Column of the fields.
    pub field: Option<usize>,
    /// Column of the reasons.
    pub reason: Option<usize>,
}

impl RejectColumns {
    /// Finds them among the headers of a file.
    fn find(headers: &[String]) -> Option<Self> {
        let at = |name: &str| headers.iter().position(|header| header == name);
        Some(RejectColumns {
            id: at(COLUMNS[0])?,
            source: at(COLUMNS[1]),
            line: at(COLUMNS[2]),
            rule: at(COLUMNS[3]),
            field: at(COLUMNS[4]),
            reason: at(COLUMNS[5]),
        })
    }

    /// Whether a column is one of them.
    pub fn contains(&self, column: usize) -> bool {
        self.id == column
            || [self.source, self.line, self.rule, self.field, self.reason].contains(&Some(column))
    }
}

/// What a rejects file must know of the file a record came from. Cheap to share between threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    source: String,
    headers: Vec<String>,
    reject_columns: Option<RejectColumns>,
}

impl Origin {
    /// Of a file and its headers.
    pub fn new(source: impl Into<String>, headers: Vec<String>) -> Self {
        Origin {
            source: source.into(),
            reject_columns: RejectColumns::find(&headers),
            headers,
        }
    }

    /// The file's name.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its headers.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The columns of a rejects file, where it is one.
    pub fn reject_columns(&self) -> Option<&RejectColumns> {
        self.reject_columns.as_ref()
    }

    /// Whether the column holds cells a rejected row had too many of.
    pub fn is_surplus(&self, column: usize) -> bool {
        self.reject_columns.is_some()
            && self
                .headers
                .get(column)
                .is_some_and(|header| surplus(header))
    }

    /// The id under which a record is rejected: the one it has already, or a new one made of its
    /// file, its line and its cells.
    pub fn reject_id(&self, record: &Record) -> String {
        if let Some(columns) = self.reject_columns {
            let id = record.text(columns.id).trim();
            if !id.is_empty() {
                return id.to_owned();
            }
        }
        self.digest(&self.source, &record.line().to_string(), record)
    }

    /// The file and line a record was first read from.
    pub fn first_place<'r>(&'r self, record: &'r Record) -> (&'r str, String) {
        let cell = |column: Option<usize>| {
            column
                .map(|column| record.text(column).trim())
                .filter(|cell| !cell.is_empty())
        };
        let columns = self.reject_columns;
        let source = cell(columns.and_then(|columns| columns.source)).unwrap_or(&self.source);
        let line = cell(columns.and_then(|columns| columns.line))
            .map_or_else(|| record.line().to_string(), str::to_owned);
        (source, line)
    }

    /// The header of a column, also of those behind the last.
    fn header(&self, column: usize) -> String {
        match self.headers.get(column) {
            Some(header) => header.clone(),
            None => format!("{SURPLUS}{}", column - self.headers.len() + 1),
        }
    }

    /// A hash over what is filled, by name: padding and the order of columns do not change it.
    fn digest(&self, source: &str, line: &str, record: &Record) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut part = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        part(source.as_bytes());
        part(line.as_bytes());
        let named = record.fault().is_none_or(|fault| !is_raw(fault));
        let mut cells: Vec<(String, String)> = (0..record.len())
            .filter(|&column| {
                !self
                    .reject_columns
                    .is_some_and(|columns| columns.contains(column))
            })
            .map(|column| {
                let header = match named {
                    true => self.header(column),
                    false => format!("{SURPLUS}{}", column + 1),
                };
                (header, shown(record.raw(column)))
            })
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        cells.sort();
        for (header, cell) in &cells {
            part(header.as_bytes());
            part(cell.as_bytes());
        }
        format!("R{}", &hasher.finalize().to_hex()[..16])
    }

    /// Marks what a rejects file brings back as it was: bytes written as `\xHH`, and rows whose form
    /// was refused and which nobody has changed.
    pub(crate) fn recheck(&self, record: &mut Record) {
        let Some(columns) = self.reject_columns else {
            return;
        };
        if record.fault().is_some() {
            return;
        }
        let rules = columns.rule.map_or("", |column| record.text(column));
        if rules.contains("X102") || rules.contains("X103") {
            let bad = (0..record.len())
                .filter(|&column| !columns.contains(column))
                .find_map(|column| escaped(record.text(column)).map(|byte| (column, byte)));
            if let Some((column, byte)) = bad {
                record.set_fault(match byte {
                    0 => Fault::Nul { column },
                    _ => Fault::Encoding { column },
                });
                return;
            }
        }
        let form = ["X101", "X104", "X105", "X106", "X107", "X109"];
        if form.iter().any(|code| rules.contains(code)) {
            let (source, line) = self.first_place(record);
            let source = source.to_owned();
            if self.digest(&source, &line, record) == record.text(columns.id).trim() {
                record.set_fault(Fault::Unmended);
            }
        }
        // what was moved out of the surplus columns is gone from there
        let left = (0..record.len())
            .filter(|&column| self.is_surplus(column) && !record.text(column).is_empty())
            .count();
        if left > 0 {
            let own = (0..self.headers.len())
                .filter(|&column| !columns.contains(column) && !self.is_surplus(column))
                .count();
            record.set_fault(Fault::TooManyCells {
                found: own + left,
                expected: own,
            });
        }
    }
}

/// Whether the record's only cell is its line as it stands, which belongs to no column.
fn is_raw(fault: &Fault) -> bool {
    matches!(fault, Fault::Json(_) | Fault::NotAnObject)
}

/// Whether the record's cells may stand under other headers than their own.
fn is_shifted(fault: &Fault) -> bool {
    !matches!(fault, Fault::Encoding { .. } | Fault::Nul { .. })
}

fn surplus(header: &str) -> bool {
    header
        .strip_prefix(SURPLUS)
        .is_some_and(|number| number.parse::<usize>().is_ok())
}

/// Bytes as text, those that are none as `\xHH`.
fn shown(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for (index, part) in chunk.valid().split('\0').enumerate() {
            if index > 0 {
                text.push_str("\\x00");
            }
            text.push_str(part);
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

/// The first byte written as `\xHH` that is no ASCII text.
fn escaped(text: &str) -> Option<u8> {
    text.match_indices("\\x")
        .filter_map(|(at, _)| u8::from_str_radix(text.get(at + 2..at + 4)?, 16).ok())
        .find(|&byte| byte == 0 || byte >= 0x80)
}

/// Turns a cell into one that can be shown to others.
pub type Mask = fn(&str) -> String;

/// Writes a rejects file: the headers of all inputs in the order in which they were first seen, then
/// its own columns. It comes into being at the end, whole, readable by its owner alone.
pub struct RejectWriter {
    path: PathBuf,
    masked: bool,
    masks: Vec<(Origin, Vec<Option<Mask>>)>,
    rows: BufWriter<File>,
    headers: Vec<String>,
    by_header: HashMap<String, usize>,
    /// Of each file, where its columns stand among those of all. Files of one name may differ.
    columns: Vec<(Origin, Vec<usize>)>,
    surplus: usize,
    count: u64,
}

impl RejectWriter {
    /// A writer to `path`. Where it is `masked`, cells are hidden unless [`set_masks`](Self::set_masks)
    /// says how to show them.
    pub fn new(path: impl Into<PathBuf>, masked: bool) -> Result<Self, Error> {
        let path = path.into();
        let rows = tempfile::tempfile()
            .map_err(|error| Error::io(format!("write rejects to `{}`", path.display()), error))?;
        Ok(RejectWriter {
            path,
            masked,
            masks: Vec::new(),
            rows: BufWriter::new(rows),
            headers: Vec::new(),
            by_header: HashMap::new(),
            columns: Vec::new(),
            surplus: 0,
            count: 0,
        })
    }

    /// Says for each column of a file how its cells are masked; `None` shows them as they are.
    pub fn set_masks(&mut self, origin: &Origin, masks: Vec<Option<Mask>>) {
        self.masks.push((origin.clone(), masks));
    }

    /// Rows written so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Rejects a record for all that was found.
    pub fn push(
        &mut self,
        origin: &Origin,
        record: &Record,
        findings: &[Finding],
        lang: Lang,
        reject_id: &str,
    ) -> Result<(), Error> {
        let known = self.columns.iter().position(|(one, _)| one == origin);
        let known = known.unwrap_or_else(|| self.add_origin(origin));
        let columns = &self.columns[known].1;
        let masks = self.masks.iter().rfind(|(one, _)| one == origin);
        let raw = record.fault().is_some_and(is_raw);
        // Where the number of cells is wrong, a cell may stand under another one's header.
        let shifted = record.fault().is_some_and(is_shifted);
        let mut cells: Vec<(u64, String)> = Vec::new();
        let mut beyond = 0;
        for column in 0..record.len() {
            if origin
                .reject_columns
                .is_some_and(|columns| columns.contains(column))
            {
                continue;
            }
            let mut cell = shown(record.raw(column));
            if self.masked && !cell.is_empty() {
                let mask = masks.and_then(|(_, masks)| masks.get(column));
                cell = match mask {
                    Some(Some(mask)) if !raw && !shifted => mask(&cell),
                    Some(None) if !raw && !shifted => cell,
                    _ => "***".to_owned(),
                };
            }
            let own = column < origin.headers.len() && !raw && !origin.is_surplus(column);
            if own {
                let at = columns[column];
                cells.push((at as u64, cell));
            } else if !cell.is_empty() || !origin.is_surplus(column) {
                // behind every column there may be: counted from the end of the numbers
                cells.push((u64::MAX - beyond, cell));
                beyond += 1;
            }
        }
        self.surplus = self.surplus.max(beyond as usize);
        let join = |part: &dyn Fn(&Finding) -> String| {
            findings.iter().map(part).collect::<Vec<_>>().join(";")
        };
        let fault_field = record
            .fault()
            .and_then(Fault::field_column)
            .map(|column| origin.header(column));
        let field = |finding: &Finding| match (finding.field, &fault_field) {
            (Some(field), _) => field.to_owned(),
            (None, Some(header)) if finding.rule.code.starts_with('X') => header.clone(),
            _ => String::new(),
        };
        let (source, line) = origin.first_place(record);
        let own = [
            reject_id.to_owned(),
            source.to_owned(),
            line,
            join(&|finding| finding.rule.code.to_owned()),
            join(&field),
            join(&|finding| finding.message(lang)),
        ];
        self.count += 1;
        self.spool(&own, &cells).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: std::io::Error) -> Error {
        Error::io(format!("write rejects to `{}`", self.path.display()), error)
    }

    /// Finds the columns of a file among those of all.
    fn add_origin(&mut self, origin: &Origin) -> usize {
        let mut columns = Vec::with_capacity(origin.headers.len());
        for (column, header) in origin.headers.iter().enumerate() {
            let hidden = origin
                .reject_columns
                .is_some_and(|columns| columns.contains(column))
                || origin.is_surplus(column);
            if hidden {
                columns.push(usize::MAX);
                continue;
            }
            let next = self.headers.len();
            let at = *self.by_header.entry(header.clone()).or_insert(next);
            if at == next {
                self.headers.push(header.clone());
            }
            columns.push(at);
        }
        self.columns.push((origin.clone(), columns));
        self.columns.len() - 1
    }

    /// Keeps a row until the columns of all are known.
    fn spool(&mut self, own: &[String; 6], cells: &[(u64, String)]) -> std::io::Result<()> {
        let out = &mut self.rows;
        out.write_all(&(cells.len() as u64).to_le_bytes())?;
        for (column, cell) in cells {
            out.write_all(&column.to_le_bytes())?;
            put(out, cell)?;
        }
        own.iter().try_for_each(|cell| put(out, cell))
    }

    /// Writes the file: whole, or not at all.
    pub fn finish(mut self) -> Result<u64, Error> {
        let path = self.path.clone();
        let failed = |error| Error::io(format!("write rejects to `{}`", path.display()), error);
        self.rows.flush().map_err(failed)?;
        // a device or a pipe is written to, not replaced
        let special = std::fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file());
        if special {
            let file = File::options().write(true).open(&path).map_err(failed)?;
            self.write(file).map_err(failed)?;
            return Ok(self.count);
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        // such files are readable by their owner alone
        let file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        self.write(file.as_file()).map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(self.count)
    }

    fn write(&mut self, out: impl Write) -> std::io::Result<()> {
        let mut out = csv::Writer::from_writer(BufWriter::new(out));
        let extra: Vec<String> = (1..=self.surplus)
            .map(|n| format!("{SURPLUS}{n}"))
            .collect();
        let own = COLUMNS.iter().copied();
        let headers = self.headers.iter().chain(&extra).map(String::as_str);
        out.write_record(headers.chain(own))?;
        let file = self.rows.get_mut();
        file.seek(SeekFrom::Start(0))?;
        let mut rows = BufReader::new(file);
        let width = self.headers.len() + self.surplus + COLUMNS.len();
        let mut row = vec![String::new(); width];
        for _ in 0..self.count {
            row.iter_mut().for_each(String::clear);
            for _ in 0..number(&mut rows)? {
                let column = number(&mut rows)?;
                let cell = get(&mut rows)?;
                let beyond = (u64::MAX - column) as usize;
                let at = match beyond < self.surplus {
                    true => self.headers.len() + beyond,
                    false => column as usize,
                };
                row[at] = cell;
            }
            for cell in &mut row[width - COLUMNS.len()..] {
                *cell = get(&mut rows)?;
            }
            out.write_record(&row)?;
        }
        out.flush()
    }
}

fn put(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    out.write_all(&(text.len() as u64).to_le_bytes())?;
    out.write_all(text.as_bytes())
}

fn number(from: &mut impl Read) -> std::io::Result<u64> {
    let mut bytes = [0; 8];
    from.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn get(from: &mut impl Read) -> std::io::Result<String> {
    let length = number(from)?;
    let mut text = String::new();
    from.take(length).read_to_string(&mut text)?;
    Ok(text)
}
