//! The command line, and nothing else.

use std::ffi::OsString;
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
  listing-import homes.csv --media photos.csv            listings, then their photos, videos and plans
  listing-import march.csv --rejects bad.csv             mend bad.csv, then: listing-import bad.csv
  listing-import feed.csv --plan march.plan              what would happen; then: listing-import --apply march.plan
  listing-import list 'city=北京 and list_price<5000000' --format csv -o homes.csv
  listing-import queue --format xlsx -o queue.xlsx       fill in decisions, then: listing-import queue decide queue.xlsx

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
    /// Show what waits for a person, and decide it
    Queue(QueueArgs),
    /// Change what verification has locked: ask, list, approve or reject
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Correct(CorrectArgs),
    /// Add evidence that a listing is true, or show what is on file
    Verify(VerifyArgs),
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
#[derive(Debug, Clone, Subcommand)]
pub enum BarsAction {
    /// End a bar before its day; needs --reason
    Lift {
        /// Key of the bar, as `bars` shows it
        key: String,
    },
}

/// What to do with the rules.
#[derive(Debug, Clone, Subcommand)]
pub enum RulesAction {
    /// Run the tests that stand in rule packs; exit 3 if one fails
    Test {
        /// Pack files [default: the packs in force]
        packs: Vec<PathBuf>,
    },
}

/// The queue.
#[derive(Debug, Clone, ClapArgs)]
pub struct QueueArgs {
    /// What to do with it; without it: list
    #[command(subcommand)]
    pub command: Option<QueueCommand>,
    /// What to list.
    #[command(flatten)]
    pub filter: QueueFilter,
}

/// What is done with the queue.
#[derive(Debug, Clone, Subcommand)]
pub enum QueueCommand {
    /// List what waits, the gravest first
    List(QueueFilter),
    /// Find listings in order, approve corrections, join pairs
    Approve {
        /// Queue keys, listing keys or listing ids
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
    },
    /// Keep listings off until they change, turn corrections down, part pairs; needs --reason
    Reject {
        /// Queue keys, listing keys or listing ids
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// The listing does not exist as advertised: withdraw it for good, at its agent's cost
        #[arg(long = "false")]
        is_false: bool,
    },
    /// Take the decisions of a table: what `queue` gave out, filled in
    Decide(cli::Inputs),
}

/// Which of the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, ClapArgs)]
pub struct QueueFilter {
    /// Of one office: its id, name or key
    #[arg(long)]
    pub office: Option<String>,
    /// Of one agent: the id or key
    #[arg(long)]
    pub member: Option<String>,
    /// Kept back by a rule: its code, the beginning of a code, or its name
    #[arg(long = "rule", value_name = "RULE")]
    pub of_rule: Option<String>,
    /// Of one kind
    #[arg(long, value_enum)]
    pub kind: Option<QueueKind>,
    /// Listings that fit an expression
    #[arg(long, value_name = "EXPR")]
    pub r#where: Option<String>,
}

/// A kind of thing that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QueueKind {
    /// A listing that is not offered
    Frozen,
    /// A listing that waits to be looked at
    Held,
    /// A change of what is locked
    Correction,
    /// Two listings that may offer one home
    Pair,
}

impl QueueKind {
    /// The word on the command line and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            QueueKind::Frozen => "frozen",
            QueueKind::Held => "held",
            QueueKind::Correction => "correction",
            QueueKind::Pair => "pair",
        }
    }
}

/// Corrections.
#[derive(Debug, Clone, ClapArgs)]
pub struct CorrectArgs {
    /// What to do with them
    #[command(subcommand)]
    pub command: CorrectCommand,
}

/// What is done with corrections.
#[derive(Debug, Clone, Subcommand)]
pub enum CorrectCommand {
    /// Ask for a change of area, layout, floor or address; needs --reason
    Request {
        /// Key or id of the listing
        listing: String,
        /// What it should be, such as building_area_total=89.5, layout=3室2厅 or floor=6/18
        #[arg(required = true, value_name = "FIELD=VALUE")]
        changes: Vec<String>,
    },
    /// List the corrections that were asked for
    List {
        /// Only those that wait
        #[arg(long)]
        pending: bool,
    },
    /// Write what was asked for; the listing stays verified
    Approve {
        /// Keys of corrections
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
    },
    /// Turn corrections down; needs --reason
    Reject {
        /// Keys of corrections
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
    },
}

/// Evidence.
#[derive(Debug, Clone, ClapArgs)]
pub struct VerifyArgs {
    /// Key or id of the listing
    pub listing: String,
    /// What was seen: ownership-certificate, owner-identity, verification-code or owner-consent, and its reference
    #[arg(long, value_name = "KIND=REF")]
    pub evidence: Vec<String>,
    /// Last day on which it counts [default: verify_days from today]
    #[arg(long, value_name = "DATE")]
    pub until: Option<model::jiff::civil::Date>,
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
    ("@homes", "列出多条房源对应的同一套房，以及录入人和维护人"),
    ("home", "房屋编号，或某条房源的编号；不写则列出全部"),
    ("@bars", "列出暂时不得推广房源的经纪人"),
    ("@bars lift", "提前解除禁止推广；须写明 --reason"),
    ("key", "禁止推广记录的键，见 bars"),
    ("@queue", "查看并处理等待人工决定的房源、修改申请和房源对"),
    ("@queue list", "列出待处理事项，最严重的在前"),
    ("@queue approve", "放行房源、通过修改申请、认定为同一套房"),
    (
        "@queue reject",
        "房源在变更前不再展示、驳回修改申请、认定为不同的房（须有 --reason）",
    ),
    ("@queue decide", "按填好的表格批量处理（`queue` 的输出）"),
    ("@correct", "更正核验后锁定的内容：申请、查看、通过、驳回"),
    (
        "@correct request",
        "申请更改面积、户型、楼层或地址（须有 --reason）",
    ),
    ("@correct list", "列出修改申请"),
    ("@correct approve", "按申请更改，房源保持已核验"),
    ("@correct reject", "驳回修改申请（须有 --reason）"),
    ("@verify", "登记房源真实性证据，或查看已有证据"),
    ("@communities", "导入小区表及其别名"),
    ("@rules", "列出规则、解释一条规则，或测试规则包"),
    (
        "@rules test",
        "运行规则包中的测试；有一条不通过则退出码为 3",
    ),
    ("packs", "规则包文件 [默认: 现行规则包]"),
    ("as_of", "按这一天的规则，例如 2026-01-31 [默认: 今天]"),
    (
        "keys",
        "队列编号、房源键或房源编号；correct 之下为修改申请编号",
    ),
    ("is_false", "虚假房源：立即永久下架，并扣经纪人信用分"),
    ("office", "某门店的：编号、名称或键"),
    ("member", "某经纪人的：编号或键"),
    ("of_rule", "因某规则而等待的：编号、编号开头或名称"),
    ("kind", "某一类：冻结、待审、修改申请、房源对"),
    ("where", "符合表达式的房源"),
    ("listing", "房源的键或编号"),
    (
        "changes",
        "改成什么，例如 building_area_total=89.5、layout=3室2厅、floor=6/18",
    ),
    ("pending", "只列出等待处理的"),
    (
        "evidence",
        "证据及其编号：房产证、业主身份证、核验码、委托书",
    ),
    ("until", "有效期最后一天 [默认：今天起 verify_days 天]"),
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
