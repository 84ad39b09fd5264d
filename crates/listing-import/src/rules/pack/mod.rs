//! Rule packs: the words, allowed phrases, facts behind tags and signals that an admin can edit, as TOML, with
//! the cases that test them.

pub(super) mod case;
mod check;
mod error;
pub(super) mod values;

use model::jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

pub use case::Case;
pub use error::PackError;
pub use values::{Day, EffectWord, FieldName, RuleCode, Signal, Term, Third};

/// One pack, as its file says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its file, and the text of it.
    #[serde(skip)]
    file: File,
    /// Its name.
    pub name: Spanned<Term>,
    /// Its version, for the run ledger.
    pub version: String,
    /// The day from which it holds.
    pub effective: Day,
    /// The last day on which it holds.
    pub until: Option<Spanned<Day>>,
    /// Cities in which it holds; empty means everywhere.
    #[serde(default)]
    pub place: Vec<Term>,
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
    /// Listings, and what the rules must say of them.
    #[serde(default)]
    pub test: Vec<Spanned<Case>>,
}

#[derive(Debug, Clone, Default)]
struct File {
    origin: String,
    text: String,
}

/// Words that make a rule fire, under conditions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordEntry {
    /// The rule.
    pub rule: RuleCode,
    /// Its effect, if not the rule's own.
    pub effect: Option<EffectWord>,
    /// The words.
    #[serde(deserialize_with = "values::some")]
    pub words: Vec<Term>,
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
    pub before_amount_in: Vec<Term>,
    /// Only with one of these in the same sentence.
    #[serde(default)]
    pub near: Vec<Term>,
    /// Not with one of these in the same sentence.
    #[serde(default)]
    pub unless: Vec<Term>,
    /// Not where title or remarks hold a word of every group.
    #[serde(default)]
    pub answered_by: Vec<Vec<Term>>,
    /// Not where this field has a value.
    pub unless_field: Option<FieldName>,
    /// The day from which it holds, if not the pack's.
    pub effective: Option<Spanned<Day>>,
    /// The last day on which it holds, if not the pack's.
    pub until: Option<Spanned<Day>>,
    /// Cities in which it holds, if not all of the pack's.
    #[serde(default)]
    pub place: Vec<Spanned<Term>>,
}

/// Phrases that mask the words inside them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowEntry {
    /// The phrases.
    #[serde(deserialize_with = "values::some")]
    pub phrases: Vec<Term>,
    /// Only where a clause begins, or after 也 并 均 and their kin: `也不保证升值` is a denial, but the
    /// first 不 of `时间不保证升值` belongs to the words before it.
    #[serde(default)]
    pub starts_clause: bool,
    /// Why they are harmless.
    #[serde(default)]
    pub reason: String,
    /// The day from which it holds, if not the pack's.
    pub effective: Option<Spanned<Day>>,
    /// The last day on which it holds, if not the pack's.
    pub until: Option<Spanned<Day>>,
    /// Cities in which it holds, if not all of the pack's.
    #[serde(default)]
    pub place: Vec<Spanned<Term>>,
}

/// A claim of a tag or text, and the test of a field that it must pass. Without a value there is no test.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimEntry {
    /// The rule.
    pub rule: RuleCode,
    /// Its effect, if not the rule's own.
    pub effect: Option<EffectWord>,
    /// The words that make the claim.
    #[serde(deserialize_with = "values::some")]
    pub says: Vec<Term>,
    /// The field that bears it out.
    pub field: Spanned<FieldName>,
    /// The field has one of these values.
    #[serde(default)]
    pub is: Vec<Term>,
    /// These values say nothing.
    #[serde(default)]
    pub unknown: Vec<Term>,
    /// The list has a value of each group.
    #[serde(default)]
    pub each_of: Vec<Vec<Term>>,
    /// The number is at most this.
    pub at_most: Option<i64>,
    /// The number is at least this.
    pub at_least: Option<i64>,
    /// The date lies at most so many days back.
    pub within_days: Option<i64>,
    /// The floor lies in this third of its building.
    pub third: Option<Third>,
    /// The day from which it holds, if not the pack's.
    pub effective: Option<Spanned<Day>>,
    /// The last day on which it holds, if not the pack's.
    pub until: Option<Spanned<Day>>,
    /// Cities in which it holds, if not all of the pack's.
    #[serde(default)]
    pub place: Vec<Spanned<Term>>,
}

/// Words that tell rules something: `fixed-price`, `negotiable`, `price-quote`, `rent-quote`,
/// `area-quote`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalEntry {
    /// What they tell.
    pub tells: Signal,
    /// The words.
    #[serde(deserialize_with = "values::some")]
    pub words: Vec<Term>,
    /// The day from which it holds, if not the pack's.
    pub effective: Option<Spanned<Day>>,
    /// The last day on which it holds, if not the pack's.
    pub until: Option<Spanned<Day>>,
    /// Cities in which it holds, if not all of the pack's.
    #[serde(default)]
    pub place: Vec<Spanned<Term>>,
}

/// When and where an entry holds beside its pack.
pub(super) struct Scope<'a> {
    effective: Option<&'a Spanned<Day>>,
    until: Option<&'a Spanned<Day>>,
    /// Cities; empty means all of the pack's.
    pub(super) place: &'a [Spanned<Term>],
}

impl Scope<'_> {
    /// Whether the entry holds on a day.
    pub(super) fn holds_on(&self, day: Date) -> bool {
        self.effective.is_none_or(|from| from.get_ref().0 <= day)
            && self.until.is_none_or(|until| day <= until.get_ref().0)
    }
}

/// An entry of any kind.
pub(super) trait Entry {
    /// When and where it holds.
    fn scope(&self) -> Scope<'_>;
}

macro_rules! entries {
    ($($entry:ty),+) => {
        $(impl Entry for $entry {
            fn scope(&self) -> Scope<'_> {
                Scope {
                    effective: self.effective.as_ref(),
                    until: self.until.as_ref(),
                    place: &self.place,
                }
            }
        })+
    };
}

entries!(WordEntry, AllowEntry, ClaimEntry, SignalEntry);

const BUILT_IN: [(&str, &str); 4] = [
    (
        "china-advertising.toml",
        include_str!("../../../rules/china-advertising.toml"),
    ),
    ("beijing.toml", include_str!("../../../rules/beijing.toml")),
    ("foshan.toml", include_str!("../../../rules/foshan.toml")),
    ("layout.toml", include_str!("../../../rules/layout.toml")),
];

impl Pack {
    /// Reads a pack; `origin` names it in errors.
    pub fn parse(text: &str, origin: &str) -> Result<Self, PackError> {
        // Windows editors put a mark at the start; TOML does not know it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut pack: Pack =
            toml::from_str(text).map_err(|error| PackError::of_toml(origin, text, &error))?;
        pack.file = File {
            origin: origin.to_owned(),
            text: text.to_owned(),
        };
        pack.check()?;
        Ok(pack)
    }

    /// Reads a pack from the bytes of its file.
    pub fn read(bytes: &[u8], origin: &str) -> Result<Self, PackError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Pack::parse(text, origin),
            Err(error) => {
                let text = String::from_utf8_lossy(bytes);
                let at = error.valid_up_to();
                Err(PackError::at(origin, &text, at..at, "the file is no UTF-8"))
            }
        }
    }

    /// The packs that come with the program.
    pub fn built_in() -> Result<Vec<Pack>, PackError> {
        BUILT_IN
            .iter()
            .map(|(origin, text)| Pack::parse(text, origin))
            .collect()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.get_ref()
    }

    /// The file it was read from.
    pub fn origin(&self) -> &str {
        &self.file.origin
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.effective.0 <= day
            && self
                .until
                .as_ref()
                .is_none_or(|until| day <= until.get_ref().0)
    }

    /// How many words and claims of it can make a rule fire, or tell it something, on a day.
    pub fn words_for(&self, code: &str, day: Date) -> usize {
        if !self.holds_on(day) {
            return 0;
        }
        let is = |rule: &RuleCode| super::ALL[rule.0].rule.code == code;
        let words = self.words.iter().filter(|entry| is(&entry.rule));
        let claims = self.claim.iter().filter(|entry| is(&entry.rule));
        let signals = self
            .signal
            .iter()
            .filter(|entry| entry.tells.rule() == code);
        words
            .filter(|entry| entry.scope().holds_on(day))
            .map(|entry| entry.words.len())
            .chain(
                claims
                    .filter(|entry| entry.scope().holds_on(day))
                    .map(|entry| entry.says.len()),
            )
            .chain(
                signals
                    .filter(|entry| entry.scope().holds_on(day))
                    .map(|entry| entry.words.len()),
            )
            .sum()
    }
}

#[cfg(test)]
mod tests;
