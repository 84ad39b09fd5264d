//! Reading listings back.

use std::collections::{HashMap, HashSet};

use model::codes::Verification;
use model::identity::PublicKey;
use model::jiff::civil::Date;
use model::listing::Listing;
use rusqlite::OptionalExtension;
use rusqlite::types::ValueRef;

use super::codec::{self, COLUMNS};
use super::statements::{ALL, BY_ID, BY_KEY, HEAD, KEPT_BACK, ONE, SHARED};
use super::{Change, HomeKey, facts, verification};
use crate::error::{Error, ErrorKind, Result};
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// A listing as stored. Its private fields are absent unless they were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredListing {
    pub(crate) id: i64,
    /// Public key.
    pub key: String,
    /// Key of the home it offers.
    pub home_key: String,
    /// The fields.
    pub listing: Listing,
    /// Findings of the last import, a JSON array of `[code, effect, field, detail]`.
    pub findings: String,
    /// What rules found that look at other records too, in the same form.
    pub stock_findings: String,
    /// Whether it is kept from being offered.
    pub frozen: bool,
    /// Whether it waits for a person.
    pub held: bool,
    /// What a person decided of it in the queue, as the tool wrote it; empty where nobody did.
    pub judgement: String,
    /// Whether its truth was looked into, as last written down; see [`StoredListing::verification_on`].
    pub verification: Verification,
    /// Last day on which that holds, where it ends.
    pub verified_until: Option<Date>,
    /// Hash given with its last import.
    pub content_hash: i64,
    /// Run that brought it.
    pub created_run: i64,
    /// Run that last wrote it.
    pub updated_run: i64,
    /// Input it was last read from.
    pub input: i64,
    /// Line in that input.
    pub line: i64,
    /// Whether it has private fields.
    pub has_private: bool,
}

impl StoredListing {
    /// Whether its truth was looked into, and that still holds on a day.
    pub fn verification_on(&self, day: Date) -> Verification {
        match self.verified_until {
            Some(until) if until < day => Verification::Unverified,
            _ => self.verification,
        }
    }
}

/// Sets what a JSON text holds.
type Read = fn(&str, &mut Listing) -> std::result::Result<(), serde_json::Error>;

/// Whether private fields are opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Private {
    Open,
    Closed,
}

impl Store {
    /// Hands out every listing, ordered by key, private fields left closed.
    pub fn listings(&self, mut each: impl FnMut(&StoredListing) -> Result<()>) -> Result<()> {
        self.query_listings(&BY_KEY, [], Private::Closed, &mut each)
    }

    /// Hands out every listing with its private fields. The caller records who saw them, and why.
    pub fn listings_revealed(
        &self,
        mut each: impl FnMut(&StoredListing) -> Result<()>,
    ) -> Result<()> {
        self.query_listings(&BY_KEY, [], Private::Open, &mut each)
    }

    /// Hands out the listings that share their home with others, home after home, private fields left closed.
    pub fn shared_homes(&self, mut each: impl FnMut(&StoredListing) -> Result<()>) -> Result<()> {
        self.query_listings(&SHARED, [], Private::Closed, &mut each)
    }

    /// One listing; with its private fields where `reveal` says so.
    pub fn listing(&self, key: &str, reveal: bool) -> Result<Option<StoredListing>> {
        let mut one = None;
        let private = if reveal {
            Private::Open
        } else {
            Private::Closed
        };
        self.query_listings(&ONE, [key], private, &mut |listing| {
            one = Some(listing.clone());
            Ok(())
        })?;
        Ok(one)
    }

    /// Hands out every listing that is not offered or waits for a person, ordered by key, private fields
    /// left closed.
    pub fn listings_kept_back(
        &self,
        mut each: impl FnMut(&StoredListing) -> Result<()>,
    ) -> Result<()> {
        self.query_listings(&KEPT_BACK, [], Private::Closed, &mut each)
    }

    pub(crate) fn query_listings(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        private: Private,
        each: &mut dyn FnMut(&StoredListing) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        let mut stored = empty();
        while let Some(row) = rows.next()? {
            self.read(|column| row.get_ref(column), private, &mut stored)?;
            each(&stored)?;
        }
        Ok(())
    }

    /// Reads a row whose values stand in the order of [`super::statements::names`].
    pub(super) fn read<'r>(
        &self,
        at: impl Fn(usize) -> rusqlite::Result<ValueRef<'r>>,
        private: Private,
        stored: &mut StoredListing,
    ) -> Result<()> {
        let text = |column: usize| -> Result<Option<&'r str>> {
            Ok(at(column)?
                .as_str_or_null()
                .map_err(rusqlite::Error::from)?)
        };
        let number = |column: usize| -> Result<i64> {
            Ok(at(column)?.as_i64().map_err(rusqlite::Error::from)?)
        };
        let set = |slot: &mut String, value: Option<&str>| {
            slot.clear();
            slot.push_str(value.unwrap_or_default());
        };
        stored.id = number(0)?;
        set(&mut stored.key, text(1)?);
        let home_key = PublicKey::parse(&stored.key).map(|key| HomeKey::of(key, None));
        let own = home_key.as_ref().map(HomeKey::as_str);
        set(&mut stored.home_key, text(2)?.or(own));
        stored.content_hash = number(3)?;
        stored.created_run = number(4)?;
        stored.updated_run = number(5)?;
        stored.input = number(6)?;
        stored.line = number(7)?;
        stored.frozen = number(8)? != 0;
        stored.verification = verification(text(9)?);
        set(&mut stored.findings, text(10)?.or(Some("[]")));
        stored.verified_until = text(11)?.and_then(|day| day.parse().ok());
        set(&mut stored.stock_findings, text(12)?.or(Some("[]")));
        stored.held = matches!(at(13)?, ValueRef::Integer(1));
        set(&mut stored.judgement, text(14)?);

        let listing = &mut stored.listing;
        listing.clear();
        let facts = HEAD.len() + 1;
        for (column, read) in [
            (facts, facts::read_numbers as Read),
            (facts + 1, facts::read_texts),
            (facts + 2, codec::read_object),
        ] {
            if let Some(text) = text(column)? {
                read(text, listing).map_err(|_| damaged(&stored.key))?;
            }
        }
        let sealed = at(facts + 3)?
            .as_blob_or_null()
            .map_err(rusqlite::Error::from)?;
        stored.has_private = sealed.is_some();
        if let (Some(sealed), Private::Open) = (sealed, private) {
            let plain = self.sealer()?.open(&codec::place(&stored.key), sealed)?;
            let plain = std::str::from_utf8(&plain).map_err(|_| damaged(&stored.key))?;
            codec::read_object(plain, listing).map_err(|_| damaged(&stored.key))?;
        }
        for (place, field) in COLUMNS.iter().enumerate() {
            codec::set_column(listing, *field, at(facts + 4 + place)?);
        }
        codec::complete(listing);
        Ok(())
    }

    /// Keys of the listings with some ids, by the id: sources may share one. The table is read once, however
    /// many there are.
    pub fn listing_keys(&self, ids: &HashSet<String>) -> Result<HashMap<String, Vec<String>>> {
        let mut statement = self.conn.prepare_cached(queries::LISTING_IDS)?;
        let mut rows = statement.query([])?;
        let mut keys: HashMap<String, Vec<String>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let Some(id) = row
                .get_ref(0)?
                .as_str_or_null()
                .map_err(rusqlite::Error::from)?
            else {
                continue;
            };
            if ids.contains(id) {
                keys.entry(id.to_owned()).or_default().push(row.get(1)?);
            }
        }
        Ok(keys)
    }

    /// The run since which a listing is kept back: the one that last froze it, else the one that brought it.
    pub fn frozen_by(&self, listing: &StoredListing) -> Result<i64> {
        let run: Option<i64> = self
            .conn
            .prepare_cached(queries::HISTORY_LAST_FREEZE)?
            .query_row([listing.id], |row| row.get(0))?;
        Ok(run.unwrap_or(listing.created_run))
    }

    /// How a listing came to be what it is, oldest change first.
    pub fn listing_history(&self, key: &str) -> Result<Vec<Change>> {
        let id: Option<i64> = self
            .conn
            .prepare_cached(queries::LISTING_ID_BY_KEY)?
            .query_row([key], |row| row.get(0))
            .optional()?;
        match id {
            Some(id) => self.history_by_id(id),
            None => Ok(Vec::new()),
        }
    }

    /// The same, of a listing that was read.
    pub fn history_of(&self, listing: &StoredListing) -> Result<Vec<Change>> {
        self.history_by_id(listing.id)
    }

    fn history_by_id(&self, id: i64) -> Result<Vec<Change>> {
        let mut statement = self.conn.prepare_cached(queries::HISTORY_OF_LISTING)?;
        let changes = statement.query_map([id], |row| {
            Ok(Change {
                run: row.get(0)?,
                at: row.get(1)?,
                field: row.get(2)?,
                change_type: row.get(3)?,
                previous_value: row.get(4)?,
                new_value: row.get(5)?,
                reason: row.get(6)?,
            })
        })?;
        Ok(changes.collect::<rusqlite::Result<_>>()?)
    }
}

impl StoredListing {
    /// The input it was last read from, by its internal id.
    pub fn input(&self) -> i64 {
        self.input
    }

    /// The line in that input.
    pub fn line(&self) -> Option<u64> {
        u64::try_from(self.line).ok()
    }

    /// Its internal id, by which a run is told of it again; never shown.
    pub fn id(&self) -> u32 {
        // ids are checked when they are given out
        u32::try_from(self.id).unwrap_or(0)
    }
}

impl Run<'_> {
    /// Hands out the listings with these ids as the run would leave them, private fields opened: for comparing,
    /// not for showing. An id that no listing has is passed over.
    pub fn listings_by_id(
        &mut self,
        ids: impl IntoIterator<Item = u32>,
        mut each: impl FnMut(&StoredListing) -> Result<()>,
    ) -> Result<()> {
        self.settle()?;
        let mut statement = self.store.conn.prepare_cached(&BY_ID)?;
        let mut stored = empty();
        for id in ids {
            let mut rows = statement.query([id])?;
            if let Some(row) = rows.next()? {
                self.store
                    .read(|column| row.get_ref(column), Private::Open, &mut stored)?;
                each(&stored)?;
            }
        }
        Ok(())
    }

    /// Hands out every listing as the run would leave it, in the order of ids, private fields opened: for comparing,
    /// not for showing.
    pub fn every_listing(
        &mut self,
        mut each: impl FnMut(&StoredListing) -> Result<()>,
    ) -> Result<()> {
        self.settle()?;
        self.store
            .query_listings(&ALL, [], Private::Open, &mut each)
    }

    /// Hands out every listing as the run would leave it, ordered by key, private fields closed.
    pub fn listings(&mut self, each: impl FnMut(&StoredListing) -> Result<()>) -> Result<()> {
        self.settle()?;
        self.store.listings(each)
    }

    /// One listing as the run would leave it, private fields closed.
    pub fn listing(&mut self, key: &str) -> Result<Option<StoredListing>> {
        self.settle()?;
        self.store.listing(key, false)
    }
}

pub(super) fn empty() -> StoredListing {
    StoredListing {
        id: 0,
        key: String::new(),
        home_key: String::new(),
        listing: Listing::default(),
        findings: String::new(),
        stock_findings: String::new(),
        frozen: false,
        held: false,
        judgement: String::new(),
        verification: Verification::Unverified,
        verified_until: None,
        content_hash: 0,
        created_run: 0,
        updated_run: 0,
        input: 0,
        line: 0,
        has_private: false,
    }
}

fn damaged(key: &str) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        format!("listing {key} is damaged; run `store-admin verify`"),
    )
}
