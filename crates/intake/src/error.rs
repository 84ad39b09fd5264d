//! Why an input as a whole could not be read, and what a file says about itself.
//! What is wrong with one record is a [`Fault`](crate::Fault), never an error.

use model::rule::Lang;
use serde::{Deserialize, Serialize};

/// What kind of trouble stopped the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// There is no such file.
    NotFound,
    /// The file may not be read.
    Permission,
    /// A folder was named where a file is wanted.
    Directory,
    /// The bytes are no table: an image, a program, a database.
    Binary,
    /// A format that is known, but not read.
    Unsupported,
    /// A compressed file or a workbook that breaks off or is damaged.
    Damaged,
    /// A workbook that opens only with its password.
    Password,
    /// Larger than what is read safely.
    TooLarge,
    /// An option that names something the input or the program does not have.
    Usage,
    /// The machine failed: disk full, read error.
    Io,
}

/// An input that cannot be read. The text names the input, what is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    #[source]
    cause: Option<std::io::Error>,
}

impl Error {
    /// An error with its message: lower case, no full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: message.into(),
            hint: None,
            cause: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// An error of the machine, while doing `what`.
    pub fn io(what: impl std::fmt::Display, cause: std::io::Error) -> Self {
        // an error of ours that travelled through a reader comes out as it went in
        if cause.get_ref().is_some_and(|inner| inner.is::<Error>()) {
            return match cause.into_inner().map(|inner| inner.downcast::<Error>()) {
                Some(Ok(inner)) => *inner,
                _ => Error::new(ErrorKind::Io, format!("cannot {what}")),
            };
        }
        let kind = match cause.kind() {
            std::io::ErrorKind::NotFound => ErrorKind::NotFound,
            std::io::ErrorKind::PermissionDenied => ErrorKind::Permission,
            std::io::ErrorKind::IsADirectory => ErrorKind::Directory,
            _ => ErrorKind::Io,
        };
        Error {
            kind,
            message: format!("cannot {what}: {cause}"),
            hint: None,
            cause: Some(cause),
        }
    }

    /// What kind of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The error as one of the machine, to travel through a reader.
    pub(crate) fn into_io(self) -> std::io::Error {
        std::io::Error::other(self)
    }
}

/// Something about the file as a whole that a person should know: an encoding that was guessed,
/// lines before the header, sheets left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Rule code, `X131`.
    pub code: String,
    /// What was seen, in English.
    pub message: String,
    /// The same in Chinese; empty where nobody wrote it.
    #[serde(default)]
    pub zh: String,
}

impl Note {
    /// A note in English.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Note {
            code: code.into(),
            message: message.into(),
            zh: String::new(),
        }
    }

    /// Adds the Chinese words.
    #[must_use]
    pub fn with_zh(mut self, message: impl Into<String>) -> Self {
        self.zh = message.into();
        self
    }

    /// The words in one language, English where the other is missing.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh if !self.zh.is_empty() => &self.zh,
            _ => &self.message,
        }
    }
}
