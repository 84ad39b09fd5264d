//! What comparisons with other records make of a listing: which home it is, what rules found, how it stands.

use model::identity;
use rusqlite::named_params;

use super::history;
use super::write::connection;
use crate::error::Result;
use crate::image::{self, LISTING};
use crate::queries;
use crate::run::Run;

/// What a listing is after comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared<'a> {
    /// The listing, by its internal id.
    pub id: u32,
    /// Key of the home it offers; none where that is its own.
    pub home_key: Option<&'a str>,
    /// What the rules found, a JSON array of `[code, effect, field, detail]`; empty text and `[]` mean nothing.
    pub stock_findings: &'a str,
    /// Whether it is kept from being offered.
    pub frozen: bool,
    /// Whether it waits for a person.
    pub held: bool,
}

impl Run<'_> {
    /// How many listings there are.
    pub fn count_listings(&self) -> Result<u64> {
        let count: i64 =
            connection(self).query_row(queries::LISTING_COUNT, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// The row of this run that a listing was last seen in.
    pub fn row_of(&self, id: u32) -> Option<u32> {
        self.listings.row_of(i64::from(id))
    }

    /// The listings of an agent, as sources write its id, in the order of their ids.
    pub fn listings_of_agent(&mut self, agent: &str) -> Result<Vec<u32>> {
        self.settle()?;
        let mut statement = connection(self).prepare_cached(queries::LISTING_OF_AGENT)?;
        let hash = i64::from(identity::agent_hash(agent));
        let ids = statement.query_map((hash, agent), |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// The listings of which a rule of the stock has found something, in the order of their ids.
    pub fn listings_with_finding(&mut self, code: &str) -> Result<Vec<u32>> {
        self.settle()?;
        let mut statement = connection(self).prepare_cached(queries::LISTING_WITH_FINDING)?;
        let pattern = format!("%\"{code}\"%");
        let ids = statement.query_map([pattern], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// The findings of a listing's rows as the run found them, as a JSON array; nothing where the run brought it.
    pub fn found_findings(&self, id: u32) -> Result<Option<String>> {
        let id = i64::from(id);
        if self.listings.created(id) {
            return Ok(None);
        }
        let found = if self.listings.touched(id) {
            let row = self.image(LISTING, id)?;
            match image::value(LISTING, &row, "findings") {
                Some(rusqlite::types::Value::Text(findings)) => Some(findings.clone()),
                _ => None,
            }
        } else {
            connection(self)
                .prepare_cached(queries::LISTING_FINDINGS)?
                .query_row([id], |row| row.get(0))?
        };
        Ok(Some(found.unwrap_or_default()))
    }

    /// Writes what the rules of single rows say of a stored listing now. `content_hash` is by which a later row is found
    /// to be the same; `judgement` what people have decided.
    pub fn set_row_findings(
        &mut self,
        id: u32,
        findings: &str,
        content_hash: i64,
        judgement: Option<&str>,
    ) -> Result<()> {
        let row = i64::from(id);
        if !self.listings.created(row) && !self.listings.touched(row) {
            self.save_image(LISTING, row)?;
            self.listings.touch(row);
        }
        let findings = Some(findings).filter(|findings| *findings != "[]");
        connection(self)
            .prepare_cached(queries::LISTING_SET_FINDINGS)?
            .execute(named_params! {
                "$findings": findings, "$content_hash": content_hash, "$judgement": judgement,
                "$run": self.number, "$id": id,
            })?;
        Ok(())
    }

    /// Writes what comparing has come to. Freezing and thawing enter the history of listings that the run found.
    pub fn set_compared(&mut self, compared: &Compared<'_>) -> Result<()> {
        let id = i64::from(compared.id);
        let mut found = None;
        if self.listings.created(id) {
            // nothing was there before
        } else if self.listings.touched(id) {
            found = Some(self.image(LISTING, id)?);
        } else {
            found = Some(self.save_image(LISTING, id)?);
            self.listings.touch(id);
        }
        let findings = match compared.stock_findings {
            "" | "[]" => None,
            findings => Some(findings),
        };
        connection(self)
            .prepare_cached(queries::LISTING_SET_COMPARED)?
            .execute(named_params! {
                "$home_key": compared.home_key, "$stock_findings": findings, "$frozen": compared.frozen,
                "$held": compared.held.then_some(1), "$run": self.number, "$id": id,
            })?;
        let Some(found) = found else {
            return Ok(());
        };
        connection(self)
            .prepare_cached(queries::HISTORY_FORGET_FREEZE)?
            .execute((id, self.number))?;
        if (image::integer(LISTING, &found, "frozen") == Some(1)) != compared.frozen {
            history::push(self, id, &history::freeze(compared.frozen, None))?;
        }
        Ok(())
    }
}
