//! Examples of rules as listings: `field=value; field=value`, with values as on the wire. A field that is named
//! has a column; one without a value is empty there.

use std::str::FromStr;

use model::Decimal;
use model::field::{Kind, Value};
use model::listing::{Listing, ListingField};

use super::context::Columns;

/// Reads an example; the error names the part that cannot be read.
pub fn listing(example: &str) -> Result<(Listing, Columns), String> {
    let mut listing = Listing::default();
    let mut columns = Columns::default();
    for part in example.split(';') {
        let bad = || format!("cannot read `{}`: write field=value", part.trim());
        let (name, value) = part.split_once('=').ok_or_else(bad)?;
        let field = ListingField::from_name(name.trim()).ok_or_else(bad)?;
        set(field, value.trim(), &mut listing, &mut columns)?;
    }
    Ok((listing, columns))
}

/// Sets a field to a value as on the wire; none where the text is empty.
pub(super) fn set(
    field: ListingField,
    text: &str,
    listing: &mut Listing,
    columns: &mut Columns,
) -> Result<(), String> {
    columns.add(field);
    if text.is_empty() {
        return Ok(());
    }
    let bad = || format!("`{text}` is no value of {}", field.name());
    listing.set(field, read(field.field().kind, text).ok_or_else(bad)?);
    if listing.get(field).is_null() {
        return Err(bad());
    }
    Ok(())
}

fn read(kind: Kind, text: &str) -> Option<Value<'_>> {
    let hundredths = || {
        let value = Decimal::from_str(text).ok()? * Decimal::ONE_HUNDRED;
        i64::try_from(value.round()).ok()
    };
    Some(match kind {
        Kind::Text | Kind::Code => Value::Text(text),
        Kind::List => Value::List(text),
        Kind::Integer => Value::Integer(text.parse().ok()?),
        Kind::Decimal => Value::Decimal(Decimal::from_str(text).ok()?),
        Kind::Money => Value::Money(hundredths()?),
        Kind::Area => Value::Area(hundredths()?),
        Kind::Date => Value::Date(text.parse().ok()?),
        Kind::Instant => Value::Instant(text.parse().ok()?),
        Kind::Flag => Value::Flag(text.parse().ok()?),
    })
}
