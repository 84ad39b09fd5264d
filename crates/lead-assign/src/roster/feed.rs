//! A roster's file, read and understood. There are thousands of members at most, so it is held whole.

use std::ffi::OsStr;
use std::sync::Arc;

use anyhow::Result;
use cli::{Destination, Failure, InputArgs, Outcome, RejectArgs, Shape, Ui};
use intake::understand::{Meaning, Understanding, Wishes, understand};
use intake::{HeaderOption, Input, Mask, Origin, ReadOptions, Record, RejectWriter};
use model::dates::DateOrder;
use model::field::Storage;
use model::mask;
use model::member::MemberField;
use model::rule::Lang;
use serde_json::json;
use store::InputStart;

use super::read::{Read, Reader};

/// One file.
pub(super) struct Feed {
    pub(super) start: InputStart,
    pub(super) hash: [u8; 32],
    pub(super) origin: Arc<Origin>,
    understanding: Understanding,
    pub(super) rows: Vec<Row>,
}

/// One row, as it came and as it was read.
pub(super) struct Row {
    pub(super) record: Record,
    pub(super) read: Read,
}

impl Feed {
    /// Reads a file.
    pub(super) fn read(args: &InputArgs, name: &OsStr, ui: &mut Ui) -> Result<Self> {
        let options = ReadOptions {
            encoding: args.encoding.clone(),
            delimiter: args.delimiter,
            sheet: args.sheet.clone(),
            header: match (args.no_header, args.header.is_empty()) {
                (_, false) => HeaderOption::Given(args.header.clone()),
                (true, true) => HeaderOption::None,
                (false, true) => HeaderOption::Detect,
            },
        };
        let mut table =
            intake::open(&Input::parse(name).map_err(reading)?, &options).map_err(reading)?;
        let mut records = Vec::new();
        let mut record = Record::new();
        while table.read(&mut record).map_err(reading)? {
            ui.check_interrupt()?;
            records.push(record.clone());
        }
        let config = ui.config();
        let system = args
            .source
            .as_deref()
            .or_else(|| config.source_name_for(table.source()))
            .unwrap_or("default");
        let source = config.source(system);
        let mut map = source.map(|source| source.map.clone()).unwrap_or_default();
        map.extend(args.mapping()?);
        let wishes = Wishes {
            map,
            date_order: args.date_order.map(|order| match order {
                cli::DateOrder::Ymd => DateOrder::Ymd,
                cli::DateOrder::Dmy => DateOrder::Dmy,
                cli::DateOrder::Mdy => DateOrder::Mdy,
            }),
            ..Wishes::default()
        };
        let target = intake::synonyms::member();
        let has_header = table.has_header();
        let understanding = understand(target, table.headers(), has_header, &records, &wishes)
            .map_err(|undecided| {
                Failure::failed(format!("cannot import `{}`: {undecided}", table.source()))
            })?;
        for note in table.notes().iter().chain(&understanding.notes) {
            ui.note(format!("`{}`: {}", table.source(), note.text(ui.lang())));
        }
        if !records.is_empty() && !args.show_mapping {
            require_members(&understanding, table.source())?;
        }
        let reader = Reader {
            understanding: &understanding,
            system,
            zone: ui.tz(),
        };
        let rows = records
            .into_iter()
            .map(|record| Row {
                read: reader.read(&record),
                record,
            })
            .collect();
        Ok(Feed {
            start: InputStart {
                source: table.source().to_owned(),
                format: table.format().as_str().to_owned(),
                encoding: table.encoding().to_owned(),
                mapping: serde_json::to_string(&understanding)?,
            },
            hash: table.content_hash(),
            origin: table.origin(),
            rows,
            understanding,
        })
    }

    /// The fields that the file has a column for.
    pub(super) fn given(&self) -> Vec<MemberField> {
        let columns = self.understanding.columns.iter();
        let names = columns.flat_map(|column| match &column.meaning {
            Meaning::Field(name) => vec![name.as_str()],
            Meaning::Split { fields, .. } => fields.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        });
        let mut given: Vec<MemberField> = names.filter_map(MemberField::from_name).collect();
        if given.iter().any(|field| {
            matches!(
                field,
                MemberField::MemberFirstName | MemberField::MemberLastName
            )
        }) {
            given.push(MemberField::MemberFullName);
        }
        given
    }

    /// How each column's cells are shown in a file that is shared.
    fn masks(&self) -> Vec<Option<Mask>> {
        let columns = self.understanding.columns.iter();
        let mask = |meaning: &Meaning| -> Option<Mask> {
            match meaning {
                Meaning::Field(name) => match MemberField::from_name(name) {
                    Some(MemberField::MemberMobilePhone | MemberField::MemberPreferredPhone) => {
                        Some(mask::phone)
                    }
                    Some(MemberField::MemberEmail) => Some(mask::email),
                    Some(MemberField::Wechat) => Some(mask::wechat),
                    Some(field) if field.field().storage == Storage::Sealed => Some(mask::text),
                    _ => None,
                },
                Meaning::Skip => None,
                Meaning::Tokens | Meaning::Split { .. } | Meaning::Extra => Some(mask::text),
            }
        };
        columns.map(|column| mask(&column.meaning)).collect()
    }
}

/// One of these a roster has; a table of listings, say, has none.
const OF_MEMBERS: &[&str] = &[
    "member_full_name",
    "member_last_name",
    "member_mobile_phone",
    "member_email",
    "office_id",
    "office_name",
    "role",
    "job_title",
    "level",
    "team",
    "licence",
    "member_status",
];

/// Refuses a file that is about something else, and one without ids: nobody in it could be found again.
fn require_members(understanding: &Understanding, source: &str) -> Result<(), Failure> {
    let has = |field: &str| understanding.column_of(field).is_some();
    if !has("member_id") && !has("originating_system_key") {
        let failure = Failure::failed(format!(
            "`{source}` has no column for the ids of its members"
        ));
        return Err(failure.hint("name it with `--map HEADER=member_id`"));
    }
    if !OF_MEMBERS.iter().any(|field| has(field)) {
        let failure = Failure::failed(format!("no column of `{source}` says anything of a member"));
        return Err(failure.hint("see how they were understood with --show-mapping"));
    }
    Ok(())
}

/// What each column was understood to be.
pub(super) fn show_mapping(feeds: &[Feed], destination: Destination) -> Result<Outcome> {
    let mut spool = destination.spool()?;
    for feed in feeds {
        for [header, field, unit, evidence] in feed.understanding.table() {
            spool.push(&json!({
                "source": feed.start.source, "header": header, "field": field, "unit": unit, "evidence": evidence,
            }))?;
        }
    }
    let columns = ["source", "header", "field", "unit", "evidence"];
    spool.deliver(destination, &Shape::new(&columns))?;
    Ok(Outcome::Done)
}

/// Writes the refused rows as they came, to be mended and fed again.
pub(super) fn write_rejects(args: &RejectArgs, feeds: &[Feed], lang: Lang) -> Result<()> {
    for (path, masked) in [(&args.rejects, false), (&args.rejects_masked, true)] {
        let Some(path) = path else { continue };
        let mut writer = RejectWriter::new(path, masked).map_err(reading)?;
        for feed in feeds {
            writer.set_masks(&feed.origin, feed.masks());
            for row in feed.rows.iter().filter(|row| row.read.is_rejected()) {
                let id = feed.origin.reject_id(&row.record);
                let findings = &row.read.findings;
                writer
                    .push(&feed.origin, &row.record, findings, lang, &id)
                    .map_err(reading)?;
            }
        }
        writer.finish().map_err(reading)?;
    }
    Ok(())
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
