//! The command line, and nothing else.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  store-admin init --key-file ~/keys/brokerage.key    a new store, and a key to keep safe
  store-admin runs --limit 20                          what ran, newest first
  store-admin show 101100983066                        all that is known of a listing, by our key or its source's id
  store-admin rejects 12 --format csv -o why.csv       why rows were refused
  store-admin undo 12 --yes --reason 'wrong file'      take a run back
  store-admin backup /backups/brokerage.db --keep 14   a copy a night, a fortnight of them

Exit status: 0 done, 1 failed and nothing changed (verify: damage found), 2 wrong usage, 75 try again later, 130 Ctrl-C";

/// Look after a brokerkit store: make it, see what was done to it, take that back, keep copies
///
/// Every tool of brokerkit works on one store. This one makes the store and its key, tells what each run did, undoes
/// runs, checks that nothing is damaged, and keeps backups.
#[derive(Debug, Parser)]
#[command(
    name = "store-admin",
    version,
    arg_required_else_help = true,
    after_help = cli::EXIT_STATUS,
    after_long_help = EXAMPLES
)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// Which store.
    #[command(flatten)]
    pub store: cli::StoreArgs,
    /// What goes out.
    #[command(flatten)]
    pub output: cli::OutputArgs,
    /// How the run is made.
    #[command(flatten)]
    pub run: cli::RunArgs,
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a store and its key
    ///
    /// A store that exists is left as it is; the exit status is 0 if its key fits.
    Init,
    /// List the runs, newest first
    Runs,
    /// Show all that is known of a listing or a run, with where each value came from
    Show {
        /// Key of a listing, its id at its source, or the number of a run
        key: String,
    },
    /// Take back all that a run changed
    ///
    /// Undoing is a run of its own, which cannot itself be undone, and nothing is erased from the log. Where a later run changed the same record,
    /// nothing is undone, and the message names that run and the field. Nobody to ask? Then pass --yes and --reason.
    Undo {
        /// Number of the run, as `runs` shows it
        #[arg(value_name = "RUN")]
        number: i64,
    },
    /// Check a store or a backup for damage: pages, references, keys, the chain of decisions
    Verify(VerifyArgs),
    /// Copy the store to a file, while others use it
    ///
    /// The copy is complete or absent, and readable by its owner alone. It opens with the store's key only, which is not
    /// in it: keep a copy of the key in another place.
    Backup(BackupArgs),
    /// Put a backup in the store's place, once it has passed `verify`
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Load holidays and the working days that stand in for them (调休)
    ///
    /// The columns are the day, its kind (working or holiday; 上班, 调休上班, 休息, 节假日 are understood) and, if you
    /// like, its name.
    Calendar(Box<CalendarArgs>),
    /// Tell why rows of a run were refused: line, rule, reason; never the cells
    Rejects {
        /// Number of the run, as `runs` shows it
        #[arg(value_name = "RUN")]
        number: i64,
    },
    /// Show the configuration
    Config {
        /// What to do with it
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting in force
    Show {
        /// Say where each value came from
        #[arg(long)]
        origin: bool,
    },
}

/// What to check.
#[derive(Debug, ClapArgs)]
pub struct VerifyArgs {
    /// A backup to check instead of the store
    pub file: Option<PathBuf>,
    /// Hash the chain of decisions must hold, as an earlier run or `verify` told it
    ///
    /// Kept in another place, it shows whether the log was cut off and begun anew.
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,
}

/// Where a backup goes.
#[derive(Debug, ClapArgs)]
pub struct BackupArgs {
    /// The file to write
    pub file: PathBuf,
    /// Keep the N newest copies: older ones become FILE.1, FILE.2, …
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: Option<u32>,
}

/// The calendar's files.
#[derive(Debug, ClapArgs)]
#[command(mut_args(hide_meaningless))]
pub struct CalendarArgs {
    /// What is read, and how.
    #[command(flatten)]
    pub input: cli::InputArgs,
    /// Where refused lines go.
    #[command(flatten)]
    pub rejects: cli::RejectArgs,
}

/// Flags of the inputs that say nothing about a calendar, which has no amounts, and no records of
/// another system.
pub(crate) const MEANINGLESS: &[&str] = &["source", "unit", "currency", "area_unit"];

fn hide_meaningless(arg: clap::Arg) -> clap::Arg {
    let meaningless = MEANINGLESS.contains(&arg.get_id().as_str());
    arg.hide(meaningless)
}

/// Chinese help: `@` and a subcommand's path for what a command does, else an argument's id.
const ZH: cli::HelpTable = &[
    (
        "@",
        "管理 brokerkit 数据库：新建、查看每次运行、撤销、校验、备份",
    ),
    ("@init", "新建数据库及其密钥"),
    ("@runs", "列出每次运行，最新的在前"),
    ("@show", "显示一套房源或一次运行的全部信息及其来历"),
    ("@undo", "撤销一次运行所做的全部改动"),
    (
        "@verify",
        "检查数据库或备份有无损坏：页、引用、密钥、决定日志的链",
    ),
    ("@backup", "把数据库复制到文件，不妨碍他人使用"),
    ("@restore", "校验备份后用它替换数据库"),
    ("@calendar", "导入节假日和调休上班日"),
    (
        "@rejects",
        "说明一次运行中各行被拒绝的原因：行号、规则、理由，从不显示单元格",
    ),
    ("@config", "显示配置"),
    ("@config show", "输出生效的每项设置"),
    ("key", "房源的键、来源编号，或运行的序号"),
    ("number", "运行的序号，见 runs"),
    ("file", "备份文件"),
    (
        "head",
        "决定日志的链中必须有的哈希，由以前的运行或 verify 给出",
    ),
    ("keep", "保留最新的 N 份：旧的依次改名为 FILE.1、FILE.2 …"),
    ("origin", "说明每个值从何而来"),
];

impl cli::Tool for Args {
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn flags_stand_on_either_side_of_the_subcommand() {
        for line in ["undo 3 --yes --reason x", "--yes --reason x undo 3"] {
            let args =
                Args::try_parse_from(["store-admin"].into_iter().chain(line.split(' '))).unwrap();
            assert!(args.run.yes && args.output.reason.as_deref() == Some("x"));
            assert!(matches!(args.command, Command::Undo { number: 3 }));
        }
    }

    #[test]
    fn everything_of_ours_has_chinese_help() {
        let known = |id: &str| ZH.iter().any(|(name, _)| *name == id);
        let command = Args::command();
        for sub in command.get_subcommands() {
            assert!(
                known(&format!("@{}", sub.get_name())),
                "{} has no Chinese help",
                sub.get_name()
            );
            for arg in sub.get_arguments().filter(|arg| !arg.is_global_set()) {
                let id = arg.get_id().as_str();
                assert!(known(id) || id == "inputs", "{id} has no Chinese help");
            }
        }
    }
}
