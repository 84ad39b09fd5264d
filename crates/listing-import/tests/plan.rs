//! `--plan` and `--apply` through the binary: what is planned is done, exactly, or nothing is.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use testkit::{Place, Ran};

const HEADER: &str =
    "房源编号,标题,小区,城市,区县,户型,建筑面积,总价(万),所在楼层,业主姓名,业主电话,房号\n";

fn row(id: &str, price: &str) -> String {
    format!(
        "{id},翠湖花园 3室2厅,翠湖花园,北京,朝阳,3室2厅,128.5,{price},中楼层(共18层),诸葛孔明,13800138001,2805\n"
    )
}

fn feed(rows: &[(&str, &str)]) -> String {
    let rows = rows.iter().map(|(id, price)| row(id, price));
    rows.fold(HEADER.to_owned(), |file, row| file + &row)
}

/// A place whose store holds three listings, and a file in which one is new, one changed, one as it
/// was, one not there, and a row that cannot be understood.
fn place() -> Place {
    let place = Place::new();
    let before = [("A1", "965"), ("A2", "965"), ("A3", "965")];
    place.write("a.csv", feed(&before));
    import(&place, &["a.csv"]);
    let after = [("A1", "900"), ("A2", "965"), ("A4", "980"), ("A5", "many")];
    place.write("b.csv", feed(&after));
    place
}

fn import(place: &Place, args: &[&str]) -> Ran {
    place.run("listing-import", args).ok()
}

/// Every listing of the store, but where it was read from.
fn listings(place: &Place) -> Vec<Value> {
    let mut listed = import(place, &["list"]).records();
    for listing in &mut listed {
        listing["line"].take();
    }
    listed
}

fn lines(place: &Place) -> Vec<Value> {
    place.records("plan.ndjson")
}

/// The plan's line of a listing.
fn line_of(place: &Place, id: &str) -> Value {
    let found = lines(place)
        .into_iter()
        .find(|line| line["listing_id"] == id);
    found.unwrap_or_else(|| panic!("{id} is not in the plan"))
}

/// Refused with one clear error, and nothing was changed.
#[track_caller]
fn refused(place: &Place, args: &[&str], code: i32, why: &str) -> Ran {
    let before = place.file("brokerage.db").exists().then(|| listings(place));
    let ran = place.run("listing-import", args).code(code).one_error();
    assert!(ran.stderr.contains(why), "expected {why:?} of {ran}");
    assert!(ran.stdout.is_empty(), "records of a refused run: {ran}");
    match before {
        Some(before) => assert_eq!(listings(place), before, "the store changed: {ran}"),
        None => assert!(
            !place.file("brokerage.db").exists(),
            "a store was made: {ran}"
        ),
    }
    ran
}

const PLAN: &[&str] = &["b.csv", "--plan", "plan.ndjson"];
const APPLY: &[&str] = &["--apply", "plan.ndjson"];
const MOVED: &str = "the store has moved since the plan was made";

#[test]
fn a_plan_tells_each_change_and_changes_nothing() {
    let place = place();
    let before = place.bytes("brokerage.db");
    let planned = import(&place, PLAN);
    assert_eq!(place.bytes("brokerage.db"), before);
    let dry = import(&place, &["b.csv", "--dry-run"]);
    assert_eq!(planned.stdout, dry.stdout);
    let all = lines(&place);
    let header = &all[0];
    assert_eq!(header["plan"], "listing-import");
    assert_eq!(header["store"]["exists"], true);
    assert_eq!(header["store"]["run"], 1);
    assert_eq!(
        header["inputs"][0]["path"],
        place.file("b.csv").to_str().unwrap()
    );
    assert_eq!(header["counts"]["changed"], 1);
    let told: Vec<(&str, &str)> = all[1..all.len() - 1]
        .iter()
        .map(|line| {
            (
                line["action"].as_str().unwrap(),
                line["listing_id"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("rejected", "A5"), ("changed", "A1"), ("new", "A4")]);
    let changed = line_of(&place, "A1");
    assert_eq!(
        changed["diff"]["list_price"],
        serde_json::json!(["9650000.00", "9000000.00"])
    );
    assert_eq!(changed["line"], 2);
    assert_eq!(changed["source"], "b.csv");
    assert!(changed["diff"].get("title").is_none(), "{changed}");
    let new = line_of(&place, "A4");
    assert_eq!(new["diff"]["city"], serde_json::json!([null, "北京"]));
    let refused = line_of(&place, "A5");
    assert_eq!(refused["listing_key"], Value::Null);
    assert!(
        refused["diff"]["findings"][1][0][0].is_string(),
        "{refused}"
    );
    assert!(all[all.len() - 1]["digest"].is_string());
}

#[test]
fn a_plan_applied_is_the_import_it_told_of() {
    let planned = place();
    let plain = place();
    import(&planned, PLAN);
    let applied = import(&planned, APPLY);
    let imported = import(&plain, &["b.csv"]);
    assert_eq!(applied.stdout, imported.stdout);
    assert_eq!(listings(&planned), listings(&plain));
    assert!(
        applied.stderr.contains("run 2: 4 read, 1 new, 1 changed"),
        "{applied}"
    );
    let replayed = import(&planned, &["--replay", "2"]);
    assert_eq!(replayed.stdout, imported.stdout);
}

#[test]
fn a_plan_makes_the_store_it_was_made_without() {
    let place = Place::new();
    place.write("b.csv", feed(&[("A1", "965"), ("A2", "966")]));
    import(&place, PLAN);
    assert!(!place.file("brokerage.db").exists());
    assert_eq!(lines(&place)[0]["store"]["exists"], false);
    import(&place, APPLY);
    assert_eq!(listings(&place).len(), 2);
    refused(&place, APPLY, 1, MOVED);
}

#[test]
fn a_plan_is_applied_once_and_only_while_nothing_came_in_between() {
    let place = place();
    import(&place, PLAN);
    import(&place, APPLY);
    refused(&place, APPLY, 1, "run 2 (listing-import, 2026-11-22 09:00)");
    import(&place, PLAN);
    place.write("c.csv", feed(&[("C1", "965"), ("C2", "965")]));
    import(&place, &["c.csv", "--now", "2026-11-23T10:00:00+08:00"]);
    let ran = refused(&place, APPLY, 1, MOVED);
    assert!(
        ran.stderr
            .contains("run 3 (listing-import, 2026-11-23 10:00)"),
        "{ran}"
    );
    // A dry run and a failed one move nothing.
    import(&place, PLAN);
    import(&place, &["a.csv", "--dry-run"]);
    let gate = ["b.csv", "--max-rejects", "0"];
    place.run("listing-import", &gate).code(3);
    import(&place, &[APPLY, &["--dry-run"]].concat());
    import(&place, APPLY);
}

#[test]
fn a_plan_belongs_to_its_store_its_inputs_and_its_settings() {
    let place = place();
    import(&place, PLAN);
    let other = [APPLY, &["--store", "other.db"]].concat();
    place.run("listing-import", &other).code(1).one_error();
    assert!(!place.file("other.db").exists(), "a store was made");
    import(&place, &["a.csv", "--store", "other.db"]);
    refused(&place, &other, 1, "another store");
    place.write("brokerkit.toml", "[listing-import]\nphotos_min = 9\n");
    refused(&place, APPLY, 1, "config is not the one");
    std::fs::remove_file(place.file("brokerkit.toml")).unwrap();
    let file = place.read("b.csv");
    place.write("b.csv", file.replace("900", "901"));
    refused(&place, APPLY, 1, "was edited after the plan was made");
    std::fs::remove_file(place.file("b.csv")).unwrap();
    refused(&place, APPLY, 1, "b.csv");
    place.write("b.csv", file);
    import(&place, APPLY);
}

#[test]
fn arguments_come_from_the_plan() {
    let place = place();
    let more = [
        "--source",
        "portal",
        "--map",
        "标题=skip",
        "--tz",
        "Europe/Paris",
    ];
    import(&place, &[PLAN, &more].concat());
    assert_eq!(lines(&place)[0]["settings"]["defaults.tz"], "Europe/Paris");
    for args in [
        &["b.csv"][..],
        &["--source", "x"],
        &["--ignore", "L201"],
        &["-"],
    ] {
        refused(&place, &[APPLY, args].concat(), 2, "plan");
    }
    std::fs::create_dir(place.file("elsewhere")).unwrap();
    place
        .shell("cd elsewhere && listing-import --apply ../plan.ndjson --store ../brokerage.db")
        .ok();
    let of_portal = import(&place, &["list", "originating_system_name=portal"]).records();
    assert_eq!(of_portal.len(), 3);
    assert!(of_portal.iter().all(|listing| listing["title"].is_null()));
}

#[test]
fn the_rules_judge_by_the_day_of_the_plan() {
    let place = place();
    let args = ["--full-feed", "default", "--max-withdrawn", "50%"];
    import(&place, &[PLAN, &args].concat());
    import(
        &place,
        &[APPLY, &["--now", "2027-01-15T09:00:00+08:00"]].concat(),
    );
    let gone = import(&place, &["list", "listing_id=A3"]).records();
    assert_eq!(gone[0]["withdrawn_date"], "2026-11-22");
    let history = import(&place, &["history", "A3"]).records();
    assert_eq!(history[1]["at"], "2027-01-15T09:00:00+08:00");
}

#[test]
fn withdrawals_of_a_full_feed_are_planned_and_done() {
    let place = place();
    let args = ["--full-feed", "default", "--scope", "city=北京"];
    refused_without_plan(&place, &[PLAN, &args].concat());
    let args = [&args[..], &["--max-withdrawn", "1"]].concat();
    import(&place, &[PLAN, &args].concat());
    let gone = line_of(&place, "A3");
    assert_eq!(gone["action"], "withdrawn");
    assert_eq!(gone["line"], Value::Null);
    assert_eq!(
        gone["diff"]["standard_status"],
        serde_json::json!(["Active", "Withdrawn"])
    );
    let applied = import(&place, APPLY);
    let actions: Vec<Value> = applied
        .records()
        .iter()
        .map(|record| record["action"].clone())
        .collect();
    assert_eq!(
        actions,
        ["changed", "unchanged", "new", "rejected", "withdrawn"]
    );
}

fn refused_without_plan(place: &Place, args: &[&str]) {
    place.run("listing-import", args).code(3).one_error();
    assert!(
        !place.file("plan.ndjson").exists(),
        "a plan of a refused run"
    );
}

#[test]
fn a_plan_shows_no_private_value_and_is_for_its_owner_alone() {
    let place = place();
    let owner = place.read("b.csv").replace("13800138001", "13800139002");
    place.write("b.csv", owner);
    place.write("plan.ndjson", "what was there");
    import(&place, PLAN);
    let mode = std::fs::metadata(place.file("plan.ndjson"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = place.read("plan.ndjson");
    for private in ["孔明", "38001380", "38001390", "\"2805\""] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    let changed = line_of(&place, "A2");
    assert_eq!(
        changed["diff"]["owner_phone"],
        serde_json::json!(["138****8001", "138****9002"])
    );
}

#[test]
fn repeats_fold_and_what_comes_back_is_no_change() {
    let place = place();
    let rows = [("A1", "900"), ("A1", "910"), ("A2", "900"), ("A2", "965")];
    place.write("b.csv", feed(&rows));
    import(&place, &[PLAN, &["--map", "房源编号=listing_id"]].concat());
    let all = lines(&place);
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(line_of(&place, "A1")["diff"]["list_price"][1], "9100000.00");
    import(&place, APPLY);
}

#[test]
fn what_cannot_be_planned_says_what_to_do() {
    let place = place();
    let file = feed(&[("A1", "900")]);
    let ran = place.feed("listing-import", &["-", "--plan", "plan.ndjson"], file);
    ran.code(2).one_error().says("save it to a file");
    place
        .shell("listing-import <(cat b.csv) --plan plan.ndjson")
        .code(2)
        .one_error();
    for args in [
        &["b.csv", "--plan", "b.csv"][..],
        &["b.csv", "--plan", "brokerage.db"],
        &["b.csv", "--plan", "new.db", "--store", "new.db"],
        &["b.csv", "--plan", "-"],
        &["b.csv", "--plan", "p", "-o", "p"],
        &["b.csv", "--plan", "p", "--store", ":memory:"],
        &["b.csv", "--plan", "p", "--apply", "p"],
        &["list", "--plan", "p"],
        &["--replay", "1", "--plan", "p"],
        &["--plan", "p"],
    ] {
        let ran = place.run("listing-import", args).code(2).no_panic();
        assert!(!place.file("p").exists(), "{ran}");
    }
    refused(&place, &["--apply", "none.ndjson"], 1, "none.ndjson");
    refused(&place, &["--apply", "b.csv"], 1, "is not a plan");
    refused(&place, &["--apply", "/dev/zero"], 1, "is not a plan");
    refused(&place, &["--apply", "."], 1, "cannot read");
}

/// A plan whose digest fits whatever was done to it.
fn sealed(body: &str) -> String {
    format!(
        "{body}{{\"digest\":\"{}\"}}\n",
        blake3::hash(body.as_bytes())
    )
}

#[test]
fn a_plan_that_was_cut_or_edited_does_nothing() {
    let place = place();
    import(&place, PLAN);
    let plan = place.read("plan.ndjson");
    let ends: Vec<usize> = plan.match_indices('\n').map(|(at, _)| at + 1).collect();
    let body = &plan[..ends[ends.len() - 2]];
    let not_whole = [
        plan[..plan.len() - 1].to_owned(),
        plan[..ends[1]].to_owned(),
        plan[..ends[0]].to_owned(),
        plan.replace("9000000.00", "9100000.00"),
        format!("{plan}\n"),
        format!("{plan}{plan}"),
    ];
    for text in not_whole {
        place.write("cut.ndjson", text);
        refused(&place, &["--apply", "cut.ndjson"], 1, "is not whole");
    }
    // Whoever makes the digest anew still cannot have what the inputs do not say.
    for (text, why) in [
        (
            sealed(&body.replace("9000000.00", "9100000.00")),
            "listing A1 (changed)",
        ),
        (sealed(&plan[..ends[1]]), "listing A1 (changed)"),
        (sealed(&format!("{body}{{}}\n")), "it has more lines"),
        (
            sealed(&body.replace("\"version\":1", "\"version\":2")),
            "version 2",
        ),
        (
            sealed(&body.replace("\"settings\":{}", "\"settings\":{\"no.key\":\"1\"}")),
            "no.key",
        ),
        (
            sealed(&body.replace("\"settings\":{}", "\"settings\":{\"defaults.tz\":\"Mars\"}")),
            "Mars",
        ),
        (
            sealed(&body.replace("\"settings\":{}", "\"settings\":{\"store.path\":\"x.db\"}")),
            "store.path",
        ),
        (
            sealed(&body.replace("\"delimiter\":null", "\"delimiter\":\"\\n\"")),
            "is not as --plan makes them",
        ),
        (
            sealed(&body.replace("\"date_order\":null", "\"date_order\":\"ydm\"")),
            "is not as --plan makes them",
        ),
        (
            sealed(&body.replace(place.file("b.csv").to_str().unwrap(), "/dev/zero")),
            "cannot read `/dev/zero`",
        ),
        (
            sealed(&body.replace("\"arguments\":", "\"wishes\":")),
            "is not as --plan makes them",
        ),
        (
            sealed("{\"plan\":\"listing-import\",\"version\":1}\n"),
            "is not as --plan makes them",
        ),
        (sealed("[]\n"), "is not a plan"),
        (sealed(""), "is not a plan"),
    ] {
        place.write("cut.ndjson", text);
        let ran = place
            .run("listing-import", &["--apply", "cut.ndjson"])
            .one_error();
        assert!(ran.code == 1 || ran.code == 2, "{ran}");
        assert!(ran.stderr.contains(why), "expected {why:?} of {ran}");
    }
    assert_eq!(listings(&place).len(), 3);
    import(&place, APPLY);
}

#[test]
fn of_two_who_apply_one_plan_one_does() {
    let place = place();
    import(&place, PLAN);
    let started = [0; 3].map(|_| place.start("listing-import", APPLY));
    let ran = started.map(testkit::Running::finish);
    let mut codes = ran.each_ref().map(|ran| ran.code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 1, 1], "{} {} {}", ran[0], ran[1], ran[2]);
    for ran in ran.iter().filter(|ran| ran.code == 1) {
        assert!(ran.stderr.contains(MOVED), "{ran}");
    }
    assert_eq!(listings(&place).len(), 4);
}

#[test]
fn a_home_that_others_offer_too_is_planned_with_them() {
    let place = place();
    let same = feed(&[("B1", "965")]).replace("诸葛孔明,13800138001", ",");
    place.write("b.csv", same);
    import(&place, &[PLAN, &["--source", "other"]].concat());
    let told: Vec<Value> = lines(&place)
        .into_iter()
        .filter(|line| line["diff"]["home_key"].is_array())
        .collect();
    assert!(!told.is_empty());
    let applied = import(&place, APPLY).records();
    let home = &applied[0]["home_key"];
    assert_eq!(&line_of(&place, "B1")["diff"]["home_key"][1], home);
}

/// Whatever else it is, a spoiled plan is refused with one error, or is as good as the plan.
fn is_clean(ran: Ran) {
    let ran = ran.no_panic();
    assert!([0, 1, 2].contains(&ran.code), "{ran}");
    if ran.code != 0 {
        ran.one_error();
    }
}

#[test]
fn whatever_stands_in_a_plan_nothing_breaks() {
    let place = place();
    import(&place, PLAN);
    let plan = place.read("plan.ndjson");
    let (header, rest) = plan.split_once('\n').unwrap();
    let lines = rest.rsplit_once("{\"digest\"").unwrap().0;
    let header: Value = serde_json::from_str(header).unwrap();
    let values = [
        serde_json::json!(null),
        serde_json::json!(-1),
        serde_json::json!("北京"),
        serde_json::json!([]),
        serde_json::json!([[], {}]),
        serde_json::json!({}),
        serde_json::json!({ "a": "b" }),
    ];
    let apply = ["--apply", "odd.ndjson", "--dry-run"];
    let mut spoil = |header: &Value| {
        place.write("odd.ndjson", sealed(&format!("{header}\n{lines}")));
        is_clean(place.run("listing-import", &apply));
    };
    for value in &values {
        for member in header.as_object().unwrap().keys() {
            let mut odd = header.clone();
            odd[member] = value.clone();
            spoil(&odd);
            for inner in header[member].as_object().into_iter().flatten() {
                let mut odd = header.clone();
                odd[member][inner.0] = value.clone();
                spoil(&odd);
            }
        }
    }
    for at in (0..plan.len()).step_by(97) {
        let mut odd = plan.clone().into_bytes();
        odd[at] ^= 4;
        place.write("odd.ndjson", &odd);
        refused(&place, &apply, 1, "plan");
        odd.truncate(at);
        place.write("odd.ndjson", odd);
        refused(&place, &apply, 1, "plan");
    }
    assert_eq!(listings(&place).len(), 3);
    import(&place, APPLY);
}
