//! Storing listings: the hot path of an import.
//!
//! Repeats of a key within a run fold into one end state, and only that is compared with the state
//! the run found: `seen` says which row a listing was last seen in, `touched` which listings this run
//! has written. A listing it wrote and did not create has a before-image of this run.

use model::codes::Verification;
use model::identity::PublicKey;
use model::jiff::civil::Date;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use super::codec::{self, Texts};
use super::guard::Guard;
use super::insert::Insert;
use super::statements::INDEXES;
use super::stock::{State, Stock};
use super::{Action, HomeKey, ListingWrite, Upserted, verification_on};
use crate::error::{Error, ErrorKind, Result};
use crate::queries;
use crate::run::Run;
use crate::store::{CACHE_KIB, FIRST_LOAD_KIB, Store};

/// Listings a run holds in memory (128 MiB); with more of them it asks the index.
const MOST_LISTINGS: usize = 4_000_000;
/// A look-up by the index costs what a scan of this many listings does.
const LOOK_UP: i64 = 16;
/// In `seen`: read by this run, but not as a row that a later one could replace.
const ONLY_SEEN: u32 = u32::MAX;

/// What a run remembers of the listings it writes.
#[derive(Debug, Default)]
pub(crate) struct Writer<'s> {
    /// Every listing, where the run holds them in memory.
    pub(super) stock: Option<Stock>,
    /// Whether the indexes are down: only the stock knows the listings then.
    pub(super) unindexed: bool,
    /// Look-ups left before the run takes the listings into memory.
    pub(super) patience: Option<i64>,
    /// Id of the listing that was found last.
    pub(super) found: usize,
    /// By id: ordinal of the row it was last seen in, and 1; 0: not seen.
    pub(super) seen: Vec<u32>,
    touched: Bits,
    /// Least id that this run gave out.
    pub(super) first_created: Option<i64>,
    pub(super) insert: Option<Insert<'s>>,
    pub(super) texts: Texts,
}

#[derive(Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn set(&mut self, id: i64, on: bool) {
        let (word, bit) = (id as usize / 64, id as usize % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] = self.0[word] & !(1 << bit) | u64::from(on) << bit;
    }

    fn has(&self, id: i64) -> bool {
        self.0
            .get(id as usize / 64)
            .is_some_and(|word| word >> (id as usize % 64) & 1 == 1)
    }

    fn ids(&self) -> Vec<u32> {
        (0..self.0.len() as u32 * 64)
            .filter(|id| self.has(i64::from(*id)))
            .collect()
    }
}

impl Writer<'_> {
    pub(crate) fn saw(&self, id: i64) -> bool {
        self.seen.get(id as usize).is_some_and(|slot| *slot != 0)
    }

    pub(crate) fn touch(&mut self, id: i64) {
        self.touched.set(id, true);
    }

    /// The run has taken back what it wrote of the listing.
    pub(super) fn untouch(&mut self, id: i64) {
        self.touched.set(id, false);
    }

    pub(crate) fn touched(&self, id: i64) -> bool {
        self.touched.has(id)
    }

    /// Whether this run brought the listing.
    pub(crate) fn created(&self, id: i64) -> bool {
        self.first_created.is_some_and(|first| first <= id)
    }

    /// The row in which a listing was last seen.
    pub(crate) fn row_of(&self, id: i64) -> Option<u32> {
        let slot = *self.seen.get(id as usize)?;
        (slot != 0 && slot != ONLY_SEEN).then(|| slot - 1)
    }

    /// Notes the row in which a listing was seen, and returns the one before.
    pub(super) fn see(&mut self, id: i64, row: u32) -> Option<u32> {
        let at = id as usize;
        if self.seen.len() <= at {
            self.seen.resize((at + 1).max(self.seen.len() * 2), 0);
        }
        let before = std::mem::replace(&mut self.seen[at], row.saturating_add(1));
        (before != 0 && before != ONLY_SEEN).then(|| before - 1)
    }
}

/// What an upsert needs to know of a stored listing.
pub(crate) struct Found {
    pub(crate) id: i64,
    pub(super) hash: i64,
    pub(crate) frozen: bool,
    pub(super) created_run: i64,
    pub(crate) verification: Verification,
    pub(crate) home_key: HomeKey,
    pub(super) compared: bool,
    /// Whether people have looked into it: the tool is asked before it is written again.
    pub(super) guarded: bool,
}

fn found(key: PublicKey, today: Date, row: &Row<'_>) -> rusqlite::Result<Found> {
    let verification = match row.get_ref(4)?.as_str_or_null()? {
        None => Verification::Unverified,
        text => {
            let until = row.get_ref(7)?.as_str_or_null()?;
            verification_on(text, until, today)
        }
    };
    // What was locked until then is read again.
    let ended =
        verification == Verification::Unverified && !matches!(row.get_ref(4)?, ValueRef::Null);
    let hash: i64 = row.get(1)?;
    let judged = !matches!(row.get_ref(8)?, ValueRef::Null);
    Ok(Found {
        id: row.get(0)?,
        hash: if ended { !hash } else { hash },
        frozen: row.get(2)?,
        created_run: row.get(3)?,
        verification,
        home_key: HomeKey::of(key, row.get_ref(5)?.as_str_or_null()?),
        compared: row.get(6)?,
        guarded: judged || verification == Verification::Verified,
    })
}

impl Run<'_> {
    /// Says which listings are going to be stored next. Nothing depends on it but speed.
    pub fn expect_listings(&mut self, keys: impl Iterator<Item = PublicKey>) {
        if let Some(stock) = &mut self.listings.stock {
            stock.fetch(keys);
        }
    }

    /// Stores a listing: inserts it, writes it again where it differs, or leaves it alone.
    pub fn upsert_listing(&mut self, write: &ListingWrite<'_>) -> Result<Upserted> {
        self.upsert_listing_guarded(write, &mut |_| None)
    }

    /// The same, but `guard` says what is stored in place of a row that would overwrite a listing. Of one that people
    /// have looked into (it is verified, or a decision about it is kept) it is asked even where the row is the one
    /// that was stored last.
    pub fn upsert_listing_guarded(
        &mut self,
        write: &ListingWrite<'_>,
        guard: &mut Guard<'_>,
    ) -> Result<Upserted> {
        let key = write.lookup.key;
        self.take_stock()?;
        if let Some(unchanged) = self.unchanged(key, write) {
            return Ok(unchanged);
        }
        match self.find_listing(key)? {
            None => self.insert(key, write),
            Some(found) if found.guarded && found.created_run != self.number => {
                self.meet_guarded(key, &found, write, guard)
            }
            Some(found) => self.meet_asking(key, &found, write, guard),
        }
    }

    /// Takes the listings into memory once looking them up one by one has cost as much.
    fn take_stock(&mut self) -> Result<()> {
        let writer = &mut self.listings;
        if writer.stock.is_some() {
            return Ok(());
        }
        let conn = &self.store.conn;
        let patience = match &mut writer.patience {
            Some(patience) => patience,
            None => {
                let last: i64 = conn.query_row(queries::LISTING_LAST_ID, [], |row| row.get(0))?;
                let most = i64::try_from(MOST_LISTINGS).unwrap_or(i64::MAX);
                let look_ups = if last < most {
                    last / LOOK_UP
                } else {
                    i64::MAX
                };
                writer.patience.insert(look_ups)
            }
        };
        *patience -= 1;
        if *patience >= 0 {
            return Ok(());
        }
        let last: i64 = conn.query_row(queries::LISTING_LAST_ID, [], |row| row.get(0))?;
        let mut stock = Stock::with_room(last as usize, writer.found);
        let mut statement = conn.prepare_cached(queries::LISTING_STOCK)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id: u32 = row.get(0)?;
            let text = |column| {
                row.get_ref(column)?
                    .as_str_or_null()
                    .map_err(rusqlite::Error::from)
            };
            let Some(key) = text(1)?.and_then(PublicKey::parse) else {
                continue;
            };
            // A listing that the run has touched is not as it was found; of one that people have looked into
            // the row itself is asked.
            let plain = text(4)?.is_none() && text(7)?.is_none();
            let as_found = plain && !writer.touched.has(i64::from(id));
            let state = match as_found {
                true => Some(State {
                    hash: row.get(2)?,
                    frozen: row.get(3)?,
                    home_key: text(5)?.map(|home| HomeKey::of(key, Some(home))),
                    compared: row.get(6)?,
                }),
                false => None,
            };
            stock.hold(key, id, state);
        }
        writer.stock = Some(stock);
        Ok(())
    }

    /// A listing that is in memory and comes as it was found.
    fn unchanged(&mut self, key: PublicKey, write: &ListingWrite<'_>) -> Option<Upserted> {
        let writer = &mut self.listings;
        let (id, state) = writer.stock.as_mut()?.state(key)?;
        if writer.touched(id) || state.hash != write.hash as i64 {
            return None;
        }
        let supersedes = writer.see(id, write.row);
        Some(Upserted {
            id: id as u32,
            key,
            home_key: state.home_key.unwrap_or_else(|| HomeKey::of(key, None)),
            action: Action::Unchanged,
            frozen: state.frozen,
            verification: Verification::Unverified,
            supersedes,
            earlier_action: supersedes.map(|_| Action::Unchanged),
            overwritten: None,
            before: None,
            compared: state.compared,
            reconciled: None,
        })
    }

    pub(crate) fn find_listing(&mut self, key: PublicKey) -> Result<Option<Found>> {
        let conn = &self.store.conn;
        let today = self.start.today;
        let found = |row: &Row<'_>| found(key, today, row);
        let Some(stock) = &mut self.listings.stock else {
            let mut statement = conn.prepare_cached(queries::LISTING_FIND)?;
            let found = statement.query_row([key.as_str()], found).optional()?;
            if let Some(found) = &found {
                self.listings.found = found.id as usize;
            }
            return Ok(found);
        };
        let candidates: Vec<i64> = stock.candidates(key).collect();
        for id in candidates {
            let mut statement = conn.prepare_cached(queries::LISTING_FIND_ID)?;
            let row = statement.query_row((id, key.as_str()), found).optional()?;
            if row.is_some() {
                return Ok(row);
            }
        }
        Ok(None)
    }

    fn insert(&mut self, key: PublicKey, write: &ListingWrite<'_>) -> Result<Upserted> {
        let writer = &mut self.listings;
        let insert = match &mut writer.insert {
            Some(insert) => insert,
            None => {
                let insert = Insert::new(&self.store.conn, self.number)?;
                writer.insert.insert(insert)
            }
        };
        loop {
            let mut bound = Ok(());
            codec::sort(write.listing, &mut writer.texts, |place, value| {
                if bound.is_ok() {
                    bound = insert.field(place, value);
                }
            });
            bound?;
            if insert.is_complete()? {
                break;
            }
        }
        let private = seal(self.store, key, &writer.texts.private)?;
        let id = insert.execute(write, &writer.texts, private.as_deref())?;
        let small = u32::try_from(id).map_err(|_| {
            Error::new(
                ErrorKind::Unsupported,
                "the store holds no more than 2^32 listings",
            )
        })?;
        writer.see(id, write.row);
        writer.touch(id);
        writer.first_created.get_or_insert(id);
        if let Some(stock) = &mut writer.stock
            && stock.insert(key, small) >= MOST_LISTINGS
        {
            self.settle()?;
            self.listings.stock = None;
            self.listings.patience = Some(i64::MAX);
        }
        Ok(Upserted {
            id: small,
            key,
            home_key: HomeKey::of(key, None),
            action: Action::New,
            frozen: write.frozen,
            verification: Verification::Unverified,
            supersedes: None,
            earlier_action: None,
            overwritten: None,
            before: None,
            compared: false,
            reconciled: None,
        })
    }

    /// Takes the indexes down for a load into an empty table: they are built at its end.
    pub(crate) fn start_first_load(&mut self) -> Result<()> {
        for index in INDEXES.iter() {
            self.store
                .conn
                .execute_batch(&format!("DROP INDEX IF EXISTS {}", index_name(index)))?;
        }
        self.store.cache(FIRST_LOAD_KIB)?;
        self.listings.stock = Some(Stock::with_room(0, 0));
        self.listings.unindexed = true;
        Ok(())
    }

    /// Builds what a first load has put off, so that listings can be looked up by anything but their
    /// key.
    pub(crate) fn settle(&mut self) -> Result<()> {
        if std::mem::take(&mut self.listings.unindexed) {
            // The index serves from here on; building it takes memory of its own.
            self.listings.stock = None;
            for index in INDEXES.iter() {
                self.store.conn.execute_batch(index)?;
            }
            self.store.cache(CACHE_KIB)?;
        }
        Ok(())
    }

    pub(crate) fn finish_listings(&mut self) -> Result<Vec<u32>> {
        self.settle()?;
        Ok(self.listings.touched.ids())
    }

    /// Notes that a listing is still in its source although its row was refused, so that a full feed
    /// does not withdraw it. Returns whether the store has it.
    pub fn mark_seen(&mut self, key: PublicKey) -> Result<bool> {
        let Some(found) = self.find_listing(key)? else {
            return Ok(false);
        };
        if !self.listings.saw(found.id) {
            self.listings.see(found.id, ONLY_SEEN - 1);
        }
        Ok(true)
    }
}

/// Seals a listing's private fields, if it has any.
pub(super) fn seal(store: &Store, key: PublicKey, private: &str) -> Result<Option<Vec<u8>>> {
    if private.is_empty() {
        return Ok(None);
    }
    let place = codec::place(key.as_str());
    Ok(Some(store.sealer()?.seal(&place, private.as_bytes())?))
}

fn index_name(statement: &str) -> &str {
    statement
        .split(" ON ")
        .next()
        .and_then(|head| head.split(' ').next_back())
        .unwrap_or_default()
}

/// The connection a run writes with.
pub(crate) fn connection<'a>(run: &'a Run<'_>) -> &'a Connection {
    &run.store.conn
}
