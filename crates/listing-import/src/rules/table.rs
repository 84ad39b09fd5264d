//! The table of rules, in the order in which they are listed.

use model::rule::Rule;

use super::{RowRule, complete, compliance, consistent, sense, tags, text_rules};

/// Every row-scope rule of listings, by code.
pub static ALL: [&RowRule; COUNT] = {
    let mut all = [&complete::RULES[0]; COUNT];
    let groups: [&'static [RowRule]; 6] = [
        &complete::RULES,
        &text_rules::RULES,
        &sense::RULES,
        &tags::RULES,
        &compliance::RULES,
        &consistent::RULES,
    ];
    let (mut group, mut at) = (0, 0);
    while group < groups.len() {
        let mut i = 0;
        while i < groups[group].len() {
            all[at] = &groups[group][i];
            at += 1;
            i += 1;
        }
        group += 1;
    }
    all
};

const COUNT: usize = complete::RULES.len()
    + text_rules::RULES.len()
    + sense::RULES.len()
    + tags::RULES.len()
    + compliance::RULES.len()
    + consistent::RULES.len();

/// The rules alone, in the same order.
pub static RULES: [&Rule; COUNT] = {
    let mut rules = [&complete::RULES[0].rule; COUNT];
    let mut i = 0;
    while i < COUNT {
        rules[i] = &ALL[i].rule;
        i += 1;
    }
    rules
};

/// The place of a rule in the table.
pub(super) fn index(code: &str) -> usize {
    ALL.iter()
        .position(|row| row.rule.code == code)
        .unwrap_or_default()
}
