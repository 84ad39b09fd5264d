//! The pairs of listings about which a person is asked whether they offer one home.

use crate::error::Result;
use crate::homes::{HomePair, PairStatus};
use crate::queries;
use crate::store::Store;

/// A pair of listings, as a person is asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Public key.
    pub key: String,
    /// The pair, to be told what the answer is.
    pub pair: HomePair,
    /// Keys of the two listings.
    pub listing_keys: [String; 2],
    /// Log-odds (base 2) that the home is one, in thousandths.
    pub weight: i64,
    /// JSON object: what speaks for and against it, in thousandths.
    pub evidence: Option<String>,
    /// Run that brought it.
    pub created_run: i64,
}

impl Store {
    /// The pairs of one status, ordered by key.
    pub fn questions(&self, status: PairStatus) -> Result<Vec<Question>> {
        self.query_questions(queries::QUESTION_LIST, status.as_str())
    }

    /// One pair.
    pub fn question(&self, key: &str) -> Result<Option<Question>> {
        let found = self.query_questions(queries::QUESTION_ONE, key)?;
        Ok(found.into_iter().next())
    }

    fn query_questions(&self, sql: &str, parameter: &str) -> Result<Vec<Question>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let found = statement.query_map([parameter], |row| {
            Ok(Question {
                pair: HomePair {
                    id: row.get(0)?,
                    a: row.get(8)?,
                    b: row.get(9)?,
                    status: PairStatus::from_code(&row.get::<_, String>(6)?),
                },
                key: row.get(1)?,
                listing_keys: [row.get(2)?, row.get(3)?],
                weight: row.get(4)?,
                evidence: row.get(5)?,
                created_run: row.get(7)?,
            })
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }
}
