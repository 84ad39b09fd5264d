//! The command line, and nothing else.

use std::ffi::OsString;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::settings::KEYS;

const FEEDS: &str = "Full feeds";

const EXAMPLES: &str = "\
Examples:
  listing-import inbox/listings.xlsx                     import, findings on screen
  listing-import feed.csv.gz --source lianjia --full-feed lianjia --scope 'city=北京'
  listing-import check feed.csv --fail-on freeze         a linter: no store, exit 3 if a row would freeze
  listing-import homes.csv --media photos.csv            listings, then their photos, videos and plans
  listing-import march.csv --rejects bad.csv             mend bad.csv, then: listing-import bad.csv
  listing-import feed.csv --plan march.plan              what would happen; then: listing-import --apply march.plan
  listing-import list 'city=北京 and list_price<5000000' --format csv -o homes.csv

Exit status: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 a gate did not hold, 75 try again later, 130 Ctrl-C";

/// Import listings from any export: checked, normalised, upserted, with a reason for every refusal
///
/// Columns are understood from their headers and values; each record is normalised, checked against
/// the rules and written to the store in one transaction. The same file again changes nothing.
// A doc comment on a flattened group would take the place of the tool's own help.
#[allow(missing_docs)]
#[derive(Debug, Clone, Parser)]
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
    /// Read a table of photos, videos, tours and plans, joined to listings by their ids
    ///
    /// One row a medium: listing_id, url, room, kind (photo, video, vr, plan), seconds, width, height, content_hash,
    /// watermark, rendering, removed. Listings of the same run come first. Columns, formats and `--source` are
    /// understood as for listings. May be given several times, and without INPUT.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plan", "apply"], help_heading = "Reading")]
    pub media: Vec<OsString>,
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
    #[command(flatten)]
    pub plan: cli::PlanArgs,
    /// What each record on standard output is [default: changes; findings for check]
    #[arg(long, value_enum, global = true, help_heading = "Output")]
    pub emit: Option<Emit>,
}

/// Subcommands.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Check files like a linter, without a store; or judge the stock anew
    Check(CheckArgs),
    /// List stored listings that fit an expression
    List {
        /// Which listings, such as 'city=北京 and bedrooms_total>=3'; all of them without it
        expr: Option<String>,
        /// Give out only these columns, in this order, such as listing_id,days_on_market,price_drops
        #[arg(
            long,
            value_name = "NAMES",
            value_delimiter = ',',
            help_heading = "Output"
        )]
        columns: Vec<String>,
    },
    /// Tell every change of a listing, its days on the market and price drops
    History {
        /// Its key, or its id at its source
        #[arg(value_name = "LISTING")]
        listing: String,
    },
    /// List the homes that several listings offer, and who entered and who maintains them
    Homes {
        /// A home's key, or the key or id of a listing; all homes without it
        home: Option<String>,
    },
    /// Load the table of communities (小区) and their aliases
    Communities(cli::Inputs),
    /// List the rules, or explain one
    Rules {
        /// Code or name of the rule to explain; all rules without it
        rule: Option<String>,
    },
}

/// What is checked.
#[derive(Debug, Clone, ClapArgs)]
pub struct CheckArgs {
    /// Files to check
    #[command(flatten)]
    pub inputs: cli::Inputs,
    /// Judge what is stored by the rules of today, and tell what changed
    #[arg(long, conflicts_with = "inputs")]
    pub stock: bool,
}

/// A feed that holds everything its source has on offer.
#[derive(Debug, Clone, ClapArgs)]
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
        "@",
        "导入任何格式的房源表：识别列、清洗、检查、入库，每条拒收都有理由",
    ),
    (
        "@check",
        "像代码检查器一样检查文件，不动数据库；或按今天的规则重新检查库存房源",
    ),
    ("stock", "按今天的规则重新检查库中房源，只报告有变化的"),
    (
        "media",
        "读入房源的照片、视频、VR、户型图表，按房源编号关联",
    ),
    ("@list", "列出符合条件的房源"),
    (
        "columns",
        "只输出这些列，按此顺序，例如 listing_id,price_drops",
    ),
    ("@history", "一套房源的每次变化、在市天数和降价"),
    ("listing", "房源的 key，或来源系统中的编号"),
    ("@homes", "列出多条房源对应的同一套房，以及录入人和维护人"),
    ("home", "房屋编号，或某条房源的编号；不写则列出全部"),
    ("@communities", "导入小区表及其别名"),
    ("@rules", "列出规则，或解释一条规则"),
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use cli::localise;
    use model::rule::Lang;

    use super::*;

    #[test]
    fn every_subcommand_and_argument_has_chinese_help() {
        let mut command = localise(Args::command(), Lang::Zh, ZH);
        command.clone().debug_assert();
        command.build();
        let is_chinese = |text: String| text.chars().any(|c| c > '\u{3000}');
        let mut open: Vec<&clap::Command> = vec![&command];
        while let Some(command) = open.pop() {
            let about = command.get_about().map(ToString::to_string);
            let name = command.get_name();
            assert!(about.is_some_and(is_chinese), "{name} has no Chinese help");
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let help = arg.get_help().map(ToString::to_string);
                let id = arg.get_id();
                assert!(
                    help.is_some_and(is_chinese),
                    "{id} of {name} has no Chinese help"
                );
            }
            open.extend(command.get_subcommands());
        }
    }
}
