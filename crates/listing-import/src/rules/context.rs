//! What a rule may look at besides the listing: the day, the columns of the input, and numbers.

use model::jiff::civil::Date;
use model::listing::ListingField;
use serde::{Deserialize, Serialize};

/// The fields for which an input has a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Columns([u64; 4]);

const _: () = assert!(ListingField::ALL.len() <= 256);

impl Columns {
    /// Every field: what is stored has room for all.
    pub fn all() -> Self {
        Columns([u64::MAX; 4])
    }

    /// Adds a field.
    pub fn add(&mut self, field: ListingField) {
        self.0[field as usize / 64] |= 1 << (field as usize % 64);
    }

    /// Whether the input has a column for the field.
    #[inline]
    pub fn has(&self, field: ListingField) -> bool {
        self.0[field as usize / 64] >> (field as usize % 64) & 1 == 1
    }

    /// Whether each group has a field with a column.
    pub(super) fn has_each(&self, groups: &[&[ListingField]]) -> bool {
        groups
            .iter()
            .all(|group| group.iter().any(|field| self.has(*field)))
    }
}

impl FromIterator<ListingField> for Columns {
    fn from_iter<T: IntoIterator<Item = ListingField>>(fields: T) -> Self {
        let mut columns = Columns::default();
        for field in fields {
            columns.add(field);
        }
        columns
    }
}

/// What a rule may look at besides the listing.
#[derive(Debug, Clone)]
pub struct Context {
    /// The day of `--now`, in the zone of the run.
    pub today: Date,
    /// The fields the input can fill: columns, and facts that hold for the whole file.
    pub columns: Columns,
    /// Thresholds.
    pub numbers: Numbers,
}

impl Context {
    /// A context in which every field has a column.
    pub fn new(today: Date) -> Self {
        Context {
            today,
            columns: Columns::all(),
            numbers: Numbers::default(),
        }
    }

    /// Whether the input has a column for the field.
    #[inline]
    pub fn has_column(&self, field: ListingField) -> bool {
        self.columns.has(field)
    }

    /// Whether the input has a column for one of the fields.
    #[inline]
    pub(super) fn has_any(&self, fields: &[ListingField]) -> bool {
        fields.iter().any(|field| self.columns.has(*field))
    }
}

/// Thresholds of the rules; a section of the config. Defaults without a named source are our own
/// judgement of what no real listing shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Numbers {
    /// Photos a listing needs: living room, master bedroom, kitchen and bathroom (domain page, photos).
    pub photos_min: i64,
    /// Square metres of a home below which one bedroom is hard to believe.
    pub area_per_bedroom_min: i64,
    /// Bathrooms a home may have more than bedrooms.
    pub bathrooms_over_bedrooms_max: i64,
    /// Bedrooms above which a home is a typing error.
    pub bedrooms_max: i64,
    /// Per cent by which unit price × area may differ from the price; portals round both.
    pub unit_price_tolerance_percent: i64,
    /// Years by which a new home's year of completion may lie ahead.
    pub years_ahead_max: i64,
    /// Lowest believable price of a sale, in yuan.
    pub sale_price_yuan_min: i64,
    /// Highest believable price of a sale, in yuan.
    pub sale_price_yuan_max: i64,
    /// Lowest believable rent a month, in yuan.
    pub rent_yuan_min: i64,
    /// Highest believable rent a month, in yuan.
    pub rent_yuan_max: i64,
    /// Per cent by which an area or a price in the text may differ from the field.
    pub text_tolerance_percent: i64,
    /// Cities that issue a verification code (房源核验码) for every advertised home.
    pub verification_cities: Vec<String>,
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers {
            photos_min: 4,
            area_per_bedroom_min: 7,
            bathrooms_over_bedrooms_max: 3,
            bedrooms_max: 20,
            unit_price_tolerance_percent: 3,
            years_ahead_max: 5,
            sale_price_yuan_min: 50_000,
            sale_price_yuan_max: 1_000_000_000,
            rent_yuan_min: 100,
            rent_yuan_max: 1_000_000,
            text_tolerance_percent: 5,
            verification_cities: ["北京", "上海", "杭州", "深圳"].map(str::to_owned).to_vec(),
        }
    }
}
