//! `lead-assign`: leads go to agents. So far it knows the agents.
//!
//! ```text
//! roster FILE ─ open, understand columns ─▶ read rows ─▶ fold repeats ─▶ offices, members ─▶ commit ─▶ emit
//! roster due  ─ who is without a licence, or soon will be
//! ```

pub mod args;
mod due;
mod roster;
mod schema;
mod settings;

use cli::{Outcome, Ui};

pub use args::{Args, Command, RosterAction};

/// Does what the command line asks.
pub fn run(args: Args, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let Command::Roster(roster) = &args.command;
    match &roster.action {
        Some(RosterAction::Due { within }) => due::run(&args, *within, ui),
        None => roster::run(&args, roster, ui),
    }
}
