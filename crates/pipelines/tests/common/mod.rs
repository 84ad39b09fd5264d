//! What several of these tests do: import, ask, count.

#![allow(dead_code)] // each test program uses its own part

use serde_json::Value;
use testkit::{Place, Ran};

/// The store every test uses unless it says otherwise.
pub(crate) const STORE: &str = "brokerage.db";

/// Runs `listing-import` with the arguments, expects success and returns its summary.
#[track_caller]
pub(crate) fn import(place: &Place, args: &[&str]) -> Value {
    let (ran, summary) = import_with_records(place, args);
    drop(ran);
    summary
}

/// The same, with what it printed.
#[track_caller]
pub(crate) fn import_with_records(place: &Place, args: &[&str]) -> (Ran, Value) {
    let mut all = args.to_vec();
    all.extend(["--summary", "summary.json"]);
    let ran = place.run("listing-import", &all).ok();
    let summary = serde_json::from_str(&place.read("summary.json")).expect("the summary is JSON");
    (ran, summary)
}

/// A count of a summary.
#[track_caller]
pub(crate) fn count(summary: &Value, name: &str) -> u64 {
    summary[name]
        .as_u64()
        .unwrap_or_else(|| panic!("no count `{name}` in {summary}"))
}

/// Every listing of a store, as records.
#[track_caller]
pub(crate) fn listings(place: &Place, store: &str) -> Vec<Value> {
    place
        .run(
            "listing-import",
            &["list", "--store", store, "--format", "ndjson"],
        )
        .ok()
        .records()
}

/// The runs of a store, newest first.
#[track_caller]
pub(crate) fn runs(place: &Place, store: &str) -> Vec<Value> {
    place
        .run(
            "store-admin",
            &["runs", "--store", store, "--format", "ndjson"],
        )
        .ok()
        .records()
}

/// Fails unless the store is whole: pages, references, keys, the chain of decisions.
#[track_caller]
pub(crate) fn verify(place: &Place, store: &str) {
    place.run("store-admin", &["verify", "--store", store]).ok();
}

/// The codes of a record's findings.
pub(crate) fn codes(record: &Value) -> Vec<&str> {
    let findings = record["findings"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    findings
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect()
}

/// Fails unless the command was refused as product.md says: this exit code, one clear message, no panic, and the
/// store as it was before.
#[track_caller]
pub(crate) fn refused(place: &Place, args: &[&str], code: i32) -> Ran {
    let before = place.file(STORE).exists().then(|| listings(place, STORE));
    let ran = place.run("listing-import", args).code(code).one_error();
    assert!(ran.stdout.is_empty(), "records of a refused run: {ran}");
    match before {
        None => assert!(
            !place.file(STORE).exists() || listings(place, STORE).is_empty(),
            "something was stored: {ran}"
        ),
        Some(before) => assert_eq!(listings(place, STORE), before, "the store changed: {ran}"),
    }
    ran
}
