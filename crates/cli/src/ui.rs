//! What a person sees on standard error, and what a run is told about its surroundings: the time,
//! the zone, the language, whether to ask.
//!
//! The clock is read here, once; nothing else reads it.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::rule::Lang;

use crate::args::{OutputArgs, RunArgs};
use crate::colour::{Colour, Stream, Tone};
use crate::config::{Config, Key, Origin};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Progress;

/// What a run is told about its surroundings, and its voice on standard error.
#[derive(Debug)]
pub struct Ui {
    tool: String,
    lang: Lang,
    colour: Colour,
    quiet: bool,
    verbose: u8,
    yes: bool,
    no_input: bool,
    actor: Option<String>,
    seed: Option<u64>,
    now: Timestamp,
    tz: TimeZone,
    started: Instant,
    config: Arc<Config>,
    interrupt: Interrupt,
    bar: Option<indicatif::ProgressBar>,
    captured: Option<Vec<String>>,
}

impl Ui {
    pub(crate) fn new(
        tool: &str,
        run: &RunArgs,
        output: &OutputArgs,
        config: Config,
        interrupt: Interrupt,
    ) -> Result<Ui, Failure> {
        let tz = zone(&config)?;
        Ok(Ui {
            tool: tool.to_owned(),
            lang: if config.text("defaults.lang") == "zh" {
                Lang::Zh
            } else {
                Lang::En
            },
            colour: Colour::decide(output.color),
            quiet: output.quiet,
            verbose: output.verbose,
            yes: run.yes,
            no_input: run.no_input,
            actor: run.actor.clone(),
            seed: run.seed,
            now: run.now.unwrap_or_else(Timestamp::now),
            tz,
            started: Instant::now(),
            config: Arc::new(config),
            interrupt,
            bar: None,
            captured: None,
        })
    }

    /// A voice that keeps its lines instead of printing them, at a fixed time: for tests.
    pub fn for_test(tool: &str, now: Timestamp, keys: &'static [Key]) -> Ui {
        Ui {
            tool: tool.to_owned(),
            lang: Lang::En,
            colour: Colour::off(),
            quiet: false,
            verbose: 0,
            yes: false,
            no_input: true,
            actor: None,
            seed: None,
            now,
            tz: TimeZone::UTC,
            started: Instant::now(),
            config: Arc::new(Config::built_in(keys)),
            interrupt: Interrupt::default(),
            bar: None,
            captured: Some(Vec::new()),
        }
    }

    /// The lines a voice made by [`Ui::for_test`] has kept.
    pub fn said(&self) -> &[String] {
        self.captured.as_deref().unwrap_or(&[])
    }

    /// The tool's name.
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// The present: `--now`, `$BROKERKIT_NOW`, or the clock as it stood at the start.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Takes up the time and the settings of another moment, as [`Config::given`] told them then: those
    /// of a plan that is applied.
    pub fn take_up(
        &mut self,
        now: Timestamp,
        given: &BTreeMap<String, String>,
        origin: &Origin,
    ) -> Result<(), Failure> {
        let config = self.config.with_given(given, origin)?;
        self.tz = zone(&config)?;
        self.config = Arc::new(config);
        self.now = now;
        Ok(())
    }

    /// The zone of times that do not say theirs.
    pub fn tz(&self) -> &TimeZone {
        &self.tz
    }

    /// The day it is, in that zone.
    pub fn today(&self) -> jiff::civil::Date {
        self.tz.to_datetime(self.now).date()
    }

    /// The language of findings, reasons and reports.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The settings, every layer in place.
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config)
    }

    /// The seed of whatever is left to chance; 0 unless given, so that runs repeat.
    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(0)
    }

    /// The label to note beside the operating system's user.
    pub fn actor(&self) -> Option<&str> {
        self.actor.as_deref()
    }

    /// Time since the tool started.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Whether notes and the summary line are left out.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// How many `-v` were given.
    pub fn verbosity(&self) -> u8 {
        self.verbose
    }

    /// The colours in use.
    pub fn colour(&self) -> Colour {
        self.colour
    }

    /// Whether Ctrl-C was pressed; ask once a batch, and end with [`Failure::interrupted`].
    pub fn interrupted(&self) -> bool {
        self.interrupt.is_set()
    }

    /// The Ctrl-C flag, for other threads.
    pub fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// Fails with exit code 130 if Ctrl-C was pressed.
    pub fn check_interrupt(&self) -> Result<(), Failure> {
        self.interrupt.check()
    }

    /// Something went wrong: `tool: error: …`.
    pub fn error(&mut self, message: impl Display) {
        self.labelled(Tone::Error, "error", &message.to_string());
    }

    /// Something looks wrong: `tool: warning: …`.
    pub fn warn(&mut self, message: impl Display) {
        self.labelled(Tone::Warning, "warning", &message.to_string());
    }

    /// Something worth knowing: `tool: note: …`; left out with `-q`.
    pub fn note(&mut self, message: impl Display) {
        if !self.quiet {
            self.labelled(Tone::Note, "note", &message.to_string());
        }
    }

    /// What to type next, below the line it belongs to.
    pub fn hint(&mut self, message: impl Display) {
        self.indented(Tone::Hint, "hint", &message.to_string());
    }

    /// What lies underneath an error.
    pub(crate) fn cause(&mut self, message: impl Display) {
        self.indented(Tone::Plain, "caused by", &message.to_string());
    }

    /// What was done: `tool: …`; left out with `-q`.
    pub fn status(&mut self, message: impl Display) {
        if !self.quiet {
            let line = format!("{}: {}", self.tool, legible(&message.to_string()));
            self.line(&line);
        }
    }

    /// What is being done, for `-v`.
    pub fn detail(&mut self, message: impl Display) {
        if self.verbose > 0 {
            self.status(message);
        }
    }

    fn labelled(&mut self, tone: Tone, label: &str, message: &str) {
        let label = self.colour.paint(Stream::Err, tone, &format!("{label}:"));
        let line = format!("{}: {label} {}", self.tool, legible(message));
        self.line(&line);
    }

    fn indented(&mut self, tone: Tone, label: &str, message: &str) {
        let label = self.colour.paint(Stream::Err, tone, &format!("{label}:"));
        self.line(&format!("  {label} {}", legible(message)));
    }

    fn line(&mut self, line: &str) {
        if let Some(lines) = &mut self.captured {
            lines.push(line.to_owned());
            return;
        }
        // nobody is left to tell when standard error itself is closed
        let write = || drop(writeln!(std::io::stderr().lock(), "{line}"));
        match &self.bar {
            Some(bar) if !bar.is_finished() => bar.suspend(write),
            _ => write(),
        }
    }

    /// Shows how far a run is, on a terminal only; `total` is in the unit of
    /// [`Progress::update`]'s first number, bytes as a rule.
    pub fn progress(&mut self, label: &str, total: Option<u64>) -> Progress {
        let shown = !self.quiet && self.captured.is_none() && std::io::stderr().is_terminal();
        let progress = Progress::new(label, total, shown, self.lang);
        self.bar = progress.bar();
        progress
    }

    /// Asks before something that cannot be taken back. `--yes` answers; where nobody can be
    /// asked, the run fails and says so.
    pub fn confirm(&mut self, question: &str) -> Result<bool, Failure> {
        if self.yes {
            return Ok(true);
        }
        if self.no_input || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Err(
                Failure::usage(format!("{question}: nobody is here to answer"))
                    .hint("pass `--yes` to do it without asking"),
            );
        }
        let mut stderr = std::io::stderr().lock();
        let _ = write!(stderr, "{}: {} [y/N] ", self.tool, legible(question));
        let _ = stderr.flush();
        let mut answer = String::new();
        std::io::stdin()
            .read_line(&mut answer)
            .map_err(|error| Failure::failed("cannot read the answer").because(error))?;
        self.check_interrupt()?;
        Ok(matches!(
            answer.trim().to_lowercase().as_str(),
            "y" | "yes" | "是" | "好"
        ))
    }
}

fn zone(config: &Config) -> Result<TimeZone, Failure> {
    let zone = config.text("defaults.tz");
    TimeZone::get(zone).map_err(|_| {
        Failure::usage(format!(
            "unknown time zone `{zone}` ({})",
            config.origin("defaults.tz")
        ))
        .hint("use an IANA name like Asia/Shanghai")
    })
}

/// A text as a terminal may show it: what would move the cursor or change colours is spelled out,
/// since names of files and cells come from strangers.
pub(crate) fn legible(text: &str) -> String {
    let is_safe = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_bidi(c));
    if text.chars().all(is_safe) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| {
            if is_safe(c) {
                c.to_string()
            } else {
                c.escape_default().to_string()
            }
        })
        .collect()
}

/// Signs that turn the direction of the text after them.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ui() -> Ui {
        Ui::for_test("listing-import", Timestamp::UNIX_EPOCH, &[])
    }

    #[test]
    fn lines_have_the_house_style() {
        let mut ui = ui();
        ui.warn("line 1204: price `面议` is not a whole number of yuan");
        ui.error("cannot import `march.csv`");
        ui.hint("name it with `--map asking_price=list_price`");
        ui.status("done");
        assert_eq!(
            ui.said(),
            [
                "listing-import: warning: line 1204: price `面议` is not a whole number of yuan",
                "listing-import: error: cannot import `march.csv`",
                "  hint: name it with `--map asking_price=list_price`",
                "listing-import: done",
            ]
        );
    }

    #[test]
    fn control_signs_are_spelled_out() {
        assert_eq!(legible("a\u{1b}[31mb\r"), "a\\u{1b}[31mb\\r");
        assert_eq!(legible("北京\tb"), "北京\tb");
    }

    #[test]
    fn nobody_is_asked_where_nobody_is() {
        let failure = ui().confirm("undo run 3").unwrap_err();
        assert_eq!(failure.code(), crate::failure::USAGE);
        assert!(failure.hint_text().unwrap().contains("--yes"));
    }
}
