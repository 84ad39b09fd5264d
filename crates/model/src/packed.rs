//! A listing in little room: what one thread hands to another, and what a hash is taken of.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::field::{Kind, Value};
use crate::listing::{Listing, ListingField};

/// A listing packed. Equal listings are packed alike, different ones differently; a decimal keeps the
/// zeros at its end.
#[derive(Debug, Default)]
pub struct PackedListing {
    /// The numbers of the fields, each with its value; of a text its length.
    values: Vec<u8>,
    /// The texts, one after the other.
    texts: String,
    whole: OnceLock<Box<Listing>>,
}

impl PackedListing {
    /// Packs a listing.
    pub fn of(listing: &Listing) -> Self {
        let mut packed = PackedListing::default();
        packed.pack(listing);
        packed
    }

    /// Packs another listing into the same room.
    pub fn pack(&mut self, listing: &Listing) {
        let PackedListing {
            values,
            texts,
            whole,
        } = self;
        whole.take();
        values.clear();
        texts.clear();
        listing.each(|field, value| {
            values.push(field as u8);
            match value {
                Value::Null => {}
                Value::Text(text) | Value::List(text) => {
                    values.extend_from_slice(&(text.len() as u32).to_le_bytes());
                    texts.push_str(text);
                }
                Value::Integer(number) | Value::Money(number) | Value::Area(number) => {
                    values.extend_from_slice(&number.to_le_bytes());
                }
                Value::Decimal(number) => values.extend_from_slice(&number.serialize()),
                Value::Date(date) => {
                    values.extend_from_slice(&date.year().to_le_bytes());
                    values.extend_from_slice(&[date.month() as u8, date.day() as u8]);
                }
                Value::Instant(instant) => {
                    values.extend_from_slice(&instant.as_nanosecond().to_le_bytes());
                }
                Value::Flag(flag) => values.push(u8::from(flag)),
            }
        });
    }

    /// What equal listings share and different ones do not: two pieces of bytes.
    pub fn parts(&self) -> [&[u8]; 2] {
        [&self.values, self.texts.as_bytes()]
    }

    /// Hands out each field that has a value, in order.
    #[inline]
    pub fn each<'a>(&'a self, mut each: impl FnMut(ListingField, Value<'a>)) {
        let mut rest = Rest::of(self);
        while let Some((field, value)) = rest.next() {
            each(field, value);
        }
    }

    /// Sets each field that has a value in another listing.
    pub fn set(&self, listing: &mut Listing) {
        self.each(|field, value| listing.set(field, value));
    }

    /// The text or code of a field; empty where it has none. Fields at the front are found fastest.
    pub fn text(&self, wanted: ListingField) -> &str {
        let mut rest = Rest::of(self);
        while let Some((field, value)) = rest.next() {
            if field >= wanted {
                return match value {
                    Value::Text(text) | Value::List(text) if field == wanted => text,
                    _ => "",
                };
            }
        }
        ""
    }

    /// The listing itself, unpacked when it is asked for first.
    pub fn whole(&self) -> &Listing {
        self.whole.get_or_init(|| {
            let mut listing = Box::<Listing>::default();
            self.set(&mut listing);
            listing
        })
    }
}

/// What is still to be read of a packed listing. It ends at bytes that packing has not written.
struct Rest<'a> {
    values: &'a [u8],
    texts: &'a str,
}

impl<'a> Rest<'a> {
    fn of(packed: &'a PackedListing) -> Self {
        Rest {
            values: &packed.values,
            texts: &packed.texts,
        }
    }

    #[inline]
    fn next(&mut self) -> Option<(ListingField, Value<'a>)> {
        let [number] = self.take()?;
        let field = *ListingField::ALL.get(usize::from(number))?;
        let value = match field.field().kind {
            Kind::Text | Kind::Code => Value::Text(self.text()?),
            Kind::List => Value::List(self.text()?),
            Kind::Integer => Value::Integer(i64::from_le_bytes(self.take()?)),
            Kind::Money => Value::Money(i64::from_le_bytes(self.take()?)),
            Kind::Area => Value::Area(i64::from_le_bytes(self.take()?)),
            Kind::Decimal => Value::Decimal(Decimal::deserialize(self.take()?)),
            Kind::Date => {
                let [low, high, month, day] = self.take()?;
                let year = i16::from_le_bytes([low, high]);
                Value::Date(Date::new(year, month as i8, day as i8).ok()?)
            }
            Kind::Instant => {
                let nanoseconds = i128::from_le_bytes(self.take()?);
                Value::Instant(Timestamp::from_nanosecond(nanoseconds).ok()?)
            }
            Kind::Flag => {
                let [flag] = self.take()?;
                Value::Flag(flag != 0)
            }
        };
        Some((field, value))
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.values.split_first_chunk()?;
        self.values = rest;
        Some(*taken)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = u32::from_le_bytes(self.take()?) as usize;
        let (text, rest) = self.texts.split_at_checked(length)?;
        self.texts = rest;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn what_is_packed_comes_out(values in prop::collection::vec((0..ListingField::ALL.len(), any::<i64>(), ".{0,12}"), 0..30)) {
            let mut listing = Listing::default();
            for (field, number, text) in &values {
                let field = ListingField::ALL[*field];
                listing.set(field, value(field, *number, text));
            }
            let packed = PackedListing::of(&listing);
            prop_assert_eq!(packed.whole(), &listing);
            prop_assert_eq!(packed.text(ListingField::Title), listing.title);
            prop_assert_eq!(packed.text(ListingField::Tags), listing.tags);
        }

        #[test]
        fn other_bytes_do_no_harm(values in prop::collection::vec(any::<u8>(), 0..80), texts in ".{0,20}") {
            let packed = PackedListing { values, texts, ..PackedListing::default() };
            packed.whole();
        }
    }
}
