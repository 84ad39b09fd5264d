//! What a tool writes must not be what it reads, nor a database: an output takes the place of whatever
//! bears its name.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::args::{OutputArgs, RejectArgs, RunArgs};
use crate::failure::Failure;

/// The first bytes of every SQLite file.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

/// Refuses outputs that would replace an input, a database or each other.
pub fn keep_apart(
    inputs: &[OsString],
    output: &OutputArgs,
    rejects: &RejectArgs,
    run: &RunArgs,
) -> Result<(), Failure> {
    let inputs = inputs.iter().filter(|input| *input != "-");
    let taken: Vec<_> = inputs.map(|input| (Path::new(input), "an input")).collect();
    keep_all_apart(&taken, &outputs(output, rejects, run))
}

/// The files that every run may write, by their flags.
pub fn outputs<'a>(
    output: &'a OutputArgs,
    rejects: &'a RejectArgs,
    run: &'a RunArgs,
) -> [(&'static str, Option<&'a Path>); 4] {
    [
        ("--output", output.output.as_deref()),
        ("--rejects", rejects.rejects.as_deref()),
        ("--rejects-masked", rejects.rejects_masked.as_deref()),
        ("--summary", run.summary.as_deref()),
    ]
}

/// Refuses outputs that would replace each other, a database or what is `taken` (a file, and what it
/// is).
pub fn keep_all_apart(
    taken: &[(&Path, &'static str)],
    outputs: &[(&'static str, Option<&Path>)],
) -> Result<(), Failure> {
    let mut seen: Vec<(PathBuf, &str)> = taken
        .iter()
        .filter_map(|(path, what)| Some((place(path)?, *what)))
        .collect();
    for (flag, path) in outputs {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            continue;
        };
        let Some(place) = place(path) else {
            continue;
        };
        if let Some((_, other)) = seen.iter().find(|(known, _)| *known == place) {
            return Err(Failure::usage(format!(
                "`{}` is {other}, and {flag} would replace it",
                path.display()
            ))
            .hint("name another file"));
        }
        spare_store(&place)?;
        seen.push((place, flag));
    }
    Ok(())
}

/// Refuses to put something in the place of a database or of a store's key.
pub(crate) fn spare_store(path: &Path) -> Result<(), Failure> {
    spare_key(path)?;
    let mut head = [0; SQLITE.len()];
    let is_database = std::fs::metadata(path).is_ok_and(|found| found.is_file())
        && File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
        && head == *SQLITE;
    if is_database {
        return Err(Failure::usage(format!(
            "`{}` is a database, which would be lost",
            path.display()
        ))
        .hint("name another file for the output"));
    }
    Ok(())
}

/// Refuses to put something in the place of a store's key: what it has sealed would never open again.
fn spare_key(path: &Path) -> Result<(), Failure> {
    let size = std::fs::metadata(path).map_or(0, |found| found.len());
    // Few lines of two words in hexadecimal digits.
    let is_key = (1..64 * 1024).contains(&size)
        && std::fs::read_to_string(path).is_ok_and(|text| text.lines().all(store::is_key_line));
    if is_key {
        return Err(Failure::usage(format!(
            "`{}` is the key of a store, which would be lost",
            path.display()
        ))
        .hint("name another file for the output"));
    }
    Ok(())
}

/// Where a file is or will be; nothing for a device or a pipe, which is written to and not replaced.
fn place(path: &Path) -> Option<PathBuf> {
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => None,
        Ok(_) => std::fs::canonicalize(path).ok(),
        Err(_) => std::path::absolute(path).ok(),
    }
}
