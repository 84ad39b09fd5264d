//! OLE containers (MS-CFB), in which old workbooks keep their sheets: a file system in a file. Streams
//! are read in place; what is held is the table of sectors, which is no larger than the file allows.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};

/// Sector numbers from here on are marks.
const FIRST_MARK: u32 = 0xffff_fffa;
/// Sectors of the table that the header names itself.
const IN_HEADER: usize = 109;
/// Bytes of an entry in the directory.
const ENTRY: usize = 128;
/// Streams shorter than this stand in the small sectors.
const SMALL_STREAM: u64 = 4096;
const SMALL_SECTOR: u64 = 64;

/// A container whose directory was read.
pub(super) struct Container {
    file: File,
    sector: u64,
    table: Vec<u32>,
    small_table: Vec<u32>,
    /// Where the stream of small sectors stands.
    small: Vec<u32>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    stream: bool,
    start: u32,
    length: u64,
    /// Its neighbours in the tree of its folder, and its own folder's first entry.
    near: [u32; 2],
    child: u32,
}

/// A container that is not as it should be.
pub(super) fn damaged() -> Error {
    Error::from(ErrorKind::InvalidData)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

impl Container {
    pub(super) fn open(mut file: File) -> Result<Self> {
        let size = file.metadata()?.len();
        let mut header = [0; 512];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut header)?;
        let sector: u64 = match u16_at(&header, 30) {
            9 => 512,
            12 => 4096,
            _ => return Err(damaged()),
        };
        let mut container = Container {
            file,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
        };
        // sectors there can be, so that a chain that runs in a circle ends
        let most = (size / sector) as usize + 1;
        container.table = container.sectors(&header, most)?;

        let directory = container.chain(u32_at(&header, 48))?;
        let length = directory.len() as u64 * sector;
        let mut directory = container.read(&directory, length)?;
        directory.truncate(directory.len() / ENTRY * ENTRY);
        container.entries = directory.chunks(ENTRY).map(entry).collect();
        let root = container.entries.first().ok_or_else(damaged)?;
        let (start, length) = (root.start, root.length);
        if length > 0 && start < FIRST_MARK {
            container.small = container.chain(start)?;
            let table = container.chain(u32_at(&header, 60))?;
            let bytes = container.read(&table, table.len() as u64 * sector)?;
            container.small_table = bytes.chunks_exact(4).map(|four| u32_at(four, 0)).collect();
        }
        Ok(container)
    }

    /// The table that says of each sector which follows it.
    fn sectors(&mut self, header: &[u8; 512], most: usize) -> Result<Vec<u32>> {
        let per_sector = self.sector as usize / 4;
        let needed = most.div_ceil(per_sector);
        let mut places: Vec<u32> = (0..IN_HEADER)
            .map(|index| u32_at(header, 76 + 4 * index))
            .collect();
        let mut next = u32_at(header, 68);
        while next < FIRST_MARK && places.len() <= needed {
            let bytes = self.read(&[next], self.sector)?;
            let (inner, last) = bytes.split_at(bytes.len() - 4);
            places.extend(inner.chunks_exact(4).map(|four| u32_at(four, 0)));
            next = u32_at(last, 0);
        }
        places.retain(|&place| place < FIRST_MARK);
        places.truncate(needed);
        let mut table = Vec::with_capacity(places.len() * per_sector);
        for place in places {
            let bytes = self.read(&[place], self.sector)?;
            table.extend(bytes.chunks_exact(4).map(|four| u32_at(four, 0)));
        }
        Ok(table)
    }

    fn chain(&self, start: u32) -> Result<Vec<u32>> {
        follow(&self.table, start)
    }

    /// Bytes of sectors, up to `length`; the last sector of a file may be cut.
    fn read(&mut self, sectors: &[u32], length: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for &sector in sectors {
            let wanted = self.sector.min(length - bytes.len() as u64);
            let place = (u64::from(sector) + 1) * self.sector;
            self.file.seek(SeekFrom::Start(place))?;
            let read = (&self.file).take(wanted).read_to_end(&mut bytes)?;
            if (read as u64) < wanted {
                return Err(Error::from(ErrorKind::UnexpectedEof));
            }
        }
        Ok(bytes)
    }

    /// Whether any folder has a stream or folder of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        let mut names = self.entries.iter().map(|entry| &entry.name);
        names.any(|one| one.eq_ignore_ascii_case(name))
    }

    /// Opens the stream of this name in the first folder; those of workbooks inside this one stand in
    /// folders of their own.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Stream>> {
        let Some(entry) = self.find(name) else {
            return Ok(None);
        };
        let (sector, length) = (self.sector, entry.length);
        let mut pieces = Vec::new();
        let piece;
        if length >= SMALL_STREAM {
            piece = sector;
            for sector_id in self.chain(entry.start)? {
                pieces.push((u64::from(sector_id) + 1) * sector);
            }
        } else {
            piece = SMALL_SECTOR;
            for small in follow(&self.small_table, entry.start)? {
                let place = u64::from(small) * SMALL_SECTOR;
                let holds = self.small.get((place / sector) as usize);
                let holds = *holds.ok_or_else(damaged)?;
                pieces.push((u64::from(holds) + 1) * sector + place % sector);
            }
        }
        if length > pieces.len() as u64 * piece {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        Ok(Some(Stream {
            file: self.file.try_clone()?,
            pieces,
            piece,
            length,
            at: 0,
            buffer: Vec::new(),
            buffered: u64::MAX,
        }))
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        let is = |entry: &Entry| entry.stream && entry.name.eq_ignore_ascii_case(name);
        let mut waiting = vec![self.entries.first()?.child];
        let mut seen = vec![false; self.entries.len()];
        while let Some(index) = waiting.pop() {
            let index = index as usize;
            let Some(entry) = self.entries.get(index) else {
                continue;
            };
            if std::mem::replace(&mut seen[index], true) {
                continue;
            }
            if is(entry) {
                return Some(entry);
            }
            waiting.extend(entry.near);
        }
        // some writers leave the tree out
        self.entries.iter().find(|entry| is(entry))
    }
}

/// The sectors of a chain; one that leaves the table or runs in a circle is damaged.
fn follow(table: &[u32], start: u32) -> Result<Vec<u32>> {
    let mut chain = Vec::new();
    let mut next = start;
    while next < FIRST_MARK {
        if chain.len() == table.len() {
            return Err(damaged());
        }
        chain.push(next);
        next = *table.get(next as usize).ok_or_else(damaged)?;
    }
    Ok(chain)
}

fn entry(bytes: &[u8]) -> Entry {
    let length = usize::from(u16_at(bytes, 64)).saturating_sub(2).min(62);
    let units: Vec<u16> = bytes[..length]
        .chunks_exact(2)
        .map(|two| u16_at(two, 0))
        .collect();
    Entry {
        name: String::from_utf16_lossy(&units),
        stream: bytes[66] == 2,
        start: u32_at(bytes, 116),
        // the upper half is rubbish in old files, and no file of ours is so large
        length: u64::from(u32_at(bytes, 120)),
        near: [u32_at(bytes, 68), u32_at(bytes, 72)],
        child: u32_at(bytes, 76),
    }
}

/// A stream of a container.
pub(super) struct Stream {
    file: File,
    /// Where its pieces stand in the file.
    pieces: Vec<u64>,
    piece: u64,
    length: u64,
    at: u64,
    /// The piece read last, and which it is.
    buffer: Vec<u8>,
    buffered: u64,
}

impl Stream {
    /// Goes to a place.
    pub(super) fn go(&mut self, place: u64) {
        self.at = place;
    }

    fn load(&mut self, index: u64) -> Result<()> {
        // pieces that follow each other in the file are read at once
        let first = index as usize;
        let place = *self.pieces.get(first).ok_or_else(damaged)?;
        let mut count = 1;
        while count < 128
            && self.pieces.get(first + count) == Some(&(place + count as u64 * self.piece))
        {
            count += 1;
        }
        self.file.seek(SeekFrom::Start(place))?;
        self.buffer.clear();
        let wanted = count as u64 * self.piece;
        (&self.file).take(wanted).read_to_end(&mut self.buffer)?;
        self.buffered = index * self.piece;
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        if self.at >= self.length || out.is_empty() {
            return Ok(0);
        }
        let loaded = self.buffered..self.buffered.saturating_add(self.buffer.len() as u64);
        if !loaded.contains(&self.at) {
            self.load(self.at / self.piece)?;
        }
        let from = (self.at - self.buffered) as usize;
        let there = self.buffer.get(from..).unwrap_or_default();
        if there.is_empty() {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        let given = out.len().min(there.len());
        let given = given.min((self.length - self.at) as usize);
        out[..given].copy_from_slice(&there[..given]);
        self.at += given as u64;
        Ok(given)
    }
}
