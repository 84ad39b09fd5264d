//! Pages that the tools write about themselves: their help, and the table of rules.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::shell;

pub(crate) fn run(args: &[String]) -> Result<()> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("usage: cargo xtask docs [--check]"),
    };
    let packages: Vec<String> = shell::tools()
        .iter()
        .map(|tool| format!("-p {tool}"))
        .collect();
    shell::run(&format!(
        "cargo build --quiet --bins {}",
        packages.join(" ")
    ))?;
    let binaries = shell::binaries("debug")?;
    let mut stale = Vec::new();
    for tool in shell::tools() {
        let page = help_page(tool, &binaries.join(tool))?;
        settle(&format!("docs/cli/{tool}.md"), &page, check, &mut stale)?;
    }
    let importer = binaries.join("listing-import");
    if importer.is_file() {
        let table = shell::read(&importer, &["rules", "--format", "md", "--limit", "1000"])?;
        let page = format!(
            "# Rules of listing-import\n\nWritten by `cargo xtask docs` from `listing-import rules`; `listing-import rules L201` explains one.\n\n{}",
            table.trim_end()
        );
        settle("docs/rules.md", &(page + "\n"), check, &mut stale)?;
    }
    if stale.is_empty() {
        Ok(())
    } else {
        bail!("stale: {}; run `cargo xtask docs`", stale.join(", "))
    }
}

/// The help of a tool and of each of its subcommands.
fn help_page(tool: &str, binary: &Path) -> Result<String> {
    let main = shell::read(binary, &["--help"])?;
    let mut page = format!(
        "# {tool}\n\nWritten by `cargo xtask docs` from `{tool} --help`.\n\n```text\n{}\n```\n",
        main.trim_end()
    );
    add_subcommands(tool, binary, &main, &[], &mut page)?;
    Ok(page)
}

/// The help of each subcommand that a help text names, and of those below it.
fn add_subcommands(
    tool: &str,
    binary: &Path,
    help: &str,
    path: &[&str],
    page: &mut String,
) -> Result<()> {
    for command in subcommands(help) {
        let path = [path, &[command]].concat();
        let help = shell::read(binary, &[&path[..], &["--help"]].concat())?;
        let _ = write!(
            page,
            "\n## {tool} {}\n\n```text\n{}\n```\n",
            path.join(" "),
            help.trim_end()
        );
        add_subcommands(tool, binary, &help, &path, page)?;
    }
    Ok(())
}

/// The names under `Commands:` in a help text.
fn subcommands(help: &str) -> Vec<&str> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect()
}

fn settle(name: &str, page: &str, check: bool, stale: &mut Vec<String>) -> Result<()> {
    let path = shell::root().join(name);
    if std::fs::read_to_string(&path).is_ok_and(|now| now == page) {
        return Ok(());
    }
    if check {
        stale.push(name.to_owned());
        return Ok(());
    }
    std::fs::create_dir_all(path.parent().context("a page lies in a folder")?)?;
    std::fs::write(&path, page).with_context(|| format!("cannot write {name}"))?;
    println!("{name} is written");
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn subcommands_are_read_from_help() {
        let help = "Import\n\nUsage: x\n\nCommands:\n  check  Checks\n  list   Lists\n           more\n  help   Print\n\nOptions:\n  -q\n";
        assert_eq!(super::subcommands(help), ["check", "list"]);
    }
}
