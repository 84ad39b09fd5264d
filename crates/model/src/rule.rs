//! Rules and what they find: a linter's words, shared by every tool.

use serde::Serialize;

/// What happens to a record on which a rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// The row cannot be understood and is not stored.
    Reject,
    /// Stored, but not offered until it is mended.
    Freeze,
    /// Stored, and waits for a person.
    Hold,
    /// Stored; somebody should look.
    Warn,
}

impl Effect {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Effect::Reject => "reject",
            Effect::Freeze => "freeze",
            Effect::Hold => "hold",
            Effect::Warn => "warn",
        }
    }

    /// Reads the word on the wire.
    pub fn from_code(text: &str) -> Option<Self> {
        [Effect::Reject, Effect::Freeze, Effect::Hold, Effect::Warn]
            .into_iter()
            .find(|effect| effect.as_str() == text)
    }
}

/// The language of help, findings, reasons and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 简体中文.
    Zh,
}

/// One text in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Chinese, simplified.
    pub zh: &'static str,
}

impl Words {
    /// The text in one language.
    pub fn in_lang(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// One rule: what it is called, what it does, and how to mend what it finds.
#[derive(Debug)]
pub struct Rule {
    /// Letter and number, `L201`; X input, L listings, C customers, A assignment, F funnel, R reviews.
    pub code: &'static str,
    /// Name in words, `banned-wording`.
    pub name: &'static str,
    /// What happens unless the config says otherwise.
    pub effect: Effect,
    /// What is wrong, as the opening of a message.
    pub about: Words,
    /// How to put it right.
    pub mend: Words,
    /// An example on which the rule fires.
    pub bad: &'static str,
    /// The same example, mended.
    pub good: &'static str,
}

/// A rule that fired on a record.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What happens: the rule's effect, or what the config makes of it.
    pub effect: Effect,
    /// The field it is about, by its name on the wire.
    pub field: Option<&'static str>,
    /// What was seen; never a private value. May be empty.
    pub detail: String,
}

impl Finding {
    /// A finding with the rule's own effect.
    pub fn new(
        rule: &'static Rule,
        field: Option<&'static str>,
        detail: impl Into<String>,
    ) -> Self {
        Finding {
            rule,
            effect: rule.effect,
            field,
            detail: detail.into(),
        }
    }

    /// The message a person reads: what is wrong, then what was seen.
    pub fn message(&self, lang: Lang) -> String {
        let about = self.rule.about.in_lang(lang);
        match (self.detail.is_empty(), lang) {
            (true, _) => about.to_owned(),
            (false, Lang::En) => format!("{about}: {}", self.detail),
            (false, Lang::Zh) => format!("{about}：{}", self.detail),
        }
    }

    /// The finding as it is emitted.
    pub fn to_wire(&self, lang: Lang) -> WireFinding {
        WireFinding {
            code: self.rule.code,
            name: self.rule.name,
            effect: self.effect.as_str(),
            field: self.field,
            message: self.message(lang),
        }
    }
}

/// A finding on the wire.
#[derive(Debug, Clone, Serialize)]
pub struct WireFinding {
    /// Rule code.
    pub code: &'static str,
    /// Rule name.
    pub name: &'static str,
    /// Effect in force.
    pub effect: &'static str,
    /// Field, by its name on the wire.
    pub field: Option<&'static str>,
    /// What is wrong, and what was seen.
    pub message: String,
}
