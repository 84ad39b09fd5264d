//! Refused, mended, fed again; done, undone; printed again; only tried.

mod common;

use common::*;
use testkit::Place;
use testkit::data::{Listings, Spoil};

#[test]
fn refused_rows_are_mended_and_fed_again() {
    let place = Place::new();
    place.fixture("listings.csv");
    let first = import(&place, &["listings.csv", "--rejects", "rejects.csv"]);
    let rejected = count(&first, "rejected");
    assert!(rejected >= 1);
    let text = place.read("rejects.csv");
    let header = text.lines().next().unwrap();
    for column in [
        "reject_id",
        "reject_source",
        "reject_line",
        "reject_rule",
        "reject_field",
        "reject_reason",
    ] {
        assert!(header.contains(column), "{header}");
    }
    assert!(header.starts_with("房源编号,标题,"), "{header}");

    // Fed again as it is, it is refused again, under the same reject_id.
    import(&place, &["rejects.csv", "--rejects", "again.csv"]);
    assert_eq!(ids(&text), ids(&place.read("again.csv")));

    // Mended, it goes in, and the store knows which refusal that settles.
    place.write("mended.csv", text.replace("2026-02-30", "2026-02-28"));
    let run = runs(&place, STORE).len();
    let mended = import(&place, &["mended.csv"]);
    assert_eq!(count(&mended, "rejected") + 1, rejected, "{mended}");
    assert_eq!(count(&mended, "new"), 1, "{mended}");
    assert_eq!(runs(&place, STORE).len(), run + 1);
    let stored = listings(&place, STORE);
    let home = stored
        .iter()
        .find(|record| record["listing_id"] == "BK1006")
        .expect("the mended row is stored");
    assert_eq!(home["on_market_date"], "2026-02-28", "{home}");
    // The columns of the reject file are no data of the listing.
    assert!(!home.to_string().contains("reject_"), "{home}");

    // It is the same listing that a mended original would have made.
    let fresh = Place::new();
    fresh.write(
        "listings.csv",
        place
            .read("listings.csv")
            .replace("2026-02-30", "2026-02-28"),
    );
    import(&fresh, &["listings.csv"]);
    let same = listings(&fresh, STORE);
    let same = same
        .iter()
        .find(|record| record["listing_id"] == "BK1006")
        .unwrap();
    assert_eq!(same["listing_key"], home["listing_key"]);
    assert_eq!(
        same["list_price"], home["list_price"],
        "the unit was lost on the way"
    );
}

fn ids(text: &str) -> Vec<String> {
    let mut ids: Vec<String> = text
        .split([',', '\n'])
        .filter(|cell| {
            cell.len() == 17
                && cell.starts_with('R')
                && cell[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
        })
        .map(str::to_owned)
        .collect();
    ids.sort();
    assert!(!ids.is_empty(), "no reject_id in:\n{text}");
    ids
}

#[test]
fn rows_of_a_lying_structure_come_back_whole() {
    let place = Place::new();
    let mut bytes = Vec::new();
    let ways = [Spoil::CellCount, Spoil::Encoding, Spoil::Quoting];
    let spoiled = Listings::clean(300)
        .write_spoiled(0.05, &ways, &mut bytes)
        .unwrap();
    place.write("spoiled.csv", bytes);
    let summary = import(&place, &["spoiled.csv", "--rejects", "rejects.csv"]);
    let rejected = count(&summary, "rejected");
    assert!(rejected > 0);
    let refused = place.read("rejects.csv");
    for row in spoiled.iter().filter(|row| row.way == Spoil::CellCount) {
        assert!(
            refused.contains(&row.id),
            "{} is not in the reject file",
            row.id
        );
    }
    // The file is whole CSV: fed again, every row of it is one row.
    let again = import(&place, &["rejects.csv", "--rejects", "again.csv"]);
    assert_eq!(count(&again, "read"), rejected);
}

#[test]
fn too_many_refusals_refuse_the_whole_run() {
    let place = Place::new();
    place.fixture("broken.csv");
    let ran = place
        .run("listing-import", &["broken.csv", "--max-rejects", "3"])
        .code(3);
    assert!(
        ran.stderr.contains("--max-rejects") || ran.stderr.contains("rejected"),
        "{ran}"
    );
    assert!(!place.file(STORE).exists() || listings(&place, STORE).is_empty());
    place
        .run("listing-import", &["broken.csv", "--max-rejects", "50%"])
        .code(3);
    place
        .run("listing-import", &["broken.csv", "--max-rejects", "80%"])
        .ok();
}

#[test]
fn what_a_run_did_can_be_undone_and_the_undoing_too() {
    let place = Place::new();
    place.write("first.csv", Listings::clean(50).bytes());
    import(&place, &["first.csv"]);
    let before = listings(&place, STORE);
    // The second run changes prices and adds rows.
    let more = String::from_utf8(Listings::clean(80).bytes()).unwrap();
    place.write("second.csv", more.replace("000,total", "500,total"));
    let summary = import(&place, &["second.csv"]);
    assert!(
        count(&summary, "changed") > 0 && count(&summary, "new") == 30,
        "{summary}"
    );
    let after = listings(&place, STORE);
    let run = summary["run"].to_string();

    place
        .run(
            "store-admin",
            &["undo", &run, "--reason", "x", "--no-input"],
        )
        .no_panic();
    assert_eq!(listings(&place, STORE), after, "undone without --yes");
    place
        .run(
            "store-admin",
            &["undo", &run, "--yes", "--reason", "wrong file", "--dry-run"],
        )
        .ok();
    assert_eq!(listings(&place, STORE), after, "a dry run undid it");
    place
        .run(
            "store-admin",
            &["undo", &run, "--yes", "--reason", "wrong file"],
        )
        .ok();
    assert_eq!(listings(&place, STORE), before);
    verify(&place, STORE);

    // The undoing is in the log, and the work can be had again from its input.
    let newest = &runs(&place, STORE)[0];
    assert_eq!(newest["undoes"].to_string(), run, "{newest}");
    let again = import(&place, &["second.csv"]);
    assert_eq!(count(&again, "new"), 30, "{again}");
    assert_eq!(listings(&place, STORE), after);
    verify(&place, STORE);
    place
        .run("store-admin", &["undo", "9999", "--yes", "--reason", "x"])
        .code(1)
        .one_error();
}

#[test]
fn the_same_input_again_changes_nothing_and_says_the_same() {
    let place = Place::new();
    place.fixture("listings.csv");
    let (first, summary) = import_with_records(&place, &["listings.csv"]);
    assert!(count(&summary, "new") > 0);
    let stored = listings(&place, STORE);
    let (second, summary) = import_with_records(&place, &["listings.csv"]);
    assert_eq!(
        (count(&summary, "new"), count(&summary, "changed")),
        (0, 0),
        "{summary}"
    );
    assert_eq!(listings(&place, STORE), stored);
    // The same records, but for what became of them.
    let plain = |text: &str| {
        text.replace("\"action\":\"new\"", "\"action\":\"unchanged\"")
            .replace("\"action\":\"changed\"", "\"action\":\"unchanged\"")
    };
    assert_eq!(plain(&first.stdout), plain(&second.stdout));
}

#[test]
fn a_past_run_is_printed_again() {
    let place = Place::new();
    place.fixture("listings.csv");
    let (first, summary) = import_with_records(&place, &["listings.csv"]);
    let run = summary["run"].to_string();
    place.write(
        "listings.csv",
        place.read("listings.csv").replace("965", "955"),
    );
    import(&place, &["listings.csv"]);
    let again = place.run("listing-import", &["--replay", &run]).ok();
    assert_eq!(again.stdout, first.stdout);
    place
        .run("listing-import", &["--replay", "9999"])
        .code(1)
        .one_error();
}

#[test]
fn a_dry_run_tells_and_does_nothing() {
    let place = Place::new();
    place.write("first.csv", Listings::clean(40).bytes());
    import(&place, &["first.csv"]);
    let before = listings(&place, STORE);
    let runs_before = runs(&place, STORE);
    place.write("second.csv", Listings::clean(60).bytes());
    let (ran, summary) = import_with_records(&place, &["second.csv", "--dry-run"]);
    assert_eq!(
        (count(&summary, "new"), count(&summary, "unchanged")),
        (20, 40),
        "{summary}"
    );
    assert_eq!(ran.records().len(), 60);
    assert_eq!(listings(&place, STORE), before);
    assert_eq!(runs(&place, STORE), runs_before);
    // Without a store there is nothing to make.
    place
        .run(
            "listing-import",
            &["second.csv", "--dry-run", "--store", "none.db"],
        )
        .no_panic();
    assert!(!place.file("none.db").exists());
}

#[test]
fn a_backup_brings_the_store_back() {
    let place = Place::new();
    place.write("first.csv", Listings::clean(40).bytes());
    import(&place, &["first.csv"]);
    let before = listings(&place, STORE);
    place.run("store-admin", &["backup", "copy.db"]).ok();
    place.run("store-admin", &["verify", "copy.db"]).ok();
    place.write("second.csv", Listings::clean(60).bytes());
    import(&place, &["second.csv"]);
    place
        .run(
            "store-admin",
            &["restore", "copy.db", "--yes", "--reason", "test"],
        )
        .ok();
    assert_eq!(listings(&place, STORE), before);
    verify(&place, STORE);
    // A copy that was tampered with is not put in the store's place.
    let mut bytes = place.bytes("copy.db");
    // Several pages, whole: a single spot could be one that nothing uses.
    let middle = bytes.len() / 2;
    bytes[middle..middle + 16 * 1024].fill(0x5a);
    place.write("bad.db", bytes);
    place
        .run(
            "store-admin",
            &["restore", "bad.db", "--yes", "--reason", "test"],
        )
        .code(1);
    assert_eq!(listings(&place, STORE), before);
}
