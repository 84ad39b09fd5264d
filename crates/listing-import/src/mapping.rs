//! `--show-mapping`: what each column was understood to be, and why.

use anyhow::Result;
use cli::{Destination, Outcome, Shape};
use intake::understand::Understanding;
use serde_json::json;

const COLUMNS: &[&str] = &["source", "header", "field", "unit", "evidence"];

/// Prints a record a column, and ends.
pub(crate) fn print<'a>(
    tables: impl Iterator<Item = (&'a str, &'a Understanding)>,
    destination: Destination,
) -> Result<Outcome> {
    let mut spool = destination.spool()?;
    for (source, understanding) in tables {
        for [header, field, unit, evidence] in understanding.table() {
            spool.push(&json!({
                "source": source, "header": header, "field": field, "unit": unit, "evidence": evidence,
            }))?;
        }
    }
    spool.deliver(destination, &Shape::new(COLUMNS))?;
    Ok(Outcome::Done)
}
