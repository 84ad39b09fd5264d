//! The fields of a listing on their way out, private ones masked.

use model::area::Hundredths;
use model::field::{Kind, Storage, Value as Stored};
use model::listing::{Listing, ListingField};
use model::mask;
use model::money::{Currency, MinorAmount};
use serde_json::{Map, Value, json};
use store::StoredMedium;

/// Every field that has a value.
pub(super) fn all(listing: &Listing, reveal: bool) -> Map<String, Value> {
    let fields = ListingField::ALL.iter().filter_map(|field| {
        let value = listing.get(*field);
        let value = match value {
            Stored::Null | Stored::Text("") | Stored::List("") => return None,
            Stored::Text(text) if field.field().storage == Storage::Sealed && !reveal => {
                mask::listing_field(*field, text).into()
            }
            Stored::Text(text) if *field == ListingField::Extra => {
                serde_json::from_str(text).unwrap_or_else(|_| text.into())
            }
            Stored::Text(text) => text.into(),
            Stored::List(list) => list.split('|').collect(),
            Stored::Integer(number) => number.into(),
            Stored::Flag(flag) => flag.into(),
            Stored::Decimal(number) => number.normalize().to_string().into(),
            Stored::Money(minor) => money(listing, minor),
            Stored::Area(hundredths) => Hundredths(hundredths).to_string().into(),
            Stored::Date(date) => date.to_string().into(),
            Stored::Instant(instant) => instant.to_string().into(),
        };
        Some((field.name().to_owned(), value))
    });
    fields.collect()
}

/// A medium: its key and every field that has a value.
pub(super) fn medium(stored: &StoredMedium) -> Value {
    let mut shown = Map::new();
    shown.insert("media_key".to_owned(), stored.key.as_str().into());
    stored.medium.each(|field, value| {
        let value: Value = match value {
            Stored::Text(text) => text.into(),
            Stored::Integer(number) => number.into(),
            Stored::Flag(flag) => flag.into(),
            Stored::Decimal(number) => number.normalize().to_string().into(),
            _ => return,
        };
        shown.insert(field.name().to_owned(), value);
    });
    shown.into()
}

/// A value as history keeps it: amounts are minor units there.
pub(super) fn historic(listing: &Listing, field: &str, text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    let kind = ListingField::from_name(field).map(|field| field.field().kind);
    match (kind, text.parse::<i64>()) {
        (Some(Kind::Money), Ok(minor)) => money(listing, minor),
        _ if field == "frozen" => json!(text == "1"),
        _ => text.into(),
    }
}

fn money(listing: &Listing, minor: i64) -> Value {
    MinorAmount(minor, listing.currency.unwrap_or(Currency::CNY))
        .to_string()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_fields_are_masked_unless_revealed() {
        let listing = Listing {
            owner_name: "欧阳修远".to_owned(),
            owner_phone: "+8613800138000".to_owned(),
            unit_number: "1203".to_owned(),
            city: "北京".to_owned(),
            ..Listing::default()
        };
        let hidden = Value::from(all(&listing, false)).to_string();
        assert!(hidden.contains("欧阳") && hidden.contains("北京"));
        for private in ["修远", "00138", "1203"] {
            assert!(!hidden.contains(private), "{hidden}");
        }
        assert_eq!(all(&listing, true)["unit_number"], "1203");
    }

    #[test]
    fn history_shows_amounts_and_not_minor_units() {
        let listing = Listing::default();
        assert_eq!(
            historic(&listing, "list_price", Some("520000000")),
            "5200000.00"
        );
        assert_eq!(historic(&listing, "frozen", Some("1")), true);
        assert_eq!(
            historic(&listing, "standard_status", Some("Active")),
            "Active"
        );
    }
}
