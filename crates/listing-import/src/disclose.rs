//! Reading the store for output: masked, or in clear text where the caller may and says why.

use anyhow::Result;
use cli::open::{self, Access};
use cli::{OutputArgs, Reveal, Ui};
use serde_json::json;
use store::Store;

/// Reads the store. Showing private values is a run of its own, so that the log says who saw how much of what,
/// and why.
pub(crate) fn read(
    ui: &Ui,
    output: &OutputArgs,
    label: &str,
    subject: &str,
    gather: impl FnOnce(&Store, bool) -> Result<()>,
) -> Result<()> {
    match Reveal::from_args(output)? {
        Reveal::Masked => gather(&open::open(ui, Access::Read)?, false),
        Reveal::Shown { reason, limit } => {
            let mut store = open::open(ui, Access::Write)?;
            let start = open::start(ui, &format!("{label} --reveal"), "");
            let mut run = store.begin(start).map_err(open::failure)?;
            let payload = json!({ "reason": reason, "limit": limit, "fields": "private" });
            run.decide("reveal", subject, &payload.to_string())
                .map_err(open::failure)?;
            gather(run.store(), true)?;
            run.commit("{}", "done").map_err(open::failure)?;
            Ok(())
        }
    }
}
