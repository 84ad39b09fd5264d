//! `store-admin`: what looks after the store that all tools share.
//!
//! ```text
//! init ─▶ store + key            runs, show, rejects ─▶ what is in it, and how it came there
//!                                undo, calendar      ─▶ runs of their own
//! verify ─▶ backup ─▶ restore    config              ─▶ which settings are in force
//! ```
//!
//! Each subcommand is a module; those that only read open the store for reading, so that they work
//! on one that cannot be written. Deciding and wording is done here, everything else in `store`.

pub mod args;
mod backup;
mod calendar;
mod configuration;
mod day;
mod init;
mod rejects;
mod restore;
mod runs;
mod schema;
mod show;
mod undo;
mod verify;
mod wire;

use cli::{Outcome, OutputArgs, Summary, Ui};

pub use args::{Args, Command, ConfigCommand};

/// Does what the command line asks.
pub fn run(args: Args, ui: &mut Ui) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Init => init::run(&args, ui),
        Command::Runs => runs::run(&args, ui),
        Command::Show { key } => show::run(&args, key, ui),
        Command::Undo { number } => undo::run(&args, *number, ui),
        Command::Verify(what) => verify::run(&args, what, ui),
        Command::Backup(what) => backup::run(&args, what, ui),
        Command::Restore { file } => restore::run(&args, file, ui),
        Command::Calendar(input) => calendar::run(&args, input, ui),
        Command::Rejects { number } => rejects::run(&args, *number, ui),
        Command::Config {
            command: ConfigCommand::Show { origin },
        } => configuration::show(&args, *origin, ui),
    }
}

/// Ends a subcommand that did its work: the line on standard error, and the file if one is wanted.
fn summary(args: &Args, ui: &mut Ui, summary: Summary) -> anyhow::Result<Outcome> {
    summary.give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// The output of a subcommand whose table is of use only as a whole.
fn whole(output: &OutputArgs) -> OutputArgs {
    OutputArgs {
        limit: output.limit.or(Some(u64::MAX)),
        ..output.clone()
    }
}
