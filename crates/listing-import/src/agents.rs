//! The agents behind listings: whose licence is missing or has expired, and who may not promote for a time.
//!
//! What an import found wrong with agents is kept, so that the next one judges the listings of those with whom
//! something has changed: by a roster, by a bar, or by time alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use cli::open;
use model::identity::PublicKey;
use model::jiff::ToSpan;
use model::jiff::civil::Date;
use model::listing::ListingField;
use model::member::Member;
use model::packed::PackedListing;
use model::rule::Finding;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Action, PromotionBar, Roster, Run, Store, StoredMember, Upserted};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::rules;
use crate::standing::kept;

/// Name under which the store keeps what was wrong with agents.
const KEPT: &str = "listing-import.agents";

/// What is known of agents on a day.
#[derive(Debug, Default)]
pub(crate) struct Agents {
    roster: Roster,
    bars: Vec<PromotionBar>,
    /// By agent, the bar in force that ends last.
    barred: BTreeMap<Agent, usize>,
    today: Date,
}

/// An agent: a member's key, or, where no roster knows it, its system and its id there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Agent {
    Member(String),
    Unknown(String, String),
}

/// Something that is wrong with an agent, and every way to write the agent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Trouble {
    rule: String,
    written: Vec<String>,
    /// What exactly, so that a change of it is seen, too.
    #[serde(default)]
    detail: String,
}

impl Agents {
    /// Reads roster and bars.
    pub(crate) fn new(store: &Store, today: Date) -> Result<Self> {
        let mut agents = Agents {
            roster: store.roster().map_err(open::failure)?,
            bars: store.promotion_bars().map_err(open::failure)?,
            barred: BTreeMap::new(),
            today,
        };
        agents.find_barred();
        Ok(agents)
    }

    /// The day.
    pub(crate) fn today(&self) -> Date {
        self.today
    }

    fn find_barred(&mut self) {
        self.barred.clear();
        for (place, bar) in self.bars.iter().enumerate() {
            if bar.holds_on(self.today) {
                let agent = self.agent(&bar.system, &bar.agent);
                let known = self.barred.get(&agent).copied();
                if known.is_none_or(|known| self.bars[known].ends_on <= bar.ends_on) {
                    self.barred.insert(agent, place);
                }
            }
        }
    }

    fn agent(&self, system: &str, written: &str) -> Agent {
        match self.roster.find(system, written) {
            Some(stored) => Agent::Member(stored.key.clone()),
            None => Agent::Unknown(system.to_owned(), written.to_owned()),
        }
    }

    /// The member a listing's agent is, where a roster knows it.
    pub(crate) fn member(&self, system: &str, written: &str) -> Option<&StoredMember> {
        self.roster.find(system, written)
    }

    /// Whether the store has a roster at all.
    pub(crate) fn has_roster(&self) -> bool {
        !self.roster.is_empty()
    }

    /// Whether a roster tells licences: without one, nobody's can be missing.
    pub(crate) fn tell_licences(&self) -> bool {
        self.roster.tells_licences()
    }

    /// What is wrong with the licence of a listing's agent.
    pub(crate) fn licence_fault(&self, system: &str, written: &str) -> Option<String> {
        self.fault_of(&self.roster.find(system, written)?.member)
    }

    fn fault_of(&self, member: &Member) -> Option<String> {
        // Whom no roster has brought has no status.
        if member.member_status.is_none() || !self.roster.tells_licence(member) {
            return None;
        }
        match member.licence_expires {
            Some(last) if last < self.today => {
                Some(format!("{}: expired {last}", member.member_id))
            }
            _ if member.licence.is_empty() => Some(format!("{}: no licence", member.member_id)),
            _ => None,
        }
    }

    /// The bar in force of a listing's agent.
    pub(crate) fn bar(&self, system: &str, written: &str) -> Option<&PromotionBar> {
        if self.barred.is_empty() {
            return None;
        }
        let place = self.barred.get(&self.agent(system, written))?;
        self.bars.get(*place)
    }

    /// Whether something is wrong with a listing's agent.
    pub(crate) fn concern(&self, listing: PackedListing<'_>) -> bool {
        if self.roster.is_empty() && self.barred.is_empty() {
            return false;
        }
        let written = listing.text(ListingField::ListAgentId);
        let system = listing.text(ListingField::OriginatingSystemName);
        !written.is_empty()
            && (self.licence_fault(system, written).is_some()
                || is_promoted(listing) && self.bar(system, written).is_some())
    }

    /// Bars the agents of listings in which a tag has come to contradict a fact, each once; says how many bars are
    /// new.
    pub(crate) fn bar_misuse(
        &mut self,
        misuse: &Misuse,
        days: i64,
        run: &mut Run<'_>,
    ) -> Result<u64> {
        let ends_on = self.today.saturating_add(days.clamp(0, 100_000).days());
        let mut new = 0;
        let mut agents: Vec<&Claims> = misuse.by_agent.values().collect();
        agents.sort_unstable_by_key(|claims| (&claims.system, &claims.agent));
        for claims in agents {
            let Some((listing_key, rule)) = first_new(claims, run)? else {
                continue;
            };
            let bar = PromotionBar {
                system: claims.system.clone(),
                agent: claims.agent.clone(),
                starts_on: self.today,
                ends_on,
                listing_key,
                rule,
            };
            if run.bar_promotion(&bar).map_err(open::failure)? {
                let payload = json!({
                    "bar_key": bar.key().as_str(), "originating_system_name": bar.system, "member_id": bar.agent,
                    "from": bar.starts_on.to_string(), "to": bar.ends_on.to_string(), "rule": bar.rule,
                });
                run.decide("promotion-bar", &bar.listing_key, &payload.to_string())
                    .map_err(open::failure)?;
                self.bars.push(bar);
                new += 1;
            }
        }
        self.find_barred();
        Ok(new)
    }

    /// The listings of agents with whom something is wrong that was not before, or no longer is. What is wrong now
    /// is kept for the next time.
    pub(crate) fn changed(&self, run: &mut Run<'_>) -> Result<BTreeSet<u32>> {
        let now = self.troubles();
        let kept = run.store().setting(KEPT).map_err(open::failure)?;
        let before: Option<BTreeSet<Trouble>> =
            kept.and_then(|kept| serde_json::from_str(&kept).ok());
        let mut listings = BTreeSet::new();
        let changed: Vec<&Trouble> = match &before {
            Some(before) => before.symmetric_difference(&now).collect(),
            // Each row was looked at when it came.
            None if run.is_first_load() => Vec::new(),
            None => {
                // What was wrong is not known, but where it was found is.
                for rule in ["L741", "L742"] {
                    listings.extend(run.listings_with_finding(rule).map_err(open::failure)?);
                }
                now.iter().collect()
            }
        };
        listings.extend(listings_of(changed, run)?);
        if before.as_ref() != Some(&now) {
            run.set_setting(KEPT, &serde_json::to_string(&now)?)
                .map_err(open::failure)?;
        }
        Ok(listings)
    }

    /// The listings of every agent with whom something is wrong.
    pub(crate) fn concerned(&self, run: &mut Run<'_>) -> Result<BTreeSet<u32>> {
        listings_of(&self.troubles(), run)
    }

    fn troubles(&self) -> BTreeSet<Trouble> {
        let ids = |stored: &StoredMember| {
            let member = &stored.member;
            let ids = [
                &stored.key,
                &member.member_id,
                &member.originating_system_key,
            ];
            let ids: BTreeSet<&String> = ids.into_iter().collect();
            ids.into_iter().cloned().collect::<Vec<String>>()
        };
        let members = self.roster.members().iter();
        let faulty = members.filter_map(|stored| Some((stored, self.fault_of(&stored.member)?)));
        let licences = faulty.map(|(stored, detail)| Trouble {
            rule: "L741".to_owned(),
            written: ids(stored),
            detail,
        });
        let bars = self.barred.values().map(|place| {
            let bar = &self.bars[*place];
            let member = self.roster.find(&bar.system, &bar.agent);
            Trouble {
                rule: "L742".to_owned(),
                written: member.map_or_else(|| vec![bar.agent.clone()], ids),
                detail: format!("{} {}", bar.system, bar.ends_on),
            }
        });
        licences.chain(bars).collect()
    }
}

fn listings_of<'a>(
    troubles: impl IntoIterator<Item = &'a Trouble>,
    run: &mut Run<'_>,
) -> Result<BTreeSet<u32>> {
    let written: BTreeSet<&String> = troubles
        .into_iter()
        .flat_map(|trouble| &trouble.written)
        .collect();
    let mut listings = BTreeSet::new();
    for written in written {
        listings.extend(run.listings_of_agent(written).map_err(open::failure)?);
    }
    Ok(listings)
}

/// Listings of a run in which a tag contradicts a fact, and promoted ones, by agent.
#[derive(Debug, Default)]
pub(crate) struct Misuse {
    /// By a hash of system and agent.
    by_agent: HashMap<u64, Claims>,
    promoted: Vec<(u32, String, String)>,
}

/// The listings of one agent in which a tag contradicts a fact.
#[derive(Debug, Default)]
struct Claims {
    system: String,
    agent: String,
    /// Of those that the run brought, the first by key, and the rule.
    new: Option<(PublicKey, &'static str)>,
    /// Some of those that the run changed: it may have been so before.
    changed: Vec<u32>,
}

/// Changed listings kept of one agent: one new misuse is enough, and these are looked at for it.
const MOST_KEPT: usize = 16;

impl Misuse {
    /// Notes a row that was written.
    pub(crate) fn note(
        &mut self,
        upserted: &Upserted,
        listing: PackedListing<'_>,
        findings: &[Finding],
    ) {
        let agent = listing.text(ListingField::ListAgentId);
        if agent.is_empty() {
            return;
        }
        let system = listing.text(ListingField::OriginatingSystemName);
        if is_promoted(listing) {
            let promoted = (upserted.id, system.to_owned(), agent.to_owned());
            self.promoted.push(promoted);
        }
        let claim = findings
            .iter()
            .find(|finding| rules::is_claim(finding.rule.code));
        let Some(claim) = claim else {
            return;
        };
        let hash = xxh3_64_with_seed(agent.as_bytes(), xxh3_64(system.as_bytes()));
        let claims = self.by_agent.entry(hash).or_insert_with(|| Claims {
            system: system.to_owned(),
            agent: agent.to_owned(),
            ..Claims::default()
        });
        match upserted.action {
            Action::New => {
                let this = (upserted.key, claim.rule.code);
                let first = claims.new.get_or_insert(this);
                *first = this.min(*first);
            }
            _ if claims.changed.len() < MOST_KEPT => claims.changed.push(upserted.id),
            _ => {}
        }
    }

    /// The promoted listings among the rows whose agents are barred now.
    pub(crate) fn barred<'a>(&'a self, agents: &'a Agents) -> impl Iterator<Item = u32> + 'a {
        let barred =
            |(id, system, agent): &(u32, String, String)| agents.bar(system, agent).map(|_| *id);
        self.promoted.iter().filter_map(barred)
    }
}

/// Whether a listing is promoted.
fn is_promoted(listing: PackedListing<'_>) -> bool {
    let promoted = |(field, value)| field == ListingField::Promoted && value != 0;
    listing.numbers().any(promoted)
}

/// The first of an agent's listings, by key, in which a tag has come to contradict a fact in this run, and the rule that
/// says so. Several tags of one advert are one misuse.
fn first_new(claims: &Claims, run: &mut Run<'_>) -> Result<Option<(String, String)>> {
    if let Some((key, rule)) = claims.new {
        // A later row may have said otherwise, or named another agent.
        let stored = run.listing(key.as_str()).map_err(open::failure)?;
        let holds = stored.is_some_and(|stored| {
            stored.listing.list_agent_id == claims.agent
                && claims_in(&stored.findings).contains(rule)
        });
        if holds {
            return Ok(Some((key.to_string(), rule.to_owned())));
        }
    }
    if claims.changed.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::new();
    run.listings_by_id(claims.changed.iter().copied(), |stored| {
        found.push((stored.key.clone(), stored.id(), claims_in(&stored.findings)));
        Ok(())
    })
    .map_err(open::failure)?;
    found.sort_unstable();
    for (key, id, claimed) in found {
        let before = run.found_findings(id).map_err(open::failure)?;
        let before = before.map_or_else(BTreeSet::new, |before| claims_in(&before));
        if let Some(rule) = claimed.into_iter().find(|rule| !before.contains(rule)) {
            return Ok(Some((key, rule)));
        }
    }
    Ok(None)
}

/// The rules of tags against facts among the findings that the store keeps.
fn claims_in(findings: &str) -> BTreeSet<String> {
    kept(findings)
        .iter()
        .filter(|kept| rules::is_claim(&kept.0))
        .map(|kept| kept.0.clone().into_owned())
        .collect()
}
