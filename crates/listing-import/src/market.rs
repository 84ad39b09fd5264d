//! How a listing fares on the market: its days there, and what became of its price. Both follow from its
//! dates and from its history.

use model::Decimal;
use model::codes::StandardStatus;
use model::field::{Kind, Value};
use model::jiff::Timestamp;
use model::jiff::civil::Date;
use model::jiff::tz::TimeZone;
use model::listing::{Listing, ListingField};
use store::Change;

/// Fields that follow from history, which `list` reads only where somebody asks for them: name, kind, what
/// it is.
pub(crate) const FIELDS: [(&str, Kind, &str); 3] = [
    (
        "price_drops",
        Kind::Integer,
        "How often the asking price, or rent, was lowered",
    ),
    (
        "price_change_percent",
        Kind::Decimal,
        "From the first known asking price to the present one, in per cent",
    ),
    (
        "last_price_change",
        Kind::Date,
        "Day of the last change of price",
    ),
];

/// Whether a field is told by what this module works out.
pub(crate) fn tells(name: &str) -> bool {
    name == ListingField::DaysOnMarket.name() || FIELDS.iter().any(|(known, ..)| *known == name)
}

/// How a listing fares on the market.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Market {
    /// Days on the market, those between withdrawal and return left out; none where nothing tells when it
    /// went off.
    pub(crate) days: Option<i64>,
    /// The first of them.
    pub(crate) since: Option<Date>,
    /// The day it went off the market; none while it is there.
    pub(crate) until: Option<Date>,
    /// How often its asking price, or rent, was lowered.
    pub(crate) price_drops: i64,
    /// Day of the last time.
    pub(crate) last_drop: Option<Date>,
    /// From the first known asking price to the present one, in per cent; none where it never changed.
    pub(crate) price_change_percent: Option<Decimal>,
    /// Day of the last change, up or down.
    pub(crate) last_price_change: Option<Date>,
}

impl Market {
    /// Works it out. `brought` is the day of the run that brought the listing.
    pub(crate) fn of(
        listing: &Listing,
        history: &[Change],
        brought: Date,
        today: Date,
        tz: &TimeZone,
    ) -> Self {
        let mut market = Market::default();
        let clock = Clock { brought, today, tz };
        market.count_days(listing, history, &clock);
        market.follow_price(listing, history, &clock);
        market
    }

    /// A field of this module by its name.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'static>> {
        Some(match name {
            "days_on_market" => self.days.map_or(Value::Null, Value::Integer),
            "price_drops" => Value::Integer(self.price_drops),
            "price_change_percent" => self
                .price_change_percent
                .map_or(Value::Null, Value::Decimal),
            "last_price_change" => self.last_price_change.map_or(Value::Null, Value::Date),
            _ => return None,
        })
    }

    fn count_days(&mut self, listing: &Listing, history: &[Change], clock: &Clock<'_>) {
        let dated = listing
            .on_market_date
            .or_else(|| Some(clock.day(listing.on_market_timestamp?)))
            .or(listing.listing_contract_date)
            .or_else(|| Some(clock.day(listing.original_entry_timestamp?)));
        let start = dated.unwrap_or(clock.brought);
        let absences = absences(history, clock);
        let counted = if is_off(listing.standard_status) {
            self.until = went_off(listing, absences.last(), clock).map(|day| day.min(clock.today));
            self.until
        } else {
            Some(clock.today)
        };
        let counted = counted.map(|end| {
            let away: i64 = absences
                .iter()
                .map(|away| days(away.from.max(start), away.to.unwrap_or(end).min(end)))
                .sum();
            days(start, end) - away
        });
        // The run that brought it only shows that it was there by then: its source may know better.
        self.days = match listing.days_on_market {
            Some(told) if dated.is_none() => Some(counted.map_or(told, |days| days.max(told))),
            _ => counted,
        };
        self.since = dated.or(self.days.and(Some(clock.brought)));
    }

    fn follow_price(&mut self, listing: &Listing, history: &[Change], clock: &Clock<'_>) {
        let rented = listing.list_price.is_none() && listing.lease_amount.is_some();
        let field = match rented {
            true => ListingField::LeaseAmount,
            false => ListingField::ListPrice,
        };
        let (mut first, mut price) = (None, None);
        for change in history.iter().filter(|change| change.field == field.name()) {
            let amount = |text: &Option<String>| text.as_ref()?.parse::<i64>().ok();
            price = amount(&change.previous_value).or(price);
            let Some(new) = amount(&change.new_value) else {
                continue;
            };
            if let Some(before) = price.replace(new).filter(|before| *before != new) {
                first.get_or_insert(before);
                let day = clock.at(change);
                self.last_price_change = Some(day);
                if new < before {
                    self.price_drops += 1;
                    self.last_drop = Some(day);
                }
            }
        }
        self.price_change_percent = percent(first, price);
    }
}

/// When things are.
struct Clock<'a> {
    brought: Date,
    today: Date,
    tz: &'a TimeZone,
}

impl Clock<'_> {
    fn day(&self, at: Timestamp) -> Date {
        self.tz.to_datetime(at).date()
    }

    fn at(&self, change: &Change) -> Date {
        Timestamp::from_microsecond(change.at).map_or(self.today, |at| self.day(at))
    }
}

/// A time off the market; open where it is not over.
struct Absence {
    from: Date,
    to: Option<Date>,
}

/// The times a listing was off the market, by the changes of its status.
fn absences(history: &[Change], clock: &Clock<'_>) -> Vec<Absence> {
    let mut absences: Vec<Absence> = Vec::new();
    let changes = history
        .iter()
        .filter(|change| change.field == ListingField::StandardStatus.name());
    for change in changes {
        let was_off = |text: &Option<String>| {
            let code = text.as_deref().and_then(StandardStatus::from_code);
            is_off(code)
        };
        let day = clock.at(change);
        match (was_off(&change.previous_value), was_off(&change.new_value)) {
            (false, true) => absences.push(Absence {
                from: day,
                to: None,
            }),
            (true, false) => match absences.last_mut() {
                Some(away) => away.to = Some(day),
                // It was off when it came.
                None => absences.push(Absence {
                    from: clock.brought,
                    to: Some(day),
                }),
            },
            _ => {}
        }
    }
    absences
}

/// The day on which a listing that is off the market went.
fn went_off(listing: &Listing, last: Option<&Absence>, clock: &Clock<'_>) -> Option<Date> {
    let told = match listing.standard_status {
        Some(StandardStatus::Closed) => listing.close_date,
        Some(StandardStatus::Expired) => listing.expiration_date,
        _ => listing.withdrawn_date,
    };
    told.or(listing.off_market_date)
        .or(last.map(|away| away.from))
        .or_else(|| Some(clock.day(listing.status_change_timestamp?)))
}

/// Whether a listing with this status is off the market.
fn is_off(status: Option<StandardStatus>) -> bool {
    use StandardStatus::{Canceled, Closed, Delete, Expired, Hold, Withdrawn};
    matches!(
        status,
        Some(Canceled | Closed | Delete | Expired | Hold | Withdrawn)
    )
}

/// Days from one day to another; none where it lies before.
fn days(from: Date, to: Date) -> i64 {
    from.until(to)
        .map_or(0, |span| i64::from(span.get_days()).max(0))
}

/// A change in per cent, to a tenth.
fn percent(first: Option<i64>, last: Option<i64>) -> Option<Decimal> {
    let (first, last) = (i128::from(first?), i128::from(last?));
    if first <= 0 {
        return None;
    }
    let thousandths = (last - first) * 1000;
    let half = first / 2 * thousandths.signum();
    let tenths = (thousandths + half) / first;
    Some(
        Decimal::try_from_i128_with_scale(tenths, 1)
            .ok()?
            .normalize(),
    )
}

#[cfg(test)]
mod tests {
    use model::jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const BROUGHT: Date = date(2026, 6, 1);
    const TODAY: Date = date(2026, 11, 22);

    fn change(day: Date, field: &str, previous: &str, new: &str) -> Change {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let at = TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap();
        Change {
            run: 2,
            at: at.as_microsecond(),
            field: field.to_owned(),
            change_type: String::new(),
            previous_value: text(previous),
            new_value: text(new),
            reason: None,
        }
    }

    fn status(day: Date, previous: &str, new: &str) -> Change {
        change(day, "standard_status", previous, new)
    }

    fn price(day: Date, previous: &str, new: &str) -> Change {
        change(day, "list_price", previous, new)
    }

    fn active() -> Listing {
        Listing {
            standard_status: Some(StandardStatus::Active),
            ..Listing::default()
        }
    }

    fn market(listing: &Listing, history: &[Change]) -> Market {
        Market::of(listing, history, BROUGHT, TODAY, &TimeZone::UTC)
    }

    #[test]
    fn days_begin_with_the_best_date_there_is() {
        let mut listing = active();
        assert_eq!(market(&listing, &[]).days, Some(174));
        listing.days_on_market = Some(200);
        assert_eq!(market(&listing, &[]).days, Some(200));
        listing.days_on_market = Some(3);
        assert_eq!(market(&listing, &[]).days, Some(174));
        let instant = |day: Date| TimeZone::UTC.to_timestamp(day.at(1, 0, 0, 0)).ok();
        listing.original_entry_timestamp = instant(date(2026, 11, 1));
        assert_eq!(market(&listing, &[]).days, Some(21));
        listing.listing_contract_date = Some(date(2026, 11, 11));
        assert_eq!(market(&listing, &[]).days, Some(11));
        listing.on_market_timestamp = instant(date(2026, 11, 12));
        assert_eq!(market(&listing, &[]).days, Some(10));
        listing.on_market_date = Some(date(2026, 11, 21));
        assert_eq!(market(&listing, &[]).days, Some(1));
        listing.on_market_date = Some(date(2026, 12, 24));
        assert_eq!(market(&listing, &[]).days, Some(0));
    }

    #[test]
    fn days_end_when_it_goes_and_leave_out_the_time_between() {
        let mut listing = active();
        listing.on_market_date = Some(date(2026, 6, 1));
        let away = [
            status(date(2026, 7, 1), "Active", "Withdrawn"),
            status(date(2026, 7, 11), "Withdrawn", "Active"),
        ];
        assert_eq!(market(&listing, &away).days, Some(174 - 10));
        let gone = [
            &away[..],
            &[status(date(2026, 8, 1), "Active", "Withdrawn")],
        ]
        .concat();
        listing.standard_status = Some(StandardStatus::Withdrawn);
        let told = market(&listing, &gone);
        assert_eq!(
            (told.days, told.until),
            (Some(61 - 10), Some(date(2026, 8, 1)))
        );
        listing.withdrawn_date = Some(date(2026, 7, 21));
        assert_eq!(market(&listing, &gone).days, Some(50 - 10));
        listing.standard_status = Some(StandardStatus::Closed);
        listing.close_date = Some(date(2026, 6, 21));
        assert_eq!(market(&listing, &[]).days, Some(20));
        // It came as closed, and nothing tells when it was.
        listing.close_date = None;
        assert_eq!(market(&listing, &[]).days, None);
        listing.days_on_market = Some(44);
        listing.on_market_date = None;
        assert_eq!(market(&listing, &[]).days, Some(44));
    }

    #[test]
    fn what_was_off_when_it_came_counts_from_its_return() {
        let listing = active();
        let back = [status(date(2026, 11, 12), "Withdrawn", "Active")];
        assert_eq!(market(&listing, &back).days, Some(10));
    }

    #[test]
    fn prices_are_followed_from_the_first_to_the_last() {
        let mut listing = active();
        listing.list_price = Some(940_000_000);
        let history = [
            price(date(2026, 7, 1), "1000000000", "950000000"),
            price(date(2026, 8, 1), "950000000", "960000000"),
            price(date(2026, 9, 1), "960000000", ""),
            price(date(2026, 9, 2), "", "940000000"),
            change(date(2026, 9, 3), "frozen", "0", "1"),
        ];
        let told = market(&listing, &history);
        assert_eq!(told.price_drops, 2);
        assert_eq!(told.last_drop, Some(date(2026, 9, 2)));
        assert_eq!(told.last_price_change, Some(date(2026, 9, 2)));
        assert_eq!(told.price_change_percent, Some(Decimal::from(-6)));
        let told = market(&listing, &history[..2]);
        assert_eq!(
            (told.price_drops, told.last_drop),
            (1, Some(date(2026, 7, 1)))
        );
        assert_eq!(told.last_price_change, Some(date(2026, 8, 1)));
        assert_eq!(market(&listing, &[]).price_change_percent, None);
        // A rent is followed where there is no price.
        listing.list_price = None;
        listing.lease_amount = Some(450_000);
        let rent = [change(date(2026, 7, 1), "lease_amount", "460000", "450000")];
        let told = market(&listing, &rent);
        assert_eq!(
            told.price_change_percent.map(|percent| percent.to_string()),
            Some("-2.2".to_owned())
        );
    }

    proptest! {
        #[test]
        fn no_history_is_too_odd(
            entries in proptest::collection::vec(
                (any::<i64>(), "standard_status|list_price|frozen", "Active|Closed|x||-?[0-9]{1,19}", "Active|Hold||-?[0-9]{1,19}"),
                0..12,
            ),
            status in 0usize..StandardStatus::ALL.len(),
            told in any::<Option<i64>>(),
        ) {
            let history: Vec<Change> = entries
                .into_iter()
                .map(|(at, field, previous, new)| Change { at, ..change(BROUGHT, &field, &previous, &new) })
                .collect();
            let listing = Listing {
                standard_status: Some(StandardStatus::ALL[status]),
                days_on_market: told,
                on_market_date: told.map(|_| BROUGHT),
                ..Listing::default()
            };
            let told = market(&listing, &history);
            prop_assert!(told.price_drops >= i64::from(told.last_drop.is_some()));
        }
    }
}
