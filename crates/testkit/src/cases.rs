//! Cases: a test is a file that reads like a session at a terminal.
//!
//! ```text
//! # Why the case is there. Files of `NAME.in/` lie in the working folder.
//! $ listing-import homes.csv --store t.db | head -1
//! ? 0
//! {"action":"new",[..]}
//! ! listing-import: 2 read, 2 new, [..]
//! ```
//!
//! A case has one or several steps, each a command line of `bash` under `pipefail`. `?` is the exit code
//! (0 where the line is missing), lines that begin with `! ` are standard error, all others standard
//! output. `[..]` stands for any text in a line, a line `[...]` for any lines. A blank line of output, and
//! one that begins with a marker or with a backslash, has a backslash before it.
//!
//! `BLESS=1 cargo test` rewrites the expectations; a line with `[..]` that still fits is kept.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Place;

/// Runs every `.case` file of a folder, in order of their names.
///
/// # Panics
/// If one of them differs, with all the differences.
#[track_caller]
pub fn check(folder: impl AsRef<Path>) {
    let folder = folder.as_ref();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()))
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "case")
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no case in {}", folder.display());
    let bless = std::env::var_os("BLESS").is_some();
    let failed: Vec<String> = files
        .iter()
        .filter_map(|file| check_file(file, bless).err())
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} cases differ\n\n{}",
        failed.len(),
        files.len(),
        failed.join("\n\n")
    );
}

/// One command and what is expected of it.
#[derive(Debug, Default, Clone, PartialEq)]
struct Step {
    /// Comment and blank lines before it.
    lead: Vec<String>,
    command: String,
    code: i32,
    stdout: Vec<String>,
    stderr: Vec<String>,
}

fn check_file(file: &Path, bless: bool) -> Result<(), String> {
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let (steps, tail) = parse(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let place = Place::new();
    copy_folder(&file.with_extension("in"), &place.path());

    let mut actual = Vec::new();
    let mut differences = String::new();
    for step in &steps {
        let ran = place.shell(&step.command);
        let lines = |text: &str| {
            place
                .normalise(text)
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let got = Step {
            lead: step.lead.clone(),
            command: step.command.clone(),
            code: ran.code,
            stdout: keep_patterns(&step.stdout, lines(&ran.stdout)),
            stderr: keep_patterns(&step.stderr, lines(&ran.stderr)),
        };
        if got != *step {
            let _ = write!(
                differences,
                "--- expected\n{}+++ got\n{}",
                step.render(),
                got.render()
            );
        }
        actual.push(got);
    }
    if differences.is_empty() {
        return Ok(());
    }
    if bless {
        let mut blessed: String = actual.iter().map(Step::render).collect();
        tail.iter().for_each(|line| blessed.extend([line, "\n"]));
        return std::fs::write(file, blessed)
            .map_err(|error| format!("{}: {error}", file.display()));
    }
    Err(format!(
        "{} (BLESS=1 takes what it got)\n{differences}",
        file.display()
    ))
}

/// Reads a case: its steps, and the comments after the last.
fn parse(text: &str) -> Result<(Vec<Step>, Vec<String>), String> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lead: Vec<String> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                lead: std::mem::take(&mut lead),
                command: command.to_owned(),
                ..Step::default()
            });
        } else if line.starts_with("# ") || line == "#" || line.is_empty() {
            lead.push(line.to_owned());
        } else {
            let step = steps.last_mut().ok_or(format!(
                "line {}: output before the first command",
                number + 1
            ))?;
            if !lead.is_empty() {
                return Err(format!(
                    "line {}: a comment or a blank line stands amid output",
                    number + 1
                ));
            }
            if let Some(code) = line.strip_prefix("? ") {
                step.code = code
                    .trim()
                    .parse()
                    .map_err(|_| format!("line {}: not an exit code", number + 1))?;
            } else if let Some(error) = line.strip_prefix("! ") {
                step.stderr.push(error.to_owned());
            } else if line == "!" {
                step.stderr.push(String::new());
            } else {
                step.stdout
                    .push(line.strip_prefix('\\').unwrap_or(line).to_owned());
            }
        }
    }
    if steps.is_empty() {
        Err("no command".to_owned())
    } else {
        Ok((steps, lead))
    }
}

impl Step {
    fn render(&self) -> String {
        let mut text = String::new();
        self.lead.iter().for_each(|line| text.extend([line, "\n"]));
        let _ = writeln!(text, "$ {}\n? {}", self.command, self.code);
        for line in &self.stdout {
            let marked = ["$ ", "? ", "! ", "# ", "\\"]
                .iter()
                .any(|mark| line.starts_with(mark));
            let escape = if marked || line.is_empty() || line == "!" || line == "#" {
                "\\"
            } else {
                ""
            };
            let _ = writeln!(text, "{escape}{line}");
        }
        for line in &self.stderr {
            text.push_str(if line.is_empty() { "!" } else { "! " });
            let _ = writeln!(text, "{line}");
        }
        text
    }
}

/// Returns the expected lines where they fit as a whole; else what was got, in which a line that fits an
/// expected pattern is replaced by it.
fn keep_patterns(expected: &[String], got: Vec<String>) -> Vec<String> {
    if fits(expected, &got) {
        return expected.to_vec();
    }
    let mut patterns: Vec<&String> = expected
        .iter()
        .filter(|line| line.contains("[..]"))
        .collect();
    got.into_iter()
        .map(|line| {
            match patterns
                .iter()
                .position(|pattern| line_fits(pattern, &line))
            {
                Some(at) => patterns.remove(at).clone(),
                None => line,
            }
        })
        .collect()
}

fn fits(expected: &[String], got: &[String]) -> bool {
    match expected.split_first() {
        None => got.is_empty(),
        Some((first, rest)) if first == "[...]" => {
            (0..=got.len()).any(|skip| fits(rest, &got[skip..]))
        }
        Some((first, rest)) => got
            .split_first()
            .is_some_and(|(line, more)| line_fits(first, line) && fits(rest, more)),
    }
}

fn line_fits(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let Some(mut rest) = parts.next().and_then(|head| line.strip_prefix(head)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(tail) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(tail)
}

fn copy_folder(from: &Path, to: &Path) {
    let Ok(entries) = std::fs::read_dir(from) else {
        return;
    };
    for entry in entries.flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).expect("the place is ours");
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("the place is ours");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn a_wildcard_stands_for_any_text() {
        assert!(line_fits("a[..]c", "abc"));
        assert!(line_fits("a[..]c", "ac"));
        assert!(line_fits("[..]b[..]", "abc"));
        assert!(!line_fits("a[..]c", "abd"));
        assert!(!line_fits("abc", "abcd"));
        assert!(line_fits("took [..] s", "took 0.1 s"));
        assert!(fits(
            &strings(&["a", "[...]", "d"]),
            &strings(&["a", "b", "c", "d"])
        ));
        assert!(!fits(
            &strings(&["a", "[...]", "e"]),
            &strings(&["a", "b", "c", "d"])
        ));
    }

    #[test]
    fn a_case_is_read_and_written_alike() {
        let text = "# why\n$ one | two\n? 3\nout\n\\\n\\# not a comment\n! err\n!\n\n# again\n$ three\n? 0\n";
        let (steps, tail) = parse(text).unwrap();
        assert_eq!(steps.len(), 2);
        assert_eq!(steps[0].stdout, strings(&["out", "", "# not a comment"]));
        assert_eq!(steps[0].stderr, strings(&["err", ""]));
        assert_eq!(steps[0].code, 3);
        assert!(tail.is_empty());
        assert_eq!(steps.iter().map(Step::render).collect::<String>(), text);
        assert!(parse("out\n$ x\n").is_err());
        assert!(parse("$ x\nout\n\nmore\n").is_err());
    }

    #[test]
    fn a_blessed_line_keeps_its_wildcard() {
        let kept = keep_patterns(&strings(&["in [..] s", "x"]), strings(&["in 7 s", "y"]));
        assert_eq!(kept, strings(&["in [..] s", "y"]));
    }

    #[test]
    fn commands_run_in_a_place_of_their_own() {
        let place = Place::new();
        let ran = place
            .shell("echo $BROKERKIT_NOW; pwd; ls -A | wc -l; exit 3")
            .code(3);
        assert_eq!(
            place.normalise(&ran.stdout),
            format!("{}\n[PLACE]\n0\n", crate::NOW)
        );
        assert_eq!(place.shell("false | true").code, 1);
        assert_eq!(place.shell("kill -KILL $$").code, 137);
    }
}
