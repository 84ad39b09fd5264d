//! `rules`: every rule, or one explained; `rules test`: the cases of the rule packs.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use cli::rules::RULE_COLUMNS;
use cli::{Destination, Format, Outcome, Shape, Summary, Ui};
use model::jiff::civil::Date;
use model::rule::{Lang, Rule};
use serde_json::{Value, json};

use crate::args::Args;
use crate::rules::Pack;
use crate::settings::{self, Rulebook};

const CASE_COLUMNS: &[&str] = &["source", "line", "expected", "found"];

/// Lists the rules as they stand on a day; a rule named on a terminal is explained in a few lines.
pub(crate) fn run(
    args: &Args,
    wanted: Option<&str>,
    as_of: Option<Date>,
    ui: &mut Ui,
) -> Result<Outcome> {
    let day = as_of.unwrap_or(ui.today());
    let rulebook = Rulebook::of(&args.rules, settings::packs(&ui.config())?, day, ui)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    match wanted {
        Some(name) => {
            let rule = rulebook.effects.find(name)?;
            if destination.format() == Format::Table {
                let text = rulebook.effects.explain(rule, ui.lang())
                    + &sources(&rulebook, rule, day, ui.lang());
                destination.write_text(&text)?;
                return Ok(Outcome::Done);
            }
            spool.push(&record(&rulebook, rule, day, ui.lang()))?;
        }
        None => {
            for rule in rulebook.effects.known() {
                spool.push(&record(&rulebook, rule, day, ui.lang()))?;
            }
        }
    }
    let told = spool.len();
    let columns: Vec<&str> = RULE_COLUMNS.iter().copied().chain(["packs"]).collect();
    spool.deliver(
        destination,
        &Shape::new(&columns).table(&["code", "name", "effect", "about"]),
    )?;
    if args.run.summary.is_some() {
        Summary::new(told, 0).give(ui, &args.run)?;
    }
    Ok(Outcome::Done)
}

/// The packs that feed a rule on a day, and how many words each has for it.
fn feeds<'a>(
    rulebook: &'a Rulebook,
    rule: &'a Rule,
    day: Date,
) -> impl Iterator<Item = (&'a Pack, usize)> {
    let packs = rulebook.packs.iter();
    packs
        .map(move |pack| (pack, pack.words_for(rule.code, day)))
        .filter(|(_, words)| *words > 0)
}

fn record(rulebook: &Rulebook, rule: &Rule, day: Date, lang: Lang) -> Value {
    let mut record = rulebook.effects.record(rule, lang);
    let packs = feeds(rulebook, rule, day).map(|(pack, words)| {
        json!({
            "name": pack.name(),
            "version": pack.version,
            "effective": pack.effective.0.to_string(),
            "until": pack.until.as_ref().map(|until| until.get_ref().0.to_string()),
            "place": pack.place.iter().map(|city| &**city).collect::<Vec<_>>(),
            "words": words,
        })
    });
    record["packs"] = packs.collect();
    record
}

/// The packs that feed a rule, a line each.
fn sources(rulebook: &Rulebook, rule: &Rule, day: Date, lang: Lang) -> String {
    let mut text = String::new();
    for (pack, words) in feeds(rulebook, rule, day) {
        let place: Vec<&str> = pack.place.iter().map(|city| &**city).collect();
        let place = match (place.as_slice(), lang) {
            ([], _) => String::new(),
            (cities, Lang::En) => format!(" in {}", cities.join(", ")),
            (cities, Lang::Zh) => format!("（{}）", cities.join("、")),
        };
        // Writing to a String cannot fail.
        _ = match lang {
            Lang::En => writeln!(
                text,
                "pack: {} {}, {words} words{place}",
                pack.name(),
                pack.version
            ),
            Lang::Zh => writeln!(
                text,
                "规则包: {} {}，{words} 个词{place}",
                pack.name(),
                pack.version
            ),
        };
    }
    text
}

/// Runs the cases of the packs named, else of those in force.
pub(crate) fn test(args: &Args, files: &[PathBuf], ui: &mut Ui) -> Result<Outcome> {
    let packs = match files {
        [] => settings::packs(&ui.config())?,
        files => settings::read_packs(files)?,
    };
    let today = ui.today();
    let rulebook = Rulebook::of(&args.rules, packs, today, ui)?;
    let numbers = settings::numbers(&ui.config());
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let (mut tests, mut failed) = (0, 0);
    for pack in &rulebook.packs {
        // Those that are named are tested whenever they hold.
        if files.is_empty() && !pack.holds_on(today) {
            continue;
        }
        if pack.test.is_empty() {
            ui.note(match ui.lang() {
                Lang::En => format!("`{}` has no tests", pack.origin()),
                Lang::Zh => format!("`{}` 没有测试", pack.origin()),
            });
        }
        tests += pack.test.len() as u64;
        for case in pack.test(today, &numbers, &mut |day| rulebook.on(day)) {
            failed += 1;
            spool.push(&json!({
                "source": pack.origin(), "line": case.line,
                "expected": case.expected, "found": case.found,
            }))?;
        }
    }
    spool.deliver(destination, &Shape::new(CASE_COLUMNS))?;
    Summary::new(tests, 0)
        .count("passed", tests - failed)
        .count("failed", failed)
        .give(ui, &args.run)?;
    Ok(if failed > 0 {
        Outcome::Gate
    } else {
        Outcome::Done
    })
}
