//! Judging: what was gathered of listings becomes findings, the findings a standing, and both go to the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use cli::open;
use model::rule::{Effect, Finding};
use store::{Compared, Run, Store, StoredListing};

use super::photos::Shared;
use super::prices;
use super::rules::{self, Report, Subject};
use super::settings::Settings;
use super::tell::Told;
use super::{RowVerdict, own_home};
use crate::agents::Agents;
use crate::emit::findings_text;
use crate::homes::{Home, Places};
use crate::peers::{Deviation, Peers};
use crate::settings::{Rulebook, as_made};
use crate::standing::{Judgement, kept, standing};

/// What is known of one listing among the others.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    /// How far its price lies from those of its peers.
    pub price: Option<Deviation>,
    /// Its photos that other homes show.
    pub photos: Option<Shared>,
    /// Whether its community is known in other cities only.
    pub elsewhere: bool,
}

/// What is judged, and by what.
pub(super) struct Judging<'a> {
    settings: Settings,
    rulebook: &'a Rulebook,
    agents: &'a Agents,
    /// Whether the store has media that rules want to look at.
    pub has_media: bool,
    /// The listings that are judged.
    ids: BTreeSet<u32>,
    photos: HashMap<u32, Shared>,
    /// What prices are held against.
    pub peers: Peers,
    /// The table of communities.
    pub places: Places,
    /// What the rules of single rows say of stored listings now, where that is new.
    pub rows: HashMap<u32, RowVerdict>,
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

/// A listing that is judged differently now.
pub(crate) struct Rejudged<'a> {
    /// As it was.
    pub stored: &'a StoredListing,
    /// Findings of the row and of the stock, as the store keeps them.
    pub findings: [&'a str; 2],
    /// Key of its home.
    pub home_key: &'a str,
    /// Whether it is kept from being offered.
    pub frozen: bool,
    /// Whether it waits for a person.
    pub held: bool,
}

impl<'a> Judging<'a> {
    pub(super) fn new(settings: Settings, rulebook: &'a Rulebook, agents: &'a Agents) -> Self {
        Judging {
            settings,
            rulebook,
            agents,
            has_media: false,
            ids: BTreeSet::new(),
            photos: HashMap::new(),
            peers: Peers::default(),
            places: Places::default(),
            rows: HashMap::new(),
            homes: BTreeMap::new(),
        }
    }

    /// A listing is judged.
    pub(super) fn also(&mut self, id: u32) {
        self.ids.insert(id);
    }

    /// Listings of which the home is another one are judged.
    pub(super) fn also_homes(&mut self) {
        self.ids.extend(self.homes.keys());
    }

    /// Listings of which the rules of single rows say something new are judged.
    pub(super) fn also_rows(&mut self) {
        self.ids.extend(self.rows.keys());
    }

    /// Notes which photos of a listing other homes show; it is judged.
    pub(super) fn photos(&mut self, id: u32, shared: Shared) {
        self.photos.insert(id, shared);
        self.ids.insert(id);
    }

    /// The listings that are judged.
    pub(super) fn ids(&self) -> impl Iterator<Item = u32> {
        self.ids.iter().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
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
    pub(super) fn finish(
        mut self,
        run: &mut Run<'_>,
        questions: u64,
        as_before: Vec<u32>,
        told: &mut dyn FnMut(&Store, &Rejudged<'_>) -> Result<()>,
    ) -> Result<Judged> {
        let mut judged = Judged {
            homes: self.homes.len() as u64,
            questions,
            ..Judged::default()
        };
        let ids = std::mem::take(&mut self.ids);
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
        let as_before = as_before.into_iter().filter(|id| !ids.contains(id));
        let mut again = Vec::new();
        run.listings_by_id(as_before, |stored| {
            again.push((stored.id(), as_it_was(stored)));
            Ok(())
        })
        .map_err(open::failure)?;
        let told_again = again
            .into_iter()
            .filter_map(|(id, told)| Some((run.row_of(id)?, told)));
        judged.told.extend(told_again);
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
                self.judge(stored, run, &mut judged, told)?;
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

    fn judge(
        &mut self,
        stored: &StoredListing,
        run: &mut Run<'_>,
        judged: &mut Judged,
        told: &mut dyn FnMut(&Store, &Rejudged<'_>) -> Result<()>,
    ) -> Result<()> {
        let id = stored.id();
        let (findings, json) = match self.settings.compare {
            true => {
                let findings = self.look(stored, run)?;
                let json = findings_text(&findings)?;
                (findings, json)
            }
            // it stays as it was found
            false => (Vec::new(), stored.stock_findings.clone()),
        };
        let home_key = self.home_key(stored);
        let row = self.rows.get(&id);
        let of_row = row.map_or(&stored.findings, |row| &row.findings);
        let mut all = kept(of_row);
        all.extend(kept(&json));
        let judgement = Judgement::parse(&stored.judgement);
        let stands = standing(&all, judgement.as_ref(), stored.content_hash);
        if let Some(row) = row {
            let judgement =
                judgement.map(|judgement| judgement.moved(stored.content_hash, row.content_hash));
            let judgement = judgement
                .map(|judgement| serde_json::to_string(&judgement))
                .transpose()?;
            run.set_row_findings(id, &row.findings, row.content_hash, judgement.as_deref())
                .map_err(open::failure)?;
        }
        let same = row.is_none()
            && json == stored.stock_findings
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
            let rejudged = Rejudged {
                stored,
                findings: [of_row, &json],
                home_key: &home_key,
                frozen: stands.frozen,
                held: stands.held,
            };
            told(run.store(), &rejudged)?;
        }
        let gravest = findings.iter().map(|finding| finding.effect).min();
        match run.row_of(id) {
            Some(row) => {
                judged.gravest = judged.gravest.into_iter().chain(gravest).min();
                let told = Told {
                    home_key: Some(home_key),
                    frozen: Some(stands.frozen),
                    findings,
                    listing_id: stored.listing.listing_id.clone(),
                    listing_key: stored.key.clone(),
                };
                judged.told.push((row, told));
            }
            None if !same => judged.others += 1,
            None => {}
        }
        Ok(())
    }

    /// What the rules find of a listing among the others.
    fn look(&mut self, stored: &StoredListing, run: &mut Run<'_>) -> Result<Vec<Finding>> {
        let id = stored.id();
        let home = Home::of(&stored.listing, 0, &mut self.places);
        let about = About {
            price: prices::deviation(&self.peers, &home).filter(|deviation| self.is_far(deviation)),
            photos: self.photos.remove(&id),
            elsewhere: home.elsewhere,
        };
        let history = match run.has_created(id) {
            true => Vec::new(),
            false => run
                .store()
                .listing_history(&stored.key)
                .map_err(open::failure)?,
        };
        let media = match self.has_media {
            true => run.media_of(id).map_err(open::failure)?,
            false => Vec::new(),
        };
        let subject = Subject {
            stored,
            today: self.agents.today(),
            settings: &self.settings,
            media: &media,
            about: &about,
            agents: self.agents,
            history: &history,
        };
        let mut findings = Vec::new();
        for rule in rules::all() {
            if let Some(effect) = self.rulebook.effects.of(&rule.rule) {
                let mut report = Report {
                    rule: &rule.rule,
                    effect,
                    findings: &mut findings,
                };
                (rule.check)(&subject, &mut report);
            }
        }
        Ok(findings)
    }
}

/// What is told of a listing of which nothing has changed.
fn as_it_was(stored: &StoredListing) -> Told {
    Told {
        home_key: Some(stored.home_key.clone()),
        frozen: Some(stored.frozen),
        findings: kept(&stored.stock_findings)
            .iter()
            .filter_map(as_made)
            .collect(),
        listing_id: stored.listing.listing_id.clone(),
        listing_key: stored.key.clone(),
    }
}
