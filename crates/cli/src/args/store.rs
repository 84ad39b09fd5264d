//! Where the store is.

use std::path::PathBuf;
use std::time::Duration;

use super::parse;

const STORE: &str = "Store";

/// Which store, and how to get at it.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct StoreArgs {
    /// Store to use: a file, :memory: or postgres://…
    ///
    /// Otherwise `$BROKERKIT_STORE`, the config's, or `brokerage.db` in this folder. `:memory:` makes the tool a pure filter that keeps nothing and needs no key.
    #[arg(long, value_name = "PATH|URL", env = "BROKERKIT_STORE", hide_env = true, global = true, help_heading = STORE)]
    pub store: Option<String>,

    /// Do everything but write: the same checks, records and summary
    #[arg(short = 'n', long, global = true, help_heading = STORE)]
    pub dry_run: bool,

    /// File that holds the store's key, mode 0600
    ///
    /// Otherwise `$BROKERKIT_KEY_FILE` or the config's. Without any the key is looked for in the user's data directory, under the store's id.
    #[arg(long, value_name = "FILE", env = "BROKERKIT_KEY_FILE", hide_env = true, global = true, help_heading = STORE, hide_short_help = true)]
    pub key_file: Option<PathBuf>,

    /// How long to wait while another writer holds the store, as in 60s or 2m
    ///
    /// After that the exit status is 75 and the message names the holder.
    #[arg(long, value_name = "TIME", value_parser = parse::duration, global = true, help_heading = STORE, hide_short_help = true)]
    pub wait: Option<Duration>,
}
