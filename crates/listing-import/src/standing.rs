//! How a listing stands: whether it is offered, whether it waits for a person. What its findings say counts
//! until a person has decided about them.

use std::borrow::Cow;

use model::listing::ListingField;
use model::rule::{Effect, Finding};
use serde::{Deserialize, Serialize};

use crate::settings::all_rules;

/// A finding as the store keeps it: `[code, effect, field, detail]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept<'a>(
    #[serde(borrow)] pub Cow<'a, str>,
    #[serde(borrow)] pub Cow<'a, str>,
    #[serde(borrow)] pub Cow<'a, str>,
    #[serde(borrow)] pub Cow<'a, str>,
);

impl Kept<'_> {
    /// What happens because of it.
    pub(crate) fn effect(&self) -> Option<Effect> {
        Effect::from_code(&self.1)
    }

    /// The finding as it was made; nothing where its rule is no more.
    pub(crate) fn known(&self) -> Option<Finding> {
        Some(Finding {
            rule: all_rules().find(|rule| rule.code == self.0)?,
            effect: self.effect()?,
            field: ListingField::from_name(&self.2).map(ListingField::name),
            detail: self.3.to_string(),
        })
    }

    fn owned(&self) -> Kept<'static> {
        let own = |text: &str| Cow::Owned(text.to_owned());
        Kept(own(&self.0), own(&self.1), own(&self.2), own(&self.3))
    }
}

/// Reads findings as the store keeps them; texts it does not understand hold none.
pub(crate) fn kept(json: &str) -> Vec<Kept<'_>> {
    serde_json::from_str(json).unwrap_or_default()
}

/// What a person can decide of a listing that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    /// Its findings are in order; it is offered in spite of them.
    Approved,
    /// It is not offered until it changes.
    Rejected,
    /// It does not exist as advertised: it is off the market for good.
    False,
}

/// What a person decided of a listing, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Judgement<'a> {
    /// The decision.
    pub decision: Decision,
    /// Hash of the listing's fields when it was made.
    pub content_hash: i64,
    /// The findings it was about: those that freeze or hold.
    #[serde(borrow)]
    pub findings: Vec<Kept<'a>>,
}

impl<'a> Judgement<'a> {
    /// Reads what the store keeps; nothing where it keeps none.
    pub(crate) fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// A decision about everything that keeps a listing from being offered.
    pub(crate) fn of(
        decision: Decision,
        content_hash: i64,
        findings: &[Kept<'_>],
    ) -> Judgement<'static> {
        let grave = findings.iter().filter(|finding| is_grave(finding.effect()));
        Judgement {
            decision,
            content_hash,
            findings: grave.map(Kept::owned).collect(),
        }
    }

    /// The same decision about a listing that is known by another hash now, because rules changed and it did not.
    pub(crate) fn moved(mut self, from: i64, to: i64) -> Self {
        if self.content_hash == from {
            self.content_hash = to;
        }
        self
    }

    /// Whether the decision answers a finding: it was there when the decision was made, or it is of the same
    /// rule and the listing has not changed since (its peers may have).
    fn answers(&self, finding: &Kept<'_>, content_hash: i64) -> bool {
        self.findings.iter().any(|known| {
            known.0 == finding.0
                && known.2 == finding.2
                && (known.3 == finding.3 || self.content_hash == content_hash)
        })
    }
}

fn is_grave(effect: Option<Effect>) -> bool {
    matches!(effect, Some(Effect::Freeze | Effect::Hold))
}

/// How a listing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Standing {
    /// It is not offered.
    pub frozen: bool,
    /// It waits for a person.
    pub held: bool,
    /// A person still has to decide: it is in the queue.
    pub open: bool,
}

/// How a listing with these findings stands. `content_hash` is that of its fields now.
pub(crate) fn standing(
    findings: &[Kept<'_>],
    judgement: Option<&Judgement<'_>>,
    content_hash: i64,
) -> Standing {
    let mut standing = Standing::default();
    let decided = judgement.map(|judgement| judgement.decision);
    for finding in findings {
        let Some(effect @ (Effect::Freeze | Effect::Hold)) = finding.effect() else {
            continue;
        };
        let answered = judgement.is_some_and(|judgement| judgement.answers(finding, content_hash));
        if answered && decided == Some(Decision::Approved) {
            continue;
        }
        standing.frozen |= effect == Effect::Freeze;
        standing.held |= effect == Effect::Hold;
        standing.open |= !answered;
    }
    match judgement {
        Some(Judgement {
            decision: Decision::False,
            ..
        }) => Standing {
            frozen: true,
            held: false,
            open: false,
        },
        Some(Judgement {
            decision: Decision::Rejected,
            content_hash: then,
            ..
        }) if *then == content_hash => Standing {
            frozen: true,
            held: false,
            open: standing.open,
        },
        _ => standing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROZEN: &str = r#"[["L201","freeze","title","学区房"],["L303","warn","year_built",""]]"#;
    const HELD: &str = r#"[["L701","hold","list_price","half of its peers"]]"#;

    fn stands(findings: &str, judgement: Option<&Judgement<'_>>, hash: i64) -> (bool, bool, bool) {
        let standing = standing(&kept(findings), judgement, hash);
        (standing.frozen, standing.held, standing.open)
    }

    #[test]
    fn findings_count_until_a_person_decides() {
        assert_eq!(stands(FROZEN, None, 1), (true, false, true));
        assert_eq!(stands(HELD, None, 1), (false, true, true));
        assert_eq!(stands("[]", None, 1), (false, false, false));
        let approved = Judgement::of(Decision::Approved, 1, &kept(FROZEN));
        assert_eq!(approved.findings.len(), 1);
        assert_eq!(stands(FROZEN, Some(&approved), 2), (false, false, false));
        let other = FROZEN.replace("学区房", "第一");
        assert_eq!(stands(&other, Some(&approved), 2), (true, false, true));
        let approved = Judgement::of(Decision::Approved, 1, &kept(HELD));
        let moved = HELD.replace("half", "a third");
        assert_eq!(stands(&moved, Some(&approved), 1), (false, false, false));
        assert_eq!(stands(&moved, Some(&approved), 2), (false, true, true));
    }

    #[test]
    fn what_was_refused_stays_off_until_it_changes_and_what_is_false_for_good() {
        let rejected = Judgement::of(Decision::Rejected, 1, &kept(HELD));
        assert_eq!(stands(HELD, Some(&rejected), 1), (true, false, false));
        assert_eq!(stands("[]", Some(&rejected), 1), (true, false, false));
        assert_eq!(stands("[]", Some(&rejected), 2), (false, false, false));
        let wrong = Judgement::of(Decision::False, 1, &[]);
        assert_eq!(stands(FROZEN, Some(&wrong), 3), (true, false, false));
    }

    #[test]
    fn a_judgement_is_read_back() {
        let judgement = Judgement::of(Decision::False, -7, &kept(FROZEN));
        let text = serde_json::to_string(&judgement).unwrap();
        assert_eq!(Judgement::parse(&text), Some(judgement));
        assert_eq!(Judgement::parse("{"), None);
    }
}
