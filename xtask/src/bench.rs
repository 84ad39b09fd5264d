//! Each promise about speed, measured against its named peer in the same run.
//!
//! The peer is `sqlite3 .import` into a typed table with a text key, then two indexes. All steps are run
//! in turn, round after round; the ratio of each promise is taken within a round, and the median of the
//! rounds is what counts, so that a machine that grows slower or is shared does not decide.

mod data;
mod measure;
mod report;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::shell;
use measure::{Cost, measure};
use report::Report;

/// What was asked on the command line.
pub(crate) struct Options {
    rows: u64,
    rounds: usize,
    data: Option<PathBuf>,
    generator: Option<PathBuf>,
    record: Option<PathBuf>,
}

/// What one round cost.
pub(crate) struct Round {
    /// `sqlite3 .import`.
    import: Cost,
    /// The two indexes after it.
    indexes: Cost,
    /// Our first load into an empty store, listings not compared with each other.
    first: Cost,
    /// The same, compared: one home under one key, prices against their peers, photos used elsewhere.
    compared: Cost,
    /// Ten thousand listings with another price onto the stock.
    daily: Cost,
    /// The same file again.
    again: Cost,
    /// `check`, without a store.
    check: Cost,
    /// `--version`, the quickest of many.
    version: Cost,
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    shell::run("cargo build --release --quiet --bins -p listing-import")?;
    let tool = shell::binaries("release")?.join("listing-import");
    let peer = shell::read(Path::new("sqlite3"), &["--version"])
        .context("the peer is missing: install sqlite3")?;
    let folder = shell::binaries("bench")?;
    std::fs::create_dir_all(&folder)?;
    let file = data::file(&options, &folder)?;
    let rows = data::read_once(&file)?;
    let daily = data::daily(&file, rows, &folder)?;

    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        let round = round(&tool, &file, &daily, &folder)?;
        println!(
            "round {number}: .import {} + indexes {}, first load {}, compared {}, again {}, daily {}, check {}",
            round.import,
            round.indexes,
            round.first,
            round.compared,
            round.again,
            round.daily,
            round.check
        );
        rounds.push(round);
    }
    let report = Report::new(&rounds, rows, peer.split_whitespace().next().unwrap_or("?"));
    println!("\n{}", report.text());
    if let Some(path) = &options.record {
        report.record(&shell::root().join(path))?;
        println!("{} is written", path.display());
    }
    Ok(())
}

fn round(tool: &Path, file: &Path, daily: &Path, folder: &Path) -> Result<Round> {
    let peer = folder.join("peer.db");
    let store = folder.join("store.db");
    let remove = |path: &Path| {
        for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
            let mut name = path.to_owned().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    };
    remove(&peer);
    let alone = folder.join("alone.toml");
    std::fs::write(&alone, "[listing-import]\ncompare = false\n")?;
    let alone = alone.to_string_lossy().into_owned();
    let fresh = |arguments: &[&str], ours: &dyn Fn(&[&str], &Path) -> Command| {
        remove(&store);
        measure(ours(arguments, file))
    };
    let ours = |arguments: &[&str], file: &Path| {
        let mut command = Command::new(tool);
        command
            .args(arguments)
            .arg(file)
            .args([
                "-o",
                "/dev/null",
                "--format",
                "ndjson",
                "--quiet",
                "--source",
                "bench",
            ])
            .current_dir(folder)
            .env("BROKERKIT_STORE", &store)
            .env("BROKERKIT_KEY_FILE", folder.join("bench.key"))
            .env("BROKERKIT_NOW", "2026-11-22T09:00:00+08:00");
        command
    };
    let mut import = Command::new("sqlite3");
    import
        .arg(&peer)
        .arg("-cmd")
        .arg(data::PEER_TABLE)
        .arg(format!(
            ".import --csv --skip 1 {} listings",
            file.display()
        ));
    let mut indexes = Command::new("sqlite3");
    indexes.arg(&peer).arg(data::PEER_INDEXES);

    Ok(Round {
        import: measure(import)?,
        indexes: measure(indexes)?,
        first: fresh(&["--config", &alone], &ours)?,
        compared: fresh(&[], &ours)?,
        again: measure(ours(&[], file))?,
        daily: measure(ours(&[], daily))?,
        check: measure(ours(&["check"], file))?,
        version: version(tool)?,
    })
}

/// The quickest of thirty starts: what is left is the program's own.
fn version(tool: &Path) -> Result<Cost> {
    let mut quickest: Option<Cost> = None;
    for _ in 0..30 {
        let mut command = Command::new(tool);
        command.arg("--version");
        let cost = measure(command)?;
        if quickest.as_ref().is_none_or(|best| cost.wall < best.wall) {
            quickest = Some(cost);
        }
    }
    quickest.context("thirty starts were measured")
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Options {
            rows: 1_000_000,
            rounds: 3,
            data: None,
            generator: std::env::var_os("BROKERKIT_GEN").map(PathBuf::from),
            record: None,
        };
        let mut args = args.iter();
        while let Some(flag) = args.next() {
            let mut value = || args.next().with_context(|| format!("{flag} wants a value"));
            match flag.as_str() {
                "--rows" => options.rows = value()?.parse().context("--rows wants a number")?,
                "--rounds" => {
                    options.rounds = value()?.parse().context("--rounds wants a number")?
                }
                "--data" => options.data = Some(value()?.into()),
                "--gen" => options.generator = Some(value()?.into()),
                "--record" => options.record = Some(value()?.into()),
                _ => bail!("bench knows no `{flag}`"),
            }
        }
        ensure!(
            options.rounds > 0 && options.rows > 0,
            "--rounds and --rows start at 1"
        );
        Ok(options)
    }
}
