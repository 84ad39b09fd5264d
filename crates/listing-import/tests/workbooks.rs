//! Workbooks of every kind through the binary: one table gives one set of records.

use serde_json::Value;
use testkit::Place;

fn listings(name: &str, pack: &str) -> Vec<Value> {
    let place = Place::new();
    place.fixture(name);
    place.shell(&format!("{pack} {name} > packed")).ok();
    let args = ["packed", "--emit", "listings"];
    place.run("listing-import", &args).ok().records()
}

#[test]
fn three_kinds_of_workbook_give_the_same_listings() {
    let wanted = listings("listings.xlsx", "cat");
    // one row of twenty has a day that no calendar has
    assert_eq!(wanted.len(), 19);
    assert_eq!(wanted[0]["listing_id"], "BK1001");
    for name in ["listings.xls", "listings.ods"] {
        for pack in ["cat", "gzip -c"] {
            assert_eq!(listings(name, pack), wanted, "{name}, {pack}");
        }
    }
}

#[test]
fn a_sheet_that_is_not_there_and_those_that_are() {
    let place = Place::new();
    for name in ["listings.xlsx", "listings.xls", "listings.ods"] {
        place.fixture(name);
        let ran = place.run("listing-import", &[name, "--sheet", "三月"]);
        let ran = ran.no_panic().one_error();
        assert!([1, 2].contains(&ran.code), "{ran}");
        assert!(ran.stderr.contains("房源, 说明"), "{ran}");
    }
}

#[test]
fn a_workbook_that_is_cut_changes_nothing() {
    let place = Place::new();
    for name in ["listings.xlsx", "listings.xls", "listings.ods"] {
        place.fixture(name);
        place.shell(&format!("head -c 3000 {name} > cut")).ok();
        let ran = place.run("listing-import", &["cut"]);
        let ran = ran.no_panic().code(1).one_error();
        assert!(ran.stderr.contains("cut"), "{ran}");
    }
}

/// Every listing of a store by its key, but where it was read from.
fn stored(place: &Place, store: &str) -> Vec<Value> {
    let args = ["list", "--store", store];
    let mut listed = place.run("listing-import", &args).ok().records();
    for listing in &mut listed {
        listing["source"].take();
        listing["line"].take();
        // More columns than its own file had may be evidence for more rules.
        listing["frozen"].take();
    }
    listed
}

#[test]
fn a_list_as_a_workbook_imports_as_it_is() {
    let place = Place::new();
    place.fixture("listings.csv");
    place.write(
        "more.ndjson",
        r#"{"listing_id":"007","city":"北京","subdivision_name":"云山雅居","title":"=3室2厅 南北","list_price":"9650000.00","currency":"CNY","building_area_total":"128.55","latitude":"39.90872","on_market_date":"2026-11-01","modification_timestamp":"2026-11-02T03:04:05Z","tags":["近地铁","满五年"],"elevator":true}
{"listing_id":"008","city":"東京","title":"-精装","list_price":"52000000","currency":"JPY","on_market_date":"1899-12-31"}
"#,
    );
    for file in ["listings.csv", "more.ndjson"] {
        place
            .run("listing-import", &[file, "--source", "portal"])
            .ok();
    }
    let args = ["list", "--format", "xlsx", "-o", "homes.xlsx"];
    place.run("listing-import", &args).ok();
    place
        .run("listing-import", &["homes.xlsx", "--store", "other.db"])
        .ok();
    let (first, second) = (stored(&place, "brokerage.db"), stored(&place, "other.db"));
    assert_eq!(first.len(), 20);
    for (one, other) in first.iter().zip(&second) {
        for (field, value) in one.as_object().unwrap() {
            assert_eq!(value, &other[field], "{field} of {}", one["listing_id"]);
        }
    }
    assert_eq!(second.len(), 20);
    // The second list is the same workbook's.
    let args = [
        "list",
        "--store",
        "other.db",
        "--format",
        "csv",
        "-o",
        "homes.csv",
    ];
    place.run("listing-import", &args).ok();
    let again = ["homes.csv", "--store", "other.db", "--summary", "s.json"];
    place.run("listing-import", &again).ok();
    let summary: Value = serde_json::from_str(&place.read("s.json")).unwrap();
    assert_eq!(summary["unchanged"], 20, "{summary}");
}

#[test]
fn a_workbook_holds_the_columns_and_the_rows_that_were_asked_for() {
    let place = Place::new();
    place.fixture("listings.csv");
    place.run("listing-import", &["listings.csv"]).ok();
    let columns = "listing_id,city,list_price,price_drops";
    let asked = [
        "list",
        "--columns",
        columns,
        "--limit",
        "3",
        "--format",
        "xlsx",
    ];
    place
        .run(
            "listing-import",
            &[&asked[..], &["-o", "few.xlsx"]].concat(),
        )
        .ok();
    let mapped = place
        .run("listing-import", &["few.xlsx", "--show-mapping"])
        .ok();
    let headers: Vec<Value> = mapped
        .records()
        .iter()
        .map(|record| record["header"].clone())
        .collect();
    let own: Vec<&str> = columns.split(',').collect();
    assert_eq!(headers[..own.len()], own);
    let ran = place.run(
        "listing-import",
        &["check", "few.xlsx", "--emit", "listings"],
    );
    assert_eq!(ran.ok().records().len(), 3);
}
