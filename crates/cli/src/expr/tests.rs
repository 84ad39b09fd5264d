use super::*;
use proptest::prelude::*;

const FIELDS: &[(&str, Kind)] = &[
    ("city", Kind::Text),
    ("standard_status", Kind::Code),
    ("bedrooms_total", Kind::Integer),
    ("list_price", Kind::Money),
    ("building_area_total", Kind::Area),
    ("on_market_date", Kind::Date),
    ("modification_timestamp", Kind::Instant),
    ("elevator", Kind::Flag),
    ("tags", Kind::List),
];

fn tz() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn record(name: &str) -> Option<Value<'static>> {
    Some(match name {
        "city" => Value::Text("北京"),
        "standard_status" => Value::Text("Active"),
        "bedrooms_total" => Value::Integer(3),
        "list_price" => Value::Money(520_000_000),
        "currency" => Value::Text("CNY"),
        "building_area_total" => Value::Area(8950),
        "on_market_date" => Value::Date(jiff::civil::date(2025, 3, 5)),
        // still the 5th in UTC, and the 6th in Shanghai
        "modification_timestamp" => Value::Instant("2025-03-05T20:00:00Z".parse().unwrap()),
        "elevator" => Value::Flag(true),
        "tags" => Value::List("近地铁|满五年"),
        _ => return None,
    })
}

fn check(text: &str) -> bool {
    Expr::parse(text, FIELDS, &tz())
        .unwrap_or_else(|error| panic!("{error}"))
        .matches(&record)
}

fn refuse(text: &str) -> String {
    let error = Expr::parse(text, FIELDS, &tz()).unwrap_err();
    format!("{error}\n{}", error.hint_text().unwrap_or(""))
}

#[test]
fn what_fits() {
    for text in [
        "city=北京",
        "city = \"北京\" and bedrooms_total >= 3",
        "city != 上海",
        "city in (上海, 北京)",
        "city in（上海，北京）",
        "city not in (上海)",
        "standard_status = active",
        "list_price = 520万 and list_price < 0.06亿 and list_price>=5200000.00",
        "building_area_total > 89 and building_area_total <= 89.5",
        "on_market_date >= 2025-03-05 and on_market_date < 2025-04-01",
        "modification_timestamp = 2025-03-06",
        "modification_timestamp <= 2025-03-06",
        "modification_timestamp > 2025-03-06T03:59:00",
        "modification_timestamp < 2025-03-05T20:00:01Z",
        "elevator and elevator = 有 and not elevator = no",
        "tags contains 近地铁 and not tags contains 地铁",
        "tags in (满五年, 学区房)",
        "city contains 京",
        "not (city = 上海 or bedrooms_total < 3)",
        "city = 上海 and elevator or elevator",
        "CITY = 北京 AND NOT city = null",
    ] {
        assert!(check(text), "{text}");
    }
}

#[test]
fn what_does_not_fit() {
    for text in [
        "city = 上海",
        "bedrooms_total > 3",
        "city = null",
        "elevator = false",
        "not elevator",
        "tags = 近地铁",
    ] {
        assert!(!check(text), "{text}");
    }
}

#[test]
fn absent_values_have_no_order() {
    let fits = |text: &str| Expr::parse(text, FIELDS, &tz()).unwrap().matches(&|_| None);
    assert!(fits("city = null") && fits("city != 北京") && fits("city not in (北京)"));
    assert!(
        !fits("bedrooms_total < 3")
            && !fits("bedrooms_total >= 3")
            && !fits("elevator")
            && !fits("city contains 北")
    );
}

#[test]
fn currencies_have_their_own_digits() {
    let yen = |name: &str| match name {
        "currency" => Some(Value::Text("JPY")),
        _ => Some(Value::Money(520_000)),
    };
    assert!(
        Expr::parse("list_price = 52万", FIELDS, &tz())
            .unwrap()
            .matches(&yen)
    );
}

#[test]
fn mistakes_stand_above_a_caret() {
    assert_eq!(
        refuse("city=北京 and bedroms_total > 2"),
        "unknown field `bedroms_total`\n  city=北京 and bedroms_total > 2\n                ^^^^^^^^^^^^^\nthe nearest is `bedrooms_total`"
    );
    assert_eq!(
        refuse("city = New York"),
        "expected `and`, `or` or the end\n  city = New York\n             ^^^^\nput quotes around text with spaces"
    );
    for (text, says) in [
        ("", "ends where a field"),
        ("city =", "ends where a value"),
        ("(city = 北京", "bracket is not closed"),
        ("city = 北京)", "expected `and`"),
        ("city", "wants a comparison"),
        ("bedrooms_total = three", "a number"),
        ("on_market_date > 2025-02-30", "a date"),
        ("elevator < true", "no order"),
        ("list_price contains 5", "is no text"),
        ("city = \"北京", "quote is not closed"),
        ("city ! 北京", "means nothing alone"),
        ("city < null", "`null` goes with"),
        (
            "event(\"showing\", within=\"30d\") and city = 北京",
            "`event(…)` is not available in this tool",
        ),
        (
            "segment(\"a\")",
            "`segment(…)` is not available in this tool",
        ),
        ("count(1)", "is unknown"),
        ("\"city\" = 北京", "not a text in quotes"),
        ("city in 北京", "expected `(`"),
        ("and", "unknown field"),
    ] {
        assert!(refuse(text).contains(says), "{text}: {}", refuse(text));
    }
    assert!(refuse(&format!("{}elevator", "not ".repeat(5000))).contains("too deeply"));
    assert!(refuse(&"(".repeat(5000)).contains("too deeply"));
}

#[test]
fn fields_are_told_once() {
    let expr = Expr::parse("city = a or (elevator and city = b)", FIELDS, &tz()).unwrap();
    assert_eq!(expr.fields(), ["city", "elevator"]);
}

fn trees() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        ("(=|!=|<|<=|>|>=|contains)", "[a-z北京\"\\\\ ]{0,6}").prop_map(|(sign, text)| {
            format!(
                "city {sign} \"{}\"",
                text.replace('\\', "\\\\").replace('"', "\\\"")
            )
        }),
        ("(=|!=|<|<=|>|>=)", -5i64..10)
            .prop_map(|(sign, number)| format!("bedrooms_total {sign} {number}")),
        Just("elevator".to_owned()),
        Just("tags in (近地铁, 满五年)".to_owned()),
        Just("city = null".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) or ({b})")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

/// Words, signs and values of expressions, and what looks like them.
const PIECES: &[&str] = &[
    "city",
    "standard_status",
    "bedrooms_total",
    "list_price",
    "building_area_total",
    "on_market_date",
    "modification_timestamp",
    "elevator",
    "tags",
    "event",
    "segment",
    "citty",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "contains",
    "and",
    "or",
    "not",
    "(",
    ")",
    ",",
    "within",
    "count",
    "[",
    "]",
    "'",
    "\"",
    "\\",
    "'a'",
    "\"showing\"",
    "within=\"30d\"",
    "count>=2",
    "北京",
    "'北 京'",
    "520万",
    "89.5㎡",
    "-1",
    "3",
    "1e999",
    "9223372036854775808",
    "0.001",
    "true",
    "no",
    "null",
    "none",
    "today",
    "2025-03-05",
    "2025-02-30",
    "2025-03-05T20:00:00Z",
    "30d",
    "-30d",
    "99999999999d",
    "近地铁",
    "＝",
    "\u{feff}",
    "\0",
    "\n",
    "🏠",
    "AND",
    "==",
    "!",
    "|",
    "&&",
    "%",
];

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}") {
        if let Err(error) = Expr::parse(&text, FIELDS, &tz()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn nor_does_anything_like_an_expression(words in prop::collection::vec("(city|elevator|=|!=|<|in|contains|and|or|not|\\(|\\)|,|北京|\"|'|3|null)", 0..12)) {
        let _ = Expr::parse(&words.join(" "), FIELDS, &tz()).map_err(|error| error.to_string());
    }

    #[test]
    fn pieces_of_expressions_in_no_order(words in prop::collection::vec(prop::sample::select(PIECES), 0..16), space in any::<bool>()) {
        let text = words.join(if space { " " } else { "" });
        let read = || match Expr::parse(&text, FIELDS, &tz()) {
            Ok(expr) => {
                let again = Expr::parse(&expr.to_string(), FIELDS, &tz());
                let again = again.unwrap_or_else(|error| panic!("{text}\n{error}"));
                assert_eq!(expr.root, again.root, "{text}");
                expr.fields();
                format!("{} {}", expr.matches(&record), expr.matches(&|_| None))
            }
            Err(error) => format!("{error} {:?}", error.hint_text()),
        };
        prop_assert_eq!(read(), read());
    }

    #[test]
    fn the_printed_form_reads_back_as_the_same(text in trees()) {
        let expr = Expr::parse(&text, FIELDS, &tz()).unwrap();
        let again = Expr::parse(&expr.to_string(), FIELDS, &tz()).unwrap();
        prop_assert_eq!(&expr.root, &again.root);
        prop_assert_eq!(expr.matches(&record), again.matches(&record));
    }

    #[test]
    fn not_turns_and_into_or(a in trees(), b in trees()) {
        let one = check(&format!("not (({a}) and ({b}))"));
        let other = check(&format!("not ({a}) or not ({b})"));
        prop_assert_eq!(one, other);
    }
}
