//! `undo RUN`: takes back what a run changed, once somebody has said yes and why.

use cli::{Failure, Outcome, Summary, Ui};
use store::{Location, OpenOptions, RunInfo, Store, Undone};

use crate::args::Args;
use crate::wire;
use cli::open::{self, Access};

pub(crate) fn run(args: &Args, number: i64, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let reason = args
        .output
        .reason
        .as_deref()
        .map(str::trim)
        .unwrap_or_default();
    if args.run.yes && reason.is_empty() && !args.store.dry_run {
        return Err(Failure::usage("`undo --yes` needs a reason")
            .hint("pass `--reason TEXT`; it is recorded")
            .into());
    }
    if args.store.dry_run {
        let undone = rehearse(number, reason, ui)?;
        return crate::summary(args, ui, counted(&undone).dry_run(true));
    }
    let mut store = open::open(ui, Access::Write)?;
    let info = store.run(number).map_err(open::failure)?;
    if !agreed(&info, ui)? {
        ui.status("nothing was changed");
        return Ok(Outcome::Done);
    }
    let start = open::start(ui, &format!("undo {number}"), "");
    let undone = store.undo(number, start, reason).map_err(open::failure)?;
    crate::summary(
        args,
        ui,
        counted(&undone)
            .run(undone.number)
            .remark(format!("run {number} is undone")),
    )
}

/// Asks where there is somebody to ask; elsewhere the command line must have said it all.
fn agreed(info: &RunInfo, ui: &mut Ui) -> Result<bool, Failure> {
    let counts = wire::counts_in_words(&wire::json(info.counts.as_deref()));
    let counts = counts
        .as_str()
        .filter(|text| !text.is_empty())
        .map(|text| format!(": {text}"))
        .unwrap_or_default();
    let question = format!(
        "undo run {} ({}, {}{counts})",
        info.number,
        info.tool,
        wire::instant(ui, info.started_at)
    );
    ui.confirm(&question).map_err(|failure| {
        if failure.code() == cli::USAGE {
            Failure::usage(format!(
                "undoing run {} must be agreed to, and nobody is here to ask",
                info.number
            ))
            .hint(format!("pass `undo {} --yes --reason TEXT`", info.number))
        } else {
            failure
        }
    })
}

fn counted(undone: &Undone) -> Summary {
    Summary::new(0, 0)
        .count("removed", undone.removed)
        .count("restored", undone.restored)
        .value("head", undone.head.as_str())
}

/// Undoes the run in a copy that nobody keeps: the only way to know that it can be undone.
fn rehearse(number: i64, reason: &str, ui: &Ui) -> anyhow::Result<Undone> {
    let store = open::open(ui, Access::Read)?;
    let folder = tempfile::tempdir().map_err(|error| {
        Failure::failed("cannot make a temporary folder for the dry run")
            .because(error)
            .hint("set TMPDIR to a folder with room")
    })?;
    let path = folder.path().join("copy.db");
    store.backup(&path).map_err(open::failure)?;
    let options = OpenOptions {
        read_only: false,
        ..open::options(ui, Access::Write)
    };
    let mut copy = Store::open(&Location::File(path), &options).map_err(open::failure)?;
    let undone = copy
        .undo(
            number,
            open::start(ui, &format!("undo {number}"), ""),
            reason,
        )
        .map_err(open::failure)?;
    Ok(undone)
}
