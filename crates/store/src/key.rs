//! Key files: one line `STORE_ID HEX` per store, readable by their owner alone or by one group.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::seal::{KEY_LENGTH, random};

/// Where keys lie unless a key file is named: `brokerkit/keys` in the user's data directory. The
/// arguments are the values of `XDG_DATA_HOME` and `HOME`, which the caller reads.
pub fn default_directory(data_home: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    // The specification has relative values ignored.
    data_home
        .filter(|path| path.is_absolute())
        .or_else(|| home.map(|home| home.join(".local/share")))
        .map(|data| data.join("brokerkit/keys"))
}

/// Where a store's key is looked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyPlace {
    /// A file named by the user; may hold the keys of several stores.
    pub(crate) file: Option<PathBuf>,
    /// The directory of one file per store.
    pub(crate) directory: Option<PathBuf>,
}

impl KeyPlace {
    fn path(&self, store_id: &str) -> Result<PathBuf> {
        match (&self.file, &self.directory) {
            (Some(file), _) => Ok(file.clone()),
            (None, Some(directory)) => Ok(directory.join(format!("{store_id}.key"))),
            (None, None) => Err(Error::new(
                ErrorKind::Key,
                "there is no place for the store's key: name one with --key-file or \
                 $BROKERKIT_KEY_FILE",
            )),
        }
    }

    /// Reads the key of a store; `None` where there is none.
    pub(crate) fn find(&self, store_id: &str) -> Result<Option<[u8; KEY_LENGTH]>> {
        let path = self.path(store_id)?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(&path, &error)),
        };
        check_mode(&path)?;
        for line in text.lines() {
            let mut words = line.split_whitespace();
            if words.next() == Some(store_id) {
                let key = words.next().and_then(from_hex).ok_or_else(|| {
                    Error::new(
                        ErrorKind::Key,
                        format!(
                            "key file {}: the line of store {store_id} is not `STORE_ID HEX` \
                             with 64 hexadecimal digits",
                            path.display()
                        ),
                    )
                })?;
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// What to say when a store's key is absent.
    pub(crate) fn absent(&self, store_id: &str) -> Error {
        let place = match self.path(store_id) {
            Ok(path) => path.display().to_string(),
            Err(error) => return error,
        };
        Error::new(
            ErrorKind::Key,
            format!(
                "the key of store {store_id} is not in {place}; name the file that holds it with \
                 --key-file or $BROKERKIT_KEY_FILE (nothing was written)"
            ),
        )
    }

    /// Makes a key for a new store and writes it where it will be looked for.
    pub(crate) fn create(&self, store_id: &str) -> Result<NewKey> {
        let path = self.path(store_id)?;
        if let Some(directory) = path.parent().filter(|_| self.file.is_none()) {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(directory)
                .map_err(|error| unwritable(&path, &error))?;
        }
        let existed = path.exists();
        if existed {
            check_mode(&path)?;
        }
        let mut key = [0; KEY_LENGTH];
        random(&mut key)?;
        let mut line = String::new();
        if existed && fs::read(&path).is_ok_and(|bytes| bytes.last().is_some_and(|b| *b != b'\n')) {
            line.push('\n');
        }
        let _ = writeln!(line, "{store_id} {}", to_hex(&key));
        let mut file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| unwritable(&path, &error))?;
        file.write_all(line.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| unwritable(&path, &error))?;
        Ok(NewKey {
            key,
            remove: (!existed).then_some(path),
        })
    }
}

/// A key just written.
pub(crate) struct NewKey {
    pub(crate) key: [u8; KEY_LENGTH],
    /// The file to remove again should the store not come into being.
    remove: Option<PathBuf>,
}

impl NewKey {
    pub(crate) fn take_back(self) {
        if let Some(path) = self.remove {
            let _ = fs::remove_file(path);
        }
    }
}

fn check_mode(path: &Path) -> Result<()> {
    let mode = fs::metadata(path)
        .map_err(|error| unreadable(path, &error))?
        .mode()
        & 0o777;
    // The owner may do what they like; one group may read; nobody else anything.
    if mode & 0o137 & !0o100 != 0 {
        return Err(Error::new(
            ErrorKind::Key,
            format!(
                "key file {} is open to others (mode {mode:03o}); make it private: chmod 600 {}",
                path.display(),
                path.display()
            ),
        ));
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorKind::Key,
        format!("key file {} cannot be read: {error}", path.display()),
    )
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorKind::Key,
        format!(
            "the new store's key cannot be written to {}: {error}; name another place with \
             --key-file or $BROKERKIT_KEY_FILE",
            path.display()
        ),
    )
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn from_hex(text: &str) -> Option<[u8; KEY_LENGTH]> {
    let bytes = text.as_bytes();
    if bytes.len() != KEY_LENGTH * 2 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut key = [0; KEY_LENGTH];
    for (slot, pair) in key.iter_mut().zip(bytes.chunks_exact(2)) {
        *slot = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(key)
}

/// Whether a line is one of a key file: a store's id and its key in hexadecimal digits.
pub fn is_key_line(line: &str) -> bool {
    let is_hex = |word: &str, length: usize| {
        word.len() == length && word.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let mut words = line.split_whitespace();
    let (id, key) = (words.next(), words.next());
    id.is_some_and(|id| is_hex(id, 32))
        && key.is_some_and(|key| is_hex(key, 2 * KEY_LENGTH))
        && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_file_holds_several_stores_and_must_be_private() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("keys");
        let keys = KeyPlace {
            file: Some(file.clone()),
            directory: None,
        };
        let first = keys.create("aa").unwrap().key;
        let second = keys.create("bb").unwrap().key;
        assert_ne!(first, second);
        assert_eq!(keys.find("aa").unwrap(), Some(first));
        assert_eq!(keys.find("bb").unwrap(), Some(second));
        assert_eq!(keys.find("cc").unwrap(), None);
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);

        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(keys.find("aa").is_ok());
        for mode in [0o644, 0o660, 0o604, 0o601] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(
                keys.find("aa").unwrap_err().kind,
                ErrorKind::Key,
                "{mode:o}"
            );
        }
    }

    #[test]
    fn keys_lie_in_the_data_directory() {
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(
            default_directory(path("/data"), path("/home/a")),
            path("/data/brokerkit/keys")
        );
        assert_eq!(
            default_directory(path("relative"), path("/home/a")),
            path("/home/a/.local/share/brokerkit/keys")
        );
        assert_eq!(default_directory(None, None), None);
    }
}
