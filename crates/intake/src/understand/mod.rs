//! What the columns of a file mean, told from their headers and from a sample of their values.
//!
//! ```text
//! headers ──► header.rs (candidates, units) ─┐
//!                                            ├─► choose.rs (a meaning each) ─► facts.rs ─► amounts.rs, prices.rs (units)
//! sample ───► profile.rs (forms, repeats) ───┘        fit.rs, packed.rs
//! ```
//!
//! A row normaliser needs [`Understanding::columns`] (what a cell is), [`Understanding::facts`] (what
//! holds for every row without a value of its own) and [`Understanding::handling`] (where one column
//! decides how another is read). Field names are those of the record, and the composites of
//! [`crate::synonyms::COMPOSITES`].

mod amounts;
mod choose;
mod facts;
mod fit;
mod header;
mod known;
mod media;
mod packed;
mod prices;
mod profile;
mod unit;

#[cfg(test)]
mod tests;

use model::codes::AreaUnit;
use model::dates::DateOrder;
use model::money::Currency;
use serde::{Deserialize, Serialize};

pub use crate::error::Note;
pub use unit::{BareFloor, Unit};

use crate::synonyms::Target;
use crate::{Record, rules};
use header::Lookup;
use profile::Profile;

/// Records of a sample beyond this many are not looked at.
pub const SAMPLE_CAP: usize = 2_000;

/// What the caller said; it wins over everything found.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// Header and field; `skip` and `extra` are fields here.
    pub map: Vec<(String, String)>,
    /// Field (or header) and unit: `list_price`, `万`.
    pub units: Vec<(String, String)>,
    /// Currency of the amounts.
    pub currency: Option<Currency>,
    /// Unit of the areas.
    pub area_unit: Option<AreaUnit>,
    /// Order of day, month and year.
    pub date_order: Option<DateOrder>,
    /// Currency where nothing tells one; renminbi if absent.
    pub default_currency: Option<Currency>,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// One field, or a composite.
    Field(String),
    /// One or several values, each recognised by its form ([`crate::recognise::tokens`]).
    Tokens,
    /// Several fields divided by a separator ([`crate::recognise::split`]).
    Split {
        /// `-`, or a blank for any run of blanks.
        separator: String,
        /// Fields in their order.
        fields: Vec<String>,
    },
    /// Unknown; kept beside the record, sealed.
    Extra,
    /// Of no use: running numbers, columns of a rejects file.
    Skip,
}

/// One column, understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Header as written.
    pub header: String,
    /// What it holds.
    pub meaning: Meaning,
    /// Units of cells that carry none of their own.
    pub unit: Unit,
    /// Why.
    pub evidence: String,
    /// A field it may be, which is not taken without being asked for.
    pub suggestion: Option<String>,
    /// Words at the end of every cell that are no part of the value: `租房` in `宁园租房`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strip: Option<String>,
    /// For [`Meaning::Tokens`]: the field of the one piece that has no known form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<String>,
}

/// Something that holds for every row without a value of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Field.
    pub field: String,
    /// Value, as it stands on the wire.
    pub value: String,
    /// Why.
    pub evidence: String,
    /// Whether nothing in the file says so: it is taken from the place or the config.
    #[serde(default)]
    pub assumed: bool,
}

/// Where one column decides how a row is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Handling {
    /// Column of page addresses whose last number is the listing's id ([`crate::recognise::url_id`]):
    /// no column holds an id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_from_url: Option<usize>,
    /// Column of page addresses whose host names the city ([`crate::recognise::url_city`]), where the
    /// file has more than one city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city_from_url: Option<usize>,
    /// Column of titles that begin with the rent mode ([`crate::recognise::title_rent_mode`]), where no
    /// column holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rent_mode_from_title: Option<usize>,
    /// Column that says row by row what `list_price` is a price of: total, unit or rent_month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_basis: Option<usize>,
    /// Column of sale methods (S, PI, VB …). `close_price` and `close_date` hold on rows whose status
    /// reads Closed ([`model::codes_text::sale_method_status`]); on others the amount was only bid or asked (`list_price`), and the date is that of
    /// the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale_method: Option<usize>,
}

/// What the columns of a file mean.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Understanding {
    /// One for each header.
    pub columns: Vec<Column>,
    /// What holds for every row without a value of its own.
    pub facts: Vec<Fact>,
    /// Findings about the file.
    pub notes: Vec<Note>,
    /// Columns nobody knows.
    pub left_over: Vec<usize>,
    /// Where one column decides how a row is read.
    #[serde(default)]
    pub handling: Handling,
}

/// Something the file does not tell and the caller must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// Column, from 0, where it is about one.
    pub column: Option<usize>,
    /// Its header.
    pub header: String,
    /// What is open, and what was tried.
    pub why: String,
    /// What to type.
    pub pass: String,
}

impl std::fmt::Display for Undecided {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "column `{}`: {}; pass `{}`",
            self.header, self.why, self.pass
        )
    }
}

impl std::error::Error for Undecided {}

impl Understanding {
    /// The column that holds a field by itself.
    pub fn column_of(&self, field: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| matches!(&column.meaning, Meaning::Field(name) if name == field))
    }

    /// The value of a fact.
    pub fn fact(&self, field: &str) -> Option<&str> {
        self.facts
            .iter()
            .find(|fact| fact.field == field)
            .map(|fact| fact.value.as_str())
    }

    /// Header, field, unit and evidence of each column, then of each fact: `--show-mapping`.
    pub fn table(&self) -> Vec<[String; 4]> {
        let columns = self.columns.iter().map(|column| {
            let field = match &column.meaning {
                Meaning::Field(name) => name.clone(),
                Meaning::Tokens => match &column.rest {
                    Some(rest) => format!("(by form, and {rest})"),
                    None => "(by form)".to_owned(),
                },
                Meaning::Split { fields, separator } => {
                    fields.join(&format!(" {} ", separator.trim()))
                }
                Meaning::Extra => "(left over)".to_owned(),
                Meaning::Skip => "(skipped)".to_owned(),
            };
            let mut evidence = column.evidence.clone();
            if let Some(suggestion) = &column.suggestion {
                evidence.push_str(&format!("; `--map {}={suggestion}`?", column.header));
            }
            [
                column.header.clone(),
                field,
                column.unit.describe(),
                evidence,
            ]
        });
        let facts = self.facts.iter().map(|fact| {
            [
                "(every row)".to_owned(),
                fact.field.clone(),
                fact.value.clone(),
                fact.evidence.clone(),
            ]
        });
        columns.chain(facts).collect()
    }
}

/// Understands the columns of a file from its headers and a sample of its records.
///
/// The same input gives the same answer. Of the sample the first [`SAMPLE_CAP`] records count, and
/// among them those without a fault.
///
/// # Errors
///
/// When a unit or an order of dates is told by nothing, or a wish names a field there is not.
pub fn understand(
    target: &Target,
    headers: &[String],
    has_header: bool,
    sample: &[Record],
    wishes: &Wishes,
) -> Result<Understanding, Undecided> {
    let sample = &sample[..sample.len().min(SAMPLE_CAP)];
    let lookup = Lookup::new(target);
    let profiles: Vec<Profile<'_>> = (0..headers.len())
        .map(|column| Profile::of(sample, column))
        .collect();
    let file = File {
        target,
        headers,
        profiles: &profiles,
        wishes,
    };
    let mut found = Understanding::default();
    choose::columns(&file, &lookup, has_header, &mut found)?;
    if target.name == "listing" {
        facts::trade(&file, &mut found);
    }
    if target.name != "media" {
        facts::place(&file, &mut found);
        amounts::units(&file, &lookup, &mut found)?;
        facts::identity(&file, &mut found);
    }
    found.left_over = (0..headers.len())
        .filter(|column| found.columns[*column].meaning == Meaning::Extra)
        .collect();
    Ok(found)
}

/// What all steps look at.
struct File<'a> {
    target: &'a Target,
    headers: &'a [String],
    profiles: &'a [Profile<'a>],
    wishes: &'a Wishes,
}

impl File<'_> {
    fn undecided(
        &self,
        column: Option<usize>,
        why: impl Into<String>,
        pass: impl Into<String>,
    ) -> Undecided {
        Undecided {
            column,
            header: column
                .map(|at| self.headers[at].clone())
                .unwrap_or_default(),
            why: why.into(),
            pass: pass.into(),
        }
    }
}

fn assumed(message: String, zh: String) -> Note {
    Note::new(rules::UNIT_ASSUMED.code, message).with_zh(zh)
}
