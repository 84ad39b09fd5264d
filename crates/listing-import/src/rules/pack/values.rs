//! What stands in a pack, read so that a mistake is told at its own place: each kind of value refuses what it
//! cannot be.

use std::fmt;
use std::ops::Deref;

use cli::nearest_of;
use model::jiff::civil::Date;
use model::listing::ListingField;
use model::rule::Effect;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::rules::table::ALL;

/// A word or phrase that holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term(String);

/// The place of a rule in the table, written as its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleCode(pub usize);

/// A field of a listing, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldName(pub ListingField);

/// `reject`, `freeze`, `hold` or `warn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectWord(pub Effect);

/// A day, as a text or as TOML's own date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub Date);

/// A third of a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Third {
    /// The lowest floors.
    Low,
    /// The floors between.
    Mid,
    /// The highest floors.
    High,
}

/// What a word tells a rule without being wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
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
    /// Each with its name and the rule that listens to it.
    const ALL: [(&'static str, Signal, &'static str); 5] = [
        ("fixed-price", Signal::FixedPrice, "L502"),
        ("negotiable", Signal::Negotiable, "L502"),
        ("price-quote", Signal::PriceQuote, "L603"),
        ("rent-quote", Signal::RentQuote, "L603"),
        ("area-quote", Signal::AreaQuote, "L604"),
    ];

    pub(in crate::rules) fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Code of the rule that listens to it.
    pub(super) fn rule(self) -> &'static str {
        Self::ALL[self as usize].2
    }
}

impl Deref for Term {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Finds what a word names; the error names what comes nearest to it, or else lists a few.
fn named<T>(
    word: &str,
    what: &str,
    known: impl Iterator<Item = (&'static str, T)> + Clone,
) -> Result<T, String> {
    if let Some((_, found)) = known.clone().find(|(name, _)| *name == word) {
        return Ok(found);
    }
    let names = || known.clone().map(|(name, _)| name);
    let hint = match nearest_of(word, names()) {
        Some(near) => format!("the nearest is `{near}`"),
        None => {
            let mut few: Vec<_> = names().take(6).collect();
            if names().count() > few.len() {
                few.push("…");
            }
            format!("write one of {}", few.join(", "))
        }
    };
    Err(format!("`{word}` is no {what}; {hint}"))
}

/// Reads a text that must mean something; what it cannot mean is told where it stands.
struct Meant<F> {
    expected: &'static str,
    read: F,
}

impl<T, F: Fn(&str) -> Result<T, String>> Visitor<'_> for Meant<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).map_err(E::custom)
    }
}

macro_rules! read_from_text {
    ($($value:ty: $expected:literal, $read:expr;)+) => {
        $(impl<'de> Deserialize<'de> for $value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Meant { expected: $expected, read: $read })
            }
        })+
    };
}

read_from_text! {
    Term: "a text", |text: &str| match text.trim() {
        "" => Err("the text is empty".to_owned()),
        text => Ok(Term(text.to_owned())),
    };
    RuleCode: "the code of a rule", |code: &str| {
        let rules = ALL.iter().enumerate();
        named(code, "code of a rule", rules.map(|(place, row)| (row.rule.code, RuleCode(place))))
    };
    FieldName: "the name of a field", |name: &str| {
        let fields = ListingField::ALL.iter();
        named(name, "field of a listing", fields.map(|field| (field.name(), FieldName(*field))))
    };
    EffectWord: "an effect", |word: &str| {
        let effects = [Effect::Reject, Effect::Freeze, Effect::Hold, Effect::Warn].into_iter();
        named(word, "effect", effects.map(|effect| (effect.as_str(), EffectWord(effect))))
    };
    Third: "low, mid or high", |word: &str| {
        let thirds = [("low", Third::Low), ("mid", Third::Mid), ("high", Third::High)];
        named(word, "third of a building", thirds.into_iter())
    };
    Signal: "a signal", |word: &str| {
        let signals = Signal::ALL.into_iter();
        named(word, "signal to a rule", signals.map(|(name, signal, _)| (name, signal)))
    };
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DayVisitor)
    }
}

struct DayVisitor;

impl<'de> Visitor<'de> for DayVisitor {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day such as 2026-01-31")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Day, E> {
        // Ten characters, or a time of day could stand behind it.
        let day = text.parse().ok().filter(|_| text.len() == 10);
        day.map(Day)
            .ok_or_else(|| E::custom(format!("`{text}` is no day; write it as 2026-01-31")))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Day, A::Error> {
        let written = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&written.to_string())
    }
}

/// Reads a list that holds something.
pub(super) fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::deserialize(deserializer)?;
    if list.is_empty() {
        return Err(D::Error::custom("the list is empty"));
    }
    Ok(list)
}
