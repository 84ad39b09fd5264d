//! What a column's cells came to lately. Most columns hold few different cells (cities, codes, counts),
//! and to find one again costs a fraction of reading it.

use model::Decimal;
use model::field::Value;
use model::jiff::Timestamp;
use model::jiff::civil::Date;
use model::listing::{Listing, ListingField};

/// Cells a column remembers.
const PLACES: usize = 256;
/// Bytes of the longest cell that is remembered.
const LONGEST: usize = 23;
/// Cells between two looks at whether remembering pays.
const TRIAL: u64 = 1_024;

/// The fields a cell sets, with their values.
pub(super) struct Values(Vec<(ListingField, Kept)>);

/// A value that stands by itself.
enum Kept {
    Text(Box<str>),
    List(Box<str>),
    Integer(i64),
    Decimal(Decimal),
    Money(i64),
    Area(i64),
    Date(Date),
    Instant(Timestamp),
    Flag(bool),
}

impl Values {
    /// Everything that is set in a record.
    pub(super) fn of(listing: &Listing) -> Self {
        let mut values = Vec::new();
        listing.each(|field, value| {
            let kept = match value {
                Value::Null => return,
                Value::Text(text) => Kept::Text(text.into()),
                Value::List(text) => Kept::List(text.into()),
                Value::Integer(number) => Kept::Integer(number),
                Value::Decimal(number) => Kept::Decimal(number),
                Value::Money(number) => Kept::Money(number),
                Value::Area(number) => Kept::Area(number),
                Value::Date(date) => Kept::Date(date),
                Value::Instant(instant) => Kept::Instant(instant),
                Value::Flag(flag) => Kept::Flag(flag),
            };
            values.push((field, kept));
        });
        Values(values)
    }

    /// Sets the fields in another record.
    #[inline]
    pub(super) fn set(&self, listing: &mut Listing) {
        for (field, kept) in &self.0 {
            let value = match kept {
                Kept::Text(text) => Value::Text(text),
                Kept::List(text) => Value::List(text),
                Kept::Integer(number) => Value::Integer(*number),
                Kept::Decimal(number) => Value::Decimal(*number),
                Kept::Money(number) => Value::Money(*number),
                Kept::Area(number) => Value::Area(*number),
                Kept::Date(date) => Value::Date(*date),
                Kept::Instant(instant) => Value::Instant(*instant),
                Kept::Flag(flag) => Value::Flag(*flag),
            };
            listing.set(*field, value);
        }
    }
}

/// The memory of one column. It gives up on a column whose cells seldom come again.
#[derive(Default)]
pub(super) struct Memo {
    places: Vec<(Key, Values)>,
    asked: u64,
    found: u64,
    given_up: bool,
}

/// A short cell and its length, in a few registers.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Key([u64; 3]);

impl Key {
    #[inline]
    fn new(cell: &[u8]) -> Self {
        let mut bytes = [0; LONGEST + 1];
        bytes[..cell.len()].copy_from_slice(cell);
        bytes[LONGEST] = cell.len() as u8;
        let word = |at: usize| {
            let word = bytes[at..].first_chunk::<8>();
            word.map_or(0, |word| u64::from_le_bytes(*word))
        };
        Key([word(0), word(8), word(16)])
    }

    /// Where the cell is kept.
    #[inline]
    fn place(&self) -> usize {
        let Key([head, middle, tail]) = self;
        let mixed = head ^ middle.rotate_left(21) ^ tail.rotate_left(42);
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
        let same = known == key;
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
                .resize_with(PLACES, || (Key::new(b""), Values(Vec::new())));
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
