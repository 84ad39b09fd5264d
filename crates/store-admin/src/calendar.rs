//! `calendar FILE`: days that are not what their weekday says, read with everything `intake` knows.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::Arc;

use cli::{Destination, Failure, Outcome, Shape, Spool, Summary, Ui};
use intake::{HeaderOption, Input, Origin, ReadOptions, Record, RejectWriter};
use model::dates::DateOrder;
use model::jiff::civil::Date;
use model::rule::{Finding, Lang};
use serde_json::{Map, Value, json};
use store::{Action, CalendarDay, InputStart, RejectWrite};

use crate::args::{Args, CalendarArgs};
use crate::day::Columns;
use crate::wire;
use cli::open::{self, Access};

/// Columns of a line, in order.
const COLUMNS: &[&str] = &[
    "source",
    "line",
    "date",
    "kind",
    "name",
    "action",
    "superseded_by_line",
    "findings",
];

/// One file, read.
struct Feed {
    start: InputStart,
    hash: [u8; 32],
    rows: Vec<Row>,
    origin: Arc<Origin>,
    meanings: Vec<(String, Option<&'static str>)>,
}

/// One line of a file.
struct Row {
    line: u64,
    read: Result<CalendarDay, Refused>,
    superseded_by: Option<u64>,
}

/// A line that cannot be understood.
struct Refused {
    finding: Finding,
    record: Record,
    reject_id: String,
}

pub(crate) fn run(args: &Args, calendar: &CalendarArgs, ui: &mut Ui) -> anyhow::Result<Outcome> {
    check(calendar)?;
    let destination = Destination::open(ui, &args.output)?;
    let mut feeds = Vec::new();
    for name in &calendar.input.inputs {
        feeds.push(read(calendar, name, ui)?);
    }
    if calendar.input.show_mapping {
        return show_mapping(&feeds, destination);
    }
    supersede(&mut feeds);
    let read: u64 = feeds.iter().map(|feed| feed.rows.len() as u64).sum();
    let rejected = feeds
        .iter()
        .flat_map(|feed| &feed.rows)
        .filter(|row| row.read.is_err())
        .count() as u64;
    if let Some(most) = calendar
        .rejects
        .max_rejects
        .filter(|most| most.is_exceeded(rejected, read))
    {
        let message = format!(
            "{rejected} of {read} lines cannot be read, more than `--max-rejects {most}` allows; nothing was changed"
        );
        return Err(Failure::gate(message).into());
    }
    let mut spool = destination.spool()?;
    let summary = if read == 0 {
        ui.note("the input holds no day, so nothing was done");
        Summary::new(0, 0)
    } else if args.store.dry_run {
        rehearse(&feeds, &mut spool, ui)?.dry_run(true)
    } else {
        apply(&feeds, &mut spool, ui)?
    };
    write_rejects(calendar, &feeds, ui)?;
    spool.deliver(destination, &Shape::new(COLUMNS))?;
    crate::summary(args, ui, summary)
}

/// Refuses what has no meaning here, instead of passing over it.
fn check(calendar: &CalendarArgs) -> Result<(), Failure> {
    let input = &calendar.input;
    input.check()?;
    if input.inputs.is_empty() {
        return Err(
            Failure::usage("`calendar` needs a file").hint("name one, or `-` for standard input")
        );
    }
    let given = [
        input.source.is_some(),
        !input.unit.is_empty(),
        input.currency.is_some(),
        input.area_unit.is_some(),
    ];
    match crate::args::MEANINGLESS
        .iter()
        .zip(given)
        .find(|(_, given)| *given)
    {
        Some((flag, _)) => Err(Failure::usage(format!(
            "`--{}` says nothing about a calendar",
            flag.replace('_', "-")
        ))),
        None => Ok(()),
    }
}

fn read(calendar: &CalendarArgs, name: &OsString, ui: &mut Ui) -> anyhow::Result<Feed> {
    let input = &calendar.input;
    let options = ReadOptions {
        encoding: input.encoding.clone(),
        delimiter: input.delimiter,
        sheet: input.sheet.clone(),
        header: match (input.no_header, input.header.is_empty()) {
            (_, false) => HeaderOption::Given(input.header.clone()),
            (true, true) => HeaderOption::None,
            (false, true) => HeaderOption::Detect,
        },
    };
    let order = match input.date_order {
        Some(cli::DateOrder::Dmy) => DateOrder::Dmy,
        Some(cli::DateOrder::Mdy) => DateOrder::Mdy,
        Some(cli::DateOrder::Ymd) | None => DateOrder::Ymd,
    };
    let mut table =
        intake::open(&Input::parse(name).map_err(reading)?, &options).map_err(reading)?;
    for note in table.notes() {
        ui.note(format!(
            "`{}`: {}: {}",
            table.source(),
            note.code,
            note.text(ui.lang())
        ));
    }
    let named = table.has_header() || matches!(options.header, HeaderOption::Given(_));
    let columns = if table.is_empty() {
        None
    } else {
        Some(
            Columns::find(table.headers(), named, &input.mapping()?)
                .map_err(|field| no_column(&table, field))?,
        )
    };
    let mut rows = Vec::new();
    let mut record = Record::new();
    if let Some(columns) = &columns {
        while table.read(&mut record).map_err(reading)? {
            ui.check_interrupt()?;
            let read = columns.read(&record, order).map_err(|finding| Refused {
                finding,
                reject_id: table.reject_id(&record),
                record: record.clone(),
            });
            rows.push(Row {
                line: record.line(),
                read,
                superseded_by: None,
            });
        }
    }
    let meanings: Vec<_> = match &columns {
        Some(columns) => columns
            .meanings(table.headers())
            .into_iter()
            .map(|(header, field)| (header.to_owned(), field))
            .collect(),
        None => Vec::new(),
    };
    let start = InputStart {
        source: table.source().to_owned(),
        format: table.format().as_str().to_owned(),
        encoding: table.encoding().to_owned(),
        mapping: json!(meanings).to_string(),
    };
    Ok(Feed {
        start,
        hash: table.content_hash(),
        rows,
        origin: table.origin(),
        meanings,
    })
}

fn reading(error: intake::Error) -> Failure {
    let failure = match error.kind() {
        intake::ErrorKind::Usage => Failure::usage(error.to_string()),
        _ => Failure::failed(error.to_string()),
    };
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn no_column(table: &intake::Table, field: &str) -> Failure {
    let headers: Vec<String> = table
        .headers()
        .iter()
        .map(|header| format!("`{header}`"))
        .collect();
    Failure::failed(format!(
        "`{}` has no column for the {field} of a day; it has {}",
        table.source(),
        headers.join(", ")
    ))
    .hint(format!("name it with `--map HEADER={field}`"))
}

fn show_mapping(feeds: &[Feed], destination: Destination) -> anyhow::Result<Outcome> {
    let mut spool = destination.spool()?;
    for feed in feeds {
        for (header, field) in &feed.meanings {
            spool
                .push(&json!({ "source": feed.start.source, "header": header, "field": field }))?;
        }
    }
    spool.deliver(destination, &Shape::new(&["source", "header", "field"]))?;
    Ok(Outcome::Done)
}

/// Of several lines about one day the last counts.
fn supersede(feeds: &mut [Feed]) {
    let mut later: BTreeMap<Date, u64> = BTreeMap::new();
    for row in feeds
        .iter_mut()
        .rev()
        .flat_map(|feed| feed.rows.iter_mut().rev())
    {
        if let Ok(day) = &row.read {
            row.superseded_by = later.get(&day.day).copied();
            later.entry(day.day).or_insert(row.line);
        }
    }
}

/// Tells what would happen, from a store that is only read.
fn rehearse(feeds: &[Feed], spool: &mut Spool, ui: &Ui) -> anyhow::Result<Summary> {
    let store = open::open(ui, Access::Read)?;
    let known: BTreeMap<Date, CalendarDay> = store
        .calendar()
        .map_err(open::failure)?
        .into_iter()
        .map(|day| (day.day, day))
        .collect();
    let mut tally = Tally::default();
    for (feed, row) in feeds
        .iter()
        .flat_map(|feed| feed.rows.iter().map(move |row| (feed, row)))
    {
        let action = match &row.read {
            Ok(day) => Some(match known.get(&day.day) {
                _ if row.superseded_by.is_some() => Action::Unchanged,
                None => Action::New,
                Some(before) if before == day => Action::Unchanged,
                Some(_) => Action::Changed,
            }),
            Err(_) => None,
        };
        tally.count(action);
        spool.push(&record(feed, row, action, ui.lang()))?;
    }
    Ok(tally.summary())
}

fn apply(feeds: &[Feed], spool: &mut Spool, ui: &Ui) -> anyhow::Result<Summary> {
    let mut store = open::open(ui, Access::Write)?;
    let mut run = store
        .begin(open::start(ui, "calendar", ""))
        .map_err(open::failure)?;
    let mut tally = Tally::default();
    for feed in feeds {
        ui.check_interrupt()?;
        let input = run.input(feed.start.clone()).map_err(open::failure)?;
        for row in &feed.rows {
            let action = match &row.read {
                Ok(_) if row.superseded_by.is_some() => Some(Action::Unchanged),
                Ok(day) => Some(run.set_calendar_day(day).map_err(open::failure)?),
                Err(refused) => {
                    let finding = &refused.finding;
                    run.reject(&RejectWrite {
                        input,
                        line: row.line,
                        reject_id: &refused.reject_id,
                        rule: finding.rule.code,
                        field: finding.field,
                        reason: &finding.message(Lang::En),
                    })
                    .map_err(open::failure)?;
                    None
                }
            };
            tally.count(action);
            let line = serde_json::to_string(&record(feed, row, action, ui.lang()))?;
            run.record(&line).map_err(open::failure)?;
            spool.push_raw(&line)?;
        }
        run.close_input(input, &feed.hash, feed.rows.len() as u64)
            .map_err(open::failure)?;
    }
    run.decide("calendar", "", &tally.counts().to_string())
        .map_err(open::failure)?;
    let number = run.number();
    ui.check_interrupt()?;
    run.commit(&tally.counts().to_string(), "done")
        .map_err(open::failure)?;
    Ok(tally.summary().run(number))
}

/// What became of the lines.
#[derive(Default)]
struct Tally {
    new: u64,
    changed: u64,
    unchanged: u64,
    rejected: u64,
}

impl Tally {
    fn count(&mut self, action: Option<Action>) {
        match action {
            Some(Action::New) => self.new += 1,
            Some(Action::Changed) => self.changed += 1,
            Some(Action::Unchanged) => self.unchanged += 1,
            None => self.rejected += 1,
        }
    }

    fn read(&self) -> u64 {
        self.new + self.changed + self.unchanged + self.rejected
    }

    fn counts(&self) -> Value {
        json!({
            "read": self.read(), "rejected": self.rejected, "new": self.new, "changed": self.changed,
            "unchanged": self.unchanged,
        })
    }

    fn summary(&self) -> Summary {
        let summary = Summary::new(self.read(), self.rejected)
            .count("new", self.new)
            .count("changed", self.changed)
            .count("unchanged", self.unchanged);
        if self.new + self.changed == 0 {
            summary.remark("nothing was changed")
        } else {
            summary
        }
    }
}

fn record(feed: &Feed, row: &Row, action: Option<Action>, lang: Lang) -> Map<String, Value> {
    let (day, findings) = match &row.read {
        Ok(day) => (Some(day), Vec::new()),
        Err(refused) => (None, vec![refused.finding.to_wire(lang)]),
    };
    wire::object([
        ("source", feed.start.source.as_str().into()),
        ("line", row.line.into()),
        ("date", day.map(|day| day.day.to_string()).into()),
        ("kind", day.map(|day| day.kind.as_str()).into()),
        (
            "name",
            day.map_or(Value::Null, |day| wire::present(&day.name)),
        ),
        ("action", action.map_or("rejected", Action::as_str).into()),
        ("superseded_by_line", row.superseded_by.into()),
        ("findings", json!(findings)),
    ])
}

/// Writes the refused lines as they came, to be mended and fed again.
fn write_rejects(calendar: &CalendarArgs, feeds: &[Feed], ui: &Ui) -> anyhow::Result<()> {
    let files = [
        (&calendar.rejects.rejects, false),
        (&calendar.rejects.rejects_masked, true),
    ];
    for (path, masked) in files {
        let Some(path) = path else { continue };
        let mut writer = RejectWriter::new(path, masked).map_err(reading)?;
        for (feed, row) in feeds
            .iter()
            .flat_map(|feed| feed.rows.iter().map(move |row| (feed, row)))
        {
            let Err(refused) = &row.read else { continue };
            let findings = std::slice::from_ref(&refused.finding);
            writer
                .push(
                    &feed.origin,
                    &refused.record,
                    findings,
                    ui.lang(),
                    &refused.reject_id,
                )
                .map_err(reading)?;
        }
        writer.finish().map_err(reading)?;
    }
    Ok(())
}
