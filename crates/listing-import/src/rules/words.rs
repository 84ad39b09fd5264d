//! The entries of the packs in force, compiled: one pattern per word, with what it does.

use std::collections::HashMap;
use std::sync::Arc;

use model::field::{Kind, Value};
use model::listing::{Listing, ListingField};
use model::rule::Effect;

use super::context::Context;
use super::fold;
use super::lexicon::Lexicon;
use super::pack::{ClaimEntry, Pack, PackError, WordEntry};
use super::table::ALL;
use super::text::AnyOf;

/// What a word tells a rule without being wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// The price is fixed.
    FixedPrice,
    /// The price can be talked about.
    Negotiable,
    /// A sale's price follows.
    PriceQuote,
    /// A rent follows.
    RentQuote,
    /// An area follows.
    AreaQuote,
}

impl Signal {
    const ALL: [(&'static str, Signal); 5] = [
        ("fixed-price", Signal::FixedPrice),
        ("negotiable", Signal::Negotiable),
        ("price-quote", Signal::PriceQuote),
        ("rent-quote", Signal::RentQuote),
        ("area-quote", Signal::AreaQuote),
    ];

    pub(super) fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// What happens at a match.
pub(super) enum Action {
    /// The words inside mean something else.
    Allow { starts_clause: bool },
    /// A rule fires, under conditions.
    Word(Box<Word>),
    /// A claim, to be held against a field.
    Claim(Box<Claim>),
    /// A rule is told something.
    Signal(Signal),
}

/// A word that makes a rule fire.
pub(super) struct Word {
    pub(super) rule: usize,
    pub(super) effect: Option<Effect>,
    pub(super) entry: Arc<WordEntry>,
    pub(super) company: Arc<Company>,
    pub(super) unless_field: Option<ListingField>,
}

/// What must and what must not stand in the same sentence.
pub(super) struct Company {
    pub(super) near: AnyOf,
    pub(super) unless: AnyOf,
}

/// A claim, and the test its field must pass.
pub(super) struct Claim {
    pub(super) rule: usize,
    pub(super) effect: Option<Effect>,
    pub(super) field: ListingField,
    entry: Arc<ClaimEntry>,
}

/// A pattern: its actions, each with the pack it comes from.
pub(super) struct Pattern {
    pub(super) len: usize,
    pub(super) actions: Vec<(usize, Action)>,
    /// The longest other pattern with which this one begins: what is found where this one does not hold.
    pub(super) shorter: Option<usize>,
}

/// All patterns, and where they stand in a text, by their numbers.
pub(super) struct Compiled {
    pub(super) lexicon: Lexicon,
    pub(super) patterns: Vec<Pattern>,
    pub(super) places: Vec<Vec<String>>,
}

/// Compiles the packs; what belongs to a rule that is off is left out.
pub(super) fn compile(packs: &[&Pack], effects: &[Option<Effect>]) -> Result<Compiled, PackError> {
    let mut builder = Builder {
        effects,
        texts: Vec::new(),
        by_text: HashMap::new(),
        patterns: Vec::new(),
    };
    for (number, pack) in packs.iter().enumerate() {
        builder
            .add_pack(number, pack)
            .map_err(|message| PackError {
                pack: pack.name.clone(),
                message,
            })?;
    }
    let Builder {
        texts,
        mut patterns,
        by_text,
        ..
    } = builder;
    for (pattern, text) in patterns.iter_mut().zip(&texts) {
        pattern.shorter = (1..text.len())
            .rev()
            .filter(|end| text.is_char_boundary(*end))
            .find_map(|end| by_text.get(&text[..end]).copied());
    }
    let words = || texts.iter().map(String::as_str);
    Ok(Compiled {
        lexicon: Lexicon::new(words(), fold::markers(words())),
        patterns,
        places: packs.iter().map(|p| p.place.clone()).collect(),
    })
}

struct Builder<'a> {
    effects: &'a [Option<Effect>],
    texts: Vec<String>,
    by_text: HashMap<String, usize>,
    patterns: Vec<Pattern>,
}

impl Builder<'_> {
    fn add(&mut self, pack: usize, text: &str, action: Action) -> Result<(), String> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return Err("an entry has an empty word".to_owned());
        }
        let at = *self.by_text.entry(text.clone()).or_insert_with(|| {
            self.patterns.push(Pattern {
                len: text.len(),
                actions: Vec::new(),
                shorter: None,
            });
            self.texts.push(text);
            self.patterns.len() - 1
        });
        self.patterns[at].actions.push((pack, action));
        Ok(())
    }

    fn add_pack(&mut self, number: usize, pack: &Pack) -> Result<(), String> {
        for entry in &pack.allow {
            for phrase in &entry.phrases {
                let starts_clause = entry.starts_clause;
                self.add(number, phrase, Action::Allow { starts_clause })?;
            }
        }
        for entry in &pack.signal {
            let signal = Signal::ALL
                .iter()
                .find(|(name, _)| *name == entry.tells)
                .ok_or_else(|| format!("no rule listens to the signal `{}`", entry.tells))?
                .1;
            for word in &entry.words {
                self.add(number, word, Action::Signal(signal))?;
            }
        }
        for entry in &pack.words {
            let rule = rule(&entry.rule)?;
            if self.effects[rule].is_none() {
                continue;
            }
            let unless_field = match entry.unless_field.as_str() {
                "" => None,
                name => Some(field(name)?),
            };
            let shared = Arc::new(entry.clone());
            let company = Arc::new(Company {
                near: AnyOf::new(&entry.near),
                unless: AnyOf::new(&entry.unless),
            });
            for word in &entry.words {
                let action = Action::Word(Box::new(Word {
                    rule,
                    effect: effect(&entry.effect)?,
                    entry: Arc::clone(&shared),
                    company: Arc::clone(&company),
                    unless_field,
                }));
                self.add(number, word, action)?;
            }
        }
        for entry in &pack.claim {
            let rule = rule(&entry.rule)?;
            let on = self.effects[rule].is_some();
            let shared = Arc::new(entry.clone());
            for word in &entry.says {
                let action = if on {
                    Action::Claim(Box::new(Claim {
                        rule,
                        effect: effect(&entry.effect)?,
                        field: field(&entry.field)?,
                        entry: Arc::clone(&shared),
                    }))
                } else {
                    // 满五唯一 is a fact, not an absolute word, whether or not the fact is checked.
                    Action::Allow {
                        starts_clause: false,
                    }
                };
                self.add(number, word, action)?;
            }
        }
        Ok(())
    }
}

fn rule(code: &str) -> Result<usize, String> {
    ALL.iter()
        .position(|row| row.rule.code == code)
        .ok_or_else(|| format!("there is no rule `{code}`"))
}

fn field(name: &str) -> Result<ListingField, String> {
    ListingField::from_name(name).ok_or_else(|| format!("a listing has no field `{name}`"))
}

fn effect(word: &str) -> Result<Option<Effect>, String> {
    match word {
        "" => Ok(None),
        word => Effect::from_code(word)
            .map(Some)
            .ok_or_else(|| format!("`{word}` is not an effect: reject, freeze, hold or warn")),
    }
}

impl Claim {
    /// What contradicts the claim, if the listing has evidence and it does.
    pub(super) fn contradiction(&self, listing: &Listing, context: &Context) -> Option<String> {
        if !self.entry.third.is_empty() {
            return wrong_third(&self.entry.third, listing);
        }
        let value = listing.get(self.field);
        let name = self.field.name();
        let is = |wanted: &[String], seen: &str| wanted.iter().any(|w| w == seen);
        match value {
            Value::Null => None,
            Value::Text(seen)
                if self.field.field().kind == Kind::Code || !self.entry.is.is_empty() =>
            {
                (!is(&self.entry.is, seen) && !is(&self.entry.unknown, seen))
                    .then(|| [name, " ", seen].concat())
            }
            Value::Flag(flag) => {
                let seen = if flag { "true" } else { "false" };
                (!is(&self.entry.is, seen)).then(|| [name, " ", seen].concat())
            }
            Value::List(list) => {
                let has = |group: &Vec<String>| list.split('|').any(|item| is(group, item));
                (!self.entry.each_of.iter().all(has)).then(|| [name, " ", list].concat())
            }
            Value::Integer(n) => (self.entry.at_most.is_some_and(|most| n > most)
                || self.entry.at_least.is_some_and(|least| n < least))
            .then(|| format!("{name} {n}")),
            Value::Date(date) => {
                let days = (context.today - date).get_days();
                let within = i64::from(days) <= self.entry.within_days?;
                (!within).then(|| format!("{name} {date}"))
            }
            _ => None,
        }
    }
}

/// Whether the floor lies in another third of its building than claimed; borders belong to both sides.
fn wrong_third(third: &str, listing: &Listing) -> Option<String> {
    use model::codes::FloorBand::{Basement, Bottom, High, Low, Mid, Top};
    if let (Some(level), Some(total)) = (listing.entry_level, listing.stories_total) {
        let right = match third {
            "low" => level * 3 <= total + 2,
            "mid" => level * 3 >= total && level * 3 <= total * 2 + 2,
            _ => level * 3 >= total * 2,
        };
        return (!right).then(|| format!("floor {level} of {total}"));
    }
    let band = listing.floor_band?;
    let right = match third {
        "low" => matches!(band, Low | Bottom | Basement),
        "mid" => band == Mid,
        _ => matches!(band, High | Top),
    };
    (!right).then(|| ["floor_band ", band.as_str()].concat())
}
