//! `verify`: is the store, or a backup, what it was when its last run ended?

use std::path::Path;

use cli::{Destination, Failure, Outcome, Shape, Ui};
use serde_json::json;
use store::{ErrorKind, Location, Store, Verified};

use crate::args::{Args, VerifyArgs};
use cli::open::{self, Access};

const COLUMNS: &[&str] = &[
    "store",
    "ok",
    "runs",
    "decisions",
    "sealed",
    "head",
    "problems",
];

pub(crate) fn run(args: &Args, what: &VerifyArgs, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let head = what.head.as_deref().map(str::trim);
    if let Some(head) =
        head.filter(|head| head.len() != 64 || !head.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        return Err(Failure::usage(format!(
            "`--head {head}` is not a hash of 64 hexadecimal digits"
        ))
        .hint("an earlier `store-admin verify` told it")
        .into());
    }
    let location = match &what.file {
        Some(path) => Location::File(path.clone()),
        None => open::location(ui),
    };
    let destination = Destination::open(ui, &args.output)?;
    let found = check(&location, head, ui)?;
    let ok = found.problems.is_empty();
    let mut spool = destination.spool()?;
    spool.push(&json!({
        "store": location.to_string(), "ok": ok, "runs": found.runs, "decisions": found.decisions,
        "sealed": found.sealed, "head": found.head, "problems": found.problems,
    }))?;
    spool.deliver(destination, &Shape::new(COLUMNS))?;
    refuse_damaged(&location, &found, ui)?;
    ui.status(format!(
        "`{location}` is sound: {} runs, {} decisions, {} private records open with the key",
        cli::grouped(found.runs),
        cli::grouped(found.decisions),
        cli::grouped(found.sealed),
    ));
    if let Some(head) = &found.head {
        ui.status(format!(
            "its log ends in {head}; note it elsewhere, for `verify --head`"
        ));
    }
    Ok(Outcome::Done)
}

/// Checks a backup that is about to be put in a store's place.
pub(crate) fn check_backup(path: &Path, ui: &mut Ui) -> Result<(), Failure> {
    let location = Location::File(path.to_owned());
    let found = check(&location, None, ui)?;
    refuse_damaged(&location, &found, ui)
}

fn check(location: &Location, head: Option<&str>, ui: &Ui) -> Result<Verified, Failure> {
    let store = Store::open(location, &open::options(ui, Access::Read)).map_err(open::failure)?;
    let mut found = match store.verify(head) {
        // too damaged to be read to its end
        Err(error) if error.kind == ErrorKind::Corrupt => Verified {
            problems: vec![error.message],
            ..Verified::default()
        },
        found => found.map_err(open::failure)?,
    };
    // a store may be read without its key, but then its private values are as good as lost
    if store.equality_hash("", "").is_err() {
        found.problems.push(format!(
            "its key is not at hand, so its private values open for nobody; name the key's file with --key-file (store {})",
            store.id()
        ));
    }
    Ok(found)
}

fn refuse_damaged(location: &Location, found: &Verified, ui: &mut Ui) -> Result<(), Failure> {
    if found.problems.is_empty() {
        return Ok(());
    }
    for problem in &found.problems {
        ui.warn(problem);
    }
    let count = found.problems.len();
    let problems = if count == 1 {
        "1 problem".to_owned()
    } else {
        format!("{count} problems")
    };
    Err(
        Failure::failed(format!("`{location}` is not sound: {problems}"))
            .hint("if it is damaged, `store-admin restore BACKUP` puts a backup in its place"),
    )
}
