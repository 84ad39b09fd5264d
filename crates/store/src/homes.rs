//! Listings of one home, and pairs of listings that may be: a person decides about these.

use model::identity::PublicKey;
use rusqlite::named_params;

use crate::error::Result;
use crate::image::{HOME_PAIR, LISTING};
use crate::queries;
use crate::run::Run;

/// Letter of a pair's key.
const LETTER: u8 = b'P';

/// What is known of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairStatus {
    /// A person is asked.
    Pending,
    /// A person says it is one home.
    Same,
    /// A person says it is two.
    Different,
    /// Nobody is asked any longer: the listings have changed.
    Dropped,
}

impl PairStatus {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            PairStatus::Pending => "pending",
            PairStatus::Same => "same",
            PairStatus::Different => "different",
            PairStatus::Dropped => "dropped",
        }
    }

    pub(crate) fn from_code(text: &str) -> Self {
        [PairStatus::Pending, PairStatus::Same, PairStatus::Different]
            .into_iter()
            .find(|status| status.as_str() == text)
            .unwrap_or(PairStatus::Dropped)
    }
}

/// Two listings that may offer one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomePair {
    pub(crate) id: i64,
    /// The one, by its internal id: the lower.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// What is known of them.
    pub status: PairStatus,
}

impl Run<'_> {
    /// Whether this run brought a listing.
    pub fn has_created(&self, id: u32) -> bool {
        self.listings.created(i64::from(id))
    }

    /// The public key of a listing.
    pub fn listing_key(&self, id: u32) -> Result<String> {
        let mut statement = self.store.conn.prepare_cached(queries::LISTING_KEY_BY_ID)?;
        Ok(statement.query_row([id], |row| row.get(0))?)
    }

    /// Says which home a listing offers; none: its own.
    pub fn set_home_key(&mut self, id: u32, home_key: Option<&str>) -> Result<()> {
        let row = i64::from(id);
        if !self.listings.created(row) && !self.listings.touched(row) {
            self.save_image(LISTING, row)?;
            self.listings.touch(row);
        }
        self.store
            .conn
            .prepare_cached(queries::LISTING_SET_HOME)?
            .execute(named_params! { "$home_key": home_key, "$run": self.number, "$id": id })?;
        Ok(())
    }

    /// The pairs of which both are among these listings.
    pub fn home_pairs_of(&self, ids: &[u32]) -> Result<Vec<HomePair>> {
        let mut pairs = Vec::new();
        let conn = &self.store.conn;
        let any: i64 = conn.query_row(queries::HOME_PAIR_ANY, [], |row| row.get(0))?;
        if any == 0 {
            return Ok(pairs);
        }
        let mut statement = conn.prepare_cached(queries::HOME_PAIR_OF)?;
        for id in ids {
            let mut rows = statement.query([id])?;
            while let Some(row) = rows.next()? {
                let b = row.get(2)?;
                if ids.binary_search(&b).is_ok() {
                    pairs.push(HomePair {
                        id: row.get(0)?,
                        a: row.get(1)?,
                        b,
                        status: PairStatus::from_code(&row.get::<_, String>(3)?),
                    });
                }
            }
        }
        Ok(pairs)
    }

    /// Every pair.
    pub fn every_home_pair(&self) -> Result<Vec<HomePair>> {
        let mut statement = self.store.conn.prepare_cached(queries::HOME_PAIR_EVERY)?;
        let pairs = statement.query_map([], |row| {
            Ok(HomePair {
                id: row.get(0)?,
                a: row.get(1)?,
                b: row.get(2)?,
                status: PairStatus::from_code(&row.get::<_, String>(3)?),
            })
        })?;
        Ok(pairs.collect::<rusqlite::Result<_>>()?)
    }

    /// How many pairs wait for a person.
    pub fn count_pending_pairs(&self) -> Result<u64> {
        let mut statement = self.store.conn.prepare_cached(queries::HOME_PAIR_COUNT)?;
        let count: i64 = statement.query_row([PairStatus::Pending.as_str()], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Asks a person about two listings; `a` has the lower id. `weight` and the members of `evidence` are thousandths of
    /// a bit of log-odds.
    pub fn ask_about_pair(&mut self, a: u32, b: u32, weight: i64, evidence: &str) -> Result<()> {
        let mut keys = [self.listing_key(a)?, self.listing_key(b)?];
        keys.sort_unstable();
        let key = PublicKey::derive(LETTER, &keys[0], &keys[1]);
        self.store
            .conn
            .prepare_cached(queries::HOME_PAIR_INSERT)?
            .execute(named_params! {
                "$key": key.as_str(), "$a": a, "$b": b, "$weight": weight, "$evidence": evidence,
                "$status": PairStatus::Pending.as_str(), "$run": self.number,
            })?;
        Ok(())
    }

    /// Says what is known of a pair now.
    pub fn set_pair_status(&mut self, pair: &HomePair, status: PairStatus) -> Result<()> {
        self.save_image_once(HOME_PAIR, pair.id)?;
        self.store
            .conn
            .prepare_cached(queries::HOME_PAIR_STATUS)?
            .execute(
                named_params! { "$status": status.as_str(), "$run": self.number, "$id": pair.id },
            )?;
        Ok(())
    }
}
