//! Tags that facts contradict cost an agent the right to promote.

use serde_json::Value;
use testkit::Place;

const HEADER: &str = "listing_id,title,community,city,district,layout,area,list_price,floor,orientation,tags,agent_id,promoted\n";

fn row(id: &str, tags: &str, agent: &str, promoted: bool) -> String {
    format!(
        "{id},翠湖花园 3室2厅,翠湖花园,北京,朝阳,3室2厅,128.5,9650000,5/18,东,{tags},{agent},{promoted}\n"
    )
}

/// A place in which a tag about the orientation that is not true freezes.
fn place() -> Place {
    let place = Place::new();
    place.write("brokerkit.toml", "[rules]\nL402 = \"freeze\"\n");
    place
}

fn import(place: &Place, name: &str, rows: &[String], now: &str) -> Vec<Value> {
    place.write(name, HEADER.to_owned() + &rows.concat());
    let args = [name, "--source", "s", "--now", now, "--summary", "s.json"];
    place.run("listing-import", &args).ok().records()
}

fn summary(place: &Place) -> Value {
    serde_json::from_str(&place.read("s.json")).expect("the summary is JSON")
}

fn bars(place: &Place, now: &str) -> Vec<Value> {
    place
        .run("listing-import", &["bars", "--now", now])
        .ok()
        .records()
}

/// Whether a listing is frozen because its agent may not promote.
fn is_barred(place: &Place, id: &str) -> bool {
    let filter = format!("listing_id={id}");
    let stored = place
        .run("listing-import", &["list", &filter])
        .ok()
        .records();
    stored[0]["frozen"] == true
}

const DAY_1: &str = "2026-03-01T10:00:00Z";
const DAY_2: &str = "2026-03-02T10:00:00Z";
const LAST: &str = "2026-03-31T10:00:00Z";
const AFTER: &str = "2026-04-01T10:00:00Z";

#[test]
fn a_misused_tag_bars_its_agent_and_freezes_what_is_promoted() {
    let place = place();
    let stock = [
        row("1", "采光好", "A1", true),
        row("2", "采光好", "A1", false),
        row("3", "采光好", "A2", true),
    ];
    import(&place, "stock.csv", &stock, DAY_1);
    assert!(bars(&place, DAY_1).is_empty());
    // One more listing of the agent, with a claim that its orientation contradicts.
    let misuse = [row("4", "南北通透", "A1", false)];
    let records = import(&place, "more.csv", &misuse, DAY_1);
    assert_eq!(records[0]["findings"][0]["code"], "L402");
    assert_eq!(summary(&place)["bars"], 1);
    let listed = bars(&place, DAY_1);
    assert_eq!(listed.len(), 1);
    let bar = &listed[0];
    assert_eq!(
        (&bar["member_id"], &bar["from"], &bar["to"], &bar["rule"]),
        (
            &"A1".into(),
            &"2026-03-01".into(),
            &"2026-03-31".into(),
            &"L402".into()
        )
    );
    assert_eq!(bar["listing_key"], records[0]["listing_key"]);
    assert_eq!(bar["in_force"], true);
    let is = |id: &str| is_barred(&place, id);
    assert_eq!(
        ["1", "2", "3"].map(is),
        [true, false, false],
        "of the agent's listings the promoted one is frozen, in the same run"
    );
    // It is in the log of the listing it was for.
    let key = records[0]["listing_key"].as_str().expect("a key");
    let shown = place.run("store-admin", &["show", key]).ok();
    assert!(shown.stdout.contains("promotion-bar"), "{shown}");
}

#[test]
fn importing_the_same_again_bars_nobody_again_and_the_end_thaws() {
    let place = place();
    let stock = [
        row("1", "采光好", "A1", true),
        row("4", "南北通透", "A1", false),
    ];
    import(&place, "stock.csv", &stock, DAY_1);
    assert_eq!(bars(&place, DAY_1).len(), 1);
    assert!(is_barred(&place, "1"), "a bar of the first run holds in it");
    import(&place, "stock.csv", &stock, DAY_2);
    assert_eq!(summary(&place)["bars"], 0);
    // Another price, the same tag: nothing new.
    let dearer = [stock[1].replace("9650000", "9750000")];
    import(&place, "dearer.csv", &dearer, DAY_2);
    assert_eq!(bars(&place, DAY_2).len(), 1);
    let other = [row("9", "采光好", "A9", false)];
    import(&place, "other.csv", &other, LAST);
    assert!(is_barred(&place, "1"), "the last day is part of it");
    import(&place, "other.csv", &other, AFTER);
    assert!(!is_barred(&place, "1"), "the next import thaws");
    assert_eq!(bars(&place, AFTER)[0]["in_force"], false);
    // Mended, then misused again: that is new.
    import(
        &place,
        "mended.csv",
        &[row("4", "采光好", "A1", false)],
        AFTER,
    );
    import(&place, "stock.csv", &stock, AFTER);
    assert_eq!(bars(&place, AFTER).len(), 2);
}

#[test]
fn a_check_of_the_stock_thaws_when_a_bar_has_ended() {
    let place = place();
    let stock = [
        row("1", "采光好", "A1", true),
        row("4", "南北通透", "A1", false),
    ];
    import(&place, "stock.csv", &stock, DAY_1);
    assert!(is_barred(&place, "1"));
    let args = ["check", "--stock", "--now", AFTER];
    let told = place.run("listing-import", &args).ok().records();
    let gone: Vec<_> = told
        .iter()
        .filter(|record| record["code"] == "L742")
        .collect();
    assert_eq!(gone.len(), 1);
    assert_eq!(gone[0]["change"], "gone");
    assert!(!is_barred(&place, "1"));
}

#[test]
fn a_bar_is_lifted_for_a_reason_and_undo_puts_it_back() {
    let place = place();
    let stock = [
        row("1", "采光好", "A1", true),
        row("4", "南北通透", "A1", false),
    ];
    import(&place, "stock.csv", &stock, DAY_1);
    let key = bars(&place, DAY_1)[0]["bar_key"].clone();
    let key = key.as_str().expect("a key");
    let lift = |more: &[&str]| {
        let args = [&["bars", "lift", key, "--now", DAY_1], more].concat();
        place.run("listing-import", &args)
    };
    lift(&[]).code(2).says("--reason");
    let nobody = ["bars", "lift", "Baaaaaaaaaaaaaaaa", "--reason", "x"];
    place
        .run("listing-import", &nobody)
        .code(1)
        .says("there is no bar");
    lift(&["--reason", "the plan was wrong", "--dry-run"]).ok();
    assert!(is_barred(&place, "1"));
    lift(&["--reason", "the plan was wrong"]).ok();
    assert!(!is_barred(&place, "1"));
    assert_eq!(bars(&place, DAY_1)[0]["in_force"], false);
    lift(&["--reason", "again"]).code(1).says("ended");
    let runs = place.run("store-admin", &["runs"]).ok().records();
    let run = runs[0]["run"].to_string();
    place
        .run("store-admin", &["undo", &run, "--yes", "--reason", "x"])
        .ok();
    assert!(is_barred(&place, "1"));
    assert_eq!(bars(&place, DAY_1)[0]["in_force"], true);
}

#[test]
fn a_warning_bars_too_and_how_long_it_lasts_is_configured() {
    let place = Place::new();
    place.write(
        "brokerkit.toml",
        "[rules]\nL402 = \"off\"\n[listing-import]\npromotion_bar_days = 7\n",
    );
    let stock = [
        row("4", "南北通透", "A1", true),
        row("5", "南北通透", "A1", false),
    ];
    import(&place, "stock.csv", &stock, DAY_1);
    assert!(bars(&place, DAY_1).is_empty(), "the rule is off");
    assert!(!is_barred(&place, "4"));
    place.write(
        "brokerkit.toml",
        "[listing-import]\npromotion_bar_days = 7\n",
    );
    let records = import(&place, "stock.csv", &stock, DAY_1);
    let listed = bars(&place, DAY_1);
    assert_eq!(listed.len(), 1, "one is enough");
    assert_eq!(listed[0]["to"], "2026-03-08");
    assert!(is_barred(&place, "4"));
    assert_eq!(records[0]["frozen"], true, "what is told is what is stored");
    assert!(!is_barred(&place, "5"));
    // The same again is no new misuse.
    import(&place, "stock.csv", &stock, DAY_2);
    assert_eq!(bars(&place, DAY_2)[0]["to"], "2026-03-08");
}
