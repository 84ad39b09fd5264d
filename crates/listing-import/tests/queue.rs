//! The queue through the binary: what waits, and what becomes of it once a person has decided.

use serde_json::Value;
use testkit::Place;

const HEADER: &str =
    "房源编号,标题,小区,城市,区县,户型,建筑面积,总价(万),所在楼层,经纪人编号,门店编号\n";

/// Three listings: two speak of school districts, which freezes them; one is in order.
fn homes(price: &str) -> String {
    let row = |id: &str, title: &str, agent: &str, office: &str| {
        format!(
            "{id},{title},翠湖花园,成都,锦江,3室2厅,128.5,{price},中楼层(共18层),{agent},{office}\n"
        )
    };
    [
        HEADER,
        &row("A1", "翠湖花园 学区房 3室2厅", "M7", "S1"),
        &row("A2", "翠湖花园 学区房 南北通透", "M8", "S2"),
        &row("A3", "翠湖花园 3室2厅", "M7", "S1"),
    ]
    .concat()
}

fn place() -> Place {
    let place = Place::new();
    place.write("a.csv", homes("965"));
    place.run("listing-import", &["a.csv"]).ok();
    place
}

fn records(place: &Place, args: &[&str]) -> Vec<Value> {
    place.run("listing-import", args).ok().records()
}

fn ids(records: &[Value]) -> Vec<&str> {
    let ids = records
        .iter()
        .filter_map(|record| record["listing_id"].as_str());
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids
}

fn key(place: &Place, id: &str) -> String {
    let listed = records(place, &["list", &format!("listing_id = {id}")]);
    listed[0]["listing_key"].as_str().expect("a key").to_owned()
}

#[test]
fn what_waits_is_listed_with_its_findings_and_filtered() {
    let place = place();
    let waiting = records(&place, &["queue"]);
    assert_eq!(ids(&waiting), ["A1", "A2"]);
    let first = &waiting[0];
    assert_eq!(first["queue_key"], first["listing_key"]);
    assert_eq!(first["kind"], "frozen");
    assert_eq!(first["since_run"], 1);
    assert_eq!(first["findings"][0]["code"], "L203");
    let message = first["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("学区房"), "{message}");
    assert!(first["decision"].is_null() && first["reason"].is_null());
    let keys: Vec<&str> = waiting
        .iter()
        .filter_map(|item| item["queue_key"].as_str())
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");
    for (filter, expected) in [
        (["--office", "S2"], vec!["A2"]),
        (["--member", "M7"], vec!["A1"]),
        (["--rule", "L2"], vec!["A1", "A2"]),
        (["--rule", "school-promise"], vec!["A1", "A2"]),
        (["--rule", "L501"], vec![]),
        (["--kind", "held"], vec![]),
        (["--where", "title contains '南北'"], vec!["A2"]),
    ] {
        let asked = ["queue", "list", filter[0], filter[1]];
        assert_eq!(ids(&records(&place, &asked)), expected, "{filter:?}");
    }
    let unknown = place.run("listing-import", &["queue", "--rule", "L2x"]);
    unknown.code(2).says("unknown rule");
    let misplaced = ["queue", "--office", "S1", "approve", "A1"];
    place.run("listing-import", &misplaced).code(2);
    let table = place
        .run("listing-import", &["queue", "--format", "csv"])
        .ok();
    assert!(
        table.stdout.starts_with("queue_key,kind,listing_id"),
        "{table}"
    );
}

#[test]
fn approval_waives_the_findings_until_new_ones_come() {
    let place = place();
    let decided = records(
        &place,
        &["queue", "approve", "A1", "--reason", "学校写的是小区名"],
    );
    assert_eq!(decided[0]["decision"], "approve");
    assert_eq!(decided[0]["frozen"], false);
    assert_eq!(
        ids(&records(&place, &["list", "frozen = false"])),
        ["A1", "A3"]
    );
    assert_eq!(ids(&records(&place, &["queue"])), ["A2"]);
    // Another price leaves the same finding waived.
    place.write("b.csv", homes("960"));
    let again = records(&place, &["b.csv"]);
    assert_eq!(again[0]["action"], "changed");
    assert_eq!(again[0]["frozen"], false);
    assert_eq!(again[1]["frozen"], true);
    // Other words are another finding.
    place.write(
        "c.csv",
        homes("960").replace("A1,翠湖花园 学区房", "A1,翠湖花园 名校房"),
    );
    let again = records(&place, &["c.csv"]);
    assert_eq!(again[0]["frozen"], true, "{}", again[0]);
    assert_eq!(ids(&records(&place, &["queue"])), ["A1", "A2"]);
}

#[test]
fn rejection_keeps_it_off_until_it_changes() {
    let place = place();
    let asked = ["queue", "reject", "A1", "A2"];
    place.run("listing-import", &asked).code(2).says("reason");
    let decided = records(&place, &[&asked[..], &["--reason", "改标题"]].concat());
    assert_eq!(ids(&decided), ["A1", "A2"]);
    assert_eq!(decided[0]["frozen"], true);
    assert!(records(&place, &["queue"]).is_empty());
    assert!(
        records(&place, &["a.csv"])
            .iter()
            .take(2)
            .all(|row| row["frozen"] == true)
    );
    place.write(
        "b.csv",
        homes("965").replace("A1,翠湖花园 学区房", "A1,翠湖花园"),
    );
    let mended = records(&place, &["b.csv"]);
    assert_eq!(mended[0]["frozen"], false);
    assert_eq!(mended[1]["frozen"], true);
}

#[test]
fn a_false_listing_stays_off_whatever_its_source_says() {
    let place = place();
    let asked = ["queue", "reject", "A3", "--false", "--reason", "查无此房"];
    let decided = &records(&place, &asked)[0];
    assert_eq!(decided["standard_status"], "Withdrawn");
    assert_eq!(decided["frozen"], true);
    assert_eq!(decided["points"], -12);
    assert!(
        decided["member_key"]
            .as_str()
            .is_some_and(|key| key.starts_with('M'))
    );
    assert_eq!(decided["leads"], Value::Array(Vec::new()));
    for file in ["a.csv", "b.csv"] {
        place.write("b.csv", homes("900"));
        let row = &records(&place, &[file])[2];
        assert_eq!(row["standard_status"], "Withdrawn", "{file}");
        assert_eq!(row["frozen"], true, "{file}");
        assert_eq!(row["findings"][0]["code"], "L902", "{file}");
    }
    let listed = &records(&place, &["list", "listing_id = A3"])[0];
    assert_eq!(listed["standard_status"], "Withdrawn");
    assert_eq!(listed["withdrawn_date"], "2026-11-22");
    assert_eq!(listed["list_price"], "9000000.00");
    place
        .run("listing-import", &asked)
        .code(1)
        .says("already decided (false");
    let none = "[listing-import]\nfalse_listing_points = 0\n";
    place.write("brokerkit.toml", none);
    let asked = ["queue", "reject", "A2", "--false", "--reason", "查无此房"];
    assert!(records(&place, &asked)[0]["points"].is_null());
}

#[test]
fn what_cannot_be_decided_is_said_and_nothing_is_changed() {
    let place = place();
    let asked = |args: &[&str]| place.run("listing-import", args);
    asked(&["queue", "approve", "A1", "Lzzzzzzzzzzzzzzzz"])
        .code(1)
        .one_error()
        .says("Lzzzzzzzzzzzzzzzz");
    asked(&["queue", "approve", "A3"])
        .code(1)
        .says("does not wait");
    asked(&["queue", "approve", "A1", "--dry-run"]).ok();
    assert_eq!(ids(&records(&place, &["queue"])), ["A1", "A2"]);
    asked(&["queue", "approve", "A1"]).ok();
    asked(&["queue", "approve", "A1"])
        .code(1)
        .says("already decided (approve, run ");
    asked(&["queue", "approve", "A1", "--lang", "zh"])
        .code(1)
        .says("此前已处理");
    // Two systems share the id.
    place
        .run("listing-import", &["a.csv", "--source", "other"])
        .ok();
    let several = asked(&["queue", "approve", "A2"]).code(1);
    let keys = key(&place, "A2");
    several.says(&keys).says("name one of the keys");
    let elsewhere = Place::new();
    let none = elsewhere.run("listing-import", &["queue", "approve", "A1"]);
    none.code(1).says("no store");
    assert!(!elsewhere.file("brokerage.db").exists());
}

#[test]
fn a_filled_table_decides_row_by_row() {
    let place = place();
    let (a1, a2) = (key(&place, "A1"), key(&place, "A2"));
    place.write(
        "d.csv",
        format!(
            "queue_key,listing_id,decision,reason\n{a1},A1,通过,\n{a2},A2,,\nLzzzzzzzzzzzzzzzz,,reject,x\n\
             ,A3,approve,\n,A2,maybe,\n,A2,reject,\n"
        ),
    );
    let args = [
        "queue",
        "decide",
        "d.csv",
        "--rejects",
        "bad.csv",
        "--summary",
        "s.json",
    ];
    let ran = place.run("listing-import", &args).ok();
    let actions: Vec<(u64, String)> = ran
        .records()
        .iter()
        .map(|row| {
            (
                row["line"].as_u64().unwrap(),
                row["action"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        (2, "decided"),
        (4, "refused"),
        (5, "refused"),
        (6, "refused"),
        (7, "refused"),
    ];
    assert_eq!(
        actions,
        expected.map(|(line, action)| (line, action.to_owned()))
    );
    let summary: Value = serde_json::from_str(&place.read("s.json")).unwrap();
    for (count, value) in [
        ("read", 6),
        ("rejected", 4),
        ("skipped", 1),
        ("approved", 1),
    ] {
        assert_eq!(summary[count], value, "{count}");
    }
    ran.says("line 4: no listing")
        .says("line 5: ")
        .says("`maybe` is no decision")
        .says("line 7: a rejection needs a reason");
    let rejects = place.read("bad.csv");
    assert_eq!(rejects.lines().count(), 5, "{rejects}");
    assert!(rejects.contains("X144"), "{rejects}");
    assert_eq!(ids(&records(&place, &["queue"])), ["A2"]);
    let again = place.run("listing-import", &args).ok();
    assert!(again.records().iter().all(|row| row["action"] == "refused"));
    again.says("line 2: already decided (approve, run ");
    place
        .run(
            "listing-import",
            &["queue", "decide", "d.csv", "--max-rejects", "1"],
        )
        .code(3);
    place.write("e.csv", format!("queue_key,reason\n{a1},x\n"));
    let lacking = place.run("listing-import", &["queue", "decide", "e.csv"]);
    lacking.code(1).says("lacks a column `decision`");
    place.write("f.csv", "title,decision\nA1,approve\n");
    let lacking = place.run("listing-import", &["queue", "decide", "f.csv"]);
    lacking.code(1).says("lacks a column `queue_key`");
}

#[test]
fn rows_that_contradict_each_other_are_all_refused_and_repeats_count_once() {
    let place = place();
    let (a1, a2) = (key(&place, "A1"), key(&place, "A2"));
    place.write(
        "d.csv",
        format!(
            "queue_key,decision,reason\n{a1},approve,\n{a2},approve,\n{a1},reject,x\n{a2},通过,\n"
        ),
    );
    let ran = place
        .run("listing-import", &["queue", "decide", "d.csv"])
        .ok();
    let rows = ran.records();
    let actions: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["action"].as_str())
        .collect();
    assert_eq!(actions, ["refused", "decided", "refused", "repeated"]);
    ran.says("line 2: line 4 says otherwise")
        .says("line 4: line 2 says otherwise");
    assert_eq!(ids(&records(&place, &["queue"])), ["A1"]);
}

#[test]
fn the_workbook_of_the_queue_is_filled_in_and_fed_back() {
    let place = place();
    let out = ["queue", "--format", "ndjson", "-o", "q.ndjson"];
    place.run("listing-import", &out).ok();
    let filled = place
        .read("q.ndjson")
        .replace("\"decision\":null", "\"decision\":\"虚假\"");
    let filled = filled.replace("\"reason\":null", "\"reason\":\"查无此房\"");
    place.write("q.ndjson", filled);
    place
        .run(
            "listing-import",
            &["queue", "--format", "xlsx", "-o", "q.xlsx"],
        )
        .ok();
    // Nothing is filled in: every row is skipped.
    let args = ["queue", "decide", "q.xlsx", "--summary", "s.json"];
    assert!(records(&place, &args).is_empty());
    let summary: Value = serde_json::from_str(&place.read("s.json")).unwrap();
    assert_eq!(summary["skipped"], 2);
    let decided = records(&place, &["queue", "decide", "q.ndjson"]);
    assert_eq!(decided.len(), 2);
    assert!(
        decided
            .iter()
            .all(|row| row["standard_status"] == "Withdrawn")
    );
}

#[test]
fn hundreds_are_decided_in_one_run() {
    let place = Place::new();
    let rows = (0..600).map(|n| {
        format!("B{n},翠湖花园 学区房,翠湖花园,成都,锦江,3室2厅,128.5,965,中楼层(共18层),M{n},S1\n")
    });
    place.write(
        "a.csv",
        rows.fold(HEADER.to_owned(), |file, row| file + &row),
    );
    place
        .run("listing-import", &["a.csv", "-o", "/dev/null"])
        .ok();
    let rows = (0..600).map(|n| format!("B{n},false,查无此房\n"));
    let header = "listing_id,decision,reason\n".to_owned();
    place.write("d.csv", rows.fold(header, |file, row| file + &row));
    let args = ["queue", "decide", "d.csv", "--summary", "s.json"];
    assert_eq!(records(&place, &args).len(), 600);
    let summary: Value = serde_json::from_str(&place.read("s.json")).unwrap();
    assert_eq!(
        (&summary["withdrawn"], &summary["run"]),
        (&Value::from(600), &Value::from(2))
    );
}
