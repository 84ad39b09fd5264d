//! Pairs of listings that may offer one home, and what a person said of them.

use rusqlite::named_params;

use crate::error::Result;
use crate::image::HOME_PAIR;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// Two listings that may offer one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomePair {
    id: i64,
    /// Public key.
    pub key: String,
    /// Keys of the two listings.
    pub listing_keys: [String; 2],
    /// Log-odds (base 2) that the home is one, in thousandths.
    pub weight: i64,
    /// JSON object: what speaks for and against it, in thousandths.
    pub evidence: Option<String>,
    /// `pending`, `same` or `different`.
    pub status: String,
    /// Run that brought it.
    pub created_run: i64,
}

impl Store {
    /// The pairs of one status, ordered by key.
    pub fn home_pairs(&self, status: &str) -> Result<Vec<HomePair>> {
        self.query_home_pairs(queries::HOME_PAIR_LIST, status)
    }

    /// One pair.
    pub fn home_pair(&self, key: &str) -> Result<Option<HomePair>> {
        let found = self.query_home_pairs(queries::HOME_PAIR_ONE, key)?;
        Ok(found.into_iter().next())
    }

    fn query_home_pairs(&self, sql: &str, parameter: &str) -> Result<Vec<HomePair>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let pairs = statement.query_map([parameter], |row| {
            Ok(HomePair {
                id: row.get(0)?,
                key: row.get(1)?,
                listing_keys: [row.get(2)?, row.get(3)?],
                weight: row.get(4)?,
                evidence: row.get(5)?,
                status: row.get(6)?,
                created_run: row.get(7)?,
            })
        })?;
        Ok(pairs.collect::<rusqlite::Result<_>>()?)
    }
}

impl Run<'_> {
    /// Writes what a person said of a pair: `same` or `different`.
    pub fn close_home_pair(&mut self, pair: &HomePair, status: &str) -> Result<()> {
        self.save_image_once(HOME_PAIR, pair.id)?;
        self.store
            .conn
            .prepare_cached(queries::HOME_PAIR_CLOSE)?
            .execute(named_params! { "$status": status, "$run": self.number, "$id": pair.id })?;
        Ok(())
    }
}
