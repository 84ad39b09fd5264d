//! Which listing key has which row: eight bytes a slot.

/// An open-addressed table from 32 bits of a key to a row's id. In a million keys some hundred pairs
/// agree in those bits, so a hit is confirmed by the caller.
#[derive(Debug)]
pub(crate) struct KeyMap {
    /// Upper half: 32 bits of the key; lower half: the row's id; 0: free.
    slots: Vec<u64>,
    used: usize,
}

const ID: u64 = u32::MAX as u64;

impl KeyMap {
    /// A map that takes this many keys before it grows.
    pub(crate) fn with_room(keys: usize) -> Self {
        KeyMap {
            slots: vec![0; (keys * 4 / 3 + 1).next_power_of_two().max(1 << 12)],
            used: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.used
    }

    /// Reads where keys that are about to be asked for would stand. One look-up waits for the memory;
    /// many at once wait together.
    pub(crate) fn fetch(&self, keys: &[u64]) {
        let mask = self.slots.len() - 1;
        let read = keys
            .iter()
            .fold(0, |read, key| read ^ self.slots[place(*key) & mask]);
        std::hint::black_box(read);
    }

    /// Ids of the rows whose key may be this one.
    pub(crate) fn candidates(&self, key: u64) -> impl Iterator<Item = i64> + '_ {
        let mask = self.slots.len() - 1;
        let first = place(key);
        (0..self.slots.len())
            .map(move |step| self.slots[(first + step) & mask])
            .take_while(|slot| *slot != 0)
            .filter(move |slot| slot >> 32 == key >> 32)
            .map(|slot| (slot & ID) as i64)
    }

    pub(crate) fn insert(&mut self, key: u64, id: u32) {
        if self.used * 4 >= self.slots.len() * 3 {
            self.grow(self.slots.len() * 2);
        }
        self.put(key & !ID | u64::from(id), place(key));
        self.used += 1;
    }

    fn put(&mut self, slot: u64, first: usize) {
        let mask = self.slots.len() - 1;
        let mut at = first & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }

    fn grow(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            self.put(slot, place(slot));
        }
    }
}

/// Where a key's slots begin, from the half of it that the slot keeps, so that growing needs no keys.
fn place(key: u64) -> usize {
    ((key >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_key_again() {
        let mut map = KeyMap::with_room(0);
        let key = |n: u32| u64::from(n).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        for n in 1..=50_000 {
            map.insert(key(n), n);
        }
        assert_eq!(map.len(), 50_000);
        for n in 1..=50_000 {
            assert!(map.candidates(key(n)).any(|id| id == i64::from(n)), "{n}");
        }
        let strangers = (50_001..100_000)
            .filter(|n| map.candidates(key(*n)).next().is_some())
            .count();
        assert!(strangers < 50, "{strangers}");
    }
}
