//! What tools do in a pipe: two writers of one store, a reader that leaves, no input at all.

mod common;

use common::*;
use testkit::Place;
use testkit::data::Listings;

/// Far more than the buffer of a pipe holds, in every stage.
const ROWS: u64 = 3000;

#[test]
fn two_writers_in_one_pipeline_do_not_deadlock() {
    let place = Place::new();
    let data = Listings::clean(ROWS).bytes();
    assert!(data.len() > 1 << 20);
    place.write("big.csv", data);
    place
        .shell("listing-import big.csv --emit listings | tee middle.ndjson | listing-import - --summary second.json > last.ndjson")
        .ok();
    assert!(
        place.bytes("middle.ndjson").len() > 1 << 20,
        "more than a pipe's buffer stood between them"
    );
    assert_eq!(place.records("last.ndjson").len() as u64, ROWS);
    assert_eq!(listings(&place, STORE).len() as u64, ROWS);
    verify(&place, STORE);
}

#[test]
fn emitted_listings_fed_back_change_nothing() {
    let place = Place::new();
    // A word that no code stands for is a finding on the way in, and is gone on the way out.
    let data = String::from_utf8(Listings::clean(500).bytes())
        .unwrap()
        .replace(",unknown,", ",,");
    place.write("big.csv", data);
    place.shell("listing-import big.csv --emit listings | listing-import - --summary second.json > last.ndjson").ok();
    let summary = serde_json::from_str(&place.read("second.json")).unwrap();
    assert_eq!(count(&summary, "read"), 500);
    assert_eq!(count(&summary, "unchanged"), 500, "{summary}");
}

#[test]
fn a_refused_row_does_not_pass_as_a_listing_of_the_next_tool() {
    let place = Place::new();
    place.fixture("listings.csv");
    place
        .shell("listing-import listings.csv --emit listings --store :memory: | listing-import - -o /dev/null")
        .ok();
    let stored = listings(&place, STORE);
    assert_eq!(stored.len(), 18);
    assert!(
        stored.iter().all(|record| record["listing_id"] != "BK1006"),
        "the row with the impossible date was stored by the second tool"
    );
}

#[test]
fn a_reader_that_leaves_ends_it_quietly_and_loses_no_work() {
    let place = Place::new();
    place.write("big.csv", Listings::clean(ROWS).bytes());
    let ran = place.shell("listing-import big.csv --quiet | head -1").ok();
    assert_eq!(ran.records().len(), 1);
    assert_eq!(ran.stderr, "");
    assert_eq!(listings(&place, STORE).len() as u64, ROWS);
    let ran = place
        .shell("listing-import list | head -1; listing-import rules | head -1")
        .ok();
    assert_eq!(ran.stdout.lines().count(), 2);
    assert!(!ran.stderr.contains("error"), "{ran}");
}

#[test]
fn an_empty_input_does_nothing() {
    let place = Place::new();
    place.write("good.csv", Listings::clean(5).bytes());
    import(&place, &["good.csv"]);
    let before = listings(&place, STORE);
    let ran = place.shell("listing-import - < /dev/null").no_panic();
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(ran.stdout, "");
    let ran = place
        .shell("listing-import - --full-feed default < /dev/null")
        .no_panic();
    assert_eq!(
        listings(&place, STORE),
        before,
        "an empty feed withdrew listings: {ran}"
    );
    // The first of a pipeline had nothing to say: the second has nothing to do.
    place
        .shell("cat /dev/null | listing-import - --emit listings | listing-import -")
        .ok();
    assert_eq!(listings(&place, STORE), before);
}

#[test]
fn without_input_the_usage_is_wrong() {
    let place = Place::new();
    let ran = place.run::<&str>("listing-import", &[]).code(2);
    assert!(ran.stdout.is_empty());
    assert!(!place.file(STORE).exists(), "a store was made");
    place.run("listing-import", &["--no-such-flag"]).code(2);
    place.run("listing-import", &["check"]).code(2);
}

#[test]
fn memory_is_a_pure_filter() {
    let place = Place::new();
    place.write("good.csv", Listings::clean(20).bytes());
    let ran = place
        .run(
            "listing-import",
            &["good.csv", "--store", ":memory:", "--emit", "listings"],
        )
        .ok();
    assert_eq!(ran.records().len(), 20);
    let left: Vec<_> = std::fs::read_dir(place.path())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(left, ["good.csv"], "a filter left something behind");
    assert_eq!(
        std::fs::read_dir(place.home()).unwrap().count(),
        0,
        "a filter made a key"
    );
}

#[test]
fn the_same_input_and_clock_give_the_same_bytes() {
    let place = Place::new();
    place.write("good.csv", Listings::clean(300).bytes());
    for format in ["ndjson", "csv", "json"] {
        let line = |store: &str| {
            place
                .run(
                    "listing-import",
                    &[
                        "good.csv", "--store", store, "--emit", "listings", "--format", format,
                    ],
                )
                .ok()
                .stdout
        };
        assert_eq!(
            line(&format!("one-{format}.db")),
            line(&format!("two-{format}.db"))
        );
    }
}
