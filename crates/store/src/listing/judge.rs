//! What people do to single listings: decide how they stand, take them off the market, put their fields
//! right, verify them.

use model::codes::{StandardStatus, Verification};
use model::field::{Storage, Value};
use model::identity::{Lookup, PublicKey};
use model::jiff::civil::Date;
use model::listing::{Listing, ListingField};
use model::packed::PackedListings;
use rusqlite::named_params;

use super::history::{self, Entry};
use super::write::connection;
use super::{ListingWrite, StoredListing};
use crate::error::{Error, ErrorKind, Result};
use crate::image::LISTING;
use crate::queries;
use crate::run::Run;

impl Run<'_> {
    /// Keeps what a person decided of a listing, and whether it is offered and waits from now on.
    pub fn judge_listing(
        &mut self,
        key: &str,
        judgement: &str,
        frozen: bool,
        held: bool,
        reason: Option<&str>,
    ) -> Result<()> {
        let stored = self.about_to_change(key)?;
        connection(self)
            .prepare_cached(queries::LISTING_JUDGE)?
            .execute(named_params! {
                "$judgement": judgement, "$frozen": frozen, "$held": held.then_some(1),
                "$run": self.number, "$id": stored.id,
            })?;
        if stored.frozen != frozen {
            history::push(self, stored.id, &history::freeze(frozen, reason))?;
        }
        Ok(())
    }

    /// Withdraws one listing as of the day of the run. What its source last said of it stays known, so the same
    /// row again changes nothing.
    pub fn withdraw_listing(&mut self, key: &str, reason: Option<&str>) -> Result<()> {
        let stored = self.about_to_change(key)?;
        let mut listing = stored.listing.clone();
        let previous = listing.standard_status.replace(StandardStatus::Withdrawn);
        listing.withdrawn_date = Some(self.start.today);
        self.rewrite(&stored, &listing)?;
        if previous == listing.standard_status {
            return Ok(());
        }
        let withdrawn = StandardStatus::Withdrawn.as_str();
        let entry = Entry {
            field: ListingField::StandardStatus.name(),
            change_type: withdrawn,
            previous: previous.map(|status| status.as_str().to_owned()),
            new: Some(withdrawn.to_owned()),
            reason,
        };
        history::push(self, stored.id, &entry)
    }

    /// Gives some fields of a listing the values they have in `wanted`, with an entry of its history for each;
    /// of private fields the entry says only that they changed.
    pub fn correct_listing(
        &mut self,
        key: &str,
        wanted: &Listing,
        fields: &[ListingField],
        reason: Option<&str>,
    ) -> Result<()> {
        self.about_to_change(key)?;
        let stored = self
            .store
            .listing(key, true)?
            .ok_or_else(|| no_listing(key))?;
        let mut listing = stored.listing.clone();
        for field in fields {
            listing.set(*field, wanted.get(*field));
        }
        self.rewrite(&stored, &listing)?;
        for field in fields {
            let (previous, new) = (stored.listing.get(*field), listing.get(*field));
            if previous == new {
                continue;
            }
            let shown = |value| match field.field().storage {
                Storage::Sealed => None,
                _ => as_text(value),
            };
            let entry = Entry {
                field: field.name(),
                change_type: "Correction",
                previous: shown(previous),
                new: shown(new),
                reason,
            };
            history::push(self, stored.id, &entry)?;
        }
        Ok(())
    }

    /// Says whether a listing is verified, and until when. Returns whether that is news.
    pub fn set_verification(
        &mut self,
        key: &str,
        verification: Verification,
        until: Option<Date>,
        reason: Option<&str>,
    ) -> Result<bool> {
        let stored = self
            .store
            .listing(key, false)?
            .ok_or_else(|| no_listing(key))?;
        let until = until.filter(|_| verification == Verification::Verified);
        if (stored.verification, stored.verified_until) == (verification, until) {
            return Ok(false);
        }
        self.about_to_change(key)?;
        self.write_verification(stored.id, verification, until, stored.content_hash)?;
        let entry = Entry {
            field: "verification",
            change_type: "Verification",
            previous: Some(told(stored.verification, stored.verified_until)),
            new: Some(told(verification, until)),
            reason,
        };
        history::push(self, stored.id, &entry)?;
        Ok(true)
    }

    /// Writes down that verifications have ended before the day of the run; returns the listings' keys. Rows of
    /// the run are folded by then, so it is called after them. What was locked is free: where the run has not
    /// written the listing, whatever row comes next differs from what is stored.
    pub fn expire_verifications(&mut self) -> Result<Vec<String>> {
        let mut ended: Vec<(String, Date)> = {
            let mut statement = self
                .store
                .conn
                .prepare_cached(queries::LISTING_VERIFICATION_ENDED)?;
            let found = statement.query_map([self.start.today.to_string()], |row| {
                Ok((row.get(0)?, row.get::<_, String>(1)?))
            })?;
            let found: Vec<(String, String)> = found.collect::<rusqlite::Result<_>>()?;
            found
                .into_iter()
                .filter_map(|(key, until)| Some((key, until.parse().ok()?)))
                .collect()
        };
        ended.sort_unstable();
        for (key, until) in &ended {
            let stored = self
                .store
                .listing(key, false)?
                .ok_or_else(|| no_listing(key))?;
            // The source is heard again: whatever row comes next is not the one that was contested.
            let hash = !stored.content_hash;
            let stored = self.about_to_change(key)?;
            self.write_verification(stored.id, Verification::Unverified, None, hash)?;
            let entry = Entry {
                field: "verification",
                change_type: "Verification",
                previous: Some(told(Verification::Verified, Some(*until))),
                new: Some(told(Verification::Unverified, None)),
                reason: Some("its time has ended"),
            };
            history::push(self, stored.id, &entry)?;
        }
        Ok(ended.into_iter().map(|(key, _)| key).collect())
    }

    fn write_verification(
        &mut self,
        id: i64,
        verification: Verification,
        until: Option<Date>,
        content_hash: i64,
    ) -> Result<()> {
        let verified = verification == Verification::Verified;
        connection(self)
            .prepare_cached(queries::LISTING_SET_VERIFICATION)?
            .execute(named_params! {
                "$verification": verified.then_some(verification.as_str()),
                "$until": until.map(|day| day.to_string()), "$content_hash": content_hash, "$run": self.number, "$id": id,
            })?;
        Ok(())
    }

    /// A listing, saved as it is before this run changes it.
    fn about_to_change(&mut self, key: &str) -> Result<StoredListing> {
        self.settle()?;
        let stored = self
            .store
            .listing(key, false)?
            .ok_or_else(|| no_listing(key))?;
        self.save_image_once(LISTING, stored.id)?;
        self.listings.touch(stored.id);
        Ok(stored)
    }

    /// Writes the fields of a listing again; where they came from and what was found stays.
    fn rewrite(&mut self, stored: &StoredListing, listing: &Listing) -> Result<()> {
        let lookup = Lookup::of(listing).filter(|lookup| lookup.key.as_str() == stored.key);
        let (Some(lookup), Some(key)) = (lookup, PublicKey::parse(&stored.key)) else {
            return Err(no_listing(&stored.key));
        };
        let packed = PackedListings::of(listing);
        let write = ListingWrite {
            listing: packed.get(0),
            lookup,
            findings_json: &stored.findings,
            frozen: stored.frozen,
            hash: stored.content_hash as u64,
            input: stored.input,
            line: stored.line as u64,
            row: 0,
        };
        self.update(key, stored.id, &write, false)
    }
}

/// A value as the history tells it: amounts and areas in their smallest units, as it does prices.
fn as_text(value: Value<'_>) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Text(text) | Value::List(text) => Some(text.to_owned()),
        Value::Integer(number) | Value::Money(number) | Value::Area(number) => {
            Some(number.to_string())
        }
        Value::Decimal(number) => Some(number.to_string()),
        Value::Date(date) => Some(date.to_string()),
        Value::Instant(instant) => Some(instant.to_string()),
        Value::Flag(flag) => Some(i64::from(flag).to_string()),
    }
}

/// A verification as the history tells it.
fn told(verification: Verification, until: Option<Date>) -> String {
    match until {
        Some(until) => format!("{} until {until}", verification.as_str()),
        None => verification.as_str().to_owned(),
    }
}

pub(crate) fn no_listing(key: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no listing {key}"))
}
