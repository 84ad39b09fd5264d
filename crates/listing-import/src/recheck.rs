//! `check --stock`: what is stored is judged again by the rules of today, and what changed by it is told.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::Result;
use cli::open;
use cli::{Destination, Outcome, Shape, Spool, Summary, Ui};
use model::jiff::civil::Date;
use model::listing::ListingField;
use model::packed::PackedListings;
use model::rule::{Effect, Finding, Lang};
use serde_json::{Value, json};
use store::{Store, StoredListing};

use crate::agents::Agents;
use crate::args::{Args, Emit};
use crate::emit::{CHANGE_COLUMNS, FINDING_TABLE, TABLE_COLUMNS, findings_text, present};
use crate::locked;
use crate::rules::{Columns, Context};
use crate::settings::{self, Rulebook, all_rules, as_made};
use crate::settle::content_hash;
use crate::standing::{Kept, kept};
use crate::stock::{self, Rejudged, RowVerdict, Stock};

/// Columns of `--emit findings`: those of an import, and what became of the finding.
const FINDING_COLUMNS: &[&str] = &[
    "change",
    "source",
    "line",
    "listing_id",
    "listing_key",
    "code",
    "name",
    "effect",
    "field",
    "message",
    "mend",
];

/// Listings between two looks at Ctrl-C.
const STRIDE: u64 = 1_024;

/// Judges the stock.
pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Outcome> {
    let rulebook = Rulebook::new(&args.rules, ui)?;
    let numbers = settings::numbers(&ui.config());
    let destination = Destination::open(ui, &args.output)?;
    let mut store = open::for_change(args.store.dry_run, ui)?;
    let start = open::start(ui, "check --stock", rulebook.listings.pack_version());
    let mut run = store.store.begin(start).map_err(open::failure)?;
    let mut stock = Stock::new(stock::Settings::new(&ui.config())?, &run)?;
    let mut rows = Rows {
        rulebook: &rulebook,
        contexts: HashMap::new(),
        context: Context {
            today: ui.today(),
            columns: Columns::all(),
            numbers,
        },
    };
    let interrupt = ui.interrupt();
    let progress = ui.progress("judging", None);
    let mut read = 0_u64;
    let contexts = contexts(run.store(), &rows.context)?;
    rows.contexts = contexts;
    stock.look_at_all(&mut run, |stored| {
        if read.is_multiple_of(STRIDE) {
            interrupt.check()?;
            progress.update(0, read);
        }
        read += 1;
        rows.judge(stored)
    })?;
    progress.finish();
    interrupt.check()?;
    let mut told = Told {
        spool: destination.spool()?,
        emit: args.emit.unwrap_or(Emit::Findings),
        lang: ui.lang(),
        today: ui.today(),
        sources: HashMap::new(),
        counts: [0; 4],
        gravest: None,
    };
    let agents = Agents::new(run.store(), ui.today())?;
    for id in agents.changed(&mut run)? {
        stock.also(id);
    }
    for id in agents.concerned(&mut run)? {
        stock.also(id);
    }
    let judged = stock.finish(&mut run, &rulebook, &agents, &mut |store, rejudged| {
        told.tell(store, rejudged)
    })?;
    locked::expire(&mut run)?;
    interrupt.check()?;
    let [changed, frozen, thawed, held] = told.counts;
    let number = run.number();
    let counts = json!({
        "read": read, "changed": changed, "frozen": frozen, "thawed": thawed, "held": held,
        "homes": judged.homes, "questions": judged.questions,
    });
    run.commit(&counts.to_string(), "done")
        .map_err(open::failure)?;
    let shape = match told.emit {
        Emit::Findings => Shape::new(FINDING_COLUMNS).table(FINDING_TABLE),
        _ => Shape::new(CHANGE_COLUMNS).table(TABLE_COLUMNS),
    };
    told.spool.deliver(destination, &shape)?;
    let mut summary = Summary::new(read, 0).dry_run(args.store.dry_run);
    if !args.store.dry_run {
        summary = summary.run(number);
    }
    summary
        .count("changed", changed)
        .count("frozen", frozen)
        .count("thawed", thawed)
        .count("held", held)
        .count("homes", judged.homes)
        .count("questions", judged.questions)
        .give(ui, &args.run)?;
    let gate = args.rules.fail_on.is_some_and(|severity| {
        told.gravest
            .is_some_and(|effect| severity.is_met_by(effect))
    });
    Ok(if gate { Outcome::Gate } else { Outcome::Done })
}

/// The rules of single rows, over stored listings.
struct Rows<'a> {
    rulebook: &'a Rulebook,
    /// By input: what it had columns for.
    contexts: HashMap<i64, Context>,
    context: Context,
}

impl Rows<'_> {
    /// What the rules say of a listing now, where that is not what they said before.
    fn judge(&self, stored: &StoredListing) -> Result<Option<RowVerdict>> {
        let before = kept(&stored.findings)
            .iter()
            .filter_map(as_made)
            .collect::<Vec<_>>();
        // what reading the row found stays as it was: the row is not there to be read again
        let ours = |finding: &Finding| crate::rules::explain(finding.rule.code).is_some();
        let mut findings: Vec<Finding> = before
            .iter()
            .filter(|finding| !ours(finding))
            .cloned()
            .collect();
        let context = self.contexts.get(&stored.input()).unwrap_or(&self.context);
        self.rulebook
            .listings
            .check(&stored.listing, context, &mut findings);
        // a stored listing is not refused any more; it is not offered
        for finding in &mut findings {
            if finding.effect == Effect::Reject {
                finding.effect = Effect::Freeze;
            }
        }
        let json = findings_text(&findings)?;
        if json == stored.findings {
            return Ok(None);
        }
        let packed = PackedListings::of(&stored.listing);
        let hash = |findings: &[Finding]| content_hash(packed.get(0), findings) as i64;
        // The row that brought it is known by this hash: the same row by the same rules is no change.
        let is_as_imported = hash(&before) == stored.content_hash;
        Ok(Some(RowVerdict {
            content_hash: if is_as_imported {
                hash(&findings)
            } else {
                stored.content_hash
            },
            findings: json,
        }))
    }
}

/// What each input had columns for, so that a rule without evidence stays silent.
fn contexts(store: &Store, context: &Context) -> Result<HashMap<i64, Context>> {
    let mut contexts = HashMap::new();
    for input in store.every_input().map_err(open::failure)? {
        let mapping: Value = serde_json::from_str(&input.mapping).unwrap_or_default();
        let Some(filled) = mapping["filled"].as_array() else {
            continue;
        };
        let fields = filled
            .iter()
            .filter_map(|name| ListingField::from_name(name.as_str()?));
        contexts.insert(
            input.id,
            Context {
                columns: fields.collect(),
                ..context.clone()
            },
        );
    }
    Ok(contexts)
}

/// Tells what changed.
struct Told {
    spool: Spool,
    emit: Emit,
    lang: Lang,
    today: Date,
    /// Files, by input.
    sources: HashMap<i64, String>,
    /// Changed, frozen, thawed, held.
    counts: [u64; 4],
    /// The gravest finding that is new.
    gravest: Option<Effect>,
}

impl Told {
    fn tell(&mut self, store: &Store, rejudged: &Rejudged<'_>) -> Result<()> {
        let stored = rejudged.stored;
        let [changed, frozen, thawed, held] = &mut self.counts;
        *changed += 1;
        *frozen += u64::from(rejudged.frozen && !stored.frozen);
        *thawed += u64::from(!rejudged.frozen && stored.frozen);
        *held += u64::from(rejudged.held && !stored.held);
        let input = stored.input();
        let source = match self.sources.entry(input) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let source = store.input(input).map_err(open::failure)?;
                unknown.insert(source.map(|input| input.source).unwrap_or_default())
            }
        };
        let source = present(source);
        let mut before = kept(&stored.findings);
        before.extend(kept(&stored.stock_findings));
        let after: Vec<Kept<'_>> = rejudged
            .findings
            .iter()
            .flat_map(|json| kept(json))
            .collect();
        let appeared = after.iter().filter(|finding| !before.contains(finding));
        let gone = before.iter().filter(|finding| !after.contains(finding));
        self.gravest = self
            .gravest
            .into_iter()
            .chain(appeared.clone().filter_map(Kept::effect))
            .min();
        if self.emit != Emit::Findings {
            let findings: Vec<Value> = after
                .iter()
                .map(|finding| message(finding, self.lang))
                .collect();
            self.spool.push(&json!({
                "source": source, "line": stored.line(), "listing_id": present(&stored.listing.listing_id),
                "listing_key": stored.key, "action": "changed", "frozen": rejudged.frozen,
                "verification": stored.verification_on(self.today).as_str(),
                "standard_status": stored.listing.standard_status.map(|status| status.as_str()),
                "home_key": rejudged.home_key, "findings": findings,
            }))?;
            return Ok(());
        }
        let appeared = appeared.map(|finding| ("appeared", finding));
        for (change, finding) in appeared.chain(gone.map(|finding| ("gone", finding))) {
            let mut record = message(finding, self.lang);
            record["change"] = change.into();
            record["source"] = json!(source);
            record["line"] = json!(stored.line());
            record["listing_id"] = json!(present(&stored.listing.listing_id));
            record["listing_key"] = json!(stored.key);
            let mut sorted = serde_json::Map::new();
            for column in FINDING_COLUMNS {
                sorted.insert((*column).to_owned(), record[*column].take());
            }
            self.spool.push(&sorted)?;
        }
        Ok(())
    }
}

/// A kept finding with its message.
fn message(finding: &Kept<'_>, lang: Lang) -> Value {
    let rule = all_rules().find(|rule| rule.code == finding.0);
    let message = rule.map(|rule| {
        let made = Finding {
            rule,
            effect: rule.effect,
            field: None,
            detail: finding.3.to_string(),
        };
        made.message(lang)
    });
    json!({
        "code": finding.0, "name": rule.map(|rule| rule.name), "effect": finding.1,
        "field": present(&finding.2), "message": message.unwrap_or_else(|| finding.3.to_string()),
        "mend": rule.map(|rule| rule.mend.in_lang(lang)),
    })
}
