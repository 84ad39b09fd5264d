//! What is read, and how it is to be understood.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use super::parse;
use crate::failure::Failure;

const READING: &str = "Reading";

/// The inputs of a subcommand.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Inputs {
    /// Files to read, or `-` for standard input
    ///
    /// CSV, TSV, NDJSON, JSON or XLSX, each also .gz or .zst.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<OsString>,
}

impl Inputs {
    /// Refuses a `-` that would wait for somebody to type.
    pub fn check(&self) -> Result<(), Failure> {
        check(&self.inputs)
    }
}

/// The inputs of a tool, and how they are to be understood.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct InputArgs {
    /// Files to read, or `-` for standard input
    ///
    /// CSV, TSV, NDJSON, JSON or XLSX, each also .gz or .zst. The form, the compression and the encoding are found by content, whatever the name says. Standard input is read
    /// only where `-` is named.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<OsString>,

    /// Read a column as a field
    ///
    /// A column is understood from its header and its values; this settles it by hand and wins over both. May be given
    /// several times. The last `=` divides header and field.
    #[arg(long, value_name = "HEADER=FIELD", value_parser = parse::pair, global = true, help_heading = READING)]
    pub map: Vec<(String, String)>,

    /// Read column meanings from a file, one HEADER = field a line
    #[arg(long, value_name = "FILE", global = true, help_heading = READING, hide_short_help = true)]
    pub map_file: Option<PathBuf>,

    /// Show each column's field, unit and evidence, and end
    #[arg(long, global = true, help_heading = READING)]
    pub show_mapping: bool,

    /// Name the system the records come from
    ///
    /// Together with a record's own id it makes the record's identity. A column of the input wins over this; without
    /// both, the config's pattern for the file name decides, then `default`.
    #[arg(long, value_name = "NAME", global = true, help_heading = READING)]
    pub source: Option<String>,

    /// Set the unit of a field, as in price=万
    #[arg(long, value_name = "FIELD=UNIT", value_parser = parse::pair, global = true, help_heading = READING)]
    pub unit: Vec<(String, String)>,

    /// Set the currency of amounts that do not say theirs
    ///
    /// Otherwise the cell, the header, a column, the country of the addresses and the config decide, in this order.
    #[arg(long, value_name = "CODE", value_parser = parse::currency, global = true, help_heading = READING, hide_short_help = true)]
    pub currency: Option<String>,

    /// Set the unit of areas that do not say theirs: sqm, sqft, mu, acre
    #[arg(long, value_name = "UNIT", global = true, help_heading = READING, hide_short_help = true)]
    pub area_unit: Option<String>,

    /// Set the character encoding, as in gb18030
    #[arg(long, value_name = "NAME", global = true, help_heading = READING, hide_short_help = true)]
    pub encoding: Option<String>,

    /// Set what stands between the cells of CSV: one sign, or tab
    #[arg(long, value_name = "SIGN", value_parser = parse::delimiter, global = true, help_heading = READING, hide_short_help = true)]
    pub delimiter: Option<u8>,

    /// Choose a workbook's sheet by name or by number from 1
    #[arg(long, value_name = "NAME|N", global = true, help_heading = READING, hide_short_help = true)]
    pub sheet: Option<String>,

    /// Read the first line as a record: there is no header
    #[arg(long, global = true, help_heading = READING, hide_short_help = true)]
    pub no_header: bool,

    /// Name the columns of an input without a header, as in id,city,price
    #[arg(long, value_name = "NAMES", value_delimiter = ',', global = true, help_heading = READING, hide_short_help = true)]
    pub header: Vec<String>,

    /// Set the order in dates like 3/12/2026
    #[arg(long, value_name = "ORDER", global = true, help_heading = READING, hide_short_help = true)]
    pub date_order: Option<DateOrder>,
}

impl InputArgs {
    /// Refuses a `-` that would wait for somebody to type.
    pub fn check(&self) -> Result<(), Failure> {
        check(&self.inputs)
    }

    /// The columns settled by hand: the mapping file's, then `--map`, which wins.
    pub fn mapping(&self) -> Result<Vec<(String, String)>, Failure> {
        let mut pairs = match &self.map_file {
            Some(path) => parse::map_file(path)?,
            None => Vec::new(),
        };
        for (header, field) in &self.map {
            pairs.retain(|(known, _)| known != header);
            pairs.push((header.clone(), field.clone()));
        }
        Ok(pairs)
    }
}

fn check(inputs: &[OsString]) -> Result<(), Failure> {
    let dashes = inputs.iter().filter(|input| *input == "-").count();
    if dashes > 1 {
        return Err(Failure::usage("standard input is named twice").hint("give `-` once"));
    }
    if dashes == 1 && std::io::stdin().is_terminal() {
        return Err(
            Failure::usage("`-` reads standard input, which is a terminal here")
                .hint("name a file, or pipe something in")
                .with_short_help(),
        );
    }
    Ok(())
}

/// The order of day, month and year in dates made of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DateOrder {
    /// 2026/12/3
    Ymd,
    /// 3/12/2026 is in December
    Dmy,
    /// 3/12/2026 is in March
    Mdy,
}
