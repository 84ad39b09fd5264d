//! The demo: every tool that exists so far, on the fixtures, into `demo/`.

use std::path::Path;

use anyhow::{Context, Result};

use crate::shell;

/// What is run, in order: what it shows, the tool it needs, and the command.
const STEPS: &[(&str, &str, &str)] = &[
    (
        "The communities first: listings are compared with them",
        "listing-import",
        "listing-import communities fixtures/communities.csv --format table",
    ),
    (
        "A linter for a file: no store is touched",
        "listing-import",
        "listing-import check fixtures/listings.csv --format ndjson | head -3",
    ),
    (
        "The import: what cannot be understood goes to demo/rejects.csv, the rest into the store",
        "listing-import",
        "listing-import fixtures/listings.csv --rejects demo/rejects.csv --format table",
    ),
    (
        "Why a row was refused",
        "store-admin",
        "store-admin rejects 2 --format table",
    ),
    (
        "How the columns were understood, with the evidence",
        "listing-import",
        "listing-import fixtures/western.csv --show-mapping --format table",
    ),
    (
        "Rentals, closed deals and a western export: no mapping is given",
        "listing-import",
        "listing-import fixtures/rentals.ndjson --source rentals --format table
listing-import fixtures/deals.csv --source deals --format table
listing-import fixtures/western.csv --source western --format table",
    ),
    (
        "Rows broken in seven ways: only those are refused",
        "listing-import",
        "listing-import fixtures/broken.csv --source broken --rejects demo/broken-rejects.csv --format table",
    ),
    (
        "The same file again changes nothing, and says so",
        "listing-import",
        "listing-import fixtures/listings.csv --format ndjson -o demo/again.ndjson",
    ),
    (
        "One rule, explained",
        "listing-import",
        "listing-import rules L201",
    ),
    (
        "Questions to the store",
        "listing-import",
        "listing-import list 'city = \"北京\" and bedrooms_total >= 3' --format table",
    ),
    (
        "One home that two agents have entered, differently written; and what waits for a person",
        "listing-import",
        "listing-import homes --format table
listing-import queue --format table",
    ),
    (
        "Tools meet in a pipe: every normalised field of one, read by the next",
        "listing-import",
        "listing-import fixtures/listings.csv --store :memory: --emit listings | listing-import - --store demo/copy.db | head -3",
    ),
    (
        "What ran, and whether all of it still holds together",
        "store-admin",
        "store-admin runs --format table
store-admin verify",
    ),
    (
        "Whatever was done can be undone: run 6 was the broken file",
        "store-admin",
        "store-admin backup demo/backup.db
store-admin undo 6 --yes --reason 'the demo shows it'
store-admin verify",
    ),
];

const NEXT: &str = "
Where to look next
  demo/rejects.csv          the rows that were refused, each with its reason; mend them and feed the file again
  demo/brokerage.db         the store: any sqlite3 opens it, private values in it are sealed with demo/brokerage.key
  fixtures/README.md        what each input shows
  listing-import --help     all of it; `listing-import rules` lists the rules
  docs/                     one page a tool, the rules, the data dictionary";

pub(crate) fn run() -> Result<()> {
    let folder = shell::root().join("demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("cannot empty demo/")?;
    }
    std::fs::create_dir(&folder).context("cannot make demo/")?;

    let tools = shell::tools();
    let packages: Vec<String> = tools.iter().map(|tool| format!("-p {tool}")).collect();
    shell::run(&format!(
        "cargo build --quiet --bins {}",
        packages.join(" ")
    ))?;

    let binaries = shell::binaries("debug")?;
    let path = binaries
        .strip_prefix(shell::root())
        .map_or(binaries.clone(), |inside| Path::new("$PWD").join(inside));
    let setting = format!(
        "export PATH=\"{}:$PATH\"\n\
         export BROKERKIT_STORE=demo/brokerage.db BROKERKIT_KEY_FILE=demo/brokerage.key\n\
         export BROKERKIT_NOW=2026-11-22T09:00:00+08:00",
        path.display()
    );
    setting.lines().for_each(|line| println!("$ {line}"));
    for (about, tool, commands) in STEPS {
        if !tools.contains(tool) {
            continue;
        }
        println!("\n# {about}");
        for command in commands.lines() {
            shell::run_after(&setting, command)?;
        }
    }
    println!("{NEXT}");
    Ok(())
}
