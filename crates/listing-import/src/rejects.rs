//! Refused rows on their way to the rejects files.

use std::sync::Arc;

use anyhow::Result;
use cli::RejectArgs;
use intake::understand::Meaning;
use intake::{Mask, Origin, Record, RejectWriter};
use model::field::Storage;
use model::listing::ListingField;
use model::mask;
use model::rule::{Effect, Finding, Lang};

use crate::collect::{Feed, reading};

/// The rejects files a run writes; none, one or both.
pub(crate) struct Rejects {
    writers: Vec<RejectWriter>,
    lang: Lang,
}

/// A refused row, as the ledger knows it.
pub(crate) struct Refusal {
    /// The name by which the mended row is known again.
    pub reject_id: String,
    /// Code of the first rule that refused it.
    pub rule: &'static str,
    /// Field that rule is about.
    pub field: Option<&'static str>,
    /// Every reason, joined; no private value.
    pub reason: String,
}

impl Rejects {
    /// Prepares the files; each comes into being at the end, whole.
    pub(crate) fn open(args: &RejectArgs, feeds: &[Feed], lang: Lang) -> Result<Self> {
        let mut writers = Vec::new();
        for (path, masked) in [(&args.rejects, false), (&args.rejects_masked, true)] {
            let Some(path) = path else { continue };
            let mut writer = RejectWriter::new(path, masked).map_err(reading)?;
            for feed in feeds {
                let alike = feeds.iter().filter(|other| other.origin == feed.origin);
                writer.set_masks(&feed.origin, masks(alike));
            }
            writers.push(writer);
        }
        Ok(Rejects { writers, lang })
    }

    /// Takes up rows of a table that is no feed.
    pub(crate) fn expect(&mut self, origin: &Arc<Origin>, masks: &[Option<Mask>]) {
        for writer in &mut self.writers {
            writer.set_masks(origin, masks.to_vec());
        }
    }

    /// Takes a refused row.
    pub(crate) fn push(
        &mut self,
        origin: &Arc<Origin>,
        record: Option<&Record>,
        findings: &[Finding],
    ) -> Result<Refusal> {
        let refusal = self.note(origin, record, findings);
        if let Some(record) = record {
            for writer in &mut self.writers {
                writer
                    .push(origin, record, findings, self.lang, &refusal.reject_id)
                    .map_err(reading)?;
            }
        }
        Ok(refusal)
    }

    /// A refused row as the ledger knows it, which goes into no file.
    pub(crate) fn note(
        &self,
        origin: &Origin,
        record: Option<&Record>,
        findings: &[Finding],
    ) -> Refusal {
        let refusing = || {
            findings
                .iter()
                .filter(|finding| finding.effect == Effect::Reject)
        };
        Refusal {
            reject_id: record
                .map(|record| origin.reject_id(record))
                .unwrap_or_default(),
            rule: refusing().next().map_or("", |finding| finding.rule.code),
            field: refusing().find_map(|finding| finding.field),
            reason: refusing()
                .map(|finding| finding.message(self.lang))
                .collect::<Vec<_>>()
                .join("; "),
        }
    }

    /// Puts the files in place, whole.
    pub(crate) fn finish(self) -> Result<()> {
        for writer in self.writers {
            writer.finish().map_err(reading)?;
        }
        Ok(())
    }
}

/// How much of a private cell a file that is shared shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    Name,
    Phone,
    Nothing,
}

impl Shown {
    /// What is shown of a cell that two inputs understand differently.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Shown::All, shown) | (shown, Shown::All) => shown,
            (one, other) if one == other => one,
            _ => Shown::Nothing,
        }
    }

    fn mask(self) -> Option<Mask> {
        match self {
            Shown::All => None,
            Shown::Name => Some(mask::name),
            Shown::Phone => Some(mask::phone),
            Shown::Nothing => Some(mask::text),
        }
    }
}

/// How each column's cells are shown in a file that is shared: private fields masked, unknown columns
/// hidden. The rows of one rejects file may be of several feeds.
fn masks<'f>(feeds: impl Iterator<Item = &'f Feed>) -> Vec<Option<Mask>> {
    let mut columns: Vec<Shown> = Vec::new();
    for feed in feeds {
        let own: Vec<Shown> = shown(feed).collect();
        columns.resize(columns.len().max(own.len()), Shown::All);
        for (column, own) in columns.iter_mut().zip(own) {
            *column = column.and(own);
        }
    }
    columns.into_iter().map(Shown::mask).collect()
}

fn shown(feed: &Feed) -> impl Iterator<Item = Shown> + '_ {
    let columns = feed.understanding.columns.iter();
    columns.map(|column| match &column.meaning {
        Meaning::Field(name) => match ListingField::from_name(name) {
            Some(ListingField::OwnerName) => Shown::Name,
            Some(ListingField::OwnerPhone) => Shown::Phone,
            Some(field) if field.field().storage == Storage::Sealed => Shown::Nothing,
            _ => Shown::All,
        },
        Meaning::Tokens | Meaning::Skip => Shown::All,
        Meaning::Split { .. } | Meaning::Extra => Shown::Nothing,
    })
}
