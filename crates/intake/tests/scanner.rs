//! The scanner against a writer that is known to be right, and against bytes of any kind.
// helpers of tests may fail as tests do
#![allow(clippy::unwrap_used)]

use intake::{HeaderOption, Input, ReadOptions, Record, open};
use proptest::prelude::*;

fn read(bytes: &[u8], width: usize, delimiter: u8) -> Vec<Record> {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("x.csv");
    std::fs::write(&path, bytes).unwrap();
    let options = ReadOptions {
        encoding: Some("utf-8".into()),
        delimiter: Some(delimiter),
        header: HeaderOption::Given((0..width).map(|n| format!("given {n}")).collect()),
        ..ReadOptions::default()
    };
    let mut table = open(&Input::File(path), &options).unwrap();
    let mut records = Vec::new();
    let mut record = Record::new();
    while table.read(&mut record).unwrap() {
        records.push(record.clone());
    }
    records
}

fn rows(width: usize) -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = proptest::string::string_regex("[a1 ,;\"\n望é]{0,8}").unwrap();
    proptest::collection::vec(proptest::collection::vec(cell, width), 1..12)
}

proptest! {
    #[test]
    fn what_a_writer_wrote_is_read(rows in rows(3), crlf in any::<bool>(), always in any::<bool>()) {
        // a row of empty cells alone is no record
        let rows: Vec<_> = rows.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        prop_assume!(!rows.is_empty());
        let mut out = csv::WriterBuilder::new();
        if crlf {
            out.terminator(csv::Terminator::CRLF);
        }
        if always {
            out.quote_style(csv::QuoteStyle::Always);
        }
        let mut out = out.from_writer(Vec::new());
        for row in &rows {
            out.write_record(row).unwrap();
        }
        let found = read(&out.into_inner().unwrap(), 3, b',');
        let found: Vec<Vec<String>> = found
            .iter()
            .map(|record| {
                assert_eq!(record.fault(), None);
                record.iter().map(str::to_owned).collect()
            })
            .collect();
        prop_assert_eq!(found, rows);
    }

    #[test]
    fn any_bytes_are_read_to_the_end(bytes in proptest::collection::vec(
        prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..300)) {
        // Some bytes are judged not to be a table before the scanner sees them: JSON by its opening, a
        // binary file by its control characters.
        let bytes = [&b"a,b\n"[..], &bytes].concat();
        let controls = bytes.iter().filter(|byte| **byte < 32 && !b"\t\n\r".contains(byte));
        prop_assume!(controls.count() < 16);
        let records = read(&bytes, 2, b',');
        let mut last = 0;
        for record in &records {
            prop_assert!(record.line() > last);
            last = record.line();
            prop_assert!((record.byte() as usize) < bytes.len());
            for column in 0..record.len() + 1 {
                let _ = (record.text(column), record.raw(column));
            }
        }
    }
}
