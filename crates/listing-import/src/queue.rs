//! `queue`: what waits for a person. Listings that are frozen or held, pending corrections, and pairs of
//! listings that may offer one home; the gravest first. The csv and xlsx forms are what a person fills in.

use anyhow::Result;
use cli::expr::Expr;
use cli::schema::{SchemaField, WireKind};
use cli::{Destination, Failure, Outcome, Shape, Summary, Ui, open};
use model::area::Hundredths;
use model::jiff::civil::Date;
use model::listing::Listing;
use model::money::{Currency, MinorAmount};
use model::rule::{Effect, Lang, Rule};
use serde_json::{Map, Value, json};
use store::{Correction, PairStatus, Question, Roster, Store, StoredListing};

use crate::args::{Args, QueueFilter, QueueKind};
use crate::disclose;
use crate::emit::{present, with_messages};
use crate::locked::Wanted;
use crate::scope;
use crate::settings::Rulebook;
use crate::standing::{self, Judgement, Kept};

/// What a record of the queue says, in order.
pub(crate) const FIELDS: [SchemaField<'static>; 25] = [
    ("queue_key", WireKind::Text, "Key by which it is decided"),
    (
        "kind",
        WireKind::OneOf(&["frozen", "held", "correction", "pair"]),
        "What waits",
    ),
    (
        "listing_id",
        WireKind::Text,
        "Id of the listing at its source",
    ),
    ("listing_key", WireKind::Text, "Key of the listing"),
    (
        "member_id",
        WireKind::Text,
        "Its agent, as the source names it",
    ),
    ("office_id", WireKind::Text, "Its office, likewise"),
    ("title", WireKind::Text, "Title of the advert"),
    (
        "findings",
        WireKind::Findings,
        "What the rules found, the gravest first",
    ),
    ("since_run", WireKind::Integer, "Run since which it waits"),
    ("home_key", WireKind::Text, "Key of the home it offers"),
    (
        "verification",
        WireKind::OneOf(&["unverified", "verified"]),
        "Whether its truth was looked into",
    ),
    ("community", WireKind::Text, "Community"),
    ("area", WireKind::Decimal, "Gross area, else the inner one"),
    (
        "floor",
        WireKind::Text,
        "Floor or part of the building, and floors of it",
    ),
    ("price", WireKind::Decimal, "Asking price, else the rent"),
    (
        "changes",
        WireKind::Object,
        "What a correction changes: field to value and wanted value",
    ),
    (
        "other_listing_id",
        WireKind::Text,
        "Id of the other listing of a pair",
    ),
    ("other_listing_key", WireKind::Text, "Its key"),
    ("other_community", WireKind::Text, "Its community"),
    ("other_area", WireKind::Decimal, "Its area"),
    ("other_floor", WireKind::Text, "Its floor"),
    ("other_price", WireKind::Decimal, "Its price"),
    (
        "evidence",
        WireKind::Object,
        "What speaks for one home and against it, thousandths of a bit",
    ),
    (
        "decision",
        WireKind::Text,
        "To be filled in: approve, reject, false, same or different",
    ),
    ("reason", WireKind::Text, "To be filled in: why"),
];
const TABLE: &[&str] = &[
    "queue_key",
    "kind",
    "listing_id",
    "member_id",
    "title",
    "findings",
    "changes",
    "other_listing_id",
];

/// Lists what waits.
pub(crate) fn run(args: &Args, filter: &QueueFilter, ui: &mut Ui) -> Result<Outcome> {
    let filter = Filter::new(args, filter, ui)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let lang = ui.lang();
    let mut waiting = 0;
    disclose::read(ui, &args.output, "queue", "correction", |store, reveal| {
        let items = gather(store, &filter, lang, reveal)?;
        waiting = items.len() as u64;
        items.iter().try_for_each(|item| spool.push(item).map(drop))
    })?;
    let columns = FIELDS.map(|(name, ..)| name);
    let shape = Shape::new(&columns).table(TABLE);
    let numbers = ["area", "price", "other_area", "other_price"];
    spool.deliver(destination, &shape.numbers(&numbers))?;
    Summary::new(waiting, 0)
        .count("waiting", waiting)
        .give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// What is asked for.
struct Filter {
    office: Option<String>,
    member: Option<String>,
    rules: Option<Vec<&'static Rule>>,
    kind: Option<QueueKind>,
    expr: Option<Expr>,
    today: Date,
}

impl Filter {
    fn new(args: &Args, asked: &QueueFilter, ui: &Ui) -> Result<Self> {
        let rules = match &asked.of_rule {
            None => None,
            Some(name) => {
                let effects = Rulebook::new(&args.rules, ui)?.effects;
                let found = effects.matching(name);
                // A name that fits none is told with the nearest.
                Some(match found.is_empty() {
                    true => vec![effects.find(name)?],
                    false => found,
                })
            }
        };
        let expr = asked
            .r#where
            .as_deref()
            .map(|expr| scope::expression(expr, scope::STORED, ui))
            .transpose()?;
        Ok(Filter {
            office: asked.office.clone(),
            member: asked.member.clone(),
            rules,
            kind: asked.kind,
            expr,
            today: ui.today(),
        })
    }

    fn wants(&self, kind: QueueKind) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind)
    }

    /// Whether a listing is one of those asked about.
    fn holds(&self, stored: &StoredListing, names: &Names) -> bool {
        let listing = &stored.listing;
        let office = self.office.as_ref().is_none_or(|office| {
            names.office.as_ref().unwrap_or(office) == &listing.list_office_id
                || *office == listing.list_office_name
        });
        let member = self.member.as_ref().is_none_or(|member| {
            *member == listing.list_agent_id
                || names
                    .roster
                    .find(&listing.originating_system_name, &listing.list_agent_id)
                    .is_some_and(|stored| stored.key == *member)
        });
        office
            && member
            && self
                .expr
                .as_ref()
                .is_none_or(|expr| expr.matches(&|name| scope::stored(stored, name, self.today)))
    }

    fn names_rule(&self, findings: &[Kept<'_>]) -> bool {
        self.rules.as_ref().is_none_or(|rules| {
            let grave = findings.iter().filter(|finding| is_grave(finding));
            let mut codes = grave.map(|finding| &finding.0);
            codes.any(|code| rules.iter().any(|rule| rule.code == code))
        })
    }
}

/// What keys stand for.
struct Names {
    /// The id of the office that is asked for by its key.
    office: Option<String>,
    /// Members, by what a source writes for one.
    roster: Roster,
}

fn gather(store: &Store, filter: &Filter, lang: Lang, reveal: bool) -> Result<Vec<Value>> {
    let office = match &filter.office {
        Some(key) => store.office_id(key).map_err(open::failure)?,
        None => None,
    };
    let names = Names {
        office,
        roster: store.roster().map_err(open::failure)?,
    };
    let (mut items, mut held) = listings(store, filter, &names, lang)?;
    items.append(&mut held);
    // Corrections and pairs are about no rule.
    if filter.rules.is_some() {
        return Ok(items);
    }
    if filter.wants(QueueKind::Correction) {
        for correction in store.corrections(Some("pending")).map_err(open::failure)? {
            let Some(stored) = listing(store, &correction.listing_key)? else {
                continue;
            };
            if filter.holds(&stored, &names) {
                items.push(of_correction(&correction, &stored, filter.today, reveal));
            }
        }
    }
    if filter.wants(QueueKind::Pair) {
        for pair in store
            .questions(PairStatus::Pending)
            .map_err(open::failure)?
        {
            let [a, b] = &pair.listing_keys;
            let (Some(a), Some(b)) = (listing(store, a)?, listing(store, b)?) else {
                continue;
            };
            if filter.holds(&a, &names) || filter.holds(&b, &names) {
                items.push(of_pair(&pair, &a, &b, filter.today));
            }
        }
    }
    Ok(items)
}

/// The listings that wait: frozen ones, then held ones, each by key.
fn listings(
    store: &Store,
    filter: &Filter,
    names: &Names,
    lang: Lang,
) -> Result<(Vec<Value>, Vec<Value>)> {
    let (mut frozen, mut held) = (Vec::new(), Vec::new());
    if !filter.wants(QueueKind::Frozen) && !filter.wants(QueueKind::Held) {
        return Ok((frozen, held));
    }
    let read = store.listings_kept_back(|stored| {
        let findings = findings(stored);
        let judgement = Judgement::parse(&stored.judgement);
        let stands = standing::standing(&findings, judgement.as_ref(), stored.content_hash);
        let (kind, items) = match stands.frozen {
            true => (QueueKind::Frozen, &mut frozen),
            false => (QueueKind::Held, &mut held),
        };
        if stands.open
            && filter.wants(kind)
            && filter.holds(stored, names)
            && filter.names_rule(&findings)
        {
            let since = store.frozen_by(stored)?;
            items.push(of_listing(
                stored,
                kind,
                &findings,
                since,
                filter.today,
                lang,
            ));
        }
        Ok(())
    });
    read.map_err(open::failure)?;
    Ok((frozen, held))
}

fn listing(store: &Store, key: &str) -> Result<Option<StoredListing>, Failure> {
    store.listing(key, false).map_err(open::failure)
}

/// Everything that was found in a listing, of either sort.
pub(crate) fn findings(stored: &StoredListing) -> Vec<Kept<'_>> {
    let mut findings = standing::kept(&stored.findings);
    findings.extend(standing::kept(&stored.stock_findings));
    findings
}

fn is_grave(finding: &Kept<'_>) -> bool {
    matches!(finding.effect(), Some(Effect::Freeze | Effect::Hold))
}

/// What every item says, in the order of the columns.
fn item(
    key: &str,
    kind: QueueKind,
    stored: &StoredListing,
    since: i64,
    today: Date,
) -> Map<String, Value> {
    let listing = &stored.listing;
    let mut item: Map<String, Value> = FIELDS
        .iter()
        .map(|(name, ..)| ((*name).to_owned(), Value::Null))
        .collect();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("queue_key", json!(key));
    set("kind", json!(kind.as_str()));
    set("listing_id", json!(present(&listing.listing_id)));
    set("listing_key", json!(stored.key));
    set("member_id", json!(present(&listing.list_agent_id)));
    set("office_id", json!(present(&listing.list_office_id)));
    set("title", json!(present(&listing.title)));
    set("findings", json!([]));
    set("since_run", json!(since));
    set("home_key", json!(stored.home_key));
    set(
        "verification",
        json!(stored.verification_on(today).as_str()),
    );
    describe(listing, "", &mut item);
    item
}

/// What tells one home from another: community, area, floor, price.
fn describe(listing: &Listing, prefix: &str, item: &mut Map<String, Value>) {
    let mut set = |name: &str, value: Value| item.insert(format!("{prefix}{name}"), value);
    set("community", json!(present(&listing.subdivision_name)));
    let area = listing.building_area_total.or(listing.living_area);
    set("area", json!(area.map(|area| Hundredths(area).to_string())));
    set("floor", json!(floor(listing)));
    let price = listing.list_price.or(listing.lease_amount);
    let currency = listing.currency.unwrap_or(Currency::CNY);
    let price = price.map(|price| MinorAmount(price, currency).to_string());
    set("price", json!(price));
}

/// `6/18`, `low/18`, `6`.
fn floor(listing: &Listing) -> Option<String> {
    let level = listing.entry_level.map(|level| level.to_string());
    let level = level.or(listing.floor_band.map(|band| band.as_str().to_owned()));
    match (level, listing.stories_total) {
        (Some(level), Some(total)) => Some(format!("{level}/{total}")),
        (None, Some(total)) => Some(format!("?/{total}")),
        (level, None) => level,
    }
}

fn of_listing(
    stored: &StoredListing,
    kind: QueueKind,
    findings: &[Kept<'_>],
    since: i64,
    today: Date,
    lang: Lang,
) -> Value {
    let mut item = item(&stored.key, kind, stored, since, today);
    let mut sorted: Vec<&Kept<'_>> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.effect());
    let told = sorted.iter().map(|Kept(code, effect, field, detail)| {
        json!({ "code": code, "effect": effect, "field": present(field), "detail": detail })
    });
    item.insert("findings".to_owned(), told.collect());
    with_messages(&mut item, lang);
    Value::Object(item)
}

fn of_correction(
    correction: &Correction,
    stored: &StoredListing,
    today: Date,
    reveal: bool,
) -> Value {
    let since = correction.created_run;
    let mut item = item(&correction.key, QueueKind::Correction, stored, since, today);
    let wanted = Wanted::parse(&correction.changes, &correction.private);
    item.insert("changes".to_owned(), wanted.shown(reveal));
    Value::Object(item)
}

fn of_pair(pair: &Question, a: &StoredListing, b: &StoredListing, today: Date) -> Value {
    let mut item = item(&pair.key, QueueKind::Pair, a, pair.created_run, today);
    item.insert(
        "other_listing_id".to_owned(),
        json!(present(&b.listing.listing_id)),
    );
    item.insert("other_listing_key".to_owned(), json!(b.key));
    describe(&b.listing, "other_", &mut item);
    let evidence = pair.evidence.as_deref();
    let evidence: Value = evidence
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    item.insert("evidence".to_owned(), evidence);
    Value::Object(item)
}
