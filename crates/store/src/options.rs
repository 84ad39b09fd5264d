//! How a store is opened, and what a run says of itself.

use std::path::PathBuf;
use std::time::Duration;

use model::jiff::Timestamp;
use model::jiff::civil::Date;

/// How a store is opened.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// File that holds the store's key (and maybe those of others).
    pub key_file: Option<PathBuf>,
    /// Directory of one key file per store, where no `key_file` is named; see
    /// [`crate::default_key_directory`].
    pub key_directory: Option<PathBuf>,
    /// How long to wait for another writer.
    pub wait: Duration,
    /// Opens for reading alone; the store's file is never changed.
    pub read_only: bool,
    /// Makes the store where there is none.
    pub create: bool,
}

/// What a run says of itself when it begins.
#[derive(Debug, Clone, Default)]
pub struct RunStart {
    /// Name of the tool.
    pub tool: String,
    /// The command line as a label; no private values.
    pub command_line_label: String,
    /// Operating-system user.
    pub actor: String,
    /// Machine.
    pub host: String,
    /// Version of the tool.
    pub tool_version: String,
    /// Hash of the configuration in force.
    pub config_hash: String,
    /// Rule pack and its version.
    pub rule_pack: String,
    /// Version of the model used, or empty.
    pub model_version: String,
    /// The time of the run.
    pub now: Timestamp,
    /// The day of the run, where its user is: a verification that ended before it holds no longer.
    pub today: Date,
}

/// An input of a run, as it is opened.
#[derive(Debug, Clone, Default)]
pub struct InputStart {
    /// File name without folder, or `-`.
    pub source: String,
    /// Format as found.
    pub format: String,
    /// Encoding as found.
    pub encoding: String,
    /// What each column was understood to be, as JSON.
    pub mapping: String,
}

/// A refused row, as the ledger keeps it: never its cells.
#[derive(Debug, Clone, Copy)]
pub struct RejectWrite<'a> {
    /// The input, from [`crate::Run::input`].
    pub input: i64,
    /// Line in that input.
    pub line: u64,
    /// Name by which the mended row is known again.
    pub reject_id: &'a str,
    /// Rule code.
    pub rule: &'a str,
    /// Field, by its name on the wire.
    pub field: Option<&'a str>,
    /// Why, with private values masked.
    pub reason: &'a str,
}
