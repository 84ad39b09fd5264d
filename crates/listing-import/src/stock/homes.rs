//! Which listings offer one home: the blocks that a run has touched are grouped again.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use cli::open;
use model::identity::{self, PublicKey};
use store::{HomePair, PairStatus, PostingKind, Run};

use super::{Stock, own_home, sorted};
use crate::homes::{Decided, Groups, Home, Pair, group_decided};

/// What grouping came to.
#[derive(Debug, Default)]
pub(super) struct Regrouped {
    /// Listings whose home has another key now; none where that is the listing's own.
    pub changed: BTreeMap<u32, Option<String>>,
    /// Who shares a home with these, or did: whether a photo is another home's depends on it.
    pub mates: Vec<u32>,
    /// Pairs that a person is asked about, new ones.
    pub questions: u64,
}

/// The part of a block's number that postings keep.
pub(super) fn block_hash(block: u64) -> u32 {
    (block >> 32) as u32
}

/// The listings of the touched blocks.
struct Members {
    ids: Vec<u32>,
    homes: Vec<Home>,
    /// Keys of homes that are not the listing's own.
    shared: HashMap<u32, String>,
}

/// Groups the blocks that the run has touched.
pub(super) fn regroup(stock: &mut Stock, run: &mut Run<'_>) -> Result<Regrouped> {
    let (members, pairs) = if stock.whole {
        let members = Members {
            ids: std::mem::take(&mut stock.ids),
            homes: std::mem::take(&mut stock.homes),
            shared: std::mem::take(&mut stock.shared),
        };
        (members, run.every_home_pair())
    } else {
        let members = touched(stock, run)?;
        let pairs = run.home_pairs_of(&members.ids);
        (members, pairs)
    };
    let pairs = pairs.map_err(open::failure)?;
    let groups = group_decided(
        &members.homes,
        &stock.settings.homes,
        &decided(&members, &pairs),
    );
    let mut regrouped = Regrouped::default();
    name_homes(&groups, &members, run, &mut regrouped.changed)?;
    if !stock.whole {
        regrouped.mates = mates(&members, &regrouped.changed, run)?;
    }
    regrouped.questions = ask(&groups, &members, &pairs, stock.settings.questions_max, run)?;
    if stock.whole {
        stock.ids = members.ids;
        stock.homes = members.homes;
    }
    Ok(regrouped)
}

/// Every listing of the blocks to which listings came, or which they left.
fn touched(stock: &mut Stock, run: &mut Run<'_>) -> Result<Members> {
    let mut blocks: HashSet<u64> = HashSet::new();
    for (id, home) in stock.ids.iter().zip(&stock.homes) {
        if stock.moved(*id) {
            blocks.insert(home.block);
            blocks.extend(stock.before.get(id).map(|before| before.block));
        }
    }
    blocks.remove(&0);
    let mut members = Members {
        ids: Vec::new(),
        homes: Vec::new(),
        shared: HashMap::new(),
    };
    // what the run wrote is at hand, but which home it was is not
    let mut known: HashMap<u32, Home> = HashMap::new();
    for (id, home) in stock.ids.iter().zip(&stock.homes) {
        // one that is in no block any more shares its home with nobody
        let left = home.block == 0 && stock.before.contains_key(id) && stock.moved(*id);
        if blocks.contains(&home.block) || left {
            known.insert(*id, *home);
        }
    }
    let hashes = sorted(blocks.iter().map(|block| block_hash(*block)));
    let found = run
        .postings(PostingKind::HomeBlock, &hashes)
        .map_err(open::failure)?;
    let others = found.iter().map(|entry| *entry as u32);
    let written: HashSet<u32> = stock.ids.iter().copied().collect();
    let others = others.filter(|id| !written.contains(id));
    let ids = sorted(others.chain(known.keys().copied()));
    let places = &mut stock.places;
    run.listings_by_id(ids, |stored| {
        let id = stored.id();
        let Some(key) = PublicKey::parse(&stored.key) else {
            return Ok(());
        };
        let home = match known.get(&id) {
            Some(home) => *home,
            None => Home::of(&stored.listing, key.digest(), places),
        };
        if blocks.contains(&home.block) || home.block == 0 && known.contains_key(&id) {
            members.ids.push(id);
            members.homes.push(home);
            if stored.home_key != identity::home_key(key).as_str() {
                members.shared.insert(id, stored.home_key.clone());
            }
        }
        Ok(())
    })
    .map_err(open::failure)?;
    Ok(members)
}

/// What people have decided about pairs of members.
fn decided(members: &Members, pairs: &[HomePair]) -> Decided {
    let mut decided = Decided::new();
    if pairs.is_empty() {
        return decided;
    }
    let digests: HashMap<u32, u64> = members
        .ids
        .iter()
        .copied()
        .zip(members.homes.iter().map(|home| home.id))
        .collect();
    for pair in pairs {
        let same = match pair.status {
            PairStatus::Same => true,
            PairStatus::Different => false,
            PairStatus::Pending | PairStatus::Dropped => continue,
        };
        if let (Some(a), Some(b)) = (digests.get(&pair.a), digests.get(&pair.b)) {
            decided.insert((*a.min(b), *a.max(b)), same);
        }
    }
    decided
}

/// Gives each group a key: that of one of its listings, and where it had one of these before, that one.
fn name_homes(
    groups: &Groups,
    members: &Members,
    run: &Run<'_>,
    changed: &mut BTreeMap<u32, Option<String>>,
) -> Result<()> {
    let mut grouped: HashSet<u32> = HashSet::new();
    for group in &groups.homes {
        let mut own: Vec<(u32, String)> = Vec::with_capacity(group.len());
        for at in group {
            let id = members.ids[*at as usize];
            let key = run.listing_key(id).map_err(open::failure)?;
            own.push((id, own_home(&key)));
        }
        let current = |id: &u32, own: &String| members.shared.get(id).unwrap_or(own).clone();
        let mut uses: BTreeMap<String, usize> = BTreeMap::new();
        for (id, key) in own.iter().filter(|(id, _)| !run.has_created(*id)) {
            *uses.entry(current(id, key)).or_default() += 1;
        }
        uses.retain(|key, _| own.iter().any(|(_, own)| own == key));
        // of equally used ones the first in the order of keys
        let used = uses
            .iter()
            .max_by_key(|(key, uses)| (**uses, std::cmp::Reverse(*key)));
        let name = match used {
            Some((key, _)) => key.clone(),
            None => own[0].1.clone(),
        };
        for (id, key) in &own {
            grouped.insert(*id);
            if current(id, key) != name {
                changed.insert(*id, (*key != name).then(|| name.clone()));
            }
        }
    }
    for id in members.shared.keys() {
        if !grouped.contains(id) {
            changed.insert(*id, None);
        }
    }
    Ok(())
}

/// The listings whose home has, or had, the key of a home that others joined or left.
fn mates(
    members: &Members,
    changed: &BTreeMap<u32, Option<String>>,
    run: &Run<'_>,
) -> Result<Vec<u32>> {
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let key = |id: u32| -> Result<String> {
        Ok(match members.shared.get(&id) {
            Some(shared) => shared.clone(),
            None => own_home(&run.listing_key(id).map_err(open::failure)?),
        })
    };
    let mut keys: HashSet<String> = changed.values().flatten().cloned().collect();
    for id in changed.keys() {
        keys.insert(key(*id)?);
    }
    let mut mates = Vec::new();
    for id in &members.ids {
        if keys.contains(&key(*id)?) {
            mates.push(*id);
        }
    }
    Ok(mates)
}

/// Brings the questions to people up to date: pairs of the touched blocks that are unsure now. Returns how many
/// are new.
fn ask(
    groups: &Groups,
    members: &Members,
    known: &[HomePair],
    most: u64,
    run: &mut Run<'_>,
) -> Result<u64> {
    let ids = |pair: &Pair| {
        let (a, b) = (members.ids[pair.a as usize], members.ids[pair.b as usize]);
        (a.min(b), a.max(b))
    };
    let known: HashMap<(u32, u32), &HomePair> =
        known.iter().map(|pair| ((pair.a, pair.b), pair)).collect();
    let unsure: HashSet<(u32, u32)> = groups.unsure.iter().map(ids).collect();
    for (ids, pair) in &known {
        if pair.status == PairStatus::Pending && !unsure.contains(ids) {
            run.set_pair_status(pair, PairStatus::Dropped)
                .map_err(open::failure)?;
        }
    }
    let waiting = run.count_pending_pairs().map_err(open::failure)?;
    let mut new = 0;
    for pair in &groups.unsure {
        if waiting + new >= most {
            break;
        }
        let (a, b) = ids(pair);
        match known.get(&(a, b)) {
            Some(known) if known.status != PairStatus::Dropped => continue,
            Some(known) => run
                .set_pair_status(known, PairStatus::Pending)
                .map_err(open::failure)?,
            None => {
                let thousandths = |bits: f32| (f64::from(bits) * 1000.0).round() as i64;
                let evidence: serde_json::Map<_, _> = pair
                    .verdict
                    .evidence()
                    .map(|(fact, bits)| (fact.as_str().to_owned(), thousandths(bits).into()))
                    .collect();
                let weight = thousandths(pair.verdict.weight());
                let evidence = serde_json::Value::Object(evidence).to_string();
                run.ask_about_pair(a, b, weight, &evidence)
                    .map_err(open::failure)?;
            }
        }
        new += 1;
    }
    Ok(new)
}
