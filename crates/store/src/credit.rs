//! Entries of an agent's credit. What an entry is worth its caller says.

use model::identity::PublicKey;
use rusqlite::named_params;

use crate::error::Result;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// Letter of a credit entry's key.
const LETTER: u8 = b'G';

/// An entry of an agent's credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditEntry {
    /// Public key.
    pub key: String,
    /// Key of the agent.
    pub member_key: String,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// Hundredths of a point.
    pub points: i64,
    /// What it is for.
    pub cause: String,
    /// Key of what bears it out.
    pub evidence: Option<String>,
}

impl Run<'_> {
    /// Enters points (hundredths) to an agent's credit; returns the entry's key. A run enters one thing for one
    /// cause only once.
    pub fn enter_credit(
        &mut self,
        member_key: &str,
        points: i64,
        cause: &str,
        evidence: &str,
    ) -> Result<String> {
        let record = format!("{cause}\0{evidence}\0{}", self.number);
        let key = PublicKey::derive(LETTER, member_key, &record).to_string();
        self.store
            .conn
            .prepare_cached(queries::CREDIT_INSERT)?
            .execute(named_params! {
                "$key": key, "$member_key": member_key, "$at": self.start.now.as_microsecond(),
                "$points": points, "$cause": cause, "$evidence": evidence, "$run": self.number,
            })?;
        Ok(key)
    }
}

impl Store {
    /// The entries of an agent's credit, in the order in which they came.
    pub fn credit(&self, member_key: &str) -> Result<Vec<CreditEntry>> {
        let mut statement = self.conn.prepare_cached(queries::CREDIT_OF_MEMBER)?;
        let entries = statement.query_map([member_key], |row| {
            Ok(CreditEntry {
                key: row.get(0)?,
                member_key: row.get(1)?,
                at: row.get(2)?,
                points: row.get(3)?,
                cause: row.get(4)?,
                evidence: row.get(5)?,
            })
        })?;
        Ok(entries.collect::<rusqlite::Result<_>>()?)
    }
}
