//! Corrections: changes of fields that verification has locked, asked for by an import or a person and
//! decided by a person.

use model::identity::PublicKey;
use rusqlite::{OptionalExtension, Row, named_params};

use crate::error::{Error, ErrorKind, Result};
use crate::image::CORRECTION;
use crate::listing::{Action, no_listing};
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// Letter of a correction's key.
const LETTER: u8 = b'Q';

/// A correction as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    id: i64,
    /// Public key.
    pub key: String,
    /// Key of the listing it is about.
    pub listing_key: String,
    /// Who asked: `import` or `person`.
    pub origin: String,
    /// `pending`, `approved`, `rejected`, or `withdrawn` where its origin no longer asks for it.
    pub status: String,
    /// JSON object: field to `[value, wanted value]`, nothing private.
    pub changes: String,
    /// The same of private fields; empty where there are none.
    pub private: String,
    /// When it was asked for, microseconds since 1970-01-01 UTC.
    pub requested_at: i64,
    /// By whom.
    pub requested_by: String,
    /// Why.
    pub reason: Option<String>,
    /// By whom it was decided.
    pub decided_by: Option<String>,
    /// Run that brought it.
    pub created_run: i64,
    /// Run that last wrote it.
    pub updated_run: i64,
}

/// A correction that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct CorrectionWrite<'a> {
    /// Key of the listing.
    pub listing_key: &'a str,
    /// `import` or `person`.
    pub origin: &'a str,
    /// As in [`Correction::changes`].
    pub changes: &'a str,
    /// As in [`Correction::private`].
    pub private: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
}

impl Store {
    /// Every correction, ordered by key; those of one status where one is named.
    pub fn corrections(&self, status: Option<&str>) -> Result<Vec<Correction>> {
        self.query_corrections(
            queries::CORRECTION_LIST,
            named_params! { "$status": status },
        )
    }

    /// The corrections of a listing, in the order in which they came.
    pub fn corrections_of(&self, listing_key: &str) -> Result<Vec<Correction>> {
        self.query_corrections(
            queries::CORRECTION_OF_LISTING,
            named_params! { "$listing_key": listing_key },
        )
    }

    /// One correction.
    pub fn correction(&self, key: &str) -> Result<Option<Correction>> {
        let found =
            self.query_corrections(queries::CORRECTION_ONE, named_params! { "$key": key })?;
        Ok(found.into_iter().next())
    }

    fn query_corrections(
        &self,
        sql: &str,
        parameters: &[(&str, &dyn rusqlite::ToSql)],
    ) -> Result<Vec<Correction>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let found = statement.query_map(parameters, |row| Ok((read(row)?, row.get(6)?)))?;
        let found: Vec<(Correction, Option<Vec<u8>>)> = found.collect::<rusqlite::Result<_>>()?;
        found
            .into_iter()
            .map(|(mut correction, sealed)| {
                if let Some(sealed) = sealed {
                    let plain = self.sealer()?.open(&place(&correction.key), &sealed)?;
                    correction.private = String::from_utf8_lossy(&plain).into_owned();
                }
                Ok(correction)
            })
            .collect()
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Correction> {
    Ok(Correction {
        id: row.get(0)?,
        key: row.get(1)?,
        listing_key: row.get(2)?,
        origin: row.get(3)?,
        status: row.get(4)?,
        changes: row.get(5)?,
        private: String::new(),
        requested_at: row.get(7)?,
        requested_by: row.get(8)?,
        reason: row.get(9)?,
        decided_by: row.get(10)?,
        created_run: row.get(11)?,
        updated_run: row.get(12)?,
    })
}

impl Run<'_> {
    /// Asks for a correction; a pending one of the same listing and origin is renewed. Returns its key and
    /// what became of it.
    pub fn request_correction(&mut self, write: &CorrectionWrite<'_>) -> Result<(String, Action)> {
        self.settle()?;
        let listing: i64 = self
            .store
            .conn
            .prepare_cached(queries::LISTING_ID_BY_KEY)?
            .query_row([write.listing_key], |row| row.get(0))
            .optional()?
            .ok_or_else(|| no_listing(write.listing_key))?;
        let pending = self.store.corrections_of(write.listing_key)?;
        let pending = pending
            .into_iter()
            .find(|known| known.status == "pending" && known.origin == write.origin);
        if let Some(known) = pending {
            if known.changes == write.changes && known.private == write.private {
                return Ok((known.key, Action::Unchanged));
            }
            self.save_image_once(CORRECTION, known.id)?;
            let sealed = self.seal_changes(&known.key, write.private)?;
            self.store
                .conn
                .prepare_cached(queries::CORRECTION_RENEW)?
                .execute(named_params! {
                    "$changes": write.changes, "$sealed": sealed, "$reason": write.reason,
                    "$at": self.start.now.as_microsecond(), "$actor": self.start.actor,
                    "$run": self.number, "$id": known.id,
                })?;
            return Ok((known.key, Action::Changed));
        }
        // No run asks twice for the corrections of one origin.
        let asked = format!("{} {}", write.origin, self.number);
        let key = PublicKey::derive(LETTER, write.listing_key, &asked).to_string();
        let sealed = self.seal_changes(&key, write.private)?;
        self.store
            .conn
            .prepare_cached(queries::CORRECTION_INSERT)?
            .execute(named_params! {
                "$key": key, "$listing": listing, "$origin": write.origin, "$changes": write.changes,
                "$sealed": sealed, "$at": self.start.now.as_microsecond(),
                "$actor": self.start.actor, "$reason": write.reason, "$run": self.number,
            })?;
        Ok((key, Action::New))
    }

    /// Writes what became of a pending correction: `approved`, `rejected` or `withdrawn`.
    pub fn close_correction(
        &mut self,
        correction: &Correction,
        status: &str,
        reason: Option<&str>,
    ) -> Result<()> {
        if correction.status != "pending" {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "correction {} is {} already",
                    correction.key, correction.status
                ),
            ));
        }
        self.save_image_once(CORRECTION, correction.id)?;
        self.store
            .conn
            .prepare_cached(queries::CORRECTION_CLOSE)?
            .execute(named_params! {
                "$status": status, "$at": self.start.now.as_microsecond(),
                "$actor": self.start.actor, "$reason": reason, "$run": self.number,
                "$id": correction.id,
            })?;
        Ok(())
    }

    fn seal_changes(&self, key: &str, private: &str) -> Result<Option<Vec<u8>>> {
        if private.is_empty() {
            return Ok(None);
        }
        let sealer = self.store.sealer()?;
        Ok(Some(sealer.seal(&place(key), private.as_bytes())?))
    }
}

/// What a correction's sealed value is bound to.
pub(crate) fn place(key: &str) -> Vec<u8> {
    [b"correction\0sealed\0", key.as_bytes()].concat()
}
