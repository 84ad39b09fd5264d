//! What a header says: the fields it may name, and the units written in it.

use std::collections::HashMap;

use model::codes::AreaUnit;
use model::field::Field;
use model::listing::ListingField;
use model::media::MediaField;
use model::member::MemberField;
use model::money::{Currency, Per, PriceScale};

use crate::synonyms::{COMPOSITES, Target};

/// A field a header may name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub(super) field: &'static str,
    /// Place in the order of preference, 0 first.
    pub(super) rank: usize,
    /// Whether words had to be taken off to find it.
    pub(super) loose: bool,
}

/// Units written in a header.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct HeaderUnit {
    pub(super) scale: Option<PriceScale>,
    pub(super) per: Option<Per>,
    pub(super) currency: Option<Currency>,
    pub(super) area: Option<AreaUnit>,
}

/// A header, read.
#[derive(Debug, Clone, Default)]
pub(super) struct Header {
    pub(super) candidates: Vec<Candidate>,
    pub(super) unit: HeaderUnit,
    /// A field whose header differs in one letter.
    pub(super) suggestion: Option<String>,
}

/// The synonyms of a target under their keys.
pub(super) struct Lookup {
    fields: HashMap<String, Vec<&'static str>>,
    names: Vec<&'static str>,
}

/// Spellings of one header under one key: [`model::text::fold`], and only letters and digits.
pub(super) fn key(header: &str) -> String {
    let folded = model::text::fold(header);
    let mut key = String::with_capacity(folded.len());
    for (at, c) in folded.char_indices() {
        match c {
            '/' if folded[..at].ends_with(['元', '$', '€', '£']) => key.push_str("per"),
            '$' => key.push_str("usd"),
            c if c.is_alphanumeric() => key.push(c),
            _ => {}
        }
    }
    key
}

/// The fields of a target's record that a column can hold.
fn own_fields(target: &Target) -> Vec<&'static Field> {
    let fields: Vec<&'static Field> = match target.name {
        "listing" => ListingField::ALL
            .iter()
            .map(|field| field.field())
            .collect(),
        "media" => MediaField::ALL.iter().map(|field| field.field()).collect(),
        "member" => MemberField::ALL.iter().map(|field| field.field()).collect(),
        _ => Vec::new(),
    };
    let own = fields.into_iter();
    own.filter(|field| field.name != "extra").collect()
}

/// Columns of a table up to which misspelt headers get a suggestion.
const MOST_SUGGESTED: usize = 500;

impl Lookup {
    /// Folds the table of a target.
    pub(super) fn new(target: &Target) -> Self {
        let mut fields: HashMap<String, Vec<&'static str>> = HashMap::new();
        let mut names: Vec<&'static str> = Vec::new();
        let mut add = |header: &str, field: &'static str| {
            let list = fields.entry(key(header)).or_default();
            if !list.contains(&field) {
                list.push(field);
            }
        };
        // a field's own name is its first synonym, and it comes before another field's
        for synonym in target.synonyms {
            names.push(synonym.field);
            add(synonym.field, synonym.field);
        }
        for field in own_fields(target) {
            names.push(field.name);
            add(field.name, field.name);
            if !field.reso.is_empty() {
                add(field.reso, field.name);
            }
        }
        if target.name == "listing" {
            names.extend(COMPOSITES.iter().map(|composite| composite.name));
        }
        for synonym in target.synonyms {
            for header in synonym.headers {
                add(header, synonym.field);
            }
        }
        names.sort_unstable();
        names.dedup();
        Lookup { fields, names }
    }

    /// The field of this name.
    pub(super) fn field(&self, name: &str) -> Option<&'static str> {
        self.names.iter().find(|known| **known == name).copied()
    }

    /// The field whose name is nearest.
    pub(super) fn nearest(&self, name: &str) -> &'static str {
        self.names
            .iter()
            .min_by_key(|known| strsim::damerau_levenshtein(known, name))
            .copied()
            .unwrap_or_default()
    }

    /// Reads one header. `others` are the keys of the file's headers.
    pub(super) fn read(&self, header: &str, others: &[String]) -> Header {
        let whole = key(header);
        let (base, aside) = divide(header);
        let mut unit = units_of(&aside, false);
        let base_key = key(&base);
        let mut found = self.fields.get(&whole).map(|fields| (fields, false));
        if found.is_none() {
            found = self.fields.get(&base_key).map(|fields| (fields, false));
        }
        if found.is_none() {
            let (bare, inside) = strip_units(&base_key);
            if bare.len() < base_key.len()
                && let Some(fields) = self.fields.get(bare)
            {
                unit = merge(unit, inside);
                found = Some((fields, false));
            }
        }
        // `price.total`, `house/area`: JSON flattened
        if found.is_none()
            && let Some(last) = base.rsplit(['.', '/']).next()
            && last.len() < base.len()
        {
            found = self.fields.get(&key(last)).map(|fields| (fields, true));
        }
        if found.is_none() {
            let bare = without_noise(&base_key);
            found = bare
                .iter()
                .find_map(|bare| self.fields.get(*bare))
                .map(|fields| (fields, true));
        }
        // `bedroom2` is bedrooms where there is no other; `address1` beside `address` is not
        if found.is_none() {
            let bare = base_key.trim_end_matches(|c: char| c.is_ascii_digit());
            let alone = || {
                let same =
                    |other: &&String| other.trim_end_matches(|c: char| c.is_ascii_digit()) == bare;
                others.iter().filter(same).count() == 1
            };
            if bare.len() < base_key.len() && bare.len() > 2 {
                found = self
                    .fields
                    .get(bare)
                    .filter(|_| alone())
                    .map(|fields| (fields, true));
            }
        }
        unit = merge(unit, units_in_words(&whole));
        let candidates: Vec<Candidate> = found
            .map(|(fields, loose)| {
                fields
                    .iter()
                    .enumerate()
                    .map(|(rank, field)| Candidate { field, rank, loose })
                    .collect()
            })
            .unwrap_or_default();
        // in a table of thousands of columns nobody looks for a misspelt header
        let suggestion = if candidates.is_empty() && others.len() <= MOST_SUGGESTED {
            self.near_miss(&base_key)
        } else {
            None
        };
        Header {
            candidates,
            unit,
            suggestion,
        }
    }

    fn near_miss(&self, wanted: &str) -> Option<String> {
        let length = wanted.chars().count();
        if length < if wanted.is_ascii() { 4 } else { 3 } {
            return None;
        }
        self.fields
            .iter()
            .filter(|(known, _)| known.len().abs_diff(wanted.len()) <= 3)
            .filter(|(known, _)| strsim::damerau_levenshtein(known, wanted) == 1)
            .filter_map(|(known, fields)| Some((known, fields.first()?)))
            .min()
            .map(|(_, field)| (*field).to_owned())
    }
}

/// Words before the first bracket, and what stands in and after brackets.
fn divide(header: &str) -> (String, String) {
    let header = model::text::tidy(header);
    match header.find(['(', '（', '[', '【', '/', '，', ',']) {
        Some(at) if at > 0 && !header[..at].ends_with(['元', '$']) => {
            (header[..at].to_owned(), header[at..].to_owned())
        }
        _ => (header.into_owned(), String::new()),
    }
}

const SUFFIXES: &[&str] = &[
    "万元",
    "万",
    "亿元",
    "元",
    "平方米",
    "平米",
    "平方",
    "m2",
    "sqm",
    "sqft",
    "ft2",
    "sqfeet",
    "squarefeet",
    "squaremeters",
    "squaremetres",
    "sqmt",
    "sqmtr",
    "sqmeters",
    "wan",
    "wanyuan",
    "yuan",
    "rmb",
    "cny",
    "usd",
    "aud",
    "eur",
    "gbp",
    "hkd",
    "sgd",
    "cad",
    "inr",
    "jpy",
    "permonth",
    "pcm",
    "pw",
    "k",
    "米",
    "mi",
    "km",
    "meters",
    "metres",
    "sf",
    "acres",
    "acre",
];
const PREFIXES: &[&str] = &["sqft", "sqm", "usd", "cny", "rmb", "aud"];

/// Takes unit words off both ends of a key.
fn strip_units(key: &str) -> (&str, HeaderUnit) {
    let mut bare = key;
    let mut unit = HeaderUnit::default();
    for suffix in SUFFIXES {
        if let Some(rest) = bare.strip_suffix(suffix)
            && rest.chars().count() >= 2
        {
            bare = rest;
            unit = units_of(suffix, true);
            break;
        }
    }
    for prefix in PREFIXES {
        if let Some(rest) = bare.strip_prefix(prefix)
            && rest.len() > 2
        {
            bare = rest;
            unit = merge(unit, units_of(prefix, true));
            break;
        }
    }
    let bare = bare
        .strip_suffix("in")
        .filter(|rest| rest.len() > 3)
        .unwrap_or(bare);
    (bare, unit)
}

/// The key without words that add nothing: `house`, `信息`.
fn without_noise(key: &str) -> Vec<&str> {
    const FRONT: &[&str] = &[
        "house",
        "home",
        "property",
        "listing",
        "the",
        "is",
        "total",
        "房屋",
        "房源",
        "小区",
        "所在",
        "二手房",
        "fangwu",
        "item",
    ];
    const BACK: &[&str] = &[
        "info", "text", "value", "name", "num", "desc", "raw", "信息", "情况", "名称", "描述",
        "值", "类型",
    ];
    let mut bare = Vec::new();
    let cut: Vec<&str> = FRONT
        .iter()
        .filter_map(|word| key.strip_prefix(word))
        .collect();
    for form in std::iter::once(key).chain(cut) {
        if form.len() < key.len() {
            bare.push(form);
        }
        bare.extend(BACK.iter().filter_map(|word| form.strip_suffix(word)));
    }
    bare.retain(|form| form.chars().count() > 1);
    bare
}

fn merge(first: HeaderUnit, second: HeaderUnit) -> HeaderUnit {
    HeaderUnit {
        scale: first.scale.or(second.scale),
        per: first.per.or(second.per),
        currency: first.currency.or(second.currency),
        area: first.area.or(second.area),
    }
}

/// Units that stand inside a header as words, with nothing around them to mark them: `sqft_living`,
/// `pricePerSqft`, `月租金`.
fn units_in_words(key: &str) -> HeaderUnit {
    let mut unit = HeaderUnit::default();
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    unit.area = if has(&[
        "sqft",
        "squarefeet",
        "squarefoot",
        "sqfeet",
        "ft2",
        "平方英尺",
    ]) {
        Some(AreaUnit::SquareFeet)
    } else if has(&["sqm", "m2", "squaremet", "平方米", "平米"]) {
        Some(AreaUnit::SquareMeters)
    } else if has(&["acres"]) {
        Some(AreaUnit::Acres)
    } else {
        None
    };
    unit.per = if has(&[
        "permonth",
        "monthly",
        "月租",
        "每月",
        "pcm",
        "元per月",
        "yuezu",
    ]) {
        Some(Per::Month)
    } else if has(&["weekly", "perweek", "每周"]) {
        Some(Per::Week)
    } else {
        None
    };
    if has(&["每平", "persq", "perm2", "单价"])
        && let Some(area) = unit.area
    {
        unit.per = Some(Per::AreaUnit(area));
    }
    unit
}

/// Units told in brackets or taken off an end.
fn units_of(text: &str, exact: bool) -> HeaderUnit {
    let key = key(text);
    let mut unit = units_in_words(&key);
    let any = |words: &[&str]| {
        words.iter().any(|word| {
            if exact {
                key == *word
            } else {
                key.contains(word)
            }
        })
    };
    if any(&["亿", "亿元"]) {
        unit.scale = Some(PriceScale::HundredMillion);
    } else if any(&["万", "万元", "wan", "wanyuan", "10k"]) {
        unit.scale = Some(PriceScale::TenThousand);
    } else if any(&["million", "mn"]) {
        unit.scale = Some(PriceScale::Million);
    } else if any(&["thousand", "000s", "千元"])
        || key == "k"
        || key.ends_with("usdk")
        || key == "kusd"
    {
        unit.scale = Some(PriceScale::Thousand);
    } else if any(&["元", "yuan", "rmb"]) {
        unit.scale = Some(PriceScale::One);
    }
    if any(&[
        "元",
        "万",
        "亿",
        "yuan",
        "rmb",
        "cny",
        "wan",
        "wanyuan",
        "人民币",
        "万元",
    ]) {
        unit.currency = Some(Currency::CNY);
    }
    for code in [
        "usd", "aud", "eur", "gbp", "hkd", "sgd", "cad", "jpy", "inr", "nzd",
    ] {
        if key == code || !exact && key.contains(code) {
            unit.currency = Currency::from_code(&code.to_uppercase());
        }
    }
    if text.contains('£') {
        unit.currency = Currency::from_code("GBP");
    }
    if text.contains('€') {
        unit.currency = Currency::from_code("EUR");
    }
    if unit.area.is_none() && any(&["平", "平方"]) {
        unit.area = Some(AreaUnit::SquareMeters);
    }
    if key.contains("元per平") || key.contains("元perm2") {
        unit.per = Some(Per::AreaUnit(AreaUnit::SquareMeters));
    } else if key.contains("元per月") || key.contains("per月") {
        unit.per = Some(Per::Month);
    }
    unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synonyms;

    fn read(header: &str) -> Header {
        Lookup::new(synonyms::listing()).read(header, &[key(header)])
    }

    fn first(header: &str) -> &'static str {
        read(header)
            .candidates
            .first()
            .map_or("", |found| found.field)
    }

    #[test]
    fn headers_in_many_spellings() {
        for (header, field) in [
            ("ListPrice", "list_price"),
            ("list_price", "list_price"),
            ("总价（万）", "list_price"),
            ("price_wan", "list_price"),
            ("zongjia", "list_price"),
            ("单价（平方米）Y", "unit_price"),
            ("每平米价格（元）", "unit_price"),
            ("$/SQUARE FEET", "unit_price"),
            ("面积（平方米）", "building_area_total"),
            ("sqft_living", "living_area"),
            ("距地铁距离（米）", "metro_distance"),
            ("产权所属(是否共有)", "ownership_shared"),
            ("xiaoqu", "subdivision_name"),
            ("BathroomsTotalInteger", "bathrooms_total_integer"),
            ("Bedroom2", "bedrooms_total"),
            ("priceInfo（万）", "list_price"),
        ] {
            assert_eq!(first(header), field, "{header}");
        }
    }

    #[test]
    fn units_in_headers() {
        assert_eq!(read("总价（万）").unit.scale, Some(PriceScale::TenThousand));
        assert_eq!(read("price_wan").unit.scale, Some(PriceScale::TenThousand));
        assert_eq!(read("面积(㎡)").unit.area, Some(AreaUnit::SquareMeters));
        assert_eq!(read("租金(元/月)").unit.per, Some(Per::Month));
        assert_eq!(read("sqft_lot").unit.area, Some(AreaUnit::SquareFeet));
        assert_eq!(
            read("Price (USD)").unit.currency,
            Currency::from_code("USD")
        );
    }

    #[test]
    fn near_misses_are_only_suggested() {
        let header = read("directon");
        assert!(header.candidates.is_empty());
        assert_eq!(header.suggestion.as_deref(), Some("orientation"));
    }
}
