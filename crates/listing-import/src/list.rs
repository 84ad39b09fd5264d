//! `list`: stored listings that fit an expression.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::Result;
use cli::expr::Expr;
use cli::open::{self, Access};
use cli::{Destination, Outcome, Reveal, Shape, Spool, Ui};
use model::field::{Kind, Value};
use model::listing::ListingField;
use serde_json::json;
use store::{ErrorKind, Store, StoredListing};

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

/// What an expression may ask for beside the fields.
const STORED: &[(&str, Kind)] = &[
    ("listing_key", Kind::Text),
    ("home_key", Kind::Text),
    ("frozen", Kind::Flag),
    ("verification", Kind::Code),
    (MEDIA_COUNT, Kind::Integer),
];
/// How many photos, videos, tours and plans it shows, as tables of media and JSON rows tell.
const MEDIA_COUNT: &str = "media_count";

/// Whether a stored listing fits an expression.
fn fits(expr: &Expr, stored: &StoredListing, media: &HashMap<String, u64>) -> bool {
    expr.matches(&|name| match name {
        MEDIA_COUNT => {
            let count = media.get(&stored.key).copied().unwrap_or(0);
            Some(Value::Integer(count.cast_signed()))
        }
        "listing_key" => Some(Value::Text(&stored.key)),
        "home_key" => Some(Value::Text(&stored.home_key)),
        "frozen" => Some(Value::Flag(stored.frozen)),
        "verification" => Some(Value::Text(stored.verification.as_str())),
        name => ListingField::from_name(name).map(|field| stored.listing.get(field)),
    })
}

/// Lists the listings, ordered by key.
pub(crate) fn run(args: &Args, expr: Option<&str>, ui: &mut Ui) -> Result<Outcome> {
    let expr = expr
        .map(|expr| scope::expression(expr, STORED, ui))
        .transpose()?;
    let reveal = Reveal::from_args(&args.output)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let most = args.output.limit.unwrap_or(u64::MAX);
    match &reveal {
        Reveal::Masked => {
            let store = open::open(ui, Access::Read)?;
            gather(&store, expr.as_ref(), false, most, &mut spool)?;
        }
        Reveal::Shown { reason, limit } => {
            // Showing private values is a run of its own, so that the log says who saw how much, and why.
            let mut store = open::open(ui, Access::Write)?;
            let mut run = store
                .begin(open::start(ui, "list --reveal", ""))
                .map_err(open::failure)?;
            let payload = json!({ "reason": reason, "limit": limit, "fields": "private" });
            run.decide("reveal", "listing", &payload.to_string())
                .map_err(open::failure)?;
            gather(run.store(), expr.as_ref(), true, most, &mut spool)?;
            run.commit("{}", "done").map_err(open::failure)?;
        }
    }
    spool.deliver(destination, &Shape::new(&listing_columns()).table(TABLE))?;
    Ok(Outcome::Done)
}

/// Spools the listings that fit, with the file and line each was last read from.
fn gather(
    store: &Store,
    expr: Option<&Expr>,
    reveal: bool,
    most: u64,
    spool: &mut Spool,
) -> Result<()> {
    let mut sources: HashMap<i64, String> = HashMap::new();
    let asks = expr.is_some_and(|expr| expr.fields().contains(&MEDIA_COUNT));
    let media = match asks {
        true => store.media_counts().map_err(open::failure)?,
        false => HashMap::new(),
    };
    let mut failed = None;
    let mut each = |stored: &StoredListing| {
        let fits = expr.is_none_or(|expr| fits(expr, stored, &media));
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
            .push(&record(stored, source, reveal))
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

fn record<'a>(stored: &'a StoredListing, source: &'a str, reveal: bool) -> ListingRecord<'a> {
    ListingRecord {
        change: Change {
            source,
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
