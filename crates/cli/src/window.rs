//! Periods: `--from/--to`, `--week`, `--month`, `--last`. Half-open inside; a bare date after
//! `--to` is still part of it.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use crate::failure::Failure;

const PERIOD: &str = "Period";

/// A period of time.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct PeriodArgs {
    /// From this day on, or this instant
    #[arg(long, value_name = "DATE", conflicts_with_all = ["week", "month", "last"], global = true, help_heading = PERIOD)]
    pub from: Option<String>,

    /// Up to this day and with it, or up to this instant
    #[arg(long, value_name = "DATE", conflicts_with_all = ["week", "month", "last"], global = true, help_heading = PERIOD)]
    pub to: Option<String>,

    /// One ISO week, as in 2026-W47
    #[arg(long, value_name = "WEEK", conflicts_with_all = ["month", "last"], global = true, help_heading = PERIOD)]
    pub week: Option<String>,

    /// One month, as in 2026-11
    #[arg(long, value_name = "MONTH", conflicts_with = "last", global = true, help_heading = PERIOD)]
    pub month: Option<String>,

    /// The last whole day, week, month, quarter or year, or the time up to now, as in 30d, 12w, 6m
    #[arg(long, value_name = "SPAN", global = true, help_heading = PERIOD)]
    pub last: Option<String>,
}

/// A period of time: from `start` on, up to but without `end`; an open side is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first instant.
    pub start: Option<Timestamp>,
    /// The first instant after it.
    pub end: Option<Timestamp>,
}

impl Period {
    /// Whether an instant lies in the period.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= at) && self.end.is_none_or(|end| at < end)
    }

    /// The period as the summary tells it.
    pub fn to_text(&self, tz: &TimeZone) -> String {
        let side = |at: Option<Timestamp>| {
            at.map_or("…".to_owned(), |at| {
                tz.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string()
            })
        };
        format!("{} to {}", side(self.start), side(self.end))
    }
}

impl PeriodArgs {
    /// The period, if one was asked for.
    pub fn period(&self, now: Timestamp, tz: &TimeZone) -> Result<Option<Period>, Failure> {
        if let Some(text) = &self.week {
            let first = week(text).ok_or_else(|| wrong("week", text, "2026-W47"))?;
            return days(first, 1.week(), tz).map(Some);
        }
        if let Some(text) = &self.month {
            let first = month(text).ok_or_else(|| wrong("month", text, "2026-11"))?;
            return days(first, 1.month(), tz).map(Some);
        }
        if let Some(text) = &self.last {
            return last(text, now, tz).map(Some);
        }
        if self.from.is_none() && self.to.is_none() {
            return Ok(None);
        }
        let side = |name: &str, text: &Option<String>, whole_day: bool| match text {
            None => Ok(None),
            Some(text) => edge(text, whole_day, tz)
                .map(Some)
                .ok_or_else(|| wrong(name, text, "2026-11-22")),
        };
        let period = Period {
            start: side("from", &self.from, false)?,
            end: side("to", &self.to, true)?,
        };
        match (period.start, period.end) {
            (Some(start), Some(end)) if start >= end => {
                Err(Failure::usage("`--from` lies after `--to`"))
            }
            _ => Ok(Some(period)),
        }
    }
}

fn wrong(name: &str, text: &str, example: &str) -> Failure {
    Failure::usage(format!("--{name}: cannot read `{text}`"))
        .hint(format!("write it like {example}"))
}

fn edge(text: &str, whole_day: bool, tz: &TimeZone) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    // a date, and nothing after it
    let date: Date = Some(text).filter(|text| text.len() == 10)?.parse().ok()?;
    let date = if whole_day {
        date.tomorrow().ok()?
    } else {
        date
    };
    start_of(date, tz)
}

fn start_of(date: Date, tz: &TimeZone) -> Option<Timestamp> {
    tz.to_zoned(date.at(0, 0, 0, 0))
        .ok()
        .map(|at| at.timestamp())
}

fn days(first: Date, length: Span, tz: &TimeZone) -> Result<Period, Failure> {
    let end = first.checked_add(length).ok();
    let too_far = || Failure::usage("the period lies too far away");
    Ok(Period {
        start: Some(start_of(first, tz).ok_or_else(too_far)?),
        end: Some(end.and_then(|end| start_of(end, tz)).ok_or_else(too_far)?),
    })
}

fn week(text: &str) -> Option<Date> {
    let (year, week) = text.split_once("-W").or_else(|| text.split_once("-w"))?;
    ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday)
        .ok()
        .map(Date::from)
}

fn month(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

fn last(text: &str, now: Timestamp, tz: &TimeZone) -> Result<Period, Failure> {
    let today = tz.to_datetime(now).date();
    let whole = |first: Option<Date>, length: Span| match first
        .and_then(|first| first.checked_sub(length).ok())
    {
        Some(first) => days(first, length, tz),
        None => Err(Failure::usage("the period lies too far away")),
    };
    let monday = today
        .checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days())
        .ok();
    match text {
        "day" => return whole(Some(today), 1.day()),
        "week" => return whole(monday, 1.week()),
        "month" => return whole(Some(today.first_of_month()), 1.month()),
        "quarter" => {
            return whole(
                Date::new(today.year(), (today.month() - 1) / 3 * 3 + 1, 1).ok(),
                3.months(),
            );
        }
        "year" => return whole(Some(today.first_of_year()), 1.year()),
        _ => {}
    }
    let unreadable = || wrong("last", text, "week, month or 30d");
    let unit = text.chars().next_back().ok_or_else(unreadable)?;
    let number = text
        .strip_suffix(unit)
        .and_then(|digits| digits.parse::<u16>().ok())
        .ok_or_else(unreadable)?;
    let number = i64::from(number);
    let span = match unit {
        'h' => Span::new().hours(number),
        'd' => Span::new().days(number),
        'w' => Span::new().weeks(number),
        'm' => Span::new().months(number),
        'y' => Span::new().years(number),
        _ => return Err(unreadable()),
    };
    let zoned = now.to_zoned(tz.clone());
    let start = zoned.checked_sub(span).map_err(|_| unreadable())?;
    Ok(Period {
        start: Some(start.timestamp()),
        end: Some(now),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(set: impl FnOnce(&mut PeriodArgs)) -> Result<String, Failure> {
        let mut args = PeriodArgs::default();
        set(&mut args);
        let tz = TimeZone::get("Asia/Shanghai").unwrap();
        // a Sunday
        let now = "2026-11-22T09:00:00+08:00".parse().unwrap();
        Ok(args
            .period(now, &tz)?
            .map_or("none".into(), |period| period.to_text(&tz)))
    }

    #[test]
    fn bare_dates_include_their_day() {
        let text = period(|args| {
            args.from = Some("2026-11-01".into());
            args.to = Some("2026-11-22".into());
        });
        assert_eq!(text.unwrap(), "2026-11-01T00:00 to 2026-11-23T00:00");
        let open = period(|args| args.to = Some("2026-11-22T12:00:00+08:00".into()));
        assert_eq!(open.unwrap(), "… to 2026-11-22T12:00");
        assert_eq!(period(|_| ()).unwrap(), "none");
    }

    #[test]
    fn weeks_months_and_what_lies_behind() {
        let week = |text: &str| period(|args| args.week = Some(text.into()));
        assert_eq!(
            week("2026-W47").unwrap(),
            "2026-11-16T00:00 to 2026-11-23T00:00"
        );
        assert!(week("2026-W54").is_err());
        let month = |text: &str| period(|args| args.month = Some(text.into()));
        assert_eq!(
            month("2026-12").unwrap(),
            "2026-12-01T00:00 to 2027-01-01T00:00"
        );
        assert!(month("2026-13").is_err());
        let last = |text: &str| period(|args| args.last = Some(text.into()));
        assert_eq!(
            last("week").unwrap(),
            "2026-11-09T00:00 to 2026-11-16T00:00"
        );
        assert_eq!(
            last("month").unwrap(),
            "2026-10-01T00:00 to 2026-11-01T00:00"
        );
        assert_eq!(
            last("quarter").unwrap(),
            "2026-07-01T00:00 to 2026-10-01T00:00"
        );
        assert_eq!(last("30d").unwrap(), "2026-10-23T09:00 to 2026-11-22T09:00");
        assert!(last("30x").is_err() && last("").is_err() && last("d").is_err());
    }

    #[test]
    fn a_period_ends_before_its_end() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let period = Period {
            start: Some(at("2026-01-01T00:00Z")),
            end: Some(at("2026-01-02T00:00Z")),
        };
        assert!(
            period.contains(at("2026-01-01T00:00Z")) && !period.contains(at("2026-01-02T00:00Z"))
        );
    }
}
