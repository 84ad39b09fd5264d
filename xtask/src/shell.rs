//! Running commands: each is printed before it runs.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
}

/// The folder of the built binaries of one profile, `debug` or `release`: beside that of this program.
pub(crate) fn binaries(profile: &str) -> Result<PathBuf> {
    let here = std::env::current_exe().context("cannot tell where this program lies")?;
    let target = here
        .ancestors()
        .nth(2)
        .context("this program does not lie in a target folder")?;
    Ok(target.join(profile))
}

/// The tools that exist so far, in the order in which data flows through them.
pub(crate) fn tools() -> Vec<&'static str> {
    [
        "listing-import",
        "lead-clean",
        "lead-assign",
        "funnel-report",
        "review-audit",
        "store-admin",
    ]
    .into_iter()
    .filter(|tool| {
        root()
            .join("crates")
            .join(tool)
            .join("src/main.rs")
            .is_file()
    })
    .collect()
}

/// Prints a command line and runs it in `bash` in the workspace's root; fails unless it ends with 0.
pub(crate) fn run(line: &str) -> Result<()> {
    println!("$ {line}");
    std::io::stdout().flush()?;
    let status = bash(line).status().context("cannot run bash")?;
    ensure!(status.success(), "`{line}` ended with {status}");
    Ok(())
}

/// Like [`run`], and returns its standard output, which is shown as it comes.
pub(crate) fn run_and_read(line: &str) -> Result<String> {
    println!("$ {line}");
    std::io::stdout().flush()?;
    let mut child = bash(line)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run bash")?;
    let mut text = String::new();
    let output = child.stdout.take().context("the output is piped")?;
    for piece in BufReader::new(output).lines() {
        let piece = piece?;
        println!("{piece}");
        text.push_str(&piece);
        text.push('\n');
    }
    let status = child.wait()?;
    ensure!(status.success(), "`{line}` ended with {status}");
    Ok(text)
}

/// Runs a program quietly and returns what it prints.
pub(crate) fn read(program: &Path, args: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(args)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    if !output.status.success() {
        bail!(
            "{} {} ended with {}",
            program.display(),
            args.join(" "),
            output.status
        );
    }
    String::from_utf8(output.stdout).context("its output is not UTF-8")
}

fn bash(line: &str) -> Command {
    let mut command = Command::new("bash");
    command
        .args(["-c", &format!("set -euo pipefail\n{line}")])
        .current_dir(root());
    command
}

/// Like [`run`], after lines that set the stage and are not printed again.
pub(crate) fn run_after(setting: &str, line: &str) -> Result<()> {
    println!("$ {line}");
    std::io::stdout().flush()?;
    let status = bash(&format!("{setting}\n{line}"))
        .status()
        .context("cannot run bash")?;
    ensure!(status.success(), "`{line}` ended with {status}");
    Ok(())
}
