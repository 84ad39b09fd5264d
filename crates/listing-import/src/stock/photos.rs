//! The same photo in several homes.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use cli::open;
use store::{PostingKind, Run};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::judge::Judging;
use super::{Stock, sorted};

/// A photo that more listings of one community show is a picture of the community.
const MOST_OF_COMMUNITY: usize = 4;
/// A photo that more listings show is a sign or a picture that all use: they are not read for it.
const MOST_SHARERS: usize = 64;

/// A listing's photos that other homes show, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shared {
    /// How many of its photos.
    pub photos: usize,
    /// Of how many.
    pub of: usize,
    /// One of the other listings, by its id in its source.
    pub other: String,
}

/// What tells a photo: the name of its file where that is likely to be of one photo only, with at least eight
/// letters and digits; else the whole address without what follows `?` or `#`.
pub(super) fn mark(photo: &str) -> &str {
    let path = photo.split(['?', '#', '!']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    if stem.bytes().filter(u8::is_ascii_alphanumeric).count() < 8 {
        path.trim()
    } else {
        stem
    }
}

/// Hands out the hashes of the photos in a list field.
pub(super) fn each_hash(list: &str, each: impl FnMut(u32)) {
    let marks = list.split('|').map(mark).filter(|mark| !mark.is_empty());
    marks.map(hash).for_each(each);
}

fn hash(mark: &str) -> u32 {
    (xxh3_64_with_seed(mark.as_bytes(), 7) >> 32) as u32
}

/// What is looked at of a listing with a photo that others may have.
struct Looked {
    listing_id: String,
    home_key: String,
    community: (String, String),
    marks: Vec<String>,
    /// Whether rules of the stock had found something.
    had_findings: bool,
}

/// Looks for photos that several homes show, and where else those of the listings that are judged are used.
pub(super) fn look(stock: &mut Stock, run: &mut Run<'_>, judging: &mut Judging<'_>) -> Result<()> {
    let mut entries = std::mem::take(&mut stock.photos);
    if stock.whole {
        run.forget_postings(PostingKind::Photo)
            .map_err(open::failure)?;
    }
    run.post(PostingKind::Photo, &mut entries)
        .map_err(open::failure)?;
    let hash_of = |entry: &u64| (*entry >> 32) as u32;
    let shared = |found: &[u64]| -> HashSet<u32> {
        found
            .chunk_by(|a, b| hash_of(a) == hash_of(b))
            .filter(|same| (2..=MOST_SHARERS).contains(&same.len()))
            .flat_map(|same| same.iter().map(|entry| *entry as u32))
            .collect()
    };
    let candidates = if stock.whole {
        shared(&entries)
    } else {
        let former = stock.former_photos.iter().copied();
        let hashes = sorted(entries.iter().map(hash_of).chain(former));
        shared(
            &run.postings(PostingKind::Photo, &hashes)
                .map_err(open::failure)?,
        )
    };
    drop(entries);
    let candidates = match stock.whole {
        true => sorted(candidates),
        false => sorted(candidates.into_iter().chain(judging.ids())),
    };
    let looked = read(run, judging, &candidates)?;
    // of a listing the run did not write, every photo counts, not only those that led to it
    let mut sharers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (id, listing) in &looked {
        for mark in &listing.marks {
            sharers.entry(hash(mark)).or_default().push(*id);
        }
    }
    let missing: Vec<u32> = sharers.keys().copied().collect();
    let found = match stock.whole || missing.is_empty() {
        true => Vec::new(),
        false => run
            .postings(PostingKind::Photo, &missing)
            .map_err(open::failure)?,
    };
    let few = found
        .chunk_by(|a, b| hash_of(a) == hash_of(b))
        .filter(|same| same.len() <= MOST_SHARERS);
    let more = few.flatten().map(|entry| *entry as u32);
    let more = sorted(more.filter(|id| !looked.contains_key(id)));
    let others = read(run, judging, &more)?;
    for (id, listing) in &others {
        for mark in &listing.marks {
            if let Some(ids) = sharers.get_mut(&hash(mark)) {
                ids.push(*id);
            }
        }
    }
    sharers.values_mut().for_each(|ids| ids.sort_unstable());
    let get = |id: &u32| looked.get(id).or_else(|| others.get(id));
    for (id, listing) in &looked {
        let shared = compare(*id, listing, &sharers, &get);
        if shared.photos > 0 {
            judging.photos(*id, shared);
        } else if listing.had_findings {
            judging.also(*id);
        }
    }
    Ok(())
}

/// How many photos of a listing other homes show.
fn compare<'a>(
    id: u32,
    listing: &Looked,
    sharers: &BTreeMap<u32, Vec<u32>>,
    get: &impl Fn(&u32) -> Option<&'a Looked>,
) -> Shared {
    let mut shared = Shared {
        of: listing.marks.len(),
        ..Shared::default()
    };
    for mark in &listing.marks {
        let Some(ids) = sharers.get(&hash(mark)) else {
            continue;
        };
        let with: Vec<&Looked> = ids
            .iter()
            .filter(|other| **other != id)
            .filter_map(get)
            .filter(|other| other.marks.contains(mark))
            .collect();
        let of_community = with.len() >= MOST_OF_COMMUNITY
            && !listing.community.1.is_empty()
            && with
                .iter()
                .all(|other| other.community == listing.community);
        let elsewhere = with
            .iter()
            .filter(|other| other.home_key != listing.home_key);
        let Some(other) = elsewhere.map(|other| &other.listing_id).min() else {
            continue;
        };
        if of_community {
            continue;
        }
        if shared.photos == 0 {
            shared.other.clone_from(other);
        }
        shared.photos += 1;
    }
    shared
}

/// Reads what is compared of some listings.
fn read(run: &mut Run<'_>, judging: &Judging<'_>, ids: &[u32]) -> Result<HashMap<u32, Looked>> {
    let mut looked = HashMap::with_capacity(ids.len());
    run.listings_by_id(ids.iter().copied(), |stored| {
        let mut marks: Vec<String> = stored
            .listing
            .photos
            .split('|')
            .map(mark)
            .map(str::to_owned)
            .collect();
        marks.retain(|mark| !mark.is_empty());
        marks.sort_unstable();
        marks.dedup();
        let listing = &stored.listing;
        looked.insert(
            stored.id(),
            Looked {
                listing_id: listing.listing_id.clone(),
                home_key: judging.home_key(stored),
                community: (listing.city.clone(), listing.subdivision_name.clone()),
                marks,
                had_findings: stored.stock_findings != "[]",
            },
        );
        Ok(())
    })
    .map_err(open::failure)?;
    Ok(looked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_told_by_its_name_or_its_whole_address() {
        assert_eq!(
            mark("https://a.example/x/9f86d081884c.jpg?w=2"),
            "9f86d081884c"
        );
        assert_eq!(mark("L1/1.jpg"), "L1/1.jpg");
        let count = |list: &str| {
            let mut count = 0;
            each_hash(list, |_| count += 1);
            count
        };
        assert_eq!(count("L1/1.jpg|L1/2.jpg"), 2);
        assert_eq!(count(""), 0);
    }
}
