//! The import itself: what was read is written to the store in one run, and told.

use std::collections::HashSet;

use anyhow::{Context as _, Result};
use cli::open::{self, Access};
use cli::{Destination, Failure, Outcome, Shape, Spool, Ui, apply_patch};
use intake::Table;
use model::codes::{StandardStatus, Verification};
use model::identity::listing_key;
use model::jiff::civil::Date;
use model::listing::{Listing, ListingField};
use model::packed::{PackedListing, PackedListings};
use model::rule::{Finding, Lang};
use serde_json::{Map, Value};
use store::{
    Action, ErrorKind, InputStart, ListingWrite, Reconciled, RejectWrite, Run, Store, Upserted,
};

use crate::agents::{Agents, Misuse};
use crate::args::{Args, Emit};
use crate::collect::{Feed, collect};
use crate::counts::Counts;
use crate::emit::{
    CHANGE_COLUMNS, Change, FINDING_COLUMNS, FINDING_TABLE, FindingRecord, ListingRecord,
    TABLE_COLUMNS, listing_columns, listing_shape, write_findings,
};
use crate::fill::{Filled, fill, judge, reconciled};
use crate::identify::{REPEATED_KEY, UNLIKE_RECORD};
use crate::kept::Keeper;
use crate::locked::{self, Locks, Met};
use crate::plan::Plan;
use crate::read::{Batch, PackedRow, gravest, is_rejected, read_ahead, read_batches};
use crate::rejects::Rejects;
use crate::settings::{self, Rulebook};
use crate::stock::{self, Stock, Told};
use crate::{mapping, media, scope, settle};

/// Rows between two looks at Ctrl-C and the progress bar.
const STRIDE: u64 = 1_024;

/// Imports the inputs.
pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Outcome> {
    if let Some(number) = args.replay.replay {
        return replay(args, number, ui);
    }
    let (mut plan, args) = Plan::of(args, ui)?;
    let args = &*args;
    let inputs = [&args.input.inputs[..], &args.media].concat();
    if inputs.is_empty() {
        let failure =
            Failure::usage("no input is named").hint("name a file, or `-` for standard input");
        return Err(failure.with_short_help().into());
    }
    let named = cli::Inputs { inputs };
    named.check()?;
    cli::keep_apart(&named.inputs, &args.output, &args.rejects, &args.run)?;
    let rulebook = Rulebook::new(&args.rules, ui)?;
    let withdrawal = scope::Plan::new(args, ui)?;
    let numbers = settings::numbers(&ui.config());
    let (location, options) = (open::location(ui), open::options(ui, Access::Read));
    let known = || Store::open(&location, &options).ok();
    let input = media::input_of_listings(args)?;
    let (feeds, mut tables) = collect(&input, &input.inputs, &numbers, ui, &known)?;
    let mut media = media::open(args, ui)?;
    let destination = Destination::open(ui, &args.output)?;
    if args.input.show_mapping {
        return mapping::print(
            feeds
                .iter()
                .map(|feed| (feed.source(), &feed.understanding))
                .chain(
                    media
                        .iter()
                        .map(|table| (table.source(), &table.understanding)),
                ),
            destination,
        );
    }
    let mut store = open::for_writing(args.store.dry_run, ui)?;
    let agents = Agents::new(&store.store, ui.today())?;
    let start = plan.start(open::start(ui, "import", rulebook.listings.pack_version()))?;
    let run = store.store.begin(start).map_err(open::failure)?;
    plan.begun(&run)?;
    let stock = Stock::new(stock::Settings::new(&ui.config())?, &run)?;
    let mut importer = Importer {
        run,
        inputs: Vec::new(),
        rows: vec![0; feeds.len()],
        spool: destination.spool()?,
        rejects: Rejects::open(&args.rejects, &feeds, ui.lang())?,
        emit: args.emit.unwrap_or(Emit::Changes),
        lang: ui.lang(),
        counts: Counts::default(),
        keeper: Keeper::default(),
        kept: String::new(),
        line: Vec::new(),
        findings: String::new(),
        frozen: HashSet::new(),
        told: Vec::new(),
        places: Vec::new(),
        stock,
        agents,
        misuse: Misuse::default(),
        rulebook: &rulebook,
        locks: Locks::new(&rulebook.effects, ui.today()),
        has_media: false,
        media_alone: args.input.inputs.is_empty(),
        plan,
    };
    importer.has_media = importer.run.has_media().map_err(open::failure)?;
    importer.spool.amend_with(Box::new(superseded(ui.lang())));
    for feed in &feeds {
        importer.open_input(feed)?;
    }

    let total = tables.iter().map(|opened| opened.table.position().1).sum();
    let progress = ui.progress("importing", total);
    let interrupt = ui.interrupt();
    // Two threads share the work of a first load; later most rows are as they were, and handing them over
    // costs more than it gains.
    let first_load = importer.run.is_first_load();
    let places = importer.stock.places();
    let take = |batch: &Batch| {
        importer.run.expect_listings(batch.keys());
        for row in batch.rows() {
            if importer.counts.read.is_multiple_of(STRIDE) {
                interrupt.check()?;
                progress.update(row.head.bytes, importer.counts.read);
            }
            importer.take(&feeds[row.head.feed], row)?;
        }
        Ok(())
    };
    if first_load {
        read_ahead(&feeds, &mut tables, &rulebook, places, take)?;
    } else {
        read_batches(&feeds, &mut tables, &rulebook, take)?;
    }
    progress.finish();
    interrupt.check()?;
    for (number, opened) in tables.iter().enumerate() {
        importer
            .plan
            .read_input(number, &opened.table.content_hash())?;
        for index in opened.feeds.clone() {
            importer.close_input(index, &opened.table)?;
        }
    }
    importer.take_media(&mut media, &rulebook, &interrupt)?;
    // A feed without a record says nothing, least of all that everything is gone.
    if let Some(plan) = withdrawal
        && importer.counts.read > 0
    {
        importer.withdraw(&plan, ui.today())?;
    }
    let stock = std::mem::take(&mut importer.stock);
    importer.judge(&feeds, stock, &rulebook, ui)?;
    importer.settle_locks()?;
    importer.plan.gather(&mut importer.run)?;
    finish(args, ui, &rulebook, &feeds, importer, destination)
}

/// The run's end: gates, commit; then the records go out.
fn finish(
    args: &Args,
    ui: &mut Ui,
    rulebook: &Rulebook,
    feeds: &[Feed],
    importer: Importer<'_>,
    destination: Destination,
) -> Result<Outcome> {
    let Importer {
        run,
        mut spool,
        rejects,
        counts,
        emit,
        agents,
        plan,
        ..
    } = importer;
    rejects.finish()?;
    let number = run.number();
    let summary = counts.summary(number, args.store.dry_run);
    if let Some(most) = args.rejects.max_rejects
        && most.is_exceeded(
            counts.rejected + counts.media_rejected,
            counts.read + counts.media,
        )
    {
        run.abandon("refused: too many rejects")
            .map_err(open::failure)?;
        summary.remark("nothing was changed").give(ui, &args.run)?;
        return Err(Failure::gate(format!(
            "{} of {} rows were rejected, more than --max-rejects allows",
            counts.rejected + counts.media_rejected,
            counts.read + counts.media
        ))
        .into());
    }
    let outcome = if counts.read == 0 && counts.withdrawn == 0 && counts.media == 0 {
        "nothing to do"
    } else {
        "done"
    };
    let silent_of_stock = stock::media::silent(rulebook, &run)?;
    run.commit(&counts.json(), outcome).map_err(open::failure)?;
    plan.write(&counts, ui)?;

    match emit {
        Emit::Changes => spool.deliver(
            destination,
            &Shape::new(CHANGE_COLUMNS).table(TABLE_COLUMNS),
        )?,
        Emit::Listings => listing_shape(&listing_columns(), |shape| {
            spool.deliver(destination, &shape)
        })?,
        Emit::Findings => spool.deliver(
            destination,
            &Shape::new(FINDING_COLUMNS).table(FINDING_TABLE),
        )?,
    }
    let mut summary = summary;
    let remarks = [
        settings::silent(rulebook, feeds, silent_of_stock, ui.lang()),
        stock::silent(rulebook, &agents, ui.lang()),
    ];
    for remark in remarks.into_iter().flatten() {
        summary = summary.remark(remark);
    }
    summary.give(ui, &args.run)?;
    let gate = args.rules.fail_on.is_some_and(|severity| {
        counts
            .gravest
            .is_some_and(|effect| severity.is_met_by(effect))
    });
    Ok(if gate { Outcome::Gate } else { Outcome::Done })
}

/// Prints a past run's records again.
fn replay(args: &Args, number: i64, ui: &mut Ui) -> Result<Outcome> {
    let store = open::open(ui, Access::Read)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let lang = ui.lang();
    let amend = superseded(lang);
    let mut keeper = Keeper::default();
    let mut failed = None;
    let replayed = store.replay_with(number, &mut |line, amendment| {
        let told = keeper.tell(line, lang).and_then(|mut record| {
            if let Some(patch) = &amendment.patch {
                apply_patch(&mut record, &stock::told(patch, lang));
            }
            if let Some(by_line) = amendment.superseded_by_line {
                amend(&mut record, by_line);
            }
            spool.push(&record)
        });
        told.map(|_| ()).map_err(|error| {
            failed = Some(error);
            store::Error::new(ErrorKind::Other, "the records cannot be kept")
        })
    });
    if let Some(error) = failed {
        return Err(error);
    }
    replayed.map_err(open::failure)?;
    spool.deliver(
        destination,
        &Shape::new(CHANGE_COLUMNS).table(TABLE_COLUMNS),
    )?;
    Ok(Outcome::Done)
}

/// How an earlier row under the same key is told apart: it did nothing, and says which row did.
fn superseded(lang: Lang) -> impl Fn(&mut Map<String, Value>, u64) + Send {
    move |record, by_line| {
        if let Some(action) = record.get_mut("action") {
            *action = Value::from(Action::Unchanged.as_str());
        }
        if let Some(Value::Array(findings)) = record.get_mut("findings") {
            let finding =
                Finding::new(&REPEATED_KEY, Some("listing_id"), format!("line {by_line}"));
            findings.extend(serde_json::to_value(finding.to_wire(lang)));
        }
    }
}

/// A run at work.
pub(crate) struct Importer<'s> {
    pub(crate) run: Run<'s>,
    /// The store's id of each feed.
    inputs: Vec<i64>,
    /// Records read from each.
    rows: Vec<u64>,
    spool: Spool,
    pub(crate) rejects: Rejects,
    emit: Emit,
    lang: Lang,
    pub(crate) counts: Counts,
    /// Writes what `--replay` tells again.
    keeper: Keeper,
    /// Room for one record as it is kept, and as it is told, reused.
    kept: String,
    line: Vec<u8>,
    /// Room for one row's findings as the store keeps them, reused.
    findings: String,
    /// What is known of agents: one is kept as written, and counted where no roster knows it.
    agents: Agents,
    /// Tags that facts contradict, and who promotes.
    misuse: Misuse,
    /// The rules in force.
    rulebook: &'s Rulebook,
    /// What people have looked into, against what rows say of it.
    locks: Locks,
    /// Rows whose listing is frozen, so that a later row of the same key can take one back.
    frozen: HashSet<u32>,
    /// Whether the store has media.
    pub(crate) has_media: bool,
    /// Whether the run reads media alone, so that a rejects file has only rows of media.
    pub(crate) media_alone: bool,
    /// The record of each row in the spool, where that is not the row's own number.
    told: Vec<u64>,
    /// The feed and line of each row, where findings are told of rows later.
    places: Vec<(usize, u64)>,
    /// What is compared when all rows are in.
    pub(crate) stock: Stock,
    /// The plan that is made or applied.
    plan: Plan,
}

impl Importer<'_> {
    fn open_input(&mut self, feed: &Feed) -> Result<()> {
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

    fn close_input(&mut self, index: usize, table: &Table) -> Result<()> {
        let hash = table.content_hash();
        Ok(self
            .run
            .close_input(self.inputs[index], &hash, self.rows[index])
            .map_err(open::failure)?)
    }

    fn take(&mut self, feed: &Feed, row: PackedRow<'_>) -> Result<()> {
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

    fn store(&mut self, feed: &Feed, row: PackedRow<'_>, ordinal: u32) -> Result<()> {
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
                    let (listing, findings) = match filled {
                        Filled::With(listing, findings) => (*listing, findings),
                        Filled::Same(findings) => (stored.listing.clone(), findings),
                        Filled::AsItIs => (row.listing.unpack(), row.findings.to_vec()),
                    };
                    let judge = |listing: &Listing, findings: &mut Vec<Finding>| {
                        judge(feed, listing, self.rulebook, findings);
                    };
                    let (locks, hash) = (&self.locks, row.head.hash);
                    return locks.reconcile(stored, hash, listing, findings, judge, &mut met);
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
                .remember(upserted.key.as_str(), upserted.action, &mut met);
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
    fn stored(
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
            self.misuse.note(upserted, row.listing, row.findings);
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
    fn supersede(&mut self, earlier: u32, action: Action, row: PackedRow<'_>) -> Result<()> {
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

    fn refuse(&mut self, feed: &Feed, row: PackedRow<'_>) -> Result<()> {
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

    /// Asks for the corrections that verified listings' rows want, and writes down which verifications have
    /// ended.
    fn settle_locks(&mut self) -> Result<()> {
        self.counts.corrections = self.locks.settle(&mut self.run)?;
        locked::expire(&mut self.run)?;
        Ok(())
    }

    /// Judges listings among the others, and amends what was told of the rows.
    fn judge(
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
        for id in self.agents.changed(&mut self.run)? {
            stock.also(id);
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

    fn amend(&mut self, feeds: &[Feed], row: u32, told: &Told) -> Result<()> {
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

    fn withdraw(&mut self, plan: &scope::Plan, today: Date) -> Result<()> {
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
