//! One row of a table of media becomes one [`Media`]; a cell that cannot be read refuses the row.

use intake::understand::{Meaning, Understanding};
use intake::{Record, rules as fault};
use model::field::Value;
use model::media::{self, Media, MediaField};
use model::rule::{Effect, Finding, Rule};
use model::{codes_text, number, text};

use super::rules::INCOMPLETE_MEDIUM;

/// Pixels along a side beyond which a number is no photo's.
const SIDE_MAX: i64 = 1_000_000;

/// How the records of one table are read.
pub(super) struct Reader {
    steps: Vec<(usize, Target)>,
    /// The fields that the table has columns for.
    pub(super) columns: Vec<MediaField>,
}

#[derive(Clone, Copy)]
enum Target {
    Field(MediaField),
    /// Width and height in one cell.
    Pixels,
}

impl Reader {
    /// Prepares the reading of a table whose columns mean what `understanding` says.
    pub(super) fn new(understanding: &Understanding) -> Self {
        let mut steps = Vec::new();
        let mut columns = Vec::new();
        for (at, column) in understanding.columns.iter().enumerate() {
            let Meaning::Field(name) = &column.meaning else {
                continue;
            };
            if name == "pixels" {
                steps.push((at, Target::Pixels));
                columns.extend([MediaField::Width, MediaField::Height]);
            } else if let Some(field) = MediaField::from_name(name) {
                steps.push((at, Target::Field(field)));
                columns.push(field);
            }
        }
        Reader { steps, columns }
    }

    /// Reads a record. What could be read stands in the medium where the row is refused too.
    pub(super) fn read(&self, record: &Record) -> (Media, Vec<Finding>) {
        let mut reading = Reading::default();
        if let Some(broken) = record.fault() {
            let finding = Finding::new(broken.rule(), None, broken.detail());
            reading.findings.push(finding);
            return (reading.medium, reading.findings);
        }
        for (column, target) in &self.steps {
            let cell = text::tidy(record.text(*column));
            let Some(cell) = text::present(&cell) else {
                continue;
            };
            match target {
                Target::Field(field) => reading.field(*field, cell),
                Target::Pixels => reading.pixels(MediaField::Width, cell),
            }
        }
        let medium = &reading.medium;
        for (field, given) in [
            (MediaField::ListingId, &medium.listing_id),
            (MediaField::Url, &medium.url),
        ] {
            if given.is_empty() {
                let finding = Finding::new(&INCOMPLETE_MEDIUM, Some(field.name()), "");
                reading.findings.push(finding);
            }
        }
        reading.finish();
        (reading.medium, reading.findings)
    }
}

/// The reading of one medium, out of a row or an object.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) medium: Media,
    pub(super) findings: Vec<Finding>,
    kind: String,
}

impl Reading {
    /// Reads one value. It is not empty.
    pub(super) fn field(&mut self, field: MediaField, cell: &str) {
        match field {
            MediaField::Kind => {
                self.kind.clear();
                self.kind.push_str(cell);
            }
            MediaField::Width | MediaField::Height => self.pixels(field, cell),
            MediaField::Seconds => match media::seconds(cell) {
                Some(seconds) => {
                    if seconds.is_sign_negative() {
                        self.refuse(fault::OUT_OF_RANGE, field, cell);
                    }
                    self.medium.seconds = Some(seconds.normalize());
                }
                None => self.refuse(fault::UNREADABLE_NUMBER, field, cell),
            },
            MediaField::SortOrder => match number::integer(cell) {
                Ok(order) => self.medium.sort_order = Some(order),
                Err(_) => self.refuse(fault::UNREADABLE_NUMBER, field, cell),
            },
            MediaField::Rendering | MediaField::Removed => match codes_text::yes_no(cell) {
                Some(flag) => self.medium.set(field, Value::Flag(flag)),
                None => self.refuse(fault::UNREADABLE_CODE, field, cell),
            },
            MediaField::Watermark => {
                let whose = match codes_text::yes_no(cell) {
                    Some(true) if cell.chars().count() <= 4 => "yes",
                    Some(false) => "no",
                    _ => cell,
                };
                self.medium.set(field, Value::Text(whose));
            }
            MediaField::ContentHash => {
                let hash = cell.to_ascii_lowercase();
                self.medium.set(field, Value::Text(&hash));
            }
            field => self.medium.set(field, Value::Text(cell)),
        }
    }

    /// Reads a side, or both sides where one cell holds them.
    fn pixels(&mut self, field: MediaField, cell: &str) {
        let sides = match media::pixels(cell) {
            Some((width, height)) => [(MediaField::Width, width), (MediaField::Height, height)],
            None => match media::side(cell) {
                Some(side) => [(field, side); 2],
                None => return self.refuse(fault::UNREADABLE_NUMBER, field, cell),
            },
        };
        for (field, side) in sides {
            if !(1..=SIDE_MAX).contains(&side) {
                return self.refuse(fault::OUT_OF_RANGE, field, cell);
            }
            self.medium.set(field, Value::Integer(side));
        }
    }

    /// Settles what several values tell together.
    pub(super) fn finish(&mut self) {
        let drawn = media::is_rendering(&self.kind) || media::is_rendering(&self.medium.room);
        if drawn && self.medium.rendering.is_none() {
            self.medium.rendering = Some(true);
        }
        match media::kind(&self.kind, &self.medium.room, &self.medium.url) {
            Some(kind) => self.medium.kind = Some(kind),
            None => {
                let word = std::mem::take(&mut self.kind);
                self.refuse(fault::UNREADABLE_CODE, MediaField::Kind, &word);
            }
        }
    }

    /// A value that nothing can be made of: the medium cannot be judged without it.
    fn refuse(&mut self, rule: &'static Rule, field: MediaField, cell: &str) {
        let mut finding = Finding::new(rule, Some(field.name()), cell);
        finding.effect = Effect::Reject;
        self.findings.push(finding);
    }
}
