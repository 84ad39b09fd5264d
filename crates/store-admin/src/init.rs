//! `init`: a store and its key.

use std::path::PathBuf;

use cli::{Failure, Outcome, Ui};
use store::{Location, Store};

use crate::args::Args;
use cli::open::{self, Access};

pub(crate) fn run(args: &Args, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let location = open::location(ui);
    let Location::File(path) = &location else {
        return Err(
            Failure::usage(format!("`init` makes a store in a file, not `{location}`"))
                .hint("name one with `--store FILE`")
                .into(),
        );
    };
    // an empty file is what an interrupted `init` leaves, and is no store yet
    let exists = std::fs::metadata(path).is_ok_and(|found| !found.is_file() || found.len() > 0);
    if args.store.dry_run && !exists {
        ui.status(format!(
            "dry run: would make a store at `{}`",
            path.display()
        ));
        return Ok(Outcome::Done);
    }
    let access = if exists {
        Access::Write
    } else {
        Access::Create
    };
    let store = match Store::open(&location, &open::options(ui, access)) {
        // a store on a read-only disk is as good as it was
        Err(error) if exists && error.kind == store::ErrorKind::ReadOnly => {
            open::open(ui, Access::Read)?
        }
        opened => opened.map_err(open::failure)?,
    };
    let key = key_file(ui, store.id());
    if exists {
        ui.status(format!(
            "`{}` is a store already, and its key fits; nothing was changed",
            path.display()
        ));
        ui.status(format!("its key is in `{}`", key.display()));
        return Ok(Outcome::Done);
    }
    ui.status(format!("made the store `{}`", path.display()));
    ui.status(format!("its key is in `{}`", key.display()));
    ui.warn("without that key nobody can open the store's private values, and no backup of the store is of any use");
    ui.hint("keep a copy of the key file in another place than the backups");
    Ok(Outcome::Done)
}

/// Where the key of a store lies.
fn key_file(ui: &Ui, id: &str) -> PathBuf {
    let options = open::options(ui, Access::Read);
    options
        .key_file
        .or_else(|| {
            options
                .key_directory
                .map(|directory| directory.join(format!("{id}.key")))
        })
        .unwrap_or_default()
}
