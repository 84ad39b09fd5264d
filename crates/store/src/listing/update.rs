//! A listing is written again.

use model::field::Stored;
use model::identity::{Lookup, PublicKey};
use rusqlite::Statement;
use serde_json::{Map, Value};

use super::ListingWrite;
use super::codec::{self, Bound, COLUMNS};
use super::statements::{UPDATE, UPDATE_IN_PLACE};
use super::write::seal;
use crate::error::Result;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

impl Run<'_> {
    /// Writes a listing again; `in_place` where it is looked up by the same as before.
    pub(super) fn update(
        &mut self,
        key: PublicKey,
        id: i64,
        write: &ListingWrite<'_>,
        in_place: bool,
    ) -> Result<()> {
        let sql: &str = if in_place { &UPDATE_IN_PLACE } else { &UPDATE };
        let writer = &mut self.listings;
        let mut columns = vec![None; COLUMNS.len()];
        codec::sort(write.listing, &mut writer.texts, |place, value| {
            columns[place] = Some(value);
        });
        keep_private(self.store, key, id, &mut writer.texts.private)?;
        let private = seal(self.store, key, &writer.texts.private)?;
        let mut statement = self.store.conn.prepare_cached(sql)?;
        let mut binder = Binder::new(&mut statement);
        binder.number(write.hash as i64)?;
        binder.provenance(self.number, write)?;
        let texts = &writer.texts;
        for text in [&texts.fact_numbers, &texts.fact_texts, &texts.detail] {
            binder.text_or_null(text)?;
        }
        binder.blob_or_null(private.as_deref())?;
        for value in columns {
            binder.value(value)?;
        }
        if !in_place {
            for hash in lookup_columns(&write.lookup) {
                binder.value(hash.map(Stored::Number))?;
            }
        }
        binder.number(id)?;
        statement.raw_execute()?;
        Ok(())
    }
}

/// Keeps the private values that are stored and that a row does not have: most files leave them out, and
/// our own output masks them.
fn keep_private(store: &Store, key: PublicKey, id: i64, private: &mut String) -> Result<()> {
    let stored: Option<Vec<u8>> = store
        .conn
        .prepare_cached(queries::LISTING_SEALED_OF)?
        .query_row([id], |row| row.get(0))?;
    let Some(stored) = stored else {
        return Ok(());
    };
    let stored = store.sealer()?.open(&codec::place(key.as_str()), &stored)?;
    let parse =
        |text: &[u8]| serde_json::from_slice::<Map<String, Value>>(text).unwrap_or_default();
    let mut kept = parse(&stored);
    kept.extend(parse(private.as_bytes()));
    *private = Value::Object(kept).to_string();
    Ok(())
}

/// What stands in the columns [`LOOKUP`].
pub(super) fn lookup_columns(lookup: &Lookup) -> [Option<i64>; 2] {
    [Some(i64::from(lookup.place)), lookup.agent.map(i64::from)]
}

/// Binds a statement's parameters one after the other.
struct Binder<'s, 'c> {
    statement: &'s mut Statement<'c>,
    next: usize,
}

impl<'s, 'c> Binder<'s, 'c> {
    fn new(statement: &'s mut Statement<'c>) -> Self {
        Binder { statement, next: 1 }
    }

    /// A cached statement comes with nothing bound, so what is absent needs no binding.
    fn value(&mut self, value: Option<Stored<'_>>) -> Result<()> {
        if let Some(value) = value {
            self.statement.raw_bind_parameter(self.next, Bound(value))?;
        }
        self.next += 1;
        Ok(())
    }

    fn number(&mut self, number: i64) -> Result<()> {
        self.value(Some(Stored::Number(number)))
    }

    fn text_or_null(&mut self, text: &str) -> Result<()> {
        self.value((!text.is_empty()).then_some(Stored::Text(text)))
    }

    fn blob_or_null(&mut self, bytes: Option<&[u8]>) -> Result<()> {
        if let Some(bytes) = bytes {
            self.statement.raw_bind_parameter(self.next, bytes)?;
        }
        self.next += 1;
        Ok(())
    }

    /// `updated_run, input, line, frozen, findings`.
    fn provenance(&mut self, run: i64, write: &ListingWrite<'_>) -> Result<()> {
        self.number(run)?;
        self.number(write.input)?;
        self.number(write.line as i64)?;
        self.number(i64::from(write.frozen))?;
        self.text_or_null(match write.findings_json {
            "[]" => "",
            findings => findings,
        })
    }
}
