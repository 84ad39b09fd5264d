//! The time zone of times that do not say theirs. Many zones have kept one offset for decades, China's
//! since 1991: then a time needs no search among the zone's changes.

use model::jiff::civil::{Date, DateTime};
use model::jiff::tz::{Offset, TimeZone};
use model::jiff::{SignedDuration, Timestamp};

/// A zone, and the offset that holds in it for good.
#[derive(Debug, Clone)]
pub(crate) struct Zone {
    zone: TimeZone,
    /// From when on, in the zone's own time, the offset never changes.
    settled: Option<(DateTime, Offset)>,
}

impl Zone {
    /// A zone.
    pub(crate) fn new(zone: TimeZone) -> Self {
        let far = DateTime::constant(2100, 1, 1, 0, 0, 0, 0);
        let settled = || {
            let far = zone.to_timestamp(far).ok()?;
            if zone.following(far).next().is_some() {
                return None;
            }
            let last = zone.preceding(far).next()?;
            // Times around the change itself may be doubtful.
            let since = last
                .timestamp()
                .checked_add(SignedDuration::from_hours(48))
                .ok()?;
            Some((zone.to_datetime(since), last.offset()))
        };
        Zone {
            settled: settled(),
            zone,
        }
    }

    /// The instant of a time in the zone.
    pub(crate) fn instant(&self, civil: DateTime) -> Option<Timestamp> {
        match self.settled {
            Some((since, offset)) if civil >= since => offset.to_timestamp(civil).ok(),
            _ => self.zone.to_timestamp(civil).ok(),
        }
    }

    /// The day on which an instant falls in the zone.
    pub(crate) fn day(&self, instant: Timestamp) -> Date {
        self.zone.to_datetime(instant).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_leads_to_the_same_instant() {
        for name in [
            "Asia/Shanghai",
            "America/New_York",
            "Asia/Tokyo",
            "UTC",
            "America/Sao_Paulo",
        ] {
            let known = TimeZone::get(name).unwrap();
            let zone = Zone::new(known.clone());
            for year in 1980..2060 {
                for (month, day, hour) in
                    [(1, 1, 0), (4, 14, 2), (9, 15, 1), (10, 27, 1), (12, 31, 23)]
                {
                    let civil = DateTime::constant(year, month, day, hour, 30, 0, 0);
                    assert_eq!(
                        zone.instant(civil),
                        known.to_timestamp(civil).ok(),
                        "{name} {civil}"
                    );
                }
            }
        }
        let china = Zone::new(TimeZone::get("Asia/Shanghai").unwrap());
        assert!(china.settled.is_some());
        let york = Zone::new(TimeZone::get("America/New_York").unwrap());
        assert!(york.settled.is_none());
    }
}
