//! Reading the ledger: past runs, their inputs, and the rows they refused.

use rusqlite::{OptionalExtension, Row};
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::lock;
use crate::queries;
use crate::store::Store;

/// A run, as the ledger has it.
#[derive(Debug, Clone, Serialize)]
pub struct RunInfo {
    /// Number in its store.
    pub number: i64,
    /// Tool.
    pub tool: String,
    /// Command line as a label.
    pub command: String,
    /// Operating-system user.
    pub actor: String,
    /// Machine.
    pub host: String,
    /// Version of the tool.
    pub version: String,
    /// Hash of the configuration.
    pub config_hash: String,
    /// Rule pack.
    pub rule_pack: String,
    /// Model version, or empty.
    pub model_version: String,
    /// Microseconds since 1970-01-01 UTC.
    pub started_at: i64,
    /// The same; absent while it runs, or when it was killed.
    pub ended_at: Option<i64>,
    /// The outcome given at its end; `running` or `killed` where there is none.
    pub outcome: Option<String>,
    /// Counts as a JSON object.
    pub counts: Option<String>,
    /// The run it undid.
    pub undoes: Option<i64>,
    /// The run that undid it.
    pub undone_by: Option<i64>,
    /// Whether its work was kept.
    pub committed: bool,
}

/// The last run whose work was kept: as long as it is the last, nothing in the store has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Its number.
    pub run: i64,
    /// The end of the chain of runs, in hexadecimal digits.
    pub chain: String,
}

/// An input of a past run.
#[derive(Debug, Clone, Serialize)]
pub struct InputInfo {
    /// Id within the store.
    pub id: i64,
    /// The run that read it.
    pub run: i64,
    /// File name, or `-`.
    pub source: String,
    /// Format.
    pub format: String,
    /// Encoding.
    pub encoding: String,
    /// What each column was understood to be, as JSON.
    pub mapping: String,
    /// BLAKE3 of its bytes, in hexadecimal digits.
    pub content_hash: Option<String>,
    /// Records it held.
    pub records: Option<i64>,
}

/// A refused row of a past run.
#[derive(Debug, Clone, Serialize)]
pub struct RejectInfo {
    /// File name, or `-`.
    pub source: String,
    /// Line.
    pub line: i64,
    /// Name by which the mended row is known.
    pub reject_id: String,
    /// Rule code.
    pub rule: String,
    /// Field.
    pub field: Option<String>,
    /// Why, masked.
    pub reason: String,
    /// The run that took the mended row.
    pub resolved_by_run: Option<i64>,
}

/// Where a row was refused.
#[derive(Debug, Clone, Serialize)]
pub struct RejectOrigin {
    /// The run.
    pub run: i64,
    /// The input's id.
    pub input: i64,
    /// The input's name.
    pub source: String,
    /// Line in it.
    pub line: i64,
    /// How its columns were understood, as JSON.
    pub mapping: String,
}

fn run_info(row: &Row<'_>) -> rusqlite::Result<RunInfo> {
    Ok(RunInfo {
        number: row.get(0)?,
        tool: row.get(1)?,
        command: row.get(2)?,
        actor: row.get(3)?,
        host: row.get(4)?,
        version: row.get(5)?,
        config_hash: row.get(6)?,
        rule_pack: row.get(7)?,
        model_version: row.get(8)?,
        started_at: row.get(9)?,
        ended_at: row.get(10)?,
        outcome: row.get(11)?,
        counts: row.get(12)?,
        undoes: row.get(13)?,
        undone_by: row.get(14)?,
        committed: !matches!(row.get_ref(15)?, rusqlite::types::ValueRef::Null),
    })
}

fn input_info(row: &Row<'_>) -> rusqlite::Result<InputInfo> {
    let hash: Option<Vec<u8>> = row.get(6)?;
    Ok(InputInfo {
        id: row.get(0)?,
        run: row.get(1)?,
        source: row.get(2)?,
        format: row.get(3)?,
        encoding: row.get(4)?,
        mapping: row.get(5)?,
        content_hash: hash.map(|hash| crate::key::to_hex(&hash)),
        records: row.get(7)?,
    })
}

impl Store {
    /// Every run, oldest first.
    pub fn runs(&self) -> Result<Vec<RunInfo>> {
        let mut statement = self.conn.prepare_cached(queries::RUN_LIST)?;
        let runs = statement.query_map([], run_info)?;
        let mut runs: Vec<RunInfo> = runs.collect::<rusqlite::Result<_>>()?;
        if let Some((last, earlier)) = runs.split_last_mut() {
            earlier.iter_mut().for_each(|run| name_outcome(run, false));
            name_outcome(last, self.is_held());
        }
        Ok(runs)
    }

    /// One run.
    pub fn run(&self, number: i64) -> Result<RunInfo> {
        let info = self
            .conn
            .prepare_cached(queries::RUN_ONE)?
            .query_row([number], run_info)
            .optional()?;
        let mut info = info.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("there is no run {number}; `store-admin runs` lists them"),
            )
        })?;
        name_outcome(&mut info, self.is_held());
        Ok(info)
    }

    /// The last run whose work was kept.
    pub fn head(&self) -> Result<Option<Head>> {
        self.head_before(i64::MAX)
    }

    /// The last run with a lower number whose work was kept.
    pub fn head_before(&self, number: i64) -> Result<Option<Head>> {
        let mut statement = self.conn.prepare_cached(queries::RUN_HEAD_BEFORE)?;
        let head = statement.query_row([number], |row| {
            let chain: Vec<u8> = row.get(1)?;
            Ok(Head {
                run: row.get(0)?,
                chain: crate::key::to_hex(&chain),
            })
        });
        Ok(head.optional()?)
    }

    fn is_held(&self) -> bool {
        self.path.as_deref().is_some_and(lock::is_held)
    }

    /// The inputs of a run, in the order in which it read them.
    pub fn inputs(&self, run: i64) -> Result<Vec<InputInfo>> {
        let mut statement = self.conn.prepare_cached(queries::RUN_INPUT_LIST)?;
        let inputs = statement.query_map([run], input_info)?;
        Ok(inputs.collect::<rusqlite::Result<_>>()?)
    }

    /// Every input of every run, in the order in which they were read.
    pub fn every_input(&self) -> Result<Vec<InputInfo>> {
        let mut statement = self.conn.prepare_cached(queries::RUN_INPUT_EVERY)?;
        let inputs = statement.query_map([], input_info)?;
        Ok(inputs.collect::<rusqlite::Result<_>>()?)
    }

    /// One input.
    pub fn input(&self, id: i64) -> Result<Option<InputInfo>> {
        let mut statement = self.conn.prepare_cached(queries::RUN_INPUT_ONE)?;
        Ok(statement.query_row([id], input_info).optional()?)
    }

    /// The rows a run refused, in the order in which it met them.
    pub fn rejects(&self, run: i64) -> Result<Vec<RejectInfo>> {
        let mut statement = self.conn.prepare_cached(queries::REJECT_LIST)?;
        let rejects = statement.query_map([run], |row| {
            Ok(RejectInfo {
                source: row.get(0)?,
                line: row.get(1)?,
                reject_id: row.get(2)?,
                rule: row.get(3)?,
                field: row.get(4)?,
                reason: row.get(5)?,
                resolved_by_run: row.get(6)?,
            })
        })?;
        Ok(rejects.collect::<rusqlite::Result<_>>()?)
    }

    /// The id of every row a run refused, and the input that was the row's, in the order in which the
    /// run met them.
    pub fn reject_inputs(&self, run: i64, each: &mut dyn FnMut(&str, i64)) -> Result<()> {
        let mut statement = self.conn.prepare_cached(queries::REJECT_INPUTS)?;
        let mut rows = statement.query([run])?;
        while let Some(row) = rows.next()? {
            let id = row.get_ref(0)?;
            each(id.as_str().map_err(rusqlite::Error::from)?, row.get(1)?);
        }
        Ok(())
    }

    /// Where a row, now mended, was refused last.
    pub fn reject_origin(&self, reject_id: &str) -> Result<Option<RejectOrigin>> {
        let mut statement = self.conn.prepare_cached(queries::REJECT_ORIGIN)?;
        let origin = statement.query_row([reject_id], |row| {
            Ok(RejectOrigin {
                run: row.get(0)?,
                input: row.get(1)?,
                source: row.get(2)?,
                line: row.get(3)?,
                mapping: row.get(4)?,
            })
        });
        Ok(origin.optional()?)
    }
}

/// A run without an end runs now, if somebody holds the store, or was killed.
fn name_outcome(run: &mut RunInfo, held: bool) {
    if run.outcome.is_none() {
        run.outcome = Some(if held { "running" } else { "killed" }.to_owned());
    }
}
