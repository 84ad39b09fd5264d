//! The functions of the L3xx rules ([`super::sense`]).

use model::codes::{AreaUnit, BusinessLine, Frequency, PriceMode, StandardStatus};
use model::jiff::civil::Date;
use model::listing::{Listing, ListingField as F};
use model::money::Currency;

use super::Sink;
use super::complete::without_price;
use super::context::Context;
use super::text::{against, differs, hundredths};

const PRICES: &[F] = &[F::ListPrice, F::LeaseAmount, F::ClosePrice, F::UnitPrice];

pub(super) fn floor_above_top(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    if let (Some(level), Some(total)) = (listing.entry_level, listing.stories_total)
        && level > total
    {
        sink.report(F::EntryLevel, against(level, total));
    }
}

pub(super) fn area_not_positive(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    for (field, area) in [
        (F::BuildingAreaTotal, listing.building_area_total),
        (F::LivingArea, listing.living_area),
    ] {
        if let Some(area) = area.filter(|area| *area <= 0) {
            sink.report(field, hundredths(area));
        }
    }
}

pub(super) fn price_not_positive(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    for (field, price) in [
        (F::ListPrice, listing.list_price),
        (F::LeaseAmount, listing.lease_amount),
        (F::ClosePrice, listing.close_price),
        (F::UnitPrice, listing.unit_price),
    ] {
        if let Some(price) = price.filter(|price| *price <= 0) {
            sink.report(field, hundredths(price));
        }
    }
}

pub(super) fn inner_above_gross(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    if let (Some(gross), Some(inner)) = (listing.building_area_total, listing.living_area)
        && listing.building_area_units == listing.living_area_units
        && gross > 0
        && inner > gross
    {
        sink.report(
            F::LivingArea,
            format!("{} / {}", hundredths(inner), hundredths(gross)),
        );
    }
}

/// Hundredths of a square metre.
fn metric(area: i64, unit: Option<AreaUnit>) -> i64 {
    match unit {
        Some(AreaUnit::SquareFeet) => {
            area / 1_000_000 * 92_903 + area % 1_000_000 * 92_903 / 1_000_000
        }
        Some(AreaUnit::Acres) => area.saturating_mul(4_047),
        Some(AreaUnit::SquareMeters) | None => area,
    }
}

pub(super) fn area_for_bedrooms(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    // Of a shared flat the area is often that of the room alone.
    let shared = listing.rent_mode == Some(model::codes::RentMode::Shared);
    let area = match (listing.building_area_total, listing.living_area) {
        (Some(area), _) => metric(area, listing.building_area_units),
        (None, Some(area)) => metric(area, listing.living_area_units),
        (None, None) => return,
    };
    if let Some(bedrooms) = listing.bedrooms_total
        && bedrooms > 0
        && !shared
        && area > 0
        && area < bedrooms.saturating_mul(context.numbers.area_per_bedroom_min * 100)
    {
        let detail = format!("{} m² / {bedrooms}", hundredths(area));
        sink.report(F::BedroomsTotal, detail);
    }
}

pub(super) fn rooms(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    let Some(bedrooms) = listing.bedrooms_total else {
        return;
    };
    let numbers = &context.numbers;
    if bedrooms < 0 || bedrooms > numbers.bedrooms_max {
        sink.report(F::BedroomsTotal, bedrooms.to_string());
    }
    if let Some(baths) = listing.bathrooms_total_integer
        && (baths < 0 || baths > bedrooms.max(1) + numbers.bathrooms_over_bedrooms_max)
    {
        sink.report(F::BathroomsTotalInteger, against(baths, bedrooms));
    }
}

pub(super) fn year_built(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    let Some(year) = listing.year_built else {
        return;
    };
    let this_year = i64::from(context.today.year());
    let unfinished = listing.business_line == Some(BusinessLine::New)
        || listing.standard_status == Some(StandardStatus::ComingSoon);
    let last = if unfinished {
        this_year + context.numbers.years_ahead_max
    } else {
        this_year
    };
    // Courtyard houses of the eighteenth century are on the market; older years are typing errors.
    if !(1600..=last).contains(&year) {
        sink.report(F::YearBuilt, year.to_string());
    }
}

pub(super) fn close_date(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.close_price.is_some()
        && listing.close_date.is_none()
        && context.has_column(F::CloseDate)
    {
        sink.report(F::CloseDate, "");
    }
}

pub(super) fn unit_price(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    let (Some(unit), Some(price)) = (
        listing.unit_price,
        listing.list_price.or(listing.close_price),
    ) else {
        return;
    };
    let percent = context.numbers.unit_price_tolerance_percent;
    let mut said = None;
    for area in [listing.building_area_total, listing.living_area]
        .into_iter()
        .flatten()
        .filter(|area| *area > 0)
    {
        let product = i128::from(unit) * i128::from(area) / 100;
        let Ok(product) = i64::try_from(product) else {
            continue;
        };
        if !differs(product, price, percent) {
            return;
        }
        said.get_or_insert(product);
    }
    if let Some(product) = said {
        sink.report(
            F::UnitPrice,
            format!("{} / {}", hundredths(product), hundredths(price)),
        );
    }
}

fn is_rental(listing: &Listing) -> bool {
    listing.business_line == Some(BusinessLine::Rental)
}

pub(super) fn rent_terms(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.lease_amount.is_some()
        && listing.rent_terms.is_empty()
        && context.has_column(F::RentTerms)
    {
        sink.report(F::RentTerms, "");
    }
}

pub(super) fn price_range(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.currency.is_some_and(|c| c != Currency::CNY) {
        return;
    }
    let numbers = &context.numbers;
    let outside = |fen: i64, min: i64, max: i64| {
        fen > 0 && (fen < min.saturating_mul(100) || fen > max.saturating_mul(100))
    };
    if let Some(price) = listing.list_price
        && !is_rental(listing)
        && outside(
            price,
            numbers.sale_price_yuan_min,
            numbers.sale_price_yuan_max,
        )
    {
        sink.report(F::ListPrice, hundredths(price));
    }
    if let Some(rent) = listing.lease_amount {
        let months = match listing.lease_amount_frequency {
            None | Some(Frequency::Monthly) => 1,
            Some(Frequency::Quarterly) => 3,
            Some(Frequency::SemiAnnually) => 6,
            Some(Frequency::Annually) => 12,
            Some(Frequency::Daily | Frequency::Weekly) => return,
        };
        if outside(rent / months, numbers.rent_yuan_min, numbers.rent_yuan_max) {
            sink.report(F::LeaseAmount, hundredths(rent));
        }
    }
}

pub(super) fn on_request(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.price_mode == Some(PriceMode::Negotiable)
        && without_price(listing)
        && context.has_any(PRICES)
    {
        sink.report(F::ListPrice, "");
    }
}

pub(super) fn date_order(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    let mut ordered = |early: Option<Date>, late: Option<Date>, field: F| {
        if let (Some(early), Some(late)) = (early, late)
            && early > late
        {
            sink.report(field, format!("{early} > {late}"));
        }
    };
    let market = listing.on_market_date;
    ordered(market, listing.close_date, F::CloseDate);
    ordered(market, listing.off_market_date, F::OffMarketDate);
    ordered(market, listing.withdrawn_date, F::WithdrawnDate);
    ordered(market, listing.captured_date, F::CapturedDate);
    ordered(listing.last_sale_date, market, F::LastSaleDate);
    ordered(
        listing.listing_contract_date,
        listing.expiration_date,
        F::ExpirationDate,
    );
    ordered(
        listing.purchase_contract_date,
        listing.close_date,
        F::PurchaseContractDate,
    );
    for early in [
        listing.on_market_timestamp,
        listing.original_entry_timestamp,
    ] {
        if let (Some(early), Some(late)) = (early, listing.modification_timestamp)
            && early > late
        {
            sink.report(F::ModificationTimestamp, format!("{early} > {late}"));
        }
    }
}

pub(super) fn future(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    // A day's grace: the source may keep another zone.
    for (field, date) in [
        (F::OnMarketDate, listing.on_market_date),
        (F::CloseDate, listing.close_date),
        (F::OffMarketDate, listing.off_market_date),
        (F::WithdrawnDate, listing.withdrawn_date),
        (F::LastSaleDate, listing.last_sale_date),
    ] {
        let Some(date) = date.filter(|date| *date > context.today) else {
            continue;
        };
        let coming =
            field == F::OnMarketDate && listing.standard_status == Some(StandardStatus::ComingSoon);
        if !coming && context.today.tomorrow().is_ok_and(|grace| date > grace) {
            sink.report(field, date.to_string());
        }
    }
}

pub(super) fn deposit(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    if let (Some(deposit), Some(rent)) = (listing.deposit, listing.lease_amount)
        && matches!(
            listing.lease_amount_frequency,
            None | Some(Frequency::Monthly)
        )
        && rent > 0
        && deposit > rent.saturating_mul(12)
    {
        sink.report(
            F::Deposit,
            format!("{} / {}", hundredths(deposit), hundredths(rent)),
        );
    }
}

pub(super) fn price_of_line(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    match listing.business_line {
        Some(BusinessLine::Rental)
            if listing.lease_amount.is_none()
                && listing.list_price.is_some()
                && context.has_column(F::ListPrice) =>
        {
            sink.report(F::LeaseAmount, "");
        }
        Some(BusinessLine::Resale | BusinessLine::New)
            if listing.list_price.is_none()
                && listing.close_price.is_none()
                && listing.lease_amount.is_some() =>
        {
            sink.report(F::ListPrice, "");
        }
        _ => {}
    }
}
