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
