//! Tables for people, on a terminal and as Markdown: the records that matter most, then counts.

use comfy_table::{Cell, Color, ContentArrangement, Table, presets};
use model::rule::Lang;
use serde_json::{Map, Value};

use super::pick::{Picked, Picker, SHOWN};
use super::{Destination, Shape, cell, parse};
use crate::args::Format;
use crate::colour::Stream;
use crate::number::grouped;
use crate::spool::Spool;

/// The width where no terminal tells one.
const WIDTH: u16 = 100;
/// A column narrower than this says nothing.
const NARROWEST: usize = 9;

impl Spool {
    /// The table as text.
    pub(super) fn table(&mut self, to: &Destination, shape: &Shape<'_>) -> anyhow::Result<String> {
        let mut picker = Picker::new(to.limit.unwrap_or(SHOWN));
        self.read(None, |line| {
            picker.push(line);
            Ok(())
        })?;
        let picked = picker.finish();
        let records: Vec<_> = picked
            .lines
            .iter()
            .map(|line| parse(line))
            .collect::<Result<_, _>>()?;
        let wanted = if shape.table.is_empty() {
            shape.columns
        } else {
            shape.table
        };
        let mut columns: Vec<&str> = wanted
            .iter()
            .copied()
            .filter(|column| {
                records
                    .iter()
                    .any(|record| !cell::text(record.get(*column)).is_empty())
            })
            .collect();
        let markdown = to.format == Format::Md;
        let width = width(to.terminal);
        let left_out = if markdown {
            0
        } else {
            columns.len().saturating_sub(usize::from(width) / NARROWEST)
        };
        columns.truncate(columns.len() - left_out);

        let mut text = String::new();
        if !records.is_empty() {
            let mut table = if markdown {
                plain(&columns)
            } else {
                let mut table = framed(&columns, width);
                // whether to colour is decided already, and not by the table
                if to.colour.is_on(Stream::Out) {
                    table.enforce_styling();
                }
                table
            };
            for record in &records {
                table.add_row(
                    columns
                        .iter()
                        .map(|column| drawn(to, record, column, markdown)),
                );
            }
            text = table.trim_fmt();
            text.push_str(if markdown { "\n\n" } else { "\n" });
        }
        text.push_str(&footer(&picked, left_out, to.lang));
        text.push('\n');
        Ok(text)
    }
}

fn plain(columns: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::ASCII_MARKDOWN)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(columns.iter().map(|column| escaped(column)));
    table.force_no_tty();
    table
}

fn framed(columns: &[&str], width: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width);
    table.set_header(columns);
    table
}

fn drawn(to: &Destination, record: &Map<String, Value>, column: &str, markdown: bool) -> Cell {
    let text = cell::for_people(record.get(column));
    if markdown {
        return Cell::new(escaped(&text));
    }
    let colour = match (column, text.as_str()) {
        ("action" | "status" | "effect", "rejected" | "reject") => Some(Color::Red),
        ("frozen", "true") | ("action" | "status" | "effect", "held" | "withdrawn" | "freeze") => {
            Some(Color::Yellow)
        }
        ("action", "new") => Some(Color::Green),
        _ => None,
    };
    match colour.filter(|_| to.colour.is_on(Stream::Out)) {
        Some(colour) => Cell::new(text).fg(colour),
        None => Cell::new(text),
    }
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}

fn footer(picked: &Picked, left_out: usize, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let shown = picked.lines.len() as u64;
    let mut parts = Vec::new();
    for (sort, count) in &picked.counts {
        parts.push(format!("{} {sort}", grouped(*count)));
    }
    if picked.frozen > 0 {
        parts.push(format!("{} frozen", grouped(picked.frozen)));
    }
    let mut line = match (zh, picked.total) {
        (false, 1) => "1 record".to_owned(),
        (false, total) => format!("{} records", grouped(total)),
        (true, total) => format!("{} 条记录", grouped(total)),
    };
    if !parts.is_empty() {
        line.push_str(if zh { "：" } else { ": " });
        line.push_str(&parts.join(if zh { "，" } else { ", " }));
    }
    if shown < picked.total {
        line.push_str(&if zh {
            format!("；这里是最要紧的 {} 条", grouped(shown))
        } else {
            format!("; the {} that matter most are shown", grouped(shown))
        });
    }
    if left_out > 0 {
        line.push_str(&if zh {
            format!("；另有 {left_out} 列，见 --format csv")
        } else {
            format!("; {left_out} more columns with --format csv")
        });
    }
    line
}

/// `$COLUMNS`, else the terminal's width, else [`WIDTH`].
fn width(terminal: bool) -> u16 {
    let told = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    let told = told.filter(|width| (20..=1000).contains(width));
    // A terminal may not know its width, and say 0.
    told.or_else(|| {
        Table::new()
            .width()
            .filter(|width| terminal && *width >= 20)
    })
    .unwrap_or(WIDTH)
}
