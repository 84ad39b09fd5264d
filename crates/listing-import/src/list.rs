//! `list`: stored listings that fit an expression.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::Result;
use cli::expr::Expr;
use cli::open;
use cli::schema::{SchemaField, WireKind};
use cli::{Destination, Format, Outcome, Reveal, Spool, Summary, Ui, columns};
use model::codes::Verification;
use model::field::{Kind, Value};
use model::jiff::Timestamp;
use model::jiff::civil::Date;
use model::listing::ListingField;
use serde::ser::{Serialize, SerializeMap, Serializer};
use store::{ErrorKind, Store, StoredListing};

use crate::args::Args;
use crate::disclose;
use crate::emit::{listing_columns, listing_shape, present, shown, wire};
use crate::market::{self, Market};
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

/// How many photos, videos, tours and plans a listing shows, as tables of media and its own row tell.
const MEDIA_COUNT: &str = "media_count";
/// The same, for the schema.
pub(crate) const MEDIA_COUNT_FIELD: SchemaField<'_> = (
    MEDIA_COUNT,
    WireKind::Integer,
    "Photos, videos, tours and plans that it shows",
);

/// Lists the listings, ordered by key.
pub(crate) fn run(
    args: &Args,
    expr: Option<&str>,
    wanted: &[String],
    ui: &mut Ui,
) -> Result<Outcome> {
    cli::keep_apart(&[], &args.output, &args.rejects, &args.run)?;
    let told = market::FIELDS.map(|(name, kind, _)| (name, kind));
    let more = [scope::STORED, &[(MEDIA_COUNT, Kind::Integer)], &told].concat();
    let expr = expr
        .map(|expr| scope::expression(expr, &more, ui))
        .transpose()?;
    let reveal = Reveal::from_args(&args.output)?;
    let chosen = columns::choose(wanted, &every_column())?;
    let destination = Destination::open(ui, &args.output)?;
    let question = Question::new(expr, &chosen, destination.format(), reveal.is_shown(), ui);
    let mut spool = destination.spool()?;
    let most = args.output.limit.unwrap_or(u64::MAX);
    disclose::read(ui, &args.output, "list", "listing", |store, _| {
        question.gather(store, most, &mut spool)
    })?;
    let listed = spool.len();
    let names: Vec<&str> = question.columns.iter().map(|(name, _)| *name).collect();
    listing_shape(&names, |shape| {
        spool.deliver(destination, &shape.table(&question.table))
    })?;
    if args.run.summary.is_some() {
        Summary::new(listed, 0).give(ui, &args.run)?;
    }
    Ok(Outcome::Done)
}

/// Every column that can be chosen.
fn every_column() -> Vec<&'static str> {
    let told = market::FIELDS.map(|(name, ..)| name);
    listing_columns()
        .into_iter()
        .chain([ListingField::Extra.name(), MEDIA_COUNT])
        .chain(told)
        .collect()
}

/// What a column holds.
#[derive(Clone, Copy)]
enum Column {
    Source,
    Line,
    ListingKey,
    HomeKey,
    Frozen,
    Verification,
    MediaCount,
    Field(ListingField),
    /// What the history tells.
    Market,
}

impl Column {
    fn of(name: &str) -> Self {
        match name {
            "source" => Column::Source,
            "line" => Column::Line,
            "listing_key" => Column::ListingKey,
            "home_key" => Column::HomeKey,
            "frozen" => Column::Frozen,
            "verification" => Column::Verification,
            MEDIA_COUNT => Column::MediaCount,
            _ => ListingField::from_name(name).map_or(Column::Market, Column::Field),
        }
    }
}

/// What is asked of the stored listings.
struct Question {
    expr: Option<Expr>,
    columns: Vec<(&'static str, Column)>,
    /// Columns of the table people see.
    table: Vec<&'static str>,
    /// Whether the history is to be read.
    needs_market: bool,
    /// Whether what it tells is shown.
    shows_market: bool,
    /// Whether media are to be counted.
    needs_media: bool,
    reveal: bool,
    today: Date,
    tz: model::jiff::tz::TimeZone,
}

/// One listing, and what the columns show beside it.
struct Listed<'a> {
    stored: &'a StoredListing,
    source: &'a str,
    market: Option<Market>,
    media: i64,
    columns: &'a [(&'static str, Column)],
    /// Whether it counts as verified on the day it is listed.
    verification: Verification,
    reveal: bool,
}

impl Question {
    fn new(
        expr: Option<Expr>,
        chosen: &[&'static str],
        format: Format,
        reveal: bool,
        ui: &Ui,
    ) -> Self {
        let asked: Vec<&'static str> = every_column()
            .into_iter()
            .filter(|name| market::tells(name))
            .filter(|name| {
                expr.as_ref()
                    .is_some_and(|expr| expr.fields().contains(name))
            })
            .collect();
        let for_people = matches!(format, Format::Table | Format::Md);
        let (mut names, mut table) = (chosen.to_vec(), chosen.to_vec());
        if chosen.is_empty() {
            names = listing_columns();
            table = TABLE.to_vec();
            if for_people {
                table.extend(&asked);
                names.extend(
                    asked
                        .iter()
                        .filter(|name| ListingField::from_name(name).is_none()),
                );
            }
        }
        let asks_media = expr
            .as_ref()
            .is_some_and(|expr| expr.fields().contains(&MEDIA_COUNT));
        // Whoever passes listings on as they are passes on what their source said.
        let shows_market =
            chosen.iter().any(|name| market::tells(name)) || (for_people && !asked.is_empty());
        Question {
            columns: names.iter().map(|name| (*name, Column::of(name))).collect(),
            table,
            needs_market: shows_market || !asked.is_empty(),
            shows_market,
            needs_media: asks_media || chosen.contains(&MEDIA_COUNT),
            expr,
            reveal,
            today: ui.today(),
            tz: ui.tz().clone(),
        }
    }

    /// Spools the listings that fit, with the file and line each was last read from.
    fn gather(&self, store: &Store, most: u64, spool: &mut Spool) -> Result<()> {
        let mut sources: HashMap<i64, String> = HashMap::new();
        let mut runs: HashMap<i64, Date> = HashMap::new();
        let media = match self.needs_media {
            true => store.media_counts().map_err(open::failure)?,
            false => HashMap::new(),
        };
        let mut failed = None;
        let mut each = |stored: &StoredListing| {
            if spool.len() >= most {
                return Ok(());
            }
            let market = match self.needs_market {
                true => Some(self.market(store, stored, &mut runs)?),
                false => None,
            };
            let media = media.get(&stored.key).copied().unwrap_or(0).cast_signed();
            if !self.fits(stored, market.as_ref(), media) {
                return Ok(());
            }
            let source = match sources.entry(stored.input) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let input = store.input(stored.input)?;
                    new.insert(input.map(|input| input.source).unwrap_or_default())
                }
            };
            let listed = Listed {
                stored,
                source,
                market: market.filter(|_| self.shows_market),
                media,
                columns: &self.columns,
                verification: stored.verification_on(self.today),
                reveal: self.reveal,
            };
            spool.push(&listed).map_err(|error| {
                failed = Some(error);
                store::Error::new(ErrorKind::Other, "the records cannot be kept")
            })?;
            Ok(())
        };
        let read = if self.reveal {
            store.listings_revealed(&mut each)
        } else {
            store.listings(&mut each)
        };
        match failed {
            Some(error) => Err(error),
            None => Ok(read.map_err(open::failure)?),
        }
    }

    /// How a listing fares; `runs` remembers the days of the runs that brought listings.
    fn market(
        &self,
        store: &Store,
        stored: &StoredListing,
        runs: &mut HashMap<i64, Date>,
    ) -> store::Result<Market> {
        let brought = match runs.entry(stored.created_run) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let at = Timestamp::from_microsecond(store.run(stored.created_run)?.started_at);
                let day = at.map_or(self.today, |at| self.tz.to_datetime(at).date());
                *new.insert(day)
            }
        };
        let history = store.history_of(stored)?;
        Ok(Market::of(
            &stored.listing,
            &history,
            brought,
            self.today,
            &self.tz,
        ))
    }

    /// Whether a stored listing fits the expression.
    fn fits(&self, stored: &StoredListing, market: Option<&Market>, media: i64) -> bool {
        let Some(expr) = &self.expr else {
            return true;
        };
        expr.matches(&|name| match name {
            MEDIA_COUNT => Some(Value::Integer(media)),
            name => market
                .and_then(|market| market.get(name))
                .or_else(|| scope::stored(stored, name, self.today)),
        })
    }
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = self.stored;
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (name, column) in self.columns {
            match (column, self.market.and_then(|market| market.get(name))) {
                (_, Some(value)) => map.serialize_entry(name, &wire(value)),
                (Column::Source, _) => map.serialize_entry(name, &present(self.source)),
                (Column::Line, _) => map.serialize_entry(name, &u64::try_from(stored.line).ok()),
                (Column::ListingKey, _) => map.serialize_entry(name, &stored.key),
                (Column::HomeKey, _) => map.serialize_entry(name, &stored.home_key),
                (Column::Frozen, _) => map.serialize_entry(name, &stored.frozen),
                (Column::Verification, _) => map.serialize_entry(name, self.verification.as_str()),
                (Column::MediaCount, _) => map.serialize_entry(name, &self.media),
                (Column::Field(field), _) => {
                    map.serialize_entry(name, &shown(&stored.listing, *field, self.reveal))
                }
                (Column::Market, None) => map.serialize_entry(name, &()),
            }?;
        }
        map.end()
    }
}
