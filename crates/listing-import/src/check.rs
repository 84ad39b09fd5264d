//! `check`: a linter for a file. Nothing is stored, so no store is opened.

use anyhow::Result;
use cli::{Destination, Failure, Outcome, Shape, Summary, Ui};
use model::codes::Verification;
use model::rule::Effect;

use crate::args::{Args, Emit};
use crate::collect::collect;
use crate::emit::{
    CHANGE_COLUMNS, Change, FINDING_COLUMNS, FINDING_TABLE, FindingRecord, ListingRecord,
    TABLE_COLUMNS, listing_columns, listing_shape,
};
use crate::mapping;
use crate::read::{gravest as rows_gravest, is_rejected, read_rows};
use crate::rejects::Rejects;
use crate::settings::{self, Rulebook};
use crate::settle;

/// Rows between two looks at Ctrl-C and the progress bar.
const STRIDE: u64 = 1_024;

/// Checks the inputs.
pub(crate) fn run(args: &Args, inputs: &[std::ffi::OsString], ui: &mut Ui) -> Result<Outcome> {
    if inputs.is_empty() {
        let failure =
            Failure::usage("no input is named").hint("name a file, or `-` for standard input");
        return Err(failure.with_short_help().into());
    }
    cli::keep_apart(inputs, &args.output, &args.rejects, &args.run)?;
    let rulebook = Rulebook::new(&args.rules, ui)?;
    let numbers = settings::numbers(&ui.config());
    let (feeds, mut tables) = collect(&args.input, inputs, &numbers, ui, &|| None)?;
    let destination = Destination::open(ui, &args.output)?;
    if args.input.show_mapping {
        return mapping::print(
            feeds
                .iter()
                .map(|feed| (feed.source(), &feed.understanding)),
            destination,
        );
    }
    tables
        .iter_mut()
        .for_each(|opened| opened.table.skip_hash());
    let mut spool = destination.spool()?;
    let mut rejects = Rejects::open(&args.rejects, &feeds, ui.lang())?;
    let emit = args.emit.unwrap_or(Emit::Findings);
    let (lang, interrupt) = (ui.lang(), ui.interrupt());
    let progress = ui.progress(
        "checking",
        tables.iter().map(|opened| opened.table.position().1).sum(),
    );
    let (mut read, mut rejected, mut frozen, mut findings) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut gravest: Option<Effect> = None;
    read_rows(&feeds, &mut tables, &rulebook, |row| {
        if read.is_multiple_of(STRIDE) {
            interrupt.check()?;
            progress.update(row.head.bytes, read);
        }
        read += 1;
        let feed = &feeds[row.head.feed];
        let refused = is_rejected(&row.findings);
        let freezes = !refused && settle::freezes(&row.findings);
        rejected += u64::from(refused);
        frozen += u64::from(freezes);
        findings += row.findings.len() as u64;
        gravest = gravest.into_iter().chain(rows_gravest(&row.findings)).min();
        if refused {
            rejects.push(&feed.origin, row.head.record.as_deref(), &row.findings)?;
        }
        if spool.is_discarding() {
            return Ok(());
        }
        let change = Change {
            source: feed.source(),
            line: Some(row.head.line),
            listing_id: &row.listing.listing_id,
            listing_key: None,
            action: if refused { "rejected" } else { "accepted" },
            frozen: freezes,
            verification: Verification::Unverified,
            standard_status: row
                .listing
                .standard_status
                .as_ref()
                .map(|status| status.as_str()),
            home_key: None,
            findings: &row.findings,
        };
        match emit {
            Emit::Changes => spool.push(&change.in_lang(lang)).map(|_| ()),
            Emit::Listings if refused => Ok(()),
            Emit::Listings => spool
                .push(&ListingRecord {
                    change,
                    listing: &row.listing,
                    reveal: false,
                })
                .map(|_| ()),
            Emit::Findings => row.findings.iter().try_for_each(|finding| {
                spool
                    .push(&FindingRecord::new(&change, finding, lang))
                    .map(|_| ())
            }),
        }
    })?;
    progress.finish();
    interrupt.check()?;
    rejects.finish()?;
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
    let mut summary = Summary::new(read, rejected)
        .count("frozen", frozen)
        .count("findings", findings);
    if read > 0
        && let Some(remark) = settings::silent(&rulebook, &feeds, Vec::new(), lang)
    {
        summary = summary.remark(remark);
    }
    summary.give(ui, &args.run)?;
    let too_many = args
        .rejects
        .max_rejects
        .is_some_and(|most| most.is_exceeded(rejected, read));
    let grave = args
        .rules
        .fail_on
        .is_some_and(|severity| gravest.is_some_and(|effect| severity.is_met_by(effect)));
    Ok(if too_many || grave {
        Outcome::Gate
    } else {
        Outcome::Done
    })
}
