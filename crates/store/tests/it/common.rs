//! A place with a store in it, and listings made up for the tests.

use std::path::PathBuf;

use model::codes::StandardStatus;
use model::field::{Kind, Value};
use model::identity::Lookup;
use model::jiff::Timestamp;
use model::listing::{Listing, ListingField};
use model::packed::PackedListings;
use rusqlite::Connection;
use store::{InputStart, ListingWrite, Location, OpenOptions, Run, RunStart, Store, Upserted};

pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn location(&self) -> Location {
        Location::File(self.path("a.db"))
    }

    pub(crate) fn options(&self) -> OpenOptions {
        OpenOptions {
            key_directory: Some(self.path("keys")),
            create: true,
            ..OpenOptions::default()
        }
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(&self.location(), &self.options()).unwrap()
    }

    pub(crate) fn raw(&self) -> Connection {
        Connection::open(self.path("a.db")).unwrap()
    }
}

pub(crate) fn start() -> RunStart {
    RunStart {
        tool: "test".into(),
        actor: "somebody".into(),
        host: "here".into(),
        now: Timestamp::from_second(1_760_000_000).unwrap(),
        ..RunStart::default()
    }
}

pub(crate) fn today() -> model::jiff::civil::Date {
    model::jiff::civil::date(2025, 10, 9)
}

pub(crate) fn input(run: &mut Run<'_>) -> i64 {
    run.input(InputStart {
        source: "a.csv".into(),
        mapping: "{}".into(),
        ..InputStart::default()
    })
    .unwrap()
}

pub(crate) fn listing(key: &str, price: i64) -> Listing {
    Listing {
        originating_system_name: "portal".into(),
        originating_system_key: key.into(),
        listing_id: key.into(),
        title: "翠湖新村 \"两室\"".into(),
        city: "成都".into(),
        list_price: Some(price),
        standard_status: Some(StandardStatus::Active),
        street_name: "人民路\\1".into(),
        owner_phone: "+8613800138000".into(),
        ..Listing::default()
    }
}

pub(crate) fn put(run: &mut Run<'_>, input: i64, row: u32, listing: &Listing) -> Upserted {
    put_frozen(run, input, row, listing, false)
}

pub(crate) fn put_frozen(
    run: &mut Run<'_>,
    input: i64,
    row: u32,
    listing: &Listing,
    frozen: bool,
) -> Upserted {
    let packed = PackedListings::of(listing);
    let write = ListingWrite {
        listing: packed.get(0),
        lookup: Lookup::of(listing).unwrap(),
        findings_json: "[]",
        frozen,
        hash: hash(listing) ^ u64::from(frozen),
        input,
        line: u64::from(row) + 2,
        row,
    };
    run.upsert_listing(&write).unwrap()
}

/// Any hash of every field will do.
pub(crate) fn hash(listing: &Listing) -> u64 {
    let mut text = String::new();
    for field in ListingField::ALL {
        text.push_str(&format!("{:?}|", listing.get(*field)));
    }
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A listing with a value in every field.
pub(crate) fn full(key: &str) -> Listing {
    let mut listing = Listing::default();
    for (number, field) in (1..).zip(ListingField::ALL) {
        let text = format!("值 \"{}\" {number}", field.name());
        let value = match field.field().kind {
            Kind::Text => Value::Text(&text),
            Kind::List => Value::List("a|b"),
            Kind::Integer => Value::Integer(number),
            Kind::Decimal => Value::Decimal(model::Decimal::new(number, 2)),
            Kind::Money => Value::Money(number),
            Kind::Area => Value::Area(number),
            Kind::Date => Value::Date(model::jiff::civil::date(2026, 1, 5)),
            Kind::Instant => Value::Instant(Timestamp::from_microsecond(number * 1001).unwrap()),
            Kind::Flag => Value::Flag(true),
            Kind::Code => continue,
        };
        listing.set(*field, value);
    }
    listing.standard_status = Some(StandardStatus::Closed);
    listing.currency = model::money::Currency::from_code("CNY");
    listing.originating_system_key = key.into();
    listing
}

/// Every row of the tables that hold business, as text.
pub(crate) fn dump(conn: &Connection) -> Vec<String> {
    let tables = [
        "listing",
        "listing_history",
        "community",
        "calendar_day",
        "before_image",
        "word",
        "evidence",
        "correction",
        "credit_entry",
        "member",
    ];
    let mut rows = Vec::new();
    for table in tables {
        let mut statement = conn
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3"))
            .unwrap();
        let width = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<rusqlite::types::Value> =
                (0..width).map(|column| row.get(column).unwrap()).collect();
            rows.push(format!("{table} {values:?}"));
        }
    }
    rows
}
