//! The store, opened for what a tool means to do; and what a run says of itself.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use store::{ErrorKind, Location, OpenOptions, RunStart, Store};

use crate::failure::Failure;
use crate::ui::Ui;

/// What is meant to be done with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only read: works on a store that cannot be written.
    Read,
    /// Write to a store that is there.
    Write,
    /// Make the store.
    Create,
}

/// Where the store is, by flag, environment or config.
pub fn location(ui: &Ui) -> Location {
    match ui.config().store().parse() {
        Ok(location) => location,
        Err(impossible) => match impossible {},
    }
}

/// The store's file; `what` needs one.
pub fn file(ui: &Ui, what: &str) -> Result<PathBuf, Failure> {
    match location(ui) {
        Location::File(path) => Ok(path),
        other => Err(
            Failure::usage(format!("`{what}` needs a store in a file, not `{other}`"))
                .hint("name one with `--store FILE`"),
        ),
    }
}

/// How the store is opened.
pub fn options(ui: &Ui, access: Access) -> OpenOptions {
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
pub fn open(ui: &Ui, access: Access) -> Result<Store, Failure> {
    Store::open(&location(ui), &options(ui, access)).map_err(failure)
}

/// A store to write to, and the folder of the copy it may be.
pub struct Writable {
    /// The store.
    pub store: Store,
    _copy: Option<tempfile::TempDir>,
}

/// Opens the store for writing, and makes it where there is none. A dry run works on a copy that
/// nobody keeps, so it changes nothing and serves a store that cannot be written, too.
pub fn for_writing(dry_run: bool, ui: &Ui) -> Result<Writable, Failure> {
    let location = location(ui);
    if !dry_run {
        let store = Store::open(&location, &options(ui, Access::Create)).map_err(failure)?;
        return Ok(Writable { store, _copy: None });
    }
    let Location::File(path) = &location else {
        return Ok(Writable {
            store: Store::open(&location, &options(ui, Access::Write)).map_err(failure)?,
            _copy: None,
        });
    };
    if !path.exists() {
        return Ok(Writable {
            store: Store::open(&Location::Memory, &options(ui, Access::Write)).map_err(failure)?,
            _copy: None,
        });
    }
    let folder = tempfile::tempdir().map_err(|error| {
        Failure::failed("cannot make a temporary folder for the dry run")
            .because(error)
            .hint("set TMPDIR to a folder with room")
    })?;
    let copy = folder.path().join("store.db");
    open(ui, Access::Read)?.backup(&copy).map_err(failure)?;
    let store = Store::open(&Location::File(copy), &options(ui, Access::Write)).map_err(failure)?;
    Ok(Writable {
        store,
        _copy: Some(folder),
    })
}

/// The same for work on what a store holds: one that is not there is not made.
pub fn for_change(dry_run: bool, ui: &Ui) -> Result<Writable, Failure> {
    if dry_run {
        drop(open(ui, Access::Read)?);
        return for_writing(true, ui);
    }
    Ok(Writable {
        store: open(ui, Access::Write)?,
        _copy: None,
    })
}

/// A failure of the store as the exit code and words of a tool.
pub fn failure(error: store::Error) -> Failure {
    match error.kind {
        ErrorKind::Busy => Failure::busy(error.message),
        _ => Failure::failed(error.message),
    }
}

/// What a run says of itself; `rule_pack` names the rules it judges by, if any.
pub fn start(ui: &Ui, label: &str, rule_pack: &str) -> RunStart {
    let user = user();
    RunStart {
        tool: ui.tool().to_owned(),
        command_line_label: label.to_owned(),
        // the name a person gives is a label beside the user, never in the user's place
        actor: match ui.actor() {
            Some(name) => format!("{user} ({name})"),
            None => user,
        },
        host: host(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        config_hash: ui.config().hash(),
        rule_pack: rule_pack.to_owned(),
        model_version: String::new(),
        now: ui.now(),
        today: ui.today(),
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
