//! Scales of prices: what is written in the cells, then in the header, then agreement with unit price
//! and area, and last the plausible range of the median.

use model::Decimal;
use model::area;
use model::codes::AreaUnit;
use model::codes_text;
use model::field::Kind;
use model::money::{self, Currency, Per, PriceScale};

use super::amounts::{Deciding, told};
use super::fit::kind;
use super::header::key;
use super::profile::median;
use super::{Meaning, Note, Undecided, Understanding, facts};
use crate::recognise::{self, Recognised};
use crate::rules;

/// Prices of a whole home, in the order in which they are looked for.
const TOTALS: &[&str] = &["list_price", "close_price"];

impl Deciding<'_, '_> {
    /// The scale that most cells carry, if most do.
    fn written(&self, at: usize) -> Option<PriceScale> {
        let mut scales: Vec<PriceScale> = Vec::new();
        let (mut all, mut with_unit) = (0, 0);
        for value in &self.profile(at).values {
            let Ok(amount) = money::amount(value.text) else {
                continue;
            };
            all += 1;
            let unit = value.number.is_none()
                && value
                    .text
                    .contains(['元', '￥', '¥', '$', '£', '€', '万', '亿']);
            if unit || amount.scale.is_some() {
                with_unit += 1;
                scales.push(amount.scale.unwrap_or(PriceScale::One));
            }
        }
        if all == 0 || with_unit * 10 < all * 6 {
            return None;
        }
        // the most frequent; the first in the order of size where two are
        [
            PriceScale::TenThousand,
            PriceScale::One,
            PriceScale::Million,
            PriceScale::Thousand,
            PriceScale::HundredMillion,
        ]
        .into_iter()
        .rev()
        .max_by_key(|scale| scales.iter().filter(|known| *known == scale).count())
    }

    fn is_decided(found: &Understanding, at: usize) -> bool {
        found.columns[at].unit.scale.is_some()
    }

    fn decide(found: &mut Understanding, at: usize, scale: PriceScale, why: impl Into<String>) {
        found.columns[at].unit.scale = Some(scale);
        told(found, at, why.into());
    }

    fn yuan(&self) -> bool {
        self.currency == Currency::CNY
    }

    pub(super) fn unit_price(&self, found: &mut Understanding) -> Result<(), Undecided> {
        let Some(at) = found.column_of("unit_price") else {
            return Ok(());
        };
        let area = self.headers[at].area.or_else(|| {
            let main = found
                .column_of("building_area_total")
                .or(found.column_of("living_area"))?;
            found.columns[main].unit.area
        });
        let area = area.unwrap_or(if self.country.as_deref() == Some("US") {
            AreaUnit::SquareFeet
        } else {
            AreaUnit::SquareMeters
        });
        found.columns[at]
            .unit
            .per
            .get_or_insert(Per::AreaUnit(area));
        if Self::is_decided(found, at) {
            return Ok(());
        }
        if let Some(scale) = self.written(at) {
            Self::decide(found, at, scale, "unit written in the cells");
        } else if let Some(scale) = self.headers[at].scale {
            Self::decide(found, at, scale, "unit in the header");
        } else {
            let middle = self.profile(at).middle_amount();
            match middle {
                Some(m) if self.yuan() && (0.05..100.0).contains(&m) => {
                    Self::decide(
                        found,
                        at,
                        PriceScale::TenThousand,
                        format!("万 by the plausible range of the median {m}"),
                    );
                }
                Some(m) if self.yuan() && !(300.0..=1_000_000.0).contains(&m) => {
                    return Err(self.file.undecided(
                        Some(at),
                        format!("the median unit price {m} is plausible neither in 元 nor in 万"),
                        "--unit unit_price=元",
                    ));
                }
                Some(m) => Self::decide(
                    found,
                    at,
                    PriceScale::One,
                    format!("whole units by the plausible range of the median {m}"),
                ),
                None => Self::decide(found, at, PriceScale::One, "no number in the sample"),
            }
        }
        Ok(())
    }

    /// Rows of the sample as bare price, area and unit price; rows whose price is of something else than
    /// the whole home are left out.
    fn rows(&self, found: &Understanding, at: usize) -> Vec<(f64, Option<f64>, Option<f64>)> {
        let basis = found.handling.price_basis;
        let area_at = found
            .column_of("building_area_total")
            .or(found.column_of("living_area"));
        let unit_at = found.column_of("unit_price");
        let factor = unit_at
            .and_then(|at| found.columns[at].unit.scale)
            .and_then(|scale| number(scale.factor()))
            .unwrap_or(1.0);
        let tokens: Vec<usize> = (0..found.columns.len())
            .filter(|at| found.columns[*at].meaning == Meaning::Tokens)
            .collect();
        let cell =
            |at: usize, row: usize| self.profile(at).cells.get(row).copied().unwrap_or_default();
        let mut rows = Vec::new();
        for row in 0..self.profile(at).cells.len() {
            let Some((price, None)) = price(cell(at, row)) else {
                continue;
            };
            let total = basis.is_none_or(|at| {
                codes_text::price_basis(cell(at, row))
                    .is_none_or(|basis| basis == model::codes::PriceBasis::Total)
            });
            if price <= 0.0 || !total {
                continue;
            }
            let size = match area_at {
                Some(at) => area::area(cell(at, row))
                    .ok()
                    .and_then(|area| number(area.value)),
                None if rows.len() < 300 => tokens.iter().find_map(|at| {
                    recognise::tokens(cell(*at, row)).find_map(|token| {
                        match recognise::recognise(token) {
                            Some(Recognised::Area(area)) => number(area.value),
                            _ => None,
                        }
                    })
                }),
                None => None,
            };
            let per = unit_at.and_then(|at| {
                let (value, scale) = self::price(cell(at, row))?;
                Some(if scale.is_some() {
                    value
                } else {
                    value * factor
                })
            });
            rows.push((
                price,
                size.filter(|size| *size > 0.0),
                per.filter(|per| *per > 0.0),
            ));
        }
        rows
    }

    pub(super) fn totals(&self, found: &mut Understanding) -> Result<(), Undecided> {
        for field in TOTALS {
            let Some(at) = found.column_of(field) else {
                continue;
            };
            if Self::is_decided(found, at) {
                continue;
            }
            if let Some(scale) = self.written(at) {
                Self::decide(found, at, scale, "unit written in the cells");
                continue;
            }
            let rows = self.rows(found, at);
            let agreed = agreement(&rows);
            match (self.headers[at].scale, agreed) {
                (Some(scale), None) => {
                    Self::decide(found, at, scale, "unit in the header");
                    continue;
                }
                (header, Some((scale, share))) => {
                    let mut why = format!(
                        "unit by agreement with unit price × area in {share}% of the sample"
                    );
                    if header.is_some_and(|header| header != scale) {
                        why.push_str(", against the header");
                        found.notes.push(Note::new(
                            rules::UNIT_ASSUMED.code,
                            format!("`{}`: the header's unit disagrees with unit price × area, which was taken", self.file.headers[at]),
                        ).with_zh(format!("`{}`：表头单位与 单价×面积 不符，按后者", self.file.headers[at])));
                    }
                    Self::decide(found, at, scale, why);
                    continue;
                }
                (None, None) => {}
            }
            self.by_range(found, at, field, &rows)?;
        }
        Ok(())
    }

    fn by_range(
        &self,
        found: &mut Understanding,
        at: usize,
        field: &str,
        rows: &[(f64, Option<f64>, Option<f64>)],
    ) -> Result<(), Undecided> {
        let mut prices: Vec<f64> = rows.iter().map(|(price, ..)| *price).collect();
        prices.sort_by(f64::total_cmp);
        let mut per_area: Vec<f64> = rows
            .iter()
            .filter_map(|(price, size, _)| Some(price / (*size)?))
            .collect();
        per_area.sort_by(f64::total_cmp);
        let Some(middle) = median(&prices) else {
            Self::decide(found, at, PriceScale::One, "no number in the sample");
            return Ok(());
        };
        let header = &self.file.headers[at];
        let rent = format!(
            "--unit {field}=万 (if in ten thousands; --unit {field}=元 if whole, --map {header}=lease_amount if rents)"
        );
        let per = median(&per_area);
        if !self.yuan() {
            let small = if self.currency.as_str() == "JPY" {
                500_000.0
            } else {
                10_000.0
            };
            if middle >= small {
                Self::decide(
                    found,
                    at,
                    PriceScale::One,
                    format!("whole units by the plausible range of the median {middle}"),
                );
                return Ok(());
            }
            return Err(self.file.undecided(
                Some(at),
                format!("the median {middle} {} is no whole price of a home, and neither header nor cells tell the unit", self.currency.as_str()),
                format!("--unit {field}=k (thousands; =m millions, =1 whole; --map {header}=lease_amount if rents)"),
            ));
        }
        let metres = found
            .column_of("building_area_total")
            .or(found.column_of("living_area"))
            .is_none_or(|at| found.columns[at].unit.area != Some(AreaUnit::SquareFeet));
        let per = per.filter(|_| metres);
        let (one, wan) = match per {
            Some(per) => (
                (800.0..=500_000.0).contains(&per),
                (0.08..=40.0).contains(&per) && (3.0..=60_000.0).contains(&middle),
            ),
            None => (
                (80_000.0..=2e9).contains(&middle),
                (8.0..=20_000.0).contains(&middle),
            ),
        };
        let generic = [
            "price",
            "jiage",
            "价格",
            "houseprice",
            "amount",
            "value",
            "cost",
            "房价",
        ]
        .contains(&key(header).as_str());
        let rentlike = match per {
            Some(per) => (5.0..=800.0).contains(&per) && (300.0..=300_000.0).contains(&middle),
            None => (800.0..=60_000.0).contains(&middle),
        };
        let shown = match per {
            Some(per) => format!("median {middle}, {per:.1} for a square metre"),
            None => format!("median {middle}"),
        };
        match (one, wan) {
            (true, false) => Self::decide(
                found,
                at,
                PriceScale::One,
                format!("元 by the plausible range ({shown})"),
            ),
            (false, true)
                if !(generic && rentlike && middle >= 1_500.0 && field == "list_price") =>
            {
                Self::decide(
                    found,
                    at,
                    PriceScale::TenThousand,
                    format!("万 by the plausible range ({shown})"),
                );
            }
            (false, false) if rentlike && generic && field == "list_price" => {
                facts::rent(
                    found,
                    &format!("`{header}` is plausible only as a monthly rent ({shown})"),
                );
            }
            _ => {
                return Err(self.file.undecided(
                    Some(at),
                    format!(
                        "the {shown} fits no single unit, and neither header nor cells tell it"
                    ),
                    rent,
                ));
            }
        }
        Ok(())
    }

    pub(super) fn rents(&self, found: &mut Understanding) -> Result<(), Undecided> {
        let Some(at) = found.column_of("lease_amount") else {
            return Ok(());
        };
        let profile = self.profile(at);
        let unit = &mut found.columns[at].unit;
        let cells = |words: &[&str]| {
            profile.share(|value| words.iter().any(|word| value.text.contains(word))) >= 0.5
        };
        if unit.per.is_none() {
            let (per, why) = if cells(&["/月", "每月", "per month", "pcm", "/mo"]) {
                (Per::Month, "by the month in the cells")
            } else if cells(&["/天", "/日", "per day"]) {
                (Per::Day, "by the day in the cells")
            } else if cells(&["pw", "per week", "/wk"]) {
                (Per::Week, "by the week in the cells")
            } else if let Some(per) = self.headers[at]
                .per
                .filter(|per| !matches!(per, Per::AreaUnit(_)))
            {
                (per, "period in the header")
            } else {
                (Per::Month, "by the month, as rents are")
            };
            unit.per = Some(per);
            told(found, at, why.to_owned());
        }
        if Self::is_decided(found, at) {
            return Ok(());
        }
        if let Some(scale) = self.written(at) {
            Self::decide(found, at, scale, "unit written in the cells");
        } else if let Some(scale) = self.headers[at].scale {
            Self::decide(found, at, scale, "unit in the header");
        } else {
            match profile.middle_amount() {
                Some(m) if self.yuan() && m < 30.0 => {
                    return Err(self.file.undecided(
                        Some(at),
                        format!("the median rent {m} is not plausible in 元"),
                        "--unit lease_amount=万 (or =元)",
                    ));
                }
                Some(m) => Self::decide(
                    found,
                    at,
                    PriceScale::One,
                    format!("whole units by the plausible range of the median {m}"),
                ),
                None => Self::decide(found, at, PriceScale::One, "no number in the sample"),
            }
        }
        Ok(())
    }

    /// Down payment, taxes, earlier prices: like the main price, unless their size says otherwise.
    pub(super) fn other_amounts(&self, found: &mut Understanding) {
        let main = ["list_price", "close_price", "lease_amount"]
            .iter()
            .find_map(|field| found.column_of(field));
        let base = main.map(|at| {
            (
                found.columns[at].unit.scale.unwrap_or(PriceScale::One),
                self.profile(at).middle_amount(),
            )
        });
        for at in 0..found.columns.len() {
            let money = matches!(&found.columns[at].meaning, Meaning::Field(field) if kind(field) == Kind::Money);
            if !money || Self::is_decided(found, at) {
                continue;
            }
            if let Some(scale) = self.written(at) {
                Self::decide(found, at, scale, "unit written in the cells");
            } else if let Some(scale) = self.headers[at].scale {
                Self::decide(found, at, scale, "unit in the header");
            } else {
                let (scale, why) = match (base, self.profile(at).middle_amount()) {
                    (Some((scale, Some(price))), Some(m)) if m <= price * 3.0 => {
                        (scale, "unit as the main price's, whose size it fits")
                    }
                    _ => (PriceScale::One, "whole units by its size"),
                };
                Self::decide(found, at, scale, why);
            }
        }
    }
}

/// A cell of a price column: its number and the scale written in it.
fn price(cell: &str) -> Option<(f64, Option<PriceScale>)> {
    let amount = money::amount(cell).ok()?;
    Some((number(amount.value)?, amount.scale))
}

fn number(value: Decimal) -> Option<f64> {
    value.to_string().parse().ok()
}

/// The scale under which prices are unit price × area, and in what share of the rows.
fn agreement(rows: &[(f64, Option<f64>, Option<f64>)]) -> Option<(PriceScale, usize)> {
    let mut ratios: Vec<f64> = rows
        .iter()
        .filter_map(|(price, size, per)| Some((price / ((*size)? * (*per)?)).log10()))
        .collect();
    if ratios.len() < 3 && ratios.len() * 2 < rows.len() || ratios.is_empty() {
        return None;
    }
    ratios.sort_by(f64::total_cmp);
    let middle = median(&ratios)?;
    let scales = [
        (PriceScale::One, 0.0),
        (PriceScale::Thousand, -3.0),
        (PriceScale::TenThousand, -4.0),
        (PriceScale::Million, -6.0),
        (PriceScale::HundredMillion, -8.0),
    ];
    let (scale, power) = scales
        .into_iter()
        .find(|(_, power)| (middle - power).abs() < 0.12)?;
    let held = ratios
        .iter()
        .filter(|ratio| (*ratio - power).abs() < 0.05)
        .count();
    Some((scale, held * 100 / ratios.len()))
}
