//! `roster due`: active members whose licence is missing, has expired, or soon will.

use anyhow::Result;
use cli::open::{self, Access};
use cli::{Destination, Outcome, Shape, Summary, Ui};
use model::codes::MemberStatus;
use model::jiff::ToSpan;
use model::jiff::civil::Date;
use model::member::MemberField;
use model::rule::Lang;
use serde_json::json;
use store::StoredMember;

use crate::args::Args;
use crate::roster::shown;

/// Columns of a record.
pub(crate) const COLUMNS: &[&str] = &[
    "member_id",
    "member_key",
    "member_full_name",
    "office_name",
    "licence",
    "licence_expires",
    "state",
    "days",
];

/// Lists who is due within so many days: those without a licence, then the longest overdue first.
pub(crate) fn run(args: &Args, within: Option<i64>, ui: &mut Ui) -> Result<Outcome> {
    let within = within.unwrap_or_else(|| ui.config().integer("lead-assign.licence_due_days"));
    let store = open::open(ui, Access::Read)?;
    let roster = store.roster().map_err(open::failure)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let today = ui.today();
    let judged: Vec<&StoredMember> = roster
        .members()
        .iter()
        .filter(|stored| stored.member.member_status == Some(MemberStatus::Active))
        .filter(|stored| roster.tells_licence(&stored.member))
        .collect();
    if !roster.is_empty() && !roster.tells_licences() {
        ui.note(match ui.lang() {
            Lang::En => "no roster has brought licences yet, so none is due",
            Lang::Zh => "名册中没有证件信息，无法判断到期",
        });
    }
    let mut due: Vec<(Due, &StoredMember)> = judged
        .iter()
        .filter_map(|stored| Some((Due::of(stored, today, within)?, *stored)))
        .collect();
    due.sort_by_key(|(due, stored)| (due.days, stored.key.clone()));
    for (due, stored) in &due {
        let own = |field| shown(field, &stored.member);
        spool.push(&json!({
            "member_id": own(MemberField::MemberId), "member_key": stored.key,
            "member_full_name": own(MemberField::MemberFullName),
            "office_name": own(MemberField::OfficeName), "licence": own(MemberField::Licence),
            "licence_expires": own(MemberField::LicenceExpires), "state": due.state, "days": due.days,
        }))?;
    }
    spool.deliver(destination, &Shape::new(COLUMNS))?;
    let count = |state: &str| due.iter().filter(|(due, _)| due.state == state).count() as u64;
    Summary::new(judged.len() as u64, 0)
        .count("missing", count("missing"))
        .count("expired", count("expired"))
        .count("expiring", count("expiring"))
        .give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// Why a member is due, and how many days are left; none where there never was a licence.
struct Due {
    state: &'static str,
    days: Option<i32>,
}

impl Due {
    fn of(stored: &StoredMember, today: Date, within: i64) -> Option<Self> {
        let member = &stored.member;
        let Some(last) = member.licence_expires else {
            let missing = member.licence.is_empty();
            return missing.then_some(Due {
                state: "missing",
                days: None,
            });
        };
        let horizon = today.saturating_add(within.clamp(0, 100_000).days());
        (last <= horizon).then(|| Due {
            state: if last < today { "expired" } else { "expiring" },
            days: Some((last - today).get_days()),
        })
    }
}
