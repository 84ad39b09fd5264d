//! Rule packs: the words, allowed phrases, facts behind tags and signals that an admin can edit, as TOML.

use model::jiff::civil::Date;
use serde::Deserialize;

/// One pack, as its file says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its name; a pack of the config replaces the built-in one of the same name.
    pub name: String,
    /// Its version, for the run ledger.
    pub version: String,
    /// The day from which it holds.
    pub effective: Date,
    /// Cities in which it holds; empty means everywhere.
    #[serde(default)]
    pub place: Vec<String>,
    /// Where its entries come from.
    pub source: String,
    /// Words that make a rule fire.
    #[serde(default)]
    pub words: Vec<WordEntry>,
    /// Phrases in which a word means something else.
    #[serde(default)]
    pub allow: Vec<AllowEntry>,
    /// Claims, and the facts they need.
    #[serde(default)]
    pub claim: Vec<ClaimEntry>,
    /// Words that tell rules something without being wrong.
    #[serde(default)]
    pub signal: Vec<SignalEntry>,
}

/// Words that make a rule fire, under conditions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordEntry {
    /// Code of the rule.
    pub rule: String,
    /// `reject`, `freeze`, `hold` or `warn`, if not the rule's own.
    #[serde(default)]
    pub effect: String,
    /// The words.
    pub words: Vec<String>,
    /// What to write instead.
    #[serde(default)]
    pub replacement: String,
    /// The law or guide, if not the pack's.
    #[serde(default)]
    pub source: String,
    /// Only right after a number (`10分钟`).
    #[serde(default)]
    pub after_number: bool,
    /// Only right before a number with one of these units (`面积89平`).
    #[serde(default)]
    pub before_amount_in: Vec<String>,
    /// Only with one of these in the same sentence.
    #[serde(default)]
    pub near: Vec<String>,
    /// Not with one of these in the same sentence.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Not where title or remarks hold a word of every group.
    #[serde(default)]
    pub answered_by: Vec<Vec<String>>,
    /// Not where this field has a value.
    #[serde(default)]
    pub unless_field: String,
}

/// Phrases that mask the words inside them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowEntry {
    /// The phrases.
    pub phrases: Vec<String>,
    /// Only where a clause begins, or after 也 并 均 and their kin: `也不保证升值` is a denial, but the
    /// first 不 of `时间不保证升值` belongs to the words before it.
    #[serde(default)]
    pub starts_clause: bool,
    /// Why they are harmless.
    #[serde(default)]
    pub reason: String,
}

/// A claim of a tag or text, and the test of a field that it must pass. Without a value there is no test.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimEntry {
    /// Code of the rule.
    pub rule: String,
    /// `reject`, `freeze`, `hold` or `warn`, if not the rule's own.
    #[serde(default)]
    pub effect: String,
    /// The words that make the claim.
    pub says: Vec<String>,
    /// The field that bears it out.
    pub field: String,
    /// The field has one of these values.
    #[serde(default)]
    pub is: Vec<String>,
    /// These values say nothing.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// The list has a value of each group.
    #[serde(default)]
    pub each_of: Vec<Vec<String>>,
    /// The number is at most this.
    pub at_most: Option<i64>,
    /// The number is at least this.
    pub at_least: Option<i64>,
    /// The date lies at most so many days back.
    pub within_days: Option<i64>,
    /// The floor lies in the `low`, `mid` or `high` third of its building.
    #[serde(default)]
    pub third: String,
}

/// Words that tell rules something: `fixed-price`, `negotiable`, `price-quote`, `rent-quote`,
/// `area-quote`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalEntry {
    /// What they tell.
    pub tells: String,
    /// The words.
    pub words: Vec<String>,
}

/// Why a pack cannot be used.
#[derive(Debug)]
pub struct PackError {
    /// The pack's file or name.
    pub pack: String,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for PackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "rule pack `{}`: {}", self.pack, self.message)
    }
}

impl std::error::Error for PackError {}

const BUILT_IN: [(&str, &str); 4] = [
    (
        "china-advertising.toml",
        include_str!("../../rules/china-advertising.toml"),
    ),
    ("beijing.toml", include_str!("../../rules/beijing.toml")),
    ("foshan.toml", include_str!("../../rules/foshan.toml")),
    ("layout.toml", include_str!("../../rules/layout.toml")),
];

impl Pack {
    /// Reads a pack; `origin` names it in errors.
    pub fn parse(text: &str, origin: &str) -> Result<Self, PackError> {
        toml::from_str(text).map_err(|error| PackError {
            pack: origin.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })
    }

    /// The packs that come with the program.
    pub fn built_in() -> Result<Vec<Pack>, PackError> {
        BUILT_IN
            .iter()
            .map(|(origin, text)| Pack::parse(text, origin))
            .collect()
    }

    /// The built-in packs with those of the config: one of the same name is replaced, others are added.
    pub fn with(own: Vec<Pack>) -> Result<Vec<Pack>, PackError> {
        let mut packs = Pack::built_in()?;
        for pack in own {
            match packs.iter_mut().find(|p| p.name == pack.name) {
                Some(slot) => *slot = pack,
                None => packs.push(pack),
            }
        }
        Ok(packs)
    }
}
