//! What can go wrong with a store, in words for the person who has to mend it.

use std::fmt;

/// The kinds of failure a caller tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Another writer holds the store; try again later.
    Busy,
    /// The store was opened for reading, or its place cannot be written.
    ReadOnly,
    /// The file is something else.
    NotAStore,
    /// The store was written by a newer version.
    Newer,
    /// The store's key is absent, wrong, or open to others.
    Key,
    /// No room is left.
    Full,
    /// The rows were changed by somebody else meanwhile.
    Conflict,
    /// There is no such store, run or thing.
    NotFound,
    /// Not possible yet.
    Unsupported,
    /// The file is damaged, or somebody changed what nobody may change.
    Corrupt,
    /// Anything else.
    Other,
}

/// A failure, with a message that says what, where and what to do.
#[derive(Debug)]
pub struct Error {
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// One or two lower-case sentences; never a private value.
    pub message: String,
}

/// What the store's functions return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure of a kind, in words.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: message.into(),
        }
    }

    /// The kind of a failure of the engine.
    pub(crate) fn kind_of(error: &rusqlite::Error) -> ErrorKind {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::Busy,
            Some(ErrorCode::ReadOnly) => ErrorKind::ReadOnly,
            Some(ErrorCode::NotADatabase) => ErrorKind::NotAStore,
            Some(ErrorCode::DatabaseCorrupt) => ErrorKind::Corrupt,
            Some(ErrorCode::DiskFull) => ErrorKind::Full,
            _ => ErrorKind::Other,
        }
    }

    /// The same failure, its message opened with where it happened.
    pub(crate) fn at(self, place: impl fmt::Display) -> Self {
        Error {
            kind: self.kind,
            message: format!("{place}: {}", self.message),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let kind = Error::kind_of(&error);
        let message = match kind {
            ErrorKind::Full => {
                "no room is left on the disk of the store, or on the one for temporary files; \
                 nothing was changed"
                    .to_owned()
            }
            ErrorKind::Busy => {
                "another program holds the store; try again when it has ended".to_owned()
            }
            ErrorKind::NotAStore => "the file is not a store (nor any SQLite file)".to_owned(),
            ErrorKind::Corrupt => {
                format!("the store is damaged ({error}); restore a backup")
            }
            _ => format!("store: {error}"),
        };
        Error { kind, message }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let kind = match error.kind() {
            Io::StorageFull | Io::QuotaExceeded => ErrorKind::Full,
            Io::NotFound => ErrorKind::NotFound,
            Io::ReadOnlyFilesystem => ErrorKind::ReadOnly,
            _ => ErrorKind::Other,
        };
        Error::new(kind, error.to_string())
    }
}
