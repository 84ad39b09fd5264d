//! `restore FILE`: a backup in the place of the store, once it has passed `verify`.

use std::path::Path;

use cli::open;
use cli::{Failure, Outcome, Ui};

use crate::args::Args;
use crate::{backup, verify};

pub(crate) fn run(args: &Args, file: &Path, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let to = open::file(ui, "restore")?;
    if !file.exists() {
        return Err(Failure::failed(format!("there is no backup at `{}`", file.display())).into());
    }
    if backup::is_same(&to, file) {
        return Err(Failure::usage("the backup is the store itself")
            .hint("name the store with `--store`")
            .into());
    }
    verify::check_backup(file, ui)?;
    if args.store.dry_run {
        ui.status(format!(
            "dry run: `{}` is sound, and would take the place of `{}`",
            file.display(),
            to.display()
        ));
        return Ok(Outcome::Done);
    }
    let replace = to.exists();
    if replace
        && !ui.confirm(&format!(
            "replace the store `{}`, and lose what happened since the backup",
            to.display()
        ))?
    {
        ui.status("nothing was changed");
        return Ok(Outcome::Done);
    }
    store::restore(file, &to, replace, ui.config().wait()).map_err(open::failure)?;
    ui.status(format!(
        "`{}` is now what `{}` holds",
        to.display(),
        file.display()
    ));
    Ok(Outcome::Done)
}
