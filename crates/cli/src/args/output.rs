//! What goes out, where to, and in what form.

use std::path::PathBuf;

use model::rule::Lang;

const OUTPUT: &str = "Output";
const MANNERS: &str = "Run";

/// What goes out, where to, and in what form.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct OutputArgs {
    /// table, ndjson, csv, json, md or xlsx; else a table on a terminal, NDJSON in a pipe
    ///
    /// `table` and `md` are for people: the 50 records that matter most, then counts. The others hold every record.
    #[arg(long, value_name = "FORMAT", hide_possible_values = true, global = true, help_heading = OUTPUT)]
    pub format: Option<Format>,

    /// Write the records to a file, whole or not at all; `-` is standard output
    ///
    /// The file appears under its name when it is complete. `/dev/null` and a named pipe are written straight.
    #[arg(short, long, value_name = "FILE", global = true, help_heading = OUTPUT)]
    pub output: Option<PathBuf>,

    /// Give out at most so many records
    #[arg(long, value_name = "N", global = true, help_heading = OUTPUT)]
    pub limit: Option<u64>,

    /// Start CSV with a byte order mark, for Excel
    ///
    /// Cells that a spreadsheet would run as a formula get a leading apostrophe.
    #[arg(long, global = true, help_heading = OUTPUT, hide_short_help = true)]
    pub bom: bool,

    /// Show private values in clear text; needs --reason and --limit, and is recorded
    #[arg(long, global = true, help_heading = OUTPUT, hide_short_help = true)]
    pub reveal: bool,

    /// Say why; kept with the record of what was done
    #[arg(long, value_name = "TEXT", global = true, help_heading = OUTPUT, hide_short_help = true)]
    pub reason: Option<String>,

    /// Language of help, findings, reasons and reports: en or zh
    ///
    /// Otherwise `$BROKERKIT_LANG`, or the config's.
    #[arg(long, value_name = "LANG", env = "BROKERKIT_LANG", hide_env = true, hide_possible_values = true, global = true, help_heading = MANNERS)]
    pub lang: Option<LangChoice>,

    /// When to use colour
    ///
    /// Otherwise NO_COLOR, CLICOLOR_FORCE and TERM decide, then whether a terminal reads it.
    #[arg(long, value_name = "WHEN", global = true, help_heading = MANNERS, hide_short_help = true)]
    pub color: Option<ColorChoice>,

    /// Leave out progress, notes and the summary line
    #[arg(short, long, global = true, help_heading = MANNERS)]
    pub quiet: bool,

    /// Say more about what is done
    #[arg(short, long, action = clap::ArgAction::Count, global = true, help_heading = MANNERS, hide_short_help = true)]
    pub verbose: u8,
}

/// The form of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// The records that matter most, for people
    Table,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values
    Csv,
    /// One JSON array
    Json,
    /// A Markdown table, for people
    Md,
    /// A workbook
    Xlsx,
}

/// The language a person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LangChoice {
    /// English
    En,
    /// 简体中文
    Zh,
}

impl From<LangChoice> for Lang {
    fn from(choice: LangChoice) -> Lang {
        match choice {
            LangChoice::En => Lang::En,
            LangChoice::Zh => Lang::Zh,
        }
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
