//! `show KEY`: all that is known of a listing or a run, with where it came from. JSON has one object
//! a thing; tables have one row a fact.

mod fields;

use cli::{Destination, Failure, Format, Outcome, OutputArgs, Reveal, Shape, Summary, Ui};
use serde_json::{Map, Value, json};
use store::{ErrorKind, InputInfo, RunInfo, Shown, Store};

use crate::args::Args;
use crate::{runs, wire};
use cli::open::{self, Access};

const FACT_COLUMNS: &[&str] = &["thing", "part", "name", "value", "before", "run", "at"];

pub(crate) fn run(args: &Args, key: &str, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let reveal = Reveal::from_args(&args.output)?;
    let key = key.trim();
    // the limit counts things; the rows of a table are facts about them
    let output = OutputArgs {
        limit: Some(u64::MAX),
        ..args.output.clone()
    };
    let destination = Destination::open(ui, &output)?;
    let mut store = open::open(
        ui,
        if reveal.is_shown() {
            Access::Write
        } else {
            Access::Read
        },
    )?;

    let run = key.parse().ok().and_then(|number| store.run(number).ok());
    let mut keys = find(&store, key)?;
    if keys.is_empty() && run.is_none() {
        return Err(
            Failure::failed(format!("the store knows no listing and no run `{key}`"))
                .hint("give a listing's key, its id at its source, or a run's number")
                .into(),
        );
    }
    let most = usize::try_from(args.output.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    let found = keys.len();
    keys.truncate(most);
    if let Reveal::Shown { reason, .. } = &reveal {
        record_reveal(&mut store, &keys, reason, ui)?;
    }
    let mut things = Vec::new();
    for key in &keys {
        let shown = look_up(&store, key, ui)?;
        things.push((key.clone(), listing(ui, &shown, reveal.is_shown())));
    }
    if found > keys.len() {
        ui.note(format!(
            "{found} listings have this id; {} shown",
            keys.len()
        ));
    } else if found > 1 {
        ui.note(format!(
            "{found} listings have this id, from different sources"
        ));
    }
    if let Some(info) = run.filter(|_| things.len() < most) {
        things.push((
            format!("run {}", info.number),
            run_thing(ui, &store, &info)?,
        ));
    }
    let mut spool = destination.spool()?;
    let as_facts = !matches!(destination.format(), Format::Ndjson | Format::Json);
    for (name, thing) in &things {
        if as_facts {
            for fact in facts(name, thing) {
                spool.push(&fact)?;
            }
        } else {
            spool.push(thing)?;
        }
    }
    spool.deliver(destination, &Shape::new(FACT_COLUMNS))?;
    crate::summary(args, ui, Summary::new(things.len() as u64, 0))
}

/// Keys of the listings meant: one with this key, or all with this id at their source or of this home.
fn find(store: &Store, key: &str) -> Result<Vec<String>, Failure> {
    if store.listing(key, false).map_err(open::failure)?.is_some() {
        return Ok(vec![key.to_owned()]);
    }
    let mut keys = Vec::new();
    store
        .listings(|stored| {
            let listing = &stored.listing;
            if [
                &listing.listing_id,
                &listing.originating_system_key,
                &stored.home_key,
            ]
            .into_iter()
            .any(|id| id == key)
            {
                keys.push(stored.key.clone());
            }
            Ok(())
        })
        .map_err(open::failure)?;
    Ok(keys)
}

/// Private fields are opened to be masked: 张* says more than nothing. Without the key they stay out.
fn look_up(store: &Store, key: &str, ui: &mut Ui) -> Result<Shown, Failure> {
    match store.show(key, true) {
        Err(error) if error.kind == ErrorKind::Key => {
            ui.note("the store's key is not at hand, so private fields are left out");
            store.show(key, false).map_err(open::failure)
        }
        shown => shown.map_err(open::failure),
    }
}

/// Enters in the log who sees what and why, before anything is shown.
fn record_reveal(store: &mut Store, keys: &[String], reason: &str, ui: &Ui) -> Result<(), Failure> {
    let mut run = store
        .begin(open::start(ui, "show --reveal", ""))
        .map_err(open::failure)?;
    for key in keys {
        run.decide(
            "reveal",
            key,
            &json!({ "reason": reason, "tool": ui.tool() }).to_string(),
        )
        .map_err(open::failure)?;
    }
    run.commit(&json!({ "revealed": keys.len() }).to_string(), "done")
        .map_err(open::failure)?;
    Ok(())
}

fn listing(ui: &Ui, shown: &Shown, reveal: bool) -> Map<String, Value> {
    let stored = &shown.listing;
    let run = |info: &RunInfo| json!({ "run": info.number, "tool": info.tool, "actor": info.actor, "at": wire::instant(ui, info.started_at) });
    let history = shown.history.iter().map(|change| {
        let value = |text: &Option<String>| {
            fields::historic(&stored.listing, &change.field, text.as_deref())
        };
        json!({
            "run": change.run, "at": wire::instant(ui, change.at), "field": change.field,
            "change_type": change.change_type, "previous_value": value(&change.previous_value),
            "new_value": value(&change.new_value), "reason": change.reason,
        })
    });
    let decisions = shown.decisions.iter().map(|decision| {
        json!({
            "run": decision.run, "at": wire::instant(ui, decision.at), "kind": decision.kind,
            "payload": wire::json(decision.payload.as_deref()),
        })
    });
    wire::object([
        ("kind", "listing".into()),
        ("listing_key", stored.key.as_str().into()),
        ("home_key", stored.home_key.as_str().into()),
        ("frozen", stored.frozen.into()),
        (
            "verification",
            stored.verification_on(ui.today()).as_str().into(),
        ),
        ("fields", fields::all(&stored.listing, reveal).into()),
        (
            "findings",
            wire::findings([&stored.findings, &stored.stock_findings]),
        ),
        (
            "media",
            (shown.media.iter())
                .filter(|medium| medium.medium.removed != Some(true))
                .map(fields::medium)
                .collect(),
        ),
        (
            "lineage",
            json!({
                "created_by": run(&shown.created_by), "updated_by": run(&shown.updated_by),
                "source": shown.input.as_ref().map(|input| &input.source), "line": stored.line,
                "input": shown.input.as_ref().map(input),
            }),
        ),
        ("history", history.collect()),
        ("decisions", decisions.collect()),
    ])
}

fn input(input: &InputInfo) -> Value {
    json!({
        "source": input.source, "format": input.format, "encoding": input.encoding, "records": input.records,
        "content_hash": input.content_hash,
    })
}

fn run_thing(ui: &Ui, store: &Store, info: &RunInfo) -> Result<Map<String, Value>, Failure> {
    let inputs = store.inputs(info.number).map_err(open::failure)?;
    let inputs = inputs.iter().map(|read| {
        let mut shown = input(read);
        shown["mapping"] = wire::json(Some(&read.mapping));
        shown
    });
    let mut thing = wire::object([("kind", "run".into())]);
    thing.append(&mut runs::record(ui, info));
    thing.insert("inputs".into(), inputs.collect());
    thing.insert(
        "rejects".into(),
        store
            .rejects(info.number)
            .map_err(open::failure)?
            .len()
            .into(),
    );
    Ok(thing)
}

/// A thing as facts, one a row.
fn facts(name: &str, thing: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut facts = Vec::new();
    let mut tell =
        |part: &str, what: &str, value: &Value, before: &Value, run: &Value, at: &Value| {
            if !(value.is_null() && before.is_null()) {
                facts.push(wire::object([
                    ("thing", name.into()),
                    ("part", part.into()),
                    ("name", what.into()),
                    ("value", value.clone()),
                    ("before", before.clone()),
                    ("run", run.clone()),
                    ("at", at.clone()),
                ]));
            }
        };
    const NO: &Value = &Value::Null;
    for (part, value) in thing {
        match (part.as_str(), value) {
            ("fields" | "counts", Value::Object(members)) => {
                members
                    .iter()
                    .for_each(|(field, value)| tell(part, field, value, NO, NO, NO));
            }
            ("lineage", Value::Object(members)) => {
                for (what, value) in members {
                    match value.as_object().filter(|by| by.contains_key("run")) {
                        Some(by) => tell(part, what, &by["tool"], NO, &by["run"], &by["at"]),
                        None if what == "input" => {
                            value
                                .as_object()
                                .into_iter()
                                .flatten()
                                .filter(|(name, _)| *name != "source")
                                .for_each(|(name, value)| tell(part, name, value, NO, NO, NO));
                        }
                        None => tell(part, what, value, NO, NO, NO),
                    }
                }
            }
            ("history", Value::Array(changes)) => {
                for change in changes {
                    let what = change["field"].as_str().unwrap_or_default();
                    tell(
                        part,
                        what,
                        &change["new_value"],
                        &change["previous_value"],
                        &change["run"],
                        &change["at"],
                    );
                }
            }
            ("decisions", Value::Array(decisions)) => {
                for decision in decisions {
                    let what = decision["kind"].as_str().unwrap_or_default();
                    tell(
                        part,
                        what,
                        &decision["payload"],
                        NO,
                        &decision["run"],
                        &decision["at"],
                    );
                }
            }
            ("media", Value::Array(media)) => {
                for medium in media {
                    let kind = medium["kind"].as_str().unwrap_or_default();
                    tell(part, kind, &medium["url"], NO, NO, NO);
                }
            }
            ("inputs", Value::Array(inputs)) => {
                for input in inputs {
                    let source = input["source"].as_str().unwrap_or_default();
                    for name in ["format", "encoding", "records", "content_hash"] {
                        tell(source, name, &input[name], NO, NO, NO);
                    }
                }
            }
            ("findings", Value::Array(findings)) => {
                for finding in findings {
                    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
                    let detail = if finding["message"].is_string() {
                        text("message")
                    } else {
                        text("detail")
                    };
                    let words = [text("effect"), text("field"), detail];
                    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
                    tell(part, &text("code"), &words.join(": ").into(), NO, NO, NO);
                }
            }
            _ => tell("", part, value, NO, NO, NO),
        }
    }
    facts
}
