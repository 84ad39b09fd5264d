//! What follows from a listing's fields together: which price the quoted one is, codes that others
//! imply, derived fields.

use model::codes::*;
use model::field::Value;
use model::listing::{Listing, ListingField};
use model::packed::PackedListing;
use model::rule::{Effect, Finding};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::normalise::Defaults;

/// Settles a listing whose cells have been read.
pub(crate) fn settle(listing: &mut Listing, defaults: &Defaults) {
    settle_trade(listing);
    settle_prices(listing);
    if listing.currency.is_none() && has_amount(listing) {
        listing.currency = Some(defaults.currency);
    }
    if listing.direction_faces.is_none() && !listing.orientation.is_empty() {
        // 南北通透 counts as south: that is the side people ask for.
        let mut faces = listing
            .orientation
            .split('|')
            .filter_map(Direction::from_code);
        listing.direction_faces = if faces.clone().any(|face| face == Direction::South) {
            Some(Direction::South)
        } else {
            faces.next()
        };
    }
    if listing.photos_count.is_none() && !listing.photos.is_empty() {
        let bars = listing.photos.bytes().filter(|byte| *byte == b'|').count();
        listing.photos_count = i64::try_from(bars + 1).ok();
    }
}

/// Resale or rental, and the property type and status that follow.
fn settle_trade(listing: &mut Listing) {
    let rented = listing.lease_amount.is_some()
        || listing.rent_mode.is_some()
        || listing.price_basis == Some(PriceBasis::RentMonth)
        || matches!(
            listing.property_type,
            Some(PropertyType::ResidentialLease | PropertyType::CommercialLease)
        );
    let line = *listing.business_line.get_or_insert(if rented {
        BusinessLine::Rental
    } else {
        BusinessLine::Resale
    });
    let commercial = matches!(
        listing.property_sub_type.as_str(),
        "Office" | "Retail" | "Industrial" | "Warehouse" | "Business" | "Commercial"
    );
    listing.property_type.get_or_insert(
        match (line, commercial, listing.property_sub_type.as_str()) {
            (BusinessLine::Rental, true, _) => PropertyType::CommercialLease,
            (BusinessLine::Rental, false, _) => PropertyType::ResidentialLease,
            (_, _, "Land") => PropertyType::Land,
            (_, true, _) => PropertyType::CommercialSale,
            (_, false, _) => PropertyType::Residential,
        },
    );
    if listing.standard_status.is_none() && listing.mls_status.is_empty() {
        let closed = listing.close_price.is_some() || listing.close_date.is_some();
        listing.standard_status = Some(if closed {
            StandardStatus::Closed
        } else {
            StandardStatus::Active
        });
    }
}

/// The quoted price becomes the price of the whole home or the rent of a month; the unit price is
/// kept beside it, given or derived.
fn settle_prices(listing: &mut Listing) {
    let area = listing
        .building_area_total
        .or(listing.living_area)
        .filter(|area| *area > 0);
    match listing.price_basis {
        Some(PriceBasis::Unit) => {
            // Our own output says `unit` too, but has both prices: it is converted already.
            if let (Some(quoted), Some(area)) = (listing.list_price, area)
                && listing.unit_price.is_none_or(|unit| unit == quoted)
            {
                listing.unit_price = Some(quoted);
                listing.list_price = times_area(quoted, area);
            }
        }
        Some(PriceBasis::RentMonth) if listing.lease_amount.is_none() => {
            listing.lease_amount = listing.list_price.take();
        }
        _ => {}
    }
    if listing.business_line == Some(BusinessLine::Rental) {
        if listing.lease_amount.is_none() {
            listing.lease_amount = listing.list_price.take();
        }
        if listing.lease_amount.is_some() {
            listing
                .lease_amount_frequency
                .get_or_insert(Frequency::Monthly);
        }
        return;
    }
    let Some(area) = area else { return };
    let price = listing.list_price.or(listing.close_price);
    match (price, listing.unit_price) {
        (Some(price), None) => listing.unit_price = per_area(price, area),
        (None, Some(unit)) => {
            let total = times_area(unit, area);
            if listing.standard_status == Some(StandardStatus::Closed) {
                listing.close_price = total;
            } else {
                listing.list_price = total;
            }
            listing.price_basis = Some(PriceBasis::Unit);
        }
        _ => {}
    }
}

/// Price of a unit of area that follows from the price and the area.
pub(crate) fn unit_price(listing: &Listing) -> Option<i64> {
    let area = listing.building_area_total.or(listing.living_area);
    let price = listing.list_price.or(listing.close_price);
    per_area(price?, area.filter(|area| *area > 0)?)
}

fn has_amount(listing: &Listing) -> bool {
    listing.list_price.is_some()
        || listing.lease_amount.is_some()
        || listing.close_price.is_some()
        || listing.unit_price.is_some()
}

/// Minor units a unit of area, times hundredths of that unit, rounded half up.
fn times_area(unit_price: i64, area: i64) -> Option<i64> {
    i64::try_from((i128::from(unit_price) * i128::from(area) + 50) / 100).ok()
}

/// Minor units over hundredths of a unit of area, rounded half up.
fn per_area(price: i64, area: i64) -> Option<i64> {
    if let Some(dividend) = price
        .checked_mul(100)
        .and_then(|price| price.checked_add(area / 2))
    {
        return Some(dividend / area);
    }
    i64::try_from((i128::from(price) * 100 + i128::from(area) / 2) / i128::from(area)).ok()
}

/// Keys of what never changes about a home on offer, for records that come without an id.
const UNCHANGING: &[ListingField] = &[
    ListingField::City,
    ListingField::SubdivisionName,
    ListingField::BuildingName,
    ListingField::UnitNumber,
    ListingField::UnparsedAddress,
    ListingField::EntryLevel,
    ListingField::FloorBand,
    ListingField::StoriesTotal,
    ListingField::BedroomsTotal,
    ListingField::LivingRooms,
    ListingField::BuildingAreaTotal,
    ListingField::LivingArea,
    ListingField::Orientation,
    ListingField::ListAgentId,
    ListingField::CloseDate,
];

/// A hash of what does not change about the listing; equal homes of one file share it.
pub(crate) fn identity_hash(listing: &Listing) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for field in UNCHANGING {
        hash_value(listing.get(*field), |bytes| {
            hasher.update(bytes);
        });
        hasher.update(&[0]);
    }
    hasher.finalize()
}

/// A stable hash of a listing and of what was found: equal hashes mean that nothing changed. XXH3 is
/// defined by its specification, so a store can keep the hash.
pub(crate) fn content_hash(listing: PackedListing<'_>, findings: &[Finding]) -> u64 {
    let [numbers, lengths, texts] = listing.parts().map(xxh3_64);
    let mut hash = numbers ^ lengths.rotate_left(16) ^ texts.rotate_left(32);
    for finding in findings {
        for text in [finding.rule.code, finding.effect.as_str(), &finding.detail] {
            hash = xxh3_64_with_seed(text.as_bytes(), hash);
        }
    }
    hash
}

fn hash_value(value: Value<'_>, mut update: impl FnMut(&[u8])) {
    match value {
        Value::Null => {}
        Value::Text(text) | Value::List(text) => update(text.as_bytes()),
        Value::Integer(number) | Value::Money(number) | Value::Area(number) => {
            update(&number.to_le_bytes())
        }
        Value::Decimal(number) => update(&number.normalize().serialize()),
        Value::Date(date) => {
            let year = date.year().to_le_bytes();
            let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
            update(&[year[0], year[1], month, day]);
        }
        Value::Instant(instant) => update(&instant.as_microsecond().to_le_bytes()),
        Value::Flag(flag) => update(&[1 + u8::from(flag)]),
    }
}

/// Whether some finding freezes the listing.
pub(crate) fn freezes(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| matches!(finding.effect, Effect::Freeze | Effect::Hold))
}
