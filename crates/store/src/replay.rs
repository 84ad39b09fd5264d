//! A run's emitted records, kept so that `--replay` can give them again: lines of NDJSON in
//! compressed pieces.

use std::io::Write;

use rusqlite::{Connection, named_params};

use crate::error::{Error, ErrorKind, Result};
use crate::queries;
use crate::store::Store;

/// Bytes of lines in one piece: what is compressed was just written, and is still in the processor's cache.
const PIECE: usize = 128 << 10;
/// A fast level: the pieces are written by every run and read by few.
const LEVEL: i32 = -5;

/// Collects the records of a run.
#[derive(Debug)]
pub(crate) struct Recorder {
    run: i64,
    on: bool,
    seq: i64,
    lines: Vec<u8>,
}

impl Recorder {
    pub(crate) fn new(run: i64, on: bool) -> Self {
        Recorder {
            run,
            on,
            seq: 0,
            lines: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, conn: &Connection, line: &str) -> Result<()> {
        if !self.on {
            return Ok(());
        }
        self.lines.extend_from_slice(line.as_bytes());
        self.lines.push(b'\n');
        if self.lines.len() >= PIECE {
            self.finish(conn)?;
        }
        Ok(())
    }

    pub(crate) fn amend(
        &mut self,
        conn: &Connection,
        record: u32,
        superseded_by_line: Option<u64>,
        patch: Option<&str>,
    ) -> Result<()> {
        if self.on {
            conn.prepare_cached(queries::RUN_AMENDMENT_INSERT)?
                .execute(named_params! {
                    "$run": self.run, "$record": record, "$line": superseded_by_line.map(|line| line as i64),
                    "$patch": patch,
                })?;
        }
        Ok(())
    }

    /// Writes what is collected.
    pub(crate) fn finish(&mut self, conn: &Connection) -> Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let data = zstd::bulk::compress(&self.lines, LEVEL)?;
        conn.prepare_cached(queries::RUN_RECORD_INSERT)?
            .execute(named_params! { "$run": self.run, "$seq": self.seq, "$data": data })?;
        self.seq += 1;
        self.lines.clear();
        Ok(())
    }
}

/// What became of a record after it was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amendment {
    /// Line of the later row that superseded it.
    pub superseded_by_line: Option<u64>,
    /// What comparing with other records made of it, as the tool wrote it.
    pub patch: Option<String>,
}

/// A record that a later row of its run has superseded, as it is emitted: the record with
/// `superseded_by_line` as its last member.
pub fn amended(line: &str, superseded_by_line: u64) -> String {
    match line.trim_end().strip_suffix('}') {
        Some("{") => format!("{{\"superseded_by_line\":{superseded_by_line}}}"),
        Some(open) => format!("{open},\"superseded_by_line\":{superseded_by_line}}}"),
        None => line.to_owned(),
    }
}

impl Store {
    /// Writes the records a past run emitted, byte for byte; superseded ones as [`amended`] says.
    pub fn replay(&self, run: i64, out: &mut dyn Write) -> Result<()> {
        self.replay_with(run, &mut |line, superseded| {
            match superseded.superseded_by_line {
                None => out.write_all(line.as_bytes())?,
                Some(by) => out.write_all(amended(line, by).as_bytes())?,
            }
            Ok(out.write_all(b"\n")?)
        })
    }

    /// Hands out the records of a past run, each with what became of it later in the run.
    pub fn replay_with(
        &self,
        run: i64,
        each: &mut dyn FnMut(&str, &Amendment) -> Result<()>,
    ) -> Result<()> {
        let info = self.run(run)?;
        if !info.committed {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!(
                    "run {run} did not end well, so it emitted nothing; see `store-admin runs`"
                ),
            ));
        }
        let damaged = || {
            Error::new(
                ErrorKind::Corrupt,
                format!("the records of run {run} are damaged"),
            )
        };
        let mut amendments = self.conn.prepare_cached(queries::RUN_AMENDMENT_LIST)?;
        let mut amendments = amendments.query([run])?;
        let mut next = |record: &mut Option<(i64, Amendment)>| -> Result<()> {
            *record = match amendments.next()? {
                Some(row) => {
                    let line: Option<i64> = row.get(1)?;
                    let amendment = Amendment {
                        superseded_by_line: line.map(|line| line as u64),
                        patch: row.get(2)?,
                    };
                    Some((row.get(0)?, amendment))
                }
                None => None,
            };
            Ok(())
        };
        let as_it_was = Amendment::default();
        let mut amendment = None;
        next(&mut amendment)?;
        let mut pieces = self.conn.prepare_cached(queries::RUN_RECORD_LIST)?;
        let mut pieces = pieces.query([run])?;
        let mut ordinal = 0;
        while let Some(piece) = pieces.next()? {
            let data = piece.get_ref(0)?.as_blob().map_err(|_| damaged())?;
            let lines = zstd::stream::decode_all(data).map_err(|_| damaged())?;
            for line in std::str::from_utf8(&lines).map_err(|_| damaged())?.lines() {
                match &amendment {
                    Some((record, amended)) if *record == ordinal => {
                        each(line, amended)?;
                        next(&mut amendment)?;
                    }
                    _ => each(line, &as_it_was)?,
                }
                ordinal += 1;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amended_record_stays_json() {
        assert_eq!(
            amended("{\"a\":1}", 7),
            "{\"a\":1,\"superseded_by_line\":7}"
        );
        assert_eq!(amended("{}", 7), "{\"superseded_by_line\":7}");
    }
}
