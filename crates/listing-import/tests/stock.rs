//! Listings among the others, through the binary: one home under one key, prices against their peers, photos
//! used elsewhere, and judging the stock anew.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use testkit::Place;

const HEADER: &str = "房源编号,标题,小区,城市,区县,户型,建筑面积,总价(万),所在楼层,朝向,房号,门店,经纪人编号,图片,来源平台\n";

/// One listing, of which a test changes what it is about.
#[derive(Clone)]
struct Row {
    id: String,
    words: String,
    community: String,
    layout: String,
    area: String,
    price: String,
    floor: String,
    unit: String,
    agent: String,
    photos: String,
    system: String,
}

impl Row {
    fn new(id: impl ToString) -> Self {
        Row {
            id: id.to_string(),
            words: String::new(),
            community: "翠湖花园".into(),
            layout: "3室2厅".into(),
            area: "128.5".into(),
            price: "965".into(),
            floor: "12/18".into(),
            unit: String::new(),
            agent: "A1".into(),
            photos: String::new(),
            system: "alpha".into(),
        }
    }

    fn line(&self) -> String {
        format!(
            "{},{} {} {},{},北京,朝阳,{},{},{},{},南,{},店{},{},{},{}\n",
            self.id,
            self.community,
            self.layout,
            self.words,
            self.community,
            self.layout,
            self.area,
            self.price,
            self.floor,
            self.unit,
            self.agent,
            self.agent,
            self.photos,
            self.system
        )
    }
}

fn file(rows: &[Row]) -> String {
    rows.iter()
        .map(Row::line)
        .fold(HEADER.to_owned(), |file, line| file + &line)
}

/// Homes of one community at believable prices, told apart by floor and area.
fn peers(count: usize) -> Vec<Row> {
    let row = |n: usize| Row {
        area: format!("{}.{}", 100 + n % 30, n % 10),
        price: format!("{}", 700 + n * 7 % 60),
        floor: format!("{}/18", 1 + n % 18),
        agent: format!("P{n}"),
        ..Row::new(format!("P{n}"))
    };
    (0..count).map(row).collect()
}

fn import(place: &Place, args: &[&str]) -> Vec<Value> {
    place.run("listing-import", args).ok().records()
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record[name].as_str().unwrap_or_default()
}

/// Codes of L7xx findings, by listing.
fn codes(records: &[Value]) -> BTreeMap<&str, Vec<&str>> {
    let of = |record: &'_ Value| -> Vec<&str> {
        let findings = record["findings"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let codes = findings.iter().map(|finding| text(finding, "code"));
        // the borrow checker wants the strings of the record itself
        codes
            .filter(|code| code.starts_with("L7"))
            .map(|code| &*code.to_owned().leak())
            .collect()
    };
    records
        .iter()
        .map(|record| (text(record, "listing_id"), of(record)))
        .filter(|(_, codes)| !codes.is_empty())
        .collect()
}

/// The homes of several listings, as sets of ids.
fn homes(place: &Place) -> BTreeSet<BTreeSet<String>> {
    let mut homes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for listing in place.run("listing-import", &["list"]).ok().records() {
        let ids = homes
            .entry(text(&listing, "home_key").to_owned())
            .or_default();
        ids.insert(text(&listing, "listing_id").to_owned());
    }
    homes.into_values().filter(|ids| ids.len() > 1).collect()
}

/// The same home from three systems, differently written, and its neighbour.
fn one_home() -> Vec<Row> {
    let a = Row {
        unit: "3-2-1203".into(),
        community: "柏林爱乐二期".into(),
        ..Row::new("A")
    };
    let b = Row {
        id: "B".into(),
        community: "柏林爱乐(二期)".into(),
        unit: "3号楼2单元1203室".into(),
        area: "128".into(),
        price: "950".into(),
        agent: "A2".into(),
        system: "beta".into(),
        ..a.clone()
    };
    let c = Row {
        id: "C".into(),
        community: "柏林爱乐Ⅱ期小区".into(),
        agent: "A3".into(),
        system: "gamma".into(),
        ..a.clone()
    };
    let neighbour = Row {
        id: "N".into(),
        unit: "3-2-1204".into(),
        agent: "A4".into(),
        system: "delta".into(),
        ..a.clone()
    };
    vec![a, b, c, neighbour]
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn one_home_has_one_key_whatever_the_order_of_rows_and_batches() {
    let rows = one_home();
    let expected = BTreeSet::from([set(&["A", "B", "C"])]);
    let whole = Place::new();
    whole.write("a.csv", file(&rows));
    let changes = import(&whole, &["a.csv"]);
    assert_eq!(homes(&whole), expected);
    let keys: BTreeSet<&str> = changes
        .iter()
        .map(|change| text(change, "home_key"))
        .collect();
    assert_eq!(keys.len(), 2, "what is told is what is stored");

    let turned = Place::new();
    let back: Vec<Row> = rows.iter().rev().cloned().collect();
    turned.write("a.csv", file(&back));
    let told: BTreeMap<String, String> = import(&turned, &["a.csv"])
        .iter()
        .map(|change| {
            (
                text(change, "listing_id").to_owned(),
                text(change, "home_key").to_owned(),
            )
        })
        .collect();
    for change in &changes {
        assert_eq!(told[text(change, "listing_id")], text(change, "home_key"));
    }

    let single = Place::new();
    for (number, row) in back.iter().enumerate() {
        let name = format!("{number}.csv");
        single.write(&name, file(std::slice::from_ref(row)));
        import(&single, &[&name, "--unit", "list_price=万"]);
    }
    assert_eq!(homes(&single), expected);
}

/// Adverts of some homes by up to three systems, in an order and in batches drawn from a seed.
fn market(seed: u64) -> Vec<Vec<Row>> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut draw = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % n as u64) as usize
    };
    let mut rows = Vec::new();
    for home in 0..14 {
        let floor = 1 + draw(17);
        for system in ["alpha", "beta", "gamma"].iter().take(1 + draw(3)) {
            rows.push(Row {
                area: format!("{}.{}", 88 + home % 4, draw(3)),
                price: format!("{}", 600 + home % 3 + draw(2)),
                floor: format!("{floor}/18"),
                unit: if draw(3) > 0 {
                    format!("{}-1-{floor:02}01", 1 + home % 2)
                } else {
                    String::new()
                },
                agent: format!("{system}{home}"),
                system: (*system).to_owned(),
                ..Row::new(format!("{system}{home}"))
            });
        }
    }
    for at in (1..rows.len()).rev() {
        rows.swap(at, draw(at + 1));
    }
    let mut batches = Vec::new();
    while !rows.is_empty() {
        let rest = rows.split_off((1 + draw(12)).min(rows.len()));
        batches.push(std::mem::replace(&mut rows, rest));
    }
    batches
}

#[test]
fn any_batches_come_to_the_homes_of_one_run() {
    let mut shared = 0;
    for seed in 1..=8 {
        let batches = market(seed);
        let whole = Place::new();
        whole.write("a.csv", file(&batches.concat()));
        import(&whole, &["a.csv", "--unit", "list_price=万"]);
        let parts = Place::new();
        for (number, batch) in batches.iter().enumerate() {
            let name = format!("{number}.csv");
            parts.write(&name, file(batch));
            import(&parts, &[&name, "--unit", "list_price=万"]);
        }
        assert_eq!(homes(&parts), homes(&whole), "seed {seed}");
        let again = parts.run("listing-import", &["check", "--stock"]).ok();
        assert!(
            !again.stderr.contains("homes"),
            "seed {seed}: {}",
            again.stderr
        );
        shared += homes(&whole).len();
    }
    assert!(
        shared > 20,
        "the markets hold homes that are shared: {shared}"
    );
}

#[test]
fn other_names_of_a_community_lead_to_one_home() {
    let place = Place::new();
    place.write("c.csv", "小区,城市,别名\n柏林爱乐二期,北京,爱乐家园\n");
    place.run("listing-import", &["communities", "c.csv"]).ok();
    let mut rows = one_home();
    rows[1].community = "爱乐家园".into();
    place.write("a.csv", file(&rows));
    import(&place, &["a.csv", "--unit", "list_price=万"]);
    assert_eq!(homes(&place), BTreeSet::from([set(&["A", "B", "C"])]));
}

#[test]
fn the_same_again_tells_the_same_and_a_run_is_replayed() {
    let place = Place::new();
    let mut rows = one_home();
    rows.extend(peers(30));
    place.write("a.csv", file(&rows));
    let first = place.run("listing-import", &["a.csv"]).ok();
    let again = place.run("listing-import", &["a.csv"]).ok();
    assert_eq!(
        first.stdout.replace("\"new\"", "\"unchanged\""),
        again.stdout
    );
    let replayed = place.run("listing-import", &["--replay", "1"]).ok();
    assert_eq!(replayed.stdout, first.stdout);
}

#[test]
fn a_home_that_turns_out_to_be_another_leaves_its_group() {
    let place = Place::new();
    let mut rows = one_home();
    place.write("a.csv", file(&rows));
    import(&place, &["a.csv"]);
    // the one whose key the home had
    let key = text(&import(&place, &["a.csv"])[0], "home_key").to_owned();
    let head = import(&place, &["a.csv"])
        .iter()
        .find(|change| text(change, "listing_key")[1..] == key[1..])
        .map(|change| text(change, "listing_id").to_owned())
        .unwrap();
    for row in rows.iter_mut().filter(|row| row.id == head) {
        row.unit = "9-1-0101".into();
    }
    place.write("b.csv", file(&rows));
    import(&place, &["b.csv"]);
    let left: BTreeSet<String> = set(&["A", "B", "C"])
        .into_iter()
        .filter(|id| *id != head)
        .collect();
    assert_eq!(homes(&place), BTreeSet::from([left]));
    // and undone, all is as it was
    place
        .run("store-admin", &["undo", "4", "--yes", "--reason", "test"])
        .ok();
    assert_eq!(homes(&place), BTreeSet::from([set(&["A", "B", "C"])]));
}

#[test]
fn a_change_of_price_is_no_other_home() {
    let place = Place::new();
    let mut rows = one_home();
    place.write("a.csv", file(&rows));
    import(&place, &["a.csv"]);
    rows[1].price = "700".into();
    place.write("b.csv", file(&rows));
    import(&place, &["b.csv"]);
    assert_eq!(homes(&place), BTreeSet::from([set(&["A", "B", "C"])]));
}

#[test]
fn prices_far_from_their_peers_are_found_in_the_batch_and_later() {
    let place = Place::new();
    let mut rows = peers(40);
    rows[7].price = "75".into();
    rows[20].price = "400".into();
    place.write("a.csv", file(&rows));
    let found = import(&place, &["a.csv"]);
    assert_eq!(
        codes(&found),
        BTreeMap::from([("P20", vec!["L701"]), ("P7", vec!["L702"])])
    );
    let findings = import(&place, &["a.csv", "--emit", "findings"]);
    let of_stock = findings
        .iter()
        .filter(|finding| text(finding, "code").starts_with("L7"));
    let lines: Vec<_> = of_stock
        .map(|finding| (text(finding, "code"), finding["line"].as_u64()))
        .collect();
    assert_eq!(lines, [("L702", Some(9)), ("L701", Some(22))]);
    let held = found
        .iter()
        .find(|record| text(record, "listing_id") == "P7")
        .unwrap();
    assert_eq!(held["frozen"], false);

    // mended, it is silent; a new one speaks
    rows[7].price = "750".into();
    rows[8].price = "7500".into();
    place.write("b.csv", file(&rows));
    let found = import(&place, &["b.csv"]);
    let codes = codes(&found);
    assert_eq!(codes.get("P7"), Some(&vec!["L703"]), "{codes:?}");
    assert_eq!(codes.get("P8"), Some(&vec!["L702", "L703"]));
    assert_eq!(codes.get("P20"), Some(&vec!["L701"]));
}

#[test]
fn few_peers_say_nothing() {
    let place = Place::new();
    let mut rows = peers(7);
    rows[3].price = "75".into();
    place.write("a.csv", file(&rows));
    assert_eq!(codes(&import(&place, &["a.csv"])), BTreeMap::new());
}

#[test]
fn photos_of_another_home_are_found_in_the_batch_and_later() {
    let place = Place::new();
    let photos = |names: &[&str]| {
        let all: Vec<String> = names
            .iter()
            .map(|name| format!("https://img.example/{name}.jpg"))
            .collect();
        all.join("|")
    };
    let mut rows = peers(6);
    rows[0].photos = photos(&["aaaaaaaa1", "aaaaaaaa2", "aaaaaaaa3", "aaaaaaaa4"]);
    rows[1].photos = photos(&["bbbbbbbb1", "bbbbbbbb2", "bbbbbbbb3", "aaaaaaaa1"]);
    place.write("a.csv", file(&rows[..4]));
    let found = import(&place, &["a.csv"]);
    assert_eq!(
        codes(&found),
        BTreeMap::from([("P0", vec!["L711"]), ("P1", vec!["L711"])])
    );
    // a later one copies most, and so the first is a copy of it, too
    rows[5].photos = photos(&["aaaaaaaa1", "aaaaaaaa2", "aaaaaaaa3"]);
    place.write("b.csv", file(&rows[4..]));
    let found = import(&place, &["b.csv"]);
    assert_eq!(codes(&found), BTreeMap::from([("P5", vec!["L712"])]));
    let queue = place
        .run("listing-import", &["check", "--stock"])
        .ok()
        .records();
    assert_eq!(
        queue.len(),
        0,
        "the import has judged what it touched: {queue:?}"
    );
}

#[test]
fn photos_of_one_home_and_of_one_community_are_no_finding() {
    let place = Place::new();
    let mut rows = one_home();
    for row in &mut rows[..3] {
        row.photos = "https://img.example/cccccccc1.jpg|https://img.example/cccccccc2.jpg".into();
    }
    let mut gate = peers(8);
    for row in &mut gate {
        row.photos = format!(
            "https://img.example/gate00000.jpg|https://img.example/home0000{}.jpg",
            row.id
        );
    }
    rows.extend(gate);
    place.write("a.csv", file(&rows));
    let found = codes_of(&import(&place, &["a.csv"]), "L71");
    assert_eq!(found, BTreeMap::new());
}

fn codes_of(records: &[Value], start: &str) -> BTreeMap<String, Vec<String>> {
    codes(records)
        .into_iter()
        .map(|(id, codes)| {
            let codes = codes.into_iter().filter(|code| code.starts_with(start));
            (id.to_owned(), codes.map(str::to_owned).collect::<Vec<_>>())
        })
        .filter(|(_, codes)| !codes.is_empty())
        .collect()
}

#[test]
fn a_community_of_another_city_is_told() {
    let place = Place::new();
    place.write("c.csv", "小区,城市\n翠湖花园,上海\n柏林爱乐,北京\n");
    place.run("listing-import", &["communities", "c.csv"]).ok();
    let mut rows = peers(3);
    rows[2].community = "柏林爱乐".into();
    place.write("a.csv", file(&rows));
    let found = codes_of(
        &import(&place, &["a.csv", "--unit", "list_price=万"]),
        "L72",
    );
    assert_eq!(found.keys().collect::<Vec<_>>(), ["P0", "P1"]);
}

#[test]
fn a_changed_rule_pack_judges_the_stock_anew_and_tells_what_changed() {
    let place = Place::new();
    let mut rows = peers(12);
    rows[4].words = "业主急售".into();
    place.write("a.csv", file(&rows));
    import(&place, &["a.csv"]);
    let silent = place
        .run("listing-import", &["check", "--stock"])
        .ok()
        .records();
    assert_eq!(silent, Vec::<Value>::new());
    let banned = "name = \"house\"\nversion = \"2\"\neffective = \"2020-01-01\"\nsource = \"test\"\n\
                  [[words]]\nrule = \"L201\"\nwords = [\"业主急售\"]\n";
    place.write("house.toml", banned);
    place.write(
        "brokerkit.toml",
        "[listing-import]\nrule_packs = [\"house.toml\"]\n",
    );
    let tried = place
        .run("listing-import", &["check", "--stock", "--dry-run"])
        .ok()
        .records();
    let told = place
        .run("listing-import", &["check", "--stock"])
        .ok()
        .records();
    assert_eq!(told, tried);
    let of = |change: &str| -> Vec<(String, String)> {
        let of = told
            .iter()
            .filter(|record| text(record, "change") == change);
        of.map(|record| {
            (
                text(record, "listing_id").to_owned(),
                text(record, "code").to_owned(),
            )
        })
        .collect()
    };
    assert_eq!(of("appeared"), [("P4".to_owned(), "L201".to_owned())]);
    assert!(of("gone").is_empty(), "{told:?}");
    let frozen = place
        .run("listing-import", &["list", "frozen = true"])
        .ok()
        .records();
    assert_eq!(frozen.len(), 1);
    let again = place
        .run("listing-import", &["check", "--stock"])
        .ok()
        .records();
    assert_eq!(again, Vec::<Value>::new());
    // the same row by the same rules is no change either
    let actions: BTreeSet<String> = import(&place, &["a.csv"])
        .iter()
        .map(|change| text(change, "action").to_owned())
        .collect();
    assert_eq!(actions, set(&["unchanged"]));
    place.write("brokerkit.toml", "");
    let told = place
        .run("listing-import", &["check", "--stock"])
        .ok()
        .records();
    assert_eq!(told.len(), 1);
    assert_eq!(text(&told[0], "change"), "gone");
}

#[test]
fn without_comparing_the_rules_of_single_rows_judge_the_stock_all_the_same() {
    let place = Place::new();
    let mut rows = peers(12);
    rows[4].words = "业主急售".into();
    place.write("a.csv", file(&rows));
    import(&place, &["a.csv"]);
    place.write(
        "house.toml",
        "name = \"house\"\nversion = \"2\"\neffective = \"2020-01-01\"\nsource = \"test\"\n\
         [[words]]\nrule = \"L201\"\nwords = [\"业主急售\"]\n",
    );
    place.write(
        "brokerkit.toml",
        "[listing-import]\ncompare = false\nrule_packs = [\"house.toml\"]\n",
    );
    let told = place
        .run("listing-import", &["check", "--stock"])
        .ok()
        .records();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(text(&told[0], "code"), "L201");
    let frozen = place
        .run("listing-import", &["list", "frozen = true"])
        .ok()
        .records();
    assert_eq!(frozen.len(), 1);
}

#[test]
fn a_home_tells_who_entered_it_first_and_who_maintains_it() {
    let place = Place::new();
    let header = HEADER.replace('\n', ",录入时间,更新时间\n");
    let times = [
        "2026-03-02,2026-03-03",
        "2026-03-01,2026-03-09",
        "2026-03-05,2026-03-06",
    ];
    let rows = one_home();
    let lines = rows
        .iter()
        .zip(times)
        .map(|(row, times)| row.line().replace('\n', &format!(",{times}\n")));
    place.write("a.csv", lines.fold(header, |file, line| file + &line));
    import(&place, &["a.csv", "--unit", "list_price=万"]);
    let told = place.run("listing-import", &["homes", "A"]).ok().records();
    let roles: Vec<(&str, String)> = told
        .iter()
        .map(|record| (text(record, "listing_id"), record["roles"].to_string()))
        .collect();
    let both = "[\"entered\",\"maintains\"]".to_owned();
    assert_eq!(
        roles,
        [("B", both), ("A", "[]".to_owned()), ("C", "[]".to_owned())]
    );
    let all = place.run("listing-import", &["homes"]).ok().records();
    assert_eq!(all, told);
    assert_eq!(
        place
            .run("listing-import", &["homes", "N"])
            .ok()
            .records()
            .len(),
        0
    );
}

#[test]
fn comparing_can_be_left_out() {
    let place = Place::new();
    place.write("a.csv", file(&one_home()));
    place.write("brokerkit.toml", "[listing-import]\ncompare = false\n");
    import(&place, &["a.csv", "--unit", "list_price=万"]);
    assert_eq!(homes(&place), BTreeSet::new());
}

#[test]
fn what_was_stored_without_comparing_is_found_once_a_run_compares() {
    let place = Place::new();
    let rows = one_home();
    place.write("a.csv", file(&rows[..2]));
    place.write("brokerkit.toml", "[listing-import]\ncompare = false\n");
    import(&place, &["a.csv", "--unit", "list_price=万"]);
    assert_eq!(homes(&place), BTreeSet::new());
    place.write("brokerkit.toml", "");
    place.write("b.csv", file(&rows[2..]));
    import(&place, &["b.csv", "--unit", "list_price=万"]);
    assert_eq!(homes(&place), BTreeSet::from([set(&["A", "B", "C"])]));
}

#[test]
fn after_an_undo_homes_are_found_as_before() {
    let place = Place::new();
    let mut rows = one_home();
    place.write("a.csv", file(&rows[..1]));
    import(&place, &["a.csv", "--unit", "list_price=万"]);
    rows[0].unit = "9-1-0101".into();
    place.write("moved.csv", file(&rows[..1]));
    import(&place, &["moved.csv", "--unit", "list_price=万"]);
    let judged = ["check", "--stock"];
    place.run("listing-import", &judged).ok();
    let undo = ["undo", "2", "--yes", "--reason", "test"];
    place.run("store-admin", &undo).ok();
    place.write("b.csv", file(&one_home()[1..]));
    import(&place, &["b.csv", "--unit", "list_price=万"]);
    assert_eq!(homes(&place), BTreeSet::from([set(&["A", "B", "C"])]));
}

#[test]
fn a_row_that_a_later_one_takes_back_leaves_no_trace() {
    let place = Place::new();
    let rows = one_home();
    let other = Row {
        unit: "8-1-0801".into(),
        ..rows[1].clone()
    };
    place.write("a.csv", file(&[rows[0].clone(), other.clone()]));
    import(&place, &["a.csv", "--unit", "list_price=万"]);
    assert_eq!(homes(&place), BTreeSet::new());
    // first the door of A, then its own again
    place.write("b.csv", file(&[rows[1].clone(), other]));
    let told = import(&place, &["b.csv", "--unit", "list_price=万"]);
    assert_eq!(text(&told[1], "action"), "unchanged");
    assert_eq!(homes(&place), BTreeSet::new());
}

#[test]
fn who_shares_a_photo_is_judged_anew_when_the_home_turns_out_to_be_one() {
    let place = Place::new();
    let mut rows = one_home();
    for row in &mut rows[..2] {
        row.photos = "https://img.example/dddddddd1.jpg|https://img.example/dddddddd2.jpg".into();
    }
    let door = std::mem::replace(&mut rows[1].unit, "8-1-0801".into());
    place.write("a.csv", file(&rows[..2]));
    let found = import(&place, &["a.csv", "--unit", "list_price=万"]);
    assert_eq!(codes_of(&found, "L712").len(), 2);
    rows[1].unit = door;
    place.write("b.csv", file(&rows[1..2]));
    import(&place, &["b.csv", "--unit", "list_price=万"]);
    assert_eq!(homes(&place), BTreeSet::from([set(&["A", "B"])]));
    let waiting = place
        .run("listing-import", &["queue", "--rule", "L712"])
        .ok();
    assert_eq!(waiting.records(), Vec::<Value>::new());
}

#[test]
fn an_empty_file_is_no_reason_to_speak_of_checks() {
    let place = Place::new();
    place.write("empty.csv", "");
    for args in [&["empty.csv"][..], &["check", "empty.csv"]] {
        let ran = place.run("listing-import", args).ok();
        assert!(ran.stderr.contains("0 read"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("evidence"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("roster"), "{}", ran.stderr);
    }
}
