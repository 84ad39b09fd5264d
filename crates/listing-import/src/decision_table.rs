//! A table of decisions, as a person fills in what `queue` gives out: a key, a decision, a reason.

use std::collections::HashMap;
use std::ffi::OsStr;

use anyhow::Result;
use cli::{Failure, InputArgs};
use intake::{Input, ReadOptions, Record, Table};
use model::rule::Lang;
use model::text;

use crate::collect::reading;
use crate::subject::{Refusal, Verdict};

/// Headers of the columns that name what is decided, the most telling first.
const KEYS: [&[&str]; 3] = [
    &["queue_key", "correction_key", "pair_key", "队列编号"],
    &["listing_key"],
    &["listing_id", "房源编号", "编号"],
];
const DECISION: &[&str] = &["decision", "决定", "处理", "处理结果", "审核结果"];
const REASON: &[&str] = &["reason", "理由", "原因", "说明"];

/// The table, held whole: a person fills in thousands of rows at most.
pub(crate) struct Decisions {
    /// The file it is from.
    pub table: Table,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// One row.
pub(crate) struct Row {
    /// As it was read.
    pub record: Record,
    /// What it names; empty where it names nothing.
    pub name: String,
    /// The decision as written; empty where the person left it open.
    pub decision: String,
    /// Why.
    pub reason: Option<String>,
}

/// What is made of a row before it is decided.
pub(crate) enum Asked {
    /// Nothing is decided in it.
    Skipped,
    /// It cannot be taken: why.
    Refused(String),
    /// The same was said in an earlier row.
    Repeated(u64),
    /// A decision.
    Decision(String, Verdict),
}

impl Decisions {
    /// Reads a file.
    pub(crate) fn read(args: &InputArgs, name: &OsStr) -> Result<Self> {
        let options = ReadOptions {
            encoding: args.encoding.clone(),
            delimiter: args.delimiter,
            sheet: args.sheet.clone(),
            ..ReadOptions::default()
        };
        let input = Input::parse(name).map_err(reading)?;
        let mut table = intake::open(&input, &options).map_err(reading)?;
        let mut records = Vec::new();
        let mut record = Record::new();
        while table.read(&mut record).map_err(reading)? {
            records.push(record.clone());
        }
        let column = |names: &[&str]| {
            let is_it = |header: &String| {
                let header = text::trim(header).to_lowercase();
                names.contains(&header.as_str())
            };
            table.headers().iter().position(is_it)
        };
        let keys: Vec<usize> = KEYS.iter().filter_map(|names| column(names)).collect();
        let (Some(decision), false) = (column(DECISION), keys.is_empty()) else {
            let missing = match keys.is_empty() {
                true => "a column `queue_key`, `listing_key` or `listing_id`",
                false => "a column `decision`",
            };
            return Err(
                Failure::failed(format!("`{}` lacks {missing}", table.source()))
                    .hint("fill in what `listing-import queue --format csv` gives out")
                    .into(),
            );
        };
        let reason = column(REASON);
        let cell = |record: &Record, column: usize| {
            let cell = text::tidy(record.text(column));
            match text::is_null(&cell) {
                true => String::new(),
                false => cell.into_owned(),
            }
        };
        let rows = records
            .into_iter()
            .map(|record| Row {
                name: keys
                    .iter()
                    .map(|column| cell(&record, *column))
                    .find(|name| !name.is_empty())
                    .unwrap_or_default(),
                decision: cell(&record, decision),
                reason: reason
                    .map(|column| cell(&record, column))
                    .filter(|reason| !reason.is_empty()),
                record,
            })
            .collect();
        Ok(Decisions { table, rows })
    }

    /// What every row asks for, given what the names stand for. Rows that contradict each other are all
    /// refused.
    pub(crate) fn asked(
        &self,
        resolved: &HashMap<String, Result<String, Refusal>>,
        lang: Lang,
    ) -> Vec<Asked> {
        // By key: the line and verdict of its first row, and of the first that says otherwise.
        type First = ((u64, Verdict), Option<u64>);
        let mut first: HashMap<&str, First> = HashMap::new();
        for row in &self.rows {
            if let (Some(key), Some(verdict)) = (row.key(resolved), Verdict::parse(&row.decision)) {
                let line = row.record.line();
                let ((_, known), other) = first.entry(key).or_insert(((line, verdict), None));
                if *known != verdict {
                    other.get_or_insert(line);
                }
            }
        }
        let rows = self.rows.iter();
        rows.map(|row| row.asked(resolved, &first, lang)).collect()
    }
}

impl Row {
    /// The key it names.
    fn key<'r>(&self, resolved: &'r HashMap<String, Result<String, Refusal>>) -> Option<&'r str> {
        match resolved.get(&self.name) {
            Some(Ok(key)) => Some(key),
            _ => None,
        }
    }

    fn asked(
        &self,
        resolved: &HashMap<String, Result<String, Refusal>>,
        first: &HashMap<&str, ((u64, Verdict), Option<u64>)>,
        lang: Lang,
    ) -> Asked {
        let say = |en: String, zh: String| match lang {
            Lang::En => en,
            Lang::Zh => zh,
        };
        if let Some(fault) = self.record.fault() {
            return Asked::Refused(fault.detail());
        }
        if self.decision.is_empty() {
            return Asked::Skipped;
        }
        let Some(verdict) = Verdict::parse(&self.decision) else {
            return Asked::Refused(say(
                format!(
                    "`{}` is no decision: approve, reject, false, same or different",
                    self.decision
                ),
                format!(
                    "“{}”不是有效的决定：通过、驳回、虚假、相同或不同",
                    self.decision
                ),
            ));
        };
        if self.name.is_empty() {
            return Asked::Refused(say(
                "the row names nothing".to_owned(),
                "该行没有编号".to_owned(),
            ));
        }
        let key = match resolved.get(&self.name) {
            Some(Ok(key)) => key,
            Some(Err(refusal)) => return Asked::Refused(refusal.message(lang)),
            None => return Asked::Refused(Refusal::Unknown(self.name.clone()).message(lang)),
        };
        let line = self.record.line();
        match first.get(key.as_str()) {
            Some(((earlier, _), Some(other))) => {
                let contradicting = if line == *earlier { other } else { earlier };
                Asked::Refused(say(
                    format!("line {contradicting} says otherwise of {key}"),
                    format!("与第 {contradicting} 行对 {key} 的决定矛盾"),
                ))
            }
            Some(((earlier, _), None)) if line != *earlier => Asked::Repeated(*earlier),
            _ => Asked::Decision(key.clone(), verdict),
        }
    }
}
