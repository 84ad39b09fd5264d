//! A listing's fields as the store keeps them: values of columns, the `detail` object, and the text
//! that is sealed.

use std::sync::LazyLock;

use model::field::{Kind, Storage, Stored, Value};
use model::listing::{Listing, ListingField};
use model::packed::PackedListing;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::facts::{self, Facts};
use crate::dialect;

/// Fields with a column.
pub(crate) static COLUMNS: LazyLock<Vec<ListingField>> =
    LazyLock::new(|| dialect::columns().collect());
/// A value, ready to be bound; texts are borrowed.
pub(crate) struct Bound<'a>(pub(crate) Stored<'a>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Stored::Number(number) => ValueRef::Integer(number),
            Stored::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// Where the store keeps a field: the place of its column, its place among the facts, or which object it
/// is a member of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Column(usize),
    Fact(usize),
    Detail,
    Sealed,
}

/// The place of each field, by its number.
static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    ListingField::ALL
        .iter()
        .map(|field| match field.field().storage {
            Storage::Detail => Place::Detail,
            Storage::Sealed => Place::Sealed,
            Storage::Column => Place::Column(facts::at(&COLUMNS, *field).unwrap_or_default()),
            Storage::Fact => {
                let number = facts::at(&facts::NUMBERS, *field);
                let place = number.or_else(|| facts::at(&facts::TEXTS, *field));
                Place::Fact(place.unwrap_or_default())
            }
        })
        .collect()
});

/// What a row holds of a listing beside its columns: JSON texts, empty where nothing belongs in them.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// The array of facts that are numbers.
    pub(crate) fact_numbers: String,
    /// The array of facts that are texts.
    pub(crate) fact_texts: String,
    /// The object of rarer fields.
    pub(crate) detail: String,
    /// The object of private fields, to be sealed.
    pub(crate) private: String,
}

/// Sorts what a listing holds by where it is kept. The values of columns are handed out.
pub(crate) fn sort<'a>(
    listing: PackedListing<'a>,
    out: &mut Texts,
    mut column: impl FnMut(usize, Stored<'a>),
) {
    use std::fmt::Write;
    out.detail.clear();
    out.private.clear();
    let places = &*PLACES;
    let listing_id = listing.text(ListingField::ListingId);
    let mut facts = Facts::default();
    for (field, number) in listing.numbers() {
        let object = match places[field as usize] {
            Place::Column(place) => {
                column(place, Stored::Number(number));
                continue;
            }
            Place::Fact(place) => {
                facts.numbers[place] = Some(number);
                continue;
            }
            Place::Detail => begin_member(field, &mut out.detail),
            Place::Sealed => begin_member(field, &mut out.private),
        };
        // Writing to a String cannot fail.
        _ = match field.field().kind {
            Kind::Flag => write!(object, "{}", number != 0),
            _ => write!(object, "{number}"),
        };
    }
    for (field, text) in listing.texts() {
        let object = match places[field as usize] {
            Place::Column(place) => {
                if !follows(field, text, listing_id) {
                    column(place, Stored::Text(text));
                }
                continue;
            }
            Place::Fact(place) => {
                facts.texts[place] = Some(text);
                continue;
            }
            Place::Detail => begin_member(field, &mut out.detail),
            Place::Sealed => begin_member(field, &mut out.private),
        };
        facts::write_text(text, object);
    }
    for object in [&mut out.detail, &mut out.private] {
        if !object.is_empty() {
            object.push('}');
        }
    }
    facts.write(&mut out.fact_numbers, &mut out.fact_texts);
}

/// Begins an object or goes on with it: one member more.
fn begin_member(field: ListingField, out: &mut String) -> &mut String {
    out.push(if out.is_empty() { '{' } else { ',' });
    out.push('"');
    out.push_str(field.name());
    out.push_str("\":");
    out
}

/// Sets the fields of a JSON object written by [`sort`].
pub(crate) fn read_object(text: &str, listing: &mut Listing) -> Result<(), serde_json::Error> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text)?;
    for (name, value) in &object {
        // A field that a later version dropped is left alone.
        let Some(field) = ListingField::from_name(name) else {
            continue;
        };
        match value {
            serde_json::Value::String(text) => set(listing, field, Stored::Text(text)),
            serde_json::Value::Number(number) => {
                let number = number.as_i64().unwrap_or_default();
                set(listing, field, Stored::Number(number));
            }
            serde_json::Value::Bool(flag) => listing.set(field, Value::Flag(*flag)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a field's column stays empty although the field has a value: most records have one id.
fn follows(field: ListingField, text: &str, listing_id: &str) -> bool {
    field == ListingField::OriginatingSystemKey && text == listing_id
}

/// Sets what follows from the other columns.
pub(crate) fn complete(listing: &mut Listing) {
    if listing.originating_system_key.is_empty() {
        listing.originating_system_key.push_str(&listing.listing_id);
    }
}

/// Sets a field from the value of its column.
pub(crate) fn set_column(listing: &mut Listing, field: ListingField, value: ValueRef<'_>) {
    match value {
        ValueRef::Integer(number) => set(listing, field, Stored::Number(number)),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).unwrap_or_default();
            set(listing, field, Stored::Text(text));
        }
        _ => listing.set(field, Value::Null),
    }
}

fn set(listing: &mut Listing, field: ListingField, stored: Stored<'_>) {
    listing.set(field, stored.value(field.field().kind));
}

/// What a listing's sealed value is bound to.
pub(crate) fn place(key: &str) -> Vec<u8> {
    [b"listing\0sealed\0", key.as_bytes()].concat()
}
