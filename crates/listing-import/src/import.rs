//! The import itself: what was read is written to the store in one run, and told.

use std::collections::HashSet;

use anyhow::Result;
use cli::open::{self, Access};
use cli::{Destination, Failure, Outcome, Shape, Ui, apply_patch};
use model::rule::{Finding, Lang};
use serde_json::{Map, Value};
use store::{Action, ErrorKind, Store};

use crate::agents::{Agents, Misuse};
use crate::args::{Args, Emit};
use crate::collect::{Feed, collect};
use crate::counts::Counts;
use crate::emit::{
    CHANGE_COLUMNS, FINDING_COLUMNS, FINDING_TABLE, TABLE_COLUMNS, listing_columns, listing_shape,
};
use crate::identify::REPEATED_KEY;
use crate::importer::Importer;
use crate::kept::Keeper;
use crate::locked::Locks;
use crate::plan::Plan;
use crate::read::{Batch, read_ahead, read_batches};
use crate::rejects::Rejects;
use crate::settings::{self, Rulebook};
use crate::stock::{self, Stock};
use crate::{mapping, media, scope};

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
    } else if args.feed.full_feed.is_some() {
        ui.note(match ui.lang() {
            Lang::En => "the full feed holds no record, so nothing was withdrawn",
            Lang::Zh => "全量数据中没有任何记录，未下架任何房源",
        });
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
    let idle = counts.read == 0 && counts.withdrawn == 0 && counts.media == 0;
    let outcome = if idle { "nothing to do" } else { "done" };
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
    // where nothing was read, it goes without saying that checks had nothing to look at
    for remark in remarks.into_iter().flatten().filter(|_| !idle) {
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
