//! Rule packs through the binary: which hold on a day, their tests, and what a wrong one says.

use testkit::Place;

const PACK: &str = "name = \"ours\"\nversion = \"7\"\neffective = \"2026-01-01\"\nsource = \"us\"\n\n\
    [[words]]\nrule = \"L210\"\nwords = [\"神仙房\"]\nuntil = \"2026-06-30\"\nplace = [\"北京\"]\n\n\
    [[test]]\nlisting = { public_remarks = \"神仙房\", city = \"北京\" }\nfinds = [\"L210\"]\non = 2026-06-30\n\n\
    [[test]]\nlisting = { public_remarks = \"神仙房\", city = \"上海\" }\npasses = true\n";

fn place() -> Place {
    let place = Place::new();
    place.write("ours.toml", PACK);
    place
}

fn configured() -> Place {
    let place = place();
    place.write(
        "brokerkit.toml",
        "[listing-import]\nrule_packs = [\"ours.toml\"]\n",
    );
    place
}

#[test]
fn what_is_in_force_is_decided_by_the_day_and_the_city() {
    let place = configured();
    place.write(
        "a.csv",
        "listing_id,title,city,remarks\n1,翠湖花园 3室2厅,北京,这是神仙房\n2,翠湖花园 3室2厅,上海,这是神仙房\n",
    );
    let found = |now: &str| -> Vec<String> {
        let args = ["check", "a.csv", "--select", "L210", "--now", now];
        let records = place.run("listing-import", &args).ok().records();
        records
            .iter()
            .map(|record| record["listing_id"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(found("2026-06-30T12:00:00Z"), ["1"]);
    assert!(found("2026-07-01T12:00:00Z").is_empty());
    assert!(found("2025-12-31T12:00:00Z").is_empty());
}

#[test]
fn rules_tell_which_packs_feed_them_on_a_day() {
    let place = configured();
    let packs = |args: &[&str]| {
        let args = [&["rules", "L210"], args].concat();
        let records = place.run("listing-import", &args).ok().records();
        records[0]["packs"].clone()
    };
    let fed = packs(&["--as-of", "2026-06-30"]);
    assert_eq!(fed[0]["name"], "ours");
    assert_eq!(fed[0]["version"], "7");
    assert_eq!(fed[0]["words"], 1);
    assert_eq!(packs(&["--as-of", "2026-07-01"]), serde_json::json!([]));
    assert_eq!(packs(&["--now", "2026-06-30T00:00:00Z"])[0]["name"], "ours");
    place
        .run("listing-import", &["rules", "--as-of", "today"])
        .code(2);
    let args = [
        "rules",
        "L210",
        "--as-of",
        "2026-03-01",
        "--format",
        "table",
    ];
    let text = place.run("listing-import", &args).ok().stdout;
    assert!(text.contains("pack: ours 7, 1 words"), "{text}");
}

#[test]
fn tests_of_packs_pass_or_say_where_they_fail() {
    let place = place();
    let built_in = place.run("listing-import", &["rules", "test"]).ok();
    assert_eq!(built_in.stdout, "");
    let test = |name: &str| place.run("listing-import", &["rules", "test", name]);
    test("ours.toml").ok().says("2 passed");
    place.write(
        "late.toml",
        PACK.replace("on = 2026-06-30", "on = 2026-07-01"),
    );
    let failed = test("late.toml").code(3);
    let records = failed.records();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["source"], "late.toml");
    assert_eq!(records[0]["line"], 12);
    assert_eq!(records[0]["expected"], "L210");
    assert_eq!(records[0]["found"], "nothing");
    place.write(
        "bare.toml",
        PACK.split("[[test]]").next().unwrap_or_default(),
    );
    test("bare.toml").ok().says("`bare.toml` has no tests");
    test("absent.toml")
        .code(1)
        .says("cannot read rule pack `absent.toml`");
}

#[test]
fn a_wrong_pack_is_told_by_its_line_and_nothing_is_changed() {
    let place = configured();
    place.write("a.csv", "listing_id,title,city\n1,翠湖花园 3室2厅,北京\n");
    for (from, to, told) in [
        (
            "until",
            "untill",
            "ours.toml:9:1: unknown key `untill`; the nearest is `until`",
        ),
        (
            "L210",
            "L21O",
            "ours.toml:7:8: `L21O` is no code of a rule; the nearest is",
        ),
        (
            "2026-06-30\"",
            "2026-06-31\"",
            "ours.toml:9:9: `2026-06-31` is no day",
        ),
        (
            "\"2026-06-30\"",
            "\"2025-06-30\"",
            "ours.toml:9:9: the entry never holds",
        ),
        (
            "finds = [",
            "finds = [\"L999\", ",
            "`L999` is no code of a rule",
        ),
    ] {
        let wrong = PACK.replacen(from, to, 1);
        place.write("ours.toml", &wrong);
        for args in [
            &["a.csv"][..],
            &["check", "a.csv"],
            &["rules"],
            &["rules", "test"],
        ] {
            let ran = place.run("listing-import", args).code(1).no_panic();
            assert!(ran.stderr.contains(told), "{told}\n{ran}");
            assert!(ran.stderr.contains('^'), "{ran}");
        }
        assert!(!place.file("brokerage.db").exists());
    }
    place.write("ours.toml", PACK);
    place.write("again.toml", PACK);
    let args = ["rules", "test", "ours.toml", "again.toml"];
    place
        .run("listing-import", &args)
        .code(1)
        .says("again.toml:1:8: `ours.toml` has a pack of this name already");
}
