//! Currency, units of areas and orders of dates, once for each column: cell, header, place, plausible
//! range of the median. What is told by nothing is not guessed.

use model::area;
use model::codes::AreaUnit;
use model::dates::{self, DateOrder};
use model::field::Kind;
use model::money::{self, Currency, PriceScale};

use super::fit::{home_area, kind};
use super::header::{HeaderUnit, Lookup, key};
use super::profile::{Profile, median};
use super::{File, Meaning, Undecided, Understanding, assumed, unit};

pub(super) struct Deciding<'a, 'b> {
    pub(super) file: &'b File<'a>,
    pub(super) headers: Vec<HeaderUnit>,
    pub(super) currency: Currency,
    pub(super) country: Option<String>,
}

/// The country that nearly every record names in a column of its own.
fn named_country(file: &File<'_>, found: &Understanding) -> Option<String> {
    let profile = &file.profiles[found.column_of("country")?];
    let most = profile.values.iter().max_by_key(|value| value.count)?;
    let country = match most.text.to_lowercase().as_str() {
        "us" | "usa" | "united states" | "united states of america" | "美国" => "US",
        "gb" | "uk" | "united kingdom" | "great britain" | "england" | "英国" => "GB",
        "au" | "australia" | "澳大利亚" => "AU",
        "ca" | "canada" | "加拿大" => "CA",
        "nz" | "new zealand" | "新西兰" => "NZ",
        "sg" | "singapore" | "新加坡" => "SG",
        "hk" | "hong kong" | "香港" | "中国香港" => "HK",
        "jp" | "japan" | "日本" => "JP",
        "cn" | "china" | "中国" => "CN",
        other if other.len() == 2 && Currency::of_country(&other.to_uppercase()).is_some() => {
            return (most.count * 10 >= profile.filled * 9).then(|| other.to_uppercase());
        }
        _ => return None,
    };
    (most.count * 10 >= profile.filled * 9).then(|| country.to_owned())
}

/// Decides the units of all columns.
pub(super) fn units(
    file: &File<'_>,
    lookup: &Lookup,
    found: &mut Understanding,
) -> Result<(), Undecided> {
    let keys: Vec<String> = file.headers.iter().map(|header| key(header)).collect();
    let headers: Vec<HeaderUnit> = file
        .headers
        .iter()
        .map(|header| lookup.read(header, &keys).unit)
        .collect();
    let country = found
        .fact("country")
        .map(str::to_owned)
        .or_else(|| named_country(file, found));
    let mut deciding = Deciding {
        file,
        headers,
        currency: Currency::CNY,
        country,
    };
    deciding.areas(found);
    deciding.currency(found);
    deciding.wishes(found)?;
    deciding.unit_price(found)?;
    deciding.totals(found)?;
    deciding.rents(found)?;
    deciding.other_amounts(found);
    for column in &mut found.columns {
        let amounts = match &column.meaning {
            Meaning::Field(field) => kind(field) == Kind::Money,
            Meaning::Tokens => true,
            _ => false,
        };
        if amounts && column.unit.currency.is_none() {
            column.unit.currency = Some(deciding.currency);
        }
    }
    deciding.dates(found)
}

pub(super) fn told(found: &mut Understanding, at: usize, evidence: String) {
    let column = &mut found.columns[at];
    column.evidence = format!("{}; {evidence}", column.evidence);
}

impl Deciding<'_, '_> {
    pub(super) fn profile(&self, at: usize) -> &Profile<'_> {
        &self.file.profiles[at]
    }

    /// `--unit FIELD=UNIT`, where FIELD is a field, a header, or `price` and `area` for the main ones.
    fn wishes(&self, found: &mut Understanding) -> Result<(), Undecided> {
        for (name, word) in &self.file.wishes.units {
            let by_alias: &[&str] = match name.as_str() {
                "price" | "total" => &["list_price", "close_price", "lease_amount"],
                "area" => &["building_area_total", "living_area"],
                _ => &[],
            };
            let at = found
                .column_of(name)
                .or_else(|| self.file.headers.iter().position(|header| header == name))
                .or_else(|| by_alias.iter().find_map(|field| found.column_of(field)));
            let Some(at) = at else { continue };
            let (front, back) = word
                .split_once('/')
                .map_or((word.as_str(), None), |(front, back)| (front, Some(back)));
            let scale = unit::scale_of(front);
            let area = unit::area_of(front);
            let currency = Currency::from_code(front).filter(|_| front.len() == 3);
            if scale.is_none() && area.is_none() && currency.is_none() {
                return Err(self.file.undecided(
                    Some(at),
                    format!("`{word}` is no unit known here"),
                    format!("--unit {name}=万 (or 元, k, m, ㎡, sqft, acres)"),
                ));
            }
            let unit = &mut found.columns[at].unit;
            if area.is_some() {
                unit.area = area;
            } else {
                unit.scale = scale.or(Some(PriceScale::One));
                unit.currency = currency.or(unit.currency);
                unit.per = back.and_then(unit::per_of).or(unit.per);
            }
            told(found, at, format!("unit from `--unit {name}={word}`"));
        }
        Ok(())
    }

    fn areas(&self, found: &mut Understanding) {
        for at in 0..found.columns.len() {
            let field = match &found.columns[at].meaning {
                Meaning::Field(field) if kind(field) == Kind::Area => field.clone(),
                Meaning::Tokens
                | Meaning::Extra
                | Meaning::Skip
                | Meaning::Split { .. }
                | Meaning::Field(_) => continue,
            };
            let lot = field == "lot_size_area";
            let profile = self.profile(at);
            let mut cells: Vec<AreaUnit> = profile
                .values
                .iter()
                .filter_map(|value| area::area(value.text).ok()?.unit)
                .collect();
            let own = cells.len() as f64 / profile.values.len().max(1) as f64;
            cells.sort_unstable();
            let numbers: Vec<f64> = profile
                .numbers
                .iter()
                .copied()
                .filter(|n| *n > 0.0)
                .collect();
            let middle = median(&numbers);
            let (unit, why) = if let Some(wished) = self.file.wishes.area_unit {
                (wished, "unit from `--area-unit`".to_owned())
            } else if own >= 0.6 {
                (
                    cells[cells.len() / 2],
                    "unit written in the cells".to_owned(),
                )
            } else if let Some(unit) = self.headers[at].area {
                (unit, "unit in the header".to_owned())
            } else {
                let (unit, why) = self.area_by_place(middle, lot);
                let shown =
                    middle.map_or_else(|| "no number".to_owned(), |m| format!("median {m}"));
                let message = format!(
                    "`{}`: {} taken from {why}, {shown}",
                    self.file.headers[at],
                    unit.as_str()
                );
                let zh = format!(
                    "`{}`：单位 {} 依据地点或数值范围推定",
                    self.file.headers[at],
                    unit.as_str()
                );
                if middle.is_some() && !why.starts_with("the plausible") {
                    found.notes.push(assumed(message, zh));
                }
                (unit, format!("unit from {why}, {shown}"))
            };
            found.columns[at].unit.area = Some(unit);
            told(found, at, why);
        }
        let default = found
            .column_of("building_area_total")
            .or(found.column_of("living_area"))
            .and_then(|at| found.columns[at].unit.area)
            .or(self.file.wishes.area_unit)
            .unwrap_or(match self.country.as_deref() {
                Some("US") => AreaUnit::SquareFeet,
                _ => AreaUnit::SquareMeters,
            });
        for column in &mut found.columns {
            if column.meaning == Meaning::Tokens {
                column.unit.area = Some(default);
            }
        }
    }

    /// The unit of a country, unless the middle value is no home's in it and is one's in the other.
    fn area_by_place(&self, middle: Option<f64>, lot: bool) -> (AreaUnit, String) {
        let feet = matches!(self.country.as_deref(), Some("US" | "GB" | "HK"));
        let usual = if feet {
            AreaUnit::SquareFeet
        } else {
            AreaUnit::SquareMeters
        };
        let place = match &self.country {
            Some(country) => format!("the country of the addresses ({country})"),
            None => "the usual unit, no country being known".to_owned(),
        };
        let Some(middle) = middle else {
            return (usual, place);
        };
        if lot {
            return if feet && middle < 20.0 {
                (
                    AreaUnit::Acres,
                    "the plausible range of the median".to_owned(),
                )
            } else {
                (usual, place)
            };
        }
        let range = "the plausible range of the median".to_owned();
        // a home of 350 square feet is a closet, one of 500 square metres a manor: medians lie between
        let metric = self.country.is_some() && !feet;
        let manor = middle >= if metric { 600.0 } else { 450.0 };
        match manor {
            true if !feet && home_area(middle, AreaUnit::SquareFeet) => {
                (AreaUnit::SquareFeet, range)
            }
            false if middle < 300.0 && home_area(middle, AreaUnit::SquareMeters) => {
                (AreaUnit::SquareMeters, range)
            }
            _ => (usual, place),
        }
    }

    fn currency(&mut self, found: &mut Understanding) {
        let wishes = self.file.wishes;
        if let Some(currency) = wishes.currency {
            self.currency = currency;
            found.add_fact("currency", currency.as_str(), "from `--currency`");
            return;
        }
        let prices: Vec<usize> = (0..found.columns.len())
            .filter(|at| match &found.columns[*at].meaning {
                Meaning::Field(field) => kind(field) == Kind::Money,
                Meaning::Tokens => true,
                _ => false,
            })
            .collect();
        for at in &prices {
            let mut written: Vec<Currency> = self
                .profile(*at)
                .values
                .iter()
                .filter(|v| v.number.is_none())
                .filter_map(|v| money::amount(v.text).ok()?.currency)
                .collect();
            written.sort_unstable();
            if written.len() * 2 > self.profile(*at).values.len() {
                let mut currency = written[written.len() / 2];
                // a dollar sign is the country's own dollar
                let dollar = self
                    .profile(*at)
                    .share(|value| value.text.contains("US$") || value.text.contains("USD"))
                    < 0.5;
                if currency.as_str() == "USD"
                    && dollar
                    && let Some(own) = self.country.as_deref().and_then(Currency::of_country)
                    && ["AUD", "HKD", "SGD", "CAD", "NZD"].contains(&own.as_str())
                {
                    currency = own;
                }
                self.currency = currency;
                found.add_fact(
                    "currency",
                    currency.as_str(),
                    format!("written in the cells of `{}`", self.file.headers[*at]),
                );
                return;
            }
        }
        for at in &prices {
            if let Some(currency) = self.headers[*at].currency {
                self.currency = currency;
                found.add_fact(
                    "currency",
                    currency.as_str(),
                    format!("header `{}`", self.file.headers[*at]),
                );
                return;
            }
        }
        if let Some(at) = found.column_of("currency")
            && let Some(first) = self.profile(at).values.first()
            && let Some(currency) = Currency::from_code(first.text)
        {
            self.currency = currency;
            return;
        }
        let units_in_cells = prices.iter().find(|at| {
            self.profile(**at)
                .share(|value| value.number.is_none() && value.text.contains(['万', '元', '亿']))
                >= 0.5
        });
        if let Some(at) = units_in_cells {
            self.currency = Currency::CNY;
            found.add_fact(
                "currency",
                "CNY",
                format!("万 or 元 in the cells of `{}`", self.file.headers[*at]),
            );
            return;
        }
        let of_place = self
            .country
            .as_deref()
            .and_then(|country| Some((country, Currency::of_country(country)?)));
        let (currency, why, zh) = match of_place {
            Some((country, currency)) => (
                currency,
                format!("country of the addresses ({country})"),
                format!("货币取自地址所在国家（{country}）"),
            ),
            None => (
                wishes.default_currency.unwrap_or(Currency::CNY),
                "config's currency: nothing in the file tells one".to_owned(),
                "文件未说明货币，取配置中的货币".to_owned(),
            ),
        };
        self.currency = currency;
        if prices.is_empty() {
            return;
        }
        found.notes.push(assumed(
            format!("currency {} taken from the {why}", currency.as_str()),
            format!("{zh}：{}", currency.as_str()),
        ));
        found.assume_fact("currency", currency.as_str(), why);
    }

    fn dates(&self, found: &mut Understanding) -> Result<(), Undecided> {
        for at in 0..found.columns.len() {
            let dated = matches!(&found.columns[at].meaning, Meaning::Field(field) if matches!(kind(field), Kind::Date | Kind::Instant));
            if !dated {
                continue;
            }
            let profile = self.profile(at);
            if let Some(order) = self.file.wishes.date_order {
                found.columns[at].unit.order = Some(order);
                continue;
            }
            let reads =
                |order: DateOrder| profile.share(|value| dates::when(value.text, order).is_ok());
            let ymd = profile.share(|value| {
                let head = value.text.bytes().take_while(u8::is_ascii_digit).count();
                (head == 4 || head == 8) && dates::when(value.text, DateOrder::Ymd).is_ok()
            });
            if profile.number_share() >= 0.8
                && profile
                    .median()
                    .is_some_and(|m| (20_000.0..=80_000.0).contains(&m))
            {
                found.columns[at].unit.serial = true;
                found.columns[at].unit.order = Some(DateOrder::Ymd);
                told(found, at, "a spreadsheet's days since 1900".to_owned());
                continue;
            }
            let (dmy, mdy) = (reads(DateOrder::Dmy), reads(DateOrder::Mdy));
            // of the cells that are dates at all
            let written_out = 2.0 * ymd >= dmy.max(mdy);
            let (order, why) = if profile.filled == 0 || written_out {
                (DateOrder::Ymd, None)
            } else if dmy > mdy {
                (DateOrder::Dmy, Some("first parts over 12 are days"))
            } else if mdy > dmy {
                (DateOrder::Mdy, Some("second parts over 12 are days"))
            } else if profile.share(|value| value.text.chars().any(char::is_alphabetic)) > 0.9 {
                (DateOrder::Dmy, None)
            } else {
                match self.country.as_deref() {
                    Some("US") => (
                        DateOrder::Mdy,
                        Some("month first, as in the country of the addresses"),
                    ),
                    Some("AU" | "GB" | "NZ" | "HK" | "SG") => (
                        DateOrder::Dmy,
                        Some("day first, as in the country of the addresses"),
                    ),
                    _ => {
                        return Err(self.file.undecided(
                            Some(at),
                            "every date reads both with the day and with the month first",
                            "--date-order dmy (or mdy)",
                        ));
                    }
                }
            };
            found.columns[at].unit.order = Some(order);
            if let Some(why) = why {
                told(found, at, why.to_owned());
            }
        }
        Ok(())
    }
}
