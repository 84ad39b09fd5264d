//! Media on their way into the store, when the listings they belong to are there.

use anyhow::Result;
use cli::Interrupt;
use cli::open;
use intake::Record;
use model::codes::Verification;
use model::listing::Listing;
use model::media::{Media, MediaField};
use model::packed::PackedListings;
use model::rule::Finding;
use store::{Action, InputStart, RejectWrite, Upserted};

use super::find::Finder;
use super::{MediaTable, join};
use crate::collect::reading;
use crate::emit::Change;
use crate::importer::Importer;
use crate::read::{gravest, is_rejected};
use crate::settings::Rulebook;
use crate::standing::kept;

/// Rows between two looks at Ctrl-C.
const STRIDE: u64 = 1_024;

impl Importer<'_> {
    /// Takes in tables of media. The listings of the run are in by now.
    pub(crate) fn take_media(
        &mut self,
        tables: &mut [MediaTable],
        rulebook: &Rulebook,
        interrupt: &Interrupt,
    ) -> Result<()> {
        let mut finder = Finder::default();
        for table in tables {
            self.rejects.expect(&table.origin, &table.masks());
            let input = InputStart {
                source: table.source().to_owned(),
                format: table.format.as_str().to_owned(),
                encoding: table.encoding.clone(),
                mapping: serde_json::to_string(&table.understanding)?,
            };
            let input = self.run.input(input).map_err(open::failure)?;
            let mut rows = 0;
            let mut sample = std::mem::take(&mut table.sample).into_iter();
            let mut record = Record::new();
            loop {
                match sample.next() {
                    Some(first) => record = first,
                    None if table.table.read(&mut record).map_err(reading)? => {}
                    None => break,
                }
                if rows % STRIDE == 0 {
                    interrupt.check()?;
                }
                rows += 1;
                self.take_row(table, input, &record, rulebook, &mut finder)?;
            }
            self.run
                .close_input(input, &table.table.content_hash(), rows)
                .map_err(open::failure)?;
        }
        Ok(())
    }

    fn take_row(
        &mut self,
        table: &MediaTable,
        input: i64,
        record: &Record,
        rulebook: &Rulebook,
        finder: &mut Finder,
    ) -> Result<()> {
        self.counts.media += 1;
        let (medium, mut findings) = table.reader.read(record);
        let mut listing = None;
        if findings.is_empty() {
            let system = match medium.originating_system_name.as_str() {
                "" => &table.system,
                named => named,
            };
            match finder.find(&mut self.run, system, &medium.listing_id)? {
                Ok(found) => listing = Some(found),
                Err(rule) => {
                    let field = Some(MediaField::ListingId.name());
                    findings.push(Finding::new(rule, field, medium.listing_id.as_str()));
                }
            }
        }
        rulebook.adjust(&mut findings);
        self.counts.gravest = (self.counts.gravest.into_iter())
            .chain(gravest(&findings))
            .min();
        let Some((listing, key)) = listing.filter(|_| !is_rejected(&findings)) else {
            return self.refuse_row(table, input, record, &medium, &findings);
        };
        let known = self.run.medium(&key, &medium.url).map_err(open::failure)?;
        let medium = join(medium, &table.reader.columns, known.as_ref());
        self.store_medium(listing, &key, &medium, false)?;
        if table.origin.reject_columns().is_some() {
            let id = table.origin.reject_id(record);
            if self.run.resolve_reject(&id).map_err(open::failure)? {
                self.counts.mended += 1;
            }
        }
        Ok(())
    }

    fn refuse_row(
        &mut self,
        table: &MediaTable,
        input: i64,
        record: &Record,
        medium: &Media,
        findings: &[Finding],
    ) -> Result<()> {
        self.counts.media_rejected += 1;
        // Fed again as listings, rows of media would empty them: a file has rows of one kind.
        let refusal = if self.media_alone {
            self.rejects.push(&table.origin, Some(record), findings)?
        } else {
            self.rejects.note(&table.origin, Some(record), findings)
        };
        self.run
            .reject(&RejectWrite {
                input,
                line: record.line(),
                reject_id: &refusal.reject_id,
                rule: refusal.rule,
                field: refusal.field,
                reason: &refusal.reason,
            })
            .map_err(open::failure)?;
        self.note(findings)?;
        let change = Change {
            source: table.source(),
            line: Some(record.line()),
            listing_id: &medium.listing_id,
            listing_key: None,
            action: "rejected",
            frozen: false,
            verification: Verification::Unverified,
            standard_status: None,
            home_key: None,
            findings,
        };
        self.tell(&change, PackedListings::of(&Listing::default()).get(0))
    }

    /// Tells of listings that no row of the run names and that their media have frozen or thawed, or of which
    /// something else was found.
    pub(crate) fn tell_others(&mut self, ids: &[u32]) -> Result<()> {
        for id in ids {
            let mut found = None;
            self.run
                .listings_by_id([*id], |stored| {
                    found = Some(stored.clone());
                    Ok(())
                })
                .map_err(open::failure)?;
            let Some(stored) = found else { continue };
            let findings: Vec<Finding> = [&stored.findings, &stored.stock_findings]
                .into_iter()
                .flat_map(|json| kept(json))
                .filter_map(|finding| finding.known())
                .collect();
            self.note(&findings)?;
            self.counts.frozen += u64::from(stored.frozen);
            let change = Change {
                source: "",
                line: None,
                listing_id: &stored.listing.listing_id,
                listing_key: Some(&stored.key),
                action: "changed",
                frozen: stored.frozen,
                verification: stored.verification,
                standard_status: (stored.listing.standard_status.as_ref())
                    .map(|status| status.as_str()),
                home_key: Some(&stored.home_key),
                findings: &findings,
            };
            self.tell(&change, PackedListings::of(&stored.listing).get(0))?;
        }
        Ok(())
    }

    /// Takes in what a listing's own row tells of its media, which is all it tells: others that only such a row
    /// has told of are gone.
    pub(crate) fn take_own_media(&mut self, upserted: &Upserted, media: &[Media]) -> Result<()> {
        let (listing, key) = (upserted.id, upserted.key.as_str());
        let before = match self.has_media {
            true => self.run.media_of(listing).map_err(open::failure)?,
            false => Vec::new(),
        };
        for medium in media {
            self.counts.media += 1;
            let mut known = before.iter().filter(|known| known.medium.url == medium.url);
            match known.next() {
                // What a table tells as well stays, where the row says nothing of it.
                Some(known) if !known.own => {
                    let medium = join(medium.clone(), &[], Some(known));
                    self.store_medium(listing, key, &medium, false)?;
                }
                _ => self.store_medium(listing, key, medium, true)?,
            }
        }
        for known in before.iter().filter(|known| known.own) {
            let is_told = media.iter().any(|medium| medium.url == known.medium.url);
            if !is_told && known.medium.removed != Some(true) {
                let gone = Media {
                    removed: Some(true),
                    ..known.medium.clone()
                };
                self.store_medium(listing, key, &gone, true)?;
            }
        }
        Ok(())
    }

    fn store_medium(&mut self, listing: u32, key: &str, medium: &Media, own: bool) -> Result<()> {
        self.has_media = true;
        let upserted = self
            .run
            .upsert_medium(listing, key, medium, own)
            .map_err(open::failure)?;
        self.counts.count_medium(upserted);
        if upserted.action != Action::Unchanged {
            self.stock.also(listing);
        }
        Ok(())
    }
}
