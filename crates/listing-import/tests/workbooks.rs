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
