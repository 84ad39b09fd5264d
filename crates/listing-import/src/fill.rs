//! A row of an input without some columns says nothing of them: what the store has of a listing there stays, and
//! the rules look at the whole of it.

use intake::understand::Understanding;
use model::codes::{BusinessLine, StandardStatus};
use model::field::{Storage, Value};
use model::listing::{Listing, ListingField as F};
use model::money::Currency;
use model::packed::PackedListings;
use model::rule::{Effect, Finding};
use store::{Reconciled, StoredListing};

use crate::collect::Feed;
use crate::emit::findings_text;
use crate::normalise::Normaliser;
use crate::read::PackedRow;
use crate::rules::{Columns, Context};
use crate::settings::Rulebook;
use crate::settle;
use crate::standing::{kept, standing};

/// Fields that follow from others: each is given where one of these is.
const FOLLOWING: &[(F, &[F])] = &[
    (
        F::StandardStatus,
        &[F::MlsStatus, F::ClosePrice, F::CloseDate],
    ),
    (
        F::BusinessLine,
        &[F::PropertyType, F::RentMode, F::LeaseAmount],
    ),
    (
        F::PropertyType,
        &[
            F::BusinessLine,
            F::PropertySubType,
            F::RentMode,
            F::LeaseAmount,
        ],
    ),
    (F::LeaseAmountFrequency, &[F::LeaseAmount]),
    (F::PriceBasis, &[F::ListPrice, F::LeaseAmount, F::UnitPrice]),
    (F::DirectionFaces, &[F::Orientation]),
    (F::PhotosCount, &[F::Photos]),
    (F::BuildingAreaUnits, &[F::BuildingAreaTotal]),
    (F::LivingAreaUnits, &[F::LivingArea]),
    (F::LotSizeUnits, &[F::LotSizeArea]),
    (F::UnitPrice, PRICED_BY),
    (F::MlsStatus, &[F::StandardStatus]),
    (F::LivingRooms, &[F::BedroomsTotal]),
    (F::Kitchens, &[F::BedroomsTotal]),
    (F::BathroomsTotalInteger, &[F::BedroomsTotal]),
    (F::Balconies, &[F::BedroomsTotal]),
    (F::Studio, &[F::BedroomsTotal]),
];

/// What changes the price of a unit of area.
const PRICED_BY: &[F] = &[
    F::ListPrice,
    F::ClosePrice,
    F::BuildingAreaTotal,
    F::LivingArea,
];

/// What a row makes of the listing that is stored under its key.
pub(crate) enum Filled {
    /// The row is stored as it is.
    AsItIs,
    /// It comes to what is stored already; and its findings.
    Same(Vec<Finding>),
    /// The row, and what the store has of what the input has no column for; and its findings.
    With(Box<Listing>, Vec<Finding>),
}

/// Fills a row with what is stored.
pub(crate) fn fill(
    feed: &Feed,
    row: &PackedRow<'_>,
    stored: &StoredListing,
    rulebook: &Rulebook,
) -> Filled {
    let mut listing = row.listing.unpack();
    let before = &stored.listing;
    let mut filled = false;
    let mut kept_private = false;
    before.each(|field, value| {
        if matches!(
            field,
            F::OriginatingSystemName | F::OriginatingSystemKey | F::ListingId
        ) {
            return;
        }
        let private = field.field().storage == Storage::Sealed;
        let keep = match private {
            // most files leave private values out, and our own output masks them
            true => listing.get(field).is_null(),
            // amounts were read with as many decimals as the currency of the row has
            false if field == F::Currency => {
                !feed.given.has(field) && exponent(before) == exponent(&listing)
            }
            false => !feed.given.has(field) && listing.get(field) != value,
        };
        if keep {
            listing.set(field, value);
            filled |= !private;
            kept_private |= private;
        }
    });
    // Nor does it say anything of what it only follows: an unknown status is not active.
    let row_listing = row.listing.unpack();
    row_listing.each(|field, _| {
        if !feed.given.has(field) && !is_identity(field) && before.get(field).is_null() {
            listing.set(field, Value::Null);
            filled = true;
        }
    });
    // What a full feed had no more, and did not withdraw itself, is on offer again once a feed names it.
    if before.standard_status == Some(StandardStatus::Withdrawn)
        && before.withdrawn_date.is_some()
        && !feed.given.has(F::StandardStatus)
    {
        listing.standard_status = row_listing.standard_status;
    }
    if listing.standard_status != Some(StandardStatus::Withdrawn)
        && !feed.given.has(F::WithdrawnDate)
    {
        listing.withdrawn_date = None;
    }
    // A bare price of a rented home is its rent.
    let lets = before.business_line == Some(BusinessLine::Rental);
    if lets && !feed.given.has(F::BusinessLine) && row_listing.lease_amount.is_none() {
        if let Some(rent) = listing.list_price.take() {
            listing.lease_amount = Some(rent);
            filled = true;
        }
        listing.price_basis = before.price_basis;
    }
    if filled {
        if feed.given.has(F::UnitPrice) && !feed.normaliser.has_column(F::UnitPrice) {
            listing.unit_price = None; // follows from price and area, of which one may be the store's
        }
        // The stored price is that of the whole home, whatever it was quoted as.
        let basis = listing.price_basis;
        if !feed.given.has(F::ListPrice) {
            listing.price_basis = None;
        }
        settle::settle(&mut listing, &feed.defaults);
        listing.price_basis = basis.or(listing.price_basis);
    }
    let mut findings = row.findings.to_vec();
    if filled {
        judge(feed, &listing, rulebook, &mut findings);
    }
    if may_be_same(&listing, before)
        && findings_text(&findings).is_ok_and(|json| json == stored.findings)
    {
        let (now, then) = (PackedListings::of(&listing), PackedListings::of(before));
        if now.get(0).parts() == then.get(0).parts() {
            return Filled::Same(findings);
        }
    }
    match filled || kept_private {
        true => Filled::With(Box::new(listing), findings),
        false => Filled::AsItIs,
    }
}

/// What is stored of a filled row, of which nobody has decided.
pub(crate) fn reconciled(
    listing: Listing,
    findings: &[Finding],
    stored: &StoredListing,
) -> Option<Reconciled> {
    let findings_json = findings_text(findings).ok()?;
    let mut known = kept(&findings_json);
    known.extend(kept(&stored.stock_findings));
    let stands = standing(&known, None, stored.content_hash);
    Some(Reconciled {
        listing,
        findings_json,
        frozen: stands.frozen || stands.held,
        same: false,
    })
}

/// Decimals of a listing's currency.
fn exponent(listing: &Listing) -> u32 {
    u32::from(listing.currency.unwrap_or(Currency::CNY).exponent())
}

fn is_identity(field: F) -> bool {
    matches!(
        field,
        F::OriginatingSystemName | F::OriginatingSystemKey | F::ListingId
    )
}

/// Whether what usually changes is the same.
fn may_be_same(now: &Listing, before: &Listing) -> bool {
    let usual = |listing: &Listing| {
        (
            listing.list_price,
            listing.lease_amount,
            listing.standard_status,
            listing.modification_timestamp,
        )
    };
    usual(now) == usual(before)
}

/// The fields of which an input says something, if only through those they follow from.
pub(crate) fn given(normaliser: &Normaliser, understanding: &Understanding) -> Columns {
    if normaliser.may_hold_anything() {
        return Columns::all();
    }
    let says = |field: F| {
        let mut facts = understanding.facts.iter();
        facts.any(|fact| fact.field == field.name() && !fact.assumed)
    };
    let has = |field: F| normaliser.has_column(field) || says(field);
    let follows = |field: F| {
        FOLLOWING
            .iter()
            .any(|(following, from)| *following == field && from.iter().any(|field| has(*field)))
    };
    F::ALL
        .iter()
        .copied()
        .filter(|field| has(*field) || follows(*field))
        .collect()
}

/// The rules look at the whole listing, and at what the input and the store have evidence of.
pub(crate) fn judge(
    feed: &Feed,
    listing: &Listing,
    rulebook: &Rulebook,
    findings: &mut Vec<Finding>,
) {
    let mut context = Context {
        columns: feed.context.columns,
        ..feed.context.clone()
    };
    listing.each(|field, _| context.columns.add(field));
    findings.retain(|finding| crate::rules::explain(finding.rule.code).is_none());
    let before = findings.len();
    rulebook.listings.check(listing, &context, findings);
    // The row has been understood: there is nothing to refuse.
    for finding in &mut findings[before..] {
        finding.effect = finding.effect.max(Effect::Freeze);
    }
}
