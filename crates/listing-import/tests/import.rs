//! `listing-import` through its binary: identity, repeats, full feeds, freezing and thawing, listing.

use serde_json::Value;
use testkit::Place;

const HEADER: &str = "房源编号,标题,小区,城市,区县,户型,建筑面积,总价(万),所在楼层\n";

fn row(id: &str, title: &str, price: &str) -> String {
    format!("{id},{title},翠湖花园,北京,朝阳,3室2厅,128.5,{price},中楼层(共18层)\n")
}

/// Homes whose price tells the unit: enough rows for a median.
fn feed(ids: std::ops::Range<u32>) -> String {
    let rows = ids.map(|id| row(&format!("A{id}"), "翠湖花园 3室2厅", "965"));
    rows.fold(HEADER.to_owned(), |file, row| file + &row)
}

fn import(place: &Place, args: &[&str]) -> Vec<Value> {
    place.run("listing-import", args).ok().records()
}

fn actions(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .filter_map(|record| record["action"].as_str())
        .collect()
}

#[test]
fn the_same_file_again_changes_nothing_and_says_so() {
    let place = Place::new();
    place.write("a.csv", feed(1..6));
    assert_eq!(actions(&import(&place, &["a.csv"])), ["new"; 5]);
    let again = import(&place, &["a.csv"]);
    assert_eq!(actions(&again), ["unchanged"; 5]);
    assert_eq!(again[0]["listing_id"], "A1");
    assert!(
        again[0]["listing_key"]
            .as_str()
            .is_some_and(|key| key.starts_with('L'))
    );
}

#[test]
fn agents_nobody_has_registered_are_counted() {
    let place = Place::new();
    place.write(
        "a.csv",
        "listing_id,city,agent_id\n1,北京,A1\n2,北京,\n3,北京,A2\n",
    );
    let arguments = ["a.csv", "--summary", "s.json"];
    place.run("listing-import", &arguments).ok();
    let summary: Value = serde_json::from_str(&place.read("s.json")).unwrap();
    assert_eq!(summary["unresolved_references"], 2);
    assert_eq!(summary["read"], 3);
}

#[test]
fn an_output_takes_the_place_of_no_input_and_no_store() {
    let place = Place::new();
    place.write("a.csv", feed(1..3));
    import(&place, &["a.csv"]);
    let store = place.bytes("brokerage.db");
    for arguments in [
        ["a.csv", "-o", "a.csv"],
        ["a.csv", "--rejects", "./a.csv"],
        ["a.csv", "-o", "brokerage.db"],
        ["a.csv", "--summary", "brokerage.db"],
        ["check", "a.csv", "--rejects=brokerage.db"],
        ["list", "-o", "brokerage.db"],
    ] {
        place.run("listing-import", &arguments).code(2);
    }
    assert_eq!(place.read("a.csv"), feed(1..3));
    assert_eq!(place.bytes("brokerage.db"), store);
}

#[test]
fn a_feed_without_records_withdraws_nothing() {
    let place = Place::new();
    place.write("a.csv", feed(1..6));
    import(&place, &["a.csv", "--source", "portal"]);
    let header = feed(1..1);
    place.write("b.csv", header);
    let arguments = ["b.csv", "--full-feed", "portal", "--max-withdrawn", "100%"];
    assert_eq!(import(&place, &arguments), Vec::<Value>::new());
    let left = place
        .run("listing-import", &["list", "standard_status = Active"])
        .ok();
    assert_eq!(left.records().len(), 5);
    let asked = ["list", "frozen = false and verification = unverified"];
    assert_eq!(place.run("listing-import", &asked).ok().records().len(), 5);
    let asked = ["list", "frozen = true"];
    assert_eq!(place.run("listing-import", &asked).ok().records().len(), 0);
}

#[test]
fn a_file_about_something_else_is_refused() {
    let place = Place::new();
    place.write("passwd", "root:x:0:0\nsync:x:1:1\n");
    place.write("a.csv", feed(1..3));
    let changes = place.run("listing-import", &["a.csv"]).ok();
    place.write("changes.ndjson", changes.stdout);
    for file in ["passwd", "changes.ndjson"] {
        let run = place.run("listing-import", &[file]).code(1);
        run.says("says anything of a home");
    }
    let again = import(&place, &["a.csv"]);
    assert_eq!(actions(&again), ["unchanged"; 2]);
}

#[test]
fn what_is_refused_shows_no_private_value() {
    let place = Place::new();
    place.write(
        "dates.csv",
        "id,city,小区,layout,area,price,listed\n\
         1,北京,翠湖,2室1厅,80,400万,13912345678诸葛\n\
         3,北京,翠湖,2室1厅,80,400万,2026-01-02\n\
         4,北京,翠湖,2室1厅,81,400万,2026-01-03\n",
    );
    place.write(
        "cells.csv",
        "id,city,小区,layout,area,price,业主姓名\n\
         2,北京,翠湖,2室1厅,80,诸葛孔明\n\
         3,北京,翠湖,2室1厅,80,400万,诸葛孔明\n",
    );
    place.write(
        "lines.ndjson",
        "{\"id\":\"J2\",\"city\":\"北京\",\"price\":\"400万\"}\n\
         {\"id\":\"J3\",\"city\":\"北京\",\"price\":\"410万\"}\n\
         {\"id\":\"J1\",\"owner\":\"诸葛孔明\" \"city\":1}\n诸葛孔明 13912345678\n",
    );
    let files = ["dates.csv", "cells.csv", "lines.ndjson"];
    let run = place.run("listing-import", &files).ok();
    let more = ["--rejects-masked", "masked.csv", "--dry-run"];
    place
        .run("listing-import", &[&files[1..], &more[..]].concat())
        .ok();
    let masked = place.read("masked.csv");
    assert_eq!(masked.lines().count(), 4, "{masked}");
    let replayed = place.run("listing-import", &["--replay", "1"]).ok();
    for text in [&run.stdout, &run.stderr, &replayed.stdout, &masked] {
        for private in ["诸葛", "13912345678"] {
            assert!(!text.contains(private), "{private} in {text}");
        }
    }
}

#[test]
fn what_a_file_masks_or_leaves_out_keeps_its_private_values() {
    let place = Place::new();
    let rows = "1,北京,翠湖,2室1厅,80,400万,诸葛孔明,13800138001\n\
                2,北京,翠湖,2室1厅,81,401万,欧阳修远,13800138002\n";
    place.write(
        "a.csv",
        format!("id,city,小区,layout,area,price,业主姓名,业主电话\n{rows}"),
    );
    import(&place, &["a.csv"]);
    let listed = place.run("listing-import", &["list"]).ok();
    place.write("listed.ndjson", listed.stdout);
    import(&place, &["listed.ndjson"]);
    place.write(
        "b.csv",
        "id,city,小区,layout,area,price\n1,北京,翠湖,2室1厅,80,390万\n2,北京,翠湖,2室1厅,81,391万\n",
    );
    import(&place, &["b.csv"]);
    let reveal = [
        "list", "--reveal", "--reason", "test", "--limit", "9", "--yes",
    ];
    let revealed = place.run("listing-import", &reveal).ok().records();
    assert_eq!(revealed.len(), 2);
    for listing in &revealed {
        let owner = match listing["listing_id"].as_str() {
            Some("1") => ["诸葛孔明", "+8613800138001"],
            _ => ["欧阳修远", "+8613800138002"],
        };
        assert_eq!(listing["owner_name"], owner[0]);
        assert_eq!(listing["owner_phone"], owner[1]);
    }
}

#[test]
fn findings_say_which_element_of_a_json_array_they_are_about() {
    let place = Place::new();
    let home = |id: &str, price: &str| {
        format!(
            "{{\"listing_id\":\"{id}\",\"community\":\"翠湖花园\",\"city\":\"北京\",\
             \"layout\":\"3室2厅\",\"area\":\"128.5\",\"list_price\":\"{price}\"}}"
        )
    };
    let homes = [
        home("A1", "9650000"),
        home("A2", "9600000"),
        home("A3", "a lot"),
    ];
    place.write("a.json", format!("[{}]", homes.join(",")));
    place.write("b.json", format!("[\n{}\n]", homes.join(",\n")));
    let args = |name| [name, "--emit", "findings", "--unit", "list_price=元"];
    let about = |name: &'static str| {
        let records = import(&place, &args(name));
        let refused = |record: &&Value| record["effect"] == "reject";
        let found = records.iter().find(refused).cloned().unwrap_or_default();
        let message = found["message"].as_str().unwrap_or_default().to_owned();
        (found["line"].as_u64(), message)
    };
    let (line, message) = about("a.json");
    assert_eq!(line, Some(1));
    assert!(message.ends_with("item 3"), "{message}");
    let (line, message) = about("b.json");
    assert_eq!(line, Some(4));
    assert!(!message.contains("item"), "{message}");
}

#[test]
fn elements_of_an_array_may_change_places() {
    let place = Place::new();
    let home = |id: u32| {
        format!(
            "{{\"listing_id\":\"{id}\",\"title\":\"x\",\"community\":\"翠湖花园\",\"city\":\"北京\",\
             \"layout\":\"3室2厅\",\"area\":\"128.5\",\"list_price\":\"965万\"}}"
        )
    };
    place.write("a.json", format!("[{},{},{}]", home(1), home(2), home(3)));
    let first = import(&place, &["a.json"]);
    assert_ne!(first[1]["findings"].to_string(), "[]");
    place.write("b.json", format!("[{},{},{}]", home(3), home(1), home(2)));
    assert_eq!(actions(&import(&place, &["b.json"])), ["unchanged"; 3]);
}

#[test]
fn repeats_fold_into_the_last_state_and_only_that_is_compared() {
    let place = Place::new();
    let file = feed(1..5)
        + &row("A2", "翠湖花园 3室2厅 朝南", "970")
        + &row("A2", "翠湖花园 3室2厅 朝南", "980");
    place.write("a.csv", file);
    let first = import(&place, &["a.csv"]);
    assert_eq!(
        actions(&first),
        ["new", "unchanged", "new", "new", "unchanged", "new"]
    );
    assert_eq!(first[1]["findings"][0]["code"], "X142");
    assert_eq!(actions(&import(&place, &["a.csv"])), ["unchanged"; 6]);
    let stored = import(&place, &["list", "listing_id=A2"]);
    assert_eq!(stored[0]["list_price"], "9800000.00");
    assert_eq!(
        (stored[0]["source"].as_str(), stored[0]["line"].as_u64()),
        (Some("a.csv"), Some(7))
    );
}

#[test]
fn records_without_an_id_are_known_again_by_what_does_not_change() {
    let place = Place::new();
    let file = |price: &str| {
        (1..8).fold(
            "小区,城市,户型,建筑面积,总价(万)\n".to_owned(),
            |file, n| file + &format!("翠湖花园,北京,3室2厅,{}.5,{price}\n", 100 + n),
        ) + &format!("翠湖花园,北京,3室2厅,101.5,{price}\n")
    };
    place.write("a.csv", file("900"));
    assert_eq!(
        actions(&import(&place, &["a.csv"])),
        ["new"; 8],
        "twins are told apart by how often they came"
    );
    place.write("a.csv", file("910"));
    assert_eq!(actions(&import(&place, &["a.csv"])), ["changed"; 8]);
}

#[test]
fn a_full_feed_withdraws_what_it_no_longer_has_within_limits() {
    let place = Place::new();
    place.write("a.csv", feed(1..11));
    import(&place, &["a.csv", "--source", "lianjia"]);
    place.write("b.csv", feed(1..10));
    let records = import(
        &place,
        &["b.csv", "--source", "lianjia", "--full-feed", "lianjia"],
    );
    let last = records.last().unwrap();
    assert_eq!(
        (last["action"].as_str(), last["listing_id"].as_str()),
        (Some("withdrawn"), Some("A10"))
    );
    assert_eq!(last["standard_status"], "Withdrawn");
    // A broken feed withdraws nothing and changes nothing.
    place.write("c.csv", feed(1..4));
    place
        .run(
            "listing-import",
            &["c.csv", "--source", "lianjia", "--full-feed", "lianjia"],
        )
        .code(3)
        .says("6 of 9");
    assert_eq!(import(&place, &["list", "standard_status=Active"]).len(), 9);
    // What comes back keeps its key.
    let back = import(&place, &["a.csv", "--source", "lianjia"]);
    assert_eq!(back[9]["action"], "changed");
    assert_eq!(back[9]["listing_key"], last["listing_key"]);
}

#[test]
fn a_refused_row_keeps_its_listing_from_being_withdrawn() {
    let place = Place::new();
    place.write("a.csv", feed(1..11));
    import(&place, &["a.csv", "--source", "s"]);
    let broken = feed(1..10) + &row("A10", "翠湖花园 3室2厅", "abc");
    place.write("b.csv", broken);
    let records = import(&place, &["b.csv", "--source", "s", "--full-feed", "s"]);
    assert_eq!(records.last().unwrap()["action"], "rejected");
    // Nor does one with a cell too many, whose id can still be read.
    place.write(
        "b.csv",
        feed(1..10) + &row("A10", "翠湖花园 3室2厅", "965,1"),
    );
    let records = import(&place, &["b.csv", "--source", "s", "--full-feed", "s"]);
    assert_eq!(records.last().unwrap()["action"], "rejected");
}

#[test]
fn a_severe_finding_freezes_and_the_mended_row_thaws() {
    let place = Place::new();
    place.write(
        "a.csv",
        feed(1..5) + &row("A9", "翠湖花园 3室2厅 保证升值", "965"),
    );
    let first = import(&place, &["a.csv"]);
    assert_eq!(
        (
            first[4]["frozen"].as_bool(),
            first[4]["findings"][0]["effect"].as_str()
        ),
        (Some(true), Some("freeze"))
    );
    place.write("a.csv", feed(1..5) + &row("A9", "翠湖花园 3室2厅", "965"));
    let second = import(&place, &["a.csv"]);
    assert_eq!(
        (second[4]["frozen"].as_bool(), second[4]["action"].as_str()),
        (Some(false), Some("changed"))
    );
}

#[test]
fn check_opens_no_store_and_gates() {
    let place = Place::new();
    place.write(
        "a.csv",
        feed(1..5) + &row("A9", "翠湖花园 3室2厅 保证升值", "965"),
    );
    let ran = place
        .run("listing-import", &["check", "a.csv", "--fail-on", "freeze"])
        .code(3);
    assert!(
        ran.records()
            .iter()
            .any(|finding| finding["code"] == "L202")
    );
    place
        .run("listing-import", &["check", "a.csv", "--fail-on", "reject"])
        .ok();
    assert!(!place.file("brokerage.db").exists());
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let place = Place::new();
    place.write("a.csv", feed(1..5));
    assert_eq!(
        actions(&import(&place, &["a.csv", "--dry-run"])),
        ["new"; 4]
    );
    assert!(!place.file("brokerage.db").exists());
    import(&place, &["a.csv"]);
    let before = place.bytes("brokerage.db");
    place.write("a.csv", feed(1..7));
    assert_eq!(actions(&import(&place, &["a.csv", "-n"]))[4..], ["new"; 2]);
    assert!(
        before == place.bytes("brokerage.db"),
        "a dry run changed the store"
    );
}

#[test]
fn private_values_are_masked_and_revealed_only_for_a_reason() {
    let place = Place::new();
    let file = "房源编号,小区,城市,户型,建筑面积,总价(万),业主姓名,业主电话\n\
                A1,翠湖花园,北京,3室2厅,128.5,965,张三丰,13800138000\n";
    place.write("a.csv", file);
    let listing = &import(
        &place,
        &["a.csv", "--emit", "listings", "--unit", "list_price=万"],
    )[0];
    assert_eq!(
        (
            listing["owner_name"].as_str(),
            listing["owner_phone"].as_str()
        ),
        (Some("张*"), Some("138****8000"))
    );
    place.run("listing-import", &["list", "--reveal"]).code(2);
    let elsewhere = [
        "list", "--store", "none.db", "--reveal", "--reason", "r", "--limit", "1",
    ];
    place.run("listing-import", &elsewhere).code(1);
    assert!(!place.file("none.db").exists(), "asking made a store");
    let shown = &import(
        &place,
        &[
            "list",
            "--reveal",
            "--reason",
            "owner called",
            "--limit",
            "1",
        ],
    )[0];
    assert_eq!(shown["owner_phone"], "+8613800138000");
}

#[test]
fn a_unit_that_nothing_tells_is_asked_for() {
    let place = Place::new();
    place.write("a.csv", "id,price\n1,2\n2,2\n3,3\n4,2\n");
    place
        .run("listing-import", &["a.csv"])
        .code(1)
        .says("--unit");
}

#[test]
fn an_own_output_comes_back_unchanged() {
    let place = Place::new();
    place.write("a.csv", feed(1..6));
    let listings = place
        .run("listing-import", &["a.csv", "--emit", "listings"])
        .ok();
    let again = place
        .feed("listing-import", &["-"], &listings.stdout)
        .ok()
        .records();
    assert_eq!(actions(&again), ["unchanged"; 5]);
}

#[test]
fn two_homes_under_one_key_ask_for_the_source() {
    let place = Place::new();
    place.write("a.csv", feed(1..5));
    import(&place, &["a.csv"]);
    place.write("b.csv", feed(1..5).replace("翠湖花园", "金色家园"));
    let records = import(&place, &["b.csv"]);
    assert!(
        records
            .iter()
            .all(|record| record["findings"].to_string().contains("X143")),
        "{records:?}"
    );
}

fn communities(place: &Place, args: &[&str]) -> Vec<Value> {
    let mut all = vec!["communities"];
    all.extend(args);
    place.run("listing-import", &all).ok().records()
}

#[test]
fn communities_of_one_name_are_told_apart_and_the_same_file_changes_nothing() {
    let place = Place::new();
    place.write(
        "ids.csv",
        "id,小区,城市,区县,商圈\n1,公安局宿舍,北京,朝阳,双井\n2,公安局宿舍,北京,海淀,田村\n\
         3,公安局宿舍,北京,海淀,白石桥\n",
    );
    place.write(
        "names.csv",
        "小区,城市,区县,商圈\n公安局宿舍,北京,朝阳,双井\n公安局宿舍,北京,海淀,田村\n",
    );
    for (file, rows) in [("ids.csv", 3), ("names.csv", 2)] {
        let first = communities(&place, &[file]);
        assert_eq!(actions(&first), vec!["new"; rows], "{first:?}");
        let again = communities(&place, &[file]);
        assert_eq!(actions(&again), vec!["unchanged"; rows], "{again:?}");
    }
    // Another system's ids are other communities; a new name under a known id is a change.
    let other = communities(&place, &["ids.csv", "--source", "other"]);
    assert_eq!(actions(&other), ["new"; 3]);
    let renamed = place.read("ids.csv").replace("1,公安局宿舍", "1,双井家园");
    place.write("ids.csv", renamed);
    let changed = communities(&place, &["ids.csv"]);
    assert_eq!(actions(&changed), ["changed", "unchanged", "unchanged"]);
}

#[test]
fn repeats_of_a_community_fold_into_the_last_state() {
    let place = Place::new();
    place.write(
        "a.csv",
        "id,小区,城市,区县\n1,翠湖花园,北京,朝阳\n2,蓝海中心,北京,海淀\n1,翠湖家园,北京,朝阳\n",
    );
    let first = communities(&place, &["a.csv"]);
    assert_eq!(actions(&first), ["unchanged", "new", "new"]);
    let again = place.run("listing-import", &["communities", "a.csv"]).ok();
    assert!(again.stderr.contains("later row"), "{again}");
    assert_eq!(actions(&again.records()), ["unchanged"; 3]);
}

#[test]
fn an_id_that_counts_from_one_is_the_key() {
    let place = Place::new();
    let rows = |from: u32| {
        (from..9).fold(HEADER.to_owned(), |file, id| {
            file + &row(&id.to_string(), "翠湖花园 3室2厅", "965")
        })
    };
    place.write("all.csv", rows(1));
    place.write("rest.csv", rows(2));
    let first = import(&place, &["all.csv"]);
    assert_eq!(first[0]["listing_id"], "1");
    assert_eq!(actions(&first), ["new"; 8]);
    assert_eq!(actions(&import(&place, &["rest.csv"])), ["unchanged"; 7]);
}

#[test]
fn a_broken_cell_is_refused_in_a_small_file_too() {
    let place = Place::new();
    let header = "id,city,小区,layout,area,price\n";
    place.write(
        "a.csv",
        format!("{header}9,北京,a,2室1厅,NaN,400万\n8,北京,a,2室1厅,80,400万\n"),
    );
    let records = import(&place, &["a.csv", "--rejects", "r.csv"]);
    assert_eq!(actions(&records), ["rejected", "new"]);
    assert_eq!(records[0]["findings"][0]["code"], "X120");
    // a column that is left over is told
    place.write(
        "b.csv",
        format!("{header}7,北京,a,2室1厅,90,待查\n6,北京,a,2室1厅,80,不详\n"),
    );
    let ran = place.run("listing-import", &["b.csv"]);
    assert!(
        ran.stderr.contains("`price` is left over"),
        "{}",
        ran.stderr
    );
}
