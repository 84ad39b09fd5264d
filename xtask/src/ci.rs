//! Everything CI checks.

use anyhow::{Context, Result, ensure};

use crate::shell;

pub(crate) fn run() -> Result<()> {
    let (demo, test) = readme_commands()?;
    shell::run("cargo fmt --all --check")?;
    shell::run("cargo clippy --locked --workspace --all-targets -- -D warnings")?;
    let output = shell::run_and_read(&test)?;
    shell::run("cargo xtask docs --check")?;
    shell::run(&demo)?;
    let counts = Counts::read(&output);
    ensure!(counts.passed > 0, "`{test}` ran no test");
    // Alone on the last line, so that whoever reads the end of the log sees what was tested.
    println!(
        "\n{} passed, {} failed, {} skipped",
        counts.passed, counts.failed, counts.skipped
    );
    Ok(())
}

/// The two commands that the README tells a newcomer to type: the demo, and the tests. They are run as
/// they stand there, so the README cannot go stale.
fn readme_commands() -> Result<(String, String)> {
    let readme = std::fs::read_to_string(shell::root().join("README.md"))
        .context("cannot read README.md")?;
    let find = |start: &str| {
        readme
            .lines()
            .map(|line| line.split(" #").next().unwrap_or(line).trim())
            .find(|line| line.starts_with(start))
            .map(str::to_owned)
            .with_context(|| format!("README.md has no line that starts with `{start}`"))
    };
    Ok((find("cargo xtask demo")?, find("cargo test")?))
}

/// Sums of the lines with which each test program closes.
#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    fn read(output: &str) -> Self {
        let mut counts = Counts::default();
        for line in output
            .lines()
            .filter(|line| line.starts_with("test result: "))
        {
            let words: Vec<&str> = line
                .split([' ', ';'])
                .filter(|word| !word.is_empty())
                .collect();
            for pair in words.windows(2) {
                let Ok(number) = pair[0].parse::<u64>() else {
                    continue;
                };
                match pair[1] {
                    "passed" => counts.passed += number,
                    "failed" => counts.failed += number,
                    "ignored" => counts.skipped += number,
                    _ => {}
                }
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_over_test_programs() {
        let counts = Counts::read(
            "test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.41s\n\
             test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n",
        );
        assert_eq!((counts.passed, counts.failed, counts.skipped), (9, 0, 1));
    }

    #[test]
    fn the_readme_names_both_commands() {
        let (demo, test) = readme_commands().unwrap();
        assert_eq!(demo, "cargo xtask demo");
        assert_eq!(test, "cargo test --workspace");
    }
}
