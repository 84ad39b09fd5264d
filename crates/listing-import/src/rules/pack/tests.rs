//! What a pack says of itself when it is wrong, what holds when and where, and the cases of the built-in packs.

use model::jiff::civil::{Date, date};

use super::Pack;
use crate::rules::{Context, pack::PackError};
use crate::rules::{Numbers, RuleSet, Settings, example};

const HEAD: &str =
    "name = \"ours\"\nversion = \"1\"\neffective = \"2020-01-01\"\nsource = \"us\"\n";

fn parse(text: &str) -> Result<Pack, PackError> {
    Pack::parse(&format!("{HEAD}{text}"), "own.toml")
}

fn refused(text: &str) -> String {
    parse(text).map(|_| ()).expect_err(text).to_string()
}

fn rules(packs: &[Pack], day: Date) -> RuleSet {
    RuleSet::new(&Settings::default(), packs, day)
}

fn finds(pack: &Pack, day: Date, listing: &str) -> bool {
    let (listing, columns) = example::listing(listing).expect(listing);
    let mut context = Context::new(day);
    context.columns = columns;
    let mut found = Vec::new();
    rules(std::slice::from_ref(pack), day).check(&listing, &context, &mut found);
    !found.is_empty()
}

#[test]
fn mistakes_name_file_line_and_column_and_show_the_line() {
    assert_eq!(
        refused("[[words]]\nrule = \"L2O1\"\nwords = [\"好房\"]"),
        "own.toml:6:8: `L2O1` is no code of a rule; the nearest is `L211`\n6 | rule = \"L2O1\"\n  |        ^^^^^^"
    );
    for (text, told) in [
        (
            "[[words]]\nrule = \"L210\"\nwords = [\"好房\"]\nefect = \"warn\"",
            "own.toml:8:1: unknown key `efect`; the nearest is `effect`",
        ),
        (
            "[[words]]\nrule = \"L210\"\nwords = [\"好房\"]\neffect = \"frees\"",
            "own.toml:8:10: `frees` is no effect; the nearest is `freeze`",
        ),
        (
            "[[words]]\nrule = \"L210\"\nwords = [\"好房\"]\nuntil = \"2026-02-30\"",
            "own.toml:8:9: `2026-02-30` is no day",
        ),
        (
            "[[words]]\nrule = \"L210\"\nwords = [\"好房\", \" \"]",
            "own.toml:7:16: the text is empty",
        ),
        (
            "[[words]]\nrule = \"L210\"\nwords = []",
            "own.toml:7:9: the list is empty",
        ),
        (
            "[[words]]\nrule = \"L210\"",
            "own.toml:5:1: missing key `words`",
        ),
        (
            "[[words]]\nrule = \"L210\"\nwords = [\"好房\"]\neffective = 2026-02-01\nuntil = 2026-01-31",
            "own.toml:9:9: `until` lies before `effective`",
        ),
        (
            "until = 2019-12-31",
            "own.toml:5:9: `until` lies before `effective`",
        ),
        (
            "until = 2021-12-31\n[[allow]]\nphrases = [\"好房\"]\neffective = 2022-01-01",
            "own.toml:8:13: the entry never holds",
        ),
        (
            "place = [\"北京\"]\n[[signal]]\ntells = \"negotiable\"\nwords = [\"谈\"]\nplace = [\"上海\"]",
            "own.toml:9:10: the pack does not hold in this place",
        ),
        (
            "[[signal]]\ntells = \"negotable\"\nwords = [\"谈\"]",
            "own.toml:6:9: `negotable` is no signal to a rule; the nearest is `negotiable`",
        ),
        (
            "[[claim]]\nrule = \"L404\"\nsays = [\"有电梯\"]\nfield = \"elevater\"\nis = [\"true\"]",
            "own.toml:8:9: `elevater` is no field of a listing; the nearest is `elevator`",
        ),
        (
            "[[claim]]\nrule = \"L404\"\nsays = [\"有电梯\"]\nfield = \"elevator\"",
            "own.toml:8:9: the claim tests nothing",
        ),
        (
            "[[test]]\nlisting = \"title=好\"",
            "own.toml:5:1: the test expects nothing",
        ),
        (
            "[[test]]\nlisting = \"titel=好\"\npasses = true",
            "own.toml:6:11: cannot read `titel=好`",
        ),
        (
            "[[test]]\npasses = true\nlisting = { bedrooms_total = \"drei\" }",
            "own.toml:7:30: `drei` is no value of bedrooms_total",
        ),
        (
            "[[test]]\npasses = true\nlisting = { bedroms_total = 3 }",
            "own.toml:7:13: `bedroms_total` is no field of a listing",
        ),
        ("name = \"twice\"", "own.toml:5:1: duplicate key"),
        ("[[words]", "own.toml:5:"),
    ] {
        let error = refused(text);
        assert!(error.starts_with(told), "{told}\n{error}");
        assert!(error.ends_with('^'), "{error}");
    }
    let windows = refused("[[words]]\r\nrule = \"L2O1\"\r\nwords = [\"好房\"]");
    assert!(windows.contains("6 | rule = \"L2O1\"\n"), "{windows}");
    let wide = refused(&format!(
        "[[words]]\nrule = \"L210\"\nwords = [\"{}\", \"\", \"好\"]",
        "房".repeat(400)
    ));
    assert!(
        wide.lines().all(|line| line.chars().count() < 120),
        "{wide}"
    );
}

#[test]
fn two_packs_of_one_name_contradict_each_other() {
    let one = parse("").expect("it is read");
    let other = Pack::parse(HEAD, "other.toml").expect("it is read");
    let error = other.refuse_repeated(&[one]).expect_err("the same name");
    let told = error.to_string();
    assert!(
        told.starts_with("other.toml:1:8: `own.toml` has a pack of this name already"),
        "{told}"
    );
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let error = Pack::read(b"name = \"a\"\nversion = \"\xFF\"", "own.toml").expect_err("no UTF-8");
    assert!(
        error
            .to_string()
            .starts_with("own.toml:2:12: the file is no UTF-8"),
        "{error}"
    );
}

#[test]
fn entries_hold_on_their_days_and_in_their_places() {
    let pack = parse(
        "[[words]]\nrule = \"L210\"\nwords = [\"好房\"]\neffective = \"2026-03-01\"\nuntil = 2026-03-31\nplace = [\"上海市\"]\n\
         [[words]]\nrule = \"L210\"\nwords = [\"神房\"]\n\
         [[allow]]\nphrases = [\"神房子\"]\nuntil = 2026-03-31",
    )
    .expect("it is read");
    let good = "public_remarks=好房; city=上海";
    for (day, holds) in [
        (date(2026, 2, 28), false),
        (date(2026, 3, 1), true),
        (date(2026, 3, 31), true),
        (date(2026, 4, 1), false),
    ] {
        assert_eq!(finds(&pack, day, good), holds, "{day}");
    }
    let march = date(2026, 3, 15);
    assert!(!finds(&pack, march, "public_remarks=好房; city=北京"));
    assert!(!finds(&pack, march, "public_remarks=好房"));
    assert!(finds(&pack, march, "public_remarks=神房"));
    assert!(!finds(&pack, march, "public_remarks=神房子"));
    assert!(finds(&pack, date(2026, 4, 1), "public_remarks=神房子"));
    assert_eq!(pack.words_for("L210", march), 2);
    assert_eq!(pack.words_for("L210", date(2026, 4, 1)), 1);
    assert_eq!(pack.words_for("L210", date(2019, 4, 1)), 0);
}

#[test]
fn cases_of_the_built_in_packs_come_out_as_they_say() {
    let packs = Pack::built_in().expect("the packs are read");
    for today in [date(2026, 1, 1), date(2031, 6, 1)] {
        for pack in &packs {
            assert!(!pack.test.is_empty(), "{} has no tests", pack.name());
            let failed = pack.test(today, &Numbers::default(), &mut |day| rules(&packs, day));
            assert_eq!(failed, [], "{}", pack.name());
        }
    }
}

#[test]
fn a_case_that_comes_out_otherwise_says_where_and_how() {
    let pack = parse(
        "[[words]]\nrule = \"L210\"\nwords = [\"好房\"]\n\n[[test]]\nlisting = \"public_remarks=好房\"\npasses = true\n\
         [[test]]\nlisting = { public_remarks = \"好房\", bedrooms_total = 3, tags = [\"a\", \"b\"] }\nfinds = [\"L210\"]\neffect = \"freeze\"\n\
         [[test]]\nlisting = \"public_remarks=好房\"\non = 2019-01-01\npasses = true",
    )
    .expect("it is read");
    let packs = [pack];
    let failed = packs[0].test(date(2026, 1, 1), &Numbers::default(), &mut |day| {
        rules(&packs, day)
    });
    let told: Vec<_> = failed
        .iter()
        .map(|case| (case.line, case.expected.as_str(), case.found.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (9, "nothing", "L210 (warn: `好房` [0..6])"),
            (12, "L210 with effect freeze", "L210 (warn: `好房` [0..6])"),
        ]
    );
}
