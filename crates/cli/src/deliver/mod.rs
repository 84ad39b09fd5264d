//! Records go out: from the spool, after the commit, in the form that was asked for.

mod cell;
mod pick;
mod sink;
mod table;
mod xlsx;

use std::io::{BufWriter, IsTerminal, Write};

use anyhow::Context;
use jiff::Timestamp;
use model::rule::Lang;
use serde_json::{Map, Value};

use crate::args::{Format, OutputArgs};
use crate::colour::Colour;
use crate::failure::{Failure, is_broken_pipe};
use crate::reveal::Reveal;
use crate::spool::Spool;
use crate::ui::Ui;

pub use sink::Sink;

const BUFFER: usize = 256 * 1024;

/// Which fields of the records go into which column.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    columns: &'a [&'a str],
    table: &'a [&'a str],
    numbers: &'a [&'a str],
    dates: &'a [&'a str],
}

impl<'a> Shape<'a> {
    /// The columns of csv and xlsx, in order; tables show those of them that hold something.
    pub fn new(columns: &'a [&'a str]) -> Self {
        Shape {
            columns,
            table: &[],
            numbers: &[],
            dates: &[],
        }
    }

    /// The columns people see in tables.
    #[must_use]
    pub fn table(mut self, columns: &'a [&'a str]) -> Self {
        self.table = columns;
        self
    }

    /// Fields that are decimal strings on the wire and real numbers in a workbook: amounts and
    /// areas, never ids.
    #[must_use]
    pub fn numbers(mut self, columns: &'a [&'a str]) -> Self {
        self.numbers = columns;
        self
    }

    /// Fields that are days like 2026-03-01 on the wire and dates in a workbook.
    #[must_use]
    pub fn dates(mut self, columns: &'a [&'a str]) -> Self {
        self.dates = columns;
        self
    }
}

/// Where the records will go and in what form. Opened before the work starts, so that a wrong
/// place is told before anything is done.
#[derive(Debug)]
pub struct Destination {
    format: Format,
    sink: Sink,
    limit: Option<u64>,
    bom: bool,
    lang: Lang,
    colour: Colour,
    now: Timestamp,
    terminal: bool,
    run: Option<i64>,
}

impl Destination {
    /// Opens the place the arguments name.
    pub fn open(ui: &Ui, output: &OutputArgs) -> Result<Self, Failure> {
        // no private value leaves through a tool that forgot the gate
        Reveal::from_args(output)?;
        let to_stdout = output
            .output
            .as_deref()
            .is_none_or(|path| path.as_os_str() == "-");
        let terminal = to_stdout && std::io::stdout().is_terminal();
        let format = output.format.unwrap_or(if terminal {
            Format::Table
        } else {
            Format::Ndjson
        });
        if terminal && format == Format::Xlsx {
            return Err(
                Failure::usage("a workbook is not for a terminal").hint("pass `-o FILE.xlsx`")
            );
        }
        if output.bom && !matches!(format, Format::Csv) {
            return Err(Failure::usage("`--bom` goes with `--format csv` only"));
        }
        let sink = match output.output.as_deref().filter(|_| !to_stdout) {
            Some(path) => Sink::file(path, output.reveal)?,
            None => Sink::stdout()?,
        };
        Ok(Destination {
            format,
            sink,
            limit: output.limit,
            bom: output.bom,
            lang: ui.lang(),
            colour: ui.colour(),
            now: ui.now(),
            terminal,
            run: None,
        })
    }

    /// Whether anybody will read the records; `/dev/null` does not.
    pub fn wants_records(&self) -> bool {
        !self.sink.is_null()
    }

    /// The form.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Says that the records belong to a committed run: should they not get out, the message tells
    /// how to have them again.
    #[must_use]
    pub fn of_run(mut self, run: i64) -> Self {
        self.run = Some(run);
        self
    }

    /// Writes a text as it is, for what is no record.
    pub fn write_text(mut self, text: &str) -> anyhow::Result<()> {
        match self
            .sink
            .write_all(text.as_bytes())
            .and_then(|()| self.sink.finish())
        {
            Err(error) if !is_broken_pipe(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// A spool for this destination: one that only counts where nobody reads.
    pub fn spool(&self) -> Result<Spool, Failure> {
        if self.wants_records() {
            Spool::new()
        } else {
            Ok(Spool::discarding())
        }
    }
}

impl Spool {
    /// Gives every record out. A reader that has gone away ends it quietly: the work is done, and
    /// only output is lost.
    pub fn deliver(&mut self, destination: Destination, shape: &Shape<'_>) -> anyhow::Result<()> {
        if !destination.wants_records() {
            return Ok(());
        }
        let name = destination.sink.name();
        let run = destination.run;
        match self.write_out(destination, shape) {
            Err(error) if error.chain().any(is_broken_pipe) => Ok(()),
            Err(error) => Err(match run {
                None => error.context(format!("cannot write {name}")),
                Some(run) => Failure::failed(format!("run {run} is kept, but cannot write {name}"))
                    .because(error)
                    .hint(format!("`--replay {run}` gives its records out again"))
                    .into(),
            }),
            Ok(()) => Ok(()),
        }
    }

    fn write_out(&mut self, mut to: Destination, shape: &Shape<'_>) -> anyhow::Result<()> {
        match to.format {
            Format::Ndjson => self.ndjson(&mut to)?,
            Format::Json => self.json(&mut to)?,
            Format::Csv => self.csv(&mut to, shape)?,
            Format::Table | Format::Md => {
                let text = self.table(&to, shape)?;
                to.sink.write_all(text.as_bytes())?;
            }
            Format::Xlsx => self.xlsx(&mut to, shape)?,
        }
        to.sink.finish()?;
        Ok(())
    }

    fn ndjson(&mut self, to: &mut Destination) -> anyhow::Result<()> {
        let whole = to.limit.is_none_or(|limit| limit >= self.len());
        if let Some(file) = self.as_pushed()?.filter(|_| whole) {
            // between two files the kernel copies by itself
            if let Some(out) = to.sink.file_mut() {
                std::io::copy(file, out)?;
            }
            return Ok(());
        }
        let mut out = BufWriter::with_capacity(BUFFER, &mut to.sink);
        self.read(to.limit, |line| {
            out.write_all(line)?;
            Ok(out.write_all(b"\n")?)
        })?;
        Ok(out.flush()?)
    }

    fn json(&mut self, to: &mut Destination) -> anyhow::Result<()> {
        let mut out = BufWriter::with_capacity(BUFFER, &mut to.sink);
        let mut before: &[u8] = b"[\n";
        self.read(to.limit, |line| {
            out.write_all(before)?;
            before = b",\n";
            Ok(out.write_all(line)?)
        })?;
        let end: &[u8] = if before == b"[\n" { b"[]\n" } else { b"\n]\n" };
        out.write_all(end)?;
        Ok(out.flush()?)
    }

    fn csv(&mut self, to: &mut Destination, shape: &Shape<'_>) -> anyhow::Result<()> {
        let mut out = BufWriter::with_capacity(BUFFER, &mut to.sink);
        if to.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        writer.write_record(shape.columns)?;
        let guarded = to.bom;
        self.read(to.limit, |line| {
            let record = parse(line)?;
            for column in shape.columns {
                let cell = cell::text(record.get(*column));
                let is_text = !matches!(record.get(*column), Some(Value::Number(_)));
                let cell = if guarded && is_text {
                    cell::guarded(cell)
                } else {
                    cell
                };
                writer.write_field(cell.as_bytes())?;
            }
            Ok(writer.write_record(None::<&[u8]>)?)
        })?;
        let mut out = writer.into_inner().map_err(|error| error.into_error())?;
        Ok(out.flush()?)
    }
}

fn parse(line: &[u8]) -> anyhow::Result<Map<String, Value>> {
    serde_json::from_slice(line).context("a record is not a JSON object")
}

#[cfg(test)]
mod tests;
