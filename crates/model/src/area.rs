//! Areas as cells write them, and areas in hundredths of their unit.

use rust_decimal::Decimal;

use crate::codes::AreaUnit;
use crate::number::{self, NumberError};
use crate::text::{narrow, skip_blanks, strip_word, trim};

/// An area and the unit its cell names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaText {
    /// In `unit`.
    pub value: Decimal,
    /// The unit, if the cell names one.
    pub unit: Option<AreaUnit>,
}

/// What a word for a unit means.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    pub(crate) unit: AreaUnit,
    /// How many of `unit` one of the word's own unit is.
    pub(crate) factor: Decimal,
}

/// Longer words stand before their beginnings.
const UNITS: &[(&str, AreaUnit, i64, u32)] = &[
    ("平方英尺", AreaUnit::SquareFeet, 1, 0),
    ("平方公里", AreaUnit::SquareMeters, 1_000_000, 0),
    ("平方米", AreaUnit::SquareMeters, 1, 0),
    ("平方", AreaUnit::SquareMeters, 1, 0),
    ("平米", AreaUnit::SquareMeters, 1, 0),
    ("平", AreaUnit::SquareMeters, 1, 0),
    ("㎡", AreaUnit::SquareMeters, 1, 0),
    ("m²", AreaUnit::SquareMeters, 1, 0),
    ("m2", AreaUnit::SquareMeters, 1, 0),
    ("m^2", AreaUnit::SquareMeters, 1, 0),
    ("sq. m.", AreaUnit::SquareMeters, 1, 0),
    ("sq.m.", AreaUnit::SquareMeters, 1, 0),
    ("sq.m", AreaUnit::SquareMeters, 1, 0),
    ("sq m", AreaUnit::SquareMeters, 1, 0),
    ("sqm", AreaUnit::SquareMeters, 1, 0),
    ("square metres", AreaUnit::SquareMeters, 1, 0),
    ("square meters", AreaUnit::SquareMeters, 1, 0),
    ("sq. ft.", AreaUnit::SquareFeet, 1, 0),
    ("sq.ft.", AreaUnit::SquareFeet, 1, 0),
    ("sq.ft", AreaUnit::SquareFeet, 1, 0),
    ("sq. ft", AreaUnit::SquareFeet, 1, 0),
    ("sq ft", AreaUnit::SquareFeet, 1, 0),
    ("sqft", AreaUnit::SquareFeet, 1, 0),
    ("square feet", AreaUnit::SquareFeet, 1, 0),
    ("square foot", AreaUnit::SquareFeet, 1, 0),
    ("sf", AreaUnit::SquareFeet, 1, 0),
    ("ft²", AreaUnit::SquareFeet, 1, 0),
    ("ft2", AreaUnit::SquareFeet, 1, 0),
    ("尺", AreaUnit::SquareFeet, 1, 0),
    ("呎", AreaUnit::SquareFeet, 1, 0),
    ("acres", AreaUnit::Acres, 1, 0),
    ("acre", AreaUnit::Acres, 1, 0),
    ("ac", AreaUnit::Acres, 1, 0),
    ("英亩", AreaUnit::Acres, 1, 0),
    ("亩", AreaUnit::SquareMeters, 66_667, 2),
    ("畝", AreaUnit::SquareMeters, 66_667, 2),
    ("公顷", AreaUnit::SquareMeters, 10_000, 0),
    ("hectares", AreaUnit::SquareMeters, 10_000, 0),
    ("ha", AreaUnit::SquareMeters, 10_000, 0),
    ("坪", AreaUnit::SquareMeters, 330_579, 5),
];

const LABELS: &[&str] = &[
    "套内建筑面积",
    "套内面积",
    "建筑面积",
    "使用面积",
    "占地面积",
    "面积",
    "建面",
    "套内",
    "约",
    "approx.",
    "approx",
    ":",
    "：",
];

/// Reads the unit a text starts with, and gives what follows it.
pub(crate) fn unit(text: &str) -> Option<(Measure, &str)> {
    UNITS.iter().find_map(|(word, unit, factor, scale)| {
        let rest = strip_word(text, word)?;
        let letters = word.ends_with(|c: char| c.is_ascii_alphabetic());
        if letters && rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return None;
        }
        let factor = if *factor == 1 {
            Decimal::ONE
        } else {
            Decimal::new(*factor, *scale)
        };
        Some((
            Measure {
                unit: *unit,
                factor,
            },
            rest,
        ))
    })
}

/// Reads an area. Units that are not among [`AreaUnit`] (亩, 公顷, 坪) come out in square metres.
pub fn area(cell: &str) -> Result<AreaText, NumberError> {
    let text = trim(cell);
    if let Some(value) = number::plain(text.as_bytes()) {
        return Ok(AreaText { value, unit: None });
    }
    let text = narrow(text);
    let mut rest = text.as_ref();
    while let Some(after) = LABELS.iter().find_map(|word| strip_word(rest, word)) {
        rest = skip_blanks(after);
    }
    let (value, after) = number::leading(rest)?;
    rest = skip_blanks(after);
    if rest.is_empty() {
        return Ok(AreaText { value, unit: None });
    }
    let (measure, after) = unit(rest).ok_or(NumberError::NotANumber)?;
    rest = skip_blanks(after);
    rest = rest.strip_prefix("左右").unwrap_or(rest);
    if !rest.is_empty() {
        return Err(NumberError::NotANumber);
    }
    let value = if measure.factor == Decimal::ONE {
        value
    } else {
        value
            .checked_mul(measure.factor)
            .ok_or(NumberError::TooLarge)?
    };
    Ok(AreaText {
        value,
        unit: Some(measure.unit),
    })
}

/// The area in hundredths, half away from zero; `None` if it does not fit.
pub fn hundredths(value: Decimal) -> Option<i64> {
    number::fixed(value, 2)
}

/// Hundredths of a unit, written in units: `89.50`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hundredths(pub i64);

impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::money::write_fixed(f, self.0, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_areas() {
        use AreaUnit::*;
        let cases = [
            ("89.5㎡", "89.5", Some(SquareMeters)),
            ("89.5平米", "89.5", Some(SquareMeters)),
            ("48.97平米 ", "48.97", Some(SquareMeters)),
            ("89.5m²", "89.5", Some(SquareMeters)),
            ("89.5 M2", "89.5", Some(SquareMeters)),
            ("63㎡", "63", Some(SquareMeters)),
            ("136.00㎡", "136", Some(SquareMeters)),
            ("90平方米", "90", Some(SquareMeters)),
            ("建筑面积：约90平方米左右", "90", Some(SquareMeters)),
            ("约89.5平", "89.5", Some(SquareMeters)),
            ("1180 sqft", "1180", Some(SquareFeet)),
            ("1,180 sq ft", "1180", Some(SquareFeet)),
            ("1,180 Sq. Ft.", "1180", Some(SquareFeet)),
            ("0.25 acres", "0.25", Some(Acres)),
            ("1.2亩", "800.004", Some(SquareMeters)),
            ("2 ha", "20000", Some(SquareMeters)),
            ("75.0", "75", None),
            ("８９．５", "89.5", None),
        ];
        for (cell, value, unit) in cases {
            let read = area(cell).unwrap_or_else(|error| panic!("{cell:?}: {error}"));
            assert_eq!(read.value, value.parse().unwrap(), "{cell:?}");
            assert_eq!(read.unit, unit, "{cell:?}");
        }
    }

    #[test]
    fn refuses_what_is_no_area() {
        for cell in [
            "",
            "abc",
            "89.5元",
            "80-90㎡",
            "89.5平米x",
            "三十平",
            "--",
            "12,5,0",
            "5 acids",
            "1e999",
        ] {
            assert!(area(cell).is_err(), "{cell:?}");
        }
    }

    #[test]
    fn counts_hundredths() {
        assert_eq!(hundredths("89.505".parse().unwrap()), Some(8951));
        assert_eq!(hundredths(Decimal::MAX), None);
        assert_eq!(Hundredths(8950).to_string(), "89.50");
        assert_eq!(Hundredths(-5).to_string(), "-0.05");
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,30}|[0-9.]{1,5}[平米㎡m2 sqft亩]{0,5}") {
            let _ = area(&text);
        }

        #[test]
        fn reads_back_what_is_written(n in any::<i32>(), unit in prop_oneof!["", "㎡", " sqft"]) {
            let text = format!("{}{unit}", Hundredths(i64::from(n)));
            prop_assert_eq!(hundredths(area(&text).unwrap().value), Some(i64::from(n)));
        }
    }
}
