//! `store-admin` through its binary: what it makes, shows, takes back, checks and keeps.

// the helpers below are tests too, which clippy cannot see
#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt;

use model::identity::Lookup;
use model::listing::Listing;
use model::money::Currency;
use model::packed::PackedListings;
use store::{InputStart, ListingWrite, Location, OpenOptions, RejectWrite, RunStart, Store};
use testkit::Place;

const CALENDAR: &str = "日期,类型,名称\n2026-10-01,节假日,国庆节\n2026-10-10,调休上班,国庆节\n2026-02-30,休息,\n2026-05-09,调休,\n";

/// A place with a store in it.
fn place() -> Place {
    let place = Place::new();
    place.run("store-admin", &["init"]).ok();
    place
}

fn open(place: &Place) -> Store {
    let options = OpenOptions {
        key_directory: Some(place.home().join("data/brokerkit/keys")),
        ..OpenOptions::default()
    };
    Store::open(&Location::File(place.file("brokerage.db")), &options).unwrap()
}

fn start() -> RunStart {
    RunStart {
        tool: "listing-import".into(),
        actor: "tester".into(),
        host: "here".into(),
        ..RunStart::default()
    }
}

/// Writes a run with one listing at this price, and one refused row; returns the listing's key.
fn import(place: &Place, price: i64) -> String {
    let mut store = open(place);
    let mut run = store.begin(start()).unwrap();
    let start = InputStart {
        source: "homes.csv".into(),
        format: "csv".into(),
        encoding: "utf-8".into(),
        mapping: "[]".into(),
    };
    let input = run.input(start).unwrap();
    let listing = Listing {
        originating_system_name: "lianjia".into(),
        originating_system_key: "101".into(),
        listing_id: "101".into(),
        city: "北京".into(),
        owner_name: "欧阳修远".into(),
        list_price: Some(price),
        currency: Some(Currency::CNY),
        ..Listing::default()
    };
    let packed = PackedListings::of(&listing);
    let write = ListingWrite {
        listing: packed.get(0),
        lookup: Lookup::of(&listing).unwrap(),
        findings_json: "",
        frozen: false,
        hash: price as u64,
        input,
        line: 7,
        row: 0,
    };
    let key = run.upsert_listing(&write).unwrap().key.as_str().to_owned();
    run.reject(&RejectWrite {
        input,
        line: 9,
        reject_id: "R1",
        rule: "X101",
        field: None,
        reason: "3 ≠ 4",
    })
    .unwrap();
    run.close_input(input, &[7; 32], 2).unwrap();
    run.commit(r#"{"read":2,"new":1,"rejected":1}"#, "done")
        .unwrap();
    key
}

#[test]
fn init_makes_a_store_once_and_says_where_its_key_is() {
    let place = Place::new();
    place
        .run("store-admin", &["init", "--key-file", "k/none/key"])
        .code(1)
        .one_error();
    assert!(!place.file("brokerage.db").exists());
    place
        .run("store-admin", &["init"])
        .ok()
        .says("/data/brokerkit/keys/")
        .says("no backup");
    place.run("store-admin", &["init"]).ok().says("already");
    place
        .run("store-admin", &["init", "--key-file", "other"])
        .code(1)
        .one_error();
    place
        .run("store-admin", &["init", "--store", ":memory:"])
        .code(2);
    place.write("text.db", "not a store, whatever its name says");
    place
        .run("store-admin", &["init", "--store", "text.db"])
        .code(1)
        .one_error();
}

#[test]
fn runs_are_listed_newest_first_with_the_killed_ones() {
    let place = place();
    import(&place, 100);
    // a run that was killed has a start, and no end
    let db = rusqlite::Connection::open(place.file("brokerage.db")).unwrap();
    db.execute(
        "INSERT INTO run (tool, command, actor, host, version, config_hash, rule_pack, model_version, started_at) \
         VALUES ('t', 'c', 'a', 'h', 'v', '', '', '', 0)",
        [],
    )
    .unwrap();
    drop(db);
    import(&place, 200);
    let ran = place.run("store-admin", &["runs"]).ok();
    let outcomes: Vec<_> = ran
        .records()
        .iter()
        .map(|run| {
            (
                run["run"].as_i64(),
                run["outcome"].as_str().map(str::to_owned),
            )
        })
        .collect();
    let expected = [(3, "done"), (2, "killed"), (1, "done")]
        .map(|(run, outcome)| (Some(run), Some(outcome.to_owned())));
    assert_eq!(outcomes, expected);
    assert_eq!(ran.records()[0]["counts"]["new"], 1);
    assert!(ran.stdout.starts_with("{\"run\":3,"), "{ran}");
    let csv = place.run("store-admin", &["runs", "--format", "csv"]).ok();
    assert!(csv.stdout.starts_with("run,tool,actor,"));
    place
        .run(
            "store-admin",
            &["runs", "--format", "table", "--limit", "1"],
        )
        .ok();
}

#[test]
fn show_masks_unless_asked_with_a_reason() {
    let place = place();
    let key = import(&place, 520_000_000);
    import(&place, 500_000_000);
    for name in [key.as_str(), "101"] {
        let ran = place.run("store-admin", &["show", name]).ok();
        let thing = &ran.records()[0];
        assert_eq!(thing["listing_key"], key.as_str());
        assert_eq!(thing["fields"]["list_price"], "5000000.00");
        assert_eq!(thing["lineage"]["source"], "homes.csv");
        assert_eq!(thing["lineage"]["line"], 7);
        assert_eq!(thing["lineage"]["updated_by"]["run"], 2);
        assert_eq!(thing["history"][0]["previous_value"], "5200000.00");
        assert!(!ran.stdout.contains("修远"), "{ran}");
    }
    place
        .run("store-admin", &["show", "101", "--reveal"])
        .code(2);
    let shown = place
        .run(
            "store-admin",
            &[
                "show",
                "101",
                "--reveal",
                "--reason",
                "owner called",
                "--limit",
                "1",
            ],
        )
        .ok();
    assert_eq!(shown.records()[0]["fields"]["owner_name"], "欧阳修远");
    let told = place.run("store-admin", &["show", "101"]).ok();
    assert_eq!(
        told.records()[0]["decisions"][0]["payload"]["reason"],
        "owner called"
    );
    let run = place.run("store-admin", &["show", "1"]).ok();
    assert_eq!(run.records()[0]["inputs"][0]["records"], 2);
    let table = place
        .run("store-admin", &["show", "101", "--format", "table"])
        .ok();
    assert!(
        table.stdout.contains("5000000.00") && table.stdout.contains("5200000.00"),
        "{table}"
    );
    place
        .run("store-admin", &["show", "nothing"])
        .code(1)
        .one_error();
    // without the key the rest is still told
    std::fs::remove_dir_all(place.home().join("data")).unwrap();
    let ran = place
        .run("store-admin", &["show", "101"])
        .ok()
        .says("key is not at hand");
    assert_eq!(ran.records()[0]["fields"]["city"], "北京");
}

#[test]
fn rejects_tell_line_rule_and_reason() {
    let place = place();
    import(&place, 100);
    let ran = place.run("store-admin", &["rejects", "1"]).ok();
    assert_eq!(ran.records()[0]["line"], 9);
    assert_eq!(ran.records()[0]["rule"], "X101");
    place
        .run("store-admin", &["rejects", "5"])
        .code(1)
        .one_error();
}

#[test]
fn undo_needs_a_yes_and_a_reason_and_refuses_conflicts() {
    let place = place();
    let key = import(&place, 100);
    import(&place, 200);
    place
        .run("store-admin", &["undo", "2"])
        .code(2)
        .says("--yes --reason");
    place
        .run("store-admin", &["undo", "2", "--yes"])
        .code(2)
        .says("--reason");
    let undo = |run: &str| ["undo", run, "--yes", "--reason", "wrong file"].map(str::to_owned);
    place
        .run("store-admin", &undo("1"))
        .code(1)
        .says("run 2 changed list_price");
    place
        .run("store-admin", &["undo", "2", "--dry-run"])
        .ok()
        .says("dry run");
    assert_eq!(
        open(&place)
            .listing(&key, false)
            .unwrap()
            .unwrap()
            .listing
            .list_price,
        Some(200)
    );
    place.run("store-admin", &undo("2")).ok().says("1 restored");
    assert_eq!(
        open(&place)
            .listing(&key, false)
            .unwrap()
            .unwrap()
            .listing
            .list_price,
        Some(100)
    );
    place
        .run("store-admin", &undo("2"))
        .code(1)
        .says("undone already");
    place.run("store-admin", &undo("1")).ok();
    assert!(open(&place).listing(&key, false).unwrap().is_none());
    place.run("store-admin", &undo("77")).code(1);
    place.run("store-admin", &["verify"]).ok();
}

#[test]
fn verify_finds_what_was_changed_or_cut_off() {
    let place = place();
    import(&place, 100);
    let ran = place.run("store-admin", &["verify"]).ok();
    let head = ran.records()[0]["head"].as_str().unwrap().to_owned();
    import(&place, 200);
    place.run("store-admin", &["verify", "--head", &head]).ok();
    place
        .run("store-admin", &["verify", "--head", &"0".repeat(64)])
        .code(1)
        .says("remembered head");
    place
        .run("store-admin", &["verify", "--head", "abc"])
        .code(2);
    place.run("store-admin", &["backup", "copy.db"]).ok();
    place.run("store-admin", &["verify", "copy.db"]).ok();
    let db = rusqlite::Connection::open(place.file("copy.db")).unwrap();
    db.execute("UPDATE decision SET payload = '{}' WHERE run = 1", [])
        .unwrap();
    drop(db);
    let ran = place
        .run("store-admin", &["verify", "copy.db"])
        .code(1)
        .says("decision 1 of run 1");
    assert_eq!(ran.records()[0]["ok"], false);
    std::fs::remove_dir_all(place.home().join("data")).unwrap();
    place
        .run("store-admin", &["verify"])
        .code(1)
        .says("--key-file");
}

#[test]
fn backups_are_kept_private_and_restored_whole() {
    let place = place();
    let key = import(&place, 100);
    for _ in 0..3 {
        place
            .run("store-admin", &["backup", "b.db", "--keep", "2"])
            .ok()
            .says("not in it");
    }
    assert!(
        place.file("b.db").exists()
            && place.file("b.db.1").exists()
            && !place.file("b.db.2").exists()
    );
    let mode = std::fs::metadata(place.file("b.db"))
        .unwrap()
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o600);
    place.write("letter.txt", "dear owner");
    place.run("store-admin", &["backup", "letter.txt"]).code(2);
    place
        .run("store-admin", &["backup", "brokerage.db"])
        .code(2);
    place
        .run("store-admin", &["backup", "none/b.db"])
        .code(1)
        .one_error()
        .says("no folder");
    assert_eq!(place.read("letter.txt"), "dear owner");

    import(&place, 200);
    place
        .run("store-admin", &["restore", "b.db"])
        .code(2)
        .says("--yes");
    place
        .run("store-admin", &["restore", "letter.txt", "--yes"])
        .code(1);
    place
        .run("store-admin", &["restore", "none.db", "--yes"])
        .code(1)
        .one_error();
    place.run("store-admin", &["restore", "b.db", "--yes"]).ok();
    assert_eq!(
        open(&place)
            .listing(&key, false)
            .unwrap()
            .unwrap()
            .listing
            .list_price,
        Some(100)
    );
    std::fs::remove_file(place.file("brokerage.db")).unwrap();
    place.run("store-admin", &["restore", "b.db.1"]).ok();
    place.run("store-admin", &["verify"]).ok();
}

#[test]
fn a_calendar_goes_in_and_says_what_it_refused() {
    let place = place();
    place.write("cal.csv", CALENDAR);
    let dry = place
        .run("store-admin", &["calendar", "cal.csv", "--dry-run"])
        .ok()
        .says("dry run");
    assert!(open(&place).calendar().unwrap().is_empty());
    let ran = place
        .run(
            "store-admin",
            &["calendar", "cal.csv", "--rejects", "bad.csv"],
        )
        .ok()
        .says("2 rejected");
    assert_eq!(ran.stdout, dry.stdout);
    let codes: Vec<_> = ran
        .records()
        .iter()
        .filter_map(|line| line["findings"][0]["code"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(codes, ["X121", "X124"]);
    let days: Vec<_> = open(&place)
        .calendar()
        .unwrap()
        .iter()
        .map(|day| (day.day.to_string(), day.kind.as_str()))
        .collect();
    assert_eq!(
        days,
        [
            ("2026-10-01".to_owned(), "holiday"),
            ("2026-10-10".to_owned(), "working")
        ]
    );
    assert!(place.read("bad.csv").contains("X124"));
    assert_eq!(
        place
            .run("store-admin", &["rejects", "1"])
            .ok()
            .records()
            .len(),
        2
    );
    place
        .run("store-admin", &["calendar", "cal.csv"])
        .ok()
        .says("nothing was changed");
    place
        .run(
            "store-admin",
            &["calendar", "cal.csv", "--max-rejects", "1"],
        )
        .code(3);
    place
        .run(
            "store-admin",
            &["undo", "1", "--yes", "--reason", "last year's"],
        )
        .ok()
        .says("2 removed");
    place.run("store-admin", &["calendar"]).code(2);
    place
        .run("store-admin", &["calendar", "none.csv"])
        .code(1)
        .one_error();
    place.write("odd.csv", "a,b\n1,2\n");
    place
        .run("store-admin", &["calendar", "odd.csv"])
        .code(1)
        .says("--map");
    let mapped = place
        .feed(
            "store-admin",
            &["calendar", "-", "--map", "when=date"],
            "when,isOffDay\n2026-10-02,true\n",
        )
        .ok();
    assert_eq!(mapped.records()[0]["action"], "new");
}

#[test]
fn the_shipped_calendar_has_no_fault() {
    let place = place();
    place.fixture("calendar-2026.csv");
    let ran = place
        .run("store-admin", &["calendar", "calendar-2026.csv"])
        .ok();
    assert!(
        ran.records().iter().all(|line| line["action"] == "new"),
        "{ran}"
    );
}

#[test]
fn a_store_that_cannot_be_written_is_read() {
    let place = place();
    let key = import(&place, 100);
    let set = |mode| {
        for name in ["brokerage.db", "."] {
            let mode = if name == "." { mode | 0o111 } else { mode };
            std::fs::set_permissions(place.file(name), std::fs::Permissions::from_mode(mode))
                .unwrap();
        }
    };
    set(0o444);
    for args in [
        vec!["runs"],
        vec!["show", key.as_str()],
        vec!["rejects", "1"],
        vec!["verify"],
        vec!["config", "show"],
        vec!["init"],
    ] {
        place.run("store-admin", &args).ok();
    }
    set(0o644);
}

#[test]
fn a_held_store_is_tried_again_later() {
    let place = place();
    import(&place, 100);
    let mut store = open(&place);
    let run = store.begin(start()).unwrap();
    place
        .run(
            "store-admin",
            &["undo", "1", "--yes", "--reason", "x", "--wait", "0"],
        )
        .code(75)
        .says("listing-import");
    place.run("store-admin", &["runs"]).ok();
    drop(run);
}

#[test]
fn settings_say_where_they_come_from() {
    let place = Place::new();
    place.write("brokerkit.toml", "[store]\nwait = \"5s\"\n");
    let ran = place
        .run(
            "store-admin",
            &["config", "show", "--origin", "--lang", "zh"],
        )
        .ok();
    let origin = |key: &str| {
        let row = ran
            .records()
            .into_iter()
            .find(|row| row["key"] == key)
            .unwrap();
        row["origin"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(origin("store.wait"), "brokerkit.toml:2");
    assert_eq!(origin("defaults.lang"), "--lang");
    assert_eq!(origin("store.path"), "built-in");
    place.write("brokerkit.toml", "[store]\nwiat = \"5s\"\n");
    place
        .run("store-admin", &["config", "show"])
        .code(2)
        .says("wait");
}

#[test]
fn help_schema_and_errors_keep_the_house_rules() {
    let place = Place::new();
    place.run("store-admin", &[] as &[&str]).code(2);
    place
        .run("store-admin", &["runs"])
        .code(1)
        .says("store-admin init")
        .one_error();
    let zh = place.run("store-admin", &["--help", "--lang", "zh"]).ok();
    assert!(zh.stdout.contains("撤销"), "{zh}");
    let schema = place.run("store-admin", &["--schema"]).ok();
    assert!(schema.stdout.contains("undone_by"));
    place.run("store-admin", &["--generate", "man"]).ok();
}
