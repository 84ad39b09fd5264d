//! The command line, and nothing else.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::settings::KEYS;

const EXAMPLES: &str = "\
Examples:
  lead-assign roster agents.xlsx                       load or update the agents and their offices
  lead-assign roster hr.csv --source hr --full         whoever is no longer in it becomes inactive
  lead-assign roster due --within 60d --format csv     licences missing, expired or about to expire

Exit status: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 a gate did not hold, 75 try again later, 130 Ctrl-C";

/// Assign leads to agents: so far, keep the roster of agents and offices
///
/// Who the agents are, where they work, what they are licensed for and how many leads they can take comes from rosters.
// A doc comment on a flattened group would take the place of the tool's own help.
#[allow(missing_docs)]
#[derive(Debug, Parser)]
#[command(
    name = "lead-assign",
    version,
    arg_required_else_help = true,
    after_help = cli::EXIT_STATUS,
    after_long_help = EXAMPLES
)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub store: cli::StoreArgs,
    #[command(flatten)]
    pub output: cli::OutputArgs,
    #[command(flatten)]
    pub run: cli::RunArgs,
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Load the roster of agents and offices, or list the licences that are due
    ///
    /// Columns are understood from their headers and values. A member is known again by the system the roster comes from and its id there; the
    /// same roster again changes nothing.
    Roster(Box<RosterArgs>),
}

/// A roster's files, and what they are.
#[allow(missing_docs)]
#[derive(Debug, ClapArgs)]
#[command(mut_args(hide_meaningless))]
pub struct RosterArgs {
    /// List instead of loading
    #[command(subcommand)]
    pub action: Option<RosterAction>,
    #[command(flatten)]
    pub input: cli::InputArgs,
    #[command(flatten)]
    pub rejects: cli::RejectArgs,
    #[command(flatten)]
    pub replay: cli::ReplayArgs,
    /// The input is every member its system has: those it no longer holds become inactive
    #[arg(long)]
    pub full: bool,
    /// Refuse the run if more of the system's active members would become inactive [default: 20%]
    #[arg(long, value_name = "N|P%", value_parser = cli::Allowance::parse, requires = "full")]
    pub max_inactive: Option<cli::Allowance>,
    /// What each record on standard output is [default: changes]
    #[arg(long, value_enum)]
    pub emit: Option<Emit>,
}

/// What to list of the roster.
#[derive(Debug, Subcommand)]
pub enum RosterAction {
    /// List active members whose licence is missing, expired or about to expire
    Due {
        /// How far ahead to look, such as 30d or 8w [default: 30d]
        #[arg(long, value_name = "SPAN", value_parser = days)]
        within: Option<i64>,
    },
}

/// What the records on standard output are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// What became of each row
    Changes,
    /// Every field of each member, private ones masked
    Members,
}

/// Days of a span in days or weeks.
fn days(text: &str) -> Result<i64, String> {
    let (number, each) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d').unwrap_or(text), 1),
    };
    let days = number
        .parse::<u16>()
        .ok()
        .map(|number| i64::from(number) * each);
    days.ok_or_else(|| "write days or weeks, as in 30d or 8w".to_owned())
}

/// Flags of the inputs that say nothing about a roster, which has neither amounts nor areas.
pub(crate) const MEANINGLESS: &[&str] = &["unit", "currency", "area_unit"];

fn hide_meaningless(arg: clap::Arg) -> clap::Arg {
    let meaningless = MEANINGLESS.contains(&arg.get_id().as_str());
    arg.hide(meaningless)
}

impl cli::Tool for Args {
    const KEYS: &'static [cli::Key] = KEYS;
    const ZH: cli::HelpTable = ZH;

    fn run_args(&self) -> &cli::RunArgs {
        &self.run
    }

    fn output_args(&self) -> &cli::OutputArgs {
        &self.output
    }

    fn schema() -> Option<serde_json::Value> {
        Some(crate::schema::document())
    }
}

/// Chinese help: `@` and a subcommand's path for what a command does, else an argument's id.
const ZH: cli::HelpTable = &[
    ("@", "把线索分配给经纪人；目前用于维护经纪人和门店名册"),
    ("@roster", "导入经纪人和门店名册，或列出到期的证件"),
    ("@roster due", "列出证件缺失、已过期或即将到期的在职经纪人"),
    ("full", "本次输入是该系统的全部人员：不在其中的改为离职状态"),
    (
        "max_inactive",
        "改为离职状态的比例超过此值则整次拒绝 [默认: 20%]",
    ),
    ("emit", "标准输出的每条记录是什么 [默认: changes]"),
    ("within", "向前看多久，例如 30d 或 8w [默认: 30d]"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn spans_are_days_or_weeks() {
        assert_eq!(days("30d"), Ok(30));
        assert_eq!(days("8w"), Ok(56));
        assert_eq!(days("14"), Ok(14));
        assert!(days("soon").is_err() && days("-3d").is_err());
    }

    #[test]
    fn everything_of_ours_has_chinese_help() {
        let known = |id: &str| ZH.iter().any(|(name, _)| *name == id);
        let command = Args::command();
        for sub in command.get_subcommands() {
            assert!(known(&format!("@{}", sub.get_name())), "{}", sub.get_name());
            for arg in sub.get_arguments().filter(|arg| !arg.is_global_set()) {
                let id = arg.get_id().as_str();
                assert!(known(id) || id == "inputs", "{id} has no Chinese help");
            }
        }
    }
}
