//! The entries of the packs in force, compiled: one pattern per word, with what it does.

use std::collections::HashMap;
use std::sync::Arc;

use model::field::{Kind, Value};
use model::jiff::civil::Date;
use model::listing::{Listing, ListingField};
use model::rule::Effect;

use super::context::Context;
use super::fold;
use super::lexicon::Lexicon;
use super::pack::{ClaimEntry, Entry, Pack, Signal, Term, Third, WordEntry};
use super::text::AnyOf;

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

/// A pattern: its actions, each with the number of the places where it holds.
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

/// Compiles the entries that hold on a day; what belongs to a rule that is off is left out.
pub(super) fn compile(packs: &[&Pack], effects: &[Option<Effect>], today: Date) -> Compiled {
    let mut builder = Builder {
        effects,
        today,
        texts: Vec::new(),
        by_text: HashMap::new(),
        patterns: Vec::new(),
        places: Vec::new(),
    };
    for pack in packs {
        builder.add_pack(pack);
    }
    let Builder {
        texts,
        mut patterns,
        by_text,
        places,
        ..
    } = builder;
    for (pattern, text) in patterns.iter_mut().zip(&texts) {
        pattern.shorter = (1..text.len())
            .rev()
            .filter(|end| text.is_char_boundary(*end))
            .find_map(|end| by_text.get(&text[..end]).copied());
    }
    let words = || texts.iter().map(String::as_str);
    Compiled {
        lexicon: Lexicon::new(words(), fold::markers(words())),
        patterns,
        places,
    }
}

struct Builder<'a> {
    effects: &'a [Option<Effect>],
    today: Date,
    texts: Vec<String>,
    by_text: HashMap<String, usize>,
    patterns: Vec<Pattern>,
    places: Vec<Vec<String>>,
}

impl Builder<'_> {
    fn add(&mut self, places: usize, words: &[Term], action: impl Fn() -> Action) {
        for word in words {
            let text = word.to_ascii_lowercase();
            let at = *self.by_text.entry(text.clone()).or_insert_with(|| {
                self.patterns.push(Pattern {
                    len: text.len(),
                    actions: Vec::new(),
                    shorter: None,
                });
                self.texts.push(text);
                self.patterns.len() - 1
            });
            self.patterns[at].actions.push((places, action()));
        }
    }

    /// The number of the places where an entry holds; nothing where it does not hold on this day.
    fn places(&mut self, pack: &Pack, entry: &impl Entry) -> Option<usize> {
        let scope = entry.scope();
        if !scope.holds_on(self.today) {
            return None;
        }
        let bare = |city: &Term| city.trim_end_matches('市').to_owned();
        let places: Vec<String> = if scope.place.is_empty() {
            pack.place.iter().map(bare).collect()
        } else {
            scope
                .place
                .iter()
                .map(|city| bare(city.get_ref()))
                .collect()
        };
        let known = self.places.iter().position(|known| *known == places);
        Some(known.unwrap_or_else(|| {
            self.places.push(places);
            self.places.len() - 1
        }))
    }

    fn add_pack(&mut self, pack: &Pack) {
        for entry in &pack.allow {
            if let Some(places) = self.places(pack, entry) {
                let starts_clause = entry.starts_clause;
                self.add(places, &entry.phrases, || Action::Allow { starts_clause });
            }
        }
        for entry in &pack.signal {
            if let Some(places) = self.places(pack, entry) {
                self.add(places, &entry.words, || Action::Signal(entry.tells));
            }
        }
        for entry in &pack.words {
            let Some(places) = self.places(pack, entry) else {
                continue;
            };
            if self.effects[entry.rule.0].is_none() {
                continue;
            }
            let shared = Arc::new(entry.clone());
            let company = Arc::new(Company {
                near: AnyOf::new(&entry.near),
                unless: AnyOf::new(&entry.unless),
            });
            self.add(places, &entry.words, || {
                Action::Word(Box::new(Word {
                    rule: entry.rule.0,
                    effect: entry.effect.map(|word| word.0),
                    entry: Arc::clone(&shared),
                    company: Arc::clone(&company),
                }))
            });
        }
        for entry in &pack.claim {
            let Some(places) = self.places(pack, entry) else {
                continue;
            };
            let on = self.effects[entry.rule.0].is_some();
            let shared = Arc::new(entry.clone());
            self.add(places, &entry.says, || match on {
                true => Action::Claim(Box::new(Claim {
                    rule: entry.rule.0,
                    effect: entry.effect.map(|word| word.0),
                    field: entry.field.get_ref().0,
                    entry: Arc::clone(&shared),
                })),
                // 满五唯一 is a fact, not an absolute word, whether or not the fact is checked.
                false => Action::Allow {
                    starts_clause: false,
                },
            });
        }
    }
}

impl Claim {
    /// What contradicts the claim, if the listing has evidence and it does.
    pub(super) fn contradiction(&self, listing: &Listing, context: &Context) -> Option<String> {
        if let Some(third) = self.entry.third {
            return wrong_third(third, listing);
        }
        let value = listing.get(self.field);
        let name = self.field.name();
        let is = |wanted: &[Term], seen: &str| wanted.iter().any(|w| **w == *seen);
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
                let has = |group: &Vec<Term>| list.split('|').any(|item| is(group, item));
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
fn wrong_third(third: Third, listing: &Listing) -> Option<String> {
    use model::codes::FloorBand::{Basement, Bottom, High, Low, Mid, Top};
    if let (Some(level), Some(total)) = (listing.entry_level, listing.stories_total) {
        let right = match third {
            Third::Low => level * 3 <= total + 2,
            Third::Mid => level * 3 >= total && level * 3 <= total * 2 + 2,
            Third::High => level * 3 >= total * 2,
        };
        return (!right).then(|| format!("floor {level} of {total}"));
    }
    let band = listing.floor_band?;
    let right = match third {
        Third::Low => matches!(band, Low | Bottom | Basement),
        Third::Mid => band == Mid,
        Third::High => matches!(band, High | Top),
    };
    (!right).then(|| ["floor_band ", band.as_str()].concat())
}
