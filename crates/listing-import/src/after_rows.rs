//! What a run does when all rows are in: listings are judged among the others, corrections asked for, and what a full
//! feed no longer has is withdrawn.

use anyhow::Result;
use cli::Ui;
use cli::open;
use model::codes::{StandardStatus, Verification};
use model::jiff::civil::Date;
use model::listing::Listing;
use model::packed::PackedListings;

use crate::args::Emit;
use crate::collect::Feed;
use crate::emit::{Change, FindingRecord};
use crate::importer::Importer;
use crate::locked;
use crate::scope;
use crate::settings::Rulebook;
use crate::stock::{Stock, Told};

impl Importer<'_> {
    /// Asks for the corrections that verified listings' rows want, and writes down which verifications have
    /// ended.
    pub(crate) fn settle_locks(&mut self) -> Result<()> {
        self.counts.corrections = self.locks.settle(&mut self.run)?;
        locked::expire(&mut self.run)?;
        Ok(())
    }

    /// Judges listings among the others, and amends what was told of the rows.
    pub(crate) fn judge(
        &mut self,
        feeds: &[Feed],
        mut stock: Stock,
        rulebook: &Rulebook,
        ui: &Ui,
    ) -> Result<()> {
        let days = ui.config().integer("listing-import.promotion_bar_days");
        if stock.is_comparing() {
            self.counts.bars = self.agents.bar_misuse(&self.misuse, days, &mut self.run)?;
        }
        for id in self.misuse.barred(&self.agents) {
            stock.also(id);
        }
        if stock.is_comparing() {
            for id in self.agents.changed(&mut self.run)? {
                stock.also(id);
            }
        }
        let mut others = Vec::new();
        let media_alone = self.media_alone;
        let judged = stock.finish(&mut self.run, rulebook, &self.agents, &mut |_, rejudged| {
            if media_alone {
                others.push(rejudged.stored.id());
            }
            Ok(())
        })?;
        self.tell_others(&others)?;
        self.counts.homes = judged.homes;
        self.counts.questions = judged.questions;
        self.counts.rejudged = judged.others;
        self.counts.gravest = self.counts.gravest.into_iter().chain(judged.gravest).min();
        for (row, told) in &judged.told {
            self.run.patch(*row, &told.kept()?).map_err(open::failure)?;
            match told.frozen {
                Some(true) if self.frozen.insert(*row) => self.counts.frozen += 1,
                Some(false) if self.frozen.remove(row) => self.counts.frozen -= 1,
                _ => {}
            }
            self.amend(feeds, *row, told)?;
        }
        Ok(())
    }

    pub(crate) fn amend(&mut self, feeds: &[Feed], row: u32, told: &Told) -> Result<()> {
        match self.emit {
            Emit::Changes => self.spool.patch(u64::from(row), told.patch(self.lang)),
            Emit::Listings => {
                let mut patch = told.patch(self.lang);
                patch.remove("findings");
                if let Some(record) = self.told.get(row as usize) {
                    self.spool.patch(*record, patch);
                }
            }
            Emit::Findings => {
                let place = self.places.get(row as usize);
                let change = Change {
                    source: place.map_or("", |(feed, _)| feeds[*feed].source()),
                    line: place.map(|(_, line)| *line),
                    listing_id: &told.listing_id,
                    listing_key: Some(&told.listing_key),
                    action: "unchanged",
                    frozen: false,
                    verification: Verification::Unverified,
                    standard_status: None,
                    home_key: None,
                    findings: &told.findings,
                };
                for finding in &told.findings {
                    self.spool
                        .push(&FindingRecord::new(&change, finding, self.lang))?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn withdraw(&mut self, plan: &scope::Plan, today: Date) -> Result<()> {
        let withdrawal = self
            .run
            .withdraw_missing(
                &plan.system,
                &|listing| plan.holds(listing),
                today,
                "absent from the full feed",
                1.0,
            )
            .map_err(open::failure)?;
        plan.allow(withdrawal.missing, withdrawal.in_scope)?;
        // No row names what is withdrawn.
        self.note(&[])?;
        let nothing = PackedListings::of(&Listing::default());
        for listing in &withdrawal.withdrawn {
            self.counts.withdrawn += 1;
            let change = Change {
                source: "",
                line: None,
                listing_id: &listing.listing_id,
                listing_key: Some(&listing.key),
                action: "withdrawn",
                frozen: listing.frozen,
                verification: listing.verification,
                standard_status: Some(StandardStatus::Withdrawn.as_str()),
                home_key: Some(&listing.home_key),
                findings: &[],
            };
            self.tell(&change, nothing.get(0))?;
        }
        Ok(())
    }
}
