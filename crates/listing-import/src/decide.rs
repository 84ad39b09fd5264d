//! What a person decides of what waits, and what follows: a listing is offered again, stays off or is
//! withdrawn for good, a correction is written, a pair of listings is one home or two.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use cli::schema::{SchemaField, WireKind};
use cli::{RuleArgs, Ui, open};
use model::listing::Listing;
use model::rule::Lang;
use serde_json::{Map, Value, json};
use store::{Correction, PairStatus, Question, Roster, Run, Store, StoredListing};

use crate::agents::Agents;
use crate::emit::present;
use crate::locked::Wanted;
use crate::queue;
use crate::settings::Rulebook;
use crate::standing::{self, Decision, Judgement};
use crate::stock::{self, Stock};
use crate::subject::{Refusal, Subject, Verdict, subject};

/// What a record of decisions says, in order.
pub(crate) const FIELDS: [SchemaField<'static>; 15] = [
    ("source", WireKind::Text, "File the decision is from"),
    ("line", WireKind::Integer, "Line there"),
    ("queue_key", WireKind::Text, "Key of what was decided"),
    (
        "kind",
        WireKind::OneOf(&["listing", "correction", "pair"]),
        "What it is",
    ),
    (
        "listing_id",
        WireKind::Text,
        "Id of the listing at its source",
    ),
    ("listing_key", WireKind::Text, "Key of the listing"),
    ("decision", WireKind::Text, "The decision"),
    (
        "action",
        WireKind::OneOf(&["decided", "repeated", "refused"]),
        "What became of it",
    ),
    (
        "frozen",
        WireKind::Flag,
        "Whether the listing is kept from being offered now",
    ),
    (
        "standard_status",
        WireKind::Text,
        "RESO StandardStatus of the listing now",
    ),
    ("home_key", WireKind::Text, "Key of the home it offers now"),
    ("member_key", WireKind::Text, "Agent whose credit it costs"),
    ("points", WireKind::Integer, "Points it costs"),
    ("problem", WireKind::Text, "Why it was not taken"),
    (
        "leads",
        WireKind::Objects,
        "Who saw or matched the home: lead_key, member_key, event, at",
    ),
];

/// Hundredths of a point.
const POINT: i64 = 100;

/// Takes decisions in a run.
pub(crate) struct Decider<'r, 's> {
    run: &'r mut Run<'s>,
    lang: Lang,
    /// Points for a false listing.
    points: i64,
    pub(crate) counts: Counts,
    /// The roster, once somebody's agent was looked for.
    roster: Option<Roster>,
    /// Keys of agents by system and id.
    members: HashMap<(String, String), String>,
    /// Homes whose leads are owed an explanation.
    homes: HashSet<String>,
    /// Listings that may be another home now, and what they were before, where they changed.
    again: BTreeMap<u32, Option<Box<Listing>>>,
}

/// What was decided, counted.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    approved: u64,
    declined: u64,
    withdrawn: u64,
    same: u64,
    different: u64,
}

impl Counts {
    pub(crate) fn named(&self) -> [(&'static str, u64); 5] {
        [
            ("approved", self.approved),
            ("declined", self.declined),
            ("withdrawn", self.withdrawn),
            ("same", self.same),
            ("different", self.different),
        ]
    }
}

impl<'r, 's> Decider<'r, 's> {
    pub(crate) fn new(run: &'r mut Run<'s>, lang: Lang, points: i64) -> Self {
        Decider {
            run,
            lang,
            points,
            counts: Counts::default(),
            roster: None,
            members: HashMap::new(),
            homes: HashSet::new(),
            again: BTreeMap::new(),
        }
    }

    /// The store, as the run would leave it.
    pub(crate) fn store(&self) -> &Store {
        self.run.store()
    }

    /// Takes one decision; the record tells what it came to.
    pub(crate) fn decide(
        &mut self,
        key: &str,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Result<Result<Map<String, Value>, Refusal>> {
        match subject(self.run.store(), key)? {
            Some(Subject::Listing(stored)) => self.judge(&stored, verdict, reason),
            Some(Subject::Correction(correction)) => self.correct(&correction, verdict, reason),
            Some(Subject::Pair(pair)) => self.pair(&pair, verdict, reason),
            None => Ok(Err(Refusal::Unknown(key.to_owned()))),
        }
    }

    fn judge(
        &mut self,
        stored: &StoredListing,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Result<Result<Map<String, Value>, Refusal>> {
        let decision = match verdict {
            Verdict::Approve => Decision::Approved,
            Verdict::Reject => Decision::Rejected,
            Verdict::False => Decision::False,
            Verdict::Same | Verdict::Different => {
                return Ok(Err(Refusal::OutOfPlace(
                    verdict,
                    self.word("listing", "房源"),
                )));
            }
        };
        let findings = queue::findings(stored);
        let before = Judgement::parse(&stored.judgement);
        let stands = standing::standing(&findings, before.as_ref(), stored.content_hash);
        let is_false = before
            .as_ref()
            .is_some_and(|before| before.decision == Decision::False);
        // That a listing is false may turn out at any time.
        if is_false || (!stands.open && decision != Decision::False) {
            return Ok(Err(match before {
                Some(_) => self.decided(&stored.key)?,
                None => Refusal::NotWaiting(stored.key.clone()),
            }));
        }
        if decision != Decision::Approved && reason.is_none() {
            return Ok(Err(Refusal::NoReason));
        }
        let judgement = Judgement::of(decision, stored.content_hash, &findings);
        let stands = standing::standing(&findings, Some(&judgement), stored.content_hash);
        let kept = serde_json::to_string(&judgement)?;
        self.run
            .judge_listing(&stored.key, &kept, stands.frozen, stands.held, reason)
            .map_err(open::failure)?;
        let codes: Vec<&str> = judgement
            .findings
            .iter()
            .map(|finding| &*finding.0)
            .collect();
        self.log(verdict, &stored.key, reason, json!(codes))?;
        let mut credit = None;
        match decision {
            Decision::Approved => self.counts.approved += 1,
            Decision::Rejected => self.counts.declined += 1,
            Decision::False => {
                self.counts.withdrawn += 1;
                self.run
                    .withdraw_listing(&stored.key, reason)
                    .map_err(open::failure)?;
                credit = self.deduct(stored)?;
                self.homes.insert(stored.home_key.clone());
                self.again
                    .insert(stored.id(), Some(Box::new(stored.listing.clone())));
            }
        }
        let mut record = self.record(&stored.key, verdict, &stored.key)?;
        record.insert("kind".to_owned(), json!("listing"));
        if let Some((member, points)) = credit {
            record.insert("member_key".to_owned(), json!(member));
            record.insert("points".to_owned(), json!(points));
        }
        Ok(Ok(record))
    }

    /// Enters the points that a false listing costs its agent.
    fn deduct(&mut self, stored: &StoredListing) -> Result<Option<(String, i64)>> {
        let listing = &stored.listing;
        if listing.list_agent_id.is_empty() || self.points == 0 {
            return Ok(None);
        }
        let member = self.member(listing)?;
        let hundredths = self.points.saturating_mul(POINT);
        self.run
            .enter_credit(&member, hundredths, "false-listing", &stored.key)
            .map_err(open::failure)?;
        let payload =
            json!({ "points": self.points, "cause": "false-listing", "evidence": stored.key });
        self.run
            .decide("credit", &member, &payload.to_string())
            .map_err(open::failure)?;
        Ok(Some((member, self.points)))
    }

    /// The key of a listing's agent; one that no roster has brought comes into being.
    fn member(&mut self, listing: &Listing) -> Result<String> {
        let system = &listing.originating_system_name;
        let agent = (system.clone(), listing.list_agent_id.clone());
        if let Some(known) = self.members.get(&agent) {
            return Ok(known.clone());
        }
        let roster = match self.roster.take() {
            Some(roster) => roster,
            None => self.run.store().roster().map_err(open::failure)?,
        };
        let key = match roster.find(system, &listing.list_agent_id) {
            Some(member) => member.key.clone(),
            None => self
                .run
                .new_member(
                    system,
                    &listing.list_agent_id,
                    &listing.list_agent_full_name,
                )
                .map_err(open::failure)?,
        };
        self.roster = Some(roster);
        self.members.insert(agent, key.clone());
        Ok(key)
    }

    fn correct(
        &mut self,
        correction: &Correction,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Result<Result<Map<String, Value>, Refusal>> {
        let approved = match verdict {
            Verdict::Approve => true,
            Verdict::Reject => false,
            other => {
                let what = self.word("correction", "修改申请");
                return Ok(Err(Refusal::OutOfPlace(other, what)));
            }
        };
        if correction.status != "pending" {
            return Ok(Err(self.decided(&correction.key)?));
        }
        if !approved && reason.is_none() {
            return Ok(Err(Refusal::NoReason));
        }
        let wanted = Wanted::parse(&correction.changes, &correction.private);
        let mut listing = Listing::default();
        let fields = wanted.apply(&mut listing);
        let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        self.log(verdict, &correction.key, reason, json!(names))?;
        let status = if approved { "approved" } else { "rejected" };
        self.run
            .close_correction(correction, status, reason)
            .map_err(open::failure)?;
        if approved {
            self.counts.approved += 1;
            let why = reason.or(correction.reason.as_deref());
            let before = self.run.store().listing(&correction.listing_key, true);
            if let Some(before) = before.map_err(open::failure)? {
                self.again
                    .insert(before.id(), Some(Box::new(before.listing)));
            }
            self.run
                .correct_listing(&correction.listing_key, &listing, &fields, why)
                .map_err(open::failure)?;
        } else {
            self.counts.declined += 1;
        }
        let mut record = self.record(&correction.key, verdict, &correction.listing_key)?;
        record.insert("kind".to_owned(), json!("correction"));
        if let Some(home) = record["home_key"].as_str().filter(|_| approved) {
            self.homes.insert(home.to_owned());
        }
        Ok(Ok(record))
    }

    fn pair(
        &mut self,
        pair: &Question,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Result<Result<Map<String, Value>, Refusal>> {
        let (verdict, status) = match verdict {
            Verdict::Approve | Verdict::Same => (Verdict::Same, PairStatus::Same),
            Verdict::Reject | Verdict::Different => (Verdict::Different, PairStatus::Different),
            Verdict::False => {
                let what = self.word("pair of listings", "房源对");
                return Ok(Err(Refusal::OutOfPlace(verdict, what)));
            }
        };
        if pair.pair.status != PairStatus::Pending {
            return Ok(Err(self.decided(&pair.key)?));
        }
        self.run
            .set_pair_status(&pair.pair, status)
            .map_err(open::failure)?;
        for id in [pair.pair.a, pair.pair.b] {
            self.again.entry(id).or_default();
        }
        self.log(verdict, &pair.key, reason, json!(pair.listing_keys))?;
        *(match verdict {
            Verdict::Same => &mut self.counts.same,
            _ => &mut self.counts.different,
        }) += 1;
        let mut record = self.record(&pair.key, verdict, &pair.listing_keys[0])?;
        record.insert("kind".to_owned(), json!("pair"));
        Ok(Ok(record))
    }

    /// Enters the decision in the log.
    fn log(
        &mut self,
        verdict: Verdict,
        key: &str,
        reason: Option<&str>,
        about: Value,
    ) -> Result<()> {
        let payload = json!({ "about": about, "reason": reason });
        self.run
            .decide(verdict.as_str(), key, &payload.to_string())
            .map_err(open::failure)?;
        Ok(())
    }

    /// The refusal of what was decided before, with the run that did it.
    fn decided(&self, key: &str) -> Result<Refusal> {
        let decisions = self.run.store().decisions(key).map_err(open::failure)?;
        let last = decisions
            .iter()
            .rev()
            .find(|decision| Verdict::parse(&decision.kind).is_some());
        Ok(Refusal::Decided(match (last, self.lang) {
            (Some(last), Lang::En) => format!("{}, run {}", last.kind, last.run),
            (Some(last), Lang::Zh) => format!("{}，第 {} 次运行", last.kind, last.run),
            (None, _) => "-".to_owned(),
        }))
    }

    fn word(&self, en: &'static str, zh: &'static str) -> &'static str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// What the listing of a decision is now.
    fn record(&self, key: &str, verdict: Verdict, listing_key: &str) -> Result<Map<String, Value>> {
        let mut record = empty_record();
        let mut set = |name: &str, value: Value| record.insert(name.to_owned(), value);
        set("queue_key", json!(key));
        set("listing_key", json!(listing_key));
        set("decision", json!(verdict.as_str()));
        set("action", json!("decided"));
        let stored = self.run.store().listing(listing_key, false);
        if let Some(stored) = stored.map_err(open::failure)? {
            let status = stored.listing.standard_status;
            set("listing_id", json!(present(&stored.listing.listing_id)));
            set("frozen", json!(stored.frozen));
            set(
                "standard_status",
                json!(status.map(|status| status.as_str())),
            );
            set("home_key", json!(stored.home_key));
        }
        Ok(record)
    }

    /// Groups the homes again that were decided about, and brings the records up to date.
    pub(crate) fn regroup(&mut self, ui: &Ui, records: &mut [Map<String, Value>]) -> Result<()> {
        if self.again.is_empty() {
            return Ok(());
        }
        let rulebook = Rulebook::new(&RuleArgs::default(), ui)?;
        let mut stock = Stock::new(stock::Settings::new(&ui.config())?, self.run)?;
        let again: Vec<_> = std::mem::take(&mut self.again).into_iter().collect();
        stock.look_again(self.run, &again)?;
        let agents = Agents::new(self.run.store(), ui.today())?;
        stock.finish(self.run, &rulebook, &agents, &mut |_, _| Ok(()))?;
        for record in records {
            let Some(key) = record["listing_key"].as_str() else {
                continue;
            };
            let stored = self.run.store().listing(key, false);
            if let Some(stored) = stored.map_err(open::failure)? {
                record.insert("frozen".to_owned(), json!(stored.frozen));
                record.insert("home_key".to_owned(), json!(stored.home_key));
            }
        }
        Ok(())
    }

    /// The leads that saw or matched a home of which it turned out that something was wrong: they are owed an
    /// explanation by their agents. Adds them to the records, and returns how many there are.
    pub(crate) fn tell_leads(&self, records: &mut [Map<String, Value>]) -> Result<usize> {
        let seen = self
            .run
            .store()
            .seen(&self.homes, &is_interest)
            .map_err(open::failure)?;
        let mut leads: BTreeMap<&str, Value> = BTreeMap::new();
        let mut distinct = HashSet::new();
        for (home, events) in &seen {
            let events = events.iter().map(|seen| {
                distinct.insert(&seen.lead_key);
                let at = model::jiff::Timestamp::from_microsecond(seen.at).ok();
                json!({
                    "lead_key": seen.lead_key, "member_key": seen.member_key, "event": seen.event,
                    "at": at.map(|at| at.to_string()),
                })
            });
            leads.insert(home, events.collect());
        }
        for record in records {
            let owed = match record["kind"].as_str() {
                Some("correction") => record["decision"] == "approve",
                _ => record["decision"] == "false",
            };
            let home = record["home_key"].as_str().filter(|_| owed);
            if let Some(leads) = home.and_then(|home| leads.get(home)) {
                record.insert("leads".to_owned(), leads.clone());
            }
        }
        Ok(distinct.len())
    }
}

/// Whether a lead with such an event saw the home, asked for it, or was matched with it.
fn is_interest(event: &str) -> bool {
    event.starts_with("showing")
        || matches!(
            event,
            "view" | "viewed" | "inquiry" | "favourite" | "favorite" | "matched"
        )
}

/// A record with every column and nothing in them.
pub(crate) fn empty_record() -> Map<String, Value> {
    let mut record: Map<String, Value> = FIELDS
        .iter()
        .map(|(name, ..)| ((*name).to_owned(), Value::Null))
        .collect();
    record.insert("leads".to_owned(), json!([]));
    record
}
