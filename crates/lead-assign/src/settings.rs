//! The tool's section of the config.

use cli::config::{Key, Kind};

/// The keys of `[lead-assign]`.
pub(crate) static KEYS: &[Key] = &[
    Key::new(
        "lead-assign.max_inactive",
        Kind::Text,
        "20%",
        "Most of a system's active members that one full roster may make inactive (N or P%)",
    )
    .with_arg("max_inactive"),
    Key::new(
        "lead-assign.licence_due_days",
        Kind::Integer,
        "30",
        "Days before its last day from which a licence is due",
    ),
];
