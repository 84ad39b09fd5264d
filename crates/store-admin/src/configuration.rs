//! `config show`: every setting in force, and with `--origin` where it came from.

use cli::{Destination, Outcome, Shape, Ui};

use crate::args::Args;

pub(crate) fn show(args: &Args, origin: bool, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let destination = Destination::open(ui, &crate::whole(&args.output))?;
    let mut spool = destination.spool()?;
    for row in ui.config().show_origin() {
        if origin {
            spool.push(&row)?;
        } else {
            spool.push(&serde_json::json!({ "key": row.key, "value": row.value }))?;
        }
    }
    let columns: &[&str] = if origin {
        &["key", "value", "origin"]
    } else {
        &["key", "value"]
    };
    spool.deliver(destination, &Shape::new(columns))?;
    Ok(Outcome::Done)
}
