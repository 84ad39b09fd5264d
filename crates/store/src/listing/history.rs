//! A listing's history: one row for each change of price or status, and for each freeze and thaw.
//! Compared are the states before and after a whole run.

use model::codes::StandardStatus;
use model::field::Value as FieldValue;
use model::listing::{Listing, ListingField};
use rusqlite::types::Value;
use serde::Serialize;

use super::write::connection;
use crate::error::Result;
use crate::image::{self, LISTING};
use crate::queries;
use crate::run::Run;

const PRICES: [ListingField; 3] = [
    ListingField::ListPrice,
    ListingField::ClosePrice,
    ListingField::LeaseAmount,
];

/// One change in the life of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The run that made it.
    pub run: i64,
    /// Time of that run, microseconds since 1970-01-01 UTC.
    pub at: i64,
    /// The field, by its name on the wire.
    pub field: String,
    /// RESO `ChangeType`, or `Freeze` or `Thaw`.
    pub change_type: String,
    /// The value before.
    pub previous_value: Option<String>,
    /// The value after.
    pub new_value: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// One change, about to be written.
pub(super) struct Entry<'a> {
    pub(super) field: &'a str,
    pub(super) change_type: &'a str,
    pub(super) previous: Option<String>,
    pub(super) new: Option<String>,
    pub(super) reason: Option<&'a str>,
}

/// Forgets what a run has written of a listing so far.
pub(super) fn forget(run: &Run<'_>, id: i64) -> Result<()> {
    connection(run)
        .prepare_cached(queries::HISTORY_FORGET)?
        .execute([id, run.number])?;
    Ok(())
}

/// Writes what a run changed of a listing.
pub(super) fn write(
    run: &Run<'_>,
    id: i64,
    start: &[Value],
    end: &Listing,
    frozen: bool,
) -> Result<()> {
    for field in PRICES {
        let previous = image::integer(LISTING, start, field.name());
        let new = match end.get(field) {
            FieldValue::Money(amount) => Some(amount),
            _ => None,
        };
        if previous != new {
            let entry = Entry {
                field: field.name(),
                change_type: "PriceChange",
                previous: previous.map(|amount| amount.to_string()),
                new: new.map(|amount| amount.to_string()),
                reason: None,
            };
            push(run, id, &entry)?;
        }
    }
    let previous = status(start);
    if previous != end.standard_status {
        let entry = Entry {
            field: ListingField::StandardStatus.name(),
            change_type: change_type(previous, end.standard_status),
            previous: previous.map(|status| status.as_str().to_owned()),
            new: end.standard_status.map(|status| status.as_str().to_owned()),
            reason: None,
        };
        push(run, id, &entry)?;
    }
    if (image::integer(LISTING, start, "frozen") == Some(1)) != frozen {
        push(run, id, &freeze(frozen, None))?;
    }
    Ok(())
}

/// The status in a captured row.
pub(super) fn status(row: &[Value]) -> Option<StandardStatus> {
    match image::value(LISTING, row, ListingField::StandardStatus.name()) {
        Some(Value::Text(text)) => StandardStatus::from_code(text),
        _ => None,
    }
}

/// The entry of a freeze or thaw.
pub(super) fn freeze(frozen: bool, reason: Option<&str>) -> Entry<'_> {
    let word = |frozen: bool| Some(if frozen { "1" } else { "0" }.to_owned());
    Entry {
        field: "frozen",
        change_type: if frozen { "Freeze" } else { "Thaw" },
        previous: word(!frozen),
        new: word(frozen),
        reason,
    }
}

pub(super) fn push(run: &Run<'_>, id: i64, entry: &Entry<'_>) -> Result<()> {
    connection(run)
        .prepare_cached(queries::HISTORY_INSERT)?
        .execute((
            id,
            run.number,
            run.start.now.as_microsecond(),
            entry.field,
            entry.change_type,
            &entry.previous,
            &entry.new,
            entry.reason,
        ))?;
    Ok(())
}

/// RESO's word for a change of status.
fn change_type(previous: Option<StandardStatus>, new: Option<StandardStatus>) -> &'static str {
    use StandardStatus::{
        Active, ActiveUnderContract, Canceled, Closed, Delete, Expired, Hold, Pending, Withdrawn,
    };
    let was_off = matches!(
        previous,
        Some(
            Withdrawn | Canceled | Expired | Closed | Hold | Delete | Pending | ActiveUnderContract
        )
    );
    match new {
        Some(Active) if was_off => "BackOnMarket",
        Some(Delete) => "Deleted",
        Some(status) => status.as_str(),
        None => "StatusChange",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_status_have_resos_words() {
        use StandardStatus::{Active, Closed, ComingSoon, Withdrawn};
        assert_eq!(change_type(Some(Withdrawn), Some(Active)), "BackOnMarket");
        assert_eq!(change_type(Some(ComingSoon), Some(Active)), "Active");
        assert_eq!(change_type(Some(Active), Some(Closed)), "Closed");
        assert_eq!(change_type(Some(Active), Some(Withdrawn)), "Withdrawn");
    }
}
