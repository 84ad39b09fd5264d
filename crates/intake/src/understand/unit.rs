//! Units of a column, and the words under which they are told and stored.

use model::codes::AreaUnit;
use model::dates::DateOrder;
use model::money::{Currency, Per, PriceScale};
use serde::{Deserialize, Serialize};

/// What a bare number in a column of floors counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BareFloor {
    /// The floor of the home.
    #[default]
    Level,
    /// The floors of the building.
    Total,
}

/// Units of a column, for the cells that carry none of their own.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(into = "Words", try_from = "Words")]
pub struct Unit {
    /// 万, 元, thousands.
    pub scale: Option<PriceScale>,
    /// What the amount pays for, where the field does not say it.
    pub per: Option<Per>,
    /// Currency.
    pub currency: Option<Currency>,
    /// Unit of area.
    pub area: Option<AreaUnit>,
    /// Order of day, month and year.
    pub order: Option<DateOrder>,
    /// Bare numbers are a spreadsheet's days since 1900.
    pub serial: bool,
    /// What a bare number of a floor column counts.
    pub bare_floor: BareFloor,
}

/// A unit as it is stored: words only, none where there is nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Words {
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    serial: bool,
    #[serde(skip_serializing_if = "is_level")]
    bare_floor: BareFloor,
}

fn is_level(floor: &BareFloor) -> bool {
    *floor == BareFloor::Level
}

impl From<Unit> for Words {
    fn from(unit: Unit) -> Self {
        Words {
            scale: unit.scale.map(|scale| scale_word(scale).to_owned()),
            per: unit.per.map(per_word),
            currency: unit.currency.map(|currency| currency.as_str().to_owned()),
            area: unit.area.map(|area| area.as_str().to_owned()),
            order: unit.order.map(|order| order_word(order).to_owned()),
            serial: unit.serial,
            bare_floor: unit.bare_floor,
        }
    }
}

impl TryFrom<Words> for Unit {
    type Error = String;

    fn try_from(words: Words) -> Result<Self, String> {
        fn read<T>(
            word: Option<String>,
            parse: impl Fn(&str) -> Option<T>,
        ) -> Result<Option<T>, String> {
            match word {
                None => Ok(None),
                Some(word) => parse(&word)
                    .map(Some)
                    .ok_or_else(|| format!("unknown unit `{word}` in a stored mapping")),
            }
        }
        Ok(Unit {
            scale: read(words.scale, scale_of)?,
            per: read(words.per, per_of)?,
            currency: read(words.currency, Currency::from_code)?,
            area: read(words.area, AreaUnit::from_code)?,
            order: read(words.order, order_of)?,
            serial: words.serial,
            bare_floor: words.bare_floor,
        })
    }
}

impl Unit {
    /// The unit as a person reads it: `万 CNY`, `SquareMeters`, `dmy`.
    pub fn describe(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        if let Some(scale) = self.scale
            && !matches!(scale, PriceScale::One)
        {
            words.push(scale_word(scale).to_owned());
        }
        if let Some(currency) = self.currency {
            words.push(currency.as_str().to_owned());
        }
        if let Some(per) = self.per {
            words.push(format!("per {}", per_word(per)));
        }
        if let Some(area) = self.area {
            words.push(area.as_str().to_owned());
        }
        if let Some(order) = self.order {
            words.push(order_word(order).to_owned());
        }
        if self.serial {
            words.push("spreadsheet days".to_owned());
        }
        if self.bare_floor == BareFloor::Total {
            words.push("floors of the building".to_owned());
        }
        words.join(" ")
    }
}

/// The word for a scale, as `--unit` takes it.
pub(super) fn scale_word(scale: PriceScale) -> &'static str {
    match scale {
        PriceScale::One => "1",
        PriceScale::TenThousand => "万",
        PriceScale::HundredMillion => "亿",
        PriceScale::Thousand => "k",
        PriceScale::Million => "m",
    }
}

/// Reads the word for a scale: `万`, `wan`, `元`, `k`, `10000`.
pub(super) fn scale_of(word: &str) -> Option<PriceScale> {
    Some(match word.trim().to_lowercase().as_str() {
        "1" | "元" | "yuan" | "one" | "块" => PriceScale::One,
        "万" | "万元" | "wan" | "10000" => PriceScale::TenThousand,
        "亿" | "亿元" | "yi" | "100000000" => PriceScale::HundredMillion,
        "k" | "千" | "千元" | "thousand" | "1000" => PriceScale::Thousand,
        "m" | "million" | "百万" | "1000000" => PriceScale::Million,
        _ => return None,
    })
}

fn per_word(per: Per) -> String {
    match per {
        Per::Home => "home".to_owned(),
        Per::AreaUnit(unit) => unit.as_str().to_owned(),
        Per::Day => "day".to_owned(),
        Per::Week => "week".to_owned(),
        Per::Month => "month".to_owned(),
        Per::Quarter => "quarter".to_owned(),
        Per::Year => "year".to_owned(),
    }
}

/// Reads what an amount pays for.
pub(super) fn per_of(word: &str) -> Option<Per> {
    Some(match word {
        "home" => Per::Home,
        "day" | "天" | "日" => Per::Day,
        "week" | "周" => Per::Week,
        "month" | "月" => Per::Month,
        "quarter" | "季" => Per::Quarter,
        "year" | "年" => Per::Year,
        other => Per::AreaUnit(area_of(other)?),
    })
}

/// Reads a unit of area: `㎡`, `sqft`, `SquareFeet`.
pub(super) fn area_of(word: &str) -> Option<AreaUnit> {
    if let Some(unit) = AreaUnit::from_code(word.trim()) {
        return Some(unit);
    }
    Some(match model::text::fold(word).as_str() {
        "m2" | "sqm" | "平米" | "平方米" | "平" | "平方" | "squaremeters" | "squaremetres"
        | "squaremeter" | "squaremetre" => AreaUnit::SquareMeters,
        "sqft" | "ft2" | "sf" | "squarefeet" | "squarefoot" | "平方英尺" | "平方呎" | "呎" => {
            AreaUnit::SquareFeet
        }
        "acres" | "acre" | "英亩" => AreaUnit::Acres,
        _ => return None,
    })
}

/// The word for an order, as `--date-order` takes it.
pub(super) fn order_word(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Ymd => "ymd",
        DateOrder::Dmy => "dmy",
        DateOrder::Mdy => "mdy",
    }
}

fn order_of(word: &str) -> Option<DateOrder> {
    Some(match word {
        "ymd" => DateOrder::Ymd,
        "dmy" => DateOrder::Dmy,
        "mdy" => DateOrder::Mdy,
        _ => return None,
    })
}
