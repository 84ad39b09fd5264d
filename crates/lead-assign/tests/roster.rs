//! `lead-assign roster` through its binary: members, offices, licences.

use serde_json::Value;
use testkit::Place;

const HEADER: &str = "员工编号,姓名,门店,大区,城市,角色,执业证号,有效期,状态,手机,微信号\n";

fn row(id: &str, name: &str, licence: &str, expires: &str) -> String {
    format!(
        "{id},{name},望京店,北区,北京,经纪人,{licence},{expires},在职,1380013{:0>4},wx_{id}\n",
        &id[1..]
    )
}

fn rows(ids: std::ops::Range<u32>) -> String {
    let rows = ids.map(|id| row(&format!("A{id}"), "李明", &format!("BJ{id}"), "2027-03-31"));
    rows.fold(HEADER.to_owned(), |file, row| file + &row)
}

fn load(place: &Place, args: &[&str]) -> Vec<Value> {
    let args = [&["roster", "--summary", "s.json"], args].concat();
    place.run("lead-assign", &args).ok().records()
}

fn summary(place: &Place, name: &str) -> u64 {
    let summary: Value = serde_json::from_str(&place.read("s.json")).expect("it is JSON");
    summary[name]
        .as_u64()
        .unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn a_roster_is_understood_and_the_same_again_changes_nothing() {
    let place = Place::new();
    place.write("r.csv", rows(1..4));
    let records = load(&place, &["r.csv", "--source", "hr"]);
    assert_eq!(records.len(), 3);
    let first = &records[0];
    assert_eq!(first["action"], "new");
    assert_eq!(first["member_id"], "A1");
    assert_eq!(first["member_full_name"], "李明");
    assert_eq!(first["member_status"], "Active");
    assert_eq!(first["role"], "agent");
    assert_eq!(first["office_name"], "望京店");
    assert_eq!(first["licence"], "BJ1");
    assert_eq!(first["licence_expires"], "2027-03-31");
    assert!(
        first["member_key"]
            .as_str()
            .is_some_and(|key| key.starts_with('M'))
    );
    assert_eq!((summary(&place, "new"), summary(&place, "offices")), (3, 1));
    let again = load(&place, &["r.csv", "--source", "hr"]);
    assert!(again.iter().all(|record| record["action"] == "unchanged"));
    assert_eq!(summary(&place, "unchanged"), 3);
    assert_eq!(again[0]["member_key"], first["member_key"]);
    // The same ids of another system are other members.
    let other = load(&place, &["r.csv", "--source", "crm"]);
    assert!(other.iter().all(|record| record["action"] == "new"));
}

#[test]
fn private_contacts_are_masked_and_kept_by_a_roster_without_them() {
    let place = Place::new();
    place.write("r.csv", rows(1..3));
    let records = load(&place, &["r.csv", "--emit", "members"]);
    let first = &records[0];
    assert_eq!(first["member_mobile_phone"], "138****0001");
    assert_eq!(first["wechat"], "w***1");
    let whole = place.run("lead-assign", &["roster", "r.csv"]).ok();
    assert!(!whole.stdout.contains("13800130001"));
    place
        .run(
            "lead-assign",
            &[
                "roster", "r.csv", "--reveal", "--reason", "x", "--limit", "1",
            ],
        )
        .code(2);
    assert!(
        !place
            .bytes("brokerage.db")
            .windows(11)
            .any(|bytes| bytes == b"13800130001"),
        "a phone lies open in the store"
    );
    // Our own output, and one without contacts, say nothing new.
    let args = [
        "roster", "r.csv", "--emit", "members", "--format", "csv", "-o", "ours.csv",
    ];
    place.run("lead-assign", &args).ok();
    for file in ["ours.csv", "bare.csv"] {
        place.write("bare.csv", "员工编号,姓名,门店,大区,城市,角色,执业证号,有效期,状态\nA1,李明,望京店,北区,北京,经纪人,BJ1,2027-03-31,在职\n");
        let records = load(&place, &[file, "--emit", "members"]);
        assert_eq!(records[0]["action"], "unchanged", "{file}");
    }
    place.run("store-admin", &["verify"]).ok();
}

#[test]
fn refused_rows_say_why_and_the_rest_goes_on() {
    let place = Place::new();
    place.write(
        "r.csv",
        rows(1..3)
            + &row("A7", "王芳", "BJ7", "2026-02-30")
            + ",孙七,望京店,北区,北京,经纪人,BJ8,2027-01-01,在职,13800138003,\n",
    );
    let records = load(&place, &["r.csv", "--rejects", "bad.csv"]);
    let refused: Vec<(&Value, &str)> = records
        .iter()
        .filter(|record| record["action"] == "rejected")
        .map(|record| {
            let code = record["findings"][0]["code"].as_str().unwrap_or_default();
            (&record["line"], code)
        })
        .collect();
    assert_eq!(refused, [(&4.into(), "X121"), (&5.into(), "A101")]);
    assert_eq!(
        (summary(&place, "new"), summary(&place, "rejected")),
        (2, 2)
    );
    assert!(place.read("bad.csv").contains("王芳"));
    let run = place.run("store-admin", &["rejects", "1"]).ok().records();
    assert_eq!(run.len(), 2);
    assert_eq!(run[0]["field"], "licence_expires");
    let args = ["roster", "r.csv", "--max-rejects", "1"];
    place
        .run("lead-assign", &args)
        .code(3)
        .says("nothing was changed");
    place.write("nameless.csv", "姓名,门店\n李明,望京店\n");
    place
        .run("lead-assign", &["roster", "nameless.csv"])
        .code(1)
        .says("--map HEADER=member_id");
    place.write("homes.csv", "id,price,city\n17,5200000,北京\n");
    place
        .run("lead-assign", &["roster", "homes.csv"])
        .code(1)
        .says("says anything of a member");
}

#[test]
fn a_full_roster_lets_go_of_whom_it_no_longer_holds() {
    let place = Place::new();
    place.write("r.csv", rows(1..11));
    load(&place, &["r.csv", "--source", "hr"]);
    place.write("other.csv", rows(50..52));
    load(&place, &["other.csv", "--source", "crm"]);
    place.write(
        "full.csv",
        rows(1..10) + &row("A10", "李明", "BJ10", "2026-02-30"),
    );
    let records = load(&place, &["full.csv", "--source", "hr", "--full"]);
    assert!(
        records.iter().all(|record| record["action"] != "inactive"),
        "a row that cannot be read keeps its member"
    );
    place.write("full.csv", rows(1..10));
    let records = load(&place, &["full.csv", "--source", "hr", "--full"]);
    let gone = &records[records.len() - 1];
    assert_eq!(
        (&gone["action"], &gone["member_id"]),
        (&"inactive".into(), &"A10".into())
    );
    assert_eq!(summary(&place, "inactive"), 1);
    let half = rows(1..4);
    place.write("full.csv", half);
    let args = ["roster", "full.csv", "--source", "hr", "--full"];
    place
        .run("lead-assign", &args)
        .code(3)
        .says("--max-inactive");
    let args = [&args[..], &["--max-inactive", "100%"]].concat();
    place.run("lead-assign", &args).ok();
    // Undone, they are back.
    let runs = place.run("store-admin", &["runs"]).ok().records();
    let run = runs[0]["run"].to_string();
    place
        .run("store-admin", &["undo", &run, "--yes", "--reason", "x"])
        .ok();
    place.write("r.csv", rows(1..10));
    let records = load(&place, &["r.csv", "--source", "hr"]);
    assert!(records.iter().all(|record| record["action"] == "unchanged"));
}

#[test]
fn repeats_fold_and_an_undone_roster_is_gone() {
    let place = Place::new();
    let twice = rows(1..2) + &row("A1", "李明明", "BJ1", "2028-03-31");
    place.write("r.csv", twice);
    let records = load(&place, &["r.csv"]);
    assert_eq!(records[0]["superseded_by_line"], 3);
    assert_eq!(records[1]["action"], "new");
    assert_eq!(records[1]["member_full_name"], "李明明");
    assert_eq!(
        (summary(&place, "new"), summary(&place, "unchanged")),
        (1, 1)
    );
    let members = load(&place, &["r.csv", "--emit", "members", "--dry-run"]);
    assert_eq!(members.len(), 1);
    let args = ["undo", "1", "--yes", "--reason", "x"];
    place.run("store-admin", &args).ok();
    assert_eq!(load(&place, &["r.csv"])[1]["action"], "new");
}

#[test]
fn licences_that_are_due_are_listed() {
    let place = Place::new();
    let due = |args: &[&str]| {
        let all = [&["roster", "due", "--now", "2026-11-27T04:00:00Z"], args].concat();
        place.run("lead-assign", &all).ok().records()
    };
    place.write("bare.csv", "agent_id,name\nZ1,Ann\n");
    load(&place, &["bare.csv", "--source", "crm"]);
    assert!(
        due(&[]).is_empty(),
        "a roster without licences makes none missing"
    );
    place.write(
        "r.csv",
        HEADER.to_owned()
            + &row("A1", "李明", "BJ1", "2027-03-31")
            + &row("A2", "王芳", "", "")
            + &row("A3", "赵六", "BJ3", "2026-11-26")
            + &row("A4", "孙七", "BJ4", "2026-11-27")
            + &row("A5", "周八", "BJ5", "2026-12-27")
            + &row("A6", "吴九", "BJ6", "2026-12-28")
            + &row("A7", "郑十", "BJ7", "长期"),
    );
    load(&place, &["r.csv", "--source", "hr"]);
    let told: Vec<(String, String, Value)> = due(&[])
        .iter()
        .map(|record| {
            let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            (text("member_id"), text("state"), record["days"].clone())
        })
        .collect();
    let expect = |id: &str, state: &str, days: Value| (id.to_owned(), state.to_owned(), days);
    assert_eq!(
        told,
        [
            expect("A2", "missing", Value::Null),
            expect("A3", "expired", (-1).into()),
            expect("A4", "expiring", 0.into()),
            expect("A5", "expiring", 30.into()),
        ]
    );
    assert_eq!(due(&["--within", "5w"]).len(), 5);
    place
        .run("lead-assign", &["roster", "due", "--within", "soon"])
        .code(2);
}

#[test]
fn nothing_named_and_nothing_in_it_are_told_apart() {
    let place = Place::new();
    place
        .run("lead-assign", &["roster"])
        .code(2)
        .says("no roster is named");
    place.write("empty.csv", HEADER);
    let ran = place
        .run("lead-assign", &["roster", "empty.csv", "--full"])
        .ok();
    assert_eq!(ran.stdout, "");
    ran.says("nothing was done");
    assert!(!place.file("brokerage.db").exists());
    let args = ["roster", "empty.csv", "--unit", "price=万"];
    place.run("lead-assign", &args).code(2);
}

#[test]
fn the_fixture_shows_what_its_readme_says() {
    let place = Place::new();
    place.fixture("roster.csv");
    let records = load(
        &place,
        &["roster.csv", "--source", "hr", "--emit", "members"],
    );
    assert_eq!(records.len(), 5);
    assert_eq!(records[0]["role"], "manager");
    assert_eq!(records[0]["job_title"], "店经理");
    assert_eq!(
        records[0]["territories"],
        serde_json::json!(["望京", "酒仙桥"])
    );
    assert_eq!(records[2]["licence_expires"], "2026-10-31");
    assert_eq!(records[2]["hired_at"], "2019-09-02");
    assert_eq!(records[3]["licence_expires"], Value::Null);
    assert_eq!(records[4]["member_status"], "Inactive");
    assert_eq!(
        (summary(&place, "rejected"), summary(&place, "offices")),
        (1, 2)
    );
    let due = place
        .run(
            "lead-assign",
            &["roster", "due", "--now", "2026-11-27T04:00:00Z"],
        )
        .ok()
        .records();
    let ids: Vec<&Value> = due.iter().map(|record| &record["member_id"]).collect();
    assert_eq!(ids, ["A002", "A003"]);
}

#[test]
fn an_office_is_told_by_its_rows_together() {
    let place = Place::new();
    place.write(
        "r.csv",
        "员工编号,姓名,门店编号,门店,城市\nA1,李明,D1,望京店,北京\nA2,王芳,D1,,上海\nA3,赵六,D1,望京一店,\n",
    );
    load(&place, &["r.csv"]);
    assert_eq!(summary(&place, "offices"), 1);
    load(&place, &["r.csv"]);
    assert_eq!(
        summary(&place, "offices"),
        0,
        "rows that differ change nothing the second time"
    );
}

#[test]
fn a_past_load_is_told_again() {
    let place = Place::new();
    place.write("r.csv", rows(1..3));
    let records = load(&place, &["r.csv"]);
    load(&place, &["r.csv"]);
    let again = place.run("lead-assign", &["roster", "--replay", "1"]).ok();
    assert_eq!(again.records(), records);
    place
        .run("lead-assign", &["roster", "--replay", "9"])
        .code(1)
        .says("there is no run 9");
}
