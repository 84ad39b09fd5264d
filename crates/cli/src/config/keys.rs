//! Which keys exist: each tool declares its own as a table, from which files are checked, defaults
//! taken and the reference page written.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Origin, Setting};

/// What a key's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A file; a relative one starts at the config file's folder.
    Path,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A share: `0.2` or `"20%"`.
    Share,
    /// True or false.
    Flag,
    /// A length of time: `"60s"`.
    Duration,
    /// Several texts.
    List,
    /// Names and texts: `{ price = "万" }`.
    Map,
    /// Whatever the file says.
    Any,
}

/// One key of the config.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name with its section, `listing-import.max_withdrawn`; `*` stands for a name of the user's.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// The built-in value as a flag would give it; empty where there is none.
    pub default: &'static str,
    /// One line for the reference page: what it does, and where the default comes from.
    pub about: &'static str,
    /// The id of the argument that sets it too, or empty.
    pub arg: &'static str,
}

impl Key {
    /// A key without an argument of its own.
    pub const fn new(
        name: &'static str,
        kind: Kind,
        default: &'static str,
        about: &'static str,
    ) -> Self {
        Key {
            name,
            kind,
            default,
            about,
            arg: "",
        }
    }

    /// The same key, which an argument sets too.
    #[must_use]
    pub const fn with_arg(mut self, arg: &'static str) -> Self {
        self.arg = arg;
        self
    }
}

const EFFECTS: &[&str] = &["reject", "freeze", "hold", "warn", "off"];

/// The keys every tool knows.
pub static SHARED: &[Key] = &[
    Key::new(
        "store.path",
        Kind::Path,
        "brokerage.db",
        "The store: a file, `:memory:` or `postgres://…`",
    )
    .with_arg("store"),
    Key::new(
        "store.key_file",
        Kind::Path,
        "",
        "File that holds the store's key; else looked for in the user's data directory",
    )
    .with_arg("key_file"),
    Key::new(
        "store.wait",
        Kind::Duration,
        "60s",
        "How long to wait while another writer holds the store",
    )
    .with_arg("wait"),
    Key::new(
        "defaults.lang",
        Kind::OneOf(&["en", "zh"]),
        "en",
        "Language of help, findings, reasons and reports",
    )
    .with_arg("lang"),
    Key::new(
        "defaults.tz",
        Kind::Text,
        "Asia/Shanghai",
        "Time zone of times that do not say theirs, and of times shown (IANA name)",
    )
    .with_arg("tz"),
    Key::new(
        "defaults.currency",
        Kind::Text,
        "CNY",
        "Currency of amounts when nothing in the input tells it (ISO 4217)",
    ),
    Key::new(
        "defaults.area_unit",
        Kind::Text,
        "sqm",
        "Unit of areas when nothing in the input tells it",
    ),
    Key::new(
        "sources.*.files",
        Kind::List,
        "",
        "Patterns of file names (`*`, `?`) that belong to the source",
    ),
    Key::new(
        "sources.*.map",
        Kind::Map,
        "",
        "Headers and the fields they are read as, as `--map`",
    ),
    Key::new(
        "sources.*.unit",
        Kind::Map,
        "",
        "Fields and their units, as `--unit`",
    ),
    Key::new(
        "sources.*.tz",
        Kind::Text,
        "",
        "Time zone of the source's times",
    ),
    Key::new(
        "sources.*.channel",
        Kind::Text,
        "",
        "Channel its records come through",
    ),
    Key::new(
        "sources.*.rank",
        Kind::Integer,
        "",
        "Trust among sources: the lower number wins",
    ),
    Key::new(
        "sources.*.currency",
        Kind::Text,
        "",
        "Currency of its amounts",
    ),
    Key::new("sources.*.area_unit", Kind::Text, "", "Unit of its areas"),
    Key::new(
        "rules.*",
        Kind::OneOf(EFFECTS),
        "",
        "Effect of a rule, by code or name; `off` switches it off",
    ),
    Key::new(
        "calendar.weekend",
        Kind::List,
        "saturday,sunday",
        "Days of the week on which nobody works, unless the calendar says otherwise",
    ),
    Key::new(
        "calendar.day_start",
        Kind::Text,
        "09:00",
        "When working hours begin",
    ),
    Key::new(
        "calendar.day_end",
        Kind::Text,
        "21:00",
        "When working hours end",
    ),
    Key::new(
        "office.**",
        Kind::Any,
        "",
        "Numbers and switches for one office, by office key",
    ),
    Key::new(
        "region.**",
        Kind::Any,
        "",
        "Numbers and switches for one region",
    ),
];

/// The sections of the tools; a tool leaves the others' to them.
pub(super) const TOOLS: &[&str] = &[
    "listing-import",
    "lead-clean",
    "lead-assign",
    "funnel-report",
    "review-audit",
    "store-admin",
];

/// The keys one tool knows.
pub(super) struct Declared {
    own: &'static [Key],
}

impl Declared {
    pub(super) fn new(own: &'static [Key]) -> Self {
        Declared { own }
    }

    fn all(&self) -> impl Iterator<Item = &'static Key> + use<> {
        SHARED.iter().chain(self.own)
    }

    pub(super) fn defaults(&self) -> BTreeMap<String, (Setting, Origin)> {
        let mut settings = BTreeMap::new();
        for key in self.all() {
            if key.name.contains('*') {
                continue;
            }
            let value = Setting::from_text(key.kind, key.default);
            debug_assert!(
                value.is_ok() || key.default.is_empty(),
                "default of {}",
                key.name
            );
            let value = value.unwrap_or_else(|_| Setting::Text(String::new()));
            settings.insert(key.name.to_owned(), (value, Origin::BuiltIn));
        }
        settings
    }

    pub(super) fn of_arg(&self, arg: &str) -> Option<&'static Key> {
        self.all().find(|key| !key.arg.is_empty() && key.arg == arg)
    }

    /// The declaration that fits a key of a file.
    pub(super) fn find(&self, path: &[&str]) -> Option<&'static Key> {
        self.all().find(|key| fits(key.name, path))
    }

    /// Whether a key may have more keys below it.
    pub(super) fn is_section(&self, path: &[&str]) -> bool {
        self.all().any(|key| {
            let mut parts = key.name.split('.');
            path.iter().all(|have| {
                parts
                    .next()
                    .is_some_and(|part| part == *have || part == "*")
            }) && parts.next().is_some()
        })
    }

    /// Whether a section belongs to a tool other than the one that asks.
    pub(super) fn is_foreign(&self, section: &str) -> bool {
        TOOLS.contains(&section)
            && !self.own.iter().any(|key| {
                key.name
                    .strip_prefix(section)
                    .is_some_and(|rest| rest.starts_with('.'))
            })
    }

    /// The key that looks most like an unknown one, with the user's own names kept.
    pub(super) fn nearest(&self, path: &[&str]) -> Option<String> {
        let wrong = path.join(".");
        let filled = self
            .all()
            .filter(|key| key.name != "rules.*" && !key.name.ends_with("**"))
            .map(|key| {
                let parts = key.name.split('.').enumerate();
                parts
                    .map(|(at, part)| {
                        if part == "*" {
                            path.get(at).copied().unwrap_or("NAME")
                        } else {
                            part
                        }
                    })
                    .collect::<Vec<_>>()
                    .join(".")
            });
        let sections = TOOLS.iter().map(|tool| (*tool).to_owned()).chain(
            [
                "store", "sources", "rules", "calendar", "office", "region", "defaults",
            ]
            .map(str::to_owned),
        );
        nearest_of(&wrong, filled.chain(sections.filter(|_| path.len() == 1)))
    }
}

fn fits(pattern: &str, path: &[&str]) -> bool {
    let mut parts = pattern.split('.');
    for have in path {
        match parts.next() {
            Some("**") => return true,
            Some(part) if part == "*" || part == *have => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

/// The word most like `wrong`, unless none is like it at all.
pub fn nearest_of<S: AsRef<str>>(wrong: &str, known: impl IntoIterator<Item = S>) -> Option<S> {
    let lower = wrong.to_lowercase();
    known
        .into_iter()
        .map(|word| {
            (
                strsim::jaro_winkler(&lower, &word.as_ref().to_lowercase()),
                word,
            )
        })
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

impl Kind {
    /// What a person reads about the kind.
    pub(super) fn label(self) -> String {
        match self {
            Kind::Text => "a text".into(),
            Kind::Path => "a file name".into(),
            Kind::OneOf(words) => format!("one of {}", words.join(", ")),
            Kind::Number => "a number".into(),
            Kind::Integer => "a whole number".into(),
            Kind::Share => "a share like 0.2 or \"20%\"".into(),
            Kind::Flag => "true or false".into(),
            Kind::Duration => "a length of time like \"60s\"".into(),
            Kind::List => "a list of texts".into(),
            Kind::Map => "a table of texts".into(),
            Kind::Any => "any value".into(),
        }
    }
}

/// The reference page's table of keys.
pub fn markdown(keys: &[Key]) -> String {
    let mut page =
        String::from("| key | value | default | what it does |\n| --- | --- | --- | --- |\n");
    for key in keys {
        let default = if key.default.is_empty() {
            String::new()
        } else {
            format!("`{}`", key.default)
        };
        let about = key.about.replace('|', "\\|");
        let flag = if key.arg.is_empty() {
            String::new()
        } else {
            format!(" (`--{}`)", key.arg.replace('_', "-"))
        };
        // writing to a String cannot fail
        let _ = writeln!(
            page,
            "| `{}` | {} | {default} | {about}{flag} |",
            key.name,
            key.kind.label()
        );
    }
    page
}
