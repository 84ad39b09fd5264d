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

#[test]
fn rows_of_several_inputs_are_each_read_as_their_own_input_was() {
    // The inputs name the same things differently, price in 万 or by the month, and refuse each other's
    // columns; a file that begins with the one must not read the other's rows its way.
    let sales = "id,title,community,city,layout,area,price,listed\n\
                 Y1,翠湖花园 3室2厅,翠湖花园,北京,3室2厅,128.5,965万,2026-02-01\n\
                 Y2,翠湖花园 2室1厅,翠湖花园,北京,2室1厅,63,400万,2026-02-30\n";
    let header = |id: &str| format!("{id},title,小区,city,layout,area,月租金(元),挂牌时间\n");
    let rents = "Z1,蓝海中心 2室1厅,蓝海中心,北京,2室1厅,66,6500,2026-02-01\n\
                 Z2,蓝海中心 1室1厅,蓝海中心,北京,1室1厅,45,5200,2026-02-31\n";
    for id in ["id", "房源编号"] {
        for inputs in [["two.csv", "one.csv"], ["one.csv", "two.csv"]] {
            let place = Place::new();
            place.write("one.csv", sales);
            place.write("two.csv", header(id) + rents);
            let [first, second] = inputs;
            let summary = import(&place, &[first, second, "--rejects", "rejects.csv"]);
            assert_eq!(count(&summary, "rejected"), 2, "{summary}");
            // Refused again, by the rejects file's own name, they still are who they were.
            import(&place, &["rejects.csv", "--rejects", "again.csv"]);
            let again = place.read("again.csv");
            assert_eq!(ids(&place.read("rejects.csv")), ids(&again));
            let mended = again.replace("2026-02-3", "2026-02-1");
            // A row that no store knows is read as the file says.
            let stranger = again.lines().find(|line| line.contains("Y2")).unwrap();
            let known = ids(stranger).remove(0);
            let stranger = stranger
                .replace("Y2", "Y9")
                .replace(&known, "R00000000000000ff")
                .replace("2026-02-3", "2026-02-1");
            place.write("mended.csv", format!("{mended}{stranger}\n"));
            let summary = import(&place, &["mended.csv"]);
            assert_eq!(count(&summary, "new"), 3, "{summary}");
            assert_eq!(count(&summary, "mended"), 2, "{summary}");

            let fresh = Place::new();
            fresh.write("one.csv", sales.replace("2026-02-30", "2026-02-10"));
            fresh.write(
                "two.csv",
                header(id) + &rents.replace("2026-02-31", "2026-02-11"),
            );
            import(&fresh, &inputs);
            let expected = listings(&fresh, STORE);
            let stored = listings(&place, STORE);
            assert_eq!(stored.len(), 5);
            for home in &expected {
                let key = &home["listing_key"];
                let same = stored.iter().find(|other| &other["listing_key"] == key);
                let same = same.unwrap_or_else(|| panic!("{home} is not in {stored:?}"));
                for field in [
                    "listing_id",
                    "property_type",
                    "list_price",
                    "lease_amount",
                    "on_market_date",
                    "subdivision_name",
                    "living_area",
                    "building_area_total",
                ] {
                    assert_eq!(same[field], home[field], "{field} of {same}");
                }
            }
        }
    }
}

#[test]
fn a_long_rejects_file_knows_the_rows_behind_its_beginning() {
    let place = Place::new();
    let mut rents = "房源编号,title,小区,city,layout,area,月租金(元),挂牌时间\n".to_owned();
    for number in 0..5_000 {
        let day = if number % 2 == 0 { "01" } else { "30" };
        rents += &format!("Z{number},蓝海中心 1室1厅,蓝海中心,北京,1室1厅,45,5200,2026-02-{day}\n");
    }
    place.write("two.csv", rents);
    place.write(
        "one.csv",
        "id,title,community,city,layout,area,price,listed\n\
         Y1,翠湖花园 2室1厅,翠湖花园,北京,2室1厅,63,400万,2026-02-30\n\
         Y2,翠湖花园 2室1厅,翠湖花园,北京,2室1厅,63,410万,2026-02-01\n",
    );
    let args = ["two.csv", "one.csv", "--rejects", "rejects.csv"];
    assert_eq!(count(&import(&place, &args), "rejected"), 2_501);
    let mended = place.read("rejects.csv").replace("2026-02-3", "2026-02-1");
    place.write("mended.csv", mended);
    assert_eq!(count(&import(&place, &["mended.csv"]), "mended"), 2_501);
    let stored = listings(&place, STORE);
    let sold = stored.iter().find(|home| home["listing_id"] == "Y1");
    assert_eq!(sold.expect("Y1 is stored")["list_price"], "4000000.00");
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
