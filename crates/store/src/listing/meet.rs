//! A row meets a listing that is in the store, or that came earlier in its run.

use model::identity::PublicKey;
use model::listing::Listing;
use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, Row};

use super::guard::Guard;
use super::statements::LOOKUP;
use super::touched::of_image;
use super::update::lookup_columns;
use super::write::Found;
use super::{Action, ListingWrite, Upserted, history};
use crate::error::Result;
use crate::image::{self, LISTING};
use crate::queries;
use crate::run::Run;

impl Run<'_> {
    /// A listing that is in the store, or came earlier in this run: where the row would overwrite it, the tool says
    /// what is stored in its place.
    pub(super) fn meet_asking(
        &mut self,
        key: PublicKey,
        found: &Found,
        write: &ListingWrite<'_>,
        guard: &mut Guard<'_>,
    ) -> Result<Upserted> {
        let by_this_run = found.created_run == self.number || self.listings.touched(found.id);
        if !by_this_run && found.hash == write.hash as i64 {
            return self.meet(key, found, write, None, true);
        }
        let mut captured = None;
        let stored = match by_this_run {
            true => self.store.listing(key.as_str(), true)?,
            false => {
                let row = image::capture(&self.store.conn, LISTING, found.id)?;
                let row = captured.insert(row.unwrap_or_default());
                Some(of_image(self.store, row)?)
            }
        };
        let reconciled = stored.as_ref().and_then(guard);
        if let Some(reconciled) = &reconciled
            && reconciled.same
            && !by_this_run
        {
            let mut upserted = self.meet_unchanged(key, found, write);
            upserted.reconciled = Some(Box::new(reconciled.clone()));
            return Ok(upserted);
        }
        let captured = captured
            .zip(stored)
            .map(|(row, stored)| (row, stored.listing));
        let Some(reconciled) = reconciled else {
            return self.meet(key, found, write, captured, true);
        };
        self.meet_reconciled(key, found, write, reconciled, captured)
    }

    /// A row that comes to what is stored.
    pub(super) fn meet_unchanged(
        &mut self,
        key: PublicKey,
        found: &Found,
        write: &ListingWrite<'_>,
    ) -> Upserted {
        let supersedes = self.listings.see(found.id, write.row);
        Upserted {
            id: found.id as u32,
            key,
            home_key: found.home_key,
            action: Action::Unchanged,
            frozen: found.frozen,
            verification: found.verification,
            supersedes,
            earlier_action: supersedes.map(|_| Action::Unchanged),
            overwritten: None,
            before: None,
            compared: found.compared,
            reconciled: None,
        }
    }

    /// A listing that is in the store, or came earlier in this run. `captured` is its row and what that says, where
    /// they were read already and the run has not changed them. `restorable`: where the row is the one that the run
    /// found stored, what it found is what the row comes to.
    pub(super) fn meet(
        &mut self,
        key: PublicKey,
        found: &Found,
        write: &ListingWrite<'_>,
        captured: Option<(Vec<Cell>, Listing)>,
        restorable: bool,
    ) -> Result<Upserted> {
        let supersedes = self.listings.see(found.id, write.row);
        let created_now = found.created_run == self.number;
        let touched = self.listings.touched(found.id);
        let now = match (created_now, touched) {
            (true, _) => Action::New,
            (false, true) => Action::Changed,
            (false, false) => Action::Unchanged,
        };
        let mut upserted = Upserted {
            id: found.id as u32,
            key,
            home_key: found.home_key,
            action: now,
            frozen: write.frozen,
            verification: found.verification,
            supersedes,
            earlier_action: supersedes.map(|_| now),
            overwritten: None,
            before: None,
            compared: found.compared,
            reconciled: None,
        };
        if created_now {
            upserted.overwritten = self.home_of(found.id)?;
            self.update(key, found.id, write, false)?;
            return Ok(upserted);
        }
        let mut in_place = false;
        let mut before = None;
        let start = if touched {
            let start = self.image(LISTING, found.id)?;
            let hash = image::integer(LISTING, &start, "content_hash");
            if restorable && hash == Some(write.hash as i64) {
                self.restore(LISTING, found.id, &start)?;
                self.listings.untouch(found.id);
                upserted.action = Action::Unchanged;
                upserted.frozen = image::integer(LISTING, &start, "frozen") == Some(1);
                return Ok(upserted);
            }
            history::forget(self, found.id)?;
            start
        } else if found.hash == write.hash as i64 {
            upserted.frozen = found.frozen;
            return Ok(upserted);
        } else {
            self.listings.touch(found.id);
            let start = match captured {
                Some((row, listing)) => {
                    self.save_captured(LISTING, found.id, &row)?;
                    before = Some(listing);
                    row
                }
                None => self.save_image(LISTING, found.id)?,
            };
            let lookup = LOOKUP.map(|name| image::integer(LISTING, &start, name));
            in_place = lookup == lookup_columns(&write.lookup);
            start
        };
        upserted.action = Action::Changed;
        if touched {
            upserted.overwritten = self.home_of(found.id)?;
        }
        upserted.before = Some(Box::new(match before {
            Some(before) => before,
            None => of_image(self.store, &start)?.listing,
        }));
        self.update(key, found.id, write, in_place)?;
        history::write(
            self,
            found.id,
            &start,
            &write.listing.unpack(),
            write.frozen,
        )?;
        Ok(upserted)
    }

    /// City and community of a stored listing.
    fn home_of(&self, id: i64) -> Result<Option<(String, String)>> {
        let text = |row: &Row<'_>, column: usize| -> rusqlite::Result<String> {
            Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default())
        };
        Ok(self
            .store
            .conn
            .prepare_cached(queries::LISTING_HOME)?
            .query_row([id], |row| Ok((text(row, 0)?, text(row, 1)?)))
            .optional()?)
    }
}
