//! Money: amounts as cells write them, and amounts in minor units.
//!
//! Which amount a price is (asking, rent, unit) is the caller's to decide; here stands only what the
//! cell itself says.

use rust_decimal::Decimal;

use crate::codes::AreaUnit;
pub use crate::currency::Currency;
use crate::number::{self, NumberError};
use crate::text::{narrow, skip_blanks, strip_any, strip_word, trim};

/// In what steps a price is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PriceScale {
    /// By one.
    One,
    /// 千, k.
    Thousand,
    /// 万.
    TenThousand,
    /// 百万, m.
    Million,
    /// 亿.
    HundredMillion,
}

impl PriceScale {
    /// How many units of the currency one step is.
    pub fn factor(self) -> Decimal {
        Decimal::from(match self {
            PriceScale::One => 1_u32,
            PriceScale::Thousand => 1_000,
            PriceScale::TenThousand => 10_000,
            PriceScale::Million => 1_000_000,
            PriceScale::HundredMillion => 100_000_000,
        })
    }
}

/// What an amount is the price of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Per {
    /// The whole home.
    Home,
    /// One unit of area.
    AreaUnit(AreaUnit),
    /// A month's use.
    Month,
    /// A day's use.
    Day,
    /// A quarter's use.
    Quarter,
    /// A year's use.
    Year,
    /// A week's use.
    Week,
}

/// An amount and what its cell says about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// In units of the currency, `scale` already applied.
    pub value: Decimal,
    /// The scale the cell names.
    pub scale: Option<PriceScale>,
    /// The currency the cell names. `￥` and `¥` are taken for CNY; a bare `$` names none, see `sign`.
    pub currency: Option<Currency>,
    /// What the price is of, if the cell says so.
    pub per: Option<Per>,
    /// A sign that several currencies share (`$`, `¥`, `￥`): what is known of the file outweighs it.
    pub sign: Option<char>,
}

/// Why a cell holds no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountError {
    /// The number is missing or broken.
    Number(NumberError),
    /// The price is to be talked about: 面议.
    Negotiable,
    /// The number is followed by something that is no known unit; ranges are among these.
    Unit,
}

impl std::fmt::Display for AmountError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AmountError::Number(error) => error.fmt(f),
            AmountError::Negotiable => f.write_str("price on request"),
            AmountError::Unit => f.write_str("one number and a known unit expected"),
        }
    }
}

impl std::error::Error for AmountError {}

impl From<NumberError> for AmountError {
    fn from(error: NumberError) -> Self {
        AmountError::Number(error)
    }
}

const NEGOTIABLE: &[&str] = &[
    "面议",
    "价格待定",
    "售价待定",
    "待定",
    "价格面议",
    "租金面议",
    "电议",
    "面谈",
    "价格面谈",
    "poa",
    "p.o.a.",
    "tba",
    "on request",
    "price on request",
    "price on application",
    "contact agent",
];

/// Words that may stand before the number and say no more than the column does.
const LABELS: &[(&str, ())] = &[
    ("单价", ()),
    ("总价", ()),
    ("均价", ()),
    ("售价", ()),
    ("报价", ()),
    ("参考总价", ()),
    ("参考价", ()),
    ("挂牌价", ()),
    ("价格", ()),
    ("月租金", ()),
    ("月租", ()),
    ("租金", ()),
    ("成交价", ()),
    ("约", ()),
    ("from", ()),
    ("price", ()),
    ("asking", ()),
    ("rent", ()),
    ("approx.", ()),
    ("approx", ()),
    ("about", ()),
    (":", ()),
    ("：", ()),
];

/// What a word for money names: a currency, and the sign that others share with it.
type Named = (Option<Currency>, Option<char>);

const CURRENCIES: &[(&str, Named)] = &[
    ("￥", (Some(Currency::CNY), Some('￥'))),
    ("¥", (Some(Currency::CNY), Some('¥'))),
    ("US$", (Some(Currency::USD), None)),
    ("AU$", (Some(Currency::AUD), None)),
    ("A$", (Some(Currency::AUD), None)),
    ("HK$", (Some(Currency::HKD), None)),
    ("NZ$", (Some(Currency::NZD), None)),
    ("CA$", (Some(Currency::CAD), None)),
    ("C$", (Some(Currency::CAD), None)),
    ("NT$", (Some(Currency::TWD), None)),
    ("S$", (Some(Currency::SGD), None)),
    ("$", (None, Some('$'))),
    ("€", (Some(Currency::EUR), None)),
    ("£", (Some(Currency::GBP), None)),
    ("₩", (Some(Currency::KRW), None)),
    ("RMB", (Some(Currency::CNY), None)),
    ("人民币", (Some(Currency::CNY), None)),
    ("港币", (Some(Currency::HKD), None)),
    ("港元", (Some(Currency::HKD), None)),
    ("美元", (Some(Currency::USD), None)),
    ("美金", (Some(Currency::USD), None)),
    ("欧元", (Some(Currency::EUR), None)),
    ("英镑", (Some(Currency::GBP), None)),
    ("日元", (Some(Currency::JPY), None)),
    ("日圆", (Some(Currency::JPY), None)),
    ("円", (Some(Currency::JPY), None)),
    ("澳元", (Some(Currency::AUD), None)),
    ("加元", (Some(Currency::CAD), None)),
    ("新币", (Some(Currency::SGD), None)),
    ("台币", (Some(Currency::TWD), None)),
    ("yuan", (Some(Currency::CNY), None)),
    ("euros", (Some(Currency::EUR), None)),
    ("euro", (Some(Currency::EUR), None)),
    ("dollars", (None, Some('$'))),
    // 元 alone is said of any currency, but in Chinese of renminbi
    ("元", (Some(Currency::CNY), None)),
    ("圆", (Some(Currency::CNY), None)),
    ("块", (Some(Currency::CNY), None)),
];

const SCALES: &[(&str, PriceScale)] = &[
    ("百万", PriceScale::Million),
    ("万", PriceScale::TenThousand),
    ("萬", PriceScale::TenThousand),
    ("亿", PriceScale::HundredMillion),
    ("億", PriceScale::HundredMillion),
    ("千", PriceScale::Thousand),
    ("million", PriceScale::Million),
    ("thousand", PriceScale::Thousand),
    ("mln", PriceScale::Million),
    ("mn", PriceScale::Million),
    ("mio", PriceScale::Million),
    ("k", PriceScale::Thousand),
    ("m", PriceScale::Million),
];

const PERS: &[(&str, Per)] = &[
    ("个月", Per::Month),
    ("月", Per::Month),
    ("months", Per::Month),
    ("month", Per::Month),
    ("mo", Per::Month),
    ("季度", Per::Quarter),
    ("季", Per::Quarter),
    ("quarter", Per::Quarter),
    ("年", Per::Year),
    ("year", Per::Year),
    ("yr", Per::Year),
    ("annum", Per::Year),
    ("天", Per::Day),
    ("日", Per::Day),
    ("day", Per::Day),
    ("周", Per::Week),
    ("星期", Per::Week),
    ("week", Per::Week),
    ("wk", Per::Week),
    ("套", Per::Home),
];

/// Short forms that carry their own "per".
const SHORT_PERS: &[(&str, Per)] = &[
    ("p.c.m.", Per::Month),
    ("pcm", Per::Month),
    ("p.m.", Per::Month),
    ("pm", Per::Month),
    ("monthly", Per::Month),
    ("p.w.", Per::Week),
    ("pw", Per::Week),
    ("weekly", Per::Week),
    ("p.a.", Per::Year),
    ("pa", Per::Year),
    ("yearly", Per::Year),
    ("annually", Per::Year),
    ("daily", Per::Day),
    ("psf", Per::AreaUnit(AreaUnit::SquareFeet)),
    ("psm", Per::AreaUnit(AreaUnit::SquareMeters)),
];

/// Reads an amount of money.
pub fn amount(cell: &str) -> Result<Amount, AmountError> {
    let text = trim(cell);
    let mut amount = Amount {
        value: Decimal::ZERO,
        scale: None,
        currency: None,
        per: None,
        sign: None,
    };
    if let Some(value) = number::plain(text.as_bytes()) {
        amount.value = value;
        return Ok(amount);
    }
    let text = narrow(text);
    let text = text.as_ref();
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        amount.value = number::decimal(text)?;
        return Ok(amount);
    }
    let mut rest = text;
    let mut minus = false;
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        (rest, minus) = before_number(text, &mut amount)?;
    }
    let (value, after) = number::leading(rest)?;
    amount.value = if minus { -value } else { value };
    rest = units(skip_blanks(after), &mut amount)?;
    if rest.is_empty() {
        Ok(amount)
    } else {
        Err(AmountError::Unit)
    }
}

/// Reads what stands before the number: words, currency. Gives the rest and whether a minus stood
/// before the currency.
fn before_number<'a>(text: &'a str, amount: &mut Amount) -> Result<(&'a str, bool), AmountError> {
    if NEGOTIABLE
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text))
    {
        return Err(AmountError::Negotiable);
    }
    let mut rest = text;
    while let Some(((), after)) = strip_any(rest, LABELS) {
        rest = skip_blanks(after);
    }
    let negative = rest.strip_prefix('-');
    let minus = negative.is_some_and(|after| currency_word(after).is_some());
    if let (true, Some(after)) = (minus, negative) {
        rest = after;
    }
    while let Some(after) = take_currency(rest, amount) {
        rest = skip_blanks(after);
    }
    Ok((rest, minus))
}

/// Reads what follows the number: scale, currency, per, remarks.
fn units<'a>(mut rest: &'a str, amount: &mut Amount) -> Result<&'a str, AmountError> {
    if rest.is_empty() {
        return Ok(rest);
    }
    if let Some((scale, after)) =
        strip_any(rest, SCALES).filter(|(_, after)| !means_metre(rest, after))
    {
        amount.value = amount
            .value
            .checked_mul(scale.factor())
            .filter(|value| value.abs() <= Decimal::from(i64::MAX))
            .ok_or(NumberError::TooLarge)?;
        amount.scale = Some(scale);
        rest = skip_blanks(after);
        if rest.is_empty() {
            return Ok(rest);
        }
    }
    while let Some(after) = take_currency(rest, amount) {
        rest = skip_blanks(after);
    }
    rest = skip_blanks(rest.strip_prefix('整').unwrap_or(rest));
    if let Some((per, after)) = take_per(rest) {
        amount.per = Some(per);
        rest = skip_blanks(after);
    }
    for word in ["起", "左右", "上下", "以内"] {
        rest = skip_blanks(rest.strip_prefix(word).unwrap_or(rest));
    }
    // how rent is paid, or a remark: (季付价)
    if rest.starts_with('(') && rest.ends_with(')') && rest.matches('(').count() == 1 {
        rest = "";
    }
    Ok(rest)
}

/// `m2` is an area, not a million; `m` before it must not be eaten.
fn means_metre(rest: &str, after: &str) -> bool {
    rest.len() - after.len() == 1 && rest.starts_with(['m', 'M']) && after.starts_with(['2', '²'])
}

type CurrencyWord<'a> = (Named, &'a str);

fn currency_word(text: &str) -> Option<CurrencyWord<'_>> {
    strip_any(text, CURRENCIES).or_else(|| {
        let code = text.get(..3)?;
        let rest = &text[3..];
        let runs_on = rest.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        let upper = code.bytes().all(|b| b.is_ascii_uppercase());
        let currency = Currency::from_code(code).filter(|_| upper && !runs_on)?;
        Some(((Some(currency), None), rest))
    })
}

fn take_currency<'a>(text: &'a str, amount: &mut Amount) -> Option<&'a str> {
    let ((currency, sign), rest) = currency_word(text)?;
    let plain_yuan = text.starts_with(['元', '圆', '块']);
    let certain = sign.is_none() && !plain_yuan;
    if amount.currency.is_none() || (certain && amount.sign.is_some()) {
        amount.currency = currency;
        amount.sign = sign;
    }
    Some(rest)
}

fn take_per(text: &str) -> Option<(Per, &str)> {
    if let Some(found) = strip_any(text, SHORT_PERS) {
        return Some(found);
    }
    let rest = ["/", "每", "per ", "a ", "／"]
        .iter()
        .find_map(|word| strip_word(text, word))?;
    let rest = skip_blanks(rest);
    if let Some((unit, after)) = crate::area::unit(rest) {
        return (unit.factor == Decimal::ONE).then_some((Per::AreaUnit(unit.unit), after));
    }
    strip_any(rest, PERS)
}

/// The amount in minor units, half away from zero; `None` if it does not fit.
pub fn minor(value: Decimal, currency: Currency) -> Option<i64> {
    number::fixed(value, u32::from(currency.exponent()))
}

/// An amount in minor units, written in units: `5200000.00`, in yen `520000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinorAmount(pub i64, pub Currency);

impl std::fmt::Display for MinorAmount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write_fixed(f, self.0, self.1.exponent())
    }
}

/// Writes `value` with its last `places` digits behind the point.
pub(crate) fn write_fixed(
    f: &mut std::fmt::Formatter<'_>,
    value: i64,
    places: u8,
) -> std::fmt::Result {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    if places == 0 {
        return write!(f, "{sign}{size}");
    }
    let unit = 10_u64.pow(u32::from(places));
    let width = usize::from(places);
    write!(f, "{sign}{}.{:0width$}", size / unit, size % unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(cell: &str) -> (String, Option<PriceScale>, Option<Currency>, Option<Per>) {
        let amount = amount(cell).unwrap_or_else(|error| panic!("{cell:?}: {error}"));
        (
            amount.value.normalize().to_string(),
            amount.scale,
            amount.currency,
            amount.per,
        )
    }

    #[test]
    fn reads_amounts() {
        use Per::*;
        use PriceScale::*;
        let cny = Some(Currency::CNY);
        let metre = Some(AreaUnit(crate::codes::AreaUnit::SquareMeters));
        let foot = Some(AreaUnit(crate::codes::AreaUnit::SquareFeet));
        let cases = [
            ("520万", ("5200000", Some(TenThousand), None, None)),
            ("520万元", ("5200000", Some(TenThousand), cny, None)),
            ("5,200,000", ("5200000", None, None, None)),
            ("￥520.00万", ("5200000", Some(TenThousand), cny, None)),
            ("¥520", ("520", None, cny, None)),
            ("1.2亿", ("120000000", Some(HundredMillion), None, None)),
            ("60,000元/平", ("60000", None, cny, metre)),
            ("单价39035元/平米", ("39035", None, cny, metre)),
            ("121,503元/㎡", ("121503", None, cny, metre)),
            ("39035元／平方米", ("39035", None, cny, metre)),
            (
                "7300元/月\n            (季付价)",
                ("7300", None, cny, Some(Month)),
            ),
            ("10000元/月", ("10000", None, cny, Some(Month))),
            ("2200元每月", ("2200", None, cny, Some(Month))),
            ("330万", ("3300000", Some(TenThousand), None, None)),
            ("129.5 万 元", ("1295000", Some(TenThousand), cny, None)),
            ("约520万", ("5200000", Some(TenThousand), None, None)),
            (
                "总价：520万/套",
                ("5200000", Some(TenThousand), None, Some(Home)),
            ),
            ("$1,250,000", ("1250000", None, None, None)),
            (
                "US$ 1.5 million",
                ("1500000", Some(Million), Some(Currency::USD), None),
            ),
            (
                "AUD 1,250,000",
                ("1250000", None, Some(Currency::AUD), None),
            ),
            ("1250000 EUR", ("1250000", None, Some(Currency::EUR), None)),
            (
                "£1,200 pcm",
                ("1200", None, Some(Currency::GBP), Some(Month)),
            ),
            ("$550 per week", ("550", None, None, Some(Week))),
            ("$550 pw", ("550", None, None, Some(Week))),
            ("1.2m", ("1200000", Some(Million), None, None)),
            ("850k", ("850000", Some(Thousand), None, None)),
            ("3500 per month", ("3500", None, None, Some(Month))),
            ("$320/sqft", ("320", None, None, foot)),
            ("$320 per sq ft", ("320", None, None, foot)),
            ("221900", ("221900", None, None, None)),
            ("1.23E+06", ("1230000", None, None, None)),
            ("1480000.0", ("1480000", None, None, None)),
            ("３５０万", ("3500000", Some(TenThousand), None, None)),
            ("-1", ("-1", None, None, None)),
            (
                "5000万円",
                ("50000000", Some(TenThousand), Some(Currency::JPY), None),
            ),
            (
                "800万港币",
                ("8000000", Some(TenThousand), Some(Currency::HKD), None),
            ),
            ("30000元/平起", ("30000", None, cny, metre)),
            ("5元/天", ("5", None, cny, Some(Day))),
        ];
        for (cell, (value, scale, currency, per)) in cases {
            assert_eq!(
                read(cell),
                (value.to_owned(), scale, currency, per),
                "{cell:?}"
            );
        }
        assert_eq!(amount("$5").map(|a| a.sign), Ok(Some('$')));
        assert_eq!(amount("US$5").map(|a| a.sign), Ok(None));
        assert_eq!(amount("-$5").map(|a| a.value), Ok(Decimal::from(-5)));
    }

    #[test]
    fn refuses_what_is_no_amount() {
        use AmountError::*;
        let cases = [
            ("面议", Negotiable),
            ("价格待定", Negotiable),
            ("POA", Negotiable),
            ("2200-2500元/月", Unit),
            ("1**", Unit),
            ("520万左", Unit),
            ("2.53元/m3", Unit),
            ("3.5元/㎡/天", Unit),
            ("500 per goat", Unit),
            ("下载APP查看成交>", Number(NumberError::NotANumber)),
            ("", Number(NumberError::Empty)),
            ("三百万", Number(NumberError::NotANumber)),
            ("NaN", Number(NumberError::NotFinite)),
            ("12,5,0", Number(NumberError::Grouping)),
            ("1e999", Number(NumberError::TooLarge)),
            ("9999999999999999亿", Number(NumberError::TooLarge)),
            ("0x1F", Unit),
            ("12.3.4", Unit),
        ];
        for (cell, expected) in cases {
            let found = amount(cell).unwrap_err();
            let same = found == expected || matches!((cell, found), ("12.3.4", Number(_)));
            assert!(same, "{cell:?}: {found:?}");
        }
    }

    #[test]
    fn rounds_half_away_from_zero() {
        let cases = [
            ("0.005", 1),
            ("0.015", 2),
            ("-0.005", -1),
            ("2.675", 268),
            ("1.004", 100),
            ("5200000", 520_000_000),
        ];
        for (value, expected) in cases {
            assert_eq!(
                minor(value.parse().unwrap(), Currency::CNY),
                Some(expected),
                "{value}"
            );
        }
        assert_eq!(minor("1.5".parse().unwrap(), Currency::JPY), Some(2));
        assert_eq!(minor(Decimal::from(i64::MAX), Currency::CNY), None);
        assert_eq!(minor(Decimal::MAX, Currency::CNY), None);
    }

    #[test]
    fn writes_minor_units() {
        assert_eq!(
            MinorAmount(520_000_000, Currency::CNY).to_string(),
            "5200000.00"
        );
        assert_eq!(MinorAmount(520_000, Currency::JPY).to_string(), "520000");
        assert_eq!(MinorAmount(-5, Currency::USD).to_string(), "-0.05");
        assert_eq!(
            MinorAmount(i64::MIN, Currency::USD).to_string(),
            "-92233720368547758.08"
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,30}|[￥$0-9.,]{1,6}[万亿元/平月m2 k()起]{0,6}") {
            let _ = amount(&text);
        }

        #[test]
        fn reads_back_what_is_written(n in any::<i64>(), kind in 0usize..3) {
            let currency = [Currency::CNY, Currency::JPY, Currency::from_code("KWD").unwrap()][kind];
            let n = n / 2;
            let text = MinorAmount(n, currency).to_string();
            let read = amount(&text).unwrap();
            prop_assert_eq!(minor(read.value, currency), Some(n));
        }
    }
}
