//! What people decide about listings: every such run is undone whole, and tells the same in both languages.

use serde_json::Value;
use testkit::Place;

const HEADER: &str =
    "房源编号,标题,小区,城市,区县,户型,建筑面积,总价(万),所在楼层,经纪人编号,门店编号,房号\n";

fn row(id: &str, title: &str, community: &str, area: &str, agent: &str, door: &str) -> String {
    format!("{id},{title},{community},成都,锦江,3室2厅,{area},600,,M{agent},S{agent},{door}\n")
}

/// A listing that is frozen, one in order, and two that may be one home.
fn place() -> Place {
    let place = Place::new();
    let rows = [
        row("A1", "翠湖花园 学区房", "翠湖花园", "128.5", "7", "1-101"),
        row("A2", "海棠苑 3室2厅", "海棠苑", "95", "7", "301"),
        row("A3", "梧桐里 3室2厅", "梧桐里", "88", "7", ""),
        row("A4", "梧桐里 3室2厅", "梧桐里", "88.9", "8", ""),
    ];
    place.write("a.csv", HEADER.to_owned() + &rows.concat());
    place.run("listing-import", &["a.csv"]).ok();
    place
}

fn records(place: &Place, args: &[&str]) -> Vec<Value> {
    place.run("listing-import", args).ok().records()
}

/// All that can be seen of the store without a key of an undone row.
fn seen(place: &Place) -> Vec<Value> {
    let reveal = ["--reveal", "--reason", "test", "--limit", "99"];
    let mut seen = records(place, &[&["list"], &reveal[..]].concat());
    seen.extend(records(place, &[&["queue"], &reveal[..]].concat()));
    seen.extend(records(
        place,
        &[&["correct", "list"], &reveal[..]].concat(),
    ));
    for id in ["A1", "A2"] {
        seen.extend(records(place, &[&["verify", id], &reveal[..]].concat()));
    }
    seen
}

/// Does something and undoes it: nothing is left of it.
#[track_caller]
fn undone(place: &Place, args: &[&str]) -> Vec<Value> {
    let before = seen(place);
    let dry = place
        .run("listing-import", &[args, &["--dry-run"]].concat())
        .ok();
    assert_eq!(seen(place), before, "a dry run changes nothing: {args:?}");
    let ran = [args, &["--summary", "s.json"]].concat();
    let told = records(place, &ran);
    assert_eq!(dry.records().len(), told.len());
    assert_ne!(seen(place), before, "{args:?}");
    let summary: Value = serde_json::from_str(&place.read("s.json")).expect("the summary is JSON");
    let run = summary["run"].to_string();
    let replayed = place.run("listing-import", &["--replay", &run]).ok();
    assert_eq!(replayed.records(), told, "{args:?}");
    let undo = ["undo", &run, "--yes", "--reason", "test"];
    place.run("store-admin", &undo).ok();
    assert_eq!(seen(place), before, "{args:?}");
    place.run("store-admin", &["verify"]).ok();
    told
}

const EVIDENCE: [&str; 6] = [
    "verify",
    "A2",
    "--evidence",
    "房产证=川(2026)锦江第0001号",
    "--evidence",
    "业主身份证=11010519491231002X",
];

#[test]
fn every_decision_is_undone_whole() {
    let place = place();
    undone(&place, &["queue", "approve", "A1"]);
    undone(&place, &["queue", "reject", "A1", "--reason", "改标题"]);
    let told = undone(
        &place,
        &["queue", "reject", "A2", "--false", "--reason", "查无此房"],
    );
    assert_eq!(told[0]["points"], -12);
    place.write(
        "d.csv",
        "listing_id,decision,reason\nA1,false,查无此房\nA2,虚假,查无此房\n",
    );
    assert_eq!(undone(&place, &["queue", "decide", "d.csv"]).len(), 2);
    undone(&place, &EVIDENCE);
    let asked = [
        "correct",
        "request",
        "A2",
        "building_area_total=96",
        "unit_number=302",
        "--reason",
        "房本",
    ];
    undone(&place, &asked);
    let key = records(&place, &asked)[0]["correction_key"]
        .as_str()
        .unwrap()
        .to_owned();
    undone(&place, &["correct", "approve", &key]);
    undone(&place, &["queue", "reject", &key, "--reason", "不符"]);
    // An import that meets what is locked.
    records(&place, &EVIDENCE);
    let changed = place.read("a.csv").replace(
        "海棠苑,成都,锦江,3室2厅,95,600",
        "海棠苑,成都,锦江,3室2厅,97,590",
    );
    place.write("b.csv", changed);
    undone(&place, &["b.csv"]);
}

#[test]
fn a_pair_is_one_home_or_two() {
    let place = place();
    let waiting = records(&place, &["queue", "--kind", "pair"]);
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    let pair = &waiting[0];
    let mut ids = [
        pair["listing_id"].as_str(),
        pair["other_listing_id"].as_str(),
    ];
    ids.sort_unstable();
    assert_eq!(ids, [Some("A3"), Some("A4")]);
    assert_eq!(pair["community"], "梧桐里");
    assert_eq!(pair["other_community"], "梧桐里");
    assert_eq!(pair["price"], "6000000.00");
    assert!(pair["evidence"]["area"].is_number());
    let of_agent = records(&place, &["queue", "--kind", "pair", "--member", "M8"]);
    assert_eq!(of_agent.len(), 1);
    let key = pair["queue_key"].as_str().unwrap();
    let told = undone(&place, &["queue", "approve", key]);
    assert_eq!(
        (&told[0]["decision"], &told[0]["kind"]),
        (&"same".into(), &"pair".into())
    );
    place.write(
        "d.csv",
        format!("queue_key,decision\n{key},不同\nA3,same\n"),
    );
    let ran = place
        .run("listing-import", &["queue", "decide", "d.csv"])
        .ok();
    assert_eq!(ran.records()[0]["decision"], "different");
    ran.says("`same` is no decision about a listing");
    assert!(records(&place, &["queue", "--kind", "pair"]).is_empty());
    let again = place
        .run("listing-import", &["queue", "approve", key])
        .code(1);
    again.says("already decided (different, run ");
    let wrong = ["queue", "reject", key, "--false", "--reason", "x"];
    place
        .run("listing-import", &wrong)
        .code(1)
        .says("no decision about a pair");
}

#[test]
fn listings_of_one_home_share_its_key_once_a_person_says_so() {
    let place = place();
    let homes = || -> Vec<Value> {
        let listed = records(&place, &["list", "subdivision_name = 梧桐里"]);
        listed.iter().map(|home| home["home_key"].clone()).collect()
    };
    let apart = homes();
    assert_ne!(apart[0], apart[1]);
    let waiting = records(&place, &["queue", "--kind", "pair"]);
    let key = waiting[0]["queue_key"].as_str().unwrap();
    let told = records(&place, &["queue", "approve", key]);
    let now = homes();
    assert_eq!(now[0], now[1]);
    assert_eq!(told[0]["home_key"], now[0]);
    // An approved correction of one of them does not part them: a person joined them.
    let asked = [
        "correct",
        "request",
        "A4",
        "building_area_total=88.6",
        "--reason",
        "房本",
    ];
    let correction = records(&place, &asked)[0]["correction_key"].clone();
    records(
        &place,
        &["correct", "approve", correction.as_str().unwrap()],
    );
    assert_eq!(homes()[0], homes()[1]);
}

#[test]
fn decisions_are_entered_with_their_reasons_and_without_private_values() {
    let place = place();
    records(&place, &EVIDENCE);
    let asked = [
        "correct",
        "request",
        "A2",
        "unit_number=302",
        "--reason",
        "房本",
    ];
    records(&place, &asked);
    records(&place, &["queue", "reject", "A1", "--reason", "改标题"]);
    let listed = records(&place, &["list", "listing_id = A1"]);
    let shown = place.run(
        "store-admin",
        &["show", listed[0]["listing_key"].as_str().unwrap()],
    );
    assert!(shown.ok().stdout.contains("改标题"));
    let store = place.bytes("brokerage.db");
    let holds = |text: &str| {
        store
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("ownership-certificate"));
    for private in ["第0001号", "19491231", "\"302\""] {
        assert!(!holds(private), "{private}");
    }
}

#[test]
fn chinese_readers_are_spoken_to_in_chinese() {
    let place = place();
    for command in [
        &["queue"][..],
        &["queue", "decide"],
        &["correct", "request"],
        &["verify"],
    ] {
        let args = [command, &["-h", "--lang", "zh"]].concat();
        let help = place.run("listing-import", &args).ok();
        let english = |line: &&str| {
            line.starts_with("  ")
                && line.is_ascii()
                && line.trim().contains(' ')
                && !line.contains("--")
        };
        let left: Vec<&str> = help.stdout.lines().filter(english).collect();
        assert!(left.is_empty(), "{left:?} in {help}");
    }
    let zh = ["queue", "approve", "A2", "--lang", "zh"];
    place
        .run("listing-import", &zh)
        .code(1)
        .says("不在待处理队列中");
    let zh = ["verify", "A2", "--evidence", "房产证=1", "--lang", "zh"];
    place
        .run("listing-import", &zh)
        .ok()
        .says("尚未核验：还缺 owner-identity");
}
