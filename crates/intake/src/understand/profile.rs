//! What a sample says about one column: how its values look, how often they repeat.

use std::collections::HashMap;

use model::{number, text};

use crate::Record;
use crate::recognise::{self, Recognised};

/// Distinct values looked at closely; a column shows what it is long before.
const DISTINCT_CAP: usize = 200;

/// One distinct value of a column.
#[derive(Debug)]
pub(super) struct Distinct<'a> {
    pub(super) text: &'a str,
    pub(super) count: usize,
    pub(super) number: Option<f64>,
    /// Name of the form the whole value has.
    pub(super) form: Option<&'static str>,
    /// The field that form fills.
    pub(super) field: Option<&'static str>,
    /// Recognised pieces and pieces, where the value is packed.
    pub(super) packed: Option<(usize, usize)>,
}

/// One column of the sample.
#[derive(Debug)]
pub(super) struct Profile<'a> {
    /// Cells in the order of the records, trimmed; empty where there is no value.
    pub(super) cells: Vec<&'a str>,
    /// Cells with a value.
    pub(super) filled: usize,
    /// Distinct values, those seen first.
    pub(super) values: Vec<Distinct<'a>>,
    /// How many distinct values there are in the whole sample.
    pub(super) distinct: usize,
    /// Numbers among the cells, sorted.
    pub(super) numbers: Vec<f64>,
    /// Cells count up by one from 0 or 1.
    pub(super) running: bool,
    /// Cells count up by one from any number.
    pub(super) consecutive: bool,
    /// Characters of a value, on average.
    pub(super) chars: f64,
    weight: usize,
}

impl<'a> Profile<'a> {
    /// Looks at one column.
    pub(super) fn of(sample: &'a [Record], column: usize) -> Self {
        let cells: Vec<&str> = sample
            .iter()
            .filter(|record| record.fault().is_none())
            .map(|record| {
                let cell = text::trim(record.text(column));
                if text::is_null(cell) { "" } else { cell }
            })
            .collect();
        let mut index: HashMap<&str, usize> = HashMap::new();
        let mut values: Vec<Distinct<'_>> = Vec::new();
        let mut distinct = 0;
        let mut numbers = Vec::new();
        for cell in cells.iter().copied().filter(|cell| !cell.is_empty()) {
            let at = *index.entry(cell).or_insert_with(|| {
                distinct += 1;
                if distinct <= DISTINCT_CAP {
                    values.push(look(cell));
                    values.len() - 1
                } else {
                    usize::MAX
                }
            });
            let number = match values.get_mut(at) {
                Some(value) => {
                    value.count += 1;
                    value.number
                }
                None => plain_number(cell),
            };
            numbers.extend(number);
        }
        numbers.sort_by(f64::total_cmp);
        let weight: usize = values.iter().map(|value| value.count).sum();
        let chars: usize = values
            .iter()
            .map(|value| value.text.chars().count() * value.count)
            .sum();
        Profile {
            filled: cells.iter().filter(|cell| !cell.is_empty()).count(),
            running: consecutive(&cells, 0..=1),
            consecutive: consecutive(&cells, 0..=i64::MAX - 1),
            distinct,
            numbers,
            chars: chars as f64 / weight.max(1) as f64,
            weight,
            values,
            cells,
        }
    }

    /// Share of the values for which something holds, weighed by how often they stand.
    pub(super) fn share(&self, holds: impl Fn(&Distinct<'a>) -> bool) -> f64 {
        if self.weight == 0 {
            return 0.0;
        }
        let held: usize = self
            .values
            .iter()
            .filter(|value| holds(value))
            .map(|value| value.count)
            .sum();
        held as f64 / self.weight as f64
    }

    /// Share of the values of one form.
    pub(super) fn form(&self, name: &str) -> f64 {
        self.share(|value| value.form == Some(name))
    }

    /// Share of plain numbers.
    pub(super) fn number_share(&self) -> f64 {
        self.share(|value| value.number.is_some())
    }

    /// Middle one of the numbers.
    pub(super) fn median(&self) -> Option<f64> {
        median(&self.numbers)
    }

    /// Middle one of the numbers above zero: a price below it is a mistake and tells no unit.
    pub(super) fn middle_amount(&self) -> Option<f64> {
        let first = self.numbers.partition_point(|number| *number <= 0.0);
        median(&self.numbers[first..])
    }

    /// Distinct values for each cell that has one: 1 where none repeats.
    pub(super) fn distinct_share(&self) -> f64 {
        self.distinct as f64 / self.filled.max(1) as f64
    }

    /// Whether most values hold a Chinese character.
    pub(super) fn chinese(&self) -> bool {
        self.share(|value| has_chinese(value.text)) >= 0.5
    }
}

/// Whether a text holds a Chinese character.
pub(super) fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

/// Middle one of sorted numbers.
pub(super) fn median(sorted: &[f64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).copied()
}

/// A number without unit.
pub(super) fn plain_number(cell: &str) -> Option<f64> {
    number::decimal(cell).ok()?.to_string().parse().ok()
}

fn look(cell: &str) -> Distinct<'_> {
    let number = plain_number(cell);
    let found = match number {
        Some(_) => None,
        None => recognise::recognise(cell),
    };
    let packed = match (&found, number) {
        (None, None) if cell.len() <= 200 => packed(cell),
        _ => None,
    };
    Distinct {
        text: cell,
        count: 0,
        number,
        form: found.as_ref().map(Recognised::form),
        field: found.as_ref().and_then(Recognised::field),
        packed,
    }
}

fn packed(cell: &str) -> Option<(usize, usize)> {
    let (mut known, mut all) = (0, 0);
    for token in recognise::tokens(cell) {
        all += 1;
        known += usize::from(recognise::recognise(token).is_some());
    }
    (all > 1 && known > 0).then_some((known, all))
}

fn consecutive(cells: &[&str], starts: std::ops::RangeInclusive<i64>) -> bool {
    let mut expected: Option<i64> = None;
    for cell in cells {
        let Ok(number) = cell.parse::<i64>() else {
            return false;
        };
        match expected {
            None if !starts.contains(&number) => return false,
            Some(expected) if number != expected => return false,
            _ => expected = number.checked_add(1),
        }
    }
    cells.len() >= 3
}
