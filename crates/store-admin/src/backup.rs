//! `backup FILE`: a copy of the store, whole or not at all, with older ones kept if wanted.

use std::path::{Path, PathBuf};

use cli::{Failure, Outcome, Summary, Ui};
use store::{Location, Store};

use crate::args::{Args, BackupArgs};
use cli::open::{self, Access};

pub(crate) fn run(args: &Args, what: &BackupArgs, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let file = &what.file;
    if is_same(&open::file(ui, "backup")?, file) {
        return Err(Failure::usage("a store cannot be its own backup")
            .hint("name another file")
            .into());
    }
    if file.is_dir() {
        return Err(Failure::usage(format!("`{}` is a folder", file.display()))
            .hint(format!(
                "name a file in it: `{}`",
                file.join("brokerage.db").display()
            ))
            .into());
    }
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
    {
        return Err(
            Failure::failed(format!("there is no folder `{}`", folder.display()))
                .hint("make it first")
                .into(),
        );
    }
    let store = open::open(ui, Access::Read)?;
    if file.exists() && !is_backup_of(&store, file, ui) {
        let question = format!(
            "`{}` is there already and is no backup of this store; replace it",
            file.display()
        );
        if !ui.confirm(&question)? {
            ui.status("nothing was written");
            return Ok(Outcome::Done);
        }
    }
    if args.store.dry_run {
        ui.status(format!("dry run: would write `{}`", file.display()));
        return Ok(Outcome::Done);
    }
    match what.keep {
        Some(keep) => rotate(&store, file, keep)?,
        None => store.backup(file).map_err(open::failure)?,
    }
    let bytes = std::fs::metadata(file)
        .map(|found| found.len())
        .unwrap_or_default();
    ui.status(format!("wrote `{}`, {} bytes; its private values open with the store's key only, which is not in it", file.display(), cli::grouped(bytes)));
    if args.run.summary.is_some() {
        Summary::new(0, 0)
            .count("bytes", bytes)
            .give(ui, &args.run)?;
    }
    Ok(Outcome::Done)
}

/// Whether two names are one file.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| std::fs::canonicalize(path).ok();
    place(one).is_some_and(|one| Some(one) == place(other))
}

/// An older backup of the same store may be replaced without asking; anything else may not.
fn is_backup_of(store: &Store, file: &Path, ui: &Ui) -> bool {
    let location = Location::File(file.to_owned());
    Store::open(&location, &open::options(ui, Access::Read))
        .is_ok_and(|backup| backup.id() == store.id())
}

/// Writes the new copy first, so that whatever fails, no older copy is lost; then each older copy
/// gets the next number, and those past the limit go.
fn rotate(store: &Store, file: &Path, keep: u32) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::failed(format!("cannot keep older copies of `{}`", file.display())).because(error)
    };
    let fresh = numbered(file, "new");
    store.backup(&fresh).map_err(open::failure)?;
    let aged = |number: u32| {
        if number == 0 {
            file.to_owned()
        } else {
            numbered(file, &number.to_string())
        }
    };
    for number in (0..keep - 1).rev() {
        let older = aged(number);
        if older.exists() {
            std::fs::rename(&older, aged(number + 1)).map_err(failed)?;
        }
    }
    std::fs::rename(&fresh, file).map_err(failed)?;
    // a smaller N than last time leaves more than one behind
    for number in keep.. {
        let old = aged(number);
        if !old.exists() {
            break;
        }
        std::fs::remove_file(old).map_err(failed)?;
    }
    Ok(())
}

fn numbered(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
