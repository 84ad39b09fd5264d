//! Every rule's examples, and what the wording pass must and must not find.

use model::jiff::civil::date;
use model::rule::{Effect, Finding};

use super::*;

fn rules() -> RuleSet {
    let packs = Pack::built_in().expect("the packs are read");
    RuleSet::new(&Settings::default(), &packs, date(2026, 1, 1))
}

fn found(rules: &RuleSet, example: &str) -> Vec<Finding> {
    let (listing, columns) = example::listing(example).expect(example);
    let mut context = Context::new(date(2026, 1, 1));
    context.columns = columns;
    let mut out = Vec::new();
    rules.check(&listing, &context, &mut out);
    out
}

fn codes(rules: &RuleSet, example: &str) -> Vec<&'static str> {
    found(rules, example).iter().map(|f| f.rule.code).collect()
}

#[test]
fn examples_show_their_rule_and_no_other() {
    let rules = rules();
    for row in ALL {
        let rule = &row.rule;
        assert_eq!(
            codes(&rules, rule.bad),
            [rule.code],
            "bad example of {}",
            rule.code
        );
        assert_eq!(
            codes(&rules, rule.good),
            [""; 0],
            "good example of {}",
            rule.code
        );
        let effect = found(&rules, rule.bad)[0].effect;
        assert_eq!(effect, rule.effect, "effect of {}", rule.code);
    }
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    for pair in RULES.windows(2) {
        assert!(pair[0].code < pair[1].code);
    }
    let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
    assert_eq!(
        explain("l201").map(|row| row.rule.name),
        Some("banned-wording")
    );
}

#[test]
fn severe_words_freeze() {
    let rules = rules();
    for word in [
        "全网最低价",
        "国家级",
        "保证升值",
        "投资必赚",
        "顶级豪宅第一",
        "承诺入学",
        "绝对唯一",
        "学区房",
        "投资回报率",
        "首付贷",
        "群租",
        "違建",
        "學區房",
        "保証升值",
        "國家級",
        "保\u{200B}证升值",
        "Ｎ＋１",
    ] {
        for text in [
            format!("title=阳光花园 3室2厅 {word} 南; bedrooms_total=3"),
            format!("public_remarks=车位充足，地面地下都可以{word}停车。楼下就是公交站"),
            format!("public_remarks=阳台视野开阔，可以看到{word}小区中心花园"),
        ] {
            let frozen = found(&rules, &text)
                .iter()
                .any(|f| f.effect == Effect::Freeze);
            assert!(frozen, "{text}");
        }
    }
}

#[test]
fn a_word_cut_into_a_sentence_is_no_denial() {
    let rules = rules();
    for word in [
        "全网最低价",
        "国家级",
        "保证升值",
        "投资必赚",
        "顶级豪宅第一",
        "承诺入学",
        "绝对唯一",
    ] {
        let text =
            format!("public_remarks=房龄不{word}长，等电梯的时间不长。入住三年没有{word}异味");
        assert_eq!(found(&rules, &text)[0].effect, Effect::Freeze, "{text}");
    }
}

#[test]
fn context_makes_words_harmless() {
    let rules = rules();
    for text in [
        "title=精装自住 3室 商满五唯一",
        "title=怡景园精装修三居室，满五年唯一住房",
        "title=非学区房 两居室",
        "public_remarks=本公司不承诺升值，也不保证升值。",
        "title=整租·明天第一城7号院1室1厅; subdivision_name=明天第一城7号院",
        "public_remarks=附近有第一中学。",
        "title=顶级王府 2室1厅; subdivision_name=顶级王府",
        "public_remarks=卖方承担增值税。",
        "public_remarks=离家最近的是7号线。",
        "public_remarks=增加建筑面积",
        "title=清风水岸 3室",
        "public_remarks=首付82万起",
        "public_remarks=提前十分钟预约到店看房。",
    ] {
        assert_eq!(codes(&rules, text), [""; 0], "{text}");
    }
}

#[test]
fn longer_words_and_places() {
    let rules = rules();
    let say = |text: &str| codes(&rules, text);
    assert_eq!(say("public_remarks=商住两用; city=北京"), ["L209"]);
    assert_eq!(say("public_remarks=商住两用; city=北京市"), ["L209"]);
    assert_eq!(say("public_remarks=商住两用; city=上海"), [""; 0]);
    // The longer word of one city does not hide the shorter one of the land.
    assert_eq!(say("public_remarks=N+1户型; city=上海"), ["L208"]);
    let both = found(&rules, "public_remarks=学区房，对口直升，学区房");
    assert_eq!(both.len(), 1);
    assert_eq!(
        both[0].detail,
        "`学区房` [0..9] → 学校名称和距离（米）, `对口直升` [12..24] → 学校名称和距离（米）, `学区房` [27..36] → 学校名称和距离（米）"
    );
}

#[test]
fn offsets_are_those_of_the_original() {
    let rules = rules();
    let text = "Ａ座，保\u{200B}證升值";
    let found = found(&rules, &format!("public_remarks={text}"));
    let at = text.find('保').expect("it is there");
    let detail = &found[0].detail;
    assert!(
        detail.contains(&format!("[{at}..{}]", text.len())),
        "{detail}"
    );
}

#[test]
fn settings_change_rules() {
    let packs = Pack::built_in().expect("the packs are read");
    let today = date(2026, 1, 1);
    let overrides = [
        ("L201".to_owned(), Setting::As(Effect::Warn)),
        ("vague-wording".to_owned(), Setting::Off),
    ];
    let ignore = ["L4".to_owned()];
    let settings = Settings {
        overrides: &overrides,
        ignore: &ignore,
        ..Settings::default()
    };
    let rules = RuleSet::new(&settings, &packs, today);
    let found = found(
        &rules,
        "title=3室 国家级 笋盘; tags=近地铁|满五唯一; metro_distance=9000; holding=two",
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].effect, Effect::Warn);
    assert!(rules.pack_version().starts_with("china-advertising "));
    let early = RuleSet::new(&Settings::default(), &packs, date(2020, 1, 1));
    assert!(!early.pack_version().contains("beijing"));
}

#[test]
fn rules_without_evidence_are_silent() {
    let rules = rules();
    let columns: Columns = [ListingField::Title, ListingField::ListPrice]
        .into_iter()
        .collect();
    let silent: Vec<_> = rules
        .silent(&columns)
        .iter()
        .map(|rule| rule.code)
        .collect();
    assert!(silent.contains(&"L403") && silent.contains(&"L102"));
    assert!(!silent.contains(&"L201") && !silent.contains(&"L104"));
}

/// Spoils a built-in pack and gives what is left of it to the rules: it is read or refused, the same
/// way twice, and a set of rules made of it checks a listing.
fn try_spoiled_pack(which: usize, cuts: &[(usize, usize, &str)]) {
    let texts = [
        include_str!("../../rules/china-advertising.toml"),
        include_str!("../../rules/beijing.toml"),
        include_str!("../../rules/foshan.toml"),
    ];
    let mut text = texts[which % texts.len()].to_owned();
    for &(at, length, piece) in cuts {
        let mut at = at % (text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let mut end = (at + length).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        text.replace_range(at..end, piece);
    }
    let read = || -> String {
        let pack = match Pack::parse(&text, "own.toml") {
            Ok(pack) => pack,
            Err(error) => return error.to_string(),
        };
        let rules = RuleSet::new(
            &Settings::default(),
            std::slice::from_ref(&pack),
            date(2026, 1, 1),
        );
        let numbers = Numbers::default();
        let cases = pack.test(date(2026, 1, 1), &numbers, &mut |day| {
            RuleSet::new(&Settings::default(), std::slice::from_ref(&pack), day)
        });
        format!("{:?} {cases:?}", found(&rules, ALL[0].rule.bad))
    };
    assert_eq!(read(), read(), "{text}");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_as_a_pack_or_refused(text in "\\PC{0,200}", bytes in proptest::collection::vec(0u8.., 0..200)) {
        let _ = Pack::parse(&text, "own.toml").map_err(|error| error.to_string());
        let _ = Pack::read(&bytes, "own.toml").map_err(|error| error.to_string());
    }

    #[test]
    fn spoiled_packs_are_read_or_refused_alike(
        which in 0usize..3,
        cuts in proptest::collection::vec(
            (0usize..20_000, 0usize..60, proptest::sample::select(PIECES)), 0..5),
    ) {
        try_spoiled_pack(which, &cuts);
    }
}

/// What is put into a pack where something was cut out.
const PIECES: &[&str] = &[
    "",
    "\n",
    "[",
    "]",
    "\"",
    "''",
    "=",
    "[[words]]",
    "words = [\"\"]",
    "words = []",
    "{",
    "}",
    ",",
    "9999-12-31",
    "0001-01-01",
    "until = \"2020-01-01\"",
    "effective = 2030-01-01",
    "place = [\"上海\"]",
    "[[test]]\nlisting = \"tags=急售\"\nfinds = [\"L407\"]",
    "[[test]]\nlisting = { list_price = 1e999 }\npasses = true",
    "on = 1999-01-01",
    "-1",
    "1e999",
    "\u{feff}",
    "\0",
    "*",
    "(",
    ")",
    "|",
    "\\",
    "最",
    "🏠",
    "name = \"\"",
    "unless = [\"\"]",
    "near = 99999999999",
    "#",
];
