//! How a run ends: the exit codes every tool shares, and an error that carries one with a hint.

use std::error::Error;
use std::fmt;

/// Done.
pub const DONE: u8 = 0;
/// Failed, and nothing was changed.
pub const FAILED: u8 = 1;
/// Wrong usage; clap uses the same number.
pub const USAGE: u8 = 2;
/// Done, but a gate the caller asked for did not hold.
pub const GATE: u8 = 3;
/// Try again later (`EX_TEMPFAIL` of sysexits.h).
pub const BUSY: u8 = 75;
/// Ended by Ctrl-C, everything rolled back.
pub const INTERRUPTED: u8 = 130;

/// What the help of every tool says about exit codes.
pub const EXIT_STATUS: &str = "Exit status: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 a gate did not hold, 75 try again later, 130 Ctrl-C";

/// How a run that did not fail has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, but a gate the caller asked for (`--fail-on`, an alert) did not hold.
    Gate,
}

/// An error that knows its exit code and, often, what to type next.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
    hint: Option<String>,
    short_help: bool,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    fn new(code: u8, message: impl Into<String>) -> Self {
        Failure {
            code,
            message: message.into(),
            hint: None,
            short_help: false,
            source: None,
        }
    }

    /// Wrong usage: exit 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure::new(USAGE, message)
    }

    /// Failed, nothing changed: exit 1.
    pub fn failed(message: impl Into<String>) -> Self {
        Failure::new(FAILED, message)
    }

    /// A gate did not hold, and so nothing was done: exit 3.
    pub fn gate(message: impl Into<String>) -> Self {
        Failure::new(GATE, message)
    }

    /// Something is held by someone else: exit 75.
    pub fn busy(message: impl Into<String>) -> Self {
        Failure::new(BUSY, message)
    }

    /// Ctrl-C: exit 130.
    pub fn interrupted() -> Self {
        Failure::new(INTERRUPTED, "interrupted; nothing was changed")
    }

    /// Adds what to type next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Shows the tool's short help below the message.
    #[must_use]
    pub fn with_short_help(mut self) -> Self {
        self.short_help = true;
        self
    }

    /// Adds what went wrong underneath; shown as `caused by`.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        self.code
    }

    /// The hint, where there is one.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether the short help is shown with the message.
    pub fn shows_help(&self) -> bool {
        self.short_help
    }

    /// The failure inside an error, however deep other errors wrap it.
    pub fn within(error: &anyhow::Error) -> Option<&Failure> {
        error
            .downcast_ref::<Failure>()
            .or_else(|| error.chain().find_map(|cause| cause.downcast_ref()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

/// Whether an error says that the reader of our output has gone away.
///
/// `csv::Error` hides its `io::Error` from `source()`, and `serde_json` knows only its kind, so
/// both are asked by name.
pub fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(cause) = next {
        let kind = if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            Some(io.kind())
        } else if let Some(csv) = cause.downcast_ref::<csv::Error>() {
            match csv.kind() {
                csv::ErrorKind::Io(io) => Some(io.kind()),
                _ => None,
            }
        } else if let Some(json) = cause.downcast_ref::<serde_json::Error>() {
            json.io_error_kind()
        } else {
            None
        };
        if kind == Some(std::io::ErrorKind::BrokenPipe) {
            return true;
        }
        next = cause.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, ErrorKind};

    #[test]
    fn a_failure_is_found_under_context() {
        let error = anyhow::Error::new(Failure::busy("held by 7").hint("--wait 5m"))
            .context("cannot open store");
        let failure = Failure::within(&error).unwrap();
        assert_eq!(failure.code(), BUSY);
        assert_eq!(failure.hint_text(), Some("--wait 5m"));
    }

    #[test]
    fn broken_pipes_are_seen_through_wrappers() {
        let pipe = || io::Error::from(ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&pipe()));
        assert!(is_broken_pipe(&csv::Error::from(pipe())));
        assert!(is_broken_pipe(&Failure::failed("x").because(pipe())));
        assert!(is_broken_pipe(&serde_json::Error::io(pipe())));
        assert!(!is_broken_pipe(&io::Error::from(ErrorKind::NotFound)));
    }
}
