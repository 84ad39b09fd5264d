//! Help for tests, and for nothing else: a temporary place to work in, running a tool and a pipeline of
//! tools in it, comparing what they print with a file, data made from a seed, and a throw-away
//! PostgreSQL. No tool depends on this crate except in its tests.

pub mod cases;
pub mod data;
mod place;
pub mod postgres;

pub use place::{NOW, Place, Ran, Running, fixtures, tool_path};

use std::io::Write;

/// Says that a test could not be done here, and why. Goes past the test runner's capture, so that a
/// green run does not hide it.
pub fn skipped(why: &str) {
    let name = std::thread::current().name().unwrap_or("test").to_owned();
    let _ = writeln!(std::io::stderr(), "skipped: {name}: {why}");
}
