//! What an import counts, for its summary and the ledger.

use cli::Summary;
use model::rule::Effect;
use serde_json::{Map, Value};
use store::{Action, MediumUpserted};

/// What a run has counted.
#[derive(Debug, Default, Clone)]
pub(crate) struct Counts {
    pub(crate) read: u64,
    pub(crate) new: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) withdrawn: u64,
    pub(crate) rejected: u64,
    pub(crate) frozen: u64,
    pub(crate) repeated: u64,
    pub(crate) mended: u64,
    /// Rows that name an agent the store does not know.
    pub(crate) unresolved: u64,
    /// Corrections that rows of verified listings ask for.
    pub(crate) corrections: u64,
    /// Rows of media, and what the listings' own rows tell of.
    pub(crate) media: u64,
    pub(crate) media_new: u64,
    pub(crate) media_changed: u64,
    /// Rows of media that were refused: of unknown listings, or not to be read.
    pub(crate) media_rejected: u64,
    /// Listings whose home is known under another key now.
    pub(crate) homes: u64,
    /// Unsure pairs of homes that a person is asked about, new ones.
    pub(crate) questions: u64,
    /// Agents who lost the right to promote, once for each listing it was for.
    pub(crate) bars: u64,
    /// Listings that no row names and that are judged differently since others came.
    pub(crate) rejudged: u64,
    pub(crate) gravest: Option<Effect>,
}

impl Counts {
    pub(crate) fn of(&mut self, action: Action) -> &mut u64 {
        match action {
            Action::New => &mut self.new,
            Action::Changed => &mut self.changed,
            Action::Unchanged => &mut self.unchanged,
        }
    }

    /// Counts what became of a medium; of one that several rows tell of only the end state counts.
    pub(crate) fn count_medium(&mut self, upserted: MediumUpserted) {
        for (action, by) in [(upserted.earlier_action, -1), (Some(upserted.action), 1)] {
            let count = match action {
                Some(Action::New) => &mut self.media_new,
                Some(Action::Changed) => &mut self.media_changed,
                _ => continue,
            };
            *count = count.saturating_add_signed(by);
        }
    }

    pub(crate) fn named(&self) -> [(&'static str, u64); 17] {
        [
            ("new", self.new),
            ("changed", self.changed),
            ("unchanged", self.unchanged),
            ("withdrawn", self.withdrawn),
            ("frozen", self.frozen),
            ("repeated", self.repeated),
            ("mended", self.mended),
            ("corrections", self.corrections),
            ("unresolved_references", self.unresolved),
            ("media", self.media),
            ("media_new", self.media_new),
            ("media_changed", self.media_changed),
            ("media_rejected", self.media_rejected),
            ("homes", self.homes),
            ("questions", self.questions),
            ("bars", self.bars),
            ("rejudged", self.rejudged),
        ]
    }

    pub(crate) fn summary(&self, run: i64, dry: bool) -> Summary {
        let mut summary = Summary::new(self.read, self.rejected).dry_run(dry);
        if !dry {
            summary = summary.run(run);
        }
        for (name, count) in self.named() {
            summary = summary.count(name, count);
        }
        summary
    }

    /// As the run ledger keeps them.
    pub(crate) fn json(&self) -> String {
        let mut counts = Map::new();
        counts.insert("read".into(), self.read.into());
        counts.insert("rejected".into(), self.rejected.into());
        for (name, count) in self.named() {
            counts.insert(name.into(), count.into());
        }
        Value::Object(counts).to_string()
    }
}
