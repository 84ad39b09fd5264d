//! One record of the input becomes one [`Listing`]: each cell is read by what its column means.
//! What follows from several fields together is [`crate::settle`]'s work.

mod memo;
mod quantities;
mod reading;
mod zone;

use intake::Record;
use intake::recognise;
use intake::understand::{Handling, Meaning, Understanding, Unit};
use model::codes::{AreaUnit, MediaKind, StandardStatus};
use model::field::{Kind, Storage};
use model::listing::{Listing, ListingField};
use model::media::Media;
use model::money::Currency;
use model::rule::Finding;
use model::text;

use self::memo::{Memo, Values};
use self::reading::Reading;
pub(crate) use self::zone::Zone;
use crate::media::objects;

/// How a run reads what the columns leave open.
#[derive(Clone)]
pub(crate) struct Defaults {
    /// Currency where neither cell, column nor country tells.
    pub currency: Currency,
    /// Unit of areas where neither cell nor column tells.
    pub area_unit: AreaUnit,
    /// Zone of times without one.
    pub time_zone: Zone,
}

/// Reads the records of one table.
pub(crate) struct Normaliser {
    steps: Vec<Step>,
    facts: Vec<Fact>,
    handling: Handling,
    defaults: Defaults,
}

/// A value that the file has for all its records.
struct Fact {
    field: ListingField,
    value: String,
    /// What it was read as, where that does not depend on the record.
    read: Option<Values>,
}

/// What reading a table leaves behind for its next record.
#[derive(Default)]
pub(crate) struct Memory {
    /// By step.
    memos: Vec<Memo>,
    /// Where a cell is read to see what it comes to.
    scratch: Listing,
    /// Media that the record tells of, beside the addresses of its photos.
    pub(crate) media: Vec<Media>,
}

/// What is done with one column's cell.
struct Step {
    column: usize,
    header: String,
    unit: Unit,
    target: Target,
    /// Words at the end of every cell that are no part of its value.
    strip: Option<String>,
    /// Whether a cell comes to the same whatever else its record holds.
    by_itself: bool,
}

enum Target {
    Field(ListingField),
    Layout,
    Floor,
    /// Values told by their form; a piece without a known form is the field's.
    Tokens(Option<ListingField>),
    Split(String, Vec<ListingField>),
    /// Videos or tours.
    Media(MediaKind),
    Extra,
}

impl Normaliser {
    /// Prepares the reading of a table whose columns mean what `understanding` says.
    pub(crate) fn new(understanding: &Understanding, defaults: Defaults) -> Self {
        let mut steps = Vec::new();
        for (column, understood) in understanding.columns.iter().enumerate() {
            let target = match &understood.meaning {
                Meaning::Skip => continue,
                Meaning::Extra => Target::Extra,
                Meaning::Tokens => {
                    Target::Tokens(understood.rest.as_deref().and_then(ListingField::from_name))
                }
                Meaning::Split { separator, fields } => Target::Split(
                    separator.clone(),
                    fields
                        .iter()
                        .filter_map(|name| ListingField::from_name(name))
                        .collect(),
                ),
                Meaning::Field(name) => match name.as_str() {
                    "layout" => Target::Layout,
                    "floor" => Target::Floor,
                    name => match objects::column_kind(name) {
                        Some(kind) => Target::Media(kind),
                        None => ListingField::from_name(name).map_or(Target::Extra, Target::Field),
                    },
                },
            };
            let by_itself = target.is_by_itself();
            steps.push(Step {
                by_itself,
                column,
                header: understood.header.clone(),
                unit: understood.unit,
                target,
                strip: understood.strip.clone(),
            });
        }
        // Amounts have the minor units of their record's currency.
        steps.sort_by_key(|step| !matches!(step.target, Target::Field(ListingField::Currency)));
        let mut scratch = Listing::default();
        let facts = understanding
            .facts
            .iter()
            .filter_map(|fact| {
                let target = Target::Field(ListingField::from_name(&fact.field)?);
                let by_itself = target.is_by_itself();
                let Target::Field(field) = target else {
                    return None;
                };
                let read = by_itself.then(|| {
                    values(&mut scratch, &defaults, |reading| {
                        reading.field(field, &fact.value, &Unit::default());
                    })
                });
                Some(Fact {
                    field,
                    value: fact.value.clone(),
                    read: read.flatten(),
                })
            })
            .collect();
        Normaliser {
            steps,
            facts,
            handling: understanding.handling.clone(),
            defaults,
        }
    }

    /// Whether some column can fill the field.
    pub(crate) fn has_column(&self, wanted: ListingField) -> bool {
        self.steps.iter().any(|step| match &step.target {
            Target::Field(field) => *field == wanted,
            Target::Layout => wanted == ListingField::BedroomsTotal,
            Target::Floor => matches!(
                wanted,
                ListingField::EntryLevel | ListingField::FloorBand | ListingField::StoriesTotal
            ),
            Target::Split(_, fields) => fields.contains(&wanted),
            // A packed column may hold anything, and a row without some of it is no bad row.
            Target::Tokens(rest) => *rest == Some(wanted),
            Target::Media(_) | Target::Extra => false,
        })
    }

    /// Whether some column holds videos or tours.
    pub(crate) fn has_media_column(&self) -> bool {
        let mut targets = self.steps.iter().map(|step| &step.target);
        targets.any(|target| matches!(target, Target::Media(_)))
    }

    /// Whether a column may hold any field, so that nothing can be said to be absent from the input.
    pub(crate) fn may_hold_anything(&self) -> bool {
        let packed = |step: &Step| matches!(step.target, Target::Tokens(_));
        self.steps.iter().any(packed)
    }

    /// Whether the records carry ids of their own.
    pub(crate) fn has_id(&self) -> bool {
        self.handling.id_from_url.is_some() || self.has_column(ListingField::ListingId)
    }

    /// Reads a record into `listing`, which must be clear; what cannot be read becomes a finding.
    /// `memory` must be this table's own.
    pub(crate) fn normalise(
        &self,
        record: &Record,
        memory: &mut Memory,
        listing: &mut Listing,
        findings: &mut Vec<Finding>,
    ) {
        memory.memos.resize_with(self.steps.len(), Memo::default);
        let mut reading = Reading::new(listing, findings, &self.defaults);
        reading.is_tidy = text::is_tidy(record.whole());
        for (step, memo) in self.steps.iter().zip(&mut memory.memos) {
            let cell = record.text(step.column);
            if cell.is_empty() {
                continue;
            }
            let key = step.by_itself.then(|| memo.key(cell)).flatten();
            let Some(key) = key else {
                self.read(step, cell, &mut reading);
                continue;
            };
            if let Some(known) = memo.find(&key) {
                known.set(reading.listing);
                continue;
            }
            let read = values(&mut memory.scratch, &self.defaults, |reading| {
                self.read(step, cell, reading);
            });
            match read {
                Some(values) => memo.keep(key, values).set(reading.listing),
                // Something is to be told of this cell: it is read for its record alone.
                None => self.read(step, cell, &mut reading),
            }
        }
        memory.media = reading.media;
        if let Some(extra) = reading.extra {
            listing.extra = serde_json::Value::Object(extra).to_string();
        }
        self.handle(record, listing);
        for fact in &self.facts {
            if !listing.get(fact.field).is_null() {
                continue;
            }
            match &fact.read {
                Some(values) => values.set(listing),
                None => Reading::new(listing, findings, &self.defaults).field(
                    fact.field,
                    &fact.value,
                    &Unit::default(),
                ),
            }
        }
    }

    /// Reads one column's cell.
    fn read(&self, step: &Step, cell: &str, reading: &mut Reading<'_>) {
        let bare = match &step.strip {
            Some(words) => {
                let cell = text::trim(cell);
                cell.strip_suffix(words.as_str()).unwrap_or(cell)
            }
            None => cell,
        };
        let Some(cell) = text::present(bare) else {
            return;
        };
        if step.target.is_masked(cell) {
            // It says nothing; what is stored stays.
            return;
        }
        if !step.target.is_prose() && is_withheld(cell) {
            return reading.withheld(&step.target);
        }
        match &step.target {
            Target::Field(ListingField::StandardStatus)
                if self.handling.sale_method == Some(step.column) =>
            {
                reading.sale_method(cell);
            }
            Target::Field(field) => reading.field(*field, cell, &step.unit),
            Target::Layout => reading.layout(cell),
            Target::Floor => reading.floor(cell, &step.unit),
            Target::Tokens(rest) => reading.tokens(cell, &step.header, *rest),
            Target::Split(separator, fields) => {
                let keep = fields
                    .iter()
                    .position(|field| *field == ListingField::SubdivisionName)
                    .unwrap_or(0);
                let parts = recognise::split(cell, separator, fields.len(), keep);
                for (part, field) in parts.into_iter().zip(fields) {
                    if let Some(part) = text::present(part) {
                        reading.field(*field, part, &step.unit);
                    }
                }
            }
            Target::Media(kind) => reading.media(cell, *kind, None),
            Target::Extra => reading.extra(&step.header, cell),
        }
    }

    /// What one column decides about another.
    fn handle(&self, record: &Record, listing: &mut Listing) {
        let cell = |column: Option<usize>| column.map(|column| record.text(column));
        if listing.listing_id.is_empty()
            && let Some(id) = cell(self.handling.id_from_url).and_then(recognise::url_id)
        {
            listing.listing_id.push_str(id);
        }
        if listing.city.is_empty()
            && let Some(city) = cell(self.handling.city_from_url).and_then(recognise::url_city)
        {
            listing.city.push_str(city);
        }
        if listing.rent_mode.is_none() {
            listing.rent_mode =
                cell(self.handling.rent_mode_from_title).and_then(recognise::title_rent_mode);
        }
        if self.handling.sale_method.is_some()
            && listing.standard_status != Some(StandardStatus::Closed)
        {
            // Not sold: the amount was bid or asked, and the day is that of the status.
            listing.list_price = listing.close_price.take();
            listing.off_market_date = listing.close_date.take();
        }
    }
}

impl Target {
    /// Whether the cell is a private value with a mask over it, as our own output has it.
    fn is_masked(&self, cell: &str) -> bool {
        match self {
            Target::Field(ListingField::PrivateRemarks) => cell.bytes().all(|byte| byte == b'*'),
            Target::Field(field) => field.field().storage == Storage::Sealed && cell.contains('*'),
            _ => false,
        }
    }

    /// Whether the cell is an advert's own words, which may speak of apps and stars.
    fn is_prose(&self) -> bool {
        matches!(
            self,
            Target::Field(ListingField::Title | ListingField::PublicRemarks)
        )
    }

    /// Whether a cell comes to the same whatever else its record holds.
    fn is_by_itself(&self) -> bool {
        match self {
            Target::Layout | Target::Floor => true,
            Target::Field(field) => match field.field().kind {
                // The trade follows from the type only where nothing else says it.
                Kind::Code => *field != ListingField::PropertyType,
                Kind::Flag | Kind::Integer | Kind::Area => true,
                Kind::List => *field == ListingField::Orientation,
                Kind::Text => {
                    *field != ListingField::Metro && field.field().storage != Storage::Sealed
                }
                Kind::Money | Kind::Decimal | Kind::Date | Kind::Instant => false,
            },
            Target::Tokens(_) | Target::Split(..) | Target::Media(_) | Target::Extra => false,
        }
    }
}

/// What a reading sets in an empty record; nothing where it has something to tell.
fn values(
    scratch: &mut Listing,
    defaults: &Defaults,
    read: impl FnOnce(&mut Reading<'_>),
) -> Option<Values> {
    scratch.clear();
    let mut findings = Vec::new();
    read(&mut Reading::new(scratch, &mut findings, defaults));
    findings.is_empty().then(|| Values::of(scratch))
}

/// Reads a value that a person gives for a field, or for `layout` or `floor`, as a cell of an import is read;
/// what is wrong with it becomes a finding.
pub(crate) fn read_value(
    name: &str,
    value: &str,
    defaults: &Defaults,
    listing: &mut Listing,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut reading = Reading::new(listing, &mut findings, defaults);
    let unit = Unit::default();
    match (name, ListingField::from_name(name)) {
        ("layout", _) => reading.layout(value),
        ("floor", _) => reading.floor(value, &unit),
        (_, Some(field)) => reading.field(field, value, &unit),
        (_, None) => {}
    }
    findings
}

/// Whether a cell says that its value is to be had elsewhere or later: portals write `近30天内成交` for a
/// date, and `1**` or `下载APP查看成交>` for a price they keep to themselves.
fn is_withheld(cell: &str) -> bool {
    if cell.len() > LONGEST_WITHHELD {
        return false;
    }
    if cell.is_ascii() {
        return cell.ends_with('*')
            && cell
                .bytes()
                .all(|byte| byte == b'*' || byte.is_ascii_digit());
    }
    cell.starts_with("近30天内")
        || cell == "暂不公开"
        || (memchr::memchr(b'A', cell.as_bytes()).is_some()
            && cell.contains("APP")
            && cell.contains("查看"))
}

/// Bytes of the longest cell that may say so.
const LONGEST_WITHHELD: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;
    use intake::understand::{Wishes, understand};
    use model::jiff::tz::TimeZone;

    fn normaliser(headers: &[&str], records: &[Record]) -> Normaliser {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let known = intake::synonyms::listing();
        let understanding =
            understand(known, &headers, true, records, &Wishes::default()).expect("decided");
        let defaults = Defaults {
            currency: Currency::CNY,
            area_unit: AreaUnit::SquareMeters,
            time_zone: Zone::new(TimeZone::UTC),
        };
        Normaliser::new(&understanding, defaults)
    }

    #[test]
    fn an_advert_may_speak_of_an_app() {
        let words = "下载APP可查看VR实景";
        let row = |price| Record::from_cells(2, ["A1", words, words, price]);
        let records = [row("下载APP查看成交>"), row("520万"), row("300万")];
        let normaliser = normaliser(&["编号", "标题", "房源描述", "总价"], &records);
        let (mut listing, mut findings) = (Listing::default(), Vec::new());
        let mut memory = Memory::default();
        normaliser.normalise(&records[0], &mut memory, &mut listing, &mut findings);
        assert_eq!(listing.title, words);
        assert_eq!(listing.public_remarks, words);
        assert_eq!(listing.list_price, None);
        assert_eq!(findings.len(), 1, "the price is withheld: {findings:?}");
    }

    #[test]
    fn a_cell_that_comes_again_is_read_the_same() {
        let headers = [
            "编号",
            "户型",
            "建筑面积",
            "楼层",
            "朝向",
            "装修",
            "年代",
            "电梯",
            "状态",
            "小区",
            "总价",
        ];
        let cells = [
            "1 2 3 A1 A2",
            "3室2厅 1室0厅 - 3室2厅1厨2卫 南",
            "89.5 120㎡ 0 89.5平米 x",
            "中楼层(共18层) 3/6 低楼层 12 暂无",
            "南北 南 朝 东南 精装",
            "精装 毛坯 其他 简装 12",
            "2005 0 2005年建 3000 暂无数据",
            "有 无 true 1** 近30天内成交",
            "在售 已售 active 下架 怪",
            "阳光花园 海棠华庭 阳光\u{200B}花园 a|b 未知",
            "520万 3000000 面议 -1 520",
        ];
        let cells = cells.map(|column| column.split(' ').collect::<Vec<_>>());
        let records: Vec<Record> = (0..400)
            .map(|row| {
                let cell = |column: usize| cells[column][(row * (column + 3) + row / 7) % 5];
                Record::from_cells(row as u64, (0..headers.len()).map(cell))
            })
            .collect();
        let normaliser = normaliser(&headers, &records);
        let read = |record: &Record, memory: &mut Memory| {
            let (mut listing, mut findings) = (Listing::default(), Vec::new());
            normaliser.normalise(record, memory, &mut listing, &mut findings);
            (listing, format!("{findings:?}"))
        };
        let mut memory = Memory::default();
        for record in records.iter().chain(&records) {
            assert_eq!(
                read(record, &mut memory),
                read(record, &mut Memory::default())
            );
        }
        assert!(memory.memos.iter().any(Memo::has_found));
    }
}
