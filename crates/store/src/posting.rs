//! Which listings may share something: entries of a hash and a listing's id, kept in sorted pieces. An index
//! of five million photos would cost more than the listings themselves; this costs their sorting.
//!
//! A run adds its entries in pieces of its own; with many runs the pieces are merged. Entries are not taken out one by
//! one: whatever is found is looked at again in the listing itself. Undoing a run that wrote listings forgets all
//! of them, and the next run that compares makes them anew.

use rusqlite::named_params;

use crate::error::{Error, ErrorKind, Result};
use crate::queries;
use crate::run::Run;

/// Entries in a piece: 32 KiB.
const PIECE: usize = 4_096;
/// Runs whose pieces stand side by side before they are merged.
const MOST_RUNS: usize = 8;

/// What listings may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostingKind {
    /// The block of homes that are compared with each other.
    HomeBlock,
    /// A photo.
    Photo,
}

impl PostingKind {
    fn number(self) -> i64 {
        match self {
            PostingKind::HomeBlock => 1,
            PostingKind::Photo => 2,
        }
    }
}

/// `posting.kind` of the figures of prices, which are one piece.
const FIGURES: i64 = 3;

/// An entry: the hash in the upper half, so that entries sort by it.
pub fn entry(hash: u32, listing: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(listing)
}

/// A piece, without its entries.
struct Piece {
    id: i64,
    run: i64,
    first: u32,
}

impl Run<'_> {
    /// Adds entries made by [`entry`]; they are sorted on the way.
    pub fn post(&mut self, kind: PostingKind, entries: &mut Vec<u64>) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        entries.sort_unstable();
        entries.dedup();
        self.write_pieces(kind, entries)?;
        let mut runs: Vec<i64> = self.pieces(kind)?.iter().map(|piece| piece.run).collect();
        runs.sort_unstable();
        runs.dedup();
        if runs.len() > MOST_RUNS {
            self.merge(kind)?;
        }
        Ok(())
    }

    /// Whether anything was posted: where nothing was, every listing has to be looked at.
    pub fn has_postings(&self) -> Result<bool> {
        Ok(!self.pieces(PostingKind::HomeBlock)?.is_empty())
    }

    /// Forgets every entry, before all are added anew.
    pub fn forget_postings(&mut self, kind: PostingKind) -> Result<()> {
        self.store
            .conn
            .prepare_cached(queries::POSTING_DELETE_KIND)?
            .execute([kind.number()])?;
        Ok(())
    }

    fn write_pieces(&self, kind: PostingKind, entries: &[u64]) -> Result<()> {
        let mut insert = self.store.conn.prepare_cached(queries::POSTING_INSERT)?;
        let mut data = Vec::with_capacity(PIECE * 8);
        for piece in entries.chunks(PIECE) {
            data.clear();
            data.extend(piece.iter().flat_map(|entry| entry.to_le_bytes()));
            insert.execute(named_params! {
                "$kind": kind.number(), "$run": self.number, "$first": (piece[0] >> 32) as i64, "$data": data,
            })?;
        }
        Ok(())
    }

    /// Writes all pieces again as one run's.
    fn merge(&self, kind: PostingKind) -> Result<()> {
        let pieces = self.pieces(kind)?;
        let mut entries = Vec::with_capacity(pieces.len() * PIECE);
        for piece in &pieces {
            self.read_piece(piece.id, |entry| entries.push(entry))?;
        }
        let mut delete = self.store.conn.prepare_cached(queries::POSTING_DELETE)?;
        for piece in &pieces {
            delete.execute([piece.id])?;
        }
        entries.sort_unstable();
        entries.dedup();
        self.write_pieces(kind, &entries)
    }

    fn pieces(&self, kind: PostingKind) -> Result<Vec<Piece>> {
        let mut statement = self.store.conn.prepare_cached(queries::POSTING_LIST)?;
        let pieces = statement.query_map([kind.number()], |row| {
            Ok(Piece {
                id: row.get(0)?,
                run: row.get(1)?,
                first: row.get(2)?,
            })
        })?;
        Ok(pieces.collect::<rusqlite::Result<_>>()?)
    }

    fn read_piece(&self, id: i64, mut each: impl FnMut(u64)) -> Result<()> {
        let mut statement = self.store.conn.prepare_cached(queries::POSTING_DATA)?;
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else {
            return Ok(());
        };
        let damaged = || {
            Error::new(
                ErrorKind::Corrupt,
                "a posting is damaged; run `store-admin verify`",
            )
        };
        let data = row.get_ref(0)?.as_blob().map_err(|_| damaged())?;
        let (entries, rest) = data.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(damaged());
        }
        entries
            .iter()
            .for_each(|entry| each(u64::from_le_bytes(*entry)));
        Ok(())
    }

    /// The entries of some hashes, which are sorted and differ.
    pub fn postings(&self, kind: PostingKind, hashes: &[u32]) -> Result<Vec<u64>> {
        let mut found = Vec::new();
        let pieces = self.pieces(kind)?;
        for (at, piece) in pieces.iter().enumerate() {
            // the next piece of the run begins where this one ends, perhaps with the same hash
            let last = match pieces.get(at + 1) {
                Some(next) if next.run == piece.run => next.first,
                _ => u32::MAX,
            };
            let start = hashes.partition_point(|hash| *hash < piece.first);
            if hashes.get(start).is_none_or(|hash| *hash > last) {
                continue;
            }
            let mut wanted = start;
            self.read_piece(piece.id, |entry| {
                let hash = (entry >> 32) as u32;
                while hashes.get(wanted).is_some_and(|next| *next < hash) {
                    wanted += 1;
                }
                if hashes.get(wanted) == Some(&hash) {
                    found.push(entry);
                }
            })?;
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// What the run before left of the figures of prices.
    pub fn figures(&self) -> Result<Option<Vec<u8>>> {
        let mut statement = self.store.conn.prepare_cached(queries::FIGURES_GET)?;
        let mut rows = statement.query([FIGURES])?;
        Ok(match rows.next()? {
            Some(row) => Some(row.get(0)?),
            None => None,
        })
    }

    pub(crate) fn forget_figures(&self) -> Result<()> {
        let conn = &self.store.conn;
        conn.prepare_cached(queries::FIGURES_DELETE)?
            .execute([FIGURES])?;
        Ok(())
    }

    /// Keeps figures of prices in the place of those before.
    pub fn set_figures(&mut self, data: &[u8]) -> Result<()> {
        self.forget_figures()?;
        let conn = &self.store.conn;
        conn.prepare_cached(queries::POSTING_INSERT)?
            .execute(named_params! {
                "$kind": FIGURES, "$run": self.number, "$first": 0, "$data": data,
            })?;
        Ok(())
    }
}
