//! `list`: stored listings that fit an expression.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::Result;
use cli::expr::Expr;
use cli::open;
use cli::{Destination, Outcome, Shape, Spool, Ui};
use model::field::{Kind, Value};
use model::jiff::civil::Date;
use model::listing::ListingField;
use store::{ErrorKind, Store, StoredListing};

use crate::args::Args;
use crate::disclose;
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

/// What an expression may ask for beside the fields.
pub(crate) const STORED: &[(&str, Kind)] = &[
    ("listing_key", Kind::Text),
    ("home_key", Kind::Text),
    ("frozen", Kind::Flag),
    ("verification", Kind::Code),
];

/// Whether a stored listing fits an expression.
pub(crate) fn fits(expr: &Expr, stored: &StoredListing, today: Date) -> bool {
    expr.matches(&|name| match name {
        "listing_key" => Some(Value::Text(&stored.key)),
        "home_key" => Some(Value::Text(&stored.home_key)),
        "frozen" => Some(Value::Flag(stored.frozen)),
        "verification" => Some(Value::Text(stored.verification_on(today).as_str())),
        name => ListingField::from_name(name).map(|field| stored.listing.get(field)),
    })
}

/// Lists the listings, ordered by key.
pub(crate) fn run(args: &Args, expr: Option<&str>, ui: &mut Ui) -> Result<Outcome> {
    let expr = expr
        .map(|expr| scope::expression(expr, STORED, ui))
        .transpose()?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let most = args.output.limit.unwrap_or(u64::MAX);
    let today = ui.today();
    disclose::read(ui, &args.output, "list", "listing", |store, reveal| {
        gather(store, expr.as_ref(), today, reveal, most, &mut spool)
    })?;
    spool.deliver(destination, &Shape::new(&listing_columns()).table(TABLE))?;
    Ok(Outcome::Done)
}

/// Spools the listings that fit, with the file and line each was last read from.
fn gather(
    store: &Store,
    expr: Option<&Expr>,
    today: Date,
    reveal: bool,
    most: u64,
    spool: &mut Spool,
) -> Result<()> {
    let mut sources: HashMap<i64, String> = HashMap::new();
    let mut failed = None;
    let mut each = |stored: &StoredListing| {
        let fits = expr.is_none_or(|expr| fits(expr, stored, today));
        if spool.len() >= most || !fits {
            return Ok(());
        }
        let source = match sources.entry(stored.input) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let input = store.input(stored.input)?;
                new.insert(input.map(|input| input.source).unwrap_or_default())
            }
        };
        spool
            .push(&record(stored, source, today, reveal))
            .map_err(|error| {
                failed = Some(error);
                store::Error::new(ErrorKind::Other, "the records cannot be kept")
            })?;
        Ok(())
    };
    let read = if reveal {
        store.listings_revealed(&mut each)
    } else {
        store.listings(&mut each)
    };
    match failed {
        Some(error) => Err(error),
        None => Ok(read.map_err(open::failure)?),
    }
}

fn record<'a>(
    stored: &'a StoredListing,
    source: &'a str,
    today: Date,
    reveal: bool,
) -> ListingRecord<'a> {
    ListingRecord {
        change: Change {
            source,
            line: u64::try_from(stored.line).ok(),
            listing_id: &stored.listing.listing_id,
            listing_key: Some(&stored.key),
            action: "",
            frozen: stored.frozen,
            verification: stored.verification_on(today),
            standard_status: None,
            home_key: Some(&stored.home_key),
            findings: &[],
        },
        listing: &stored.listing,
        reveal,
    }
}
