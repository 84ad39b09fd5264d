//! `bars`: who may not promote listings for a time, and ending that.

use anyhow::Result;
use cli::open::{self, Access};
use cli::{Destination, Failure, Outcome, Shape, Summary, Ui};
use model::jiff::ToSpan;
use serde_json::json;
use store::PromotionBar;

use crate::agents::Agents;
use crate::args::Args;
use crate::settings::Rulebook;
use crate::stock::{self, Stock};

/// Columns of a bar.
pub(crate) const COLUMNS: &[&str] = &[
    "bar_key",
    "originating_system_name",
    "member_id",
    "member_key",
    "from",
    "to",
    "in_force",
    "listing_key",
    "rule",
];

/// The schema of a bar.
pub(crate) fn schema() -> serde_json::Value {
    use cli::schema::WireKind::{Date, Flag, Text};
    let about = [
        (Text, "Key of the bar"),
        (Text, "System of the agent's id"),
        (Text, "The agent's id there"),
        (Text, "The agent's key, where a roster knows it"),
        (Date, "First day"),
        (Date, "Last day"),
        (Flag, "Whether it holds today"),
        (Text, "The listing it was for"),
        (Text, "The rule whose finding it was for"),
    ];
    let named = COLUMNS.iter().zip(about);
    let fields: Vec<_> = named
        .map(|(name, (kind, about))| (*name, kind, about))
        .collect();
    let title = "A time in which an agent may not promote listings (bars)";
    cli::schema::record(
        "bar",
        title,
        &["bar_key", "member_id", "from", "to"],
        &fields,
    )
}

/// Lists the bars, the oldest first.
pub(crate) fn list(args: &Args, ui: &mut Ui) -> Result<Outcome> {
    let store = open::open(ui, Access::Read)?;
    let today = ui.today();
    let agents = Agents::new(&store, today)?;
    let bars = store.promotion_bars().map_err(open::failure)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    for bar in &bars {
        let member = agents.member(&bar.system, &bar.agent);
        spool.push(&json!({
            "bar_key": bar.key().as_str(), "originating_system_name": bar.system, "member_id": bar.agent,
            "member_key": member.map(|stored| &stored.key), "from": bar.starts_on.to_string(),
            "to": bar.ends_on.to_string(), "in_force": bar.holds_on(today), "listing_key": bar.listing_key,
            "rule": bar.rule,
        }))?;
    }
    let in_force = bars.iter().filter(|bar| bar.holds_on(today)).count();
    spool.deliver(
        destination,
        &Shape::new(COLUMNS).table(&["bar_key", "member_id", "from", "to", "in_force", "rule"]),
    )?;
    Summary::new(bars.len() as u64, 0)
        .count("in_force", in_force as u64)
        .give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// Ends a bar before its day, and judges the agent's listings anew.
pub(crate) fn lift(args: &Args, key: &str, ui: &mut Ui) -> Result<Outcome> {
    let reason = args.output.reason.as_deref().map(str::trim);
    let Some(reason) = reason.filter(|reason| !reason.is_empty()) else {
        return Err(Failure::usage("a bar is lifted for a reason")
            .hint("pass `--reason TEXT`; it is recorded")
            .into());
    };
    let rulebook = Rulebook::new(&args.rules, ui)?;
    let mut store = open::for_writing(args.store.dry_run, ui)?;
    let today = ui.today();
    let bar = find(key, &store.store.promotion_bars().map_err(open::failure)?)?;
    if bar.ends_on < today {
        let ended = format!("the bar {key} ended on {} already", bar.ends_on);
        return Err(Failure::failed(ended).into());
    }
    let start = open::start(ui, "bars lift", rulebook.listings.pack_version());
    let mut run = store.store.begin(start).map_err(open::failure)?;
    let yesterday = today.saturating_sub(1.day());
    run.end_promotion_bar(key, yesterday)
        .map_err(open::failure)?;
    let payload = json!({ "bar_key": key, "reason": reason }).to_string();
    run.decide("promotion-bar-lifted", &bar.listing_key, &payload)
        .map_err(open::failure)?;
    let agents = Agents::new(run.store(), today)?;
    let mut stock = Stock::new(stock::Settings::new(&ui.config())?, &run)?;
    for id in agents.changed(&mut run)? {
        stock.also(id);
    }
    let judged = stock.finish(&mut run, &rulebook, &agents, &mut |_, _| Ok(()))?;
    let number = run.number();
    let counts = json!({ "lifted": 1, "listings": judged.others });
    run.commit(&counts.to_string(), "done")
        .map_err(open::failure)?;
    let mut summary = Summary::new(0, 0).dry_run(args.store.dry_run);
    if !args.store.dry_run {
        summary = summary.run(number);
    }
    summary
        .count("lifted", 1)
        .count("listings", judged.others)
        .give(ui, &args.run)?;
    Ok(Outcome::Done)
}

fn find(key: &str, bars: &[PromotionBar]) -> Result<PromotionBar, Failure> {
    let found = bars.iter().find(|bar| bar.key().as_str() == key);
    found.cloned().ok_or_else(|| {
        Failure::failed(format!("there is no bar {key}")).hint("`listing-import bars` lists them")
    })
}
