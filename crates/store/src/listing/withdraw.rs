//! What a run does to listings that no row of it names: withdrawing what a full feed no longer has,
//! freezing and thawing.

use model::codes::{StandardStatus, Verification};
use model::identity;
use model::jiff::civil::Date;
use model::listing::Listing;
use model::packed::PackedListings;
use rusqlite::named_params;

use super::codec::{self, Texts};
use super::history::{self, Entry};
use super::read::Private;
use super::statements::OF_SYSTEM;
use super::write::connection;
use crate::error::{Error, ErrorKind, Result};
use crate::image::LISTING;
use crate::queries;
use crate::run::Run;

/// What a full feed no longer has.
#[derive(Debug, Default)]
pub struct Withdrawal {
    /// Listings of the system within the scope that were on offer before or are in the feed.
    pub in_scope: u64,
    /// How many of them the feed no longer has.
    pub missing: u64,
    /// Whether the share was over the limit; nothing was withdrawn then.
    pub refused: bool,
    /// What was withdrawn.
    pub withdrawn: Vec<Withdrawn>,
}

/// A listing that was withdrawn.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// Its key.
    pub key: String,
    /// Its id as its source wrote it.
    pub listing_id: String,
    /// Key of the home it offered.
    pub home_key: String,
    /// Whether it is frozen.
    pub frozen: bool,
    /// Whether its truth was looked into.
    pub verification: Verification,
}

/// A missing listing, as it is about to be written.
struct Missing {
    id: i64,
    report: Withdrawn,
    detail: String,
    content_hash: i64,
}

impl Run<'_> {
    /// Withdraws the listings of `system` within `scope` (private fields are closed to it) that this
    /// run has not seen, as of `day`. Over `max_share` of them (0 to 1) nothing is withdrawn and the
    /// answer says so.
    pub fn withdraw_missing(
        &mut self,
        system: &str,
        scope: &dyn Fn(&Listing) -> bool,
        day: Date,
        reason: &str,
        max_share: f64,
    ) -> Result<Withdrawal> {
        self.settle()?;
        let mut withdrawal = Withdrawal::default();
        let mut missing = Vec::new();
        let seen = &self.listings;
        let store = self.store;
        store.query_listings(&OF_SYSTEM, [system], Private::Closed, &mut |stored| {
            let saw = seen.saw(stored.id);
            if !scope(&stored.listing) || !(saw || on_offer(stored.listing.standard_status)) {
                return Ok(());
            }
            withdrawal.in_scope += 1;
            if saw {
                return Ok(());
            }
            withdrawal.missing += 1;
            let mut listing = stored.listing.clone();
            listing.withdrawn_date = Some(day);
            let mut texts = Texts::default();
            codec::sort(PackedListings::of(&listing).get(0), &mut texts, |_, _| {});
            missing.push(Missing {
                id: stored.id,
                report: Withdrawn {
                    key: stored.key.clone(),
                    listing_id: listing.listing_id,
                    home_key: stored.home_key.clone(),
                    frozen: stored.frozen,
                    verification: stored.verification_on(day),
                },
                detail: texts.detail,
                // Whatever comes back differs from what was withdrawn.
                content_hash: !stored.content_hash,
            });
            Ok(())
        })?;
        if withdrawal.missing as f64 > max_share * withdrawal.in_scope as f64 {
            withdrawal.refused = true;
            return Ok(withdrawal);
        }
        for listing in missing {
            self.withdraw(&listing, reason)?;
            withdrawal.withdrawn.push(listing.report);
        }
        Ok(withdrawal)
    }

    fn withdraw(&mut self, missing: &Missing, reason: &str) -> Result<()> {
        let before = self.save_image(LISTING, missing.id)?;
        self.listings.touch(missing.id);
        let status = StandardStatus::Withdrawn.as_str();
        connection(self)
            .prepare_cached(queries::LISTING_WITHDRAW)?
            .execute(named_params! {
                "$status": status, "$detail": missing.detail, "$content_hash": missing.content_hash,
                "$run": self.number, "$id": missing.id,
            })?;
        let entry = Entry {
            field: "standard_status",
            change_type: status,
            previous: history::status(&before).map(|status| status.as_str().to_owned()),
            new: Some(status.to_owned()),
            reason: Some(reason),
        };
        history::push(self, missing.id, &entry)
    }

    /// Takes a listing from offer, or lets it be offered again. Returns whether that changed it.
    pub fn set_frozen(&mut self, key: &str, frozen: bool, reason: &str) -> Result<bool> {
        self.settle()?;
        let stored = self
            .store
            .listing(key, false)?
            .ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no listing {key}")))?;
        if stored.frozen == frozen {
            return Ok(false);
        }
        if stored.created_run != self.number && !self.listings.touched(stored.id) {
            self.save_image(LISTING, stored.id)?;
        }
        self.listings.touch(stored.id);
        connection(self)
            .prepare_cached(queries::LISTING_SET_FROZEN)?
            .execute(named_params! {
                "$frozen": frozen, "$run": self.number, "$id": stored.id,
            })?;
        history::push(self, stored.id, &history::freeze(frozen, Some(reason)))?;
        let kind = if frozen { "freeze" } else { "thaw" };
        let payload = serde_json::json!({ "reason": reason }).to_string();
        self.decide(kind, key, &payload)?;
        Ok(true)
    }

    /// Whether this run has seen the listing of a system's record.
    pub fn has_seen(&mut self, system: &str, system_key: &str) -> Result<bool> {
        let found = self.find_listing(identity::listing_key(system, system_key))?;
        Ok(found.is_some_and(|found| self.listings.saw(found.id)))
    }
}

/// Whether a listing with this status could be withdrawn.
fn on_offer(status: Option<StandardStatus>) -> bool {
    use StandardStatus::{Canceled, Closed, Delete, Expired, Withdrawn};
    !matches!(
        status,
        Some(Withdrawn | Closed | Canceled | Expired | Delete)
    )
}
