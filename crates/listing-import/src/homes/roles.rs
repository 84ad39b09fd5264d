//! Who did what for a home: the roles of an agent cooperation network (ACN) that the listings
//! themselves show. Keys, surveys and commissions are known to events, not to listings.

use model::jiff::Timestamp;
use model::jiff::tz::TimeZone;
use model::listing::Listing;

/// What one listing of a group says of its agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The listing's id, which decides between equals.
    pub id: u64,
    /// Agent, as the source names it; empty where it does not.
    pub agent: &'a str,
    /// When the listing was entered, as well as it is known.
    pub entered: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
}

impl<'a> Entry<'a> {
    /// Reads a listing. It was entered at its original entry, else when it came on the market, else
    /// when the owner commissioned it, else when it was first seen.
    pub fn of(listing: &'a Listing, id: u64, first_seen: Option<Timestamp>) -> Self {
        let day = |date: Option<model::jiff::civil::Date>| {
            let midnight = date?.to_zoned(TimeZone::UTC).ok()?;
            Some(midnight.timestamp())
        };
        let entered = listing
            .original_entry_timestamp
            .or(listing.on_market_timestamp)
            .or_else(|| day(listing.on_market_date))
            .or_else(|| day(listing.listing_contract_date))
            .or(first_seen);
        Entry {
            id,
            agent: &listing.list_agent_id,
            entered,
            modified: listing.modification_timestamp,
        }
    }
}

/// The roles that listings show. Each is an entry of the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles<'a> {
    /// Who entered the home first (录入人).
    pub entered: Entry<'a>,
    /// Who looks after it (维护人): whose listing changed last.
    pub maintains: Entry<'a>,
}

/// The roles within a group; none for an empty one. An entry without an agent takes a role only where no entry has
/// one, and one without a time only after those that have it. The order of entries does not matter.
pub fn roles<'a>(group: &[Entry<'a>]) -> Option<Roles<'a>> {
    let nameless = |entry: &Entry<'_>| entry.agent.is_empty();
    let entered = group.iter().min_by_key(|entry| {
        let time = entry.entered.unwrap_or(Timestamp::MAX);
        (nameless(entry), time, entry.id)
    })?;
    let maintains = group.iter().min_by_key(|entry| {
        let time = entry.modified.or(entry.entered).unwrap_or(Timestamp::MIN);
        (nameless(entry), std::cmp::Reverse(time), entry.id)
    })?;
    Some(Roles {
        entered: *entered,
        maintains: *maintains,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_enters_and_the_last_maintains() {
        let at = |second| Timestamp::from_second(second).ok();
        let entry = |id, agent, entered, modified| Entry {
            id,
            agent,
            entered,
            modified,
        };
        let group = [
            entry(1, "A2", at(200), at(900)),
            entry(2, "A1", at(100), at(300)),
            entry(3, "", at(50), at(999)),
            entry(4, "A3", None, None),
        ];
        let found = roles(&group).unwrap();
        assert_eq!((found.entered.agent, found.maintains.agent), ("A1", "A2"));
        let mut turned = group;
        turned.reverse();
        assert_eq!(roles(&turned), Some(found));
        assert_eq!(roles(&[]), None);
    }

    #[test]
    fn a_listing_tells_when_it_was_entered() {
        let mut listing = Listing {
            list_agent_id: "A1".into(),
            on_market_date: Some(model::jiff::civil::date(2024, 3, 1)),
            ..Listing::default()
        };
        let day = Entry::of(&listing, 1, None).entered;
        assert_eq!(day.map(|time| time.as_second()), Some(1_709_251_200));
        listing.original_entry_timestamp = Timestamp::from_second(5).ok();
        assert_eq!(
            Entry::of(&listing, 1, None).entered,
            Timestamp::from_second(5).ok()
        );
    }
}
