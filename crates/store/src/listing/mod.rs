//! Listings: written by imports, read by everything else.

pub(crate) mod codec;
mod compared;
pub(crate) mod facts;
mod guard;
pub(crate) mod history;
mod insert;
mod judge;
mod keymap;
mod meet;
pub(crate) mod read;
mod statements;
mod stock;
mod touched;
mod update;
mod withdraw;
pub(crate) mod write;

use std::fmt;

use model::codes::Verification;
use model::identity::{self, Lookup, PublicKey};
use model::jiff::civil::Date;
use model::listing::Listing;
use model::packed::PackedListing;

pub use compared::Compared;
pub use guard::{Guard, Reconciled};
pub use history::Change;
pub(crate) use judge::no_listing;
pub use read::StoredListing;
pub(crate) use statements::queries;
pub use touched::Touched;
pub use withdraw::{Withdrawal, Withdrawn};

/// A listing to be stored, and where it came from.
#[derive(Debug, Clone, Copy)]
pub struct ListingWrite<'a> {
    /// The listing.
    pub listing: PackedListing<'a>,
    /// What it is looked up by.
    pub lookup: Lookup,
    /// Findings as a JSON array of `[code, effect, field, detail]`; empty text and `[]` mean none.
    pub findings_json: &'a str,
    /// Whether a finding freezes it.
    pub frozen: bool,
    /// Hash of everything that is stored: the fields, the findings, whether it is frozen.
    pub hash: u64,
    /// The input, from [`crate::Run::input`].
    pub input: i64,
    /// Line in that input.
    pub line: u64,
    /// Ordinal of the row in the run, from 0.
    pub row: u32,
}

/// What became of a listing in a run, compared with the store as the run found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was not there.
    New,
    /// It was there, and differs.
    Changed,
    /// It was there, and is the same.
    Unchanged,
}

impl Action {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::New => "new",
            Action::Changed => "changed",
            Action::Unchanged => "unchanged",
        }
    }
}

/// What an upsert did.
#[derive(Debug, Clone)]
pub struct Upserted {
    /// Its internal id, by which a run is told of it again; never shown.
    pub id: u32,
    /// The listing's key.
    pub key: PublicKey,
    /// Key of the home it offers.
    pub home_key: HomeKey,
    /// What became of it, all rows of the run so far taken together.
    pub action: Action,
    /// Whether it is frozen now.
    pub frozen: bool,
    /// Whether its truth was looked into.
    pub verification: Verification,
    /// An earlier row of this run under the same key, which this one replaces.
    pub supersedes: Option<u32>,
    /// What was said to have become of the listing when that earlier row came.
    pub earlier_action: Option<Action>,
    /// City and community of what an earlier row of this run said.
    pub overwritten: Option<(String, String)>,
    /// What stands in place of the row, of a listing that people have looked into.
    pub reconciled: Option<Box<Reconciled>>,
    /// A changed listing as the run found it, private fields opened.
    pub before: Option<Box<Listing>>,
    /// Whether comparisons with other records had found something about it before this run.
    pub compared: bool,
}

/// A home's key, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeKey([u8; 17]);

impl HomeKey {
    /// The key of a listing's home; `other` where people or rules found out that it is another one
    /// than the key of the listing says.
    pub(crate) fn of(listing: PublicKey, other: Option<&str>) -> Self {
        let own = identity::home_key(listing);
        let text = other.unwrap_or(own.as_str());
        let mut key = [b' '; 17];
        let bytes = text.as_bytes();
        let length = bytes.len().min(key.len());
        key[..length].copy_from_slice(&bytes[..length]);
        HomeKey(key)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end()
    }
}

impl fmt::Display for HomeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the columns `verification` and `verified_until` come to on a day.
pub(crate) fn verification_on(
    text: Option<&str>,
    until: Option<&str>,
    today: Date,
) -> Verification {
    match until.and_then(|until| until.parse::<Date>().ok()) {
        Some(until) if until < today => Verification::Unverified,
        _ => verification(text),
    }
}

/// What stands in the column `verification`.
pub(crate) fn verification(text: Option<&str>) -> Verification {
    text.and_then(Verification::from_code)
        .unwrap_or(Verification::Unverified)
}
