//! What an import counts, for its summary and the ledger.

use cli::Summary;
use model::rule::Effect;
use serde_json::{Map, Value};
use store::Action;

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
    /// Listings whose home is known under another key now.
    pub(crate) homes: u64,
    /// Unsure pairs of homes that a person is asked about, new ones.
    pub(crate) questions: u64,
    /// Agents who lost the right to promote, once for each listing it was for.
    pub(crate) bars: u64,
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

    pub(crate) fn named(&self) -> [(&'static str, u64); 11] {
        [
            ("new", self.new),
            ("changed", self.changed),
            ("unchanged", self.unchanged),
            ("withdrawn", self.withdrawn),
            ("frozen", self.frozen),
            ("repeated", self.repeated),
            ("mended", self.mended),
            ("unresolved_references", self.unresolved),
            ("homes", self.homes),
            ("questions", self.questions),
            ("bars", self.bars),
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
