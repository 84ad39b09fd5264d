//! The store, opened for what a subcommand means to do; and what a run says of itself.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use cli::{Failure, Ui};
use store::{ErrorKind, Location, OpenOptions, RunStart, Store};

/// What is meant to be done with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Only read: works on a store that cannot be written.
    Read,
    /// Write to a store that is there.
    Write,
    /// Make the store.
    Create,
}

/// Where the store is, by flag, environment or config.
pub(crate) fn location(ui: &Ui) -> Location {
    match ui.config().store().parse() {
        Ok(location) => location,
        Err(impossible) => match impossible {},
    }
}

/// The store's file; `what` needs one.
pub(crate) fn file(ui: &Ui, what: &str) -> Result<PathBuf, Failure> {
    match location(ui) {
        Location::File(path) => Ok(path),
        other => Err(
            Failure::usage(format!("`{what}` needs a store in a file, not `{other}`"))
                .hint("name one with `--store FILE`"),
        ),
    }
}

/// How the store is opened.
pub(crate) fn options(ui: &Ui, access: Access) -> OpenOptions {
    let config = ui.config();
    let place = |name: &str| std::env::var_os(name).map(PathBuf::from);
    OpenOptions {
        key_file: config.key_file(),
        key_directory: store::default_key_directory(place("XDG_DATA_HOME"), place("HOME")),
        wait: config.wait(),
        read_only: access == Access::Read,
        create: access == Access::Create,
    }
}

/// Opens the store.
pub(crate) fn open(ui: &Ui, access: Access) -> Result<Store, Failure> {
    Store::open(&location(ui), &options(ui, access)).map_err(failure)
}

/// A failure of the store as the exit code and words of a tool.
pub(crate) fn failure(error: store::Error) -> Failure {
    match error.kind {
        ErrorKind::Busy => Failure::busy(error.message),
        _ => Failure::failed(error.message),
    }
}

/// What a run of this tool says of itself.
pub(crate) fn start(ui: &Ui, label: String) -> RunStart {
    let user = user();
    RunStart {
        tool: ui.tool().to_owned(),
        command_line_label: label,
        // the name a person gives is a label beside the user, never in the user's place
        actor: match ui.actor() {
            Some(name) => format!("{user} ({name})"),
            None => user,
        },
        host: host(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        config_hash: ui.config().hash(),
        rule_pack: String::new(),
        model_version: String::new(),
        now: ui.now(),
    }
}

/// The operating system's user: the owner of this process, whatever the environment says.
fn user() -> String {
    let Ok(process) = std::fs::metadata("/proc/self") else {
        return "unknown".to_owned();
    };
    let id = process.uid().to_string();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut cells = line.split(':');
        let name = cells.next()?;
        (cells.nth(1)? == id).then(|| name.to_owned())
    });
    name.unwrap_or(id)
}

fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() {
        "unknown".to_owned()
    } else {
        name.to_owned()
    }
}
