//! Values that are counted, measured or dated: whole numbers, amounts of money, areas, dates.

use intake::rules as fault;
use intake::understand::Unit;
use model::Decimal;
use model::codes::{Frequency, PriceMode};
use model::dates::{self, DateError, DateOrder, When};
use model::field::{Kind, Value};
use model::jiff::Timestamp;
use model::jiff::civil::Date;
use model::listing::ListingField;
use model::money::{self, Amount, AmountError};
use model::{area, number, text};

use super::reading::Reading;

/// Most minor units an amount may have: above any home's price, and far from where sums overflow.
const MOST_MINOR: i64 = 100_000_000_000_000;
/// Most hundredths of a unit an area may have: a thousand square kilometres.
const MOST_HUNDREDTHS: i64 = 100_000_000_000;

impl Reading<'_> {
    pub(super) fn integer(&mut self, field: ListingField, cell: &str, unit: &Unit) {
        let value = match field {
            ListingField::YearBuilt | ListingField::YearRenovated => match number::integer(cell) {
                // A bare zero is how some exports write that there is none.
                Ok(0) => return,
                Ok(year) => Ok(year),
                Err(error) => dates::year(cell).ok_or(error),
            },
            ListingField::EntryLevel | ListingField::StoriesTotal
                if number::integer(cell).is_err() =>
            {
                return self.floor(cell, unit);
            }
            ListingField::BathroomsTotalInteger => return self.bathrooms(cell),
            // 9人关注, 512米, 40年, 3室: a number and its measure word.
            _ => number::integer(cell).or_else(|error| measured(cell).ok_or(error)),
        };
        let range = match field {
            ListingField::YearBuilt | ListingField::YearRenovated => 1000..=2200,
            ListingField::EntryLevel => -20..=300,
            ListingField::StoriesTotal => 0..=300,
            ListingField::BedroomsTotal
            | ListingField::LivingRooms
            | ListingField::Kitchens
            | ListingField::RoomsTotal => 0..=200,
            _ => 0..=i64::from(i32::MAX),
        };
        match value {
            Ok(value) if range.contains(&value) => self.listing.set(field, Value::Integer(value)),
            Ok(value) => self.unreadable(fault::OUT_OF_RANGE, field, format!("{value}")),
            Err(error) => self.unreadable(fault::UNREADABLE_NUMBER, field, error.to_string()),
        }
    }

    /// Bathrooms come whole, or as 2.25 where halves and quarters are counted: each part is a room.
    fn bathrooms(&mut self, cell: &str) {
        match number::decimal(cell).or_else(|error| measured(cell).map(Decimal::from).ok_or(error))
        {
            Ok(value) if value.is_sign_negative() || value > Decimal::from(200) => {
                self.unreadable(
                    fault::OUT_OF_RANGE,
                    ListingField::BathroomsTotalInteger,
                    value.to_string(),
                );
            }
            Ok(value) => {
                let full = i64::try_from(value.trunc()).unwrap_or_default();
                let part = i64::from(!value.fract().is_zero());
                self.listing.bathrooms_total_integer = Some(full + part);
                if part > 0 {
                    self.listing.bathrooms_full = Some(full);
                    self.listing.bathrooms_half = Some(part);
                }
            }
            Err(error) => {
                self.unreadable(
                    fault::UNREADABLE_NUMBER,
                    ListingField::BathroomsTotalInteger,
                    error.to_string(),
                );
            }
        }
    }

    pub(super) fn money(&mut self, field: ListingField, cell: &str, unit: &Unit) {
        match money::amount(cell) {
            Ok(amount) => self.put_amount(field, &amount, unit),
            Err(AmountError::Negotiable) => self.listing.price_mode = Some(PriceMode::Negotiable),
            Err(AmountError::Number(error)) => {
                self.unreadable(fault::UNREADABLE_NUMBER, field, error.to_string())
            }
            Err(error) => self.unreadable(fault::UNREADABLE_NUMBER, field, error.to_string()),
        }
    }

    pub(super) fn put_amount(&mut self, field: ListingField, amount: &Amount, unit: &Unit) {
        let currency = amount
            .currency
            // The record's own; a column of amounts has that of most of its records.
            .or(self.listing.currency)
            .or(unit.currency)
            .unwrap_or(self.defaults.currency);
        let scale = if amount.scale.is_none() {
            unit.scale.map(|scale| scale.factor())
        } else {
            None
        };
        let value = scale.map_or(Some(amount.value), |factor| {
            amount.value.checked_mul(factor)
        });
        let minor = value
            .filter(|value| !value.is_sign_negative())
            .and_then(|value| money::minor(value, currency));
        let Some(minor) = minor.filter(|minor| *minor <= MOST_MINOR) else {
            return self.unreadable(fault::OUT_OF_RANGE, field, String::new());
        };
        self.listing.currency.get_or_insert(currency);
        if let Some(
            money::Per::Month
            | money::Per::Day
            | money::Per::Week
            | money::Per::Quarter
            | money::Per::Year,
        ) = amount.per.or(unit.per)
        {
            let frequency = match amount.per.or(unit.per) {
                Some(money::Per::Day) => Frequency::Daily,
                Some(money::Per::Week) => Frequency::Weekly,
                Some(money::Per::Quarter) => Frequency::Quarterly,
                Some(money::Per::Year) => Frequency::Annually,
                _ => Frequency::Monthly,
            };
            if matches!(field, ListingField::ListPrice | ListingField::LeaseAmount) {
                self.listing.lease_amount_frequency = Some(frequency);
                self.listing.lease_amount = Some(minor);
                return;
            }
        }
        let field = match amount.per {
            Some(money::Per::AreaUnit(_)) if field == ListingField::ListPrice => {
                ListingField::UnitPrice
            }
            _ => field,
        };
        self.listing.set(field, Value::Money(minor));
    }

    pub(super) fn area(&mut self, field: ListingField, cell: &str, unit: &Unit) {
        let parsed = match area::area(cell) {
            Ok(parsed) => parsed,
            Err(error) => {
                return self.unreadable(fault::UNREADABLE_NUMBER, field, error.to_string());
            }
        };
        let hundredths = Some(parsed.value)
            .filter(|value| !value.is_sign_negative())
            .and_then(area::hundredths);
        let Some(hundredths) = hundredths.filter(|area| *area <= MOST_HUNDREDTHS) else {
            return self.unreadable(fault::OUT_OF_RANGE, field, String::new());
        };
        let unit = parsed.unit.or(unit.area).unwrap_or(self.defaults.area_unit);
        self.listing.set(field, Value::Area(hundredths));
        match field {
            ListingField::LivingArea => self.listing.living_area_units = Some(unit),
            ListingField::LotSizeArea => self.listing.lot_size_units = Some(unit),
            _ => self.listing.building_area_units = Some(unit),
        }
    }

    pub(super) fn date(&mut self, field: ListingField, cell: &str, unit: &Unit) {
        let read = if unit.serial {
            dates::serial(cell).ok_or(DateError::Unreadable)
        } else {
            dates::when(cell, unit.order.unwrap_or(DateOrder::Ymd))
        };
        match read {
            Ok(when) if field.field().kind == Kind::Instant => match self.instant(when) {
                Some(instant) => self.listing.set(field, Value::Instant(instant)),
                None => self.unreadable(fault::IMPOSSIBLE_DATE, field, String::new()),
            },
            Ok(when) => self.listing.set(field, Value::Date(self.day(when))),
            Err(DateError::Impossible) => {
                self.unreadable(fault::IMPOSSIBLE_DATE, field, like_a_date(cell))
            }
            Err(_) if dates::serial(cell).is_some() => {
                self.unreadable(fault::SERIAL_DATE, field, like_a_date(cell))
            }
            Err(_) => self.unreadable(fault::UNREADABLE_DATE, field, like_a_date(cell)),
        }
    }

    fn instant(&self, when: When) -> Option<Timestamp> {
        let civil = match when {
            When::Instant(instant) => return Some(instant),
            When::Civil(civil) => civil,
            When::Date(date) => date.at(0, 0, 0, 0),
        };
        self.defaults.time_zone.instant(civil)
    }

    fn day(&self, when: When) -> Date {
        match when {
            When::Date(date) => date,
            When::Civil(civil) => civil.date(),
            When::Instant(instant) => self.defaults.time_zone.day(instant),
        }
    }
}

/// The number before a measure word: `9人关注`, `512米`, `40年`. Letters or a second number make it none.
fn measured(cell: &str) -> Option<i64> {
    let digits = cell
        .find(|c: char| !c.is_ascii_digit())
        .filter(|end| *end > 0)?;
    let (number, word) = cell.split_at(digits);
    let word = text::trim(word);
    let plain = !word.is_empty()
        && word.chars().count() <= 4
        && word.chars().all(|c| !c.is_ascii() && !c.is_numeric());
    if plain { number.parse().ok() } else { None }
}

/// A cell as a finding quotes it: nothing where it does not look like a date, and may be somebody's name
/// or number.
fn like_a_date(cell: &str) -> String {
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    let signs = |c: char| c.is_numeric() || " 年月日号时分秒/.-:T+Z".contains(c);
    if cell.chars().all(signs) && (digits <= 8 || cell.contains(':')) {
        cell.to_owned()
    } else {
        String::new()
    }
}
