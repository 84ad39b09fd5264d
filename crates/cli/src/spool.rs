//! Records wait here until the commit: NDJSON lines in an unlinked private temporary file, so that
//! a run holds none of them in memory and a killed one leaves none behind.
//!
//! A record may turn out to be overtaken by a later one of the same input, or more may be known of it when all
//! are in. Its line stays; it is amended while it is given out.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use anyhow::Context;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::failure::Failure;

const BUFFER: usize = 256 * 1024;

/// How a superseded record changes before it is given out: the record, and the line that overtook it.
pub type Amend = Box<dyn Fn(&mut Map<String, Value>, u64) + Send>;

/// Records that wait for the commit, numbered from 0 in push order.
pub struct Spool {
    /// None where nobody will read the records, as with `-o /dev/null`.
    file: Option<BufWriter<File>>,
    rows: u64,
    superseded: HashMap<u64, u64>,
    patches: HashMap<u64, Map<String, Value>>,
    amend: Amend,
    scratch: Vec<u8>,
}

impl Spool {
    /// A spool in the temporary folder.
    pub fn new() -> Result<Self, Failure> {
        let file = tempfile::tempfile().map_err(|error| {
            Failure::failed("cannot make a temporary file for the records")
                .because(error)
                .hint("set TMPDIR to a folder with room")
        })?;
        Ok(Spool::over(Some(BufWriter::with_capacity(BUFFER, file))))
    }

    /// A spool that only counts, for records nobody will read.
    pub fn discarding() -> Self {
        Spool::over(None)
    }

    fn over(file: Option<BufWriter<File>>) -> Self {
        Spool {
            file,
            rows: 0,
            superseded: HashMap::new(),
            patches: HashMap::new(),
            amend: Box::new(|record, _| {
                if let Some(action) = record.get_mut("action") {
                    *action = Value::from("unchanged");
                }
            }),
            scratch: Vec::new(),
        }
    }

    /// Says how superseded records change; without it only their `action` becomes `unchanged`.
    pub fn amend_with(&mut self, amend: Amend) {
        self.amend = amend;
    }

    /// Whether records are only counted, so that a tool may save itself the making of their lines.
    pub fn is_discarding(&self) -> bool {
        self.file.is_none()
    }

    /// How many records there are.
    pub fn len(&self) -> u64 {
        self.rows
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Adds a record that is one line of JSON already, without its line end; returns its row.
    pub fn push_raw(&mut self, line: &str) -> anyhow::Result<u64> {
        debug_assert!(!line.contains('\n'), "a record is one line");
        if let Some(file) = &mut self.file {
            file.write_all(line.as_bytes())
                .and_then(|()| file.write_all(b"\n"))
                .map_err(full)?;
        }
        Ok(self.next())
    }

    /// Adds a record; returns its row.
    pub fn push(&mut self, record: &impl Serialize) -> anyhow::Result<u64> {
        if let Some(file) = &mut self.file {
            self.scratch.clear();
            serde_json::to_writer(&mut self.scratch, record)
                .context("cannot write a record as JSON")?;
            self.scratch.push(b'\n');
            file.write_all(&self.scratch).map_err(full)?;
        }
        Ok(self.next())
    }

    fn next(&mut self) -> u64 {
        self.rows += 1;
        self.rows - 1
    }

    /// Marks an earlier record as overtaken by the one on `line` of the same input.
    pub fn supersede(&mut self, row: u64, line: u64) {
        if self.file.is_some() {
            self.superseded.insert(row, line);
        }
    }

    /// Changes members of an earlier record; what is said of a list is added to it.
    pub fn patch(&mut self, row: u64, patch: Map<String, Value>) {
        if self.file.is_some() {
            self.patches.insert(row, patch);
        }
    }

    /// A writer for lines that come from elsewhere, such as a past run's records.
    pub fn lines(&mut self) -> Lines<'_> {
        Lines { spool: self }
    }

    /// The whole file from its start, if every record goes out as it was pushed.
    pub(crate) fn as_pushed(&mut self) -> anyhow::Result<Option<&mut File>> {
        if !(self.superseded.is_empty() && self.patches.is_empty()) {
            return Ok(None);
        }
        match &mut self.file {
            Some(file) => {
                file.flush().map_err(full)?;
                let file = file.get_mut();
                file.seek(SeekFrom::Start(0))?;
                Ok(Some(file))
            }
            None => Ok(None),
        }
    }

    /// Reads the first `limit` records in order, the superseded ones amended. `each` gets a line
    /// without its end.
    pub fn read(
        &mut self,
        limit: Option<u64>,
        mut each: impl FnMut(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.flush().map_err(full)?;
        let file = file.get_mut();
        file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::with_capacity(BUFFER, Read::by_ref(file));
        let mut line = Vec::new();
        for row in 0..limit.map_or(self.rows, |limit| limit.min(self.rows)) {
            line.clear();
            reader
                .read_until(b'\n', &mut line)
                .context("cannot read the records back")?;
            line.pop_if(|last| *last == b'\n');
            let (by_line, patch) = (self.superseded.get(&row), self.patches.get(&row));
            if by_line.is_none() && patch.is_none() {
                each(&line)?;
                continue;
            }
            let mut record: Map<String, Value> =
                serde_json::from_slice(&line).context("cannot read a record back")?;
            if let Some(patch) = patch {
                apply_patch(&mut record, patch);
            }
            if let Some(by_line) = by_line {
                (self.amend)(&mut record, *by_line);
            }
            each(&serde_json::to_vec(&record)?)?;
        }
        file.seek(SeekFrom::End(0))?;
        Ok(())
    }
}

/// Changes members of a record as [`Spool::patch`] does; members it does not have are left out.
pub fn apply_patch(record: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match (record.get_mut(name), value) {
            (Some(Value::Array(list)), Value::Array(more)) => list.extend(more.iter().cloned()),
            (Some(member), value) => *member = value.clone(),
            (None, _) => {}
        }
    }
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool")
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

fn full(error: std::io::Error) -> Failure {
    Failure::failed("cannot keep the records in a temporary file")
        .because(error)
        .hint("set TMPDIR to a folder with room")
}

/// Takes NDJSON lines as they come; see [`Spool::lines`].
#[derive(Debug)]
pub struct Lines<'a> {
    spool: &'a mut Spool,
}

impl Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(file) = &mut self.spool.file {
            file.write_all(bytes)?;
        }
        self.spool.rows += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn all(spool: &mut Spool, limit: Option<u64>) -> Vec<String> {
        let mut lines = Vec::new();
        spool
            .read(limit, |line| {
                lines.push(String::from_utf8(line.to_vec())?);
                Ok(())
            })
            .unwrap();
        lines
    }

    #[test]
    fn superseded_records_are_amended_and_the_rest_is_as_pushed() {
        let mut spool = Spool::new().unwrap();
        spool.amend_with(Box::new(|record, line| {
            record.insert("action".into(), "unchanged".into());
            if let Some(Value::Array(findings)) = record.get_mut("findings") {
                findings.push(json!({"code": "L900", "line": line}));
            }
        }));
        assert_eq!(
            spool
                .push_raw(r#"{"line":2,"action":"new","findings":[]}"#)
                .unwrap(),
            0
        );
        assert_eq!(spool.push(&json!({"line": 3, "action": "new"})).unwrap(), 1);
        assert!(spool.as_pushed().unwrap().is_some());
        spool.supersede(0, 3);
        assert!(spool.as_pushed().unwrap().is_none());
        assert_eq!(
            all(&mut spool, None),
            [
                r#"{"line":2,"action":"unchanged","findings":[{"code":"L900","line":3}]}"#,
                r#"{"line":3,"action":"new"}"#
            ]
        );
        let patch = json!({"action": "held", "findings": [{"code": "L701"}], "other": 1});
        spool.patch(0, patch.as_object().unwrap().clone());
        spool.patch(1, patch.as_object().unwrap().clone());
        assert_eq!(
            all(&mut spool, None),
            [
                r#"{"line":2,"action":"unchanged","findings":[{"code":"L701"},{"code":"L900","line":3}]}"#,
                r#"{"line":3,"action":"held"}"#
            ]
        );
        // records may still be added after a look
        spool.push_raw("{}").unwrap();
        assert_eq!(all(&mut spool, Some(5)).len(), 3);
        assert_eq!(all(&mut spool, Some(1)).len(), 1);
    }

    #[test]
    fn lines_from_elsewhere_are_counted() {
        let mut spool = Spool::new().unwrap();
        spool.lines().write_all(b"{\"a\":1}\n{\"a\"").unwrap();
        spool.lines().write_all(b":2}\n").unwrap();
        assert_eq!(spool.len(), 2);
        assert_eq!(all(&mut spool, None)[1], r#"{"a":2}"#);
    }

    #[test]
    fn a_discarding_spool_counts() {
        let mut spool = Spool::discarding();
        spool.push_raw("{}").unwrap();
        spool.supersede(0, 1);
        assert_eq!((spool.len(), all(&mut spool, None).len()), (1, 0));
    }
}
