//! The decision log: what a run decided, chained so that a changed or cut entry shows. Each run has a
//! chain of its own; at commit its head joins the chain of runs. The chain covers keyed hashes of the
//! payloads, so that a payload can be erased and the chain stays whole.

use rusqlite::{OptionalExtension, named_params};

use crate::error::Result;
use crate::queries;
use crate::schema;
use crate::store::Store;

/// The chain of one run, as it grows.
#[derive(Debug)]
pub(crate) struct Chain {
    run: i64,
    seq: i64,
    head: [u8; 32],
}

impl Chain {
    pub(crate) fn new(run: i64) -> Self {
        Chain {
            run,
            seq: 0,
            head: [0; 32],
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.seq == 0
    }

    pub(crate) fn push(
        &mut self,
        store: &Store,
        at: i64,
        kind: &str,
        subject: &str,
        payload: &str,
    ) -> Result<()> {
        let payload_hash = store.sealer()?.payload_hash(payload);
        self.seq += 1;
        let link = Link {
            run: self.run,
            seq: self.seq,
            at,
            kind,
            subject,
            payload_hash: &payload_hash,
            previous: &self.head,
        };
        let hash = link.hash();
        store
            .conn
            .prepare_cached(queries::DECISION_INSERT)?
            .execute(named_params! {
                "$run": self.run, "$seq": self.seq, "$at": at, "$kind": kind, "$subject": subject,
                "$payload": payload, "$payload_hash": payload_hash, "$previous_hash": self.head,
                "$hash": hash,
            })?;
        self.head = hash;
        Ok(())
    }

    /// Writes the run's end and joins its head to the chain of runs; returns the chain's new end.
    pub(crate) fn end(
        &self,
        store: &Store,
        undoes: Option<i64>,
        ended_at: i64,
        counts: &str,
        outcome: &str,
    ) -> Result<String> {
        let previous: Option<Vec<u8>> = store
            .conn
            .prepare_cached(queries::RUN_LAST_CHAIN)?
            .query_row([self.run], |row| row.get(0))
            .optional()?;
        store
            .conn
            .prepare_cached(queries::RUN_END)?
            .execute(named_params! {
                "$number": self.run, "$ended_at": ended_at, "$outcome": outcome, "$counts": counts,
                "$head": self.head, "$undoes": undoes,
            })?;
        let entry = store
            .conn
            .prepare_cached(queries::RUN_ENTRY)?
            .query_row([self.run], entry_text)?;
        let chain = run_link(&entry, &self.head, &previous.unwrap_or_default());
        store
            .conn
            .prepare_cached(queries::RUN_CHAIN)?
            .execute(named_params! { "$number": self.run, "$chain": chain })?;
        // An outsider who cuts off the last runs cannot make this one fit.
        let seal = store.sealer()?.chain_seal(self.run, &chain);
        schema::set_meta(&store.conn, "chain_seal", &seal)?;
        Ok(crate::key::to_hex(&chain))
    }
}

/// The columns of `run_entry.sql` as one text, each with its length so that none runs into another.
pub(crate) fn entry_text(row: &rusqlite::Row<'_>) -> rusqlite::Result<String> {
    use rusqlite::types::ValueRef;
    let mut text = String::new();
    for column in 0..row.as_ref().column_count() {
        let value = match row.get_ref(column)? {
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        };
        text.push_str(&format!("{}:{value};", value.len()));
    }
    Ok(text)
}

/// The link of a run in the chain of runs.
pub(crate) fn run_link(entry: &str, head: &[u8], previous: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(entry.as_bytes());
    hasher.update(head);
    hasher.update(previous);
    *hasher.finalize().as_bytes()
}

/// What a decision's hash covers.
pub(crate) struct Link<'a> {
    pub(crate) run: i64,
    pub(crate) seq: i64,
    pub(crate) at: i64,
    pub(crate) kind: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) payload_hash: &'a [u8],
    pub(crate) previous: &'a [u8],
}

impl Link<'_> {
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for number in [self.run, self.seq, self.at] {
            hasher.update(&number.to_le_bytes());
        }
        let parts = [
            self.kind.as_bytes(),
            self.subject.as_bytes(),
            self.payload_hash,
            self.previous,
        ];
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        *hasher.finalize().as_bytes()
    }
}
