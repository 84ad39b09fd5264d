//! Days that are not what their weekday says: holidays, and weekends worked for them (调休).

use model::jiff::civil::Date;
use rusqlite::{OptionalExtension, named_params};

use crate::error::Result;
use crate::image::CALENDAR_DAY;
use crate::listing::Action;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Nobody works, whatever the weekday.
    Holiday,
    /// A day at the weekend on which people work.
    Working,
}

impl DayKind {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            DayKind::Holiday => "holiday",
            DayKind::Working => "working",
        }
    }

    /// Reads the word on the wire.
    pub fn from_code(text: &str) -> Option<Self> {
        [DayKind::Holiday, DayKind::Working]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// One day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day.
    pub day: Date,
    /// What it is.
    pub kind: DayKind,
    /// Name of the holiday.
    pub name: String,
}

impl Run<'_> {
    /// Enters a day of the calendar, or changes it.
    pub fn set_calendar_day(&mut self, day: &CalendarDay) -> Result<Action> {
        let conn = &self.store.conn;
        let stored: Option<(i64, String, String)> = conn
            .prepare_cached(queries::CALENDAR_ID)?
            .query_row([day.day.to_string()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((id, kind, name)) = stored else {
            conn.prepare_cached(queries::CALENDAR_INSERT)?
                .execute(named_params! {
                    "$day": day.day.to_string(), "$kind": day.kind.as_str(), "$name": day.name,
                    "$run": self.number,
                })?;
            return Ok(Action::New);
        };
        if kind == day.kind.as_str() && name == day.name {
            return Ok(Action::Unchanged);
        }
        self.save_image_once(CALENDAR_DAY, id)?;
        self.store
            .conn
            .prepare_cached(queries::CALENDAR_UPDATE)?
            .execute(named_params! {
                "$kind": day.kind.as_str(), "$name": day.name, "$run": self.number, "$id": id,
            })?;
        Ok(Action::Changed)
    }
}

impl Store {
    /// Every day of the calendar, in order.
    pub fn calendar(&self) -> Result<Vec<CalendarDay>> {
        let mut statement = self.conn.prepare_cached(queries::CALENDAR_LIST)?;
        let days = statement.query_map([], |row| {
            let (day, kind): (String, String) = (row.get(0)?, row.get(1)?);
            Ok((day, kind, row.get(2)?))
        })?;
        let mut calendar = Vec::new();
        for day in days {
            let (day, kind, name) = day?;
            if let (Ok(day), Some(kind)) = (day.parse(), DayKind::from_code(&kind)) {
                calendar.push(CalendarDay { day, kind, name });
            }
        }
        Ok(calendar)
    }
}
