//! `runs`: what was done to the store, newest first.

use cli::{Destination, Format, Outcome, Shape, Summary, Ui};
use serde_json::{Map, Value};
use store::RunInfo;

use crate::args::Args;
use crate::wire;
use cli::open::{self, Access};

/// Columns of a run, in order.
pub(crate) const COLUMNS: &[&str] = &[
    "run",
    "tool",
    "actor",
    "host",
    "started_at",
    "ended_at",
    "outcome",
    "counts",
    "command",
    "undoes",
    "undone_by",
    "version",
    "config_hash",
    "rule_pack",
    "model_version",
];
const FOR_PEOPLE: &[&str] = &[
    "run",
    "tool",
    "actor",
    "started_at",
    "outcome",
    "undoes",
    "undone_by",
    "counts",
    "command",
];

pub(crate) fn run(args: &Args, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let destination = Destination::open(ui, &args.output)?;
    let store = open::open(ui, Access::Read)?;
    let mut spool = destination.spool()?;
    let for_people = matches!(destination.format(), Format::Table | Format::Md);
    let runs = store.runs().map_err(open::failure)?;
    for info in runs.iter().rev() {
        let mut record = record(ui, info);
        if for_people {
            let words = wire::counts_in_words(&record["counts"]);
            record.insert("counts".into(), words);
        }
        spool.push(&record)?;
    }
    spool.deliver(destination, &Shape::new(COLUMNS).table(FOR_PEOPLE))?;
    crate::summary(args, ui, Summary::new(runs.len() as u64, 0))
}

/// A run as it goes out.
pub(crate) fn record(ui: &Ui, info: &RunInfo) -> Map<String, Value> {
    wire::object([
        ("run", info.number.into()),
        ("tool", info.tool.as_str().into()),
        ("actor", info.actor.as_str().into()),
        ("host", info.host.as_str().into()),
        ("started_at", wire::instant(ui, info.started_at).into()),
        (
            "ended_at",
            info.ended_at.map(|at| wire::instant(ui, at)).into(),
        ),
        ("outcome", info.outcome.as_deref().into()),
        ("counts", wire::json(info.counts.as_deref())),
        ("command", info.command.as_str().into()),
        ("undoes", info.undoes.into()),
        ("undone_by", info.undone_by.into()),
        ("version", info.version.as_str().into()),
        ("config_hash", info.config_hash.as_str().into()),
        ("rule_pack", wire::present(&info.rule_pack)),
        ("model_version", wire::present(&info.model_version)),
    ])
}
