//! The command line, and nothing else.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use model::jiff::civil::Date;

use crate::settings::KEYS;

const FEEDS: &str = "Full feeds";

const EXAMPLES: &str = "\
Examples:
  listing-import inbox/listings.xlsx                     import, findings on screen
  listing-import feed.csv.gz --source lianjia --full-feed lianjia --scope 'city=北京'
  listing-import check feed.csv --fail-on freeze         a linter: no store, exit 3 if a row would freeze
  listing-import march.csv --rejects bad.csv             mend bad.csv, then: listing-import bad.csv
  listing-import list 'city=北京 and list_price<5000000' --format csv -o homes.csv

Exit status: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 a gate did not hold, 75 try again later, 130 Ctrl-C";

/// Import listings from any export: checked, normalised, upserted, with a reason for every refusal
///
/// Columns are understood from their headers and values; each record is normalised, checked against
/// the rules and written to the store in one transaction. The same file again changes nothing.
// A doc comment on a flattened group would take the place of the tool's own help.
#[allow(missing_docs)]
#[derive(Debug, Parser)]
#[command(
    name = "listing-import",
    version,
    after_help = cli::EXIT_STATUS,
    after_long_help = EXAMPLES
)]
pub struct Args {
    /// What to do instead of importing
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub input: cli::InputArgs,
    #[command(flatten)]
    pub feed: FeedArgs,
    #[command(flatten)]
    pub rejects: cli::RejectArgs,
    #[command(flatten)]
    pub rules: cli::RuleArgs,
    #[command(flatten)]
    pub store: cli::StoreArgs,
    #[command(flatten)]
    pub output: cli::OutputArgs,
    #[command(flatten)]
    pub run: cli::RunArgs,
    #[command(flatten)]
    pub replay: cli::ReplayArgs,
    /// What each record on standard output is [default: changes; findings for check]
    #[arg(long, value_enum, global = true, help_heading = "Output")]
    pub emit: Option<Emit>,
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check files like a linter, without a store; or judge the stock anew
    Check(CheckArgs),
    /// List stored listings that fit an expression
    List {
        /// Which listings, such as 'city=北京 and bedrooms_total>=3'; all of them without it
        expr: Option<String>,
    },
    /// List the homes that several listings offer, and who entered and who maintains them
    Homes {
        /// A home's key, or the key or id of a listing; all homes without it
        home: Option<String>,
    },
    /// Load the table of communities (小区) and their aliases
    Communities(cli::Inputs),
    /// List the agents who may not promote listings for now
    ///
    /// Tags that facts contradict, found with an effect that freezes or holds, cost an agent the right to promote for
    /// `promotion_bar_days`.
    Bars {
        /// Do something about them
        #[command(subcommand)]
        action: Option<BarsAction>,
    },
    /// List the rules, explain one, or test the rule packs
    Rules {
        /// Test instead of listing
        #[command(subcommand)]
        action: Option<RulesAction>,
        /// Code or name of the rule to explain; all rules without it
        rule: Option<String>,
        /// Show them as they stand on this day, such as 2026-01-31 [default: today]
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
    },
}

/// What to do about the bars.
#[derive(Debug, Subcommand)]
pub enum BarsAction {
    /// End a bar before its day; needs --reason
    Lift {
        /// Key of the bar, as `bars` shows it
        key: String,
    },
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub enum RulesAction {
    /// Run the tests that stand in rule packs; exit 3 if one fails
    Test {
        /// Pack files [default: the packs in force]
        packs: Vec<PathBuf>,
    },
}

/// What is checked.
#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// Files to check
    #[command(flatten)]
    pub inputs: cli::Inputs,
    /// Judge what is stored by the rules of today, and tell what changed
    #[arg(long, conflicts_with = "inputs")]
    pub stock: bool,
}

/// A feed that holds everything its source has on offer.
#[derive(Debug, ClapArgs)]
pub struct FeedArgs {
    /// This input is everything SOURCE has on offer: withdraw what it no longer holds
    #[arg(long, value_name = "SOURCE", help_heading = FEEDS)]
    pub full_feed: Option<String>,
    /// Withdraw only listings that fit EXPR, such as 'city=北京'
    #[arg(long, value_name = "EXPR", requires = "full_feed", help_heading = FEEDS)]
    pub scope: Option<String>,
    /// Refuse the run if more of the feed's listings would be withdrawn [default: 20%]
    #[arg(long, value_name = "N|P%", value_parser = cli::Allowance::parse, requires = "full_feed", help_heading = FEEDS)]
    pub max_withdrawn: Option<cli::Allowance>,
}

/// What the records on standard output are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// What became of each record
    Changes,
    /// Every normalised field
    Listings,
    /// Each finding
    Findings,
}

impl Emit {
    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Emit::Changes => "changes",
            Emit::Listings => "listings",
            Emit::Findings => "findings",
        }
    }
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
        Some(crate::emit::schema())
    }
}

/// Chinese help, by argument.
const ZH: &[(&str, &str)] = &[
    (
        "listing-import",
        "导入任何格式的房源表：识别列、清洗、检查、入库，每条拒收都有理由",
    ),
    (
        "check",
        "像代码检查器一样检查文件，不动数据库；或按今天的规则重新检查库存房源",
    ),
    ("stock", "按今天的规则重新检查库中房源，只报告有变化的"),
    ("list", "列出符合条件的房源"),
    ("homes", "列出多条房源对应的同一套房，以及录入人和维护人"),
    ("home", "房屋编号，或某条房源的编号；不写则列出全部"),
    ("communities", "导入小区表及其别名"),
    ("bars", "列出暂时不得推广房源的经纪人"),
    ("lift", "提前解除禁止推广；须写明 --reason"),
    ("key", "禁止推广记录的键，见 bars"),
    ("rules", "列出规则、解释一条规则，或测试规则包"),
    ("test", "运行规则包中的测试；有一条不通过则退出码为 3"),
    ("packs", "规则包文件 [默认: 现行规则包]"),
    ("as_of", "按这一天的规则，例如 2026-01-31 [默认: 今天]"),
    ("emit", "标准输出的每条记录是什么"),
    (
        "full_feed",
        "本次输入是该来源的全部在售房源：不在其中的予以下架",
    ),
    ("scope", "只下架符合表达式的房源，例如 'city=北京'"),
    ("max_withdrawn", "下架比例超过此值则整次拒绝 [默认: 20%]"),
    (
        "expr",
        "条件，例如 'city=北京 and bedrooms_total>=3'；不写则列出全部",
    ),
    ("rule", "要解释的规则编号或名称；不写则列出全部"),
];
