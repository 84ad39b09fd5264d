//! Cases beside the rules: a listing, and what the rules must find in it.

use std::fmt;

use model::jiff::civil::Date;
use model::listing::Listing;
use model::rule::{Effect, Finding};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Day, EffectWord, FieldName, Pack, RuleCode};
use crate::rules::{ALL, Columns, Context, Numbers, RuleSet, example};

/// A listing, and what the rules in force must find in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The listing: `field=value; field=value`, or a table of fields.
    pub listing: CaseListing,
    /// The rules that fire, and no others do.
    #[serde(default)]
    pub finds: Vec<RuleCode>,
    /// No rule fires.
    #[serde(default)]
    pub passes: bool,
    /// The day on which it is judged, if not that of the run.
    pub on: Option<Day>,
    /// The gravest effect of what is found.
    pub effect: Option<EffectWord>,
}

/// The listing of a case. A field that is named has a column; one without a value is empty there.
#[derive(Debug, Clone, Default)]
pub struct CaseListing {
    listing: Box<Listing>,
    columns: Columns,
}

/// A case that came out otherwise than its pack says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Its line in the pack's file.
    pub line: usize,
    /// What the pack says.
    pub expected: String,
    /// What the rules found.
    pub found: String,
}

impl Pack {
    /// Judges its cases by the rules as they stand on the day of each. `rules` gives those of a day; they are
    /// asked for once for each day, as making them takes longer than using them.
    pub fn test(
        &self,
        today: Date,
        numbers: &Numbers,
        rules: &mut dyn FnMut(Date) -> RuleSet,
    ) -> Vec<Failed> {
        let mut compiled: Option<(Date, RuleSet)> = None;
        let mut failed = Vec::new();
        for case in &self.test {
            let day = case.get_ref().on.map_or(self.day(today), |on| on.0);
            let (_, rules) = match compiled.take() {
                Some(kept) if kept.0 == day => compiled.insert(kept),
                _ => compiled.insert((day, rules(day))),
            };
            if let Some((expected, found)) = case.get_ref().miss(day, numbers, rules) {
                let line = self.line(&case.span());
                failed.push(Failed {
                    line,
                    expected,
                    found,
                });
            }
        }
        failed
    }

    /// The day nearest to today on which the pack holds: one that is to come can be tested before.
    fn day(&self, today: Date) -> Date {
        let until = self
            .until
            .as_ref()
            .map_or(Date::MAX, |until| until.get_ref().0);
        today.clamp(self.effective.0, until)
    }
}

impl Case {
    /// What was expected and what was found, where they differ.
    fn miss(&self, day: Date, numbers: &Numbers, rules: &RuleSet) -> Option<(String, String)> {
        let mut context = Context::new(day);
        context.columns = self.listing.columns;
        context.numbers = numbers.clone();
        let mut findings = Vec::new();
        rules.check(&self.listing.listing, &context, &mut findings);
        let mut found: Vec<&str> = findings.iter().map(|finding| finding.rule.code).collect();
        found.dedup();
        let mut wanted: Vec<&str> = self
            .finds
            .iter()
            .map(|rule| ALL[rule.0].rule.code)
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let gravest = findings.iter().map(|finding| finding.effect).min();
        let effect = self.effect.map(|word| word.0);
        let as_wanted = found == wanted && (effect.is_none() || effect == gravest);
        (!as_wanted).then(|| (told(&wanted, effect), seen(&findings)))
    }
}

/// What a case expects, in words.
fn told(wanted: &[&str], effect: Option<Effect>) -> String {
    match (wanted, effect) {
        ([], _) => "nothing".to_owned(),
        (codes, None) => codes.join(", "),
        (codes, Some(effect)) => format!("{} with effect {}", codes.join(", "), effect.as_str()),
    }
}

/// What was found, in words.
fn seen(findings: &[Finding]) -> String {
    let told = findings.iter().map(|finding| {
        let Finding {
            rule,
            effect,
            detail,
            ..
        } = finding;
        format!("{} ({}: {detail})", rule.code, effect.as_str())
    });
    match findings {
        [] => "nothing".to_owned(),
        _ => told.collect::<Vec<_>>().join(", "),
    }
}

impl<'de> Deserialize<'de> for CaseListing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListingVisitor)
    }
}

struct ListingVisitor;

impl<'de> Visitor<'de> for ListingVisitor {
    type Value = CaseListing;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a listing as `field=value; field=value` or as a table of fields")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<CaseListing, E> {
        let (listing, columns) = example::listing(text).map_err(E::custom)?;
        Ok(CaseListing {
            listing: Box::new(listing),
            columns,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CaseListing, A::Error> {
        let mut into = CaseListing::default();
        while let Some(field) = map.next_key()? {
            map.next_value_seed(Cell {
                field,
                into: &mut into,
            })?;
        }
        Ok(into)
    }
}

/// A value of the table, which is set as it is read, so that a mistake is told where it stands.
struct Cell<'a> {
    field: FieldName,
    into: &'a mut CaseListing,
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a date, true or false, or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let CaseListing { listing, columns } = self.into;
        example::set(self.field.0, text, listing, columns).map_err(E::custom)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        self.visit_str(&flag.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.visit_str(&number.to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut items: Vec<String> = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        self.visit_str(&items.join("|"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let written = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&written.to_string())
    }
}
