//! The facts of a listing: what most records have and the store's own queries do not ask for. They stand in
//! two columns, JSON arrays of numbers and of texts, each fact at its place. That the
//! first thirty of them have no columns of their own saved nine parts in a hundred of a first load.

use model::field::Stored;
use model::listing::{Listing, ListingField};

/// Facts that are numbers, in the order of the array. Stores keep the places: new facts go to the end.
pub(crate) const NUMBERS: [ListingField; 14] = [
    ListingField::BedroomsTotal,
    ListingField::LivingRooms,
    ListingField::BathroomsTotalInteger,
    ListingField::LivingArea,
    ListingField::UnitPrice,
    ListingField::StoriesTotal,
    ListingField::EntryLevel,
    ListingField::YearBuilt,
    ListingField::Elevator,
    ListingField::PhotosCount,
    ListingField::Kitchens,
    ListingField::MetroDistance,
    ListingField::OnMarketTimestamp,
    ListingField::ModificationTimestamp,
];

/// Facts that are texts, likewise.
pub(crate) const TEXTS: [ListingField; 23] = [
    ListingField::BusinessLine,
    ListingField::PropertyType,
    ListingField::PropertySubType,
    ListingField::Currency,
    ListingField::Country,
    ListingField::MlsAreaMajor,
    ListingField::Orientation,
    ListingField::DirectionFaces,
    ListingField::Decoration,
    ListingField::BuildingAreaUnits,
    ListingField::LivingAreaUnits,
    ListingField::PriceBasis,
    ListingField::Tags,
    ListingField::FloorBand,
    ListingField::Tenure,
    ListingField::MlsStatus,
    ListingField::Channel,
    ListingField::PriceMode,
    ListingField::Holding,
    ListingField::Metro,
    ListingField::OnMarketDate,
    ListingField::CloseDate,
    ListingField::LeaseAmountFrequency,
];

/// The facts of one listing.
#[derive(Default)]
pub(crate) struct Facts<'a> {
    pub(crate) numbers: [Option<i64>; NUMBERS.len()],
    pub(crate) texts: [Option<&'a str>; TEXTS.len()],
}

impl Facts<'_> {
    /// Writes the two arrays, without the absent facts at their ends; nothing where all are absent.
    pub(crate) fn write(&self, numbers: &mut String, texts: &mut String) {
        let mut digits = itoa::Buffer::new();
        write_array(&self.numbers, numbers, |number, out| {
            out.push_str(digits.format(*number));
        });
        write_array(&self.texts, texts, |text, out| write_text(text, out));
    }
}

fn write_array<T>(facts: &[Option<T>], out: &mut String, mut write: impl FnMut(&T, &mut String)) {
    out.clear();
    let length = facts
        .iter()
        .rposition(Option::is_some)
        .map_or(0, |last| last + 1);
    for (place, fact) in facts[..length].iter().enumerate() {
        out.push(if place == 0 { '[' } else { ',' });
        match fact {
            Some(fact) => write(fact, out),
            None => out.push_str("null"),
        }
    }
    if length > 0 {
        out.push(']');
    }
}

/// Writes a text as JSON.
pub(super) fn write_text(text: &str, out: &mut String) {
    let escaped = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    // Without an early end the loop takes many bytes at once.
    if text.bytes().fold(false, |any, byte| any | escaped(byte)) {
        if let Ok(quoted) = serde_json::to_string(text) {
            out.push_str(&quoted);
        }
        return;
    }
    out.push('"');
    out.push_str(text);
    out.push('"');
}

/// Sets the facts that an array of numbers holds.
pub(super) fn read_numbers(array: &str, listing: &mut Listing) -> Result<(), serde_json::Error> {
    let facts: Vec<Option<i64>> = serde_json::from_str(array)?;
    // Facts behind the known ones are a later version's.
    for (field, number) in NUMBERS.into_iter().zip(facts) {
        if let Some(number) = number {
            listing.set(field, Stored::Number(number).value(field.field().kind));
        }
    }
    Ok(())
}

/// Sets the facts that an array of texts holds.
pub(super) fn read_texts(array: &str, listing: &mut Listing) -> Result<(), serde_json::Error> {
    let facts: Vec<Option<std::borrow::Cow<'_, str>>> = serde_json::from_str(array)?;
    for (field, text) in TEXTS.into_iter().zip(facts) {
        if let Some(text) = text {
            listing.set(field, Stored::Text(&text).value(field.field().kind));
        }
    }
    Ok(())
}

/// The first field in which two texts of a column differ, where the column holds several fields.
pub(crate) fn first_difference(column: &str, one: &str, other: &str) -> Option<&'static str> {
    let differs = |one: &serde_json::Value, other: &serde_json::Value, field: ListingField| {
        let differs = match column {
            "fact_numbers" => at(&NUMBERS, field).is_some_and(|place| one[place] != other[place]),
            "fact_texts" => at(&TEXTS, field).is_some_and(|place| one[place] != other[place]),
            _ => one[field.name()] != other[field.name()],
        };
        differs.then(|| field.name())
    };
    let parse = |text| serde_json::from_str(text).unwrap_or_default();
    let (one, other) = (parse(one), parse(other));
    ListingField::ALL
        .iter()
        .find_map(|field| differs(&one, &other, *field))
}

/// The place of a fact in its list.
pub(crate) fn at(facts: &[ListingField], wanted: ListingField) -> Option<usize> {
    facts.iter().position(|fact| *fact == wanted)
}

#[cfg(test)]
mod tests {
    use model::field::{Kind, Storage};

    use super::*;
    use crate::dialect;

    #[test]
    fn every_fact_has_its_place_and_keeps_it() {
        let mut placed: Vec<ListingField> = NUMBERS.into_iter().chain(TEXTS).collect();
        placed.sort_unstable();
        assert_eq!(placed, dialect::of(Storage::Fact).collect::<Vec<_>>());
        for field in NUMBERS {
            use Kind::{Area, Flag, Instant, Integer, Money};
            let kind = field.field().kind;
            assert!(
                matches!(kind, Area | Flag | Instant | Integer | Money),
                "{field:?}"
            );
        }
        // What stores have is never moved.
        assert_eq!(NUMBERS[0], ListingField::BedroomsTotal);
        assert_eq!(NUMBERS[13], ListingField::ModificationTimestamp);
        assert_eq!(TEXTS[0], ListingField::BusinessLine);
        assert_eq!(TEXTS[22], ListingField::LeaseAmountFrequency);
    }

    #[test]
    fn a_difference_is_named_by_its_field() {
        let named = [
            ("fact_numbers", "[1,2]", "[1,3]", "living_rooms"),
            ("fact_texts", "", r#"["resale"]"#, "business_line"),
            (
                "detail",
                r#"{"gas":"yes","url":"a"}"#,
                r#"{"gas":"yes"}"#,
                "url",
            ),
        ];
        for (column, one, other, field) in named {
            assert_eq!(first_difference(column, one, other), Some(field));
        }
        assert_eq!(first_difference("detail", "{}", ""), None);
    }

    #[test]
    fn absent_facts_take_no_room_at_the_end() {
        let mut facts = Facts::default();
        facts.numbers[2] = Some(-2);
        facts.texts[1] = Some("a\"b");
        let (mut numbers, mut texts) = (String::new(), String::new());
        facts.write(&mut numbers, &mut texts);
        assert_eq!(numbers, "[null,null,-2]");
        assert_eq!(texts, r#"[null,"a\"b"]"#);
        let mut listing = Listing::default();
        read_numbers(&numbers, &mut listing).unwrap();
        read_texts(&texts, &mut listing).unwrap();
        assert_eq!(listing.bathrooms_total_integer, Some(-2));
        assert_eq!(listing.property_type, None);
        Facts::default().write(&mut numbers, &mut texts);
        assert_eq!((numbers, texts), Default::default());
    }
}
