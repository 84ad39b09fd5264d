//! Promotion bars: agents who lost the right to promote listings for a time.

use model::identity::PublicKey;
use model::jiff::civil::Date;
use rusqlite::{OptionalExtension, named_params};

use crate::error::{Error, ErrorKind, Result};
use crate::image::PROMOTION_BAR;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// Letter of a bar's key.
const LETTER: u8 = b'B';

/// A time in which an agent may not promote listings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromotionBar {
    /// System in which the agent's id holds.
    pub system: String,
    /// The agent, as that system names it.
    pub agent: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// The listing it was for.
    pub listing_key: String,
    /// The rule whose finding it was for.
    pub rule: String,
}

impl PromotionBar {
    /// Its public key.
    pub fn key(&self) -> PublicKey {
        let what = [
            &*self.agent,
            &self.starts_on.to_string(),
            &self.listing_key,
            &self.rule,
        ];
        PublicKey::derive(LETTER, &self.system, &what.join("\0"))
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.starts_on <= day && day <= self.ends_on
    }
}

impl Run<'_> {
    /// Bars an agent, unless the same bar is there; says whether it is new.
    pub fn bar_promotion(&mut self, bar: &PromotionBar) -> Result<bool> {
        let key = bar.key();
        let conn = &self.store.conn;
        let known: Option<i64> = conn
            .prepare_cached(queries::BAR_ID)?
            .query_row([key.as_str()], |row| row.get(0))
            .optional()?;
        if known.is_some() {
            return Ok(false);
        }
        conn.prepare_cached(queries::BAR_INSERT)?
            .execute(named_params! {
                "$key": key.as_str(), "$system": bar.system, "$agent": bar.agent,
                "$starts_on": bar.starts_on.to_string(), "$ends_on": bar.ends_on.to_string(),
                "$listing_key": bar.listing_key, "$rule": bar.rule, "$run": self.number,
            })?;
        Ok(true)
    }

    /// Sets the last day of a bar.
    pub fn end_promotion_bar(&mut self, key: &str, ends_on: Date) -> Result<()> {
        let conn = &self.store.conn;
        let id: Option<i64> = conn
            .prepare_cached(queries::BAR_ID)?
            .query_row([key], |row| row.get(0))
            .optional()?;
        let id =
            id.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no bar {key}")))?;
        self.save_image_once(PROMOTION_BAR, id)?;
        self.store
            .conn
            .prepare_cached(queries::BAR_END)?
            .execute(named_params! {
                "$ends_on": ends_on.to_string(), "$run": self.number, "$id": id,
            })?;
        Ok(())
    }
}

impl Store {
    /// Every bar, the oldest first.
    pub fn promotion_bars(&self) -> Result<Vec<PromotionBar>> {
        let mut statement = self.conn.prepare_cached(queries::BAR_LIST)?;
        let mut rows = statement.query([])?;
        let mut bars = Vec::new();
        while let Some(row) = rows.next()? {
            let day = |column| -> Result<Date> {
                let text: String = row.get(column)?;
                text.parse().map_err(|_| {
                    Error::new(
                        ErrorKind::Corrupt,
                        "a bar's day is damaged; run `store-admin verify`",
                    )
                })
            };
            bars.push(PromotionBar {
                system: row.get(1)?,
                agent: row.get(2)?,
                starts_on: day(3)?,
                ends_on: day(4)?,
                listing_key: row.get(5)?,
                rule: row.get(6)?,
            });
        }
        Ok(bars)
    }
}
