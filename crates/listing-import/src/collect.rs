//! Inputs become feeds: each is opened, its columns are understood from a sample, and whose records
//! they are is settled.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::Result;
use cli::{Config, Failure, InputArgs, Ui};
use intake::understand::{Meaning, Understanding, Wishes, understand};
use intake::{Format, HeaderOption, Input, Note, Origin, ReadOptions, Record, Table};
use model::codes::AreaUnit;
use model::dates::DateOrder;
use model::jiff::tz::TimeZone;
use model::listing::{Listing, ListingField};
use model::money::Currency;
use model::rule::Lang;
use store::Store;

use crate::fill;
use crate::normalise::{Defaults, Memory, Normaliser, Zone};
use crate::origins::{self, Origins};
use crate::rules::{Columns, Context, Numbers};

/// Records from which columns are understood.
const SAMPLE: usize = 2_000;
/// Records below which a sample says nothing of habits.
const FEW: usize = 20;
/// Bytes of the sample, so that a file of giant records does not fill the memory.
const SAMPLE_BYTES: usize = 8 << 20;

/// What is known of one input before its records are read.
pub(crate) struct Feed {
    /// What rejects must know of it, its name among it.
    pub origin: Arc<Origin>,
    /// What it was read as.
    pub format: Format,
    /// The encoding it was read in.
    pub encoding: String,
    /// What the columns mean.
    pub understanding: Understanding,
    /// Reads the records.
    pub normaliser: Normaliser,
    /// The fields of which it says something.
    pub given: Columns,
    /// How the run reads what the columns leave open.
    pub defaults: Defaults,
    /// What the rules may look at.
    pub context: Context,
    /// Originating system of records that do not name theirs.
    pub system: String,
}

/// The records of one input, still to be read.
pub(crate) struct Opened {
    /// Those behind the sample.
    pub table: Table,
    /// Those that were read to understand the columns; they come first.
    pub sample: Vec<Record>,
    /// Its feeds among all: one, or one for each input that a rejects file brings rows of.
    pub feeds: Range<usize>,
    /// Which of them a row is from, where there are several.
    pub origins: Option<Origins>,
}

impl Feed {
    /// Whether a row tells of all photos, videos and tours of its listing, so that others are gone.
    pub(crate) fn tells_media(&self) -> bool {
        let json = matches!(self.format, Format::Json | Format::Ndjson);
        self.normaliser.has_media_column()
            || json && self.normaliser.has_column(ListingField::Photos)
    }

    /// Name of the file the records are from.
    pub(crate) fn source(&self) -> &str {
        self.origin.source()
    }

    /// What the store keeps of how the columns were understood: the mapping, and the fields that they fill.
    pub(crate) fn mapping(&self) -> serde_json::Result<String> {
        let mut mapping = serde_json::to_value(&self.understanding)?;
        let filled = ListingField::ALL
            .iter()
            .filter(|field| self.context.has_column(**field));
        mapping["filled"] = filled.map(|field| field.name()).collect();
        serde_json::to_string(&mapping)
    }

    /// The field a column fills, for findings about cells.
    pub(crate) fn field_of(&self, column: Option<usize>) -> Option<&'static str> {
        match &self.understanding.columns.get(column?)?.meaning {
            Meaning::Field(name) => Some(match name.as_str() {
                "layout" => "bedrooms_total",
                "floor" => "entry_level",
                name => ListingField::from_name(name)?.name(),
            }),
            _ => None,
        }
    }
}

/// Opens the inputs a command names. `store` gives the store that may know under which understanding
/// a rejects file's rows were first read.
pub(crate) fn collect(
    input: &InputArgs,
    inputs: &[std::ffi::OsString],
    numbers: &Numbers,
    ui: &mut Ui,
    store: &dyn Fn() -> Option<Store>,
) -> Result<(Vec<Feed>, Vec<Opened>)> {
    let mut feeds = Vec::with_capacity(inputs.len());
    let mut tables = Vec::with_capacity(inputs.len());
    for name in inputs {
        let opened = open(input, name, numbers, ui, store, &mut feeds)?;
        tables.push(opened);
    }
    Ok((feeds, tables))
}

fn open(
    args: &InputArgs,
    name: &std::ffi::OsStr,
    numbers: &Numbers,
    ui: &mut Ui,
    store: &dyn Fn() -> Option<Store>,
    feeds: &mut Vec<Feed>,
) -> Result<Opened> {
    let config = ui.config();
    let input = Input::parse(name).map_err(reading)?;
    let mut table = open_input(input, read_options(args), ui)?;
    let (sample, whole) = sample(&mut table)?;

    let system = system(args, &config, table.source());
    let source = config.source(&system);
    let text = |own: Option<&String>, shared: &str| {
        own.cloned()
            .unwrap_or_else(|| config.text(shared).to_owned())
    };
    let currency_text = text(
        args.currency
            .as_ref()
            .or(source.and_then(|source| source.currency.as_ref())),
        "defaults.currency",
    );
    let currency = Currency::from_code(&currency_text).ok_or_else(|| {
        Failure::usage(format!("unknown currency `{currency_text}`"))
            .hint("use an ISO 4217 code like CNY")
    })?;
    let area_text = text(
        args.area_unit
            .as_ref()
            .or(source.and_then(|source| source.area_unit.as_ref())),
        "defaults.area_unit",
    );
    let area_unit = area_unit(&area_text).ok_or_else(|| {
        Failure::usage(format!("unknown unit of area `{area_text}`")).hint("use sqm, sqft or acre")
    })?;
    let time_zone = match source.and_then(|source| source.tz.as_deref()) {
        Some(zone) => TimeZone::get(zone).map_err(|_| {
            Failure::usage(format!("unknown time zone `{zone}` of source `{system}`"))
                .hint("use an IANA name")
        })?,
        None => ui.tz().clone(),
    };

    let mut map = source.map(|source| source.map.clone()).unwrap_or_default();
    map.extend(args.mapping()?);
    let mut units = source.map(|source| source.unit.clone()).unwrap_or_default();
    units.extend(args.unit.iter().cloned());
    let known_currency =
        args.currency.is_some() || source.is_some_and(|source| source.currency.is_some());
    let known_area_unit =
        args.area_unit.is_some() || source.is_some_and(|source| source.area_unit.is_some());
    for (index, (header, field)) in map.iter().enumerate() {
        let twice = |(other, same): &&(String, String)| same == field && other != header;
        let free = ["skip", "extra", "tokens"].contains(&field.as_str());
        if let Some((other, _)) = map[..index].iter().find(twice).filter(|_| !free) {
            return Err(Failure::usage(format!(
                "`{other}` and `{header}` are both mapped to `{field}`"
            ))
            .hint("a field is read from one column")
            .into());
        }
    }
    let wishes = Wishes {
        map,
        units,
        currency: known_currency.then_some(currency),
        area_unit: known_area_unit.then_some(area_unit),
        date_order: args.date_order.map(|order| match order {
            cli::DateOrder::Ymd => DateOrder::Ymd,
            cli::DateOrder::Dmy => DateOrder::Dmy,
            cli::DateOrder::Mdy => DateOrder::Mdy,
        }),
        default_currency: Some(currency),
    };
    let (mut understandings, origins) = match table.reject_columns().and_then(|_| store()) {
        Some(store) => origins::trace(&store, &table, &sample, whole),
        None => (Vec::new(), None),
    };
    let of_feed = |feed: usize| {
        let is_its = move |origins: &Origins, record| origins.of(record) == feed;
        let origins = origins.as_ref();
        sample
            .iter()
            .filter(move |record| origins.is_none_or(|origins| is_its(origins, record)))
    };
    let others = origins.as_ref().map_or(0, Origins::others);
    if others == understandings.len() {
        // Rows of which nothing is known beforehand: as a rule, all.
        let some: Vec<Record>;
        let rows = match &origins {
            Some(_) => {
                some = of_feed(others).cloned().collect();
                &some
            }
            None => &sample,
        };
        let target = intake::synonyms::listing();
        let understood = understand(target, table.headers(), table.has_header(), rows, &wishes);
        understandings.push(understood.map_err(|undecided| {
            Failure::failed(format!("cannot import `{}`: {undecided}", table.source()))
        })?);
    }

    for note in table.notes() {
        tell(note, ui);
    }
    let defaults = Defaults {
        currency,
        area_unit,
        time_zone: Zone::new(time_zone),
    };
    let first = feeds.len();
    for (index, understanding) in understandings.into_iter().enumerate() {
        for note in &understanding.notes {
            tell(note, ui);
        }
        let normaliser = Normaliser::new(&understanding, defaults.clone());
        // A packed column may hold anything; a rejects file was looked at when its rows first came.
        let columns = &understanding.columns;
        let packed = columns
            .iter()
            .any(|column| matches!(column.meaning, Meaning::Tokens));
        if !sample.is_empty() && !packed && table.reject_columns().is_none() {
            require_home(&normaliser, table.source())?;
            tell_missing(&normaliser, table.source(), ui);
        }
        let columns = filled(&normaliser, of_feed(index));
        let given = fill::given(&normaliser, &understanding);
        feeds.push(Feed {
            origin: table.origin(),
            format: table.format(),
            encoding: table.encoding().to_owned(),
            understanding,
            normaliser,
            given,
            defaults: defaults.clone(),
            context: Context {
                today: ui.today(),
                columns,
                numbers: numbers.clone(),
            },
            system: system.clone(),
        });
    }
    Ok(Opened {
        table,
        sample,
        feeds: first..feeds.len(),
        origins,
    })
}

/// How an input's bytes are to be read.
pub(crate) fn read_options(args: &InputArgs) -> ReadOptions {
    ReadOptions {
        encoding: args.encoding.clone(),
        delimiter: args.delimiter,
        sheet: args.sheet.clone(),
        header: match (args.no_header, args.header.is_empty()) {
            (_, false) => HeaderOption::Given(args.header.clone()),
            (true, true) => HeaderOption::None,
            (false, true) => HeaderOption::Detect,
        },
    }
}

/// The first records of a table, from which its columns are understood, and whether they are all it has.
pub(crate) fn sample(table: &mut Table) -> Result<(Vec<Record>, bool)> {
    let mut sample = Vec::new();
    let mut bytes = 0;
    let mut record = Record::new();
    while sample.len() < SAMPLE && bytes < SAMPLE_BYTES {
        if !table.read(&mut record).map_err(reading)? {
            return Ok((sample, true));
        }
        bytes += record.iter().map(str::len).sum::<usize>();
        sample.push(record.clone());
    }
    Ok((sample, false))
}

/// The originating system of a file's records that do not name theirs.
pub(crate) fn system(args: &InputArgs, config: &Config, source: &str) -> String {
    let given = args.source.as_deref();
    given
        .or_else(|| config.source_name_for(source))
        .unwrap_or("default")
        .to_owned()
}

/// Refuses a file none of whose columns says anything of a home: some other file, or what a run said of
/// listings, which would empty them.
fn require_home(normaliser: &Normaliser, source: &str) -> Result<()> {
    use ListingField::*;
    let says_nothing = [
        OriginatingSystemName,
        OriginatingSystemKey,
        ListingId,
        StandardStatus,
        MlsStatus,
        Channel,
        Url,
        Extra,
    ];
    let mut fields = ListingField::ALL.iter();
    if fields.any(|field| !says_nothing.contains(field) && normaliser.has_column(*field)) {
        return Ok(());
    }
    Err(Failure::failed(format!(
        "cannot import `{source}`: none of its columns says anything of a home, such as price, area or community"
    ))
    .hint("see --show-mapping; name a column's field with --map HEADER=field")
    .into())
}

/// Tells which core fields a file has no column for, once and not for each of its rows.
fn tell_missing(normaliser: &Normaliser, source: &str, ui: &mut Ui) {
    use ListingField::*;
    let core: [(&str, &[ListingField]); 5] = [
        ("title", &[Title]),
        ("layout", &[BedroomsTotal, RoomsTotal, Studio]),
        ("area", &[BuildingAreaTotal, LivingArea, LotSizeArea]),
        ("price", &[ListPrice, UnitPrice, LeaseAmount, ClosePrice]),
        ("floor", &[EntryLevel, FloorBand, StoriesTotal]),
    ];
    let missing: Vec<&str> = core
        .into_iter()
        .filter(|(_, fields)| !fields.iter().any(|field| normaliser.has_column(*field)))
        .map(|(name, _)| name)
        .collect();
    if missing.is_empty() {
        return;
    }
    let missing = missing.join(", ");
    ui.note(match ui.lang() {
        Lang::En => {
            format!("`{source}` has no column for {missing}: its listings are stored without")
        }
        Lang::Zh => format!("`{source}` 没有这些列：{missing}；其房源将不含这些内容"),
    });
}

/// Opens an input. Standard input is read to its end first, which may take as long as whoever writes
/// to it likes: it happens on a thread of its own, so that Ctrl-C ends the waiting.
pub(crate) fn open_input(input: Input, options: ReadOptions, ui: &Ui) -> Result<Table> {
    if input != Input::Stdin {
        return Ok(intake::open(&input, &options).map_err(reading)?);
    }
    let (sender, opened) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody listens any more after Ctrl-C.
        let _ = sender.send(intake::open(&input, &options));
    });
    loop {
        match opened.recv_timeout(Duration::from_millis(50)) {
            Ok(table) => return Ok(table.map_err(reading)?),
            Err(RecvTimeoutError::Timeout) => ui.check_interrupt()?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::failed("standard input could not be read").into());
            }
        }
    }
}

/// The fields that the input's columns fill, as a rule: where a source leaves a column empty in one row
/// of four, an empty cell is its habit, not the row's fault.
fn filled<'r>(normaliser: &Normaliser, sample: impl Iterator<Item = &'r Record>) -> Columns {
    let mut counts = vec![0_usize; ListingField::ALL.len()];
    let (mut listing, mut findings, mut good) = (Listing::default(), Vec::new(), 0);
    let mut memory = Memory::default();
    for record in sample.filter(|record| record.fault().is_none()) {
        good += 1;
        listing.clear();
        findings.clear();
        normaliser.normalise(record, &mut memory, &mut listing, &mut findings);
        for (count, field) in counts.iter_mut().zip(ListingField::ALL) {
            *count += usize::from(!listing.get(*field).is_null());
        }
    }
    ListingField::ALL
        .iter()
        .zip(counts)
        .filter(|(field, count)| {
            normaliser.has_column(**field) && *count > 0 && (good < FEW || count * 4 >= good * 3)
        })
        .map(|(field, _)| *field)
        .collect()
}

fn tell(note: &Note, ui: &mut Ui) {
    let text = note.text(ui.lang()).to_owned();
    ui.note(text);
}

fn area_unit(text: &str) -> Option<AreaUnit> {
    Some(match text.to_ascii_lowercase().as_str() {
        "sqm" | "m2" | "squaremeters" | "㎡" => AreaUnit::SquareMeters,
        "sqft" | "ft2" | "squarefeet" => AreaUnit::SquareFeet,
        "acre" | "acres" => AreaUnit::Acres,
        _ => return None,
    })
}

/// A failure of the input as the words and exit code of a tool.
pub(crate) fn reading(error: intake::Error) -> Failure {
    let failure = Failure::failed(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
