//! A table of media: opened and understood as every table is.

use std::ffi::OsString;
use std::sync::Arc;

use anyhow::Result;
use cli::{Failure, InputArgs, Ui};
use intake::understand::{Meaning, Understanding, Wishes, understand};
use intake::{Format, Input, Mask, Origin, Record, Table};
use model::listing::ListingField;
use model::mask;
use model::media::MediaField;

use super::row::Reader;
use crate::args::Args;
use crate::collect::{self, reading};

/// One table of media, still to be read.
pub(crate) struct MediaTable {
    pub(super) table: Table,
    /// Records that were read to understand the columns; they come first.
    pub(super) sample: Vec<Record>,
    pub(super) origin: Arc<Origin>,
    pub(super) format: Format,
    pub(super) encoding: String,
    pub(crate) understanding: Understanding,
    pub(super) reader: Reader,
    /// Originating system of rows that do not name theirs.
    pub(super) system: String,
}

impl MediaTable {
    /// Name of the file.
    pub(crate) fn source(&self) -> &str {
        self.origin.source()
    }

    /// How much of each column a rejects file that is shared shows: what nobody knows may be private.
    pub(super) fn masks(&self) -> Vec<Option<Mask>> {
        let columns = self.understanding.columns.iter();
        columns
            .map(|column| match column.meaning {
                Meaning::Field(_) | Meaning::Skip => None,
                _ => Some(mask::text as Mask),
            })
            .collect()
    }
}

/// Opens the tables of `--media`.
pub(crate) fn open(args: &Args, ui: &mut Ui) -> Result<Vec<MediaTable>> {
    let mut tables = Vec::with_capacity(args.media.len());
    for name in &args.media {
        tables.push(open_one(args, name, ui)?);
    }
    Ok(tables)
}

fn open_one(args: &Args, name: &OsString, ui: &mut Ui) -> Result<MediaTable> {
    let input = Input::parse(name).map_err(reading)?;
    let mut table = collect::open_input(input, collect::read_options(&args.input), ui)?;
    let (sample, _) = collect::sample(&mut table)?;
    let system = collect::system(&args.input, &ui.config(), table.source());
    // What the config says of a source's columns is said of those of its listings, and so is what the command
    // line says where it names both.
    let is_ours =
        |(header, field): &(String, String)| table.headers().contains(header) && is_field(field);
    let config = ui.config();
    let of_source = config.source(&system).map(|source| source.map.clone());
    let mut map: Vec<_> = of_source.into_iter().flatten().filter(is_ours).collect();
    let said = args.input.mapping()?;
    let alone = args.input.inputs.is_empty();
    map.extend(said.into_iter().filter(|pair| alone || is_ours(pair)));
    let wishes = Wishes {
        map,
        ..Wishes::default()
    };
    let understanding = understand(
        intake::synonyms::media(),
        table.headers(),
        table.has_header(),
        &sample,
        &wishes,
    )
    .map_err(|undecided| {
        Failure::failed(format!("cannot import `{}`: {undecided}", table.source()))
    })?;
    for note in table.notes().iter().chain(&understanding.notes) {
        let text = note.text(ui.lang()).to_owned();
        ui.note(text);
    }
    let reader = Reader::new(&understanding);
    for needed in [MediaField::ListingId, MediaField::Url] {
        if !reader.columns.contains(&needed) && !sample.is_empty() && !args.input.show_mapping {
            return Err(Failure::failed(format!(
                "cannot import `{}`: none of its columns is the {}",
                table.source(),
                if needed == MediaField::Url {
                    "address of a medium"
                } else {
                    "id of a listing"
                },
            ))
            .hint(format!(
                "see --show-mapping; name the column with --map HEADER={}",
                needed.name()
            ))
            .into());
        }
    }
    Ok(MediaTable {
        origin: table.origin(),
        format: table.format(),
        encoding: table.encoding().to_owned(),
        table,
        sample,
        understanding,
        reader,
        system,
    })
}

/// How the listings of a run are read that reads media too: what is said of columns of media is left out.
pub(crate) fn input_of_listings(args: &Args) -> Result<InputArgs> {
    let mut input = args.input.clone();
    if !args.media.is_empty() {
        input.map = args.input.mapping()?;
        input.map_file = None;
        input.map.retain(|(_, field)| {
            field != "pixels" && MediaField::from_name(field).is_none()
                || ListingField::from_name(field).is_some()
        });
    }
    Ok(input)
}

/// Whether a name can be a column's meaning here.
fn is_field(name: &str) -> bool {
    MediaField::from_name(name).is_some() || ["pixels", "skip", "extra"].contains(&name)
}
