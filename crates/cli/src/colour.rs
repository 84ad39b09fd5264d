//! Whether and how to colour: flag, then environment, then detection. Colour never carries a
//! meaning alone.

use std::io::IsTerminal;

use crate::args::ColorChoice;

/// Which stream is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// What a word is, and so what colour it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// An error's label; a rejected record.
    Error,
    /// A warning's label; a frozen record.
    Warning,
    /// A note's label.
    Note,
    /// A hint's label; a new record.
    Hint,
    /// A heading.
    Strong,
    /// No colour.
    Plain,
}

/// Whether each stream is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    out: bool,
    err: bool,
}

impl Colour {
    /// No colour anywhere.
    pub fn off() -> Self {
        Colour {
            out: false,
            err: false,
        }
    }

    /// Decides from the flag, the environment and the terminals of this process.
    pub fn decide(flag: Option<ColorChoice>) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let surroundings = Surroundings {
            no_color: set("NO_COLOR"),
            force: std::env::var_os("CLICOLOR_FORCE")
                .is_some_and(|value| !value.is_empty() && value != "0"),
            dumb: std::env::var_os("TERM").is_some_and(|value| value == "dumb"),
        };
        Colour {
            out: surroundings.allow(flag, std::io::stdout().is_terminal()),
            err: surroundings.allow(flag, std::io::stderr().is_terminal()),
        }
    }

    /// Whether a stream is coloured.
    pub fn is_on(self, stream: Stream) -> bool {
        match stream {
            Stream::Out => self.out,
            Stream::Err => self.err,
        }
    }

    /// The text in its colour, or as it is.
    pub fn paint(self, stream: Stream, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Error => "1;31",
            Tone::Warning => "1;33",
            Tone::Note => "36",
            Tone::Hint => "32",
            Tone::Strong => "1",
            Tone::Plain => return text.to_owned(),
        };
        if self.is_on(stream) {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

struct Surroundings {
    no_color: bool,
    force: bool,
    dumb: bool,
}

impl Surroundings {
    fn allow(&self, flag: Option<ColorChoice>, terminal: bool) -> bool {
        match flag {
            Some(ColorChoice::Always) => true,
            Some(ColorChoice::Never) => false,
            _ if self.no_color => false,
            _ if self.force => true,
            _ => terminal && !self.dumb,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flag_then_environment_then_terminal() {
        let plain = Surroundings {
            no_color: false,
            force: false,
            dumb: false,
        };
        assert!(plain.allow(None, true) && !plain.allow(None, false));
        let no = Surroundings {
            no_color: true,
            force: true,
            dumb: false,
        };
        assert!(!no.allow(None, true) && no.allow(Some(ColorChoice::Always), false));
        let force = Surroundings {
            no_color: false,
            force: true,
            dumb: true,
        };
        assert!(
            force.allow(Some(ColorChoice::Auto), false)
                && !force.allow(Some(ColorChoice::Never), true)
        );
        let dumb = Surroundings {
            no_color: false,
            force: false,
            dumb: true,
        };
        assert!(!dumb.allow(None, true));
    }
}
