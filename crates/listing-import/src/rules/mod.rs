//! What is wrong with one listing, judged by itself: the row-scope rules of listings.
//!
//! [`ALL`] is the one table of rules; `rules`, the docs and the tests read it. A rule either has a function of
//! its own or is found by the wording pass, which runs over title, remarks and tags once for all words of the
//! rule packs ([`pack`], [`wording`]). Rules that compare a listing with others are not here.
//!
//! ```text
//! packs (TOML) ─ compile ─┐
//! listing ─ title, texts ─┴─ wording pass ─ row functions ─ findings, in the order of the table
//! ```

pub mod context;
pub mod example;
pub mod pack;

mod complete;
mod compliance;
mod consistent;
mod fold;
mod lexicon;
mod sense;
mod sense_checks;
mod table;
mod tags;
mod text;
mod text_rules;
mod title;
mod wording;
mod words;

use model::listing::{Listing, ListingField};
use model::rule::{Effect, Finding, Rule};

pub(crate) use complete::without_rooms;
pub use context::{Columns, Context, Numbers};
pub(crate) use fold::TRADITIONAL;
pub use pack::{Pack, PackError};
pub use table::{ALL, RULES};
pub(crate) use tags::is_claim;

/// A rule's function of the whole listing.
pub type RowCheck = fn(&Listing, &Context, &mut Sink<'_>);

/// How a rule finds what it finds.
#[derive(Clone, Copy)]
pub enum Check {
    /// A function of the whole listing.
    Row(RowCheck),
    /// The wording pass, with the words and facts of the rule packs.
    Text,
}

/// A rule, what it needs to be able to speak, and how it looks.
pub struct RowRule {
    /// Code, name, effect, words and examples.
    pub rule: Rule,
    /// Groups of fields: the rule is silent unless the input has a column for at least one field of each.
    pub needs: &'static [&'static [ListingField]],
    /// How it looks.
    pub check: Check,
}

/// What the config makes of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The rule says nothing.
    Off,
    /// The rule has this effect, whatever its table or pack says.
    As(Effect),
}

/// What a set of rules is made from.
#[derive(Debug, Default)]
pub struct Settings<'a> {
    /// Effects changed by the config, by code or name.
    pub overrides: &'a [(String, Setting)],
    /// Only these rules, by code, name or the beginning of a code (`L2`); empty means all.
    pub select: &'a [String],
    /// Not these, by code, name or the beginning of a code.
    pub ignore: &'a [String],
    /// City of listings that name none, which decides what place-limited packs apply.
    pub place: &'a str,
}

/// The rules in force, compiled.
pub struct RuleSet {
    /// Effect by position in [`ALL`]; `None` is off. A setting of the config outranks a pack's entry.
    effects: Vec<Option<Effect>>,
    fixed: Vec<bool>,
    active: Vec<(usize, RowCheck)>,
    wording: wording::Wording,
    version: String,
}

impl RuleSet {
    /// Compiles rules and packs as they stand on `today`; what is not in force then is left out.
    pub fn new(settings: &Settings<'_>, packs: &[Pack], today: model::jiff::civil::Date) -> Self {
        let mut effects = Vec::with_capacity(ALL.len());
        let mut fixed = Vec::with_capacity(ALL.len());
        for row in ALL {
            let wanted =
                settings.select.is_empty() || settings.select.iter().any(|w| names(w, &row.rule));
            let ignored = settings.ignore.iter().any(|w| names(w, &row.rule));
            let setting = settings
                .overrides
                .iter()
                .rev()
                .find(|(name, _)| names(name, &row.rule))
                .map(|(_, setting)| *setting);
            fixed.push(setting.is_some());
            effects.push(match setting {
                _ if !wanted || ignored => None,
                Some(Setting::Off) => None,
                Some(Setting::As(effect)) => Some(effect),
                None => Some(row.rule.effect),
            });
        }
        let active = ALL
            .iter()
            .enumerate()
            .filter(|(i, _)| effects[*i].is_some())
            .filter_map(|(i, row)| match row.check {
                Check::Row(function) => Some((i, function)),
                Check::Text => None,
            })
            .collect();
        let packs: Vec<&Pack> = packs.iter().filter(|pack| pack.holds_on(today)).collect();
        let version = packs
            .iter()
            .map(|pack| format!("{} {}", pack.name(), pack.version))
            .collect::<Vec<_>>()
            .join("; ");
        let wording = wording::Wording::compile(&packs, &effects, settings.place, today);
        RuleSet {
            effects,
            fixed,
            active,
            wording,
            version,
        }
    }

    /// Appends what is wrong with a listing, in the order of the table. Allocates nothing for a listing
    /// without findings.
    pub fn check(&self, listing: &Listing, context: &Context, out: &mut Vec<Finding>) {
        let before = out.len();
        let mut sink = Sink {
            rules: self,
            out,
            start: before,
            current: 0,
            signals: 0,
            title: title::read(&listing.title),
        };
        self.wording.read(listing, context, &mut sink);
        for (index, function) in &self.active {
            sink.current = *index;
            function(listing, context, &mut sink);
        }
        if out.len() > before + 1 {
            out[before..].sort_by_key(|finding| finding.rule.code);
        }
    }

    /// The rules that stay silent on an input with these columns, because their evidence is absent.
    pub fn silent(&self, columns: &Columns) -> Vec<&'static Rule> {
        ALL.iter()
            .zip(&self.effects)
            .filter(|(row, effect)| effect.is_some() && !columns.has_each(row.needs))
            .map(|(row, _)| &row.rule)
            .collect()
    }

    /// The rules in force with their effects, in the order of the table.
    pub fn in_force(&self) -> impl Iterator<Item = (&'static Rule, Effect)> + '_ {
        ALL.iter()
            .zip(&self.effects)
            .filter_map(|(row, effect)| effect.map(|effect| (&row.rule, effect)))
    }

    /// The packs in force and their versions, for the run ledger.
    pub fn pack_version(&self) -> &str {
        &self.version
    }
}

/// Finds a rule by code or name.
pub fn explain(code: &str) -> Option<&'static RowRule> {
    ALL.iter()
        .find(|row| row.rule.code.eq_ignore_ascii_case(code) || row.rule.name == code)
        .copied()
}

/// Whether a word of the command line or the config means a rule.
fn names(word: &str, rule: &Rule) -> bool {
    rule.name == word
        || (!word.is_empty()
            && rule
                .code
                .get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word)))
}

/// Where rules report to.
pub struct Sink<'a> {
    rules: &'a RuleSet,
    out: &'a mut Vec<Finding>,
    start: usize,
    current: usize,
    signals: u32,
    title: title::TitleFacts,
}

impl Sink<'_> {
    /// Reports for the rule that is being checked.
    pub fn report(&mut self, field: ListingField, detail: impl Into<String>) {
        if let Some(effect) = self.rules.effects[self.current] {
            self.out.push(Finding {
                rule: &ALL[self.current].rule,
                effect,
                field: Some(field.name()),
                detail: detail.into(),
            });
        }
    }

    /// Reports for a rule of the wording pass; what one rule finds in one field is one finding.
    fn report_text(
        &mut self,
        rule: usize,
        effect: Option<Effect>,
        field: ListingField,
        detail: String,
    ) {
        let Some(default) = self.rules.effects[rule] else {
            return;
        };
        let effect = match effect {
            Some(effect) if !self.rules.fixed[rule] => effect,
            _ => default,
        };
        let rule = &ALL[rule].rule;
        let field = Some(field.name());
        for earlier in &mut self.out[self.start..] {
            if std::ptr::eq(earlier.rule, rule)
                && earlier.field == field
                && earlier.effect == effect
            {
                if !earlier.detail.contains(&detail) {
                    earlier.detail.push_str(", ");
                    earlier.detail.push_str(&detail);
                }
                return;
            }
        }
        self.out.push(Finding {
            rule,
            effect,
            field,
            detail,
        });
    }

    fn signalled(&self, signal: pack::Signal) -> bool {
        self.signals & signal.bit() != 0
    }
}

#[cfg(test)]
mod tests;
