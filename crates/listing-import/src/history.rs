//! `history LISTING`: every change in the life of a listing, and how it fares on the market.

use anyhow::Result;
use cli::open::{self, Access};
use cli::schema::{SchemaField, WireKind};
use cli::{Destination, Failure, Outcome, Shape, Summary, Ui};
use model::area::Hundredths;
use model::field::{Kind, Storage};
use model::jiff::Timestamp;
use model::listing::{Listing, ListingField};
use model::mask;
use model::money::{Currency, MinorAmount};
use model::rule::Lang;
use serde_json::{Map, Value, json};
use store::{Change, Store, StoredListing};

use crate::args::Args;
use crate::market::Market;

/// What a change says, in order.
pub(crate) const FIELDS: [SchemaField<'static>; 10] = [
    ("listing_key", WireKind::Text, "Key of the listing"),
    ("listing_id", WireKind::Text, "Id at its source"),
    ("run", WireKind::Integer, "Run that made the change"),
    ("at", WireKind::Instant, "Time of that run"),
    (
        "change_type",
        WireKind::Text,
        "RESO ChangeType, NewListing, Freeze or Thaw",
    ),
    ("field", WireKind::Text, "Field that changed"),
    ("previous_value", WireKind::Text, "Its value before"),
    ("new_value", WireKind::Text, "Its value after"),
    ("currency", WireKind::Text, "Currency of an amount"),
    ("reason", WireKind::Text, "Why"),
];

/// Columns of the table people see.
const TABLE: &[&str] = &[
    "listing_id",
    "run",
    "at",
    "change_type",
    "field",
    "previous_value",
    "new_value",
    "reason",
];

/// Tells the history of the listings meant, oldest change first.
pub(crate) fn run(args: &Args, name: &str, ui: &mut Ui) -> Result<Outcome> {
    let destination = Destination::open(ui, &args.output)?;
    let store = open::open(ui, Access::Read)?;
    let listings = find(&store, name.trim())?;
    let mut spool = destination.spool()?;
    let mut summary = Summary::new(listings.len() as u64, 0);
    let mut told = Vec::new();
    for stored in &listings {
        let history = store.history_of(stored).map_err(open::failure)?;
        let brought = store.run(stored.created_run).map_err(open::failure)?;
        let brought = Timestamp::from_microsecond(brought.started_at)?;
        spool.push(&record(ui, stored, stored.created_run, brought, None))?;
        for change in &history {
            let at = Timestamp::from_microsecond(change.at)?;
            spool.push(&record(ui, stored, change.run, at, Some(change)))?;
        }
        let brought = ui.tz().to_datetime(brought).date();
        let market = Market::of(&stored.listing, &history, brought, ui.today(), ui.tz());
        summary = summary.remark(in_words(stored, &market, ui.lang()));
        told.push(facts(stored, &market));
    }
    spool.deliver(
        destination,
        &Shape::new(&FIELDS.map(|(name, ..)| name)).table(TABLE),
    )?;
    summary.value("listings", told).give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// The listings meant: the one with this key, or all with this id at their source.
fn find(store: &Store, name: &str) -> Result<Vec<StoredListing>, Failure> {
    if let Some(stored) = store.listing(name, false).map_err(open::failure)? {
        return Ok(vec![stored]);
    }
    let mut found = Vec::new();
    store
        .listings(|stored| {
            let listing = &stored.listing;
            if listing.listing_id == name || listing.originating_system_key == name {
                found.push(stored.clone());
            }
            Ok(())
        })
        .map_err(open::failure)?;
    if found.is_empty() {
        return Err(Failure::failed(format!("the store knows no listing `{name}`")).hint(
            "give its key or its id at its source; `listing-import list 'subdivision_name contains …' --columns listing_key,listing_id,title` finds them",
        ));
    }
    Ok(found)
}

/// A change as a record; without one, that the listing came.
fn record(
    ui: &Ui,
    stored: &StoredListing,
    run: i64,
    at: Timestamp,
    change: Option<&Change>,
) -> Map<String, Value> {
    let at = at.to_zoned(ui.tz().clone());
    let text = |of: fn(&Change) -> Option<&String>| {
        let change = change?;
        Some(value(&stored.listing, &change.field, of(change)?))
    };
    let amount = change.is_some_and(|change| kind(&change.field) == Some(Kind::Money));
    let currency = currency(&stored.listing);
    let currency = Some(currency.as_str()).filter(|_| amount);
    let members = [
        ("listing_key", json!(stored.key)),
        ("listing_id", json!(stored.listing.listing_id)),
        ("run", json!(run)),
        ("at", json!(at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())),
        (
            "change_type",
            json!(change.map_or("NewListing", |change| change.change_type.as_str())),
        ),
        ("field", json!(change.map(|change| &change.field))),
        (
            "previous_value",
            json!(text(|change| change.previous_value.as_ref())),
        ),
        ("new_value", json!(text(|change| change.new_value.as_ref()))),
        ("currency", json!(currency)),
        (
            "reason",
            json!(change.and_then(|change| change.reason.as_ref())),
        ),
    ];
    let named = members.map(|(name, value)| (name.to_owned(), value));
    named.into_iter().collect()
}

fn kind(field: &str) -> Option<Kind> {
    Some(ListingField::from_name(field)?.field().kind)
}

/// History keeps numbers as the store does, and not of which currency: amounts are told in the listing's.
fn currency(listing: &Listing) -> Currency {
    listing.currency.unwrap_or(Currency::CNY)
}

/// A value of history as people read it, a private one masked.
fn value(listing: &Listing, field: &str, text: &str) -> Value {
    let number = text.parse::<i64>();
    match (ListingField::from_name(field), kind(field), number) {
        (Some(field), ..) if field.field().storage == Storage::Sealed => {
            mask::listing_field(field, text).into()
        }
        (_, Some(Kind::Money), Ok(minor)) => {
            MinorAmount(minor, currency(listing)).to_string().into()
        }
        (_, Some(Kind::Area), Ok(hundredths)) => Hundredths(hundredths).to_string().into(),
        (_, Some(Kind::Integer), Ok(number)) => number.into(),
        (_, Some(Kind::Flag), Ok(flag)) => (flag != 0).into(),
        (None, _, Ok(flag @ (0 | 1))) => (flag == 1).into(),
        _ => text.into(),
    }
}

fn facts(stored: &StoredListing, market: &Market) -> Value {
    let day = |day: Option<model::jiff::civil::Date>| day.map(|day| day.to_string());
    json!({
        "listing_key": stored.key,
        "listing_id": stored.listing.listing_id,
        "days_on_market": market.days,
        "on_market_since": day(market.since),
        "off_market": day(market.until),
        "price_drops": market.price_drops,
        "last_price_drop": day(market.last_drop),
        "price_change_percent": market.price_change_percent.map(|percent| percent.to_string()),
        "last_price_change": day(market.last_price_change),
    })
}

/// How a listing fares, on one line.
fn in_words(stored: &StoredListing, market: &Market, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let mut parts = Vec::new();
    if let (Some(days), Some(since)) = (market.days, market.since) {
        parts.push(match (zh, market.until) {
            (false, None) => format!("{days} days on the market since {since}"),
            (false, Some(until)) => format!("{days} days on the market, {since} to {until}"),
            (true, None) => format!("自 {since} 起在市 {days} 天"),
            (true, Some(until)) => format!("{since} 至 {until} 在市 {days} 天"),
        });
    }
    if let Some(last) = market.last_drop {
        parts.push(match (zh, market.price_drops) {
            (false, 1) => format!("price lowered on {last}"),
            (false, drops) => format!("price lowered {drops} times, the last on {last}"),
            (true, drops) => format!("降价 {drops} 次，最近一次 {last}"),
        });
    }
    if let Some(percent) = market.price_change_percent {
        parts.push(match zh {
            false => format!("{percent:+} % in all"),
            true => format!("累计 {percent:+}%"),
        });
    }
    if parts.is_empty() {
        let nothing = match zh {
            false => "nothing tells how long it was on the market",
            true => "无从得知在市天数",
        };
        parts.push(nothing.to_owned());
    }
    let id = &stored.listing.listing_id;
    let name = if id.is_empty() { &stored.key } else { id };
    if zh {
        format!("{name}：{}", parts.join("，"))
    } else {
        format!("{name}: {}", parts.join(", "))
    }
}
