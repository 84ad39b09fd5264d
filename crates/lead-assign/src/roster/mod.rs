//! `roster`: agents and offices, from any table that lists them.

mod emit;
mod feed;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use cli::open::{self, Access};
use cli::{Allowance, Destination, Failure, Outcome, Shape, Spool, Summary, Ui};
use model::codes::MemberStatus;
use model::field::Storage;
use model::identity::{PublicKey, member_key, office_key};
use model::member::{Member, MemberField};
use model::office::{Office, OfficeField};
use model::rule::{Effect, Lang};
use serde_json::json;
use store::{Action, RejectWrite, Run};

use crate::args::{Args, Emit, MEANINGLESS, RosterArgs};
use emit::{CHANGE_COLUMNS, CHANGE_TABLE, Change, member_columns};
use feed::{Feed, Row};

pub(crate) use emit::shown;

/// Loads the rosters.
pub(crate) fn run(args: &Args, roster: &RosterArgs, ui: &mut Ui) -> Result<Outcome> {
    if let Some(number) = roster.replay.replay {
        return replay(args, number, ui);
    }
    check(args, roster)?;
    let most = match roster.max_inactive {
        Some(most) => most,
        None => Allowance::parse(ui.config().text("lead-assign.max_inactive"))
            .map_err(Failure::usage)?,
    };
    let mut feeds = Vec::new();
    for name in &roster.input.inputs {
        feeds.push(Feed::read(&roster.input, name, ui)?);
    }
    let destination = Destination::open(ui, &args.output)?;
    if roster.input.show_mapping {
        return feed::show_mapping(&feeds, destination);
    }
    let read: u64 = feeds.iter().map(|feed| feed.rows.len() as u64).sum();
    let rejected = feeds
        .iter()
        .flat_map(|feed| &feed.rows)
        .filter(|row| row.read.is_rejected());
    let rejected = rejected.count() as u64;
    if let Some(allowed) = roster.rejects.max_rejects
        && allowed.is_exceeded(rejected, read)
    {
        return Err(Failure::gate(format!(
            "{rejected} of {read} rows were rejected, more than --max-rejects allows; nothing was changed"
        ))
        .into());
    }
    feed::write_rejects(&roster.rejects, &feeds, ui.lang())?;
    let mut loading = Loading {
        emit: roster.emit.unwrap_or(Emit::Changes),
        lang: ui.lang(),
        spool: destination.spool()?,
        counts: Counts {
            read,
            rejected,
            ..Counts::default()
        },
    };
    if read == 0 {
        ui.note("the input holds no member, so nothing was done");
        return loading.finish(args, None, destination, ui);
    }
    let mut store = open::for_writing(args.store.dry_run, ui)?;
    let mut run = store
        .store
        .begin(open::start(ui, "roster", ""))
        .map_err(open::failure)?;
    let superseded = superseded(&feeds);
    loading.counts.offices = store_offices(&feeds, &mut run)?;
    for (number, feed) in feeds.iter().enumerate() {
        ui.check_interrupt()?;
        let input = run.input(feed.start.clone()).map_err(open::failure)?;
        for (at, row) in feed.rows.iter().enumerate() {
            let by = superseded.get(&(number, at)).copied();
            loading.take(feed, row, by, input, &mut run)?;
        }
        run.close_input(input, &feed.hash, feed.rows.len() as u64)
            .map_err(open::failure)?;
    }
    if roster.full {
        loading.retire(&feeds, most, &mut run)?;
    }
    let counts = loading.counts.json().to_string();
    run.decide("roster", "", &counts).map_err(open::failure)?;
    let number = run.number();
    ui.check_interrupt()?;
    run.commit(&counts, "done").map_err(open::failure)?;
    loading.finish(args, Some(number), destination, ui)
}

/// Prints a past load's records again.
fn replay(args: &Args, number: i64, ui: &Ui) -> Result<Outcome> {
    let store = open::open(ui, Access::Read)?;
    let run = store.run(number).map_err(open::failure)?;
    if run.tool != ui.tool() {
        let other = format!("run {number} is one of {}, not of {}", run.tool, ui.tool());
        return Err(Failure::failed(other).into());
    }
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let mut lines = Vec::new();
    store.replay(number, &mut lines).map_err(open::failure)?;
    for line in std::str::from_utf8(&lines)?.lines() {
        spool.push_raw(line)?;
    }
    spool.deliver(destination, &Shape::new(CHANGE_COLUMNS).table(CHANGE_TABLE))?;
    Ok(Outcome::Done)
}

/// Refuses what has no meaning here, instead of passing over it.
fn check(args: &Args, roster: &RosterArgs) -> Result<(), Failure> {
    let input = &roster.input;
    input.check()?;
    if input.inputs.is_empty() {
        let failure = Failure::usage("no roster is named");
        return Err(failure
            .hint("name a file, or `-` for standard input")
            .with_short_help());
    }
    if args.output.reveal {
        let failure = Failure::usage("`roster` shows members' private contacts to nobody");
        return Err(failure.hint("leave out --reveal"));
    }
    let given = [
        !input.unit.is_empty(),
        input.currency.is_some(),
        input.area_unit.is_some(),
    ];
    if let Some((flag, _)) = MEANINGLESS.iter().zip(given).find(|(_, given)| *given) {
        let flag = flag.replace('_', "-");
        return Err(Failure::usage(format!(
            "`--{flag}` says nothing about a roster"
        )));
    }
    cli::keep_apart(&input.inputs, &args.output, &roster.rejects, &args.run)
}

/// Of several rows about one member the last counts: for each of the others, the line of that one.
fn superseded(feeds: &[Feed]) -> BTreeMap<(usize, usize), u64> {
    let mut superseded = BTreeMap::new();
    let mut last: BTreeMap<PublicKey, u64> = BTreeMap::new();
    for (number, feed) in feeds.iter().enumerate().rev() {
        for (at, row) in feed.rows.iter().enumerate().rev() {
            if row.read.is_rejected() {
                continue;
            }
            let key = key(&row.read.member);
            match last.get(&key) {
                Some(line) => {
                    superseded.insert((number, at), *line);
                }
                None => {
                    last.insert(key, row.record.line());
                }
            }
        }
    }
    superseded
}

fn key(member: &Member) -> PublicKey {
    member_key(
        &member.originating_system_name,
        &member.originating_system_key,
    )
}

fn office_key_of(office: &Office) -> PublicKey {
    office_key(
        &office.originating_system_name,
        &office.originating_system_key,
    )
}

/// Stores the offices that members are of, each once; says how many were new or changed. What one row leaves out of
/// an office another may tell, and where two differ the later counts.
fn store_offices(feeds: &[Feed], run: &mut Run<'_>) -> Result<u64> {
    let mut offices: BTreeMap<PublicKey, Office> = BTreeMap::new();
    let rows = feeds.iter().flat_map(|feed| &feed.rows);
    for office in rows
        .filter(|row| !row.read.is_rejected())
        .filter_map(|row| row.read.office())
    {
        let known = offices.entry(office_key_of(&office)).or_default();
        for field in OfficeField::ALL {
            let value = office.get(*field);
            if !value.is_null() {
                known.set(*field, value);
            }
        }
    }
    let mut changed = 0;
    for office in offices.values() {
        let (_, action) = run.upsert_office(office).map_err(open::failure)?;
        changed += u64::from(action != Action::Unchanged);
    }
    Ok(changed)
}

/// What a roster comes to.
#[derive(Default)]
struct Counts {
    read: u64,
    rejected: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    inactive: u64,
    offices: u64,
    repeated: u64,
}

impl Counts {
    fn json(&self) -> serde_json::Value {
        json!({
            "read": self.read, "rejected": self.rejected, "new": self.new, "changed": self.changed,
            "unchanged": self.unchanged, "inactive": self.inactive, "offices": self.offices, "repeated": self.repeated,
        })
    }
}

/// A roster on its way into the store.
struct Loading {
    emit: Emit,
    lang: Lang,
    spool: Spool,
    counts: Counts,
}

impl Loading {
    /// Stores what a row says, or notes why it says nothing.
    fn take(
        &mut self,
        feed: &Feed,
        row: &Row,
        superseded_by: Option<u64>,
        input: i64,
        run: &mut Run<'_>,
    ) -> Result<()> {
        let mut change = Change {
            source: Some(&feed.start.source),
            line: Some(row.record.line()),
            member: &row.read.member,
            member_key: None,
            office_key: None,
            action: "rejected",
            superseded_by,
            findings: &row.read.findings,
        };
        if row.read.is_rejected() {
            self.refuse(feed, row, input, run)?;
            return self.tell(&change, run);
        }
        let key = key(&row.read.member);
        change.member_key = Some(key.as_str());
        if superseded_by.is_some() {
            self.counts.repeated += 1;
            self.counts.unchanged += 1;
            change.action = Action::Unchanged.as_str();
            return self.tell(&change, run);
        }
        let mut office = row.read.office().map(|office| office_key_of(&office));
        let mut member = row.read.member.clone();
        if let Some(stored) = run.store().member(key.as_str()).map_err(open::failure)? {
            let given = feed.given();
            keep(&mut member, &stored.member, &given);
            let names_office = |field: &MemberField| {
                matches!(field, MemberField::OfficeId | MemberField::OfficeName)
            };
            if !given.iter().any(names_office) {
                office = office.or(stored.office_key.as_deref().and_then(PublicKey::parse));
            }
        }
        let (_, action) = run
            .upsert_member(&member, office.as_ref())
            .map_err(open::failure)?;
        *(match action {
            Action::New => &mut self.counts.new,
            Action::Changed => &mut self.counts.changed,
            Action::Unchanged => &mut self.counts.unchanged,
        }) += 1;
        change.member = &member;
        change.office_key = office.as_ref().map(PublicKey::as_str);
        change.action = action.as_str();
        self.tell(&change, run)
    }

    fn refuse(&self, feed: &Feed, row: &Row, input: i64, run: &mut Run<'_>) -> Result<()> {
        let refusing = || {
            let findings = row.read.findings.iter();
            findings.filter(|finding| finding.effect == Effect::Reject)
        };
        let reason: Vec<String> = refusing()
            .map(|finding| finding.message(self.lang))
            .collect();
        run.reject(&RejectWrite {
            input,
            line: row.record.line(),
            reject_id: &feed.origin.reject_id(&row.record),
            rule: refusing().next().map_or("", |finding| finding.rule.code),
            field: refusing().find_map(|finding| finding.field),
            reason: &reason.join("; "),
        })
        .map_err(open::failure)?;
        Ok(())
    }

    /// Members of the systems of a full roster that no row names become inactive.
    fn retire(&mut self, feeds: &[Feed], most: Allowance, run: &mut Run<'_>) -> Result<()> {
        let rows = || feeds.iter().flat_map(|feed| &feed.rows);
        // A row that cannot be read is no reason to let its member go.
        let named: BTreeSet<PublicKey> = rows().map(|row| key(&row.read.member)).collect();
        let systems: BTreeSet<&str> = rows()
            .filter(|row| !row.read.is_rejected())
            .map(|row| row.read.member.originating_system_name.as_str())
            .collect();
        let roster = run.store().roster().map_err(open::failure)?;
        let active: Vec<_> = roster
            .members()
            .iter()
            .filter(|stored| {
                systems.contains(stored.member.originating_system_name.as_str())
                    && stored.member.member_status == Some(MemberStatus::Active)
            })
            .collect();
        let missing: Vec<_> = active
            .iter()
            .filter(|stored| !named.contains(&key(&stored.member)))
            .collect();
        if most.is_exceeded(missing.len() as u64, active.len() as u64) {
            return Err(Failure::gate(format!(
                "{} of {} active members are not in the roster; nothing was changed",
                missing.len(),
                active.len()
            ))
            .hint("if the roster is whole, allow it with --max-inactive")
            .into());
        }
        for stored in missing {
            run.set_member_status(&stored.key, MemberStatus::Inactive)
                .map_err(open::failure)?;
            self.counts.inactive += 1;
            let mut member = stored.member.clone();
            member.member_status = Some(MemberStatus::Inactive);
            let change = Change {
                source: None,
                line: None,
                member: &member,
                member_key: Some(&stored.key),
                office_key: stored.office_key.as_deref(),
                action: "inactive",
                superseded_by: None,
                findings: &[],
            };
            self.tell(&change, run)?;
        }
        Ok(())
    }

    fn tell(&mut self, change: &Change<'_>, run: &mut Run<'_>) -> Result<()> {
        let record = change.record(self.lang);
        run.record(&record.to_string()).map_err(open::failure)?;
        // What is refused is no member, and an earlier row not the one that counts.
        let counts = change.member_key.is_some() && change.superseded_by.is_none();
        match self.emit {
            Emit::Changes => _ = self.spool.push(&record)?,
            Emit::Members if counts => _ = self.spool.push(&change.whole())?,
            Emit::Members => {}
        }
        Ok(())
    }

    fn finish(
        self,
        args: &Args,
        run: Option<i64>,
        destination: Destination,
        ui: &mut Ui,
    ) -> Result<Outcome> {
        let Loading {
            emit,
            mut spool,
            counts,
            ..
        } = self;
        match emit {
            Emit::Changes => {
                spool.deliver(destination, &Shape::new(CHANGE_COLUMNS).table(CHANGE_TABLE))?
            }
            Emit::Members => spool.deliver(destination, &Shape::new(&member_columns()))?,
        }
        let mut summary = Summary::new(counts.read, counts.rejected).dry_run(args.store.dry_run);
        if let Some(run) = run.filter(|_| !args.store.dry_run) {
            summary = summary.run(run);
        }
        summary
            .count("new", counts.new)
            .count("changed", counts.changed)
            .count("unchanged", counts.unchanged)
            .count("inactive", counts.inactive)
            .count("offices", counts.offices)
            .count("repeated", counts.repeated)
            .give(ui, &args.run)?;
        Ok(Outcome::Done)
    }
}

/// Keeps what is stored of fields that the file has no column for, and private values that a row leaves out or masks.
fn keep(member: &mut Member, stored: &Member, given: &[MemberField]) {
    for field in MemberField::ALL {
        let private = field.field().storage == Storage::Sealed;
        let says = given.contains(field) && !private;
        if !says && member.get(*field).is_null() {
            member.set(*field, stored.get(*field));
        }
    }
}
