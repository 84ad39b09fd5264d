//! A run: one transaction, its entry in the ledger, and everything a tool may do in it.

use rusqlite::named_params;

use crate::decision::Chain;
use crate::error::{Error, ErrorKind, Result};
use crate::listing::write::Writer;
use crate::lock::Lock;
use crate::options::{InputStart, RejectWrite, RunStart};
use crate::queries;
use crate::replay::Recorder;
use crate::store::Store;

/// A run in progress. Dropped without [`Run::commit`] it has changed nothing, and the ledger says
/// that it failed.
pub struct Run<'s> {
    pub(crate) store: &'s Store,
    pub(crate) number: i64,
    pub(crate) start: RunStart,
    pub(crate) chain: Chain,
    pub(crate) listings: Writer<'s>,
    pub(crate) undoes: Option<i64>,
    first_load: bool,
    recorder: Recorder,
    ended_at: i64,
    lock: Option<Lock>,
    open: bool,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// A run that has ended well.
#[derive(Debug, Clone)]
pub struct Committed {
    /// Its number.
    pub number: i64,
    /// Hash at the end of the store's chain of decisions, for `verify --head`.
    pub head: String,
    pub(crate) touched: Vec<u32>,
}

impl Committed {
    /// How many listings the run wrote; [`Store::touched`] names them.
    pub fn touched_listings(&self) -> usize {
        self.touched.len()
    }
}

impl Store {
    /// Begins a run: waits for the right to write, enters the run in the ledger, and opens its
    /// transaction.
    pub fn begin(&mut self, start: RunStart) -> Result<Run<'_>> {
        if self.read_only {
            return Err(Error::new(
                ErrorKind::ReadOnly,
                "the store was opened for reading; nothing can be written to it",
            ));
        }
        self.sealer()?;
        let mut lock = match &self.path {
            Some(path) => Some(Lock::take(path, &holder(None, &start), self.wait)?),
            None => None,
        };
        let first_load = self.prepare_journal()?;
        let number = self.enter(&start)?;
        if let Some(lock) = &mut lock {
            lock.write(&holder(Some(number), &start))?;
        }
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        let run = Run {
            chain: Chain::new(number),
            listings: Writer::default(),
            undoes: None,
            first_load: false,
            recorder: Recorder::new(number, self.path.is_some()),
            ended_at: start.now.as_microsecond(),
            store: self,
            number,
            start,
            lock,
            open: true,
        };
        run.with_first_load(first_load)
    }

    /// A first load is written once with a rollback journal, twice with a write-ahead log; whoever
    /// reads meanwhile finds an empty store anyway. Later runs leave readers alone.
    fn prepare_journal(&self) -> Result<bool> {
        let empty = self
            .conn
            .query_row(queries::LISTING_ANY, [], |row| row.get::<_, i64>(0))?
            == 0;
        let mode = if empty { "DELETE" } else { "WAL" };
        // Where the mode cannot be had (a reader holds on, a file system without shared memory) the
        // other one serves as well.
        match self
            .conn
            .pragma_update_and_check(None, "journal_mode", mode, |_| Ok(()))
        {
            Ok(()) => {}
            Err(error) if Error::kind_of(&error) == ErrorKind::Busy => {}
            Err(error) => return Err(error.into()),
        }
        Ok(empty)
    }

    /// Writes the run's start, in a transaction of its own.
    fn enter(&self, start: &RunStart) -> Result<i64> {
        Ok(self.conn.prepare_cached(queries::RUN_START)?.query_row(
            named_params! {
                "$tool": start.tool, "$command": start.command_line_label, "$actor": start.actor,
                "$host": start.host, "$version": start.tool_version,
                "$config_hash": start.config_hash, "$rule_pack": start.rule_pack,
                "$model_version": start.model_version, "$started_at": start.now.as_microsecond(),
            },
            |row| row.get(0),
        )?)
    }

    /// Names the listings a run has written, in the order in which it wrote them first.
    pub fn touched(
        &self,
        committed: &Committed,
        mut each: impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(queries::LISTING_KEY_BY_ID)?;
        for id in &committed.touched {
            let mut rows = statement.query([i64::from(*id)])?;
            if let Some(row) = rows.next()? {
                each(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
            }
        }
        Ok(())
    }
}

fn holder(number: Option<i64>, start: &RunStart) -> String {
    let run = number.map_or(String::from("a run about to begin"), |n| format!("run {n}"));
    format!(
        "{run} ({}, pid {}, user {} on {}, since {})\n",
        start.tool,
        std::process::id(),
        start.actor,
        start.host,
        start.now
    )
}

impl<'s> Run<'s> {
    fn with_first_load(mut self, first_load: bool) -> Result<Self> {
        self.first_load = first_load;
        if first_load {
            self.start_first_load()?;
        }
        Ok(self)
    }

    /// Whether the store had no listings when the run began.
    pub fn is_first_load(&self) -> bool {
        self.first_load
    }

    /// The run's number in its store.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The store, as the run would leave it.
    pub fn store(&self) -> &Store {
        self.store
    }

    /// Says when the run ended; otherwise it ends at the time it began.
    pub fn set_ended(&mut self, at: model::jiff::Timestamp) {
        self.ended_at = at.as_microsecond();
    }

    /// Enters an input; its id goes with every row read from it.
    pub fn input(&mut self, input: InputStart) -> Result<i64> {
        Ok(self
            .store
            .conn
            .prepare_cached(queries::RUN_INPUT_START)?
            .query_row(
                named_params! {
                    "$run": self.number, "$source": input.source, "$format": input.format,
                    "$encoding": input.encoding, "$mapping": input.mapping,
                },
                |row| row.get(0),
            )?)
    }

    /// Notes what is known of an input once it is read: the hash of its bytes, and how many records
    /// it held.
    pub fn close_input(&mut self, id: i64, hash: &[u8; 32], rows: u64) -> Result<()> {
        self.store
            .conn
            .prepare_cached(queries::RUN_INPUT_END)?
            .execute(named_params! { "$id": id, "$hash": hash, "$count": rows as i64 })?;
        Ok(())
    }

    /// Enters a refused row.
    pub fn reject(&mut self, reject: &RejectWrite<'_>) -> Result<()> {
        self.store
            .conn
            .prepare_cached(queries::REJECT_INSERT)?
            .execute(named_params! {
                "$run": self.number, "$input": reject.input, "$line": reject.line as i64,
                "$reject_id": reject.reject_id, "$rule": reject.rule, "$field": reject.field,
                "$reason": reject.reason,
            })?;
        Ok(())
    }

    /// Notes that a row refused earlier came again and was taken. Returns whether there was one.
    pub fn resolve_reject(&mut self, reject_id: &str) -> Result<bool> {
        let resolved = self
            .store
            .conn
            .prepare_cached(queries::REJECT_RESOLVE)?
            .execute(named_params! { "$run": self.number, "$reject_id": reject_id })?;
        Ok(resolved > 0)
    }

    /// Adds an entry to the decision log. The payload is a JSON text without private values.
    pub fn decide(&mut self, kind: &str, subject: &str, payload: &str) -> Result<()> {
        let at = self.start.now.as_microsecond();
        self.chain.push(self.store, at, kind, subject, payload)
    }

    /// Keeps a record the run emits, for `--replay`: one line without its line end.
    pub fn record(&mut self, line: &str) -> Result<()> {
        self.recorder.push(&self.store.conn, line)
    }

    /// Notes that record number `record` (from 0, in the order of [`Run::record`]) was superseded by
    /// the row at a later line.
    pub fn amend(&mut self, record: u32, superseded_by_line: u64) -> Result<()> {
        self.recorder
            .amend(&self.store.conn, record, Some(superseded_by_line), None)
    }

    /// Notes what comparing with other records made of record number `record`: a JSON text for `--replay`.
    pub fn patch(&mut self, record: u32, patch: &str) -> Result<()> {
        self.recorder
            .amend(&self.store.conn, record, None, Some(patch))
    }

    /// Ends the run: all of its work is kept, or, should this fail, none. `counts` is a JSON object.
    pub fn commit(mut self, counts: &str, outcome: &str) -> Result<Committed> {
        let touched = self.finish_listings()?;
        self.recorder.finish(&self.store.conn)?;
        if self.chain.is_empty() {
            // Every run leaves a trace in the log.
            self.decide("run", "", counts)?;
        }
        let head = self
            .chain
            .end(self.store, self.undoes, self.ended_at, counts, outcome)?;
        self.store.conn.execute_batch("COMMIT")?;
        self.open = false;
        self.store.conn.execute_batch("PRAGMA optimize")?;
        Ok(Committed {
            number: self.number,
            head,
            touched,
        })
    }

    /// Ends the run without keeping anything: a dry run, or one that was called off. The ledger keeps
    /// the outcome.
    pub fn abandon(mut self, outcome: &str) -> Result<()> {
        self.roll_back(outcome)
    }

    fn roll_back(&mut self, outcome: &str) -> Result<()> {
        if !std::mem::take(&mut self.open) {
            return Ok(());
        }
        // SQLite itself has rolled back after a full disk.
        if !self.store.conn.is_autocommit() {
            self.store.conn.execute_batch("ROLLBACK")?;
        }
        self.store
            .conn
            .prepare_cached(queries::RUN_FAIL)?
            .execute(named_params! {
                "$number": self.number, "$ended_at": self.ended_at, "$outcome": outcome,
            })?;
        Ok(())
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        // Without room for the outcome the run shows as killed, which is near enough.
        let _ = self.roll_back("failed");
        self.lock = None;
    }
}
