//! `list`: stored listings that fit an expression.

use anyhow::Result;
use cli::open::{self, Access};
use cli::{Destination, Outcome, Reveal, Shape, Ui};
use serde_json::json;
use store::{ErrorKind, StoredListing};

use crate::args::Args;
use crate::emit::{Change, ListingRecord, listing_columns};
use crate::scope;

/// Columns of the table on a terminal.
const TABLE: &[&str] = &[
    "listing_id",
    "city",
    "county_or_parish",
    "subdivision_name",
    "bedrooms_total",
    "building_area_total",
    "living_area",
    "list_price",
    "lease_amount",
    "frozen",
];

/// Lists the listings, ordered by key.
pub(crate) fn run(args: &Args, expr: Option<&str>, ui: &mut Ui) -> Result<Outcome> {
    let expr = expr.map(|expr| scope::expression(expr, ui)).transpose()?;
    let reveal = Reveal::from_args(&args.output)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let most = args.output.limit.unwrap_or(u64::MAX);
    let mut failed = None;
    let mut each = |stored: &StoredListing| {
        if spool.len() >= most
            || !expr
                .as_ref()
                .is_none_or(|expr| scope::fits(expr, &stored.listing))
        {
            return Ok(());
        }
        if let Err(error) = spool.push(&record(stored, reveal.is_shown())) {
            failed = Some(error);
            return Err(store::Error::new(ErrorKind::Other, "cannot spool"));
        }
        Ok(())
    };
    let read = match &reveal {
        Reveal::Masked => open::open(ui, Access::Read)?.listings(&mut each),
        Reveal::Shown { reason, limit } => {
            // Showing private values is a run of its own, so that the log says who saw how much, and why.
            let mut store = open::for_writing(false, ui)?;
            let mut run = store
                .store
                .begin(open::start(ui, "list --reveal", ""))
                .map_err(open::failure)?;
            let payload = json!({ "reason": reason, "limit": limit, "fields": "private" });
            run.decide("reveal", "listing", &payload.to_string())
                .map_err(open::failure)?;
            let read = run.store().listings_revealed(&mut each);
            read.and_then(|()| run.commit("{}", "done").map(|_| ()))
        }
    };
    if let Some(error) = failed {
        return Err(error);
    }
    read.map_err(open::failure)?;
    spool.deliver(destination, &Shape::new(&listing_columns()).table(TABLE))?;
    Ok(Outcome::Done)
}

fn record(stored: &StoredListing, reveal: bool) -> ListingRecord<'_> {
    ListingRecord {
        change: Change {
            source: "",
            line: u64::try_from(stored.line).ok(),
            listing_id: &stored.listing.listing_id,
            listing_key: Some(&stored.key),
            action: "",
            frozen: stored.frozen,
            verification: stored.verification,
            standard_status: None,
            home_key: Some(&stored.home_key),
            findings: &[],
        },
        listing: &stored.listing,
        reveal,
    }
}
