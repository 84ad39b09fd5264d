//! Of many rows, some spoiled: exactly those are refused or flagged, and none is lost.

mod common;

use std::collections::HashMap;

use common::*;
use serde_json::Value;
use testkit::Place;
use testkit::data::{Listings, SEVEN_WAYS, Spoil};

/// The records of a check, by line.
fn by_line(records: Vec<Value>) -> HashMap<u64, Value> {
    let count = records.len();
    let map: HashMap<u64, Value> = records
        .into_iter()
        .map(|record| {
            (
                record["line"].as_u64().expect("a record has its line"),
                record,
            )
        })
        .collect();
    assert_eq!(map.len(), count, "two records of one line");
    map
}

#[test]
fn of_thirty_thousand_rows_exactly_the_spoiled_ones_are_refused_or_flagged() {
    const ROWS: u64 = 30_000;
    let place = Place::new();
    let data = Listings::clean(ROWS);
    place.write("clean.csv", data.bytes());
    let mut bytes = Vec::new();
    let spoiled = data.write_spoiled(0.03, &SEVEN_WAYS, &mut bytes).unwrap();
    place.write("spoiled.csv", bytes);

    let (_, summary) = import_with_records(
        &place,
        &["clean.csv", "--store", "clean.db", "-o", "clean.ndjson"],
    );
    assert_eq!(count(&summary, "read"), ROWS);
    assert_eq!(
        count(&summary, "rejected"),
        0,
        "clean rows were rejected: {summary}"
    );
    assert_eq!(
        count(&summary, "frozen"),
        0,
        "clean rows were frozen: {summary}"
    );

    let (_, summary) = import_with_records(
        &place,
        &[
            "spoiled.csv",
            "--store",
            "spoiled.db",
            "--rejects",
            "rejects.csv",
            "-o",
            "spoiled.ndjson",
        ],
    );
    assert_eq!(
        count(&summary, "read"),
        ROWS,
        "rows were lost or made up: {summary}"
    );
    let rejected = count(&summary, "rejected");
    assert_eq!(
        count(&summary, "new")
            + count(&summary, "changed")
            + count(&summary, "unchanged")
            + rejected,
        ROWS
    );

    let clean: HashMap<String, Value> = place
        .records("clean.ndjson")
        .into_iter()
        .map(|record| (record["listing_id"].as_str().unwrap().to_owned(), record))
        .collect();
    let found = by_line(place.records("spoiled.ndjson"));
    let lines: HashMap<u64, &testkit::data::Spoiled> =
        spoiled.iter().map(|row| (row.line, row)).collect();

    let mut missed = Vec::new();
    for row in &spoiled {
        let Some(record) = found.get(&row.line) else {
            missed.push(format!(
                "line {} ({:?} in {}): no record",
                row.line, row.way, row.column
            ));
            continue;
        };
        let before = codes(&clean[&row.id]);
        let flagged = codes(record).iter().any(|code| !before.contains(code));
        if record["action"] != "rejected" && !flagged {
            missed.push(format!(
                "line {} ({:?} in {}): neither refused nor flagged: {record}",
                row.line, row.way, row.column
            ));
        }
        // What cannot be understood is not stored: a malformed row rejects.
        let malformed = matches!(row.way, Spoil::CellCount | Spoil::Encoding | Spoil::Date);
        if malformed && record["action"] != "rejected" {
            missed.push(format!(
                "line {} ({:?} in {}): not refused: {record}",
                row.line, row.way, row.column
            ));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of {} spoiled rows:\n{}",
        missed.len(),
        spoiled.len(),
        missed.join("\n")
    );

    for (line, record) in &found {
        if lines.contains_key(line) {
            continue;
        }
        assert_ne!(
            record["action"], "rejected",
            "a clean row was refused: {record}"
        );
        assert_eq!(record["frozen"], false, "a clean row was frozen: {record}");
        let id = record["listing_id"].as_str().unwrap();
        // A price is held against those of its peers, and some of these are spoiled.
        let own = |record| -> Vec<_> {
            let codes = codes(record).into_iter();
            codes.filter(|code| !code.starts_with("L70")).collect()
        };
        assert_eq!(
            own(record),
            own(&clean[id]),
            "a clean row's findings changed: {record}"
        );
    }
    assert_eq!(found.len() as u64, ROWS);
    assert_eq!(
        place.read("rejects.csv").matches("\nL0").count().max(1) > 0,
        rejected > 0
    );
}

#[test]
fn an_unclosed_quote_takes_no_other_row_with_it() {
    const ROWS: u64 = 2000;
    let place = Place::new();
    let mut bytes = Vec::new();
    let spoiled = Listings::clean(ROWS)
        .write_spoiled(0.01, &[Spoil::UnclosedQuote, Spoil::Nul], &mut bytes)
        .unwrap();
    place.write("spoiled.csv", bytes);
    let ran = place
        .run(
            "listing-import",
            &[
                "check",
                "spoiled.csv",
                "--emit",
                "changes",
                "--format",
                "ndjson",
            ],
        )
        .ok();
    let found = by_line(ran.records());
    let mut wrong = Vec::new();
    for row in &spoiled {
        match found.get(&row.line) {
            Some(record) if record["action"] == "rejected" => {}
            other => wrong.push(format!("line {} ({:?}): {other:?}", row.line, row.way)),
        }
    }
    let rejected = found
        .values()
        .filter(|record| record["action"] == "rejected")
        .count();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(rejected, spoiled.len(), "clean rows were refused");
    assert_eq!(found.len() as u64, ROWS, "rows were lost");
}

#[test]
fn every_fault_of_the_broken_fixture_is_named_with_its_line() {
    let place = Place::new();
    place.fixture("broken.csv");
    let (ran, summary) = import_with_records(&place, &["broken.csv", "--rejects", "rejects.csv"]);
    assert_eq!(count(&summary, "read"), 9);
    let records = by_line(ran.records());
    for line in [3, 4, 5, 6, 7, 9] {
        assert_eq!(
            records[&line]["action"], "rejected",
            "line {line}: {}",
            records[&line]
        );
    }
    for line in [2, 8, 10] {
        assert_eq!(
            records[&line]["action"], "new",
            "line {line}: {}",
            records[&line]
        );
    }
    // A lone quote in a bare cell is literal, and worth a word.
    assert!(
        codes(&records[&8]).iter().any(|code| code.starts_with('X')),
        "{}",
        records[&8]
    );
    let refused = place.read("rejects.csv");
    assert!(refused.contains(r"\xBE\xAB\xBC\xF2"), "{refused}");
    let rules: std::collections::BTreeSet<&str> = [3, 4, 5, 6, 7, 9]
        .iter()
        .flat_map(|line| codes(&records[line]))
        .collect();
    assert!(rules.len() >= 5, "the faults are told apart: {rules:?}");
}
