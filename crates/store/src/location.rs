//! Where a store is.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a store is: nowhere but in memory, in a file, or on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// `:memory:`: gone when the tool ends, and in need of no key file.
    Memory,
    /// A file.
    File(PathBuf),
    /// `postgres://…`.
    Postgres(String),
}

impl FromStr for Location {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(if text == ":memory:" {
            Location::Memory
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Location::Postgres(text.to_owned())
        } else {
            Location::File(PathBuf::from(text))
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Memory => f.write_str(":memory:"),
            Location::File(path) => write!(f, "{}", path.display()),
            // A server's address may hold a password.
            Location::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}
