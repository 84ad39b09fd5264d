//! Listings in little room: what one thread hands to another, what a hash is taken of, and what a store
//! binds. Numbers and texts stand apart, so that reading them takes no guessing.

use std::fmt::Write;

use crate::field::{Stored, Value};
use crate::listing::{Listing, ListingField};

/// Bytes of a number: its field, then the number itself.
const NUMBER: usize = 9;
/// Bytes that say how long a text is: its field, then the length.
const LENGTH: usize = 5;

/// Packed listings, one after the other: three pieces of memory, however many they are.
#[derive(Debug, Default)]
pub struct PackedListings {
    numbers: Vec<u8>,
    lengths: Vec<u8>,
    texts: String,
    /// Where each listing ends in the three.
    ends: Vec<[usize; 3]>,
}

/// One listing, packed. Equal listings are packed alike, different ones differently; a decimal keeps the
/// zeros at its end, an instant its microseconds.
#[derive(Debug, Clone, Copy)]
pub struct PackedListing<'a> {
    numbers: &'a [u8],
    lengths: &'a [u8],
    texts: &'a str,
}

impl PackedListings {
    /// Packs one listing.
    pub fn of(listing: &Listing) -> Self {
        let mut packed = PackedListings::default();
        packed.push(listing);
        packed
    }

    /// Forgets the listings; their room stays.
    pub fn clear(&mut self) {
        self.numbers.clear();
        self.lengths.clear();
        self.texts.clear();
        self.ends.clear();
    }

    /// Packs another listing.
    pub fn push(&mut self, listing: &Listing) {
        let PackedListings {
            numbers,
            lengths,
            texts,
            ends,
        } = self;
        listing.each(|field, value| {
            let number = match value {
                Value::Integer(number) | Value::Money(number) | Value::Area(number) => number,
                Value::Flag(flag) => i64::from(flag),
                Value::Instant(at) => at.as_microsecond(),
                _ => {
                    let start = texts.len();
                    match value {
                        Value::Text(text) | Value::List(text) => texts.push_str(text),
                        // Writing to a String cannot fail.
                        Value::Decimal(number) => _ = write!(texts, "{number}"),
                        Value::Date(date) => _ = write!(texts, "{date}"),
                        _ => {}
                    }
                    let [a, b, c, d] = ((texts.len() - start) as u32).to_le_bytes();
                    lengths.extend_from_slice(&[field as u8, a, b, c, d]);
                    return;
                }
            };
            let mut entry = [field as u8; NUMBER];
            entry[1..].copy_from_slice(&number.to_le_bytes());
            numbers.extend_from_slice(&entry);
        });
        ends.push([numbers.len(), lengths.len(), texts.len()]);
    }

    /// The listing with this number, from 0.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub fn get(&self, number: usize) -> PackedListing<'_> {
        let start = match number {
            0 => [0; 3],
            _ => self.ends[number - 1],
        };
        let end = self.ends[number];
        PackedListing {
            numbers: &self.numbers[start[0]..end[0]],
            lengths: &self.lengths[start[1]..end[1]],
            texts: &self.texts[start[2]..end[2]],
        }
    }
}

impl<'a> PackedListing<'a> {
    /// What equal listings share and different ones do not: three pieces of bytes.
    pub fn parts(&self) -> [&'a [u8]; 3] {
        [self.numbers, self.lengths, self.texts.as_bytes()]
    }

    /// Each number, with its field.
    #[inline]
    pub fn numbers(&self) -> impl Iterator<Item = (ListingField, i64)> + use<'a> {
        self.numbers
            .as_chunks::<NUMBER>()
            .0
            .iter()
            .map(|[field, number @ ..]| {
                (
                    ListingField::ALL[usize::from(*field)],
                    i64::from_le_bytes(*number),
                )
            })
    }

    /// Each text, with its field, in the order of the fields.
    #[inline]
    pub fn texts(&self) -> impl Iterator<Item = (ListingField, &'a str)> + use<'a> {
        let mut rest = self.texts;
        self.lengths
            .as_chunks::<LENGTH>()
            .0
            .iter()
            .map(move |[field, length @ ..]| {
                let (text, after) = rest.split_at(u32::from_le_bytes(*length) as usize);
                rest = after;
                (ListingField::ALL[usize::from(*field)], text)
            })
    }

    /// The text or code of a field; empty where it has none. Fields at the front are found fastest.
    pub fn text(&self, wanted: ListingField) -> &'a str {
        self.texts()
            .find(|(field, _)| *field >= wanted)
            .filter(|(field, _)| *field == wanted)
            .map_or("", |(_, text)| text)
    }

    /// The listing itself.
    pub fn unpack(&self) -> Listing {
        let mut listing = Listing::default();
        let mut set = |field: ListingField, stored: Stored<'_>| {
            listing.set(field, stored.value(field.field().kind))
        };
        for (field, number) in self.numbers() {
            set(field, Stored::Number(number));
        }
        for (field, text) in self.texts() {
            set(field, Stored::Text(text));
        }
        listing
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::Date;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::field::Kind;

    /// A value for a field, made from a number and a text.
    fn value<'a>(field: ListingField, number: i64, text: &'a str) -> Value<'a> {
        match field.field().kind {
            Kind::Text | Kind::Code => Value::Text(text),
            Kind::List => Value::List(text),
            Kind::Integer => Value::Integer(number),
            Kind::Money => Value::Money(number),
            Kind::Area => Value::Area(number),
            Kind::Decimal => Value::Decimal(Decimal::new(number, (number & 7) as u32)),
            Kind::Date => Value::Date(Date::constant(2000 + (number & 63) as i16, 2, 28)),
            Kind::Instant => match Timestamp::from_microsecond(number >> 12) {
                Ok(instant) => Value::Instant(instant),
                Err(_) => Value::Null,
            },
            Kind::Flag => Value::Flag(number & 1 == 1),
        }
    }

    type Cells = Vec<(usize, i64, String)>;

    fn listing(cells: &Cells) -> Listing {
        let mut listing = Listing::default();
        for (field, number, text) in cells {
            let field = ListingField::ALL[*field];
            listing.set(field, value(field, *number, text));
        }
        listing
    }

    fn cells() -> impl Strategy<Value = Cells> {
        prop::collection::vec((0..ListingField::ALL.len(), any::<i64>(), ".{0,12}"), 0..30)
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out(listings in prop::collection::vec(cells(), 0..4)) {
            let listings: Vec<Listing> = listings.iter().map(listing).collect();
            let mut packed = PackedListings::of(&Listing::default());
            packed.clear();
            listings.iter().for_each(|listing| packed.push(listing));
            for (number, listing) in listings.iter().enumerate() {
                let packed = packed.get(number);
                prop_assert_eq!(&packed.unpack(), listing);
                prop_assert_eq!(packed.text(ListingField::Title), &listing.title);
                prop_assert_eq!(packed.text(ListingField::Tags), &listing.tags);
                let alone = PackedListings::of(listing);
                prop_assert_eq!(packed.parts(), alone.get(0).parts());
            }
        }
    }
}
