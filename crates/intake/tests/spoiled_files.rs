//! Files that were spoiled on their way: bytes flipped, cut out, put in, pieces doubled. Whatever is
//! left of a file, reading it ends, with records or with an error, and never in a panic; a reading that
//! does not end is a test that does not.
//!
//! `PROPTEST_CASES=20000 cargo test -p intake --test spoiled_files` spoils each file so many times.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use common::{Place, fixture, gzip};
use intake::{HeaderOption, ReadOptions, Record};

/// Numbers from a seed, the same on every machine (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Bytes that mean something to one format or another.
const MEANT: &[&[u8]] = &[
    b"\"",
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"&#0;",
    b"&x;",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"\x7f\xff\xff\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xd0\xcf",
    b"PK\x03\x04",
    b"4294967295",
    b"-1",
    b"1e999",
    b"A1048577",
    b"\xe4\xb8",
];

/// Spoils bytes in a few places.
fn spoil(bytes: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len());
        let scale = chance.below(12);
        let length = 1 + chance.below(1 << scale);
        let end = bytes.len().min(at + length);
        match chance.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
            1 if !bytes.is_empty() => bytes[at] = chance.next() as u8,
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => {
                let doubled = bytes[at..end].to_vec();
                bytes.splice(at..at, doubled);
            }
            5 => {
                let other = chance.below(bytes.len());
                let copied = bytes[at..end].to_vec();
                let until = bytes.len().min(other + copied.len());
                let copied = copied[..until - other].to_vec();
                bytes.splice(other..until, copied);
            }
            6 => {
                let meant = MEANT[chance.below(MEANT.len())];
                bytes.splice(at..at, meant.iter().copied());
            }
            _ => {
                let meant = MEANT[chance.below(MEANT.len())];
                let end = bytes.len().min(at + meant.len());
                bytes.splice(at..end, meant.iter().copied());
            }
        }
    }
}

/// Spoils one part of an archive and closes it again, so that its checksums are right.
fn spoil_part(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let spoiled = chance.below(from.len());
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if index == spoiled || chance.below(8) == 0 {
            spoil(&mut content, chance);
        }
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        to.write_all(&content).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn options(chance: &mut Chance) -> ReadOptions {
    let mut options = ReadOptions::default();
    let encodings = ["utf-8", "gbk", "utf-16", "utf-16be", "windows-1252", "big5"];
    if chance.below(4) == 0 {
        options.encoding = Some(encodings[chance.below(encodings.len())].to_owned());
    }
    if chance.below(8) == 0 {
        options.delimiter = Some(b",;\t|\""[chance.below(5)]);
    }
    if chance.below(8) == 0 {
        options.sheet = Some(["1", "2", "房源"][chance.below(3)].to_owned());
    }
    if chance.below(8) == 0 {
        options.header = HeaderOption::None;
    }
    options
}

/// Reads a file to its end or to its error; what came of it.
fn read(place: &Place, bytes: &[u8], options: &ReadOptions) -> String {
    let mut table = match place.open_with(bytes, options) {
        Ok(table) => table,
        Err(error) => return error.to_string(),
    };
    let mut record = Record::new();
    let mut seen = blake3::Hasher::new();
    let mut last = (0, 0);
    loop {
        match table.read(&mut record) {
            Err(error) => return error.to_string(),
            Ok(false) => return seen.finalize().to_string(),
            Ok(true) => {
                let place = (record.line(), record.byte());
                assert!(place >= last, "{place:?} comes after {last:?}");
                last = place;
                for column in 0..record.len() {
                    seen.update(record.raw(column));
                    seen.update(record.text(column).as_bytes());
                }
            }
        }
    }
}

fn cases() -> usize {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted.and_then(|cases| cases.parse().ok()).unwrap_or(60)
}

fn try_spoiled(name: &str, spoil: impl Fn(&[u8], &mut Chance) -> Vec<u8>) {
    let place = Place::new();
    let whole = fixture(name);
    for seed in 0..cases() as u64 {
        let mut chance = Chance(seed);
        let bytes = spoil(&whole, &mut chance);
        let options = options(&mut chance);
        let once = || read(&place, &bytes, &options);
        let read = catch_unwind(AssertUnwindSafe(once));
        let Ok(first) = read else {
            let kept = std::env::temp_dir().join(format!("spoiled-{seed}-{name}"));
            std::fs::write(&kept, &bytes).unwrap();
            panic!(
                "{name}, seed {seed}, {options:?}: kept as {}",
                kept.display()
            );
        };
        if seed % 8 == 0 {
            assert_eq!(first, once(), "{name}, seed {seed}: two readings differ");
        }
    }
}

fn simply(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    spoil(&mut bytes, chance);
    bytes
}

const TEXTS: [&str; 7] = [
    "listings.csv",
    "broken.csv",
    "western.csv",
    "deals.csv",
    "communities.csv",
    "rentals.ndjson",
    "calendar-2026.csv",
];

#[test]
fn spoiled_texts() {
    for name in TEXTS {
        try_spoiled(name, simply);
    }
}

#[test]
fn spoiled_texts_of_other_encodings() {
    for name in ["listings.csv", "rentals.ndjson"] {
        try_spoiled(name, |bytes, chance| {
            let text = String::from_utf8_lossy(bytes);
            let bytes: Vec<u8> = match chance.below(3) {
                0 => encoding_rs::GB18030.encode(&text).0.into_owned(),
                1 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                _ => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            };
            simply(&bytes, chance)
        });
    }
}

#[test]
fn spoiled_json_documents() {
    try_spoiled("rentals.ndjson", |bytes, chance| {
        let text = String::from_utf8_lossy(bytes);
        let objects: Vec<&str> = text.lines().filter(|line| line.ends_with('}')).collect();
        let array = format!("[{}]", objects.join([",", ",\n"][chance.below(2)]));
        let whole = match chance.below(3) {
            0 => array,
            1 => format!("{{\"total\":3,\"data\":{array}}}"),
            _ => format!("{{\"code\":0,\"data\":{{\"list\":{array}}},\"x\":[1,2]}}"),
        };
        simply(whole.as_bytes(), chance)
    });
}

#[test]
fn spoiled_workbooks() {
    for name in [
        "listings.xlsx",
        "listings.xls",
        "listings.ods",
        "password.xlsx",
    ] {
        try_spoiled(name, simply);
    }
}

#[test]
fn workbooks_with_a_spoiled_part() {
    for name in ["listings.xlsx", "listings.ods", "far-cell.xlsx"] {
        try_spoiled(name, spoil_part);
    }
}

#[test]
fn spoiled_packed_files() {
    for name in ["listings.csv", "listings.xls", "listings.ods"] {
        try_spoiled(name, |bytes, chance| {
            let mut bytes = bytes.to_vec();
            if chance.below(2) == 0 {
                spoil(&mut bytes, chance);
            }
            let mut packed = match chance.below(2) {
                0 => gzip(&bytes),
                _ => zstd::encode_all(&bytes[..], 1).unwrap(),
            };
            if chance.below(2) == 0 {
                spoil(&mut packed, chance);
            }
            packed
        });
    }
}
