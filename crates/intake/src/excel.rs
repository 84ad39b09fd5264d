//! Damage a spreadsheet does to values on their way through it.

use model::rule::Rule;

use crate::rules;

/// The rule for a cell that a spreadsheet has certainly or probably spoiled: `1.38E+10`, an id of
/// more than 15 digits ending in zeros, `#REF!`. Whether it matters depends on the column: a price of
/// `1.23E+06` is still a price, a phone is lost.
pub fn excel_damage(cell: &str) -> Option<&'static Rule> {
    let cell = cell.trim();
    // most cells are told apart by their first character or length
    match cell.as_bytes().first()? {
        b'#' if is_error_value(cell) => Some(rules::ERROR_VALUE),
        b'0'..=b'9' if is_exponent(cell) => Some(rules::EXPONENT_NUMBER),
        b'0'..=b'9' if is_rounded_id(cell) => Some(rules::LONG_ID),
        _ => None,
    }
}

/// Whether the cell is a number written as a power of ten, as spreadsheets show long ones.
pub fn is_exponent(cell: &str) -> bool {
    let Some((digits, power)) = cell.split_once(['E', 'e']) else {
        return false;
    };
    let power = power.strip_prefix('+').unwrap_or(power);
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = match digits.split_once('.') {
        Some((whole, fraction)) if plain(fraction) => whole,
        None => digits,
        Some(_) => return false,
    };
    whole.len() == 1 && plain(whole) && plain(power) && power.len() <= 3
}

/// Whether the cell is a whole number of more than 15 digits of which only the first 15 are left.
pub fn is_rounded_id(cell: &str) -> bool {
    cell.len() > 15
        && cell.bytes().all(|byte| byte.is_ascii_digit())
        && cell.bytes().skip(15).all(|byte| byte == b'0')
}

/// Whether the cell is an error value of a spreadsheet, or the `####` of a narrow column.
pub fn is_error_value(cell: &str) -> bool {
    const VALUES: [&str; 9] = [
        "#REF!",
        "#NAME?",
        "#VALUE!",
        "#DIV/0!",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    ];
    VALUES.contains(&cell) || (cell.len() >= 3 && cell.bytes().all(|byte| byte == b'#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_named() {
        let name = |cell| excel_damage(cell).map(|rule| rule.name);
        assert_eq!(name("1.38E+10"), Some("excel-exponent"));
        assert_eq!(name("1E+11"), Some("excel-exponent"));
        assert_eq!(name("110101199003070000"), Some("excel-long-id"));
        assert_eq!(name(" #REF! "), Some("excel-error-value"));
        assert_eq!(name("########"), Some("excel-error-value"));
        for good in [
            "",
            "13812345678",
            "110101199003071234",
            "3E",
            "E3",
            "520万",
            "#12",
            "1.2.3E+4",
            "12E+3",
        ] {
            assert_eq!(name(good), None, "{good}");
        }
    }
}
