//! The lock beside a store: who writes now. The operating system frees it when its holder dies.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};

/// How often a waiting writer looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The right to write, until dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

/// The lock's file of a store's file.
pub(crate) fn path_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Why there is no lock to be had.
fn refused(store: &Path, lock: &Path, error: std::io::Error) -> Error {
    use std::io::ErrorKind::{NotFound, PermissionDenied, ReadOnlyFilesystem};
    let store = store.display();
    match error.kind() {
        NotFound => Error::new(
            ErrorKind::NotFound,
            format!(
                "the folder of {store} is not there; make it, or name another store with --store"
            ),
        ),
        PermissionDenied | ReadOnlyFilesystem => Error::new(
            ErrorKind::ReadOnly,
            format!("{store} cannot be written to: its folder takes no file beside it ({error})"),
        ),
        _ => Error::from(error).at(lock.display()),
    }
}

impl Lock {
    /// Takes the lock, waiting at most `wait` for another holder; `holder` is what the others read.
    pub(crate) fn take(store: &Path, holder: &str, wait: Duration) -> Result<Self> {
        let path = path_of(store);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| refused(store, &path, error))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if began.elapsed() < wait => {
                    std::thread::sleep(LOOK_AGAIN.min(wait));
                }
                Err(TryLockError::WouldBlock) => return Err(busy(store, &path, wait)),
                Err(TryLockError::Error(error)) => {
                    return Err(Error::from(error).at(path.display()));
                }
            }
        }
        let mut lock = Lock { file };
        lock.write(holder)
            .map_err(|error| Error::from(error).at(path.display()))?;
        Ok(lock)
    }

    /// Says anew who holds the lock.
    pub(crate) fn write(&mut self, holder: &str) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(holder.as_bytes())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn busy(store: &Path, path: &Path, wait: Duration) -> Error {
    let holder = fs::read_to_string(path).unwrap_or_default();
    let holder = match holder.trim() {
        "" => "another program",
        holder => holder,
    };
    Error::new(
        ErrorKind::Busy,
        format!(
            "{} is held by {holder}; waited {} s; try again later, or wait longer with --wait",
            store.display(),
            wait.as_secs()
        ),
    )
}

/// Whether somebody writes now.
pub(crate) fn is_held(store: &Path) -> bool {
    File::open(path_of(store))
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}
