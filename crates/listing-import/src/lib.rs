//! `listing-import`: listings go in from any export and come out normalised, checked and stored.
//!
//! ```text
//! collect ─ open inputs, understand columns
//!    │
//!    ▼ records                       thread 1 (of a first load; else one does it all)
//! read ─ normalise ─ settle ─ identify ─ rules ──▶ batches of rows
//!                                                      │  thread 2
//!                                    import ─ upsert, rejects, withdrawals
//!                                                      │  when all rows are in
//!                                    stock ─ the same home, peers' prices, photos ─ commit
//!                                                      │
//!                                                    emit
//! ```

mod agents;
pub mod args;
mod bars;
mod check;
mod collect;
mod communities;
mod counts;
mod emit;
pub mod homes;
mod identify;
mod import;
mod kept;
mod list;
mod mapping;
mod normalise;
mod origins;
pub mod peers;
mod read;
mod recheck;
mod rejects;
mod rulebook;
pub mod rules;
mod scope;
mod settings;
mod settle;
mod shared_homes;
mod standing;
mod stock;

use cli::{Outcome, Ui};

pub use args::{Args, Command};
use args::{BarsAction, RulesAction};

/// Does what the command line asks.
pub fn run(args: Args, ui: &mut Ui) -> anyhow::Result<Outcome> {
    match &args.command {
        Some(Command::Check(check)) if check.stock => recheck::run(&args, ui),
        Some(Command::Check(check)) => check::run(&args, &check.inputs.inputs, ui),
        Some(Command::List { expr }) => list::run(&args, expr.as_deref(), ui),
        Some(Command::Homes { home }) => shared_homes::run(&args, home.as_deref(), ui),
        Some(Command::Communities(inputs)) => communities::run(&args, &inputs.inputs, ui),
        Some(Command::Bars { action: None }) => bars::list(&args, ui),
        Some(Command::Bars {
            action: Some(BarsAction::Lift { key }),
        }) => bars::lift(&args, key, ui),
        Some(Command::Rules {
            action: Some(RulesAction::Test { packs }),
            ..
        }) => rulebook::test(&args, packs, ui),
        Some(Command::Rules { rule, as_of, .. }) => {
            rulebook::run(&args, rule.as_deref(), *as_of, ui)
        }
        None => import::run(&args, ui),
    }
}
