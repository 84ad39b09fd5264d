//! `history`, and what `list` tells from it: days on the market, price drops.

use serde_json::{Value, json};
use testkit::{Place, Ran};

const HEADER: &str =
    "listing_id,title,community,city,district,layout,area,list_price,currency,status\n";

fn row(id: &str, price: &str, currency: &str, status: &str) -> String {
    format!("{id},翠湖花园 3室2厅,翠湖花园,北京,朝阳,3室2厅,128.5,{price},{currency},{status}\n")
}

/// Imports rows as of a day.
fn import(place: &Place, day: &str, rows: &[String]) {
    place.write("a.csv", HEADER.to_owned() + &rows.concat());
    let now = format!("{day}T09:00:00+08:00");
    let args = ["a.csv", "--now", &now, "--unit", "list_price=元"];
    place.run("listing-import", &args).ok();
}

/// A listing that was lowered twice, withdrawn for ten days and came back, one in yen, one left alone.
fn place() -> Place {
    let place = Place::new();
    let rows = |price: &str, yen: &str, status: &str| {
        [
            row("A1", price, "CNY", status),
            row("J1", yen, "JPY", "Active"),
            row("S1", "5000000", "CNY", "Active"),
        ]
    };
    import(
        &place,
        "2026-08-01",
        &rows("10000000", "52000000", "Active"),
    );
    import(&place, "2026-09-01", &rows("9500000", "52000000", "Active"));
    import(
        &place,
        "2026-09-10",
        &rows("9500000", "52000000", "Withdrawn"),
    );
    import(&place, "2026-09-20", &rows("9500000", "50000000", "Active"));
    import(&place, "2026-10-01", &rows("9300000", "50000000", "Active"));
    place
}

fn run(place: &Place, args: &[&str]) -> Ran {
    place.run("listing-import", args).ok()
}

#[test]
fn history_tells_every_change_and_how_it_fares() {
    let place = place();
    let ran = run(&place, &["history", "A1", "--summary", "s.json"]);
    let records = ran.records();
    let told: Vec<(&str, &Value, &Value)> = records
        .iter()
        .map(|record| {
            let change = record["change_type"].as_str().unwrap();
            (change, &record["previous_value"], &record["new_value"])
        })
        .collect();
    let texts = [
        ("NewListing", json!(null), json!(null)),
        ("PriceChange", json!("10000000.00"), json!("9500000.00")),
        ("Withdrawn", json!("Active"), json!("Withdrawn")),
        ("BackOnMarket", json!("Withdrawn"), json!("Active")),
        ("PriceChange", json!("9500000.00"), json!("9300000.00")),
    ];
    let wanted: Vec<(&str, &Value, &Value)> = texts.iter().map(|(a, b, c)| (*a, b, c)).collect();
    assert_eq!(told, wanted);
    assert_eq!(records[0]["at"], "2026-08-01T09:00:00+08:00");
    assert_eq!(records[1]["run"], 2);
    assert_eq!(records[1]["currency"], "CNY");
    assert_eq!(records[2]["currency"], Value::Null);
    // 113 days from the first run to the day of the test, ten of them off the market.
    let line = "A1: 103 days on the market since 2026-08-01, price lowered 2 times, the last on 2026-10-01, -7 % in all";
    assert!(ran.stderr.contains(line), "{ran}");
    let summary: Value = serde_json::from_str(&place.read("s.json")).unwrap();
    assert_eq!(summary["listings"][0]["days_on_market"], 103);
    let key = records[0]["listing_key"].as_str().unwrap();
    assert_eq!(run(&place, &["history", key]).stdout, ran.stdout);
    let chinese = run(&place, &["history", "A1", "--lang", "zh"]);
    assert!(
        chinese
            .stderr
            .contains("A1：自 2026-08-01 起在市 103 天，降价 2 次"),
        "{chinese}"
    );
}

#[test]
fn amounts_are_in_units_of_their_currency() {
    let place = place();
    let records = run(&place, &["history", "J1"]).records();
    assert_eq!(records[1]["previous_value"], "52000000");
    assert_eq!(records[1]["new_value"], "50000000");
    assert_eq!(records[1]["currency"], "JPY");
}

#[test]
fn a_listing_nobody_knows_says_how_to_find_it() {
    let place = place();
    let ran = place.run("listing-import", &["history", "A9"]).code(1);
    ran.one_error()
        .says("the store knows no listing `A9`")
        .says("listing-import list");
    place.run("listing-import", &["history"]).code(2);
}

#[test]
fn lists_filter_and_show_what_history_tells() {
    let place = place();
    let asked = ["list", "days_on_market > 90 and price_drops >= 2"];
    let found = run(&place, &asked).records();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["listing_id"], "A1");
    // What goes out of a pipe is the listing as its source gave it.
    assert_eq!(found[0]["days_on_market"], Value::Null);
    assert!(found[0].get("price_drops").is_none());
    let columns = "listing_id,days_on_market,price_drops,price_change_percent,last_price_change";
    let shown = run(&place, &["list", "--columns", columns, "--format", "csv"]);
    let mut lines: Vec<&str> = shown.stdout.lines().collect();
    assert_eq!(lines.remove(0), columns);
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "A1,103,2,-7,2026-10-01",
            "J1,113,1,-3.8,2026-09-20",
            "S1,113,0,,"
        ]
    );
    for (expr, ids) in [
        ("price_change_percent < -5", "A1"),
        (
            "last_price_change >= 2026-09-15 and last_price_change < 2026-10-01",
            "J1",
        ),
        ("price_drops = 0", "S1"),
        ("last_price_change = null", "S1"),
    ] {
        let found = run(&place, &["list", expr, "--columns", "listing_id"]).records();
        assert_eq!(found, [json!({ "listing_id": ids })], "{expr}");
    }
    let table = run(&place, &["list", "price_drops > 0", "--format", "table"]);
    assert!(table.stdout.contains("price_dr"), "{table}");
}

#[test]
fn the_word_of_the_source_counts_where_nothing_else_does() {
    let place = Place::new();
    place.write(
        "a.csv",
        "listing_id,city,list_price,days_on_market,on_market_date\n\
         A1,北京,5000000,40,2026-11-12\nA2,北京,5000000,40,\nA3,北京,5000000,,\n",
    );
    run(&place, &["a.csv", "--unit", "list_price=元"]);
    let shown = run(
        &place,
        &[
            "list",
            "--columns",
            "listing_id,days_on_market",
            "--format",
            "csv",
        ],
    );
    let mut lines: Vec<&str> = shown.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines[..3], ["A1,10", "A2,40", "A3,0"]);
}

#[test]
fn a_column_nobody_knows_is_told_with_the_nearest() {
    let place = place();
    for (columns, near) in [
        ("listing_id,list_prise", "`list_price`"),
        ("price_drop", "`price_drops`"),
        ("city,city", "twice"),
    ] {
        let ran = place.run("listing-import", &["list", "--columns", columns]);
        let ran = ran.code(2).one_error();
        assert!(ran.stderr.contains(near), "{ran}");
    }
    let ran = place
        .run("listing-import", &["list", "price_dorps > 1"])
        .code(2);
    ran.says("^").says("price_drops");
}

#[test]
fn private_values_stay_behind_their_masks_in_columns() {
    let place = Place::new();
    place.write(
        "a.csv",
        "listing_id,city,list_price,owner_phone,钥匙位置\nA1,北京,5000000,13800138001,门口花盆下\n",
    );
    run(&place, &["a.csv", "--unit", "list_price=元"]);
    let columns = ["list", "--columns", "owner_phone,extra"];
    let masked = run(&place, &columns);
    assert!(
        !masked.stdout.contains("13800138001") && !masked.stdout.contains("花盆"),
        "{masked}"
    );
    let reveal = ["--reveal", "--reason", "owner asked", "--limit", "1"];
    let shown = run(&place, &[&columns[..], &reveal].concat());
    assert!(
        shown.stdout.contains("13800138001") && shown.stdout.contains("花盆"),
        "{shown}"
    );
}
