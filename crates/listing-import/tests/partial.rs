//! Files that hold only some columns: what they do not speak of stays as it is.

use serde_json::Value;
use testkit::Place;

const WHOLE: &str = "房源编号,标题,小区,城市,户型,建筑面积,总价(万),挂牌状态,标签,房源描述,业主姓名\n\
    A1,翠湖花园 3室2厅,翠湖花园,北京,3室2厅,128.5,965,在售,近地铁,南北通透,诸葛孔明\n\
    A2,翠湖花园 2室1厅,翠湖花园,北京,2室1厅,88,700,预定,,国家级精品房,欧阳修远\n\
    A3,翠湖花园 2室1厅,翠湖花园,北京,2室1厅,90,720,在售,,采光好,司马迁\n";

fn import(place: &Place, args: &[&str]) -> Vec<Value> {
    place.run("listing-import", args).ok().records()
}

fn actions(records: &[Value]) -> Vec<&str> {
    let actions = records.iter().map(|record| record["action"].as_str());
    actions.flatten().collect()
}

fn listed(place: &Place, id: &str) -> Value {
    let expr = format!("listing_id = {id}");
    let found = place.run("listing-import", &["list", &expr]).ok().records();
    assert_eq!(found.len(), 1);
    found[0].clone()
}

#[test]
fn a_file_of_prices_changes_prices_and_what_follows() {
    let place = Place::new();
    place.write("whole.csv", WHOLE);
    place.write("prices.csv", "房源编号,总价(万)\nA1,950\nA2,690\nA3,720\n");
    import(&place, &["whole.csv"]);
    let before = listed(&place, "A1");
    assert_eq!(listed(&place, "A2")["frozen"], true, "banned wording");
    let changed = import(&place, &["prices.csv", "--unit", "list_price=万"]);
    assert_eq!(actions(&changed), ["changed", "changed", "unchanged"]);
    assert_eq!(changed[1]["frozen"], true, "its text is as it was");
    assert_eq!(changed[1]["standard_status"], "Pending");
    let after = listed(&place, "A1");
    assert_eq!(after["list_price"], "9500000.00");
    assert_eq!(after["unit_price"], "73929.96");
    for (name, value) in before.as_object().into_iter().flatten() {
        if !["list_price", "unit_price", "source", "line", "price_basis"].contains(&name.as_str()) {
            assert_eq!(&after[name], value, "{name}");
        }
    }
    // The same again changes nothing; the whole file again brings its own prices back.
    assert_eq!(
        actions(&import(&place, &["prices.csv", "--unit", "list_price=万"])),
        ["unchanged"; 3]
    );
    assert_eq!(
        actions(&import(&place, &["whole.csv"])),
        ["changed", "changed", "unchanged"]
    );
    assert_eq!(listed(&place, "A1")["list_price"], "9650000.00");
    // Undone, all is as it was.
    let undo = ["undo", "4", "--yes", "--reason", "test"];
    place.run("store-admin", &undo).ok();
    assert_eq!(listed(&place, "A1")["list_price"], "9500000.00");
}

#[test]
fn an_empty_cell_is_no_absent_column() {
    let place = Place::new();
    place.write("whole.csv", WHOLE);
    import(&place, &["whole.csv"]);
    place.write(
        "tags.csv",
        "房源编号,小区,标签\nA1,翠湖花园,\nA3,翠湖花园,满五唯一\n",
    );
    import(&place, &["tags.csv"]);
    let shown = listed(&place, "A1");
    assert_eq!(shown["tags"], Value::Null);
    assert_eq!(shown["title"], "翠湖花园 3室2厅");
    assert_eq!(listed(&place, "A3")["tags"].to_string(), "[\"满五唯一\"]");
}

#[test]
fn files_of_one_run_come_together_in_one_listing() {
    let place = Place::new();
    place.write("whole.csv", WHOLE);
    place.write("prices.csv", "房源编号,总价(万)\nA1,950\n");
    let args = ["whole.csv", "prices.csv", "--unit", "list_price=万"];
    let told = import(&place, &args);
    assert_eq!(actions(&told), ["unchanged", "new", "new", "new"]);
    let shown = listed(&place, "A1");
    assert_eq!(
        (&shown["list_price"], &shown["city"]),
        (&"9500000.00".into(), &"北京".into())
    );
    assert_eq!(actions(&import(&place, &args)), ["unchanged"; 4]);
}

#[test]
fn what_was_withdrawn_comes_back_with_a_file_that_names_it() {
    let place = Place::new();
    place.write("whole.csv", WHOLE);
    import(&place, &["whole.csv", "--source", "p"]);
    let less: String = WHOLE
        .lines()
        .take(3)
        .map(|line| format!("{line}\n"))
        .collect();
    place.write("less.csv", less);
    let full = [
        "less.csv",
        "--source",
        "p",
        "--full-feed",
        "p",
        "--max-withdrawn",
        "50%",
    ];
    import(&place, &full);
    assert_eq!(listed(&place, "A3")["standard_status"], "Withdrawn");
    place.write("prices.csv", "房源编号,总价(万)\nA3,710\n");
    import(
        &place,
        &["prices.csv", "--source", "p", "--unit", "list_price=万"],
    );
    let shown = listed(&place, "A3");
    assert_eq!(shown["standard_status"], "Active");
    assert_eq!(shown["withdrawn_date"], Value::Null);
    assert_eq!(shown["title"], "翠湖花园 2室1厅");
}

#[test]
fn a_price_without_a_currency_is_in_the_listings_own() {
    let place = Place::new();
    place.write(
        "usd.csv",
        "listing_id,community,city,layout,area,price (USD),status\nU1,Elm Park,Seattle,2室1厅,80,300000,Active\n\
         U2,Elm Park,Seattle,2室1厅,81,310000,Active\n",
    );
    import(&place, &["usd.csv"]);
    assert_eq!(listed(&place, "U1")["currency"], "USD");
    place.write(
        "prices.csv",
        "listing_id,list_price\nU1,300000\nU2,320000\n",
    );
    let told = import(&place, &["prices.csv", "--unit", "list_price=元"]);
    assert_eq!(actions(&told), ["unchanged", "changed"]);
    assert_eq!(listed(&place, "U2")["currency"], "USD");
}

#[test]
fn an_area_alone_leaves_the_price_and_its_status_alone() {
    let place = Place::new();
    place.write(
        "whole.csv",
        "房源编号,小区,城市,户型,建筑面积,单价(元/平米),状态\nU1,翠湖花园,北京,2室1厅,80,60000,在售\n\
         W1,翠湖花园,北京,3室1厅,90,61000,下架\n",
    );
    import(&place, &["whole.csv"]);
    let before = listed(&place, "U1");
    assert_eq!(before["list_price"], "4800000.00");
    place.write("areas.csv", "房源编号,建筑面积\nU1,100\nW1,90\n");
    let told = import(&place, &["areas.csv"]);
    assert_eq!(actions(&told), ["changed", "unchanged"]);
    let after = listed(&place, "U1");
    assert_eq!(
        (&after["list_price"], &after["unit_price"]),
        (&"4800000.00".into(), &"48000.00".into())
    );
    assert_eq!(listed(&place, "W1")["standard_status"], "Withdrawn");
}

#[test]
fn a_later_file_of_the_run_does_not_take_back_what_an_earlier_one_changed() {
    let place = Place::new();
    place.write("whole.csv", WHOLE);
    place.write("prices.csv", "房源编号,总价(万)\nA1,950\n");
    let args = ["whole.csv", "prices.csv", "--unit", "list_price=万"];
    import(&place, &args);
    place.write("whole.csv", WHOLE.replace("南北通透", "精装修"));
    let told = import(&place, &args);
    assert_eq!(
        actions(&told),
        ["unchanged", "unchanged", "unchanged", "changed"]
    );
    let shown = listed(&place, "A1");
    assert_eq!(shown["public_remarks"], "精装修");
    assert_eq!(shown["list_price"], "9500000.00");
}
