//! What a field is: its name on the wire and in the store, its kind, where the store keeps it, and
//! the headers under which other systems write it.
//!
//! Each record type states its fields once, as a table of [`Field`]; column understanding, the
//! store, outputs and the data dictionary all read that table.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;

/// What a field's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text, an id or a name.
    Text,
    /// One word of a closed list ([`crate::codes`]).
    Code,
    /// A whole number.
    Integer,
    /// A decimal number, kept exactly.
    Decimal,
    /// An amount in minor units of the record's currency; a decimal string on the wire.
    Money,
    /// Hundredths of the record's area unit; a decimal string on the wire.
    Area,
    /// A calendar date.
    Date,
    /// An instant, stored in UTC.
    Instant,
    /// Yes or no.
    Flag,
    /// Several texts; `|` stands between them in the store.
    List,
}

/// Where the store keeps a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// A column of its own: what joins, indexes and the store's own queries use.
    Column,
    /// A place in one of the row's lists of facts: what most records have, rules judge and reports count.
    Fact,
    /// A member of the row's `detail` object.
    Detail,
    /// Inside the row's sealed value: private data.
    Sealed,
}

/// One field of a record.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Name on the wire and in the store (RESO's, in snake_case).
    pub name: &'static str,
    /// RESO Data Dictionary 2.0 name, or empty where RESO has none.
    pub reso: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Where the store keeps it.
    pub storage: Storage,
    /// One line for the data dictionary.
    pub about: &'static str,
}

/// A field's value, borrowed from its record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Absent.
    Null,
    /// Text or code.
    Text(&'a str),
    /// Whole number.
    Integer(i64),
    /// Exact decimal.
    Decimal(Decimal),
    /// Minor units of the record's currency.
    Money(i64),
    /// Hundredths of the record's area unit.
    Area(i64),
    /// Calendar date.
    Date(Date),
    /// Instant.
    Instant(Timestamp),
    /// Yes or no.
    Flag(bool),
    /// Texts with `|` between them.
    List(&'a str),
}

impl Value<'_> {
    /// Whether the value is absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

/// A value as a store keeps it: amounts, flags and instants (microseconds since 1970-01-01 UTC) are
/// numbers, decimals and dates are texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored<'a> {
    /// A number.
    Number(i64),
    /// A text.
    Text(&'a str),
}

impl<'a> Stored<'a> {
    /// The value of a field of this kind; absent where the field cannot have it.
    pub fn value(self, kind: Kind) -> Value<'a> {
        match (self, kind) {
            (Stored::Number(number), Kind::Money) => Value::Money(number),
            (Stored::Number(number), Kind::Area) => Value::Area(number),
            (Stored::Number(number), Kind::Flag) => Value::Flag(number != 0),
            (Stored::Number(number), Kind::Instant) => {
                Timestamp::from_microsecond(number).map_or(Value::Null, Value::Instant)
            }
            (Stored::Number(number), _) => Value::Integer(number),
            (Stored::Text(text), Kind::Decimal) => text.parse().map_or(Value::Null, Value::Decimal),
            (Stored::Text(text), Kind::Date) => text.parse().map_or(Value::Null, Value::Date),
            (Stored::Text(text), Kind::List) => Value::List(text),
            (Stored::Text(text), _) => Value::Text(text),
        }
    }
}
