//! A listing's fields as the store keeps them: values of columns, the `detail` object, and the text
//! that is sealed.

use std::sync::LazyLock;

use model::Decimal;
use model::field::{Kind, Storage, Value};
use model::jiff::{Timestamp, civil::Date};
use model::listing::{Listing, ListingField};
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::dialect;

/// Fields with a column.
pub(crate) static COLUMNS: LazyLock<Vec<ListingField>> =
    LazyLock::new(|| dialect::columns().collect());
/// Fields in `detail`.
pub(crate) static DETAIL: LazyLock<Vec<ListingField>> =
    LazyLock::new(|| dialect::of(Storage::Detail).collect());
/// Fields in `sealed`.
pub(crate) static SEALED: LazyLock<Vec<ListingField>> =
    LazyLock::new(|| dialect::of(Storage::Sealed).collect());

/// A field's value, ready to be bound; texts are borrowed.
pub(crate) struct Bound<'a>(pub(crate) Value<'a>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let borrowed = |text| Ok(ToSqlOutput::Borrowed(ValueRef::Text(text)));
        let integer = |number| Ok(ToSqlOutput::Borrowed(ValueRef::Integer(number)));
        match self.0 {
            Value::Null => Ok(ToSqlOutput::Borrowed(ValueRef::Null)),
            Value::Text(text) | Value::List(text) => borrowed(text.as_bytes()),
            Value::Integer(n) | Value::Money(n) | Value::Area(n) => integer(n),
            Value::Flag(flag) => integer(i64::from(flag)),
            Value::Instant(at) => integer(at.as_microsecond()),
            Value::Decimal(number) => Ok(ToSqlOutput::from(number.to_string())),
            Value::Date(date) => Ok(ToSqlOutput::from(date.to_string())),
        }
    }
}

/// Where the store keeps a field: the place of its column, or which object it is a member of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Column(usize),
    Detail,
    Sealed,
}

/// The place of each field, by its number.
pub(crate) static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    ListingField::ALL
        .iter()
        .map(|field| match field.field().storage {
            Storage::Detail => Place::Detail,
            Storage::Sealed => Place::Sealed,
            Storage::Column => Place::Column(
                COLUMNS
                    .iter()
                    .position(|column| column == field)
                    .unwrap_or_default(),
            ),
        })
        .collect()
});

/// Writes the fields that have a value as a JSON object; nothing where none has.
pub(crate) fn write_object(listing: &Listing, fields: &[ListingField], out: &mut String) {
    out.clear();
    for field in fields {
        let value = listing.get(*field);
        if !value.is_null() {
            write_member(*field, value, out);
        }
    }
    close_object(out);
}

/// Begins an object or goes on with it: one member more.
pub(crate) fn write_member(field: ListingField, value: Value<'_>, out: &mut String) {
    use std::fmt::Write;
    out.push(if out.is_empty() { '{' } else { ',' });
    out.push('"');
    out.push_str(field.name());
    out.push_str("\":");
    // Writing to a String cannot fail.
    let _ = match value {
        Value::Null => Ok(()),
        Value::Text(text) | Value::List(text) => {
            write_text(text, out);
            Ok(())
        }
        Value::Integer(n) | Value::Money(n) | Value::Area(n) => write!(out, "{n}"),
        Value::Instant(at) => write!(out, "{}", at.as_microsecond()),
        Value::Flag(flag) => write!(out, "{flag}"),
        Value::Decimal(number) => write!(out, "\"{number}\""),
        Value::Date(date) => write!(out, "\"{date}\""),
    };
}

/// Ends the object, if there is one.
pub(crate) fn close_object(out: &mut String) {
    if !out.is_empty() {
        out.push('}');
    }
}

fn write_text(text: &str, out: &mut String) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else if let Ok(quoted) = serde_json::to_string(text) {
        out.push_str(&quoted);
    }
}

/// Sets the fields of a JSON object written by [`write_object`].
pub(crate) fn read_object(text: &str, listing: &mut Listing) -> Result<(), serde_json::Error> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text)?;
    for (name, value) in &object {
        // A field that a later version dropped is left alone.
        let Some(field) = ListingField::from_name(name) else {
            continue;
        };
        match value {
            serde_json::Value::String(text) => set_text(listing, field, text),
            serde_json::Value::Number(number) => {
                set_integer(listing, field, number.as_i64().unwrap_or_default());
            }
            serde_json::Value::Bool(flag) => listing.set(field, Value::Flag(*flag)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a field's column stays empty although the field has a value: most records have one id.
pub(crate) fn follows(field: ListingField, value: Value<'_>, listing_id: &str) -> bool {
    field == ListingField::OriginatingSystemKey && value == Value::Text(listing_id)
}

/// What the column of a field holds.
pub(crate) fn column(listing: &Listing, field: ListingField) -> Value<'_> {
    let value = listing.get(field);
    if follows(field, value, &listing.listing_id) {
        Value::Null
    } else {
        value
    }
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
        ValueRef::Integer(number) => set_integer(listing, field, number),
        ValueRef::Text(text) => {
            set_text(
                listing,
                field,
                std::str::from_utf8(text).unwrap_or_default(),
            );
        }
        _ => listing.set(field, Value::Null),
    }
}

fn set_integer(listing: &mut Listing, field: ListingField, number: i64) {
    let value = match field.field().kind {
        Kind::Money => Value::Money(number),
        Kind::Area => Value::Area(number),
        Kind::Flag => Value::Flag(number != 0),
        Kind::Instant => Timestamp::from_microsecond(number).map_or(Value::Null, Value::Instant),
        _ => Value::Integer(number),
    };
    listing.set(field, value);
}

fn set_text(listing: &mut Listing, field: ListingField, text: &str) {
    let value = match field.field().kind {
        Kind::Decimal => text.parse::<Decimal>().map_or(Value::Null, Value::Decimal),
        Kind::Date => text.parse::<Date>().map_or(Value::Null, Value::Date),
        Kind::List => Value::List(text),
        _ => Value::Text(text),
    };
    listing.set(field, value);
}

/// What a listing's sealed value is bound to.
pub(crate) fn place(key: &str) -> Vec<u8> {
    [b"listing\0sealed\0", key.as_bytes()].concat()
}
