//! L74x: what is wrong with a listing's agent.

use model::listing::ListingField;
use model::rule::{Effect, Rule, Words};

use super::rules::{Report, StockRule, Subject};

/// The agent's licence is missing or has expired.
pub(super) const LICENCE: StockRule = StockRule {
    rule: Rule {
        code: "L741",
        name: "agent-licence",
        effect: Effect::Hold,
        about: Words {
            en: "the agent's licence is missing or has expired",
            zh: "经纪人从业证件缺失或已过期",
        },
        mend: Words {
            en: "bring the licence with the next roster (`lead-assign roster`), or give the listing to an agent who has one",
            zh: "请补办证件并更新名册（lead-assign roster），或改由持证经纪人挂牌",
        },
        bad: "list_agent_id=A017; the roster has A017 with licence_expires=2025-12-31",
        good: "list_agent_id=A017; the roster has A017 with licence=BJ20317, licence_expires=2027-12-31",
    },
    check: licence,
};

/// The listing is promoted though its agent may not.
pub(super) const PROMOTION: StockRule = StockRule {
    rule: Rule {
        code: "L742",
        name: "promotion-barred",
        effect: Effect::Freeze,
        about: Words {
            en: "the listing is promoted, but its agent may not promote for now",
            zh: "经纪人处于禁止推广期，房源不得推广",
        },
        mend: Words {
            en: "take it out of promotion until the bar ends (`listing-import bars`)",
            zh: "请在禁止期结束前取消推广（见 listing-import bars）",
        },
        bad: "list_agent_id=A017; promoted=true; A017 was barred a week ago for tags that facts contradict",
        good: "list_agent_id=A017; promoted=false",
    },
    check: promotion,
};

fn licence(subject: &Subject<'_>, report: &mut Report<'_>) {
    let listing = &subject.stored.listing;
    let fault = subject
        .agents
        .licence_fault(&listing.originating_system_name, &listing.list_agent_id);
    if let Some(fault) = fault {
        report.add(ListingField::ListAgentId, fault);
    }
}

fn promotion(subject: &Subject<'_>, report: &mut Report<'_>) {
    let listing = &subject.stored.listing;
    if listing.promoted != Some(true) {
        return;
    }
    let bar = subject
        .agents
        .bar(&listing.originating_system_name, &listing.list_agent_id);
    if let Some(bar) = bar {
        let detail = format!("{} until {} ({})", bar.agent, bar.ends_on, bar.rule);
        report.add(ListingField::Promoted, detail);
    }
}
