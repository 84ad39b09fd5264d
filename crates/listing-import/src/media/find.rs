//! Which listing a medium belongs to: by our key, then by an id of its system, then by an id that just one
//! listing has.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::Result;
use cli::open;
use model::identity::{PublicKey, listing_key};
use model::rule::Rule;
use store::Run;
use xxhash_rust::xxh3::xxh3_64;

use super::rules::{SEVERAL_LISTINGS, UNKNOWN_LISTING};

/// What an id stands for among all listings.
#[derive(Debug, Clone, Copy)]
enum Named {
    One(u32),
    Several,
}

/// A listing that was found: its internal id and its key.
pub(super) type Found = std::result::Result<(u32, String), &'static Rule>;

/// Finds listings. Rows of one listing come together as a rule, so the last answer is kept.
#[derive(Default)]
pub(super) struct Finder {
    last: Option<(String, String, Found)>,
    /// By the hash of its id, every listing: 16 bytes each, and only where an id is no key and of no listing
    /// of its system.
    by_id: Option<HashMap<u64, Named>>,
}

impl Finder {
    /// The listing with this id in a system, or why there is none.
    pub(super) fn find(&mut self, run: &mut Run<'_>, system: &str, id: &str) -> Result<Found> {
        if let Some((last_system, last_id, found)) = &self.last
            && last_system == system
            && last_id == id
        {
            return Ok(found.clone());
        }
        let found = self.look_up(run, system, id)?;
        self.last = Some((system.to_owned(), id.to_owned(), found.clone()));
        Ok(found)
    }

    fn look_up(&mut self, run: &mut Run<'_>, system: &str, id: &str) -> Result<Found> {
        let own = PublicKey::parse(id).filter(|key| key.as_str().starts_with('L'));
        for key in own.into_iter().chain([listing_key(system, id)]) {
            if let Some(found) = run.listing_id_of(key).map_err(open::failure)? {
                return Ok(Ok((found, key.as_str().to_owned())));
            }
        }
        let by_id = match &mut self.by_id {
            Some(by_id) => by_id,
            None => self.by_id.insert(by_id(run)?),
        };
        let named = match by_id.get(&xxh3_64(id.as_bytes())) {
            Some(Named::One(found)) => run
                .listing_named(*found)
                .map_err(open::failure)?
                .map(|named| (*found, named)),
            Some(Named::Several) => return Ok(Err(&SEVERAL_LISTINGS)),
            None => None,
        };
        Ok(match named {
            Some((found, (key, its_id))) if its_id == id => Ok((found, key)),
            _ => Err(&UNKNOWN_LISTING),
        })
    }
}

fn by_id(run: &mut Run<'_>) -> Result<HashMap<u64, Named>> {
    let mut by_id = HashMap::new();
    let gather = |found: u32, id: &str| match by_id.entry(xxh3_64(id.as_bytes())) {
        Entry::Vacant(free) => {
            free.insert(Named::One(found));
        }
        Entry::Occupied(mut taken) => {
            taken.insert(Named::Several);
        }
    };
    run.listing_ids(gather).map_err(open::failure)?;
    Ok(by_id)
}
