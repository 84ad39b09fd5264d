//! The listings of a store in memory, so that neither a first load nor the same feed again asks the
//! file for each of its rows: up to 32 bytes a listing.

use std::collections::HashMap;

use model::identity::PublicKey;

use super::HomeKey;
use super::keymap::KeyMap;

/// Which listing has which id, and the state of those that stand as the run found them.
///
/// A feed mostly comes in the order of last time, which is that of the ids: then the next listing is the
/// one asked for, and the map of keys is never made.
#[derive(Debug)]
pub(crate) struct Stock {
    ids: KeyMap,
    /// Whether the listings in `states` are in the map.
    mapped: bool,
    /// By id.
    states: Vec<Packed>,
    /// What few listings have: a home with other listings, something that comparisons found.
    rare: HashMap<u32, (Option<HomeKey>, bool)>,
    /// The id after the one that was found last.
    next: usize,
    /// Room for keys that are about to be asked for.
    wanted: Vec<u64>,
}

/// What a run found of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) hash: i64,
    pub(crate) frozen: bool,
    /// Key of its home, where that is not its own.
    pub(crate) home_key: Option<HomeKey>,
    /// Whether comparisons had found something about it.
    pub(crate) compared: bool,
}

/// A listing that the run found.
#[derive(Debug, Clone, Copy, Default)]
struct Packed {
    hash: i64,
    /// 60 bits of the key's digest, then the flags; 0: no listing has this id.
    rest: u64,
}

const HELD: u64 = 1;
const KNOWN: u64 = 2;
const FROZEN: u64 = 4;
const RARE: u64 = 8;
const FLAGS: u64 = 15;

impl Stock {
    /// A stock that is going to hold this many listings of the store; `last` is the one found last.
    pub(crate) fn with_room(listings: usize, last: usize) -> Self {
        Stock {
            ids: KeyMap::with_room(0),
            mapped: true,
            states: Vec::with_capacity(listings + 1),
            rare: HashMap::new(),
            next: last + 1,
            wanted: Vec::new(),
        }
    }

    /// Takes in a listing of the store, with its state where it stands as the run found it.
    pub(crate) fn hold(&mut self, key: PublicKey, id: u32, state: Option<State>) {
        let at = id as usize;
        if self.states.len() <= at {
            self.states.resize(at + 1, Packed::default());
        }
        let rare = state.filter(|state| state.home_key.is_some() || state.compared);
        if let Some(State {
            home_key, compared, ..
        }) = rare
        {
            self.rare.insert(id, (home_key, compared));
        }
        let flag = |flag, on| if on { flag } else { 0 };
        self.states[at] = Packed {
            hash: state.map_or(0, |state| state.hash),
            rest: key_bits(key)
                | HELD
                | flag(RARE, rare.is_some())
                | state.map_or(0, |state| KNOWN | flag(FROZEN, state.frozen)),
        };
        self.mapped = false;
    }

    /// Takes in a listing of the run; returns how many there are.
    pub(crate) fn insert(&mut self, key: PublicKey, id: u32) -> usize {
        let ids = self.ids();
        ids.insert(key_bits(key), id);
        ids.len()
    }

    /// Brings what is known of some keys closer, where their order is not that of the ids.
    pub(crate) fn fetch(&mut self, keys: impl Iterator<Item = PublicKey>) {
        if self.mapped {
            self.wanted.clear();
            self.wanted.extend(keys.map(key_bits));
            self.ids.fetch(&self.wanted);
        }
    }

    /// Ids of the listings whose key may be this one.
    pub(crate) fn candidates(&mut self, key: PublicKey) -> impl Iterator<Item = i64> + '_ {
        self.ids().candidates(key_bits(key))
    }

    /// Id and state of the listing with this key, where they are known.
    pub(crate) fn state(&mut self, key: PublicKey) -> Option<(i64, State)> {
        let wanted = key_bits(key);
        let known = |packed: &Packed| packed.rest & !FLAGS == wanted && packed.rest & KNOWN != 0;
        let id = if self.states.get(self.next).is_some_and(known) {
            self.next
        } else {
            self.ids();
            let mut ids = self.ids.candidates(wanted).map(|id| id as usize);
            ids.find(|id| self.states.get(*id).is_some_and(known))?
        };
        self.next = id + 1;
        let packed = self.states[id];
        let rare = match packed.rest & RARE {
            0 => None,
            _ => self.rare.get(&(id as u32)).copied(),
        };
        let (home_key, compared) = rare.unwrap_or_default();
        let state = State {
            hash: packed.hash,
            frozen: packed.rest & FROZEN != 0,
            home_key,
            compared,
        };
        Some((id as i64, state))
    }

    /// The map with every listing in it.
    fn ids(&mut self) -> &mut KeyMap {
        if !self.mapped {
            self.mapped = true;
            self.ids = KeyMap::with_room(self.states.len());
            for (id, packed) in (0..).zip(&self.states) {
                if packed.rest & HELD != 0 {
                    self.ids.insert(packed.rest & !FLAGS, id);
                }
            }
        }
        &mut self.ids
    }
}

/// 60 bits of a key's digest, with room for the flags below.
fn key_bits(key: PublicKey) -> u64 {
    key.digest() & !FLAGS
}

#[cfg(test)]
mod tests {
    use model::identity::listing_key;

    use super::*;

    #[test]
    fn tells_known_listings_from_others() {
        let mut stock = Stock::with_room(100, 0);
        let key = |n: u32| listing_key("portal", &n.to_string());
        let state = |n: u32| State {
            hash: i64::from(n) - 50,
            frozen: n.is_multiple_of(3),
            home_key: n.is_multiple_of(7).then(|| HomeKey::of(key(n + 1), None)),
            compared: n.is_multiple_of(11),
        };
        for n in 1..=100_u32 {
            stock.hold(key(n), n, n.is_multiple_of(2).then(|| state(n)));
        }
        let known = |n: u32| n.is_multiple_of(2).then(|| (i64::from(n), state(n)));
        let there = 1..=100_u32;
        for n in there
            .clone()
            .chain(there.rev())
            .chain([7, 8, 9, 50, 51, 52])
        {
            assert_eq!(stock.state(key(n)), known(n), "{n}");
            assert!(stock.candidates(key(n)).any(|id| id == i64::from(n)));
        }
        assert_eq!(stock.insert(key(101), 101), 101);
        assert!(stock.candidates(key(101)).any(|id| id == 101));
        assert_eq!(stock.state(key(101)), None);
    }
}
