//! Rosters and listings together: references resolve, and licences decide what is offered.

mod common;

use common::*;
use serde_json::Value;
use testkit::Place;

const LISTINGS: &str =
    "listing_id,title,community,city,district,layout,area,list_price,floor,agent_id\n";

fn listing(id: &str, agent: &str) -> String {
    format!("{id},翠湖花园 3室2厅,翠湖花园,北京,朝阳,3室2厅,128.5,9650000,5/18,{agent}\n")
}

fn stock(place: &Place) {
    let rows = [
        listing("1", "A1"),
        listing("2", "A2"),
        listing("3", "A3"),
        listing("4", "A9"),
    ];
    place.write("stock.csv", LISTINGS.to_owned() + &rows.concat());
}

/// Members by id, licence and its last day.
fn roster(place: &Place, members: &[(&str, &str, &str)]) {
    let rows: String = members
        .iter()
        .map(|(id, licence, expires)| format!("{id},李明,{licence},{expires}\n"))
        .collect();
    place.write(
        "roster.csv",
        format!("member_id,name,licence,licence_expires\n{rows}"),
    );
    place
        .run("lead-assign", &["roster", "roster.csv", "--source", "s"])
        .ok();
}

fn import_on(place: &Place, day: &str) -> Value {
    let now = format!("{day}T10:00:00Z");
    import(place, &["stock.csv", "--source", "s", "--now", &now])
}

/// Imports something else: whatever changes does so because of agents alone.
fn import_another(place: &Place, day: &str) {
    place.write("other.csv", LISTINGS.to_owned() + &listing("99", ""));
    let now = format!("{day}T10:00:00Z");
    import(place, &["other.csv", "--source", "s", "--now", &now]);
}

/// The ids of listings that are not offered.
fn frozen(place: &Place) -> Vec<String> {
    let stored = listings(place, STORE);
    let frozen = stored.iter().filter(|listing| listing["frozen"] == true);
    let mut ids: Vec<String> = frozen
        .map(|listing| {
            listing["listing_id"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    ids.sort();
    ids
}

/// A place in which the rule freezes, which `list` shows; by itself it only holds.
fn strict() -> Place {
    let place = Place::new();
    place.write("brokerkit.toml", "[rules]\nagent-licence = \"freeze\"\n");
    place
}

#[test]
fn a_listing_of_an_agent_without_a_licence_stands_back_until_the_roster_brings_one() {
    let place = strict();
    stock(&place);
    let summary = import_on(&place, "2026-03-01");
    let notes = summary["notes"].to_string();
    assert!(notes.contains("L741"), "no roster, no judgement: {notes}");
    assert!(frozen(&place).is_empty());
    roster(
        &place,
        &[
            ("A1", "BJ1", "2027-01-01"),
            ("A2", "", ""),
            ("A3", "BJ3", "2026-03-10"),
        ],
    );
    // The next import judges the listings of agents whose state has changed, whatever it reads.
    import_another(&place, "2026-03-02");
    assert_eq!(frozen(&place), ["2"], "A9 is in no roster and not judged");
    import_another(&place, "2026-03-10");
    assert_eq!(frozen(&place), ["2"], "the last day is part of it");
    import_another(&place, "2026-03-11");
    assert_eq!(frozen(&place), ["2", "3"]);
    let again = import_on(&place, "2026-03-11");
    assert_eq!(count(&again, "unchanged"), 4);
    assert_eq!(count(&again, "unresolved_references"), 1);
    assert_eq!(frozen(&place), ["2", "3"]);
    roster(&place, &[("A2", "BJ2", ""), ("A3", "BJ3", "2028-03-10")]);
    import_another(&place, "2026-03-12");
    assert!(frozen(&place).is_empty());
    verify(&place, STORE);
}

#[test]
fn by_itself_the_rule_holds() {
    let place = Place::new();
    stock(&place);
    roster(&place, &[("A1", "BJ1", "2027-01-01"), ("A2", "", "")]);
    let (ran, _) = import_with_records(&place, &["stock.csv", "--source", "s"]);
    let records = ran.records();
    assert_eq!(codes(&records[1]), ["L741"]);
    assert_eq!(records[1]["findings"][0]["effect"], "hold");
    assert!(codes(&records[0]).is_empty() && codes(&records[3]).is_empty());
    let (again, _) = import_with_records(&place, &["stock.csv", "--source", "s"]);
    assert_eq!(codes(&again.records()[1]), ["L741"], "it is told again");
}

#[test]
fn an_undone_roster_holds_nothing_back() {
    let place = strict();
    stock(&place);
    import_on(&place, "2026-03-01");
    roster(&place, &[("A1", "BJ1", "2027-01-01"), ("A2", "", "")]);
    let run = runs(&place, STORE)[0]["run"].to_string();
    import_another(&place, "2026-03-02");
    assert_eq!(frozen(&place), ["2"]);
    place
        .run("store-admin", &["undo", &run, "--yes", "--reason", "x"])
        .ok();
    import_another(&place, "2026-03-03");
    assert!(frozen(&place).is_empty());
}

#[test]
fn a_check_of_the_stock_judges_every_agent() {
    let place = strict();
    stock(&place);
    import_on(&place, "2026-03-01");
    roster(&place, &[("A1", "BJ1", "2027-01-01"), ("A2", "", "")]);
    let args = ["check", "--stock", "--now", "2026-03-02T10:00:00Z"];
    place.run("listing-import", &args).ok();
    assert_eq!(frozen(&place), ["2"]);
}

#[test]
fn an_agent_is_found_by_key_by_its_systems_id_or_by_an_id_one_alone_has() {
    let place = Place::new();
    roster(&place, &[("A1", "BJ1", ""), ("A2", "BJ2", "")]);
    place.write("crm.csv", "member_id,name\nA2,王芳\nB7,赵六\n");
    place
        .run("lead-assign", &["roster", "crm.csv", "--source", "crm"])
        .ok();
    let args = ["roster", "crm.csv", "--source", "crm"];
    let records = place.run("lead-assign", &args).ok().records();
    let key = records[1]["member_key"].as_str().expect("a key");
    let unresolved = |agent: &str, source: &str| {
        place.write("one.csv", LISTINGS.to_owned() + &listing("1", agent));
        let summary = import(&place, &["one.csv", "--source", source]);
        count(&summary, "unresolved_references")
    };
    assert_eq!(unresolved("A1", "s"), 0, "an id of the same system");
    assert_eq!(unresolved(key, "portal"), 0, "our key");
    assert_eq!(unresolved("B7", "portal"), 0, "an id just one member has");
    assert_eq!(
        unresolved("A2", "crm"),
        0,
        "of two, that of the same system"
    );
    assert_eq!(unresolved("A2", "portal"), 1, "which of the two?");
    assert_eq!(unresolved("Z9", "portal"), 1);
}
