//! `communities`: the reference table of communities (小区), their places and other names.

use std::collections::HashMap;

use anyhow::Result;
use cli::open;
use cli::{Destination, Failure, Outcome, Shape, Summary, Ui};
use intake::understand::{Meaning, Understanding, Wishes, understand};
use intake::{Input, ReadOptions, Record};
use model::identity::PublicKey;
use model::rule::Lang;
use model::text;
use serde_json::{Map, Value, json};
use store::{Action, CommunityWrite, InputStart};

use crate::args::Args;
use crate::collect::{self, reading};
use crate::mapping;

const COLUMNS: &[&str] = &[
    "source",
    "line",
    "community_id",
    "community_key",
    "action",
    "city",
    "subdivision_name",
    "county_or_parish",
];

/// Loads the tables.
pub(crate) fn run(args: &Args, inputs: &[std::ffi::OsString], ui: &mut Ui) -> Result<Outcome> {
    if inputs.is_empty() {
        let failure =
            Failure::usage("no input is named").hint("name a file, or `-` for standard input");
        return Err(failure.with_short_help().into());
    }
    let mut tables = Vec::new();
    for name in inputs {
        tables.push(read(args, name, ui)?);
    }
    let destination = Destination::open(ui, &args.output)?;
    if args.input.show_mapping {
        return mapping::print(
            tables
                .iter()
                .map(|table| (table.source.as_str(), &table.understanding)),
            destination,
        );
    }
    let mut spool = destination.spool()?;
    let mut store = open::for_writing(args.store.dry_run, ui)?;
    let mut run = store
        .store
        .begin(open::start(ui, "communities", ""))
        .map_err(open::failure)?;
    let (mut read, mut rejected, mut new, mut changed, mut unchanged) = (0, 0, 0, 0, 0);
    let mut repeated = 0;
    let last = last_rows(&tables);
    for (number, table) in tables.iter().enumerate() {
        let input = InputStart {
            source: table.source.clone(),
            format: table.format.to_owned(),
            encoding: table.encoding.clone(),
            mapping: serde_json::to_string(&table.understanding)?,
        };
        let input = run.input(input).map_err(open::failure)?;
        for (row, record) in table.records.iter().enumerate() {
            read += 1;
            let community = match table.community(record) {
                Ok(community) => community,
                Err(reason) => {
                    rejected += 1;
                    let line = record.line();
                    ui.warn(format!("{}: line {line}: {reason}", table.source));
                    continue;
                }
            };
            // Only the end state under a key counts.
            let key = community.key();
            let action = if last.get(&key) == Some(&(number, row)) {
                run.upsert_community(&community).map_err(open::failure)?.1
            } else {
                repeated += 1;
                Action::Unchanged
            };
            *(match action {
                Action::New => &mut new,
                Action::Changed => &mut changed,
                Action::Unchanged => &mut unchanged,
            }) += 1;
            let id = community.id.as_ref().map(|(_, id)| id);
            spool.push(&json!({
                "source": table.source, "line": record.line(), "community_id": id, "community_key": key.as_str(),
                "action": action.as_str(), "city": community.city, "subdivision_name": community.name,
                "county_or_parish": community.county_or_parish,
            }))?;
        }
        run.close_input(input, &table.content_hash, table.records.len() as u64)
            .map_err(open::failure)?;
    }
    if repeated > 0 {
        ui.warn(match ui.lang() {
            Lang::En => format!(
                "{repeated} rows have the key of a later row, and only the last one counts; if they are \
                 different communities, import each source with its own --source"
            ),
            Lang::Zh => format!(
                "{repeated} 行与后面的行编号相同，以最后一行为准；若实为不同小区，请用 --source 区分来源"
            ),
        });
    }
    if new + changed > 0 && run.count_listings().map_err(open::failure)? > 0 {
        ui.note(match ui.lang() {
            Lang::En => "listings are compared by the new names when they change, and all of them by `check --stock`",
            Lang::Zh => "房源变更时按新的小区名比对；要全部重新比对，请运行 check --stock",
        });
    }
    let number = run.number();
    let counts = json!({
        "read": read, "rejected": rejected, "new": new, "changed": changed, "unchanged": unchanged,
        "repeated": repeated,
    });
    run.commit(&counts.to_string(), "done")
        .map_err(open::failure)?;
    spool.deliver(destination, &Shape::new(COLUMNS))?;
    let mut summary = Summary::new(read, rejected).dry_run(args.store.dry_run);
    if !args.store.dry_run {
        summary = summary.run(number);
    }
    summary
        .count("new", new)
        .count("changed", changed)
        .count("unchanged", unchanged)
        .count("repeated", repeated)
        .give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// A table of communities. There are thousands of them at most, so it is held whole.
struct Communities {
    source: String,
    /// The system that gave its ids.
    system: String,
    format: &'static str,
    encoding: String,
    content_hash: [u8; 32],
    understanding: Understanding,
    records: Vec<Record>,
}

impl Communities {
    /// The community of a record, or why it is none.
    fn community(&self, record: &Record) -> Result<CommunityWrite, String> {
        if let Some(fault) = record.fault() {
            return Err(fault.detail());
        }
        let (mut community, id) = community(&self.understanding, record);
        if community.name.is_empty() {
            return Err("the name of the community is missing".to_owned());
        }
        community.id = id.map(|id| (self.system.clone(), id));
        Ok(community)
    }
}

/// The table and row that come last under each key.
fn last_rows(tables: &[Communities]) -> HashMap<PublicKey, (usize, usize)> {
    let mut last = HashMap::new();
    for (number, table) in tables.iter().enumerate() {
        for (row, record) in table.records.iter().enumerate() {
            if let Ok(community) = table.community(record) {
                last.insert(community.key(), (number, row));
            }
        }
    }
    last
}

fn read(args: &Args, name: &std::ffi::OsStr, ui: &mut Ui) -> Result<Communities> {
    let options = ReadOptions {
        encoding: args.input.encoding.clone(),
        delimiter: args.input.delimiter,
        sheet: args.input.sheet.clone(),
        ..ReadOptions::default()
    };
    let mut table =
        intake::open(&Input::parse(name).map_err(reading)?, &options).map_err(reading)?;
    let mut records = Vec::new();
    let mut record = Record::new();
    while table.read(&mut record).map_err(reading)? {
        records.push(record.clone());
    }
    let wishes = Wishes {
        map: args.input.mapping()?,
        units: args.input.unit.clone(),
        ..Wishes::default()
    };
    let target = intake::synonyms::community();
    let understanding = understand(
        target,
        table.headers(),
        table.has_header(),
        &records,
        &wishes,
    )
    .map_err(|undecided| {
        Failure::failed(format!("cannot import `{}`: {undecided}", table.source()))
    })?;
    for note in table.notes().iter().chain(&understanding.notes) {
        let text = note.text(ui.lang()).to_owned();
        ui.note(text);
    }
    Ok(Communities {
        system: collect::system(&args.input, &ui.config(), table.source()),
        source: table.source().to_owned(),
        format: table.format().as_str(),
        encoding: table.encoding().to_owned(),
        content_hash: table.content_hash(),
        understanding,
        records,
    })
}

/// One community, and its id as the source wrote it. What has no place of its own is kept as detail.
fn community(understanding: &Understanding, record: &Record) -> (CommunityWrite, Option<String>) {
    let mut community = CommunityWrite::default();
    let mut detail = Map::new();
    let mut id = None;
    let mut put = |field: &str, cell: &str| match field {
        "subdivision_name" => community.name = cell.to_owned(),
        "city" => community.city = cell.to_owned(),
        "county_or_parish" => community.county_or_parish = cell.to_owned(),
        "mls_area_major" => community.mls_area_major = cell.to_owned(),
        "aliases" => {
            community.aliases = cell
                .split(['|', ',', '，', '、', ';', '；', '/'])
                .map(|name| text::trim(name).to_owned())
                .collect()
        }
        other => {
            if other == "community_id" {
                id = Some(cell.to_owned());
            }
            detail.insert(other.to_owned(), Value::from(cell));
        }
    };
    for fact in &understanding.facts {
        put(&fact.field, &fact.value);
    }
    for (index, column) in understanding.columns.iter().enumerate() {
        let cell = text::tidy(record.text(index));
        if text::is_null(&cell) {
            continue;
        }
        match &column.meaning {
            Meaning::Field(name) => put(name, &cell),
            Meaning::Split { separator, fields } => {
                let parts = intake::recognise::split(&cell, separator, fields.len(), 0);
                for (part, field) in parts.into_iter().zip(fields) {
                    put(field, part);
                }
            }
            Meaning::Tokens | Meaning::Extra => put(&column.header, &cell),
            Meaning::Skip => {}
        }
    }
    if !detail.is_empty() {
        community.detail = Value::Object(detail).to_string();
    }
    (community, id)
}
