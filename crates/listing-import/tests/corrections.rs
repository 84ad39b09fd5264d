//! Verification and what it locks, through the binary.

use serde_json::{Value, json};
use testkit::Place;

const HEADER: &str = "房源编号,标题,小区,城市,区县,户型,建筑面积,总价(万),所在楼层,房号\n";

fn row(id: &str, area: &str, price: &str, door: &str) -> String {
    format!("{id},翠湖花园 3室2厅,翠湖花园,成都,锦江,3室2厅,{area},{price},6层(共18层),{door}\n")
}

fn file(rows: &[String]) -> String {
    HEADER.to_owned() + &rows.concat()
}

fn records(place: &Place, args: &[&str]) -> Vec<Value> {
    place.run("listing-import", args).ok().records()
}

fn imported(place: &Place, rows: &[String]) -> Vec<Value> {
    place.write("a.csv", file(rows));
    records(place, &["a.csv"])
}

const EVIDENCE: [&str; 4] = [
    "--evidence",
    "房产证=川(2026)锦江第0001号",
    "--evidence",
    "业主身份证=11010519491231002X",
];

fn verify(place: &Place, id: &str) -> Value {
    let args = [&["verify", id], &EVIDENCE[..]].concat();
    records(place, &args).remove(0)
}

/// Two listings, the first of them verified.
fn verified() -> Place {
    let place = Place::new();
    imported(
        &place,
        &[
            row("A1", "89.5", "500", "1-301"),
            row("A2", "120", "700", "2-502"),
        ],
    );
    assert_eq!(verify(&place, "A1")["verification"], "verified");
    place
}

fn pending(place: &Place) -> Vec<Value> {
    records(place, &["correct", "list", "--pending"])
}

fn stored(place: &Place, id: &str) -> Value {
    records(place, &["list", &format!("listing_id = {id}")]).remove(0)
}

#[test]
fn evidence_verifies_once_all_of_it_is_there_and_shows_masked() {
    let place = Place::new();
    imported(&place, &[row("A1", "89.5", "500", "")]);
    let half = [
        "verify",
        "A1",
        "--evidence",
        "ownership-certificate=川(2026)第77号",
    ];
    let ran = place.run("listing-import", &half).ok();
    let told = &ran.records()[0];
    assert_eq!(told["verification"], "unverified");
    assert_eq!(told["missing"], json!(["owner-identity"]));
    let ran = ran.says("owner-identity still missing");
    let rest = [
        "verify",
        "A1",
        "--evidence",
        "owner-identity=110105194912310021",
    ];
    let rest = place
        .run("listing-import", &rest)
        .ok()
        .says("check digit is wrong");
    let told = &rest.records()[0];
    assert_eq!(told["verification"], "verified");
    assert_eq!(told["verified_until"], "2027-11-22");
    let shown = place.run("listing-import", &["verify", "A1"]).ok();
    let pieces = shown.records()[0]["evidence"].as_array().unwrap().clone();
    assert_eq!(pieces.len(), 2);
    assert_eq!(pieces[1]["reference"], "110***********0021");
    for output in [&ran, &rest, &shown] {
        for private in ["第77号", "19491231"] {
            assert!(!output.stdout.contains(private), "{output}");
            assert!(!output.stderr.contains(private), "{output}");
        }
    }
    let reveal = [
        "verify",
        "A1",
        "--reveal",
        "--reason",
        "业主来电",
        "--limit",
        "1",
    ];
    let revealed = place.run("listing-import", &reveal).ok();
    assert!(revealed.stdout.contains("川(2026)第77号"), "{revealed}");
    assert_eq!(stored(&place, "A1")["verification"], "verified");
    let again = records(&place, &half);
    assert_eq!(again[0]["evidence"].as_array().unwrap().len(), 2);
}

#[test]
fn a_city_that_issues_codes_wants_one() {
    let place = Place::new();
    place.write(
        "a.csv",
        file(&[row("A1", "89.5", "500", "")]).replace("成都", "杭州"),
    );
    place.run("listing-import", &["a.csv"]).ok();
    assert_eq!(
        verify(&place, "A1")["missing"],
        json!(["verification-code"])
    );
    let code = ["verify", "A1", "--evidence", "核验码=20261122000001"];
    assert_eq!(records(&place, &code)[0]["verification"], "verified");
}

#[test]
fn wrong_evidence_is_wrong_usage_and_shows_no_reference() {
    let place = Place::new();
    imported(&place, &[row("A1", "89.5", "500", "")]);
    for (evidence, says) in [
        ("passport=E12345678", "`passport` is no kind of evidence"),
        ("11010519491231002X", "expected --evidence KIND=REF"),
        ("房产证=", "expected --evidence KIND=REF"),
    ] {
        let ran = place.run("listing-import", &["verify", "A1", "--evidence", evidence]);
        let ran = ran.code(2).says(says);
        assert!(
            !ran.stderr.contains("E12345678") && !ran.stderr.contains("1949"),
            "{ran}"
        );
    }
    let past = [&["verify", "A1", "--until", "2026-11-21"], &EVIDENCE[..]].concat();
    place.run("listing-import", &past).code(2).says("is past");
    let nothing = [&["verify", "A9"], &EVIDENCE[..]].concat();
    place.run("listing-import", &nothing).code(1).says("A9");
    place.write(
        "brokerkit.toml",
        "[listing-import]\nverify_needs = [\"deed\"]\n",
    );
    let bad = place.run("listing-import", &["verify", "A1"]).code(2);
    bad.says("`listing-import.verify_needs`: `deed`");
}

#[test]
fn an_import_that_differs_makes_one_pending_correction() {
    let place = verified();
    let rows = [
        row("A1", "95", "480", "1-302"),
        row("A2", "121.00", "700", "2-502"),
    ];
    let changed = imported(&place, &rows);
    assert_eq!(changed[0]["action"], "changed");
    assert_eq!(changed[0]["verification"], "verified");
    assert_eq!(
        changed[0]["findings"].as_array().unwrap().last().unwrap()["code"],
        "L901"
    );
    assert_eq!(
        changed[1]["findings"].as_array().unwrap().len(),
        0,
        "{}",
        changed[1]
    );
    let home = stored(&place, "A1");
    assert_eq!(home["building_area_total"], "89.50");
    assert_eq!(home["list_price"], "4800000.00");
    assert_eq!(home["unit_price"], "53631.28");
    assert_eq!(stored(&place, "A2")["building_area_total"], "121.00");
    let asked = pending(&place);
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0]["changes"]["building_area_total"],
        json!(["89.50", "95.00"])
    );
    assert_eq!(asked[0]["changes"]["unit_number"], json!(["***", "***"]));
    assert_eq!(asked[0]["origin"], "import");
    let waiting = records(&place, &["queue", "--kind", "correction"]);
    assert_eq!(waiting[0]["queue_key"], asked[0]["correction_key"]);
    assert_eq!(waiting[0]["changes"], asked[0]["changes"]);
    // The same again changes nothing and says the same.
    let again = records(&place, &["a.csv"]);
    assert_eq!(again[0]["action"], "unchanged");
    assert_eq!(again[0]["findings"], changed[0]["findings"]);
    assert_eq!(pending(&place), asked);
    // Another difference renews it; none takes it back.
    imported(&place, &[row("A1", "96", "480", "1-302")]);
    let renewed = pending(&place);
    assert_eq!(renewed[0]["correction_key"], asked[0]["correction_key"]);
    assert_eq!(renewed[0]["changes"]["building_area_total"][1], "96.00");
    imported(&place, &[row("A1", "89.5", "470", "1-301")]);
    assert!(pending(&place).is_empty());
    assert_eq!(
        records(&place, &["correct", "list"])[0]["status"],
        "withdrawn"
    );
}

#[test]
fn rules_look_at_what_is_kept_not_at_what_a_row_says_against_it() {
    let place = verified();
    place.write(
        "b.csv",
        "房源编号,标题,小区,建筑面积\nA1,翠湖花园 3室2厅 90平,翠湖花园,181\n",
    );
    let told = records(&place, &["b.csv"]);
    let codes: Vec<&str> = told[0]["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|finding| finding["code"].as_str())
        .collect();
    assert!(
        codes.contains(&"L901") && !codes.contains(&"L602"),
        "{codes:?}"
    );
    assert_eq!(told[0]["frozen"], false);
}

#[test]
fn only_the_last_row_of_a_listing_asks() {
    let place = verified();
    let rows = [
        row("A1", "95", "500", "1-301"),
        row("A1", "89.5", "500", "1-301"),
    ];
    let told = imported(&place, &rows);
    assert_eq!(told[1]["action"], "unchanged", "{}", told[1]);
    assert!(pending(&place).is_empty());
    let rows = [
        row("A1", "95", "490", "1-301"),
        row("A1", "97", "480", "1-301"),
    ];
    imported(&place, &rows);
    assert_eq!(
        pending(&place)[0]["changes"]["building_area_total"][1],
        "97.00"
    );
}

#[test]
fn what_a_row_leaves_out_stays_and_asks_for_nothing() {
    let place = verified();
    place.write(
        "b.csv",
        "房源编号,标题,小区,城市,总价(万)\nA1,翠湖花园 3室2厅,翠湖花园,成都,450\n",
    );
    let told = records(&place, &["b.csv"]);
    assert_eq!(told[0]["action"], "changed");
    let home = stored(&place, "A1");
    assert_eq!(home["building_area_total"], "89.50");
    assert_eq!(home["entry_level"], 6);
    let reveal = [
        "list",
        "listing_id = A1",
        "--reveal",
        "--reason",
        "x",
        "--limit",
        "1",
    ];
    assert_eq!(records(&place, &reveal)[0]["unit_number"], "1-301");
    assert_eq!(home["list_price"], "4500000.00");
    assert!(pending(&place).is_empty());
}

#[test]
fn an_approved_correction_is_written_and_a_rejected_one_not_asked_again() {
    let place = verified();
    imported(&place, &[row("A1", "95", "480", "1-302")]);
    let key = pending(&place)[0]["correction_key"]
        .as_str()
        .unwrap()
        .to_owned();
    place
        .run("listing-import", &["correct", "reject", &key])
        .code(2)
        .says("reason");
    let reject = ["correct", "reject", &key, "--reason", "房本是 89.5"];
    assert_eq!(records(&place, &reject)[0]["decision"], "reject");
    place
        .run("listing-import", &reject)
        .code(1)
        .says("already decided");
    let told = imported(&place, &[row("A1", "95", "470", "1-302")]);
    assert_eq!(
        told[0]["findings"].as_array().unwrap().last().unwrap()["code"],
        "L901"
    );
    assert!(pending(&place).is_empty(), "{:?}", pending(&place));
    imported(&place, &[row("A1", "95.5", "470", "1-302")]);
    let asked = pending(&place);
    assert_eq!(
        asked[0]["changes"],
        json!({ "building_area_total": ["89.50", "95.50"] })
    );
    let key = asked[0]["correction_key"].as_str().unwrap();
    let approved = records(&place, &["queue", "approve", key, "--reason", "重新测绘"]);
    assert_eq!(approved[0]["kind"], "correction");
    assert_eq!(approved[0]["leads"], json!([]));
    let home = stored(&place, "A1");
    assert_eq!(home["building_area_total"], "95.50");
    assert_eq!(home["verification"], "verified");
    let again = records(&place, &["a.csv"]);
    assert_eq!(again[0]["action"], "unchanged");
    assert!(pending(&place).is_empty());
}

#[test]
fn a_person_asks_for_a_correction_in_an_imports_words() {
    let place = verified();
    let asked = [
        "correct",
        "request",
        "A2",
        "building_area_total=121.3平米",
        "layout=2室1厅",
        "floor=7/18",
        "unit_number=2-503",
        "--reason",
        "房本",
    ];
    let told = place.run("listing-import", &asked).ok();
    let record = &told.records()[0];
    assert_eq!(record["action"], "new");
    assert_eq!(record["origin"], "person");
    let changes = record["changes"].as_object().unwrap();
    let names: Vec<&str> = changes.keys().map(String::as_str).collect();
    let expected = [
        "building_area_total",
        "bedrooms_total",
        "living_rooms",
        "entry_level",
        "unit_number",
    ];
    assert_eq!(names, expected);
    assert!(!told.stdout.contains("2-503"), "{told}");
    assert_eq!(records(&place, &asked)[0]["action"], "unchanged");
    let reveal = [
        "correct", "list", "--reveal", "--reason", "审核", "--limit", "5",
    ];
    assert_eq!(
        records(&place, &reveal)[0]["changes"]["unit_number"],
        json!(["2-502", "2-503"])
    );
    let key = record["correction_key"].as_str().unwrap();
    place
        .run("listing-import", &["correct", "approve", key])
        .ok();
    let home = stored(&place, "A2");
    assert_eq!(
        (&home["bedrooms_total"], &home["entry_level"]),
        (&json!(2), &json!(7))
    );
    assert_eq!(home["verification"], "unverified");
    let same = ["correct", "request", "A2", "layout=2室1厅", "--reason", "x"];
    place.run("listing-import", &same).code(1).says("already");
}

#[test]
fn wrong_wishes_are_wrong_usage_and_show_nothing_private() {
    let place = verified();
    for (wish, says) in [
        ("list_price=300", "`list_price` is not corrected by request"),
        ("nonsense=1", "`nonsense` is not corrected by request"),
        (
            "building_area_total=many",
            "`building_area_total=many` cannot be read",
        ),
        ("bedrooms_total=?", "`bedrooms_total=?` cannot be read"),
        ("unit_number=30*", "`unit_number=***` cannot be read"),
        ("entry_level", "expected FIELD=VALUE"),
    ] {
        let asked = ["correct", "request", "A1", wish, "--reason", "x"];
        place
            .run("listing-import", &asked)
            .code(2)
            .one_error()
            .says(says);
    }
    let asked = ["correct", "request", "A1", "layout=2室1厅"];
    place
        .run("listing-import", &asked)
        .code(2)
        .says("needs a reason");
    let asked = ["correct", "approve", "Qzzzzzzzzzzzzzzzz"];
    place
        .run("listing-import", &asked)
        .code(1)
        .says("Qzzzzzzzzzzzzzzzz");
    let asked = ["correct", "approve", "A1"];
    place
        .run("listing-import", &asked)
        .code(1)
        .says("not a correction");
}

#[test]
fn a_verification_ends_and_unlocks() {
    let place = verified();
    let later = "2027-11-23T09:00:00+08:00";
    let verified = ["list", "verification = verified"];
    assert_eq!(records(&place, &verified).len(), 1);
    let asked = [&verified[..], &["--now", later]].concat();
    assert!(
        records(&place, &asked).is_empty(),
        "right today, before any run wrote it down"
    );
    let last_day = [&verified[..], &["--now", "2027-11-22T09:00:00+08:00"]].concat();
    assert_eq!(records(&place, &last_day).len(), 1);
    place.write("b.csv", file(&[row("A1", "95", "500", "1-301")]));
    let told = records(&place, &["b.csv", "--now", later]);
    assert_eq!(told[0]["verification"], "unverified");
    assert_eq!(told[0]["findings"], json!([]));
    assert_eq!(stored(&place, "A1")["building_area_total"], "95.00");
    assert!(
        records(&place, &verified).is_empty(),
        "the import wrote it down"
    );
    let shown = records(&place, &["verify", "A1", "--now", later]);
    assert_eq!(
        shown[0]["missing"],
        json!(["ownership-certificate", "owner-identity"])
    );
    // An import without the listing writes it down too.
    verify(&place, "A2");
    place.write("c.csv", file(&[row("A3", "60", "300", "")]));
    records(&place, &["c.csv", "--now", later]);
    assert!(records(&place, &verified).is_empty());
    place.write("brokerkit.toml", "[listing-import]\nverify_days = 0\n");
    let endless = [
        "verify",
        "A3",
        "--evidence",
        "房产证=1",
        "--evidence",
        "业主身份证=2",
    ];
    let told = records(&place, &endless);
    assert_eq!(told[0]["verification"], "verified");
    assert!(told[0]["verified_until"].is_null());
}

#[test]
fn what_its_source_said_all_along_is_taken_once_the_lock_is_gone() {
    let later = "2027-11-23T09:00:00+08:00";
    for file in ["a.csv", "c.csv"] {
        let place = verified();
        place.write("c.csv", file_of_others());
        imported(&place, &[row("A1", "95", "500", "1-301")]);
        assert_eq!(pending(&place).len(), 1);
        // The first import after the end may have the listing or not.
        records(&place, &[file, "--now", later]);
        assert!(pending(&place).is_empty());
        records(&place, &["a.csv", "--now", later]);
        assert_eq!(
            stored(&place, "A1")["building_area_total"],
            "95.00",
            "{file}"
        );
        let again = records(&place, &["a.csv", "--now", later]);
        assert_eq!(again[0]["action"], "unchanged");
    }
}

fn file_of_others() -> String {
    file(&[row("A9", "60", "300", "")])
}

#[test]
fn two_agents_who_verify_at_once_lose_nothing() {
    let place = Place::new();
    imported(&place, &[row("A1", "89.5", "500", "")]);
    let both: Vec<_> = EVIDENCE
        .chunks(2)
        .map(|piece| place.start("listing-import", &[&["verify", "A1"], piece].concat()))
        .collect();
    for running in both {
        running.finish().ok();
    }
    let shown = records(&place, &["verify", "A1"]);
    assert_eq!(shown[0]["evidence"].as_array().unwrap().len(), 2);
    assert_eq!(shown[0]["verification"], "verified");
}
