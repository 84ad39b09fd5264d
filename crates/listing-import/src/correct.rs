//! `correct`: changes of what verification has locked, asked for by a person, and the list of all that were
//! asked for. What is decided of them is [`crate::decisions`]' work.

use anyhow::Result;
use cli::schema::{SchemaField, WireKind};
use cli::{Destination, Failure, Outcome, Shape, Summary, Ui, open};
use model::codes::AreaUnit;
use model::listing::{Listing, ListingField};
use model::money::Currency;
use model::rule::Lang;
use serde_json::{Value, json};
use store::{Action, Correction, CorrectionWrite, StoredListing};

use crate::args::Args;
use crate::disclose;
use crate::emit::present;
use crate::locked::{LOCKED, Wanted};
use crate::normalise::{Defaults, Zone, read_value};
use crate::subject;

/// What a record of corrections says, in order.
pub(crate) const FIELDS: [SchemaField<'static>; 11] = [
    ("correction_key", WireKind::Text, "Key of the correction"),
    (
        "status",
        WireKind::OneOf(&["pending", "approved", "rejected", "withdrawn"]),
        "How it stands",
    ),
    (
        "action",
        WireKind::OneOf(&["new", "changed", "unchanged"]),
        "What a request came to",
    ),
    (
        "listing_id",
        WireKind::Text,
        "Id of the listing at its source",
    ),
    ("listing_key", WireKind::Text, "Key of the listing"),
    (
        "changes",
        WireKind::Object,
        "Field to value and wanted value",
    ),
    (
        "origin",
        WireKind::OneOf(&["import", "person"]),
        "Who asked",
    ),
    ("requested_at", WireKind::Instant, "When"),
    ("requested_by", WireKind::Text, "User who ran it"),
    ("reason", WireKind::Text, "Why"),
    ("decided_by", WireKind::Text, "User who decided it"),
];

/// Asks for a correction.
pub(crate) fn request(args: &Args, name: &str, changes: &[String], ui: &mut Ui) -> Result<Outcome> {
    let lang = ui.lang();
    let reason = args.output.reason.as_deref().map(str::trim);
    let reason = reason.filter(|reason| !reason.is_empty()).ok_or_else(|| {
        Failure::usage("a correction needs a reason").hint("pass `--reason TEXT`; it is recorded")
    })?;
    let changes: Vec<(&str, &str)> = changes
        .iter()
        .map(|change| crate::split(change, "FIELD=VALUE"))
        .collect::<Result<_, _>>()?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    // What is wrong with the wishes is told before the store is waited for.
    let mut checked = Listing::default();
    read(&changes, &Listing::default(), &mut checked, ui)?;
    let mut store = open::for_change(args.store.dry_run, ui)?;
    let key = subject::listing(&store.store, name, lang)?.key;
    let mut run = store
        .store
        .begin(open::start(ui, "correct request", ""))
        .map_err(open::failure)?;
    let stored = run.store().listing(&key, true).map_err(open::failure)?;
    let stored = stored.ok_or_else(|| Failure::failed(format!("there is no listing {key}")))?;
    let mut wanted = Listing::default();
    let mut fields = read(&changes, &stored.listing, &mut wanted, ui)?;
    fields.retain(|field| wanted.get(*field) != stored.listing.get(*field));
    if fields.is_empty() {
        return Err(Failure::failed(match lang {
            Lang::En => "the listing says all of this already",
            Lang::Zh => "房源信息已与申请一致",
        })
        .into());
    }
    let known = run.store().corrections_of(&key).map_err(open::failure)?;
    let pending = known
        .iter()
        .find(|known| known.status == "pending" && known.origin == "person");
    // A second request adds to the first.
    let mut asked = pending
        .map(|known| Wanted::parse(&known.changes, &known.private))
        .unwrap_or_default();
    asked.extend(Wanted::of(&stored.listing, &wanted, &fields));
    let (open, private) = asked.texts();
    let write = CorrectionWrite {
        listing_key: &key,
        origin: "person",
        changes: &open,
        private: &private,
        reason: Some(reason),
    };
    let (correction_key, action) = run.request_correction(&write).map_err(open::failure)?;
    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    let payload = json!({ "listing": key, "about": names, "reason": reason });
    run.decide("request-correction", &correction_key, &payload.to_string())
        .map_err(open::failure)?;
    let correction = run.store().correction(&correction_key);
    let number = run.number();
    if let Some(correction) = correction.map_err(open::failure)? {
        let record = record(&correction, &stored, Some(action), false);
        run.record(&record.to_string()).map_err(open::failure)?;
        spool.push(&record)?;
    }
    run.commit(&json!({ "corrections": 1 }).to_string(), "done")
        .map_err(open::failure)?;
    spool.deliver(
        destination.of_run(number),
        &Shape::new(&FIELDS.map(|(name, ..)| name)),
    )?;
    let mut summary = Summary::new(1, 0).dry_run(args.store.dry_run);
    if !args.store.dry_run {
        summary = summary.run(number);
    }
    let (name, count) = match action {
        Action::Unchanged => ("unchanged", 1),
        _ => ("corrections", 1),
    };
    summary.count(name, count).give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// Reads `field=value` pairs with the parsers of an import; returns the locked fields they set.
fn read(
    changes: &[(&str, &str)],
    stored: &Listing,
    wanted: &mut Listing,
    ui: &Ui,
) -> Result<Vec<ListingField>> {
    let defaults = Defaults {
        currency: Currency::CNY,
        area_unit: stored
            .building_area_units
            .or(stored.living_area_units)
            .unwrap_or(AreaUnit::SquareMeters),
        time_zone: Zone::new(ui.tz().clone()),
    };
    for (name, value) in changes {
        let field = ListingField::from_name(name).filter(|field| LOCKED.contains(field));
        if field.is_none() && !matches!(*name, "layout" | "floor") {
            let names: Vec<&str> = LOCKED.iter().map(|field| field.name()).collect();
            return Err(Failure::usage(format!("`{name}` is not corrected by request"))
                .hint(format!(
                    "a correction changes layout, floor, {}; everything else follows the next import",
                    names.join(", ")
                ))
                .into());
        }
        let mut one = Listing::default();
        let findings = read_value(name, value, &defaults, &mut one);
        let set = |field: &ListingField| !one.get(*field).is_null();
        let fields: Vec<ListingField> = LOCKED.into_iter().filter(set).collect();
        if !findings.is_empty() || fields.is_empty() {
            let private = field.is_some_and(is_private);
            let shown = if private { "***" } else { value };
            let why = findings.first().map(|finding| finding.message(ui.lang()));
            let failure = Failure::usage(format!("`{name}={shown}` cannot be read"));
            return Err(match why {
                Some(why) if !private => failure.hint(why),
                _ => failure.hint("write the value as an import would have it"),
            }
            .into());
        }
        for field in fields {
            wanted.set(field, one.get(field));
        }
    }
    let set = |field: &ListingField| !wanted.get(*field).is_null();
    Ok(LOCKED.into_iter().filter(set).collect())
}

fn is_private(field: ListingField) -> bool {
    field.field().storage == model::field::Storage::Sealed
}

/// Lists corrections, ordered by key.
pub(crate) fn list(args: &Args, pending: bool, ui: &mut Ui) -> Result<Outcome> {
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let status = pending.then_some("pending");
    disclose::read(
        ui,
        &args.output,
        "correct list",
        "correction",
        |store, reveal| {
            for correction in store.corrections(status).map_err(open::failure)? {
                let stored = store.listing(&correction.listing_key, false);
                if let Some(stored) = stored.map_err(open::failure)? {
                    spool.push(&record(&correction, &stored, None, reveal))?;
                }
            }
            Ok(())
        },
    )?;
    spool.deliver(destination, &Shape::new(&FIELDS.map(|(name, ..)| name)))?;
    Ok(Outcome::Done)
}

fn record(
    correction: &Correction,
    stored: &StoredListing,
    action: Option<Action>,
    reveal: bool,
) -> Value {
    let at = model::jiff::Timestamp::from_microsecond(correction.requested_at).ok();
    json!({
        "correction_key": correction.key,
        "status": correction.status,
        "action": action.map(Action::as_str),
        "listing_id": present(&stored.listing.listing_id),
        "listing_key": stored.key,
        "changes": Wanted::parse(&correction.changes, &correction.private).shown(reveal),
        "origin": correction.origin,
        "requested_at": at.map(|at| at.to_string()),
        "requested_by": correction.requested_by,
        "reason": correction.reason,
        "decided_by": correction.decided_by,
    })
}
