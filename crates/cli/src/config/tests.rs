use super::*;
use proptest::prelude::*;

static KEYS: &[Key] = &[
    Key::new(
        "listing-import.max_withdrawn",
        Kind::Share,
        "20%",
        "Most listings a full feed may withdraw",
    )
    .with_arg("max_withdrawn"),
    Key::new(
        "listing-import.min_price",
        Kind::Integer,
        "1000",
        "Least price",
    ),
    Key::new("listing-import.strict", Kind::Flag, "false", "Be strict"),
    Key::new("listing-import.words", Kind::List, "a,b", "Words"),
];

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn load(text: &str) -> Result<Config, Failure> {
    let place = Place::new();
    let layers = Layers {
        optional: vec![place.file("brokerkit.toml", text)],
        required: None,
    };
    Config::load(&layers, KEYS)
}

fn refuse(text: &str) -> String {
    let failure = load(text).unwrap_err();
    format!("{failure} / {}", failure.hint_text().unwrap_or(""))
}

#[test]
fn higher_layers_win_and_are_named() {
    let place = Place::new();
    let system = place.file(
        "etc.toml",
        "[listing-import]\nmax_withdrawn = 0.5\nmin_price = 1\nstrict = true\n",
    );
    let project = place.file(
        "project.toml",
        "[listing-import]\nmin_price = 2\n\n[store]\nwait = \"5s\"\n",
    );
    let layers = Layers {
        optional: vec![system.clone(), place.0.path().join("absent.toml")],
        required: Some(project.clone()),
    };
    let given = |arg: &str, text: &str, origin| Override {
        arg: arg.into(),
        text: text.into(),
        origin,
    };
    let overrides = [
        given(
            "store",
            ":memory:",
            Origin::Environment("BROKERKIT_STORE".into()),
        ),
        given("max_withdrawn", "10%", Origin::Flag("max-withdrawn".into())),
        given("unrelated", "x", Origin::Flag("unrelated".into())),
    ];
    let config = Config::layered(&layers, KEYS, &overrides).unwrap();
    assert_eq!(config.number("listing-import.max_withdrawn"), 0.1);
    assert_eq!(config.integer("listing-import.min_price"), 2);
    assert!(config.flag("listing-import.strict"));
    assert_eq!(config.list("listing-import.words"), ["a", "b"]);
    assert_eq!(
        (config.store(), config.wait()),
        (":memory:", Duration::from_secs(5))
    );
    let origin = |key: &str| config.origin(key).to_string();
    assert_eq!(origin("listing-import.max_withdrawn"), "--max-withdrawn");
    assert_eq!(origin("store.path"), "$BROKERKIT_STORE");
    assert_eq!(
        origin("listing-import.strict"),
        format!("{}:4", system.display())
    );
    assert_eq!(
        origin("listing-import.min_price"),
        format!("{}:2", project.display())
    );
    assert_eq!(origin("listing-import.words"), "built-in");
    let row = config
        .show_origin()
        .into_iter()
        .find(|row| row.key == "store.wait")
        .unwrap();
    assert_eq!(
        (row.value.as_str(), row.origin),
        ("\"5s\"", format!("{}:5", project.display()))
    );
}

#[test]
fn a_file_that_was_asked_for_must_exist() {
    let layers = Layers {
        optional: Vec::new(),
        required: Some("nowhere.toml".into()),
    };
    let failure = Config::load(&layers, KEYS).unwrap_err();
    assert!(failure.to_string().contains("nowhere.toml"));
}

#[test]
fn unknown_keys_name_the_nearest_with_file_and_line() {
    let text = refuse("[listing-import]\n\nmax_withdrwn = 0.1\n");
    assert!(
        text.contains("brokerkit.toml`, line 3: unknown key `listing-import.max_withdrwn`"),
        "{text}"
    );
    assert!(
        text.ends_with("the nearest is `listing-import.max_withdrawn`"),
        "{text}"
    );
    assert!(refuse("[listing-imprt]\nx = 1\n").contains("the nearest is `listing-import`"));
    assert!(
        refuse("[sources.beike]\nfile = [\"*\"]\n")
            .contains("the nearest is `sources.beike.files`")
    );
    assert!(refuse("[store]\npth = \"x\"\n").contains("`store.path`"));
    assert!(refuse("stor = 1\n").contains("`store`"));
}

#[test]
fn wrong_types_name_key_and_line_and_keep_the_value_to_themselves() {
    let text = refuse("[listing-import]\nmin_price = \"secret\"\n");
    assert!(
        text.contains("line 2: `listing-import.min_price` must be a whole number, not this string"),
        "{text}"
    );
    assert!(!text.contains("secret"));
    for wrong in [
        "[listing-import]\nmax_withdrawn = 1.5",
        "[listing-import]\nstrict = 1",
        "[listing-import]\nwords = [1]",
        "[store]\nwait = \"soon\"",
        "[defaults]\nlang = \"fr\"",
        "[rules]\nL101 = \"loud\"",
        "store = 5",
        "[sources]\nbeike = 5",
        "[sources.b]\nmap = [\"x\"]",
        "[store]\npath = ",
    ] {
        assert!(
            refuse(wrong).contains("line "),
            "{wrong}: {}",
            refuse(wrong)
        );
    }
}

#[test]
fn other_tools_sections_are_theirs() {
    let config = load(
        "[funnel-report]\nwhatever = 5\n[office.O1]\ncap = 5\n[office.O1.lead-assign]\non = true\n",
    )
    .unwrap();
    assert!(config.get("funnel-report.whatever").is_none());
    assert_eq!(
        config
            .under("office.")
            .map(|(key, ..)| key)
            .collect::<Vec<_>>(),
        ["O1.cap", "O1.lead-assign.on"]
    );
}

#[test]
fn sources_are_found_by_file_name() {
    let config = load(
        "[sources.beike]\nfiles = [\"*贝壳*\", \"beike_*.csv\"]\nmap = { \"挂牌价\" = \"list_price\" }\nunit = { list_price = \"万\" }\nrank = 1\n\
         [sources.own]\nfiles = \"*.csv\"\ntz = \"UTC\"\n[sources.\"a.b\"]\nchannel = \"walk-in\"\n[rules]\nL201 = \"off\"\n",
    )
    .unwrap();
    assert_eq!(config.source_name_for("beike_202611.csv"), Some("beike"));
    assert_eq!(config.source_name_for("other.csv"), Some("own"));
    assert_eq!(config.source_name_for("other.xlsx"), None);
    let beike = config.source("beike").unwrap();
    assert_eq!(beike.map, [("挂牌价".to_owned(), "list_price".to_owned())]);
    assert_eq!((beike.rank, beike.unit.len()), (Some(1), 1));
    assert_eq!(config.source("own").unwrap().tz.as_deref(), Some("UTC"));
    assert_eq!(
        config.source("a.b").unwrap().channel.as_deref(),
        Some("walk-in")
    );
    let rules: Vec<_> = config.rules().map(|(code, word, _)| (code, word)).collect();
    assert_eq!(rules, [("L201", "off")]);
}

#[test]
fn files_lie_beside_their_config() {
    let place = Place::new();
    let path = place.file(
        "brokerkit.toml",
        "[store]\npath = \"data/b.db\"\nkey_file = \"/k\"\n",
    );
    let config = Config::load(
        &Layers {
            optional: vec![path],
            required: None,
        },
        KEYS,
    )
    .unwrap();
    assert_eq!(Path::new(config.store()), place.0.path().join("data/b.db"));
    assert_eq!(config.key_file(), Some(PathBuf::from("/k")));
    assert_eq!(
        load("[store]\npath = \":memory:\"\n").unwrap().store(),
        ":memory:"
    );
    assert_eq!(
        load("[store]\npath = \"postgres://h/d\"\n")
            .unwrap()
            .store(),
        "postgres://h/d"
    );
}

#[test]
fn the_hash_follows_what_matters() {
    let hash = |text: &str| load(text).unwrap().hash();
    assert_eq!(hash("").len(), 32);
    assert_eq!(
        hash(""),
        hash("[store]\npath = \"x\"\n[defaults]\nlang = \"zh\"\n")
    );
    assert_eq!(hash("[listing-import]\nmin_price = 1000\n"), hash(""));
    assert_ne!(hash("[listing-import]\nmin_price = 1001\n"), hash(""));
}

#[test]
fn every_built_in_value_has_its_kind() {
    for key in SHARED.iter().chain(KEYS) {
        assert!(
            key.default.is_empty() || Setting::from_text(key.kind, key.default).is_ok(),
            "{}",
            key.name
        );
    }
    let page = markdown(KEYS);
    assert!(
        page.contains("| `listing-import.max_withdrawn` | a share like 0.2 or \"20%\" | `20%` |"),
        "{page}"
    );
}

/// What is put into a config file where something was cut out.
const PIECES: &[&str] = &[
    "",
    "\n",
    "[",
    "]",
    "[[sources]]",
    "[sources]",
    "[sources.x]",
    "[rules]",
    "[store]",
    "=",
    " = ",
    "\"",
    "'",
    "\"\"\"",
    "{",
    "}",
    ",",
    ".",
    "#",
    "true",
    "-1",
    "1e999",
    "nan",
    "inf",
    "0x7f",
    "9223372036854775808",
    "1979-05-27",
    "files = [\"*\"]",
    "wait = \"99999999999d\"",
    "%",
    "万",
    "L201 = \"reject\"",
    "X999 = \"warn\"",
    "map = { a = \"list_price\" }",
    "\u{feff}",
    "\0",
    "[a.b.c]",
    "listing-import.min_price = 1",
    "tz = \"Nowhere\"",
    "[listing-import]\nmin_price = 1.5",
];

proptest! {
    #[test]
    fn shown_values_read_back_as_the_same(text in "\\PC{0,20}", number in -1000i64..1000, share in 0u8..=100) {
        let shown = |config: &Config, key: &str| {
            config.show_origin().into_iter().find(|row| row.key == key).unwrap().value
        };
        let toml = format!(
            "[listing-import]\nmin_price = {number}\nmax_withdrawn = \"{share}%\"\nwords = [{}]\n",
            toml::Value::from(text.clone())
        );
        let one = load(&toml).unwrap();
        let again = load(&format!(
            "[listing-import]\nmin_price = {}\nmax_withdrawn = {}\nwords = {}\n",
            shown(&one, "listing-import.min_price"),
            shown(&one, "listing-import.max_withdrawn"),
            shown(&one, "listing-import.words"),
        )).unwrap();
        prop_assert_eq!(again.list("listing-import.words"), [text]);
        prop_assert_eq!(one.hash(), again.hash());
    }

    #[test]
    fn spoiled_files_are_read_or_refused_alike(cuts in prop::collection::vec((0usize..2000, 0usize..40, prop::sample::select(PIECES)), 0..5)) {
        let mut text = include_str!("../../../../fixtures/brokerkit.toml").to_owned();
        for (at, length, piece) in cuts {
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
        let read = || match load(&text) {
            Ok(config) => {
                config.show_origin();
                config.hash()
            }
            Err(failure) => format!("{:?}", failure.hint_text()),
        };
        prop_assert_eq!(read(), read());
    }

    #[test]
    fn no_file_makes_it_panic(text in "\\PC{0,60}") {
        let _ = load(&text);
        let _ = load(&text.replace(' ', "\n"));
    }
}
