//! Backup and restore: whole files, each put in its place at once.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tempfile::NamedTempFile;

use crate::error::{Error, ErrorKind, Result};
use crate::lock::Lock;
use crate::schema;
use crate::store::Store;

impl Store {
    /// Writes a copy of the store as it is now to a file of mode 0600, whole or not at all. The copy
    /// opens with the same key, which is not in it.
    pub fn backup(&self, to: &Path) -> Result<()> {
        if self.is_memory() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "a store in memory has no key to be opened with again; there is nothing to back up",
            ));
        }
        let file = beside(to)?;
        let name = file.path().to_str().ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!("{}: the name is not UTF-8", to.display()),
            )
        })?;
        // The copy is compact, and keeps every id.
        self.conn.execute("VACUUM INTO ?1", [name])?;
        put(file, to)
    }
}

/// Puts a backup in the place of a store. An existing store is replaced only where `replace` says so.
pub fn restore(from: &Path, to: &Path, replace: bool, wait: Duration) -> Result<()> {
    check(from)?;
    let _lock = Lock::take(to, "a program that restores the store", wait)?;
    if to.exists() && !replace {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("{} is there already; say --yes to replace it", to.display()),
        ));
    }
    let mut file = beside(to)?;
    let mut source = File::open(from).map_err(|error| Error::from(error).at(from.display()))?;
    std::io::copy(&mut source, file.as_file_mut())
        .map_err(|error| Error::from(error).at(to.display()))?;
    clear_logs(to)?;
    put(file, to)
}

/// Refuses what is no store, or a damaged one.
fn check(from: &Path) -> Result<()> {
    if !from.exists() {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("there is no backup at {}", from.display()),
        ));
    }
    let read = || -> Result<String> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(from, flags)?;
        let application = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
        schema::check(application, schema::version(&conn)?)?;
        Ok(conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?)
    };
    let state = read().map_err(|error| error.at(from.display()))?;
    if state != "ok" {
        return Err(Error::new(
            ErrorKind::Corrupt,
            format!("{} is damaged: {state}", from.display()),
        ));
    }
    let log = with_ending(from, "-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!(
                "{} is a store in use, not a backup; make one with `store-admin backup`",
                from.display()
            ),
        ));
    }
    Ok(())
}

/// Brings what lies in the old store's logs into its file, then removes them: they do not belong to
/// the one that takes its place.
fn clear_logs(to: &Path) -> Result<()> {
    if to.exists()
        && let Ok(conn) = Connection::open(to)
    {
        // A store too damaged for this is about to be replaced.
        let _ = conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()));
    }
    for ending in ["-wal", "-shm", "-journal"] {
        let log = with_ending(to, ending);
        match fs::remove_file(&log) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::from(error).at(log.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn beside(path: &Path) -> Result<NamedTempFile> {
    NamedTempFile::new_in(directory(path)).map_err(|error| Error::from(error).at(path.display()))
}

fn put(file: NamedTempFile, to: &Path) -> Result<()> {
    let at = |error: std::io::Error| Error::from(error).at(to.display());
    file.as_file().sync_all().map_err(at)?;
    file.persist(to).map_err(|error| at(error.error))?;
    File::open(directory(to))
        .and_then(|directory| directory.sync_all())
        .map_err(at)
}
