//! The listings of a store in memory, so that neither a first load nor the same feed again asks the
//! file for each of its rows: up to 32 bytes a listing.

use model::codes::Verification;
use model::identity::PublicKey;

use super::keymap::KeyMap;

/// Which listing has which id, and the state of those that stand as the run found them.
#[derive(Debug)]
pub(crate) struct Stock {
    ids: KeyMap,
    /// By id.
    states: Vec<Packed>,
}

/// What a run found of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) hash: i64,
    pub(crate) frozen: bool,
    pub(crate) verification: Verification,
}

/// A state, beside the bits of the key that the map does not hold.
#[derive(Debug, Clone, Copy, Default)]
struct Packed {
    hash: i64,
    /// 48 bits of the key, then the flags.
    rest: u64,
}

const KNOWN: u64 = 1;
const FROZEN: u64 = 2;
const VERIFIED: u64 = 4;

impl Stock {
    /// A stock that is going to hold this many listings.
    pub(crate) fn with_room(listings: usize) -> Self {
        Stock {
            ids: KeyMap::with_room(listings),
            states: Vec::with_capacity(listings + 1),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Ids of the listings whose key may be this one.
    pub(crate) fn candidates(&self, key: PublicKey) -> impl Iterator<Item = i64> + '_ {
        self.ids.candidates(map_bits(key))
    }

    pub(crate) fn insert(&mut self, key: PublicKey, id: u32) {
        self.ids.insert(map_bits(key), id);
    }

    /// Notes how the run found a listing.
    pub(crate) fn know(&mut self, key: PublicKey, id: u32, state: State) {
        let at = id as usize;
        if self.states.len() <= at {
            self.states.resize(at + 1, Packed::default());
        }
        let flag = |flag, on| if on { flag } else { 0 };
        self.states[at] = Packed {
            hash: state.hash,
            rest: rest(key)
                | KNOWN
                | flag(FROZEN, state.frozen)
                | flag(VERIFIED, state.verification == Verification::Verified),
        };
    }

    /// Id and state of the listing with this key, where they are known.
    pub(crate) fn state(&self, key: PublicKey) -> Option<(i64, State)> {
        self.candidates(key).find_map(|id| {
            let packed = self.states.get(id as usize)?;
            let has = |flag| packed.rest & flag != 0;
            let state = State {
                hash: packed.hash,
                frozen: has(FROZEN),
                verification: if has(VERIFIED) {
                    Verification::Verified
                } else {
                    Verification::Unverified
                },
            };
            (has(KNOWN) && packed.rest >> 16 == rest(key) >> 16).then_some((id, state))
        })
    }
}

/// 64 of a key's bits; the map keeps the upper half of them.
fn map_bits(key: PublicKey) -> u64 {
    (key.bits() >> 16) as u64
}

/// The 48 bits of a key that the map does not keep.
fn rest(key: PublicKey) -> u64 {
    (key.bits() << 16) as u64
}

#[cfg(test)]
mod tests {
    use model::identity::listing_key;

    use super::*;

    #[test]
    fn tells_known_listings_from_others() {
        let mut stock = Stock::with_room(100);
        let key = |n: u32| listing_key("portal", &n.to_string());
        let state = |n: u32| State {
            hash: i64::from(n) - 50,
            frozen: n.is_multiple_of(3),
            verification: if n.is_multiple_of(5) {
                Verification::Verified
            } else {
                Verification::Unverified
            },
        };
        for n in 1..=100_u32 {
            stock.insert(key(n), n);
            if n.is_multiple_of(2) {
                stock.know(key(n), n, state(n));
            }
        }
        assert_eq!(stock.len(), 100);
        for n in 1..=100_u32 {
            let known = n.is_multiple_of(2).then(|| (i64::from(n), state(n)));
            assert_eq!(stock.state(key(n)), known);
            assert!(stock.candidates(key(n)).any(|id| id == i64::from(n)));
        }
        assert_eq!(stock.state(key(101)), None);
    }
}
