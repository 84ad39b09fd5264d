//! `listing-import`: listings go in from any export and come out normalised, checked and stored.
//!
//! ```text
//! collect ─ open inputs, understand columns
//!    │
//!    ▼ records                       thread 1 (of a first load; else one does it all)
//! read ─ normalise ─ settle ─ identify ─ rules ──▶ batches of rows
//!                                                      │  thread 2
//!                                    import ─ upsert, rejects, media, withdrawals
//!                                                      │  when all rows are in
//!                                    stock ─ the same home, peers' prices, photos, media ─ commit (plan: told first, done later)
//!                                                      │
//!                                                    emit
//! ```

mod after_rows;
mod agents;
pub mod args;
mod bars;
mod check;
mod collect;
mod communities;
mod correct;
mod counts;
mod decide;
mod decision_table;
mod decisions;
mod disclose;
mod emit;
mod fill;
mod history;
pub mod homes;
mod identify;
mod import;
mod importer;
mod kept;
mod list;
mod locked;
mod mapping;
mod market;
mod media;
mod normalise;
mod origins;
pub mod peers;
mod plan;
mod queue;
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
mod subject;
mod verify;

use cli::{Failure, Outcome, Ui};

use self::args::{CorrectCommand, QueueArgs, QueueCommand, QueueFilter};
use self::decisions::Of;
use self::subject::Verdict;

pub use args::{Args, Command};
use args::{BarsAction, RulesAction};

/// Does what the command line asks.
pub fn run(args: Args, ui: &mut Ui) -> anyhow::Result<Outcome> {
    plan::check(&args)?;
    match &args.command {
        Some(Command::Check(check)) if check.stock => recheck::run(&args, ui),
        Some(Command::Check(check)) => check::run(&args, &check.inputs.inputs, ui),
        Some(Command::List { expr, columns }) => list::run(&args, expr.as_deref(), columns, ui),
        Some(Command::History { listing }) => history::run(&args, listing, ui),
        Some(Command::Homes { home }) => shared_homes::run(&args, home.as_deref(), ui),
        Some(Command::Queue(queue)) => run_queue(&args, queue, ui),
        Some(Command::Correct(correct)) => match &correct.command {
            CorrectCommand::Request { listing, changes } => {
                correct::request(&args, listing, changes, ui)
            }
            CorrectCommand::List { pending } => correct::list(&args, *pending, ui),
            CorrectCommand::Approve { keys } => {
                decisions::of_keys(&args, keys, Verdict::Approve, Of::Corrections, ui)
            }
            CorrectCommand::Reject { keys } => {
                decisions::of_keys(&args, keys, Verdict::Reject, Of::Corrections, ui)
            }
        },
        Some(Command::Verify(asked)) => verify::run(&args, asked, ui),
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

/// Does what is asked of the queue.
fn run_queue(args: &Args, asked: &QueueArgs, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let Some(command) = &asked.command else {
        return queue::run(args, &asked.filter, ui);
    };
    if asked.filter != QueueFilter::default() {
        return Err(Failure::usage("what to list stands behind `queue list`")
            .hint("write the flags behind the subcommand")
            .into());
    }
    let keys = |keys, verdict, ui| decisions::of_keys(args, keys, verdict, Of::Queue, ui);
    match command {
        QueueCommand::List(filter) => queue::run(args, filter, ui),
        QueueCommand::Approve { keys: named } => keys(named, Verdict::Approve, ui),
        QueueCommand::Reject {
            keys: named,
            is_false: false,
        } => keys(named, Verdict::Reject, ui),
        QueueCommand::Reject {
            keys: named,
            is_false: true,
        } => keys(named, Verdict::False, ui),
        QueueCommand::Decide(inputs) => decisions::of_file(args, &inputs.inputs, ui),
    }
}

/// Splits `NAME=VALUE`; what is wrong is told without the value, which may be private.
fn split<'t>(text: &'t str, form: &str) -> Result<(&'t str, &'t str), Failure> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim(), value.trim()))
        }
        _ => Err(Failure::usage(format!("expected {form}")).hint("write a name, `=` and a value")),
    }
}
