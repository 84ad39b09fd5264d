//! What happens where a row meets a listing: the tool says what is stored.

use model::identity::{Lookup, PublicKey};
use model::listing::Listing;
use model::packed::PackedListings;
use rusqlite::types::Value;

use super::touched::of_image;
use super::write::Found;
use super::{ListingWrite, StoredListing, Upserted};
use crate::error::{Error, ErrorKind, Result};
use crate::image::LISTING;
use crate::run::Run;

/// Asked with the listing as it is stored, private fields open; says what is stored in place of the row, or
/// nothing where the row is stored as it is.
pub type Guard<'a> = dyn FnMut(&StoredListing) -> Option<Reconciled> + 'a;

/// What is stored in place of a row.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// The listing; its key is the row's.
    pub listing: Listing,
    /// Findings, as in [`ListingWrite::findings_json`].
    pub findings_json: String,
    /// Whether it is kept from being offered.
    pub frozen: bool,
    /// Whether it is what is stored already, so that nothing is written.
    pub same: bool,
}

impl Run<'_> {
    /// The tool is asked even where the row is the one that was stored last: what it says of the row it says
    /// again.
    pub(super) fn meet_guarded(
        &mut self,
        key: PublicKey,
        found: &Found,
        write: &ListingWrite<'_>,
        guard: &mut Guard<'_>,
    ) -> Result<Upserted> {
        let stored = self.store.listing(key.as_str(), true)?.ok_or_else(|| {
            Error::new(
                ErrorKind::Corrupt,
                format!("listing {key} is not found by its key; run `store-admin verify`"),
            )
        })?;
        let Some(reconciled) = guard(&stored) else {
            return self.meet(key, found, write, None, true);
        };
        if reconciled.same && !self.listings.touched(found.id) {
            let mut upserted = self.meet_unchanged(key, found, write);
            upserted.reconciled = Some(Box::new(reconciled));
            return Ok(upserted);
        }
        self.meet_reconciled(key, found, write, reconciled, None)
    }

    /// Whether what is to be stored is what the run found, where it has changed the listing since.
    fn comes_to_what_was_found(&self, found: &Found, write: &ListingWrite<'_>) -> Result<bool> {
        if found.created_run == self.number || !self.listings.touched(found.id) {
            return Ok(false);
        }
        let start = of_image(self.store, &self.image(LISTING, found.id)?)?;
        let before = PackedListings::of(&start.listing);
        Ok(before.get(0).parts() == write.listing.parts() && start.findings == write.findings_json)
    }

    /// Stores what the tool said in place of the row.
    pub(super) fn meet_reconciled(
        &mut self,
        key: PublicKey,
        found: &Found,
        write: &ListingWrite<'_>,
        reconciled: Reconciled,
        captured: Option<(Vec<Value>, Listing)>,
    ) -> Result<Upserted> {
        let packed = PackedListings::of(&reconciled.listing);
        let write = ListingWrite {
            listing: packed.get(0),
            lookup: Lookup {
                key,
                ..Lookup::of(&reconciled.listing).unwrap_or(write.lookup)
            },
            findings_json: &reconciled.findings_json,
            frozen: reconciled.frozen,
            ..*write
        };
        let restorable = self.comes_to_what_was_found(found, &write)?;
        let mut upserted = self.meet(key, found, &write, captured, restorable)?;
        upserted.reconciled = Some(Box::new(reconciled));
        Ok(upserted)
    }
}
