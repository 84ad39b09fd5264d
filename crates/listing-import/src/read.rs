//! Records become rows, read and judged: on the spot, or ahead, where one thread reads, normalises and
//! checks them in batches while the other writes the batch before. Batches go round, so a run of any
//! size uses the room of a few.

use std::sync::mpsc::{self, Receiver, SyncSender};

use intake::Record;
use model::listing::Listing;
use model::packed::PackedListing;
use model::rule::{Effect, Finding};

use crate::collect::{Feed, Opened, reading};
use crate::identify::Identifier;
use crate::normalise::Memory;
use crate::settings::Rulebook;
use crate::settle;

/// Records in a batch: enough to make handing over cheap, few enough for the processor's cache.
const BATCH: usize = 64;
/// Batches on their way at once.
const IN_FLIGHT: usize = 4;

/// One record, read and judged. `L` is its listing, as it is or packed.
#[derive(Default)]
pub(crate) struct Row<L = Listing> {
    /// Which feed it is from.
    pub feed: usize,
    /// Line of the record's first byte in its source.
    pub line: u64,
    /// Bytes of all inputs that are read by now.
    pub bytes: u64,
    /// The listing; of a rejected row whatever could be read.
    pub listing: L,
    /// What the rules found.
    pub findings: Vec<Finding>,
    /// The record as it came, where it is rejected.
    pub record: Option<Box<Record>>,
    /// The id under which it was rejected earlier, where it comes back.
    pub reject_id: Option<String>,
    /// Stable hash of what is stored.
    pub hash: u64,
}

impl<L> Row<L> {
    /// Whether the row is refused.
    pub(crate) fn rejected(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.effect == Effect::Reject)
    }

    /// The gravest effect among the findings.
    pub(crate) fn gravest(&self) -> Option<Effect> {
        self.findings.iter().map(|finding| finding.effect).min()
    }
}

impl Row {
    /// Hands everything over to a row whose listing is packed.
    fn pack(&mut self, row: &mut Row<PackedListing>) {
        row.listing.pack(&self.listing);
        row.feed = self.feed;
        row.line = self.line;
        row.bytes = self.bytes;
        row.record = self.record.take();
        row.reject_id = self.reject_id.take();
        std::mem::swap(&mut row.findings, &mut self.findings);
        row.hash = settle::content_hash(&row.listing, &row.findings);
    }
}

/// Reads every table to its end on the calling thread, and hands each row to `write`, in order.
pub(crate) fn read_rows(
    feeds: &[Feed],
    tables: &mut [Opened],
    rulebook: &Rulebook,
    mut write: impl FnMut(&Row) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let row = Row::default();
    let write = |row: &mut Row| write(row);
    Reader::new(rulebook, Direct { row, write }).read(feeds, tables)?;
    Ok(())
}

/// The same, each row packed.
pub(crate) fn read_packed(
    feeds: &[Feed],
    tables: &mut [Opened],
    rulebook: &Rulebook,
    mut write: impl FnMut(&Row<PackedListing>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (row, mut packed) = (Row::default(), Row::default());
    let write = |row: &mut Row| {
        row.pack(&mut packed);
        write(&packed)
    };
    Reader::new(rulebook, Direct { row, write }).read(feeds, tables)?;
    Ok(())
}

/// Reads every table to its end on a thread of its own, while `write` works on the rows of the batch
/// before on the calling thread, in order. Its error or one of the reading ends it.
pub(crate) fn read_ahead(
    feeds: &[Feed],
    tables: &mut [Opened],
    rulebook: &Rulebook,
    mut write: impl FnMut(&Row<PackedListing>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (full, batches) = mpsc::sync_channel(IN_FLIGHT);
    let (empty, returned) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let ahead = Ahead {
                row: Row::default(),
                full: &full,
                returned: &returned,
                batch: Batch::default(),
            };
            let mut reader = Reader::new(rulebook, ahead);
            match reader.read(feeds, tables) {
                Ok(true) => {
                    reader.sink.hand_over();
                }
                Ok(false) => {} // the writer has gone
                Err(error) => {
                    let _ = full.send(Err(error));
                }
            }
        });
        for batch in batches {
            let batch: Batch = batch?;
            for row in &batch.rows[..batch.used] {
                write(row)?;
            }
            // The reader may be done and gone; then nobody needs the batch.
            let _ = empty.send(batch);
        }
        Ok(())
    })
}

/// Where rows go. A row's room is used again.
trait Sink {
    /// Room for the next row.
    fn row(&mut self) -> &mut Row;
    /// The row is whole; false where nobody wants another.
    fn take(&mut self) -> anyhow::Result<bool>;
}

/// Each row is written when it is read.
struct Direct<W> {
    row: Row,
    write: W,
}

impl<W: FnMut(&mut Row) -> anyhow::Result<()>> Sink for Direct<W> {
    fn row(&mut self) -> &mut Row {
        &mut self.row
    }

    fn take(&mut self) -> anyhow::Result<bool> {
        (self.write)(&mut self.row)?;
        Ok(true)
    }
}

/// Some rows, handed over together. Only the first `used` count: the rest is room. A listing takes some
/// thirty lines of cache, most of them empty, and fetching them from another processor costs more than
/// packing it.
#[derive(Default)]
struct Batch {
    rows: Vec<Row<PackedListing>>,
    used: usize,
}

/// Rows are handed over to another thread in batches, which come back.
struct Ahead<'a> {
    row: Row,
    full: &'a SyncSender<anyhow::Result<Batch>>,
    returned: &'a Receiver<Batch>,
    batch: Batch,
}

impl Sink for Ahead<'_> {
    fn row(&mut self) -> &mut Row {
        &mut self.row
    }

    fn take(&mut self) -> anyhow::Result<bool> {
        if self.batch.used == self.batch.rows.len() {
            self.batch.rows.push(Row::default());
        }
        self.row.pack(&mut self.batch.rows[self.batch.used]);
        self.batch.used += 1;
        Ok(self.batch.used < BATCH || self.hand_over())
    }
}

impl Ahead<'_> {
    fn hand_over(&mut self) -> bool {
        let mut next = self.returned.try_recv().unwrap_or_default();
        next.used = 0;
        self.full
            .send(Ok(std::mem::replace(&mut self.batch, next)))
            .is_ok()
    }
}

struct Reader<'a, S> {
    rulebook: &'a Rulebook,
    identifier: Identifier,
    /// Of the table that is being read.
    memory: Memory,
    /// Bytes of the tables that are done, and of what is read of this one.
    bytes: u64,
    sink: S,
}

impl<'a, S: Sink> Reader<'a, S> {
    fn new(rulebook: &'a Rulebook, sink: S) -> Self {
        Reader {
            rulebook,
            identifier: Identifier::default(),
            memory: Memory::default(),
            bytes: 0,
            sink,
        }
    }

    /// Reads all tables; false where nobody wants more.
    fn read(&mut self, feeds: &[Feed], tables: &mut [Opened]) -> anyhow::Result<bool> {
        for (index, (feed, opened)) in feeds.iter().zip(tables).enumerate() {
            if !self.read_table(index, feed, opened)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn read_table(
        &mut self,
        index: usize,
        feed: &Feed,
        opened: &mut Opened,
    ) -> anyhow::Result<bool> {
        self.identifier.next_file();
        self.memory = Memory::default();
        let before = self.bytes;
        for record in std::mem::take(&mut opened.sample) {
            if !self.take(index, feed, &record)? {
                return Ok(false);
            }
        }
        let mut record = Record::new();
        while opened.table.read(&mut record).map_err(reading)? {
            self.bytes = before + opened.table.position().0;
            if !self.take(index, feed, &record)? {
                return Ok(false);
            }
        }
        self.bytes = before + opened.table.position().0;
        Ok(true)
    }

    fn take(&mut self, index: usize, feed: &Feed, record: &Record) -> anyhow::Result<bool> {
        let row = self.sink.row();
        row.feed = index;
        row.line = record.line();
        row.bytes = self.bytes;
        row.listing.clear();
        row.findings.clear();
        row.record = None;
        row.reject_id = feed
            .origin
            .reject_columns()
            .map(|columns| record.text(columns.id).trim().to_owned());
        judge(
            feed,
            record,
            self.rulebook,
            &mut self.identifier,
            &mut self.memory,
            row,
        );
        if let Some(item) = record.item() {
            // many records of a JSON document may stand on one line
            for finding in &mut row.findings {
                let also = if finding.detail.is_empty() { "" } else { ", " };
                finding.detail.push_str(&format!("{also}item {item}"));
            }
        }
        self.sink.take()
    }
}

/// Normalises one record, checks it and gives it its identity.
fn judge(
    feed: &Feed,
    record: &Record,
    rulebook: &Rulebook,
    identifier: &mut Identifier,
    memory: &mut Memory,
    row: &mut Row,
) {
    if let Some(fault) = record.fault() {
        row.findings.push(Finding::new(
            fault.rule(),
            feed.field_of(fault.field_column()),
            fault.detail(),
        ));
        // The id may be readable all the same: a full feed then knows that its source still has it.
        identifier.identify_faulty(feed, record, &mut row.listing);
    } else {
        if record.stray_quote() {
            row.findings
                .push(Finding::new(intake::rules::STRAY_QUOTE, None, ""));
        }
        feed.normaliser
            .normalise(record, memory, &mut row.listing, &mut row.findings);
        settle::settle(&mut row.listing, &feed.defaults);
        identifier.identify(feed, &mut row.listing, &mut row.findings);
    }
    rulebook.adjust(&mut row.findings);
    if row.rejected() {
        row.record = Some(Box::new(record.clone()));
        return;
    }
    rulebook
        .listings
        .check(&row.listing, &feed.context, &mut row.findings);
    if row.rejected() {
        row.record = Some(Box::new(record.clone()));
    }
}
