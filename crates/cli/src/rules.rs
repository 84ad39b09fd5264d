//! Which rules are in force: what a tool knows, what the config changes, what `--select` and
//! `--ignore` leave. And how `TOOL rules` shows them.

use std::collections::HashMap;

use model::rule::{Effect, Lang, Rule};
use serde_json::{Value, json};

use crate::args::{RuleArgs, listed};
use crate::config::{Config, nearest_of};
use crate::failure::Failure;

/// Which rules are in force, and with what effect.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    known: Vec<&'static Rule>,
    /// Only what differs from a rule's own effect; none means off.
    changed: HashMap<&'static str, Option<Effect>>,
}

impl Effects {
    /// Works out the effects; a rule that no table holds is an error that names the nearest.
    pub fn new(
        known: impl IntoIterator<Item = &'static Rule>,
        config: &Config,
        args: &RuleArgs,
    ) -> Result<Self, Failure> {
        let mut effects = Effects {
            known: known.into_iter().collect(),
            changed: HashMap::new(),
        };
        for (name, word, origin) in config.rules() {
            let found = effects.matching(name);
            // other tools' rules stand in the same section
            if found.is_empty() && effects.is_ours(name) {
                return Err(effects.unknown(&format!("{origin}: unknown rule"), name));
            }
            for rule in found {
                effects.changed.insert(rule.code, Effect::from_code(word));
            }
        }
        if !args.select.is_empty() {
            let mut selected = Vec::new();
            for name in &args.select {
                selected.extend(effects.given("--select", name)?);
            }
            for rule in effects.known.clone() {
                if !selected.iter().any(|kept: &&Rule| kept.code == rule.code) {
                    effects.changed.insert(rule.code, None);
                }
            }
        }
        for name in &args.ignore {
            for rule in effects.given("--ignore", name)? {
                effects.changed.insert(rule.code, None);
            }
        }
        Ok(effects)
    }

    /// What a rule does here; none if it is off.
    pub fn of(&self, rule: &Rule) -> Option<Effect> {
        if self.changed.is_empty() {
            return Some(rule.effect);
        }
        self.changed
            .get(rule.code)
            .copied()
            .unwrap_or(Some(rule.effect))
    }

    /// Every rule of the tool, in code order.
    pub fn known(&self) -> &[&'static Rule] {
        &self.known
    }

    /// The rules a code, the beginning of a code, or a name stands for.
    pub fn matching(&self, name: &str) -> Vec<&'static Rule> {
        let name = name.trim();
        let code = name.to_ascii_uppercase();
        let begins = |rule: &&&Rule| !code.is_empty() && rule.code.starts_with(&code);
        let exact: Vec<_> = self
            .known
            .iter()
            .filter(|rule| rule.code == code || rule.name.eq_ignore_ascii_case(name))
            .copied()
            .collect();
        if exact.is_empty() {
            self.known.iter().filter(begins).copied().collect()
        } else {
            exact
        }
    }

    fn given(&self, flag: &str, name: &str) -> Result<Vec<&'static Rule>, Failure> {
        let found = self.matching(name);
        if found.is_empty() {
            Err(self.unknown(&format!("{flag}: unknown rule"), name))
        } else {
            Ok(found)
        }
    }

    /// Whether a name could only be a rule of this tool: a code with a letter of its tables.
    fn is_ours(&self, name: &str) -> bool {
        let mut letters = name.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let is_code = letters.clone().next().is_some() && letters.all(|c| c.is_ascii_digit());
        is_code
            && self
                .known
                .iter()
                .any(|rule| rule.code.chars().next() == first)
    }

    fn unknown(&self, what: &str, name: &str) -> Failure {
        let failure = Failure::usage(format!("{what} `{name}`"));
        let names = self.known.iter().flat_map(|rule| [rule.code, rule.name]);
        match nearest_of(name, names) {
            Some(near) => failure.hint(format!("the nearest is `{near}`")),
            None => failure.hint("the subcommand `rules` lists them"),
        }
    }

    /// One rule by code or name, for `rules L201`.
    pub fn find(&self, name: &str) -> Result<&'static Rule, Failure> {
        match self.matching(name).as_slice() {
            [] => Err(self.unknown("unknown rule", name)),
            [rule] => Ok(rule),
            several => Err(
                Failure::usage(format!("`{name}` stands for several rules")).hint(format!(
                    "name one of {}",
                    listed(several.iter().map(|rule| rule.code))
                )),
            ),
        }
    }

    /// A rule as a record of `TOOL rules`; [`RULE_COLUMNS`] are its fields.
    pub fn record(&self, rule: &Rule, lang: Lang) -> Value {
        json!({
            "code": rule.code,
            "name": rule.name,
            "effect": self.of(rule).map_or("off", Effect::as_str),
            "about": rule.about.in_lang(lang),
            "mend": rule.mend.in_lang(lang),
            "bad": rule.bad,
            "good": rule.good,
        })
    }

    /// A rule explained in a few lines, for a terminal.
    pub fn explain(&self, rule: &Rule, lang: Lang) -> String {
        let effect = self.of(rule).map_or("off", Effect::as_str);
        let (mend, bad, good) = match lang {
            Lang::En => ("mend", "bad", "good"),
            Lang::Zh => ("改法", "错例", "正例"),
        };
        format!(
            "{} {} ({effect})\n{}\n{mend}: {}\n{bad}:  {}\n{good}: {}\n",
            rule.code,
            rule.name,
            rule.about.in_lang(lang),
            rule.mend.in_lang(lang),
            rule.bad,
            rule.good,
        )
    }
}

/// The fields of [`Effects::record`], in order.
pub const RULE_COLUMNS: &[&str] = &["code", "name", "effect", "about", "mend", "bad", "good"];

#[cfg(test)]
mod tests {
    use super::*;
    use model::rule::Words;

    const fn rule(code: &'static str, name: &'static str, effect: Effect) -> Rule {
        let words = Words {
            en: "about",
            zh: "说明",
        };
        Rule {
            code,
            name,
            effect,
            about: words,
            mend: words,
            bad: "b",
            good: "g",
        }
    }
    static RULES: &[Rule] = &[
        rule("L101", "price-missing", Effect::Reject),
        rule("L201", "banned-wording", Effect::Freeze),
        rule("L202", "promise", Effect::Warn),
    ];

    fn effects(select: &[&str], ignore: &[&str]) -> Result<Effects, Failure> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let args = RuleArgs {
            select: owned(select),
            ignore: owned(ignore),
            fail_on: None,
        };
        Effects::new(RULES, &Config::built_in(&[]), &args)
    }

    #[test]
    fn beginnings_and_names_select() {
        let some = effects(&["L2"], &["promise"]).unwrap();
        assert_eq!(some.of(&RULES[0]), None);
        assert_eq!(some.of(&RULES[1]), Some(Effect::Freeze));
        assert_eq!(some.of(&RULES[2]), None);
        assert_eq!(effects(&[], &[]).unwrap().of(&RULES[2]), Some(Effect::Warn));
    }

    #[test]
    fn unknown_rules_name_the_nearest() {
        let failure = effects(&[], &["baned-wording"]).unwrap_err();
        assert_eq!(failure.hint_text(), Some("the nearest is `banned-wording`"));
        assert!(
            effects(&[], &[])
                .unwrap()
                .find("L2")
                .unwrap_err()
                .hint_text()
                .unwrap()
                .contains("L202")
        );
    }
}
