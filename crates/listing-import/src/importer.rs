//! A run at work: what becomes of each row.

use std::collections::HashSet;

use anyhow::{Context as _, Result};
use cli::open;
use cli::{Failure, Spool};
use intake::Table;
use model::codes::Verification;
use model::identity::listing_key;
use model::listing::{Listing, ListingField};
use model::packed::{PackedListing, PackedListings};
use model::rule::{Finding, Lang};
use store::{Action, InputStart, ListingWrite, Reconciled, RejectWrite, Run, Upserted};

use crate::agents::{Agents, Misuse};
use crate::args::Emit;
use crate::collect::Feed;
use crate::counts::Counts;
use crate::emit::{Change, FindingRecord, ListingRecord, write_findings};
use crate::fill::{Filled, fill, judge, reconciled};
use crate::identify::UNLIKE_RECORD;
use crate::kept::Keeper;
use crate::locked::{Locks, Met};
use crate::plan::Plan;
use crate::read::{PackedRow, gravest, is_rejected};
use crate::rejects::Rejects;
use crate::settings::Rulebook;
use crate::settle;
use crate::stock::Stock;

/// A run at work.
pub(crate) struct Importer<'s> {
    pub(crate) run: Run<'s>,
    /// The store's id of each feed.
    pub(crate) inputs: Vec<i64>,
    /// Records read from each.
    pub(crate) rows: Vec<u64>,
    pub(crate) spool: Spool,
    pub(crate) rejects: Rejects,
    pub(crate) emit: Emit,
    pub(crate) lang: Lang,
    pub(crate) counts: Counts,
    /// Writes what `--replay` tells again.
    pub(crate) keeper: Keeper,
    /// Room for one record as it is kept, and as it is told, reused.
    pub(crate) kept: String,
    pub(crate) line: Vec<u8>,
    /// Room for one row's findings as the store keeps them, reused.
    pub(crate) findings: String,
    /// What is known of agents: one is kept as written, and counted where no roster knows it.
    pub(crate) agents: Agents,
    /// Tags that facts contradict, and who promotes.
    pub(crate) misuse: Misuse,
    /// The rules in force.
    pub(crate) rulebook: &'s Rulebook,
    /// What people have looked into, against what rows say of it.
    pub(crate) locks: Locks,
    /// Rows whose listing is frozen, so that a later row of the same key can take one back.
    pub(crate) frozen: HashSet<u32>,
    /// Whether the store has media.
    pub(crate) has_media: bool,
    /// Whether the run reads media alone, so that a rejects file has only rows of media.
    pub(crate) media_alone: bool,
    /// The record of each row in the spool, where that is not the row's own number.
    pub(crate) told: Vec<u64>,
    /// The feed and line of each row, where findings are told of rows later.
    pub(crate) places: Vec<(usize, u64)>,
    /// What is compared when all rows are in.
    pub(crate) stock: Stock,
    /// The plan that is made or applied.
    pub(crate) plan: Plan,
}

impl Importer<'_> {
    pub(crate) fn open_input(&mut self, feed: &Feed) -> Result<()> {
        let input = InputStart {
            source: feed.source().to_owned(),
            format: feed.format.as_str().to_owned(),
            encoding: feed.encoding.clone(),
            mapping: feed.mapping()?,
        };
        self.inputs
            .push(self.run.input(input).map_err(open::failure)?);
        Ok(())
    }

    pub(crate) fn close_input(&mut self, index: usize, table: &Table) -> Result<()> {
        let hash = table.content_hash();
        Ok(self
            .run
            .close_input(self.inputs[index], &hash, self.rows[index])
            .map_err(open::failure)?)
    }

    pub(crate) fn take(&mut self, feed: &Feed, row: PackedRow<'_>) -> Result<()> {
        let ordinal = u32::try_from(self.counts.read).map_err(|_| {
            Failure::failed("one run takes no more than 2^32 rows").hint("split the input")
        })?;
        self.counts.read += 1;
        self.rows[row.head.feed] += 1;
        if self.emit == Emit::Findings {
            self.places.push((row.head.feed, row.head.line));
        }
        let gravest = gravest(row.findings);
        self.counts.gravest = self.counts.gravest.into_iter().chain(gravest).min();
        if is_rejected(row.findings) {
            self.refuse(feed, row)
        } else {
            self.store(feed, row, ordinal)
        }
    }

    pub(crate) fn store(&mut self, feed: &Feed, row: PackedRow<'_>, ordinal: u32) -> Result<()> {
        self.note(row.findings)?;
        let lookup = row
            .head
            .lookup
            .context("a listing without a key cannot be stored")?;
        let write = ListingWrite {
            listing: row.listing,
            lookup,
            findings_json: &self.findings,
            frozen: settle::freezes(row.findings),
            hash: row.head.hash,
            input: self.inputs[row.head.feed],
            line: row.head.line,
            row: ordinal,
        };
        let mut met = Met::default();
        let mut upserted = self
            .run
            .upsert_listing_guarded(&write, &mut |stored| {
                let filled = fill(feed, &row, stored, self.rulebook);
                if self.locks.concern(stored) {
                    let (hash, same) = match filled {
                        Filled::Same(_) => (stored.content_hash as u64, true),
                        _ => (row.head.hash, false),
                    };
                    let (listing, findings) = match filled {
                        Filled::With(listing, findings) => (*listing, findings),
                        Filled::Same(findings) => (stored.listing.clone(), findings),
                        Filled::AsItIs => (row.listing.unpack(), row.findings.to_vec()),
                    };
                    let judge = |listing: &Listing, findings: &mut Vec<Finding>| {
                        judge(feed, listing, self.rulebook, findings);
                    };
                    let locks = &self.locks;
                    let reconciled =
                        locks.reconcile(stored, hash, listing, findings, judge, &mut met);
                    return reconciled.map(|reconciled| Reconciled { same, ..reconciled });
                }
                let (listing, findings, same) = match filled {
                    Filled::AsItIs => return None,
                    Filled::Same(findings) => (stored.listing.clone(), findings, true),
                    Filled::With(listing, findings) => (*listing, findings, false),
                };
                met.findings = findings;
                let reconciled = reconciled(listing, &met.findings, stored);
                reconciled.map(|reconciled| Reconciled { same, ..reconciled })
            })
            .map_err(open::failure)?;
        if let Some(reconciled) = upserted.reconciled.take() {
            self.locks
                .remember(upserted.key.as_str(), upserted.action, feed.given, &mut met);
            let kept = PackedListings::of(&reconciled.listing);
            let row = PackedRow {
                head: row.head,
                listing: kept.get(0),
                findings: &met.findings,
                sight: None,
            };
            if met.decided {
                // What a person decided counts among what others say of it, too.
                self.stock.also(upserted.id);
            }
            let gravest = gravest(row.findings);
            self.counts.gravest = self.counts.gravest.into_iter().chain(gravest).min();
            self.note(row.findings)?;
            return self.stored(feed, row, ordinal, &upserted);
        }
        self.stored(feed, row, ordinal, &upserted)
    }

    /// Counts and tells what became of a row that is stored. Its findings are noted already.
    pub(crate) fn stored(
        &mut self,
        feed: &Feed,
        row: PackedRow<'_>,
        ordinal: u32,
        upserted: &Upserted,
    ) -> Result<()> {
        *self.counts.of(upserted.action) += 1;
        self.stock
            .note(upserted, row.sight, || row.listing.unpack());
        if upserted.action != Action::Unchanged {
            if self.stock.is_comparing() {
                self.misuse.note(upserted, row.listing, row.findings);
            }
            if self.agents.concern(row.listing) {
                self.stock.also(upserted.id);
            }
        }
        let is_unknown = |listing: PackedListing<'_>| {
            let system = listing.text(ListingField::OriginatingSystemName);
            let agent = listing.text(ListingField::ListAgentId);
            self.agents.member(system, agent).is_none()
        };
        let names_agent = row.head.lookup.is_some_and(|lookup| lookup.agent.is_some());
        if names_agent && (!self.agents.has_roster() || is_unknown(row.listing)) {
            self.counts.unresolved += 1;
        }
        if upserted.frozen {
            self.counts.frozen += 1;
            self.frozen.insert(ordinal);
        }
        if let (Some(earlier), Some(action)) = (upserted.supersedes, upserted.earlier_action) {
            self.supersede(earlier, action, row)?;
        }
        if let Some(reject_id) = &row.head.reject_id
            && self.run.resolve_reject(reject_id).map_err(open::failure)?
        {
            self.counts.mended += 1;
        }
        if !row.head.media.is_empty() || self.has_media && feed.tells_media() {
            self.take_own_media(upserted, &row.head.media)?;
        }
        if self.has_media && upserted.action == Action::Changed {
            // What its media must show depends on what it is.
            self.stock.also(upserted.id);
        }
        let told = change(feed, row, upserted);
        let unlike = match (&upserted.overwritten, &upserted.before) {
            (Some((city, community)), _) => is_unlike(city, community, row.listing),
            (None, Some(before)) => is_unlike(&before.city, &before.subdivision_name, row.listing),
            (None, None) => false,
        };
        match unlike {
            true => {
                let mut findings = row.findings.to_vec();
                findings.push(Finding::new(&UNLIKE_RECORD, Some("listing_id"), ""));
                self.note(&findings)?;
                self.tell(
                    &Change {
                        findings: &findings,
                        ..told
                    },
                    row.listing,
                )
            }
            false => self.tell(&told, row.listing),
        }
    }

    /// An earlier row came to nothing: only the end state under its key counts.
    pub(crate) fn supersede(
        &mut self,
        earlier: u32,
        action: Action,
        row: PackedRow<'_>,
    ) -> Result<()> {
        *self.counts.of(action) -= 1;
        self.counts.unchanged += 1;
        self.counts.repeated += 1;
        if self.frozen.remove(&earlier) {
            self.counts.frozen -= 1;
        }
        self.run
            .amend(earlier, row.head.line)
            .map_err(open::failure)?;
        // Of the other outputs the next tool, or the reader, makes the same end state.
        if self.emit == Emit::Changes {
            self.spool.supersede(u64::from(earlier), row.head.line);
        }
        Ok(())
    }

    pub(crate) fn refuse(&mut self, feed: &Feed, row: PackedRow<'_>) -> Result<()> {
        self.counts.rejected += 1;
        let refusal = self
            .rejects
            .push(&feed.origin, row.head.record.as_deref(), row.findings)?;
        self.run
            .reject(&RejectWrite {
                input: self.inputs[row.head.feed],
                line: row.head.line,
                reject_id: &refusal.reject_id,
                rule: refusal.rule,
                field: refusal.field,
                reason: &refusal.reason,
            })
            .map_err(open::failure)?;
        // Its source still has it: a full feed must not withdraw what it only fails to describe.
        let listing = row.listing;
        let system_key = listing.text(ListingField::OriginatingSystemKey);
        if !system_key.is_empty() {
            let key = listing_key(
                listing.text(ListingField::OriginatingSystemName),
                system_key,
            );
            self.run.mark_seen(key).map_err(open::failure)?;
        }
        let change = Change {
            source: feed.source(),
            line: Some(row.head.line),
            listing_id: listing.text(ListingField::ListingId),
            listing_key: None,
            action: "rejected",
            frozen: false,
            verification: Verification::Unverified,
            standard_status: status(listing),
            home_key: None,
            findings: row.findings,
        };
        self.plan.refused(&change)?;
        self.note(row.findings)?;
        self.tell(&change, row.listing)
    }

    /// Writes down findings as they are kept.
    pub(crate) fn note(&mut self, findings: &[Finding]) -> Result<()> {
        self.findings.clear();
        Ok(write_findings(findings, &mut self.findings)?)
    }

    /// Spools what a row came to, and keeps it for `--replay`. Its findings are noted already.
    pub(crate) fn tell(&mut self, change: &Change<'_>, listing: PackedListing<'_>) -> Result<()> {
        self.kept.clear();
        self.keeper
            .keep(change, listing, &self.findings, &mut self.kept)?;
        self.run.record(&self.kept).map_err(open::failure)?;
        if self.spool.is_discarding() {
            return Ok(());
        }
        if self.emit == Emit::Listings && change.line.is_some() {
            self.told.push(self.spool.len());
        }
        match self.emit {
            Emit::Changes => {
                self.line.clear();
                change.write(self.lang, &mut self.line)?;
                self.spool.push_raw(std::str::from_utf8(&self.line)?)?;
            }
            // What is not stored is no listing to pass on, and a withdrawal has no fields to show.
            Emit::Listings if matches!(change.action, "rejected" | "withdrawn") => {}
            Emit::Listings => {
                self.spool.push(&ListingRecord {
                    change: *change,
                    listing: &listing.unpack(),
                    reveal: false,
                })?;
            }
            Emit::Findings => {
                for finding in change.findings {
                    self.spool
                        .push(&FindingRecord::new(change, finding, self.lang))?;
                }
            }
        }
        Ok(())
    }
}

fn change<'a>(feed: &'a Feed, row: PackedRow<'a>, upserted: &'a Upserted) -> Change<'a> {
    Change {
        source: feed.source(),
        line: Some(row.head.line),
        listing_id: row.listing.text(ListingField::ListingId),
        listing_key: Some(upserted.key.as_str()),
        action: upserted.action.as_str(),
        frozen: upserted.frozen,
        verification: upserted.verification,
        standard_status: status(row.listing),
        home_key: Some(upserted.home_key.as_str()),
        findings: row.findings,
    }
}

fn status(listing: PackedListing<'_>) -> Option<&str> {
    Some(listing.text(ListingField::StandardStatus)).filter(|status| !status.is_empty())
}

/// Whether the state that was overwritten was another home: two systems may share an id.
fn is_unlike(city: &str, community: &str, listing: PackedListing<'_>) -> bool {
    let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
    differ(city, listing.text(ListingField::City))
        || differ(community, listing.text(ListingField::SubdivisionName))
}
