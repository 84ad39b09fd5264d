//! `rejects RUN`: which rows a run refused, and why. The store never kept their cells.

use cli::{Destination, Outcome, Shape, Summary, Ui};
use serde_json::json;

use crate::args::Args;
use cli::open::{self, Access};

/// Columns of a refused row, in order.
pub(crate) const COLUMNS: &[&str] = &[
    "run",
    "source",
    "line",
    "rule",
    "field",
    "reason",
    "reject_id",
    "resolved_by_run",
];

pub(crate) fn run(args: &Args, number: i64, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let destination = Destination::open(ui, &args.output)?;
    let store = open::open(ui, Access::Read)?;
    store.run(number).map_err(open::failure)?;
    let mut spool = destination.spool()?;
    for reject in store.rejects(number).map_err(open::failure)? {
        spool.push(&json!({
            "run": number, "source": reject.source, "line": reject.line, "rule": reject.rule, "field": reject.field,
            "reason": reject.reason, "reject_id": reject.reject_id, "resolved_by_run": reject.resolved_by_run,
        }))?;
    }
    let count = spool.len();
    spool.deliver(destination, &Shape::new(COLUMNS))?;
    crate::summary(args, ui, Summary::new(count, count))
}
