//! The listings that are measured, and the peer's table for them.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use testkit::data::Listings;

use super::Options;

/// The peer's table: typed columns and the id as key, as a person who cares would write it.
pub(super) const PEER_TABLE: &str = "CREATE TABLE listings (
  listing_id TEXT PRIMARY KEY, title TEXT NOT NULL, community TEXT, city TEXT, district TEXT, business_area TEXT,
  property_type TEXT, bedrooms INTEGER, halls INTEGER, kitchens INTEGER, bathrooms INTEGER, living_area REAL,
  list_price INTEGER, price_mode TEXT, floor INTEGER, total_floors INTEGER, orientation TEXT, year_built INTEGER,
  decoration TEXT, has_elevator TEXT, ownership TEXT, metro_distance INTEGER, tags TEXT, description TEXT,
  photos TEXT, agent_id TEXT, source_channel TEXT, listed_at TEXT, updated_at TEXT, status TEXT);";

/// The two indexes that the store has too.
pub(super) const PEER_INDEXES: &str = "CREATE INDEX by_place ON listings (city, district);
CREATE INDEX by_agent ON listings (agent_id);";

/// The file to measure with: the one given, else one made here once and kept.
pub(super) fn file(options: &Options, folder: &Path) -> Result<PathBuf> {
    if let Some(path) = &options.data {
        return path
            .canonicalize()
            .with_context(|| format!("cannot find {}", path.display()));
    }
    let maker = if options.generator.is_some() {
        "gen"
    } else {
        "own"
    };
    let path = folder.join(format!("listings-{maker}-{}.csv", options.rows));
    if !path.exists() {
        println!("making {}", path.display());
        let part = path.with_extension("part");
        match &options.generator {
            Some(generator) => run_generator(generator, options.rows, &part)?,
            None => {
                let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
                Listings {
                    rows: options.rows,
                    seed: 42,
                    careless: true,
                }
                .write(&mut out)?;
                out.flush()?;
            }
        }
        std::fs::rename(&part, &path)?;
    }
    Ok(path)
}

/// Ten thousand rows of the file from all over it, each with a price 3% lower, as a day's changes would be.
pub(super) fn daily(file: &Path, rows: u64, folder: &Path) -> Result<PathBuf> {
    const CHANGED: u64 = 10_000;
    let path = folder.join("daily.csv");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file)?;
    let header = reader.byte_headers()?.clone();
    let price = header.iter().position(|name| name == b"list_price");
    let price = price.context("the file has no column list_price")?;
    let mut writer = csv::Writer::from_path(&path)?;
    writer.write_byte_record(&header)?;
    let every = (rows / CHANGED).max(1);
    for (number, record) in (0_u64..).zip(reader.byte_records()) {
        let record = record?;
        if number % every != 0 || number / every >= CHANGED {
            continue;
        }
        let cells = record.iter().enumerate().map(|(column, cell)| {
            let amount = || std::str::from_utf8(cell).ok()?.parse::<f64>().ok();
            match amount().filter(|_| column == price) {
                Some(amount) => format!("{:.0}", amount * 0.97).into_bytes(),
                None => cell.to_vec(),
            }
        });
        writer.write_record(cells)?;
    }
    writer.flush()?;
    Ok(path)
}

fn run_generator(generator: &Path, rows: u64, part: &Path) -> Result<()> {
    let status = Command::new("python3")
        .arg(generator)
        .args(["listings", &rows.to_string()])
        .stdout(Stdio::from(File::create(part)?))
        .status()
        .context("cannot run python3")?;
    ensure!(
        status.success(),
        "{} ended with {status}",
        generator.display()
    );
    Ok(())
}

/// Reads the file once, so that every step finds it in the page cache, and returns its rows: line ends
/// outside of quotes, the header's not counted.
pub(super) fn read_once(path: &Path) -> Result<u64> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    let (mut rows, mut quoted) = (0_u64, false);
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            return Ok(rows.saturating_sub(1));
        }
        for byte in &buffer[..length] {
            quoted ^= *byte == b'"';
            rows += u64::from(*byte == b'\n' && !quoted);
        }
    }
}
