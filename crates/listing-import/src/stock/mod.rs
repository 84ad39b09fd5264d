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
pub(crate) mod media;
mod photos;
mod prices;
pub(crate) mod rules;
mod settings;
mod tell;

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::Result;
use cli::open;
use model::codes::StandardStatus;
use model::identity::{self, PublicKey};
use model::listing::Listing;
use model::rule::Lang;
use store::{Action, ErrorKind, PostingKind, Run, Store, StoredListing, Upserted, posting_entry};

use crate::agents::Agents;
use crate::homes::{Home, Places};
use crate::settings::Rulebook;

pub(crate) use judge::{Judged, Rejudged};
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
    /// Hashes of photos that listings had before: who shares them is judged, too.
    former_photos: Vec<u32>,
    /// Listings to be judged in any case.
    also: BTreeSet<u32>,
    /// Listings that a later row put back as they were: what was noted of them counts no longer.
    taken_back: HashSet<u32>,
    /// Unchanged listings of which something was found before: it is told again.
    as_before: Vec<u32>,
    /// What the rules of single rows say of stored listings now, where that is new.
    rows: HashMap<u32, RowVerdict>,
    /// Keys of homes that are not the listing's own, where all were looked at.
    shared: HashMap<u32, String>,
    /// Whether every listing is in `ids`.
    whole: bool,
}

/// What the rules of single rows say of a stored listing now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowVerdict {
    /// As the store keeps them.
    pub findings: String,
    /// By which a later row is found to be the same.
    pub content_hash: i64,
}

impl Stock {
    /// Begins without a listing. The table of communities is that of the store.
    pub(crate) fn new(settings: Settings, run: &Run<'_>) -> Result<Self> {
        Ok(Stock {
            places: places(run.store())?,
            settings,
            whole: run.is_first_load(),
            ..Stock::default()
        })
    }

    /// The table of communities, for whoever looks at listings ahead; none where nothing is compared.
    pub(crate) fn places(&self) -> Option<Places> {
        self.settings.compare.then(|| self.places.clone())
    }

    /// Whether listings are judged among the others at all.
    pub(crate) fn is_comparing(&self) -> bool {
        self.settings.compare
    }

    /// A listing is to be judged whether or not the run wrote it.
    pub(crate) fn also(&mut self, id: u32) {
        self.also.insert(id);
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
        if upserted.action == Action::Unchanged {
            if upserted.supersedes.is_some() {
                self.taken_back.insert(id);
            }
            if upserted.compared {
                self.as_before.push(id);
            }
            return;
        }
        if upserted.compared {
            self.also.insert(id);
        }
        self.taken_back.remove(&id);
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
                    if photos_differ {
                        let former = &mut self.former_photos;
                        photos::each_hash(&before.photos, |hash| former.push(hash));
                    }
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

    /// Looks at every stored listing, so that all are judged anew. `row` says what the rules of single rows find now,
    /// where that is not what they had found.
    pub(crate) fn look_at_all(
        &mut self,
        run: &mut Run<'_>,
        mut row: impl FnMut(&StoredListing) -> Result<Option<RowVerdict>>,
    ) -> Result<()> {
        self.whole = true;
        let mut failed = None;
        let read = run.every_listing(|stored| {
            let id = stored.id();
            let Some(key) = PublicKey::parse(&stored.key) else {
                return Ok(());
            };
            self.ids.push(id);
            self.homes
                .push(Home::of(&stored.listing, key.digest(), &mut self.places));
            let photos = &mut self.photos;
            photos::each_hash(&stored.listing.photos, |hash| {
                photos.push(posting_entry(hash, id))
            });
            if stored.home_key != identity::home_key(key).as_str() {
                self.shared.insert(id, stored.home_key.clone());
            }
            if stored.stock_findings != "[]" || !stored.judgement.is_empty() {
                self.also.insert(id);
            }
            match row(stored) {
                Ok(None) => {}
                Ok(Some(verdict)) => {
                    self.also.insert(id);
                    self.rows.insert(id, verdict);
                }
                Err(error) => {
                    failed = Some(error);
                    return Err(store::Error::new(
                        ErrorKind::Other,
                        "a listing cannot be judged",
                    ));
                }
            }
            Ok(())
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(read.map_err(open::failure)?),
        }
    }

    /// Looks again at listings that no row wrote: a person has decided about them. With each goes what it was before,
    /// where that was changed.
    pub(crate) fn look_again(
        &mut self,
        run: &mut Run<'_>,
        listings: &[(u32, Option<Box<Listing>>)],
    ) -> Result<()> {
        let before: HashMap<u32, &Option<Box<Listing>>> =
            listings.iter().map(|(id, before)| (*id, before)).collect();
        run.listings_by_id(listings.iter().map(|(id, _)| *id), |stored| {
            let id = stored.id();
            let home = Home::of(&stored.listing, digest(&stored.key), &mut self.places);
            let was = before.get(&id).and_then(|before| before.as_ref());
            let block = was.map_or(home.block, |was| {
                Home::of(was, home.id, &mut self.places).block
            });
            self.before.insert(id, Before { block, moved: true });
            self.ids.push(id);
            self.homes.push(home);
            self.also.insert(id);
            Ok(())
        })
        .map_err(open::failure)
        .map_err(Into::into)
    }

    /// Judges what the run wrote and what that touches, and writes what comes of it.
    pub(crate) fn finish(
        mut self,
        run: &mut Run<'_>,
        rulebook: &Rulebook,
        agents: &Agents,
        told: &mut dyn FnMut(&Store, &Rejudged<'_>) -> Result<()>,
    ) -> Result<Judged> {
        let mut judging = judge::Judging::new(self.settings.clone(), rulebook, agents);
        judging.rows = std::mem::take(&mut self.rows);
        if !self.settings.compare {
            judging.also_rows();
            return judging.finish(run, 0, Vec::new(), told);
        }
        self.fold();
        if !self.whole && !self.ids.is_empty() && !run.has_postings().map_err(open::failure)? {
            // A run was undone, or none has compared so far: nobody knows who shares what.
            self.ids.clear();
            self.homes.clear();
            self.photos.clear();
            self.look_at_all(run, |_| Ok(None))?;
        }
        judging.has_media =
            media::wants_media(rulebook) && run.has_media().map_err(open::failure)?;
        if self.whole && judging.has_media {
            self.also
                .extend(run.listings_with_media().map_err(open::failure)?);
        }
        let homes = homes::regroup(&mut self, run)?;
        judging.homes = homes.changed;
        homes.mates.iter().for_each(|id| judging.also(*id));
        self.also.iter().for_each(|id| judging.also(*id));
        for (id, home) in self.ids.iter().zip(&self.homes) {
            if home.elsewhere {
                judging.also(*id);
            }
        }
        if rules::wants_prices(rulebook) {
            prices::look(&mut self, run, &mut judging)?;
        }
        if !self.whole {
            judging.also_homes();
        }
        if rules::wants_photos(rulebook) {
            photos::look(&mut self, run, &mut judging)?;
        }
        // what an import has looked at, a later run finds
        let mut blocks: Vec<u64> = self
            .ids
            .iter()
            .zip(&self.homes)
            .filter(|(id, home)| home.block != 0 && (self.whole || self.moved(**id)))
            .map(|(id, home)| posting_entry(homes::block_hash(home.block), *id))
            .collect();
        if self.whole {
            // of no listing: it says that all were looked at
            blocks.push(posting_entry(0, 0));
            run.forget_postings(PostingKind::HomeBlock)
                .map_err(open::failure)?;
        }
        run.post(PostingKind::HomeBlock, &mut blocks)
            .map_err(open::failure)?;
        judging.places = self.places;
        let as_before = std::mem::take(&mut self.as_before);
        judging.finish(run, homes.questions, as_before, told)
    }

    /// Leaves the last of each listing's notes, in the order of ids.
    fn fold(&mut self) {
        if self.taken_back.is_empty() && self.ids.is_sorted_by(|a, b| a < b) {
            return;
        }
        let mut order: Vec<u32> = (0..self.ids.len() as u32)
            .filter(|at| !self.taken_back.contains(&self.ids[*at as usize]))
            .collect();
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

/// The rule that had nothing to look at, in words for the summary.
pub(crate) fn silent(rulebook: &Rulebook, agents: &Agents, lang: Lang) -> Option<String> {
    let rule = &agents::LICENCE.rule;
    let is_silent = !agents.tell_licences() && rulebook.effects.of(rule).is_some();
    is_silent.then(|| match lang {
        Lang::En => format!("no roster tells licences, so {} judged nothing", rule.code),
        Lang::Zh => format!("名册中没有证件信息，{} 未执行", rule.code),
    })
}

/// A closed or withdrawn listing is on offer again.
fn went_back(before: &Listing, now: &Listing) -> bool {
    before.standard_status == Some(StandardStatus::Closed)
        && now.standard_status == Some(StandardStatus::Active)
}

/// A digest of a listing's key.
fn digest(key: &str) -> u64 {
    PublicKey::parse(key).map_or(0, |key| key.digest())
}

/// The key of a listing's home where no other listing offers it.
fn own_home(listing_key: &str) -> String {
    format!("H{}", listing_key.get(1..).unwrap_or_default())
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
