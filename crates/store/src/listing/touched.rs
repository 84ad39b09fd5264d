//! What a run in progress has made of listings: each as the run found it and as it would leave it.

use std::sync::LazyLock;

use rusqlite::types::{Value, ValueRef};

use super::StoredListing;
use super::read::{Private, empty};
use super::statements;
use crate::error::{Error, ErrorKind, Result};
use crate::image::{ALL, LISTING};
use crate::run::Run;
use crate::store::Store;

/// A listing that a run has written.
#[derive(Debug, Clone)]
pub struct Touched {
    /// As the run found it; none where the run brought it.
    pub before: Option<StoredListing>,
    /// As the run would leave it.
    pub after: StoredListing,
    /// Whether a row of the run named it.
    pub seen: bool,
}

/// Where a before-image has what is read of a listing, in the order of reading.
static PLACES: LazyLock<Vec<Option<usize>>> = LazyLock::new(|| {
    let columns = &ALL[LISTING].columns;
    statements::names()
        .map(|name| columns.iter().position(|column| column == name))
        .collect()
});

impl Run<'_> {
    /// Hands out every listing that the run has written so far, in the order in which they came into the
    /// store. Private fields are opened: the caller masks what it shows.
    pub fn each_touched(&mut self, mut each: impl FnMut(&Touched) -> Result<()>) -> Result<()> {
        for id in self.finish_listings()? {
            let mut found = None;
            self.listings_by_id([id], |stored| {
                found = Some(stored.clone());
                Ok(())
            })?;
            let after = found.ok_or_else(|| {
                Error::new(ErrorKind::Corrupt, "a listing the run has written is gone")
            })?;
            let id = i64::from(id);
            let before = match self.listings.created(id) {
                true => None,
                false => Some(of_image(self.store, &self.image(LISTING, id)?)?),
            };
            each(&Touched {
                before,
                after,
                seen: self.listings.saw(id),
            })?;
        }
        Ok(())
    }
}

/// A listing as a before-image has it, private fields opened.
pub(super) fn of_image(store: &Store, row: &[Value]) -> Result<StoredListing> {
    let mut stored = empty();
    let at = |column: usize| {
        let place = PLACES.get(column).copied().flatten();
        let value = place.and_then(|place| row.get(place));
        Ok(value.map_or(ValueRef::Null, ValueRef::from))
    };
    store.read(at, Private::Open, &mut stored)?;
    Ok(stored)
}
