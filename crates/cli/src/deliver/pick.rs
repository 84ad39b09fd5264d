//! The records that matter most to a person: rejected, frozen, changed, new, then the rest.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use serde::Deserialize;

/// How many a table shows unless told otherwise.
pub(super) const SHOWN: u64 = 50;

/// What decides how much a record matters; the rest of its line is skipped.
#[derive(Deserialize)]
struct Brief<'a> {
    #[serde(borrow, default)]
    action: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    status: Option<Cow<'a, str>>,
    #[serde(default)]
    frozen: Option<bool>,
}

/// The records that matter most, and how many there were of each sort.
#[derive(Default)]
pub(super) struct Picked {
    /// The lines, in the order in which they were pushed.
    pub(super) lines: Vec<Vec<u8>>,
    /// How many records there were.
    pub(super) total: u64,
    /// How many of each action or status, in the order of their weight.
    pub(super) counts: Vec<(String, u64)>,
    /// How many were frozen, whatever their action.
    pub(super) frozen: u64,
}

pub(super) struct Picker {
    most: usize,
    /// The least of those kept lies on top: the highest weight, then the latest row.
    kept: BinaryHeap<(u8, u64, Vec<u8>)>,
    picked: Picked,
}

impl Picker {
    pub(super) fn new(most: u64) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Picker {
            most,
            kept: BinaryHeap::new(),
            picked: Picked::default(),
        }
    }

    pub(super) fn push(&mut self, line: &[u8]) {
        let row = self.picked.total;
        self.picked.total += 1;
        let brief = serde_json::from_slice(line).unwrap_or(Brief {
            action: None,
            status: None,
            frozen: None,
        });
        let frozen = brief.frozen == Some(true);
        self.picked.frozen += u64::from(frozen);
        let sort = brief.action.or(brief.status);
        if let Some(sort) = &sort {
            match self
                .picked
                .counts
                .iter_mut()
                .find(|(known, _)| known == sort)
            {
                Some((_, count)) => *count += 1,
                None => self.picked.counts.push((sort.to_string(), 1)),
            }
        }
        let weight = weight(sort.as_deref(), frozen);
        if self.kept.len() < self.most {
            self.kept.push((weight, row, line.to_vec()));
        } else if self
            .kept
            .peek()
            .is_some_and(|last| (weight, row) < (last.0, last.1))
        {
            self.kept.pop();
            self.kept.push((weight, row, line.to_vec()));
        }
    }

    pub(super) fn finish(mut self) -> Picked {
        self.picked.lines = self
            .kept
            .into_sorted_vec()
            .into_iter()
            .map(|(.., line)| line)
            .collect();
        self.picked
            .counts
            .sort_by_key(|(sort, _)| weight(Some(sort), false));
        self.picked
    }
}

/// Lower matters more.
fn weight(sort: Option<&str>, frozen: bool) -> u8 {
    match sort {
        Some("rejected") => 0,
        _ if frozen => 1,
        Some("held" | "failed") => 1,
        Some("withdrawn") => 2,
        Some("changed") => 3,
        Some("new") => 4,
        Some("unchanged") => 6,
        _ => 5,
    }
}
