//! `rules`: every rule, or one explained.

use anyhow::Result;
use cli::rules::RULE_COLUMNS;
use cli::{Destination, Format, Outcome, Shape, Ui};

use crate::args::Args;
use crate::settings::Rulebook;

/// Lists the rules; a rule named on a terminal is explained in a few lines.
pub(crate) fn run(args: &Args, wanted: Option<&str>, ui: &mut Ui) -> Result<Outcome> {
    let rulebook = Rulebook::new(&args.rules, ui)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    match wanted {
        Some(name) => {
            let rule = rulebook.effects.find(name)?;
            if destination.format() == Format::Table {
                destination.write_text(&rulebook.effects.explain(rule, ui.lang()))?;
                return Ok(Outcome::Done);
            }
            spool.push(&rulebook.effects.record(rule, ui.lang()))?;
        }
        None => {
            for rule in rulebook.effects.known() {
                spool.push(&rulebook.effects.record(rule, ui.lang()))?;
            }
        }
    }
    spool.deliver(
        destination,
        &Shape::new(RULE_COLUMNS).table(&["code", "name", "effect", "about"]),
    )?;
    Ok(Outcome::Done)
}
