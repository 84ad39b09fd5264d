//! The gate before private values: shown only to who asks by name, says why and says how many.
//! The caller checks the actor's right and records the showing.

use crate::args::OutputArgs;
use crate::failure::Failure;

/// Whether private values may be shown in clear text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reveal {
    /// They are masked.
    Masked,
    /// They are shown, for a reason, so many records at most.
    Shown {
        /// Why; recorded by the caller.
        reason: String,
        /// How many records at most.
        limit: u64,
    },
}

impl Reveal {
    /// Reads the gate from the arguments: `--reveal` needs `--reason` and `--limit`.
    pub fn from_args(output: &OutputArgs) -> Result<Self, Failure> {
        if !output.reveal {
            return Ok(Reveal::Masked);
        }
        let reason = output
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|reason| !reason.is_empty());
        match (reason, output.limit) {
            (Some(reason), Some(limit)) if limit > 0 => Ok(Reveal::Shown {
                reason: reason.to_owned(),
                limit,
            }),
            (None, _) => Err(Failure::usage("`--reveal` needs a reason")
                .hint("pass `--reason TEXT`; it is recorded")),
            _ => Err(Failure::usage("`--reveal` needs a limit")
                .hint("pass `--limit N`, the number of records you need")),
        }
    }

    /// Whether private values are shown.
    pub fn is_shown(&self) -> bool {
        matches!(self, Reveal::Shown { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_and_a_limit_open_the_gate() {
        let mut output = OutputArgs::default();
        assert_eq!(Reveal::from_args(&output).unwrap(), Reveal::Masked);
        output.reveal = true;
        assert!(Reveal::from_args(&output).is_err());
        output.reason = Some(" ".into());
        output.limit = Some(5);
        assert!(Reveal::from_args(&output).is_err());
        output.reason = Some("owner called".into());
        assert!(Reveal::from_args(&output).unwrap().is_shown());
        output.limit = Some(0);
        assert!(Reveal::from_args(&output).is_err());
    }
}
