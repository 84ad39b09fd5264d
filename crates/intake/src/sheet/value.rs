//! Values of cells as a person reads them, the same whatever kind of workbook they stand in.

use calamine::ExcelDateTime;

/// Days Excel's calendar has: the last is 9999-12-31.
const DAYS: f64 = 2_958_466.0;

/// A whole number without a point, any other as short as it can be written; never with an exponent.
pub(super) fn float(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e21 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

/// The name of an error as a cell's text. `#N/A` is what a look-up that found nothing leaves, and a
/// cell left empty says the same; the other errors stay, so that the rules can name them.
pub(super) fn error_text(name: &str) -> String {
    match name {
        "#N/A" => String::new(),
        other => other.to_owned(),
    }
}

/// A day, a time, or both, as ISO 8601 writes them. A number that is no day of Excel's calendar stays
/// a number.
pub(super) fn day_and_time(when: &ExcelDateTime) -> String {
    let serial = when.as_f64();
    if !(0.0..DAYS).contains(&serial) {
        return float(serial);
    }
    if when.is_duration() || serial < 1.0 {
        return clock((serial * 86_400.0).round() as u64);
    }
    let (year, month, day, hour, minute, second, milli) = when.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}

/// A moment as OpenDocument writes it, `2026-11-03T09:30:00`, with a blank, and without an hour where
/// it is midnight.
pub(super) fn iso_day_and_time(text: &str) -> String {
    let Some((day, time)) = text.split_once('T') else {
        return text.to_owned();
    };
    let time = match time.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => time,
    };
    match time {
        "00:00:00" | "" => day.to_owned(),
        _ => format!("{day} {time}"),
    }
}

/// A length of time as OpenDocument writes it, `PT09H30M00S`, as `09:30:00`.
pub(super) fn iso_duration(text: &str) -> String {
    let seconds = || {
        let mut rest = text.strip_prefix("PT")?;
        let mut seconds = 0.0;
        for (unit, worth) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
            if let Some((number, after)) = rest.split_once(unit) {
                seconds += number.parse::<f64>().ok()? * worth;
                rest = after;
            }
        }
        (rest.is_empty() && (0.0..DAYS * 86_400.0).contains(&seconds)).then_some(seconds)
    };
    match seconds() {
        Some(seconds) => clock(seconds.round() as u64),
        None => text.to_owned(),
    }
}

fn clock(seconds: u64) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_exponent() {
        assert_eq!(float(13_800_138_001.0), "13800138001");
        assert_eq!(float(89.5), "89.5");
        assert_eq!(float(1e20), "100000000000000000000");
        assert!(!float(1e300).contains(['e', 'E']));
        assert!(!float(1e-9).contains(['e', 'E']));
    }

    #[test]
    fn days_of_both_calendars() {
        use calamine::ExcelDateTimeType::{DateTime, TimeDelta};
        let day =
            |serial, from_1904| day_and_time(&ExcelDateTime::new(serial, DateTime, from_1904));
        assert_eq!(day(46_329.0, false), "2026-11-03");
        assert_eq!(day(44_867.0, true), "2026-11-03");
        assert_eq!(day(46_329.5, false), "2026-11-03 12:00:00");
        assert_eq!(day(0.5, false), "12:00:00");
        let length = ExcelDateTime::new(1.5, TimeDelta, false);
        assert_eq!(day_and_time(&length), "36:00:00");
        for odd in [-1.0, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(day(odd, false), float(odd));
        }
    }

    #[test]
    fn moments_of_open_document() {
        assert_eq!(iso_day_and_time("2026-11-03"), "2026-11-03");
        assert_eq!(iso_day_and_time("2026-11-03T00:00:00"), "2026-11-03");
        assert_eq!(
            iso_day_and_time("2026-11-03T09:30:00.000"),
            "2026-11-03 09:30:00"
        );
        assert_eq!(iso_duration("PT09H30M00S"), "09:30:00");
        assert_eq!(iso_duration("PT36H0M1.2S"), "36:00:01");
        assert_eq!(iso_duration("P1D"), "P1D");
        assert_eq!(iso_duration("PT1e300H"), "PT1e300H");
    }
}
