//! What a listing is among the others. It is judged when all rows of a run are in, over the state the run
//! would leave, so that neither the order of rows nor their repetition changes anything.
//!
//! ```text
//! note: what the run wrote ─▶ homes ─ prices ─ photos ─▶ rules ─ standing ─▶ the store, the records told
//! ```
//!
//! **Cost.** A first load holds 92 bytes a listing and 8 a photo. Later runs look at what they wrote and what
//! that touches: the blocks of homes that changed in more than their price (a price is no reason to be another home),
//! listings that share a photo. Prices of all are compared again only where a run wrote a good part of the stock;
//! otherwise what it wrote is held against the figures of the run before.

mod agents;
mod homes;
mod judge;
mod photos;
mod prices;
pub(crate) mod rules;
mod settings;
mod tell;

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::Result;
use cli::open;
use model::codes::StandardStatus;
use model::jiff::civil::Date;
use model::listing::Listing;
use store::{Action, PostingKind, Run, Upserted, posting_entry};

use crate::agents::Agents;
use crate::homes::{Home, Places};
use crate::settings::Rulebook;

pub(crate) use judge::Judged;
pub(crate) use settings::Settings;
pub(crate) use tell::{Told, told};

/// What is compared of a listing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight<'a> {
    home: &'a Home,
    /// Hashes of its photos.
    photos: &'a [u32],
}

/// What is compared of the rows of a batch, gathered while they are at hand.
#[derive(Debug, Default)]
pub(crate) struct Sights {
    homes: Vec<Home>,
    photos: Vec<u32>,
    /// Where each row's photos end.
    ends: Vec<usize>,
}

impl Sights {
    /// Gathers what is compared of a listing; `id` is a digest of its key.
    pub(crate) fn push(&mut self, listing: &Listing, id: u64, places: &mut Places) {
        self.homes.push(Home::of(listing, id, places));
        photos::each_hash(&listing.photos, |hash| self.photos.push(hash));
        self.ends.push(self.photos.len());
    }

    pub(crate) fn clear(&mut self) {
        self.homes.clear();
        self.photos.clear();
        self.ends.clear();
    }

    /// What was gathered of a row; nothing where nothing was.
    pub(crate) fn get(&self, number: usize) -> Option<Sight<'_>> {
        let start = match number {
            0 => 0,
            _ => *self.ends.get(number - 1)?,
        };
        Some(Sight {
            home: self.homes.get(number)?,
            photos: &self.photos[start..*self.ends.get(number)?],
        })
    }
}

/// What a changed listing was before.
#[derive(Debug, Clone, Copy)]
struct Before {
    block: u64,
    /// Whether it is another home, or may be: facts beside the price differ.
    moved: bool,
}

/// What a run wrote, and what is judged at its end.
#[derive(Default)]
pub(crate) struct Stock {
    settings: Settings,
    places: Places,
    /// What the run wrote, in its order; of a listing the last one counts.
    ids: Vec<u32>,
    homes: Vec<Home>,
    before: HashMap<u32, Before>,
    /// Entries of photos.
    photos: Vec<u64>,
    /// Listings to be judged in any case.
    also: BTreeSet<u32>,
    /// Listings with whose agent something has changed.
    of_agents: BTreeSet<u32>,
}

impl Stock {
    /// Begins without a listing. The table of communities is that of the store.
    pub(crate) fn new(settings: Settings, run: &Run<'_>) -> Result<Self> {
        Ok(Stock {
            places: places(run.store())?,
            settings,
            ids: Vec::new(),
            homes: Vec::new(),
            before: HashMap::new(),
            photos: Vec::new(),
            also: BTreeSet::new(),
            of_agents: BTreeSet::new(),
        })
    }

    /// The table of communities, for whoever looks at listings ahead; none where nothing is compared.
    pub(crate) fn places(&self) -> Option<Places> {
        self.settings.compare.then(|| self.places.clone())
    }

    /// A listing is to be judged whether or not the run wrote it.
    pub(crate) fn also(&mut self, id: u32) {
        self.also.insert(id);
    }

    /// Something is or was wrong with the listing's agent.
    pub(crate) fn of_agent(&mut self, id: u32) {
        self.of_agents.insert(id);
    }

    /// Notes what a row came to. `sight` is what was gathered of it, if anything was.
    pub(crate) fn note(
        &mut self,
        upserted: &Upserted,
        sight: Option<Sight<'_>>,
        listing: impl FnOnce() -> Listing,
    ) {
        if !self.settings.compare {
            return;
        }
        let id = upserted.id;
        if upserted.compared {
            self.also.insert(id);
        }
        if upserted.action == Action::Unchanged {
            return;
        }
        let photos = &mut self.photos;
        let home = match sight {
            Some(sight) => {
                photos.extend(sight.photos.iter().map(|hash| posting_entry(*hash, id)));
                *sight.home
            }
            None => {
                let now = listing();
                let home = Home::of(&now, upserted.key.digest(), &mut self.places);
                let mut photos_differ = true;
                if let Some(before) = &upserted.before {
                    let was = Home::of(before, home.id, &mut self.places);
                    photos_differ = before.photos != now.photos;
                    let before_it = Before {
                        block: was.block,
                        moved: Home {
                            price: home.price,
                            ..was
                        } != home,
                    };
                    self.before.insert(id, before_it);
                    if self.settings.is_jump(was.price, home.price) || went_back(before, &now) {
                        self.also.insert(id);
                    }
                }
                if photos_differ {
                    photos::each_hash(&now.photos, |hash| photos.push(posting_entry(hash, id)));
                }
                home
            }
        };
        self.ids.push(id);
        self.homes.push(home);
    }

    /// Judges what the run wrote and what that touches, and writes what comes of it.
    pub(crate) fn finish(
        mut self,
        run: &mut Run<'_>,
        rulebook: &Rulebook,
        agents: &Agents,
        today: Date,
    ) -> Result<Judged> {
        if !self.settings.compare {
            return Ok(Judged::default());
        }
        self.fold();
        let mut judging = judge::Judging::new(self.settings.clone(), rulebook, agents, today);
        let homes = homes::regroup(&mut self, run)?;
        judging.homes = homes.changed;
        if rules::wants_prices(rulebook) {
            prices::judge(&mut self, run, &mut judging)?;
        }
        if rules::wants_photos(rulebook) {
            photos::judge(&mut self, run, &mut judging)?;
        }
        for (id, home) in self.ids.iter().zip(&self.homes) {
            if home.elsewhere {
                judging.about(*id).elsewhere = true;
            }
        }
        self.also.iter().for_each(|id| judging.also(*id));
        self.of_agents.iter().for_each(|id| judging.of_agent(*id));
        // what an import has looked at, a later run finds
        let mut blocks: Vec<u64> = self
            .ids
            .iter()
            .zip(&self.homes)
            .filter(|(id, home)| {
                home.block != 0 && self.before.get(id).is_none_or(|before| before.moved)
            })
            .map(|(id, home)| posting_entry(homes::block_hash(home.block), *id))
            .collect();
        run.post(PostingKind::HomeBlock, &mut blocks)
            .map_err(open::failure)?;
        judging.finish(run, homes.questions)
    }

    /// Leaves the last of each listing's notes, in the order of ids.
    fn fold(&mut self) {
        if self.ids.is_sorted_by(|a, b| a < b) {
            return;
        }
        let mut order: Vec<u32> = (0..self.ids.len() as u32).collect();
        // of one listing the last comes first
        order.sort_unstable_by_key(|at| (self.ids[*at as usize], std::cmp::Reverse(*at)));
        order.dedup_by_key(|at| self.ids[*at as usize]);
        self.homes = order.iter().map(|at| self.homes[*at as usize]).collect();
        self.ids = order.iter().map(|at| self.ids[*at as usize]).collect();
    }

    /// Whether the run brought the listing or changed more than its price.
    fn moved(&self, id: u32) -> bool {
        self.before.get(&id).is_none_or(|before| before.moved)
    }
}

/// The rules that had nothing to look at.
pub(crate) fn silent(rulebook: &Rulebook, agents: &Agents) -> Vec<&'static str> {
    let licence = &agents::LICENCE.rule;
    let is_silent = !agents.tell_licences() && rulebook.effects.of(licence).is_some();
    is_silent.then_some(licence.code).into_iter().collect()
}

/// A closed or withdrawn listing is on offer again.
fn went_back(before: &Listing, now: &Listing) -> bool {
    before.standard_status == Some(StandardStatus::Closed)
        && now.standard_status == Some(StandardStatus::Active)
}

/// The table of communities, as names are looked up in it.
fn places(store: &store::Store) -> Result<Places> {
    let communities = store.communities().map_err(open::failure)?;
    let mut places = Places::default();
    for community in &communities {
        places.add(&community.community.city, &community.community.name);
    }
    for community in &communities {
        for alias in &community.community.aliases {
            places.alias(&community.community.city, &community.community.name, alias);
        }
    }
    Ok(places)
}

/// Ids in order, each once.
fn sorted(ids: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let ids: HashSet<u32> = ids.into_iter().collect();
    let mut ids: Vec<u32> = ids.into_iter().collect();
    ids.sort_unstable();
    ids
}
