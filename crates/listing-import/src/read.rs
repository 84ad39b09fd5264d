//! Records become rows, read and judged: on the spot, or ahead, where one thread reads, normalises and
//! checks them in batches while the other writes the batch before. Batches go round, so a run of any
//! size uses the room of a few.

use std::sync::mpsc::{self, Receiver, SyncSender};

use intake::Record;
use model::identity::{Lookup, PublicKey};
use model::listing::Listing;
use model::media::Media;
use model::packed::{PackedListing, PackedListings};
use model::rule::{Effect, Finding};

use crate::collect::{Feed, Opened, reading};
use crate::homes::Places;
use crate::identify::Identifier;
use crate::normalise::Memory;
use crate::settings::Rulebook;
use crate::settle;
use crate::stock::{Sight, Sights};

/// Records in a batch: enough to make handing over cheap, few enough for the processor's cache.
const BATCH: usize = 128;
/// Batches on their way at once.
const IN_FLIGHT: usize = 4;

/// One record, read and judged.
#[derive(Default)]
pub(crate) struct Row {
    pub head: Head,
    /// The listing; of a rejected row whatever could be read.
    pub listing: Listing,
    /// What the rules found.
    pub findings: Vec<Finding>,
}

/// The same, in a batch.
#[derive(Clone, Copy)]
pub(crate) struct PackedRow<'a> {
    pub head: &'a Head,
    pub listing: PackedListing<'a>,
    pub findings: &'a [Finding],
    /// What is compared of it with other listings, where that was gathered ahead.
    pub sight: Option<Sight<'a>>,
}

/// What is known of a row beside its listing and findings.
#[derive(Default)]
pub(crate) struct Head {
    /// Which feed it is from.
    pub feed: usize,
    /// Line of the record's first byte in its source.
    pub line: u64,
    /// Bytes of all inputs that are read by now.
    pub bytes: u64,
    /// The record as it came, where it is rejected.
    pub record: Option<Box<Record>>,
    /// The id under which it was rejected earlier, where it comes back.
    pub reject_id: Option<String>,
    /// What the listing is looked up by, where it is to be stored.
    pub lookup: Option<Lookup>,
    /// Stable hash of what is stored.
    pub hash: u64,
    /// Photos, videos and tours that the row tells more of than their addresses.
    pub media: Vec<Media>,
}

/// Whether a row with these findings is refused.
pub(crate) fn is_rejected(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.effect == Effect::Reject)
}

/// The gravest effect among findings.
pub(crate) fn gravest(findings: &[Finding]) -> Option<Effect> {
    findings.iter().map(|finding| finding.effect).min()
}

/// Some rows, packed one after the other: the thread that takes them reads memory in one direction,
/// which costs a fraction of fetching a row's thirty lines of cache one by one.
#[derive(Default)]
pub(crate) struct Batch {
    heads: Vec<Head>,
    listings: PackedListings,
    findings: Vec<Finding>,
    /// Where each row's findings end.
    ends: Vec<usize>,
    sights: Sights,
}

impl Batch {
    /// Takes over a row; with the table of communities, what is compared is gathered.
    fn push(&mut self, row: &mut Row, places: Option<&mut Places>) {
        self.listings.push(&row.listing);
        let mut head = std::mem::take(&mut row.head);
        head.lookup = Lookup::of(&row.listing);
        if let Some(places) = places {
            let id = head.lookup.map_or(0, |lookup| lookup.key.digest());
            self.sights.push(&row.listing, id, places);
        }
        head.hash = settle::content_hash(self.listings.get(self.heads.len()), &row.findings);
        self.heads.push(head);
        self.findings.append(&mut row.findings);
        self.ends.push(self.findings.len());
    }

    fn clear(&mut self) {
        self.heads.clear();
        self.listings.clear();
        self.findings.clear();
        self.ends.clear();
        self.sights.clear();
    }

    /// Keys of the listings that are to be stored.
    pub(crate) fn keys(&self) -> impl Iterator<Item = PublicKey> {
        self.heads.iter().filter_map(|head| Some(head.lookup?.key))
    }

    /// The rows, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = PackedRow<'_>> {
        self.heads.iter().enumerate().map(|(number, head)| {
            let start = match number {
                0 => 0,
                _ => self.ends[number - 1],
            };
            PackedRow {
                head,
                listing: self.listings.get(number),
                findings: &self.findings[start..self.ends[number]],
                sight: self.sights.get(number),
            }
        })
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

/// The same, in batches.
pub(crate) fn read_batches(
    feeds: &[Feed],
    tables: &mut [Opened],
    rulebook: &Rulebook,
    mut write: impl FnMut(&Batch) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (row, mut batch) = (Row::default(), Batch::default());
    let write = |row: &mut Row| {
        batch.clear();
        batch.push(row, None);
        write(&batch)
    };
    Reader::new(rulebook, Direct { row, write }).read(feeds, tables)?;
    Ok(())
}

/// Reads every table to its end on a thread of its own, while `write` works on the batch before
/// on the calling thread, in order. Its error or one of the reading ends it. With the table of communities,
/// what is compared with other listings is gathered on the way.
pub(crate) fn read_ahead(
    feeds: &[Feed],
    tables: &mut [Opened],
    rulebook: &Rulebook,
    places: Option<Places>,
    mut write: impl FnMut(&Batch) -> anyhow::Result<()>,
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
                places,
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
            write(&batch)?;
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

/// Rows are handed over to another thread in batches, which come back.
struct Ahead<'a> {
    row: Row,
    full: &'a SyncSender<anyhow::Result<Batch>>,
    returned: &'a Receiver<Batch>,
    batch: Batch,
    /// The table of communities, where listings are to be compared.
    places: Option<Places>,
}

impl Sink for Ahead<'_> {
    fn row(&mut self) -> &mut Row {
        &mut self.row
    }

    fn take(&mut self) -> anyhow::Result<bool> {
        self.batch.push(&mut self.row, self.places.as_mut());
        Ok(self.batch.heads.len() < BATCH || self.hand_over())
    }
}

impl Ahead<'_> {
    fn hand_over(&mut self) -> bool {
        let mut next = self.returned.try_recv().unwrap_or_default();
        next.clear();
        self.full
            .send(Ok(std::mem::replace(&mut self.batch, next)))
            .is_ok()
    }
}

struct Reader<'a, S> {
    rulebook: &'a Rulebook,
    /// Of the feeds of the table that is being read.
    traces: Vec<Trace>,
    /// Bytes of the tables that are done, and of what is read of this one.
    bytes: u64,
    sink: S,
}

/// What a feed's rows leave behind for the next one.
#[derive(Default)]
struct Trace {
    identifier: Identifier,
    memory: Memory,
}

impl<'a, S: Sink> Reader<'a, S> {
    fn new(rulebook: &'a Rulebook, sink: S) -> Self {
        Reader {
            rulebook,
            traces: Vec::new(),
            bytes: 0,
            sink,
        }
    }

    /// Reads all tables; false where nobody wants more.
    fn read(&mut self, feeds: &[Feed], tables: &mut [Opened]) -> anyhow::Result<bool> {
        for opened in tables {
            if !self.read_table(feeds, opened)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn read_table(&mut self, feeds: &[Feed], opened: &mut Opened) -> anyhow::Result<bool> {
        let Opened {
            table,
            sample,
            feeds: own,
            origins,
        } = opened;
        self.traces.clear();
        self.traces.resize_with(own.len(), Trace::default);
        let before = self.bytes;
        let feed_of = |record: &Record| origins.as_ref().map_or(0, |origins| origins.of(record));
        for record in std::mem::take(sample) {
            if !self.take(own.start, feed_of(&record), feeds, &record)? {
                return Ok(false);
            }
        }
        let mut record = Record::new();
        while table.read(&mut record).map_err(reading)? {
            self.bytes = before + table.position().0;
            if !self.take(own.start, feed_of(&record), feeds, &record)? {
                return Ok(false);
            }
        }
        self.bytes = before + table.position().0;
        Ok(true)
    }

    /// Takes a record of the table whose feeds begin at `first`, from the feed `number` of them.
    fn take(
        &mut self,
        first: usize,
        number: usize,
        feeds: &[Feed],
        record: &Record,
    ) -> anyhow::Result<bool> {
        let index = first + number;
        let (feed, trace) = (&feeds[index], &mut self.traces[number]);
        let row = self.sink.row();
        row.head = Head {
            feed: index,
            line: record.line(),
            bytes: self.bytes,
            reject_id: feed
                .origin
                .reject_columns()
                .map(|columns| record.text(columns.id).trim().to_owned()),
            ..Head::default()
        };
        row.listing.clear();
        row.findings.clear();
        judge(
            feed,
            record,
            self.rulebook,
            &mut trace.identifier,
            &mut trace.memory,
            row,
        );
        if let Some(item) = record.item()
            && is_rejected(&row.findings)
        {
            // Many records of a JSON document may stand on one line. What is stored has an id to go by, and
            // is the same wherever it stands.
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
        row.head.media = std::mem::take(&mut memory.media);
        settle::settle(&mut row.listing, &feed.defaults);
        identifier.identify(feed, &mut row.listing, &mut row.findings);
    }
    rulebook.adjust(&mut row.findings);
    if is_rejected(&row.findings) {
        row.head.record = Some(Box::new(record.clone()));
        return;
    }
    rulebook
        .listings
        .check(&row.listing, &feed.context, &mut row.findings);
    if is_rejected(&row.findings) {
        row.head.record = Some(Box::new(record.clone()));
    }
}
