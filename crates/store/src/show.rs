//! All that is known of one thing, and how much the store holds.

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::image;
use crate::ledger::{InputInfo, RunInfo};
use crate::listing::{Change, StoredListing};
use crate::media::StoredMedium;
use crate::queries;
use crate::store::Store;

/// An entry of the decision log.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// The run that decided.
    pub run: i64,
    /// Its place in the run.
    pub seq: i64,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// What was decided.
    pub kind: String,
    /// JSON; absent once erased.
    pub payload: Option<String>,
}

/// All that is known of a listing.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The listing; private fields as asked for.
    pub listing: StoredListing,
    /// Its photos, videos, tours and plans.
    pub media: Vec<StoredMedium>,
    /// How it came to be what it is.
    pub history: Vec<Change>,
    /// What was decided about it.
    pub decisions: Vec<Decision>,
    /// The run that brought it.
    pub created_by: RunInfo,
    /// The run that last wrote it.
    pub updated_by: RunInfo,
    /// The input it was last read from.
    pub input: Option<InputInfo>,
}

/// How much a store holds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Stats {
    /// Rows by table.
    pub tables: Vec<(&'static str, i64)>,
    /// Listings by status: all, and frozen ones.
    pub listings: Vec<(String, i64, i64)>,
    /// Bytes of the file.
    pub bytes: i64,
}

impl Store {
    /// All that is known of the thing with this key.
    pub fn show(&self, key: &str, reveal: bool) -> Result<Shown> {
        let listing = self.listing(key, reveal)?.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("the store has nothing under the key {key}"),
            )
        })?;
        Ok(Shown {
            media: self.media(key)?,
            history: self.listing_history(key)?,
            decisions: self.decisions(key)?,
            created_by: self.run(listing.created_run)?,
            updated_by: self.run(listing.updated_run)?,
            input: self.input(listing.input)?,
            listing,
        })
    }

    /// What was decided about a thing, oldest first.
    pub fn decisions(&self, subject: &str) -> Result<Vec<Decision>> {
        let mut statement = self.conn.prepare_cached(queries::DECISION_OF_SUBJECT)?;
        let decisions = statement.query_map([subject], |row| {
            Ok(Decision {
                run: row.get(0)?,
                seq: row.get(1)?,
                at: row.get(2)?,
                kind: row.get(3)?,
                payload: row.get(4)?,
            })
        })?;
        Ok(decisions.collect::<rusqlite::Result<_>>()?)
    }

    /// How much the store holds.
    pub fn stats(&self) -> Result<Stats> {
        let mut stats = Stats::default();
        for table in image::ALL.iter() {
            let count = self.conn.query_row(&table.count, [], |row| row.get(0))?;
            stats.tables.push((table.name, count));
        }
        let mut statement = self.conn.prepare_cached(queries::LISTING_BY_CODES)?;
        stats.listings = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let pragma = |name| -> Result<i64> {
            Ok(self.conn.pragma_query_value(None, name, |row| row.get(0))?)
        };
        stats.bytes = pragma("page_count")? * pragma("page_size")?;
        Ok(stats)
    }
}
