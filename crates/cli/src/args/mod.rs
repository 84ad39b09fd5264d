//! The arguments all tools share, as groups a tool flattens into its own command line. The same
//! word means the same thing in every tool.
//!
//! Every flag is global: it may stand before or after a subcommand. Only the inputs themselves
//! belong to one command. Flags used rarely are left out of `-h` and shown by `--help`.

mod input;
mod output;
mod parse;
mod run;
mod store;

pub use input::{DateOrder, InputArgs, Inputs};
pub use output::{ColorChoice, Format, LangChoice, OutputArgs};
pub use parse::{Allowance, delimiter, duration, map_file, pair};
pub use run::{
    Generate, PlanArgs, RejectArgs, ReplayArgs, RuleArgs, RunArgs, Severity, TemplateArgs,
};
pub use store::StoreArgs;

pub(crate) use parse::listed;

/// Chinese help of the shared groups: argument id, then its help.
pub(crate) static ZH: &[(&str, &str)] = &[
    (
        "inputs",
        "输入文件，`-` 表示标准输入：CSV、TSV、NDJSON、JSON、XLSX，也可以是 .gz 或 .zst",
    ),
    ("encoding", "输入的字符编码（默认自动判断）"),
    ("delimiter", "CSV 的分隔符（默认自动判断）"),
    ("sheet", "工作簿中的工作表：名称或从 1 起的序号"),
    ("no_header", "输入没有表头"),
    ("header", "输入没有表头时，用逗号分开的列名"),
    ("date_order", "数字日期的年月日顺序"),
    ("unit", "某字段的单位，如 price=万"),
    ("currency", "金额的币种（ISO 4217）"),
    ("area_unit", "面积单位：sqm、sqft、mu"),
    ("map", "把某列当作某字段读：表头=字段"),
    ("map_file", "映射文件，每行一个 表头=字段"),
    ("source", "记录来自哪个系统"),
    (
        "show_mapping",
        "显示每列被当作什么字段、单位和依据，然后结束",
    ),
    ("store", "数据库：文件、:memory: 或 postgres:// 地址"),
    ("key_file", "数据库的密钥文件"),
    ("wait", "数据库被占用时最多等多久"),
    ("dry_run", "只说会做什么，不写数据库"),
    ("format", "输出格式（终端默认表格，管道默认 NDJSON）"),
    ("output", "写入文件：要么完整写入，要么不写"),
    ("bom", "CSV 开头写 BOM，便于 Excel 打开"),
    ("limit", "最多输出多少条记录"),
    (
        "reveal",
        "显示隐私字段的明文（须有 --reason 和 --limit，会被记录）",
    ),
    ("reason", "这样做的理由，会被记录"),
    ("lang", "帮助、发现和理由所用的语言"),
    ("color", "何时使用颜色"),
    ("quiet", "不显示进度、说明和小结"),
    ("verbose", "多说一些"),
    ("tz", "没有时区的时间按哪个时区理解和显示"),
    ("now", "把这个时刻当作现在"),
    ("seed", "随机数种子"),
    ("config", "配置文件"),
    ("summary", "把小结写成 JSON 文件"),
    ("yes", "不再询问，直接去做"),
    ("no_input", "从不询问"),
    ("actor", "记在操作系统用户旁边的名字，不带任何权限"),
    ("schema", "输出所读所写记录的 JSON Schema，然后结束"),
    ("generate", "输出手册页或命令补全脚本，然后结束"),
    ("rejects", "把被拒绝的行原样写入文件（权限 0600）"),
    ("rejects_masked", "把被拒绝的行脱敏后写入文件，可以分享"),
    (
        "max_rejects",
        "拒绝超过这么多（N 或 P%）就整次放弃，退出码 3",
    ),
    ("select", "只用这些规则（代码、代码开头或名称，逗号分开）"),
    ("ignore", "不用这些规则"),
    ("fail_on", "有这种程度或更重的发现时，退出码为 3"),
    ("replay", "再次输出以前某次运行的记录"),
    ("plan", "把将要做的事写入文件"),
    ("apply", "严格按计划文件去做，数据库变了就失败"),
    ("template", "写一个可以填写的空白工作簿"),
    ("from", "从这一天起（含）"),
    ("to", "到这一天止（含）"),
    ("week", "一个 ISO 周，如 2026-W47"),
    ("month", "一个月，如 2026-11"),
    ("last", "最近一段：day、week、month、year 或 30d、12w"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    /// Do nothing
    #[derive(Parser)]
    #[command(name = "dummy")]
    struct Dummy {
        #[command(flatten)]
        input: InputArgs,
        #[command(flatten)]
        store: StoreArgs,
        #[command(flatten)]
        output: OutputArgs,
        #[command(flatten)]
        run: RunArgs,
        #[command(flatten)]
        rejects: RejectArgs,
        #[command(flatten)]
        rules: RuleArgs,
        #[command(flatten)]
        replay: ReplayArgs,
        #[command(flatten)]
        plan: PlanArgs,
        #[command(flatten)]
        template: TemplateArgs,
        #[command(flatten)]
        period: crate::window::PeriodArgs,
        #[command(subcommand)]
        command: Option<Sub>,
    }

    #[derive(clap::Subcommand)]
    enum Sub {
        /// Look at a file
        Check(Inputs),
    }

    #[test]
    fn groups_are_sound() {
        Dummy::command().debug_assert();
    }

    #[test]
    fn every_shared_argument_has_chinese_help_and_english_help() {
        for arg in Dummy::command().get_arguments() {
            let id = arg.get_id().as_str();
            assert!(
                ZH.iter().any(|(known, _)| *known == id),
                "{id} has no Chinese help"
            );
            assert!(arg.get_help().is_some(), "{id} has no help");
        }
    }

    #[test]
    fn flags_stand_on_either_side_of_a_subcommand() {
        let args = Dummy::try_parse_from([
            "dummy",
            "check",
            "a.csv",
            "--format",
            "csv",
            "--map",
            "价=list_price",
        ]);
        let args = args.unwrap();
        assert_eq!(args.output.format, Some(Format::Csv));
        assert_eq!(args.input.map, [("价".to_owned(), "list_price".to_owned())]);
        let Some(Sub::Check(inputs)) = args.command else {
            panic!("no subcommand")
        };
        assert_eq!(inputs.inputs, ["a.csv"]);
    }

    #[test]
    fn short_help_fits_a_screen() {
        let mut command = Dummy::command().term_width(100);
        // no tool of many inputs takes a period
        for id in ["from", "to", "week", "month", "last"] {
            command = command.mut_arg(id, |arg| arg.hide(true));
        }
        let help = command.render_help().to_string();
        assert!(
            help.lines().count() <= 40,
            "{} lines:\n{help}",
            help.lines().count()
        );
    }
}
