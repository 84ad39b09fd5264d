//! `homes`: the homes that several listings offer, and who did what for them.

use std::collections::HashMap;

use anyhow::Result;
use cli::open::{self, Access};
use cli::{Destination, Outcome, Shape, Spool, Summary, Ui};
use model::identity::PublicKey;
use model::jiff::Timestamp;
use model::listing::Listing;
use serde_json::json;
use store::{Store, StoredListing};

use crate::args::Args;
use crate::emit::present;
use crate::homes::{Entry, roles};

const COLUMNS: &[&str] = &[
    "home_key",
    "listing_key",
    "listing_id",
    "originating_system_name",
    "member_id",
    "office_id",
    "roles",
    "entered_at",
    "modified_at",
    "standard_status",
    "frozen",
];

/// Those of the table people see.
const TABLE: &[&str] = &[
    "home_key",
    "listing_id",
    "member_id",
    "roles",
    "entered_at",
    "standard_status",
];

/// One listing of a home.
struct Member {
    key: String,
    digest: u64,
    listing: Listing,
    frozen: bool,
    first_seen: Option<Timestamp>,
}

impl Member {
    fn entry(&self) -> Entry<'_> {
        Entry::of(&self.listing, self.digest, self.first_seen)
    }
}

/// Lists them by home; of a home who entered it first stands first. `wanted` is a home's key, or the key or id of a
/// listing.
pub(crate) fn run(args: &Args, wanted: Option<&str>, ui: &mut Ui) -> Result<Outcome> {
    let store = open::open(ui, Access::Read)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let times = run_times(&store)?;
    let mut homes = 0;
    let mut home = String::new();
    let mut members: Vec<Member> = Vec::new();
    let mut failed = None;
    let read = store.shared_homes(|stored| {
        if stored.home_key != home {
            match tell(&home, &members, wanted, &mut spool) {
                Ok(told) => homes += u64::from(told),
                Err(error) => {
                    failed = Some(error);
                    return Err(store::Error::new(
                        store::ErrorKind::Other,
                        "the records cannot be kept",
                    ));
                }
            }
            members.clear();
            home.clone_from(&stored.home_key);
        }
        members.push(member(stored, &times));
        Ok(())
    });
    if let Some(error) = failed {
        return Err(error);
    }
    read.map_err(open::failure)?;
    homes += u64::from(tell(&home, &members, wanted, &mut spool)?);
    let listings = spool.len();
    spool.deliver(destination, &Shape::new(COLUMNS).table(TABLE))?;
    Summary::new(listings, 0)
        .count("homes", homes)
        .give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// When each run began.
fn run_times(store: &Store) -> Result<HashMap<i64, Timestamp>> {
    let runs = store.runs().map_err(open::failure)?;
    let time = |at: i64| Timestamp::from_microsecond(at).ok();
    Ok(runs
        .iter()
        .filter_map(|run| Some((run.number, time(run.started_at)?)))
        .collect())
}

fn member(stored: &StoredListing, times: &HashMap<i64, Timestamp>) -> Member {
    Member {
        key: stored.key.clone(),
        digest: PublicKey::parse(&stored.key).map_or(0, |key| key.digest()),
        listing: stored.listing.clone(),
        frozen: stored.frozen,
        first_seen: times.get(&stored.created_run).copied(),
    }
}

/// Tells of one home, if it is wanted; returns whether it was.
fn tell(home: &str, members: &[Member], wanted: Option<&str>, spool: &mut Spool) -> Result<bool> {
    let is_wanted = |wanted: &str| {
        let names = |member: &Member| member.key == wanted || member.listing.listing_id == wanted;
        home == wanted || members.iter().any(names)
    };
    if members.is_empty() || !wanted.is_none_or(is_wanted) {
        return Ok(false);
    }
    let mut entries: Vec<(&Member, Entry<'_>)> = members
        .iter()
        .map(|member| (member, member.entry()))
        .collect();
    entries.sort_unstable_by_key(|(_, entry)| (entry.entered.unwrap_or(Timestamp::MAX), entry.id));
    let all: Vec<Entry<'_>> = entries.iter().map(|(_, entry)| *entry).collect();
    let found = roles(&all);
    for (member, entry) in &entries {
        let listing = &member.listing;
        let mut roles = Vec::new();
        if let Some(found) = &found {
            if found.entered.id == entry.id {
                roles.push("entered");
            }
            if found.maintains.id == entry.id {
                roles.push("maintains");
            }
        }
        spool.push(&json!({
            "home_key": home, "listing_key": member.key, "listing_id": listing.listing_id,
            "originating_system_name": listing.originating_system_name,
            "member_id": present(&listing.list_agent_id), "office_id": present(&listing.list_office_id),
            "roles": roles, "entered_at": entry.entered.map(|at| at.to_string()),
            "modified_at": entry.modified.map(|at| at.to_string()),
            "standard_status": listing.standard_status.map(|status| status.as_str()), "frozen": member.frozen,
        }))?;
    }
    Ok(true)
}
