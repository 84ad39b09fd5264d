//! Help in the language of who reads it, the manual page and completions.

use std::ffi::OsString;
use std::io::Write;

use clap::{Arg, ArgAction, Command};
use model::rule::Lang;

use crate::args::{Generate, ZH};
use crate::failure::EXIT_STATUS;

/// Chinese help of a tool: an argument's id, or `@` and a subcommand's path (`@`, `@check`,
/// `@queue list`) for what a command does, then the text.
pub type HelpTable = &'static [(&'static str, &'static str)];

const TEMPLATE_ZH: &str =
    "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";
const EXIT_STATUS_ZH: &str =
    "退出码：0 完成，1 失败且什么都没改，2 用法有误，3 要求的条件不成立，75 稍后再试，130 Ctrl-C";

/// Readies a tool's command for a language: exit codes at the end, and in Chinese every help text
/// that the table or the shared groups have.
pub fn localise(command: Command, lang: Lang, table: HelpTable) -> Command {
    match lang {
        Lang::En => {
            let long_only = command.get_after_long_help().is_none();
            if long_only {
                command.after_long_help(EXIT_STATUS)
            } else {
                command
            }
        }
        Lang::Zh => chinese(command, table, "").after_long_help(EXIT_STATUS_ZH),
    }
}

fn chinese(mut command: Command, table: HelpTable, path: &str) -> Command {
    let find = |id: &str| {
        let hit = |(known, _): &&(&str, &str)| *known == id;
        table
            .iter()
            .find(hit)
            .or_else(|| ZH.iter().find(hit))
            .map(|(_, text)| *text)
    };
    if let Some(about) = find(&format!("@{path}")) {
        command = command.about(about).long_about(about);
    }
    // what clap would add by itself, and in English
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help("显示帮助（-h 简短，--help 完整）");
    command = command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help);
    if path.is_empty() && command.get_version().is_some() {
        let version = Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help("显示版本");
        command = command.disable_version_flag(true).arg(version);
    }
    command = command
        .help_template(TEMPLATE_ZH)
        .subcommand_help_heading("子命令")
        .mut_args(|arg| {
            let heading = match arg.get_help_heading() {
                Some("Reading") => "读入",
                Some("Store") => "数据库",
                Some("Output") => "输出",
                Some("Run") => "运行",
                Some("Rules and rejects") => "规则与拒绝",
                Some("Period") => "时间段",
                Some(_) | None if arg.is_positional() => "参数",
                Some(_) | None => "选项",
            };
            let text = find(arg.get_id().as_str());
            let arg = arg.help_heading(heading);
            match text {
                Some(text) => arg.help(text).long_help(text),
                None => arg,
            }
        });
    command.mut_subcommands(|sub| {
        let path = format!("{path} {}", sub.get_name());
        chinese(sub, table, path.trim())
    })
}

/// Prints what `--generate` asks for.
pub(crate) fn generate(
    command: &mut Command,
    what: Generate,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    use clap_complete::shells::{Bash, Fish, Zsh};
    let name = command.get_name().to_owned();
    match what {
        Generate::Man => {
            command.build();
            pages(command, out)
        }
        Generate::CompleteBash => complete(Bash, command, &name, out),
        Generate::CompleteZsh => complete(Zsh, command, &name, out),
        Generate::CompleteFish => complete(Fish, command, &name, out),
    }
}

/// Through a buffer: the generators of clap_complete panic when a pipe is closed.
fn complete(
    shell: impl clap_complete::Generator,
    command: &mut Command,
    name: &str,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(shell, command, name, &mut text);
    out.write_all(&text)
}

/// The tool's page, then one for each subcommand, which man(1) shows one after the other.
fn pages(command: &Command, out: &mut dyn Write) -> std::io::Result<()> {
    let title = command
        .get_display_name()
        .unwrap_or(command.get_name())
        .to_owned();
    clap_mangen::Man::new(command.clone())
        .title(title)
        .render(out)?;
    for sub in command
        .get_subcommands()
        .filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
    {
        pages(sub, out)?;
    }
    Ok(())
}

/// The value an option has on a command line that has not been parsed, for options that must be
/// known before parsing or work without what else is required.
pub(crate) fn peek(args: &[OsString], option: &str) -> Option<String> {
    let mut args = args.iter().skip(1).map(|arg| arg.to_string_lossy());
    while let Some(arg) = args.next() {
        if arg == "--" {
            return None;
        }
        if arg == option {
            return args.next().map(|value| value.into_owned());
        }
        if let Some(value) = arg
            .strip_prefix(option)
            .and_then(|rest| rest.strip_prefix('='))
        {
            return Some(value.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser, Subcommand};

    /// Do something
    #[derive(Parser)]
    #[command(name = "dummy", version)]
    struct Dummy {
        #[command(flatten)]
        input: crate::args::InputArgs,
        #[command(flatten)]
        run: crate::args::RunArgs,
        #[command(subcommand)]
        command: Option<Sub>,
    }

    #[derive(Subcommand)]
    enum Sub {
        /// Look at files
        Check {
            /// How closely
            #[arg(long)]
            closely: bool,
        },
    }

    const ZH_DUMMY: HelpTable = &[
        ("@", "做点事"),
        ("@check", "检查文件"),
        ("closely", "检查得多细"),
    ];

    #[test]
    fn chinese_help_has_no_english_headings() {
        let mut command = localise(Dummy::command(), Lang::Zh, ZH_DUMMY);
        command.clone().debug_assert();
        let help = command.render_help().to_string();
        for word in [
            "做点事",
            "用法：",
            "检查文件",
            "输入文件",
            "显示帮助",
            "显示版本",
            "读入:",
        ] {
            assert!(help.contains(word), "{word} not in\n{help}");
        }
        for word in ["Usage", "Options", "Arguments", "Commands", "Print"] {
            assert!(!help.contains(word), "{word} in\n{help}");
        }
        let sub = command
            .try_get_matches_from_mut(["dummy", "check", "--help"])
            .unwrap_err()
            .to_string();
        assert!(sub.contains("检查得多细"), "{sub}");
    }

    #[test]
    fn pages_and_completions_come_out() {
        for what in [
            Generate::Man,
            Generate::CompleteBash,
            Generate::CompleteZsh,
            Generate::CompleteFish,
        ] {
            let mut out = Vec::new();
            generate(
                &mut localise(Dummy::command(), Lang::En, &[]),
                what,
                &mut out,
            )
            .unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(
                text.contains("dummy") && text.contains("closely"),
                "{what:?}"
            );
        }
    }

    #[test]
    fn options_are_seen_before_parsing() {
        let args = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(
            peek(&args("t a --lang zh"), "--lang").as_deref(),
            Some("zh")
        );
        assert_eq!(peek(&args("t --lang=zh"), "--lang").as_deref(), Some("zh"));
        assert_eq!(peek(&args("t -- --lang zh"), "--lang"), None);
        assert_eq!(peek(&args("t --language zh"), "--lang"), None);
    }
}
