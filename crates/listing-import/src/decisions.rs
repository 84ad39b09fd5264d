//! Runs that take decisions: of keys on the command line, or of a whole table.

use std::ffi::OsString;

use anyhow::Result;
use cli::{Destination, Failure, Outcome, Shape, Summary, Ui, open};
use intake::RejectWriter;
use model::rule::{Effect, Finding, Lang, Rule, Words};
use serde_json::{Map, Value, json};
use store::{InputStart, RejectWrite};

use crate::args::Args;
use crate::collect::reading;
use crate::decide::{Counts, Decider, FIELDS, empty_record};
use crate::decision_table::{Asked, Decisions, Row};
use crate::subject::{Refusal, Subject, Verdict, resolve, subject};

/// Columns of the table people see.
const TABLE: &[&str] = &[
    "line",
    "queue_key",
    "listing_id",
    "decision",
    "action",
    "frozen",
    "standard_status",
    "problem",
    "leads",
];

/// A row of a table of decisions is not taken.
static REFUSED_DECISION: Rule = Rule {
    code: "X144",
    name: "refused-decision",
    effect: Effect::Reject,
    about: Words {
        en: "the decision is not taken",
        zh: "该决定未被采纳",
    },
    mend: Words {
        en: "take keys and words of decisions as `listing-import queue --format csv` gives them out",
        zh: "编号与决定请以 `listing-import queue --format csv` 的输出为准",
    },
    bad: "queue_key of nothing that waits, or decision=maybe",
    good: "a queue_key of the list with decision=approve",
};

/// Rules about decisions.
pub(crate) static RULES: &[&Rule] = &[&REFUSED_DECISION];

/// What the keys of a command may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Whatever waits.
    Queue,
    /// Corrections alone.
    Corrections,
}

/// Decides what the command line names: all of it, or nothing.
pub(crate) fn of_keys(
    args: &Args,
    keys: &[String],
    verdict: Verdict,
    of: Of,
    ui: &mut Ui,
) -> Result<Outcome> {
    let lang = ui.lang();
    let reason = reason(args);
    if verdict != Verdict::Approve && reason.is_none() {
        return Err(Refusal::NoReason.failure(lang).into());
    }
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let mut store = open::for_change(args.store.dry_run, ui)?;
    let resolved = resolve(&store.store, keys.iter().map(String::as_str))?;
    let label = match of {
        Of::Queue if verdict == Verdict::False => "queue reject --false".to_owned(),
        Of::Queue => format!("queue {}", verdict.as_str()),
        Of::Corrections => format!("correct {}", verdict.as_str()),
    };
    let mut run = store
        .store
        .begin(open::start(ui, &label, ""))
        .map_err(open::failure)?;
    let number = run.number();
    let points = ui.config().integer("listing-import.false_listing_points");
    let mut decider = Decider::new(&mut run, lang, points);
    let mut records = Vec::new();
    let mut named = Vec::new();
    for name in keys {
        let key = match &resolved[name] {
            Ok(key) => key,
            Err(refusal) => return Err(refusal.failure(lang).into()),
        };
        // The same thing under two names is decided once.
        if named.contains(&key) {
            continue;
        }
        named.push(key);
        if of == Of::Corrections {
            require_correction(&decider, key, lang)?;
        }
        match decider.decide(key, verdict, reason)? {
            Ok(record) => records.push(record),
            Err(refusal) => return Err(refusal.failure(lang).into()),
        }
    }
    let leads = decider.tell_leads(&mut records)?;
    decider.regroup(ui, &mut records)?;
    let counts = decider.counts;
    for record in &records {
        run.record(&json!(record).to_string())
            .map_err(open::failure)?;
        spool.push(record)?;
    }
    run.commit(&ledger(&counts, records.len() as u64, 0), "done")
        .map_err(open::failure)?;
    spool.deliver(
        destination.of_run(number),
        &Shape::new(&FIELDS.map(|(name, ..)| name)).table(TABLE),
    )?;
    tell_leads(leads, ui);
    let summary = Summary::new(records.len() as u64, 0);
    give(summary, counts, number, args, ui)
}

fn require_correction(decider: &Decider<'_, '_>, key: &str, lang: Lang) -> Result<()> {
    if let Some(Subject::Correction(_)) = subject(decider.store(), key)? {
        return Ok(());
    }
    Err(Failure::failed(match lang {
        Lang::En => format!("{key} is not a correction"),
        Lang::Zh => format!("{key} 不是修改申请"),
    })
    .hint("`listing-import correct list` has the keys")
    .into())
}

/// Decides what a table says, row by row, in one run.
pub(crate) fn of_file(args: &Args, inputs: &[OsString], ui: &mut Ui) -> Result<Outcome> {
    let lang = ui.lang();
    let [input] = inputs else {
        let failure = match inputs {
            [] => Failure::usage("no table of decisions is named"),
            _ => Failure::usage("one table of decisions at a time"),
        };
        return Err(failure
            .hint("name a file, or `-` for standard input")
            .into());
    };
    cli::keep_apart(inputs, &args.output, &args.rejects, &args.run)?;
    let table = Decisions::read(&args.input, input)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let mut store = open::for_change(args.store.dry_run, ui)?;
    let names = table.rows.iter().filter(|row| !row.decision.is_empty());
    let names = names.map(|row| row.name.as_str());
    let resolved = resolve(&store.store, names.filter(|name| !name.is_empty()))?;
    let asked = table.asked(&resolved, lang);

    let mut rejects = Rejects::open(args, lang)?;
    let mut run = store
        .store
        .begin(open::start(ui, "queue decide", ""))
        .map_err(open::failure)?;
    let number = run.number();
    let source = table.table.source().to_owned();
    let started = InputStart {
        source: source.clone(),
        format: table.table.format().as_str().to_owned(),
        encoding: table.table.encoding().to_owned(),
        mapping: json!(table.table.headers()).to_string(),
    };
    let input = run.input(started).map_err(open::failure)?;
    let points = ui.config().integer("listing-import.false_listing_points");
    let mut decider = Decider::new(&mut run, lang, points);
    let mut records = Vec::new();
    let mut refused: Vec<(usize, String)> = Vec::new();
    let (mut skipped, mut repeated) = (0, 0);
    for (at, (row, asked)) in table.rows.iter().zip(asked).enumerate() {
        let outcome = match asked {
            Asked::Skipped => {
                skipped += 1;
                continue;
            }
            Asked::Refused(why) => Err(why),
            Asked::Repeated(earlier) => {
                repeated += 1;
                Ok(named(row, "repeated", &said_before(earlier, lang)))
            }
            Asked::Decision(key, verdict) => decider
                .decide(&key, verdict, row.reason.as_deref().or(reason(args)))?
                .map_err(|refusal| refusal.message(lang)),
        };
        let mut record = outcome.unwrap_or_else(|why| {
            let record = named(row, "refused", &why);
            refused.push((at, why));
            record
        });
        record.insert("source".to_owned(), json!(source));
        record.insert("line".to_owned(), json!(row.record.line()));
        records.push(record);
    }
    let leads = decider.tell_leads(&mut records)?;
    decider.regroup(ui, &mut records)?;
    let counts = decider.counts;
    let read = table.rows.len() as u64;
    for (at, why) in &refused {
        let row = &table.rows[*at];
        let line = row.record.line();
        ui.warn(match lang {
            Lang::En => format!("{source}: line {line}: {why}"),
            Lang::Zh => format!("{source}：第 {line} 行：{why}"),
        });
        let reject_id = rejects.push(&table, *at, why)?;
        run.reject(&RejectWrite {
            input,
            line,
            reject_id: &reject_id,
            rule: REFUSED_DECISION.code,
            field: Some("decision"),
            reason: why,
        })
        .map_err(open::failure)?;
    }
    rejects.finish()?;
    run.close_input(input, &table.table.content_hash(), read)
        .map_err(open::failure)?;
    let rejected = refused.len() as u64;
    if let Some(most) = args.rejects.max_rejects
        && most.is_exceeded(rejected, read)
    {
        run.abandon("refused: too many rejects")
            .map_err(open::failure)?;
        return Err(Failure::gate(format!(
            "{rejected} of {read} rows were refused, more than --max-rejects allows"
        ))
        .into());
    }
    for record in &records {
        run.record(&json!(record).to_string())
            .map_err(open::failure)?;
        spool.push(record)?;
    }
    run.commit(&ledger(&counts, read, rejected), "done")
        .map_err(open::failure)?;
    spool.deliver(
        destination.of_run(number),
        &Shape::new(&FIELDS.map(|(name, ..)| name)).table(TABLE),
    )?;
    tell_leads(leads, ui);
    let summary = Summary::new(read, rejected)
        .count("skipped", skipped)
        .count("repeated", repeated);
    give(summary, counts, number, args, ui)
}

/// The record of a row that decides nothing, and why.
fn named(row: &Row, action: &str, problem: &str) -> Map<String, Value> {
    let mut record = empty_record();
    let mut set = |name: &str, text: &str| record.insert(name.to_owned(), json!(text));
    set("queue_key", &row.name);
    set("decision", &row.decision);
    set("action", action);
    set("problem", problem);
    record
}

fn said_before(line: u64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("line {line} says the same"),
        Lang::Zh => format!("与第 {line} 行相同"),
    }
}

/// Why, as the command line says it for all.
fn reason(args: &Args) -> Option<&str> {
    let reason = args.output.reason.as_deref().map(str::trim);
    reason.filter(|reason| !reason.is_empty())
}

fn ledger(counts: &Counts, read: u64, rejected: u64) -> String {
    let mut ledger = Map::new();
    ledger.insert("read".to_owned(), json!(read));
    ledger.insert("rejected".to_owned(), json!(rejected));
    for (name, count) in counts.named() {
        ledger.insert(name.to_owned(), json!(count));
    }
    Value::Object(ledger).to_string()
}

fn tell_leads(leads: usize, ui: &mut Ui) {
    if leads > 0 {
        ui.note(match ui.lang() {
            Lang::En => format!(
                "{leads} leads saw or matched these homes: `leads` names them and their agents, who explain and apologise"
            ),
            Lang::Zh => format!("有 {leads} 条线索看过或匹配过这些房源：见 `leads`，由其经纪人说明并致歉"),
        });
    }
}

fn give(
    mut summary: Summary,
    counts: Counts,
    number: i64,
    args: &Args,
    ui: &mut Ui,
) -> Result<Outcome> {
    summary = summary.dry_run(args.store.dry_run);
    if !args.store.dry_run {
        summary = summary.run(number);
    }
    for (name, count) in counts.named() {
        summary = summary.count(name, count);
    }
    summary.give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// The rejects files of a run: none, one or both.
struct Rejects {
    writers: Vec<RejectWriter>,
    lang: Lang,
}

impl Rejects {
    fn open(args: &Args, lang: Lang) -> Result<Self> {
        let mut writers = Vec::new();
        let files = [
            (&args.rejects.rejects, false),
            (&args.rejects.rejects_masked, true),
        ];
        for (path, masked) in files {
            if let Some(path) = path {
                writers.push(RejectWriter::new(path, masked).map_err(reading)?);
            }
        }
        Ok(Rejects { writers, lang })
    }

    fn push(&mut self, table: &Decisions, at: usize, why: &str) -> Result<String> {
        let origin = table.table.origin();
        let record = &table.rows[at].record;
        let reject_id = origin.reject_id(record);
        let finding = Finding::new(&REFUSED_DECISION, Some("decision"), why);
        for writer in &mut self.writers {
            writer
                .push(
                    &origin,
                    record,
                    std::slice::from_ref(&finding),
                    self.lang,
                    &reject_id,
                )
                .map_err(reading)?;
        }
        Ok(reject_id)
    }

    fn finish(self) -> Result<()> {
        for writer in self.writers {
            writer.finish().map_err(reading)?;
        }
        Ok(())
    }
}
