//! The jobs around the code, one file each. What `cargo test` can say is not a job.

// The jobs speak to a person at a terminal, and to nobody else.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod ci;
mod demo;
mod docs;
mod fixtures;
mod shell;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask JOB

  ci                    everything CI checks: format, lints, the README's two commands
  demo                  builds the tools and runs them on fixtures/ into demo/
  fixtures              writes the workbooks of fixtures/ again from their sources
  docs [--check]        writes docs/cli and docs/rules.md from the tools, or fails where they are stale
  bench [OPTIONS]       measures each promise against its peer
        --rows N        rows to make (default 1000000)
        --data FILE     a listings file that exists, in the generator's thirty columns
        --gen FILE      a generator to run with python3, `FILE listings N`; or $BROKERKIT_GEN
        --rounds N      rounds, interleaved (default 3)
        --record FILE   writes the table into FILE, between its marks";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match job(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn job(args: &[String]) -> Result<()> {
    let rest = args.get(1..).unwrap_or_default();
    match args.first().map(String::as_str) {
        Some("ci") => ci::run(),
        Some("demo") => demo::run(),
        Some("fixtures") => fixtures::write(),
        Some("docs") => docs::run(rest),
        Some("bench") => bench::run(rest),
        _ => bail!("{USAGE}"),
    }
}
