//! Judging: what was gathered of listings becomes findings, the findings a standing, and both go to the store.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use cli::open;
use model::jiff::civil::Date;
use model::rule::Effect;
use store::{Compared, Run, StoredListing};

use super::agents::is_of_agents;
use super::photos::Shared;
use super::rules::{self, Report, Subject};
use super::settings::Settings;
use super::tell::Told;
use crate::agents::Agents;
use crate::emit::write_findings;
use crate::peers::Deviation;
use crate::settings::Rulebook;
use crate::standing::{Judgement, kept, standing};

/// What was gathered of one listing.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    /// Its price, where it is far from its peers.
    pub price: Option<Deviation>,
    /// Its photos, where other homes show them.
    pub photos: Option<Shared>,
    /// Whether its community is known in other cities only.
    pub elsewhere: bool,
}

/// What is judged, and by what.
pub(super) struct Judging<'a> {
    settings: Settings,
    rulebook: &'a Rulebook,
    agents: &'a Agents,
    today: Date,
    about: BTreeMap<u32, About>,
    also: BTreeSet<u32>,
    /// Of these the rules that look at the agent alone are judged, if nothing was gathered.
    of_agents: BTreeSet<u32>,
    /// New keys of homes; none where it is the listing's own.
    pub homes: BTreeMap<u32, Option<String>>,
}

/// What judging came to.
#[derive(Default)]
pub(crate) struct Judged {
    /// Listings that share their home with others since this run, or no longer.
    pub homes: u64,
    /// Unsure pairs that a person is asked about, new ones.
    pub questions: u64,
    /// Listings that no row of the run names and that are judged differently now.
    pub others: u64,
    /// What the records of rows have to be told beside, by the row's ordinal.
    pub told: Vec<(u32, Told)>,
    /// The gravest new finding.
    pub gravest: Option<Effect>,
}

impl<'a> Judging<'a> {
    pub(super) fn new(
        settings: Settings,
        rulebook: &'a Rulebook,
        agents: &'a Agents,
        today: Date,
    ) -> Self {
        Judging {
            settings,
            rulebook,
            agents,
            today,
            about: BTreeMap::new(),
            also: BTreeSet::new(),
            of_agents: BTreeSet::new(),
            homes: BTreeMap::new(),
        }
    }

    /// What is gathered of a listing.
    pub(super) fn about(&mut self, id: u32) -> &mut About {
        self.about.entry(id).or_default()
    }

    /// A listing is judged whether or not anything was gathered of it.
    pub(super) fn also(&mut self, id: u32) {
        self.also.insert(id);
    }

    /// Something has changed with the listing's agent.
    pub(super) fn of_agent(&mut self, id: u32) {
        self.of_agents.insert(id);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.also.is_empty() && self.about.is_empty()
    }

    /// Whether a price is so far from its peers that a rule speaks of it.
    pub(super) fn is_far(&self, deviation: &Deviation) -> bool {
        rules::is_far(deviation, self.settings.far, rules::OUTLIER)
    }

    /// The key of a listing's home, as this run leaves it.
    pub(super) fn home_key(&self, stored: &StoredListing) -> String {
        match self.homes.get(&stored.id()) {
            Some(Some(key)) => key.clone(),
            Some(None) => own_home(&stored.key),
            None => stored.home_key.clone(),
        }
    }

    /// Judges and writes.
    pub(super) fn finish(self, run: &mut Run<'_>, questions: u64) -> Result<Judged> {
        let mut judged = Judged {
            homes: self.homes.len() as u64,
            questions,
            ..Judged::default()
        };
        let ids = self.about.keys().chain(&self.also).chain(&self.of_agents);
        let ids: BTreeSet<u32> = ids.copied().collect();
        // of these nothing but the home is another one
        for (id, key) in self.homes.iter().filter(|(id, _)| !ids.contains(id)) {
            run.set_home_key(*id, key.as_deref())
                .map_err(open::failure)?;
            match run.row_of(*id) {
                Some(row) => judged
                    .told
                    .push((row, Told::home(self.home_or_own(*id, key, run)?))),
                None => judged.others += 1,
            }
        }
        let ids: Vec<u32> = ids.into_iter().collect();
        // a few at a time: what is read is written before more is read
        for some in ids.chunks(256) {
            let mut read = Vec::with_capacity(some.len());
            run.listings_by_id(some.iter().copied(), |stored| {
                read.push(stored.clone());
                Ok(())
            })
            .map_err(open::failure)?;
            for stored in &read {
                self.judge(stored, run, &mut judged)?;
            }
        }
        Ok(judged)
    }

    fn home_or_own(&self, id: u32, key: &Option<String>, run: &Run<'_>) -> Result<String> {
        Ok(match key {
            Some(key) => key.clone(),
            None => own_home(&run.listing_key(id).map_err(open::failure)?),
        })
    }

    fn judge(&self, stored: &StoredListing, run: &mut Run<'_>, judged: &mut Judged) -> Result<()> {
        let id = stored.id();
        let nothing = About::default();
        let history = match run.has_created(id) {
            true => Vec::new(),
            false => run
                .store()
                .listing_history(&stored.key)
                .map_err(open::failure)?,
        };
        let subject = Subject {
            stored,
            today: self.today,
            settings: &self.settings,
            about: self.about.get(&id).unwrap_or(&nothing),
            agents: self.agents,
            history: &history,
        };
        // Nothing but its agent was looked at: what else was found stays found.
        let of_agent_alone = !self.about.contains_key(&id) && !self.also.contains(&id);
        let mut findings = Vec::new();
        for rule in rules::ALL {
            if of_agent_alone && !is_of_agents(rule.rule.code) {
                continue;
            }
            if let Some(effect) = self.rulebook.effects.of(&rule.rule) {
                let mut report = Report {
                    rule: &rule.rule,
                    effect,
                    findings: &mut findings,
                };
                (rule.check)(&subject, &mut report);
            }
        }
        let mut json = String::new();
        write_findings(&findings, &mut json)?;
        if of_agent_alone {
            json = with_others(&stored.stock_findings, &json)?;
        }
        let home_key = self.home_key(stored);
        let mut all = kept(&stored.findings);
        all.extend(kept(&json));
        let judgement = Judgement::parse(&stored.judgement);
        let stands = standing(&all, judgement.as_ref(), stored.content_hash);
        let same = json == stored.stock_findings
            && home_key == stored.home_key
            && (stands.frozen, stands.held) == (stored.frozen, stored.held);
        if !same {
            run.set_compared(&Compared {
                id,
                home_key: (home_key != own_home(&stored.key)).then_some(&home_key),
                stock_findings: &json,
                frozen: stands.frozen,
                held: stands.held,
            })
            .map_err(open::failure)?;
        }
        let gravest = findings.iter().map(|finding| finding.effect).min();
        match run.row_of(id) {
            Some(row) => {
                judged.gravest = judged.gravest.into_iter().chain(gravest).min();
                let told = Told {
                    home_key: Some(home_key),
                    frozen: Some(stands.frozen),
                    findings,
                };
                judged.told.push((row, told));
            }
            None if !same => judged.others += 1,
            None => {}
        }
        Ok(())
    }
}

/// Findings of rules that look at agents, among the others of a listing.
fn with_others(stored: &str, of_agent: &str) -> Result<String> {
    let mut all = kept(stored);
    all.retain(|kept| !is_of_agents(&kept.0));
    all.extend(kept(of_agent));
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(serde_json::to_string(&all)?)
}

fn own_home(listing_key: &str) -> String {
    format!("H{}", listing_key.get(1..).unwrap_or_default())
}
