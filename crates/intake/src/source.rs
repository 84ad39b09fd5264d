//! Where bytes come from. Whatever cannot be read twice is spooled to a private file without a name,
//! so that every input can be looked at before it is read.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Error, ErrorKind};

/// What a person named as input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input, named `-`.
    Stdin,
}

impl Input {
    /// Reads an argument: `-` is standard input, anything else a file.
    pub fn parse(argument: &OsStr) -> Result<Self, Error> {
        if argument == "-" {
            return Ok(Input::Stdin);
        }
        let text = argument.to_string_lossy();
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("`{text}`: web addresses are not read yet"),
            )
            .with_hint("download the file first, or pipe it in: `curl ADDRESS | TOOL -`"));
        }
        Ok(Input::File(PathBuf::from(argument)))
    }

    /// The name records carry as their source: the file's name without its folder, or `-`.
    pub fn name(&self) -> String {
        match self {
            Input::Stdin => "-".to_owned(),
            Input::File(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
        }
    }
}

/// What passes of the input: how much, and its hash.
#[derive(Debug, Default)]
struct Meter {
    done: AtomicU64,
    hasher: Mutex<Option<blake3::Hasher>>,
}

/// An input that can be read from its beginning any number of times, one reading after the other.
#[derive(Debug)]
pub(crate) struct Source {
    file: File,
    /// What the input is called.
    pub(crate) name: String,
    /// What messages call it: as the person wrote it.
    pub(crate) shown: String,
    /// Bytes in it.
    pub(crate) total: u64,
    meter: Arc<Meter>,
}

impl Source {
    /// Opens an input; standard input and pipes are read to their end.
    pub(crate) fn open(input: &Input) -> Result<Self, Error> {
        let name = input.name();
        let (file, shown) = match input {
            Input::Stdin => {
                let file = spool(std::io::stdin().lock(), "standard input")?;
                (file, "standard input".to_owned())
            }
            Input::File(path) => {
                let shown = path.display().to_string();
                let failed = |error| {
                    let error = Error::io(format!("open `{shown}`"), error);
                    match error.kind() {
                        ErrorKind::NotFound => {
                            Error::new(ErrorKind::NotFound, format!("there is no file `{shown}`"))
                                .with_hint("check the spelling and the folder")
                        }
                        _ => error,
                    }
                };
                let metadata = std::fs::metadata(path).map_err(failed)?;
                if metadata.is_dir() {
                    return Err(Error::new(
                        ErrorKind::Directory,
                        format!("`{shown}` is a folder, not a file"),
                    )
                    .with_hint(format!("name the files in it: `{shown}/*.csv`")));
                }
                let file = File::open(path).map_err(failed)?;
                if metadata.is_file() {
                    (file, shown)
                } else {
                    (spool(file, &shown)?, shown)
                }
            }
        };
        Source::of_file(file, name, shown)
    }

    /// A source of an open file.
    pub(crate) fn of_file(file: File, name: String, shown: String) -> Result<Self, Error> {
        let total = file
            .metadata()
            .map_err(|error| Error::io(format!("read `{shown}`"), error))?
            .len();
        Ok(Source {
            file,
            name,
            shown,
            total,
            meter: Arc::default(),
        })
    }

    /// Starts reading from the beginning. Only one reading is under way at a time.
    pub(crate) fn rewind(&self, hashed: bool) -> Result<Tap, Error> {
        let failed = |error| Error::io(format!("read `{}`", self.shown), error);
        let mut file = self.file.try_clone().map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        self.meter.done.store(0, Ordering::Relaxed);
        let hasher = hashed.then(blake3::Hasher::new);
        *self
            .meter
            .hasher
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = hasher;
        Ok(Tap {
            file,
            meter: Arc::clone(&self.meter),
            hashed,
        })
    }

    /// A second handle on the file, for what seeks in it.
    pub(crate) fn handle(&self) -> Result<File, Error> {
        let failed = |error| Error::io(format!("read `{}`", self.shown), error);
        let mut file = self.file.try_clone().map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(file)
    }

    /// Bytes that passed in the present reading.
    pub(crate) fn done(&self) -> u64 {
        self.meter.done.load(Ordering::Relaxed)
    }

    /// Takes no hash in the present reading.
    pub(crate) fn skip_hash(&self) {
        *self
            .meter
            .hasher
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Reads what is left, and gives the hash of all bytes if this reading takes it.
    pub(crate) fn finish(&self) -> Result<Option<[u8; 32]>, Error> {
        let hashed = self
            .meter
            .hasher
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some();
        if hashed {
            // the handle shares its place with the reading under way
            let file = self
                .file
                .try_clone()
                .map_err(|error| Error::io(format!("read `{}`", self.shown), error))?;
            let mut rest = Tap {
                file,
                meter: Arc::clone(&self.meter),
                hashed,
            };
            std::io::copy(&mut rest, &mut std::io::sink())
                .map_err(|error| Error::io(format!("read `{}`", self.shown), error))?;
        }
        let hasher = self
            .meter
            .hasher
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        Ok(hasher.map(|hasher| *hasher.finalize().as_bytes()))
    }
}

/// One reading of a source.
#[derive(Debug)]
pub(crate) struct Tap {
    file: File,
    meter: Arc<Meter>,
    hashed: bool,
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.meter.done.fetch_add(read as u64, Ordering::Relaxed);
        if self.hashed {
            let mut hasher = self
                .meter
                .hasher
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if let Some(hasher) = hasher.as_mut() {
                hasher.update(&buffer[..read]);
            }
        }
        Ok(read)
    }
}

/// Copies a stream to a private file that has no name and is gone with the program.
pub(crate) fn spool(mut from: impl Read, shown: &str) -> Result<File, Error> {
    let failed = |error: std::io::Error| {
        let error = Error::io(format!("keep a copy of `{shown}` to read it twice"), error);
        match error.kind() {
            ErrorKind::Io => error.with_hint("make room, or set TMPDIR to a folder with room"),
            _ => error,
        }
    };
    let mut file = tempfile::tempfile().map_err(failed)?;
    std::io::copy(&mut from, &mut file).map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn arguments() {
        assert_eq!(Input::parse("-".as_ref()).unwrap(), Input::Stdin);
        let file = Input::parse("in/box.csv".as_ref()).unwrap();
        assert_eq!(file.name(), "box.csv");
        let error = Input::parse("HTTPS://example.com/a.csv".as_ref()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn missing_files_and_folders() {
        let place = tempfile::tempdir().unwrap();
        let missing = Input::File(place.path().join("none.csv"));
        assert_eq!(
            Source::open(&missing).unwrap_err().kind(),
            ErrorKind::NotFound
        );
        let folder = Input::File(place.path().to_owned());
        assert_eq!(
            Source::open(&folder).unwrap_err().kind(),
            ErrorKind::Directory
        );
    }

    #[test]
    fn the_hash_is_of_all_bytes() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 100_000]).unwrap();
        let source = Source::of_file(file, "x".into(), "x".into()).unwrap();
        let mut tap = source.rewind(true).unwrap();
        tap.read_exact(&mut [0; 10]).unwrap();
        assert_eq!(source.done(), 10);
        let hash = source.finish().unwrap().unwrap();
        assert_eq!(hash, *blake3::hash(&[7; 100_000]).as_bytes());
        assert_eq!(source.total, 100_000);
    }
}
