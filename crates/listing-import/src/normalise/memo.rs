//! What a column's cells came to lately. Most columns hold few different cells (cities, codes, counts),
//! and to find one again costs a fraction of reading it.

use model::field::Value;
use model::listing::{Listing, ListingField};

/// Cells a column remembers.
const PLACES: usize = 256;
/// Bytes of the longest cell that is remembered.
const LONGEST: usize = 24;
/// Cells between two looks at whether remembering pays.
const TRIAL: u64 = 1_024;

/// The memory of one column. It gives up on a column whose cells seldom come again.
#[derive(Default)]
pub(super) struct Memo {
    /// A cell, and what it sets.
    places: Vec<(Key, Values)>,
    asked: u64,
    found: u64,
    given_up: bool,
}

/// A short cell, exactly: its length and its bytes, in registers.
#[derive(Clone, Copy, Default)]
pub(super) struct Key {
    length: u64,
    head: u64,
    middle: u64,
    tail: u64,
}

impl Key {
    /// The key of up to [`LONGEST`] bytes. Head and tail may overlap.
    #[inline]
    fn new(cell: &[u8]) -> Self {
        let length = cell.len() as u64;
        if let (Some(head), Some(tail)) = (cell.first_chunk::<8>(), cell.last_chunk::<8>()) {
            let middle = cell.get(8..16).and_then(|bytes| bytes.first_chunk::<8>());
            return Key {
                length,
                head: u64::from_le_bytes(*head),
                middle: middle.map_or(0, |bytes| u64::from_le_bytes(*bytes)),
                tail: u64::from_le_bytes(*tail),
            };
        }
        let half = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
        let head = match (cell.first_chunk::<4>(), cell.last_chunk::<4>()) {
            (Some(head), Some(tail)) => half(head) | half(tail) << 32,
            _ => cell
                .iter()
                .fold(0, |head, byte| head << 8 | u64::from(*byte)),
        };
        Key {
            length,
            head,
            ..Key::default()
        }
    }

    #[inline]
    fn is(&self, other: &Key) -> bool {
        (self.length ^ other.length)
            | (self.head ^ other.head)
            | (self.middle ^ other.middle)
            | (self.tail ^ other.tail)
            == 0
    }

    /// Where the cell is kept.
    #[inline]
    fn place(&self) -> usize {
        let mixed =
            self.length ^ self.head ^ self.middle.rotate_left(21) ^ self.tail.rotate_left(42);
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize % PLACES
    }
}

impl Memo {
    /// The key of a cell that is worth looking for.
    #[inline]
    pub(super) fn key(&self, cell: &str) -> Option<Key> {
        (!self.given_up && cell.len() <= LONGEST).then(|| Key::new(cell.as_bytes()))
    }

    /// What the same cell came to before.
    #[inline]
    pub(super) fn find(&mut self, key: &Key) -> Option<&Values> {
        self.asked += 1;
        let (known, values) = self.places.get(key.place())?;
        let same = known.is(key);
        self.found += u64::from(same);
        same.then_some(values)
    }

    #[cfg(test)]
    pub(super) fn has_found(&self) -> bool {
        self.found > 0
    }

    /// Remembers what a cell came to, in the place of another.
    pub(super) fn keep(&mut self, key: Key, values: Values) -> &Values {
        if self.places.is_empty() {
            // The empty cell is never looked for.
            self.places
                .resize_with(PLACES, || (Key::default(), Values::default()));
        }
        if self.asked >= TRIAL {
            self.given_up = self.found * 4 < self.asked * 3;
            (self.asked, self.found) = (0, 0);
        }
        let place = &mut self.places[key.place()];
        *place = (key, values);
        &place.1
    }
}

/// What a cell sets in a record: fields and their values.
#[derive(Default)]
pub(super) struct Values(Vec<(ListingField, Kept)>);

/// A value that outlives its record.
enum Kept {
    Text(Box<str>),
    Plain(Value<'static>),
}

impl Values {
    /// Everything that is set in a listing.
    pub(super) fn of(listing: &Listing) -> Self {
        let mut values = Vec::new();
        listing.each(|field, value| {
            let kept = match value {
                Value::Text(text) | Value::List(text) => Kept::Text(text.into()),
                Value::Integer(number) => Kept::Plain(Value::Integer(number)),
                Value::Money(amount) => Kept::Plain(Value::Money(amount)),
                Value::Area(area) => Kept::Plain(Value::Area(area)),
                Value::Decimal(number) => Kept::Plain(Value::Decimal(number)),
                Value::Date(date) => Kept::Plain(Value::Date(date)),
                Value::Instant(at) => Kept::Plain(Value::Instant(at)),
                Value::Flag(flag) => Kept::Plain(Value::Flag(flag)),
                Value::Null => return,
            };
            values.push((field, kept));
        });
        Values(values)
    }

    /// Sets the same in another listing.
    #[inline]
    pub(super) fn set(&self, listing: &mut Listing) {
        for (field, kept) in &self.0 {
            match kept {
                Kept::Text(text) => listing.set(*field, Value::Text(text)),
                Kept::Plain(value) => listing.set(*field, *value),
            }
        }
    }
}
