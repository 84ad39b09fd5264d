//! How a run is made, and what is asked of it besides its records.

use std::path::PathBuf;

use model::rule::Effect;

use super::parse::{self, Allowance};

const RUN: &str = "Run";
const RULES: &str = "Rules and rejects";

/// How a run is made: time, chance, config, questions.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RunArgs {
    /// Read this config file instead of ./brokerkit.toml
    ///
    /// Otherwise `$BROKERKIT_CONFIG`. The user's own and the machine's files are read below it.
    #[arg(long, value_name = "FILE", env = "BROKERKIT_CONFIG", hide_env = true, global = true, help_heading = RUN)]
    pub config: Option<PathBuf>,

    /// Write the summary as JSON
    #[arg(long, value_name = "FILE", global = true, help_heading = RUN)]
    pub summary: Option<PathBuf>,

    /// Take this instant as the present, as in 2026-03-01T09:00:00+08:00
    ///
    /// Otherwise `$BROKERKIT_NOW`, or the clock.
    #[arg(long, value_name = "RFC3339", env = "BROKERKIT_NOW", hide_env = true, value_parser = parse::instant, global = true, help_heading = RUN, hide_short_help = true)]
    pub now: Option<jiff::Timestamp>,

    /// Time zone of times that do not say theirs, and of times shown
    ///
    /// An IANA name like Asia/Shanghai. Otherwise `$BROKERKIT_TZ`, or the config's.
    #[arg(long, value_name = "ZONE", env = "BROKERKIT_TZ", hide_env = true, value_parser = parse::zone, global = true, help_heading = RUN, hide_short_help = true)]
    pub tz: Option<String>,

    /// Seed of whatever is left to chance
    #[arg(long, value_name = "N", global = true, help_heading = RUN, hide_short_help = true)]
    pub seed: Option<u64>,

    /// Do it without asking
    #[arg(short = 'y', long, global = true, help_heading = RUN, hide_short_help = true)]
    pub yes: bool,

    /// Never ask; what would need an answer fails
    #[arg(long, global = true, help_heading = RUN, hide_short_help = true)]
    pub no_input: bool,

    /// Name to note beside the operating system's user; a label, never a right
    #[arg(long, value_name = "NAME", global = true, help_heading = RUN, hide_short_help = true)]
    pub actor: Option<String>,

    /// Print a JSON Schema of the records read and written, and end
    #[arg(long, global = true, help_heading = RUN, hide_short_help = true)]
    pub schema: bool,

    /// Print the manual page or a shell's completions, and end
    #[arg(long, value_name = "WHAT", global = true, help_heading = RUN, hide_short_help = true)]
    pub generate: Option<Generate>,
}

/// What `--generate` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Generate {
    /// The manual page, for man(1)
    Man,
    /// Completions for bash
    CompleteBash,
    /// Completions for zsh
    CompleteZsh,
    /// Completions for fish
    CompleteFish,
}

/// Where refused rows go, and how many are too many.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RejectArgs {
    /// Write refused rows as they came, with the reason; mode 0600
    ///
    /// Mend the file and feed it in again as it is: each row is recognised by its reject_id.
    #[arg(long, value_name = "FILE", global = true, help_heading = RULES)]
    pub rejects: Option<PathBuf>,

    /// Write refused rows with private values masked, for sharing
    #[arg(long, value_name = "FILE", global = true, help_heading = RULES, hide_short_help = true)]
    pub rejects_masked: Option<PathBuf>,

    /// Change nothing and exit 3 if more rows than this are refused
    #[arg(long, value_name = "N|P%", value_parser = Allowance::parse, global = true, help_heading = RULES)]
    pub max_rejects: Option<Allowance>,
}

/// Which rules are used, and what fails the run.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RuleArgs {
    /// Use only these rules: codes, beginnings of codes, or names
    #[arg(long, value_name = "RULES", value_delimiter = ',', global = true, help_heading = RULES, hide_short_help = true)]
    pub select: Vec<String>,

    /// Leave out these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',', global = true, help_heading = RULES, hide_short_help = true)]
    pub ignore: Vec<String>,

    /// Exit 3 if there is a finding of this weight or more
    #[arg(long, value_name = "WEIGHT", global = true, help_heading = RULES, hide_short_help = true)]
    pub fail_on: Option<Severity>,
}

/// How heavy a finding must be to fail the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Severity {
    /// Reject or freeze
    Error,
    /// Any finding
    Warn,
    /// Hold, freeze or reject
    Hold,
    /// Freeze or reject
    Freeze,
    /// Reject
    Reject,
}

impl Severity {
    /// Whether a finding of this effect fails the run.
    pub fn is_met_by(self, effect: Effect) -> bool {
        // effects are ordered with the heaviest first
        effect
            <= match self {
                Severity::Reject => Effect::Reject,
                Severity::Error | Severity::Freeze => Effect::Freeze,
                Severity::Hold => Effect::Hold,
                Severity::Warn => Effect::Warn,
            }
    }
}

/// Printing a past run's records again.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ReplayArgs {
    /// Print a past run's records again, and end
    #[arg(long, value_name = "RUN", global = true, help_heading = RUN, hide_short_help = true)]
    pub replay: Option<i64>,
}

/// Plan first, apply later.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct PlanArgs {
    /// Write what would happen to a file, with a field diff
    #[arg(long, value_name = "FILE", conflicts_with = "apply", global = true, help_heading = RUN, hide_short_help = true)]
    pub plan: Option<PathBuf>,

    /// Do exactly what a plan says, or fail if the store has moved
    #[arg(long, value_name = "FILE", global = true, help_heading = RUN, hide_short_help = true)]
    pub apply: Option<PathBuf>,
}

/// An empty workbook to fill.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct TemplateArgs {
    /// Write an empty workbook to fill, which imports as it is
    #[arg(long, value_name = "FILE.xlsx", global = true, help_heading = RUN, hide_short_help = true)]
    pub template: Option<PathBuf>,
}
