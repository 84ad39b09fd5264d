//! A rejects file holds rows of one input or of several. Each is read as its own input was understood
//! when the row was refused: a few mended rows alone could be understood differently, and so could the
//! columns of two inputs together.

use std::collections::{BTreeSet, HashMap};

use intake::understand::{Column, Handling, Meaning, Understanding, Unit};
use intake::{Record, Table};
use store::Store;

/// Which feed of a rejects file each row is from.
pub(crate) struct Origins {
    /// Column of the rejects' ids.
    column: usize,
    /// Feed by reject: some 20 bytes a row, and only where there are several feeds.
    by_reject: HashMap<u64, usize>,
    /// Feed of rows whose reject the store does not know.
    others: usize,
}

impl Origins {
    /// The feed a row is from, counted from the file's first.
    pub(crate) fn of(&self, record: &Record) -> usize {
        let feed = number(record.text(self.column)).and_then(|id| self.by_reject.get(&id));
        feed.copied().unwrap_or(self.others)
    }

    /// The feed of rows whose reject the store does not know.
    pub(crate) fn others(&self) -> usize {
        self.others
    }
}

/// Finds the understandings under which a rejects file's rows were refused, and says which row has
/// which. Where rows that the store does not know need one of their own, it comes behind these.
/// Behind the sample only rows of the runs that refused the sample's rows are known.
pub(crate) fn trace(
    store: &Store,
    table: &Table,
    sample: &[Record],
    whole: bool,
) -> (Vec<Understanding>, Option<Origins>) {
    let Some(columns) = table.reject_columns() else {
        return (Vec::new(), None);
    };
    let column = columns.id;
    let mut known = Known::default();
    let mut by_reject = HashMap::new();
    let mut runs = BTreeSet::new();
    let (mut unknown, mut nameless) = (false, false);
    for record in sample {
        let id = record.text(column).trim();
        let origin = store.reject_origin(id).ok().flatten();
        let place = origin.as_ref().and_then(|origin| {
            runs.insert(origin.run);
            known.place(origin.input, || Some(origin.mapping.clone()))
        });
        match (number(id), place) {
            (Some(reject), Some(feed)) => {
                by_reject.insert(reject, feed);
            }
            _ if id.is_empty() => nameless = true,
            _ => unknown = true,
        }
    }
    if !whole {
        // From the oldest run to the latest, whose refusals count.
        for run in runs {
            // What cannot be read is not known.
            let _ = store.reject_inputs(run, &mut |id, input| {
                let mapping = || Some(store.input(input).ok()??.mapping);
                if let (Some(reject), Some(feed)) = (number(id), known.place(input, mapping)) {
                    by_reject.insert(reject, feed);
                }
            });
        }
    }
    let understandings: Vec<Understanding> = known
        .understandings
        .iter()
        .map(|known| relearn(known, table))
        .collect();
    // A row somebody added to the rows of one input is like them.
    let own = unknown || (nameless && understandings.len() > 1);
    let origins = match (understandings.len(), own) {
        (0, _) | (1, false) => None,
        (feeds, own) => Some(Origins {
            column,
            by_reject,
            others: if own { feeds } else { 0 },
        }),
    };
    (understandings, origins)
}

/// The understandings of inputs, each once.
#[derive(Default)]
struct Known {
    understandings: Vec<Understanding>,
    by_mapping: HashMap<String, usize>,
    by_input: HashMap<i64, Option<usize>>,
}

impl Known {
    /// The place of an input's understanding; nothing where it cannot be read.
    fn place(&mut self, input: i64, mapping: impl FnOnce() -> Option<String>) -> Option<usize> {
        if let Some(place) = self.by_input.get(&input) {
            return *place;
        }
        let place = mapping().and_then(|mapping| self.add(mapping));
        self.by_input.insert(input, place);
        place
    }

    fn add(&mut self, mapping: String) -> Option<usize> {
        if let Some(place) = self.by_mapping.get(&mapping) {
            return Some(*place);
        }
        self.understandings
            .push(serde_json::from_str(&mapping).ok()?);
        let place = self.understandings.len() - 1;
        self.by_mapping.insert(mapping, place);
        Some(place)
    }
}

/// A reject's id as a number; nothing where it is none of ours.
fn number(id: &str) -> Option<u64> {
    u64::from_str_radix(id.trim().strip_prefix('R')?, 16).ok()
}

/// What a reject file's columns mean: what they meant when its rows were first read.
fn relearn(known: &Understanding, table: &Table) -> Understanding {
    let at = |header: &str| {
        known
            .columns
            .iter()
            .position(|column| column.header == header)
    };
    let now = |column: Option<usize>| {
        let header = &known.columns.get(column?)?.header;
        table.headers().iter().position(|name| name == header)
    };
    let handling = &known.handling;
    Understanding {
        columns: table
            .headers()
            .iter()
            .map(|header| match at(header) {
                Some(column) => known.columns[column].clone(),
                None => Column {
                    header: header.clone(),
                    meaning: Meaning::Skip,
                    unit: Unit::default(),
                    evidence: "not in the file that was rejected".to_owned(),
                    suggestion: None,
                    strip: None,
                    rest: None,
                },
            })
            .collect(),
        facts: known.facts.clone(),
        notes: Vec::new(),
        left_over: Vec::new(),
        handling: Handling {
            id_from_url: now(handling.id_from_url),
            city_from_url: now(handling.city_from_url),
            rent_mode_from_title: now(handling.rent_mode_from_title),
            price_basis: now(handling.price_basis),
            sale_method: now(handling.sale_method),
        },
    }
}
