//! Newline-delimited JSON: a bad line spoils only itself.

use std::io::{BufRead, BufReader, Read};

use crate::{Error, Fault, Record};

use super::Columns;

/// Bytes a line may have.
const MAX_LINE: u64 = 32 << 20;

/// Reads the lines of a file.
pub(crate) struct Lines {
    input: BufReader<Box<dyn Read + Send>>,
    name: String,
    buffer: Vec<u8>,
    cells: Vec<String>,
    line: u64,
    byte: u64,
}

impl Lines {
    /// Lines of `input`, whose first byte is the `byte`-th of the file.
    pub(crate) fn new(input: Box<dyn Read + Send>, name: &str, byte: u64) -> Self {
        Lines {
            input: BufReader::with_capacity(256 << 10, input),
            name: name.to_owned(),
            buffer: Vec::new(),
            cells: Vec::new(),
            line: 0,
            byte,
        }
    }

    /// The next line that is not blank, its number and its place; none at the end.
    fn next(&mut self) -> Result<Option<(u64, u64, bool)>, Error> {
        loop {
            self.buffer.clear();
            let failed = |error| Error::io(format!("read `{}`", self.name), error);
            let byte = self.byte;
            let read = (&mut self.input)
                .take(MAX_LINE)
                .read_until(b'\n', &mut self.buffer)
                .map_err(failed)? as u64;
            if read == 0 {
                return Ok(None);
            }
            self.byte += read;
            self.line += 1;
            let too_long = read == MAX_LINE && self.buffer.last() != Some(&b'\n');
            if too_long {
                self.buffer.truncate(4 << 10);
                self.byte += self.input.skip_until(b'\n').map_err(failed)? as u64;
            }
            if !self.buffer.trim_ascii().is_empty() {
                return Ok(Some((self.line, byte, too_long)));
            }
        }
    }

    /// Takes up the keys of all lines.
    pub(crate) fn learn(&mut self, columns: &mut Columns) -> Result<(), Error> {
        while let Some((_, _, too_long)) = self.next()? {
            if !too_long {
                columns.learn(self.buffer.trim_ascii(), &self.name)?;
            }
        }
        Ok(())
    }

    /// Reads the next record; false at the end.
    pub(crate) fn read(&mut self, columns: &Columns, record: &mut Record) -> Result<bool, Error> {
        let Some((line, byte, too_long)) = self.next()? else {
            return Ok(false);
        };
        record.start(line, byte);
        if too_long {
            record.set_fault(Fault::TooLarge);
            record.push_bytes(&self.buffer);
        } else {
            columns.fill(self.buffer.trim_ascii(), &mut self.cells, record);
        }
        Ok(true)
    }
}
