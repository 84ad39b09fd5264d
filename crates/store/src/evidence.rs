//! Evidence: what a person saw that bears a listing out. Each piece's reference is sealed.

use model::identity::PublicKey;
use model::jiff::civil::Date;
use rusqlite::{OptionalExtension, named_params};

use crate::error::Result;
use crate::image::EVIDENCE;
use crate::listing::{Action, no_listing};
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// Letter of a piece of evidence's key.
const LETTER: u8 = b'D';

/// A piece of evidence as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    id: i64,
    /// Public key.
    pub key: String,
    /// What it is.
    pub kind: String,
    /// Its reference, in clear text: private.
    pub reference: String,
    /// When it was seen, microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// By whom.
    pub actor: String,
    /// Last day on which it counts; none: no end.
    pub valid_until: Option<Date>,
}

impl Store {
    /// The evidence of a listing, in the order in which it came.
    pub fn evidence(&self, listing_key: &str) -> Result<Vec<Evidence>> {
        let mut statement = self.conn.prepare_cached(queries::EVIDENCE_OF_LISTING)?;
        let found = statement.query_map([listing_key], |row| {
            let until: Option<String> = row.get(5)?;
            let evidence = Evidence {
                id: row.get(0)?,
                key: row.get(1)?,
                kind: row.get(2)?,
                reference: String::new(),
                at: row.get(3)?,
                actor: row.get(4)?,
                valid_until: until.and_then(|day| day.parse().ok()),
            };
            Ok((evidence, row.get(6)?))
        })?;
        let found: Vec<(Evidence, Option<Vec<u8>>)> = found.collect::<rusqlite::Result<_>>()?;
        found
            .into_iter()
            .map(|(mut evidence, sealed)| {
                if let Some(sealed) = sealed {
                    let plain = self.sealer()?.open(&place(&evidence.key), &sealed)?;
                    evidence.reference = String::from_utf8_lossy(&plain).into_owned();
                }
                Ok(evidence)
            })
            .collect()
    }
}

impl Run<'_> {
    /// Adds a piece of evidence to a listing; one that is there already counts until the new day.
    pub fn add_evidence(
        &mut self,
        listing_key: &str,
        kind: &str,
        reference: &str,
        valid_until: Option<Date>,
    ) -> Result<Action> {
        self.settle()?;
        let known = self.store.evidence(listing_key)?;
        let known = known
            .into_iter()
            .find(|known| known.kind == kind && known.reference == reference);
        let until = valid_until.map(|day| day.to_string());
        if let Some(known) = known {
            if known.valid_until == valid_until {
                return Ok(Action::Unchanged);
            }
            self.save_image_once(EVIDENCE, known.id)?;
            self.store
                .conn
                .prepare_cached(queries::EVIDENCE_RENEW)?
                .execute(named_params! {
                    "$until": until, "$at": self.start.now.as_microsecond(),
                    "$actor": self.start.actor, "$run": self.number, "$id": known.id,
                })?;
            return Ok(Action::Changed);
        }
        let listing: i64 = self
            .store
            .conn
            .prepare_cached(queries::LISTING_ID_BY_KEY)?
            .query_row([listing_key], |row| row.get(0))
            .optional()?
            .ok_or_else(|| no_listing(listing_key))?;
        // A key made of the reference would let it be guessed.
        let sealer = self.store.sealer()?;
        let hidden = sealer.equality("evidence.reference", reference);
        let hidden: String = hidden[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let key = PublicKey::derive(LETTER, listing_key, &format!("{kind}\0{hidden}")).to_string();
        let sealed = sealer.seal(&place(&key), reference.as_bytes())?;
        self.store
            .conn
            .prepare_cached(queries::EVIDENCE_INSERT)?
            .execute(named_params! {
                "$key": key, "$listing": listing, "$kind": kind,
                "$at": self.start.now.as_microsecond(), "$actor": self.start.actor,
                "$until": until, "$sealed": sealed, "$run": self.number,
            })?;
        Ok(Action::New)
    }
}

/// What a piece's sealed reference is bound to.
pub(crate) fn place(key: &str) -> Vec<u8> {
    [b"evidence\0sealed\0", key.as_bytes()].concat()
}
