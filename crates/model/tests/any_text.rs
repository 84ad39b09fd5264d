//! Readers of values over any text: they never panic, they give the same answer twice, and what was
//! read reads back from how it is written.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use model::dates::{self, DateOrder, When};
use model::money::Currency;
use model::{area, floor, layout, mask, money, number, orientation, phone, text};
use proptest::prelude::*;

/// Pieces of which cells are made, next to each other as no cell has them.
const PIECES: &[&str] = &[
    "0",
    "1",
    "3",
    "12",
    "520",
    "89.5",
    "-",
    "+",
    ".",
    ",",
    "，",
    "。",
    "/",
    "|",
    ":",
    "：",
    "(",
    ")",
    "（",
    "）",
    " ",
    "\u{a0}",
    "\u{3000}",
    "\t",
    "\n",
    "\0",
    "\u{200b}",
    "\u{feff}",
    "\u{301}",
    "万",
    "亿",
    "元",
    "千",
    "百",
    "十",
    "零",
    "两",
    "半",
    "多",
    "余",
    "约",
    "起",
    "面议",
    "/月",
    "/㎡",
    "每平米",
    "㎡",
    "平米",
    "m²",
    "m2",
    "sqft",
    "sq ft",
    "acre",
    "亩",
    "公顷",
    "坪",
    "ha",
    "$",
    "￥",
    "¥",
    "€",
    "£",
    "US$",
    "HK$",
    "CNY",
    "usd",
    "k",
    "M",
    "mn",
    "bn",
    "e",
    "E+10",
    "%",
    "‰",
    "室",
    "厅",
    "厨",
    "卫",
    "房",
    "居",
    "开间",
    "bed",
    "bath",
    "br",
    "ba",
    "studio",
    ".5",
    "楼层",
    "层",
    "共",
    "低",
    "中",
    "高",
    "顶",
    "底",
    "地下",
    "B",
    "F",
    "第",
    "/共",
    "Lower ground",
    "南",
    "北",
    "东",
    "西",
    "朝",
    "东南",
    "通透",
    "south",
    "-east",
    "SW",
    "n",
    "年",
    "月",
    "日",
    "时",
    "分",
    "上午",
    "下午",
    "2026",
    "26",
    "Feb",
    "february",
    "30",
    "31",
    "T",
    "Z",
    "+08:00",
    "AM",
    "pm",
    "昨天",
    "3天前",
    "刚刚",
    "周一",
    "45999",
    "0000",
    "9999",
    "24:00",
    "138",
    "0013",
    "+86",
    "400-",
    "转",
    "ext",
    "010-",
    "x",
    "#",
    "tel",
    "@",
    "QQ",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999999999999999",
    "0.00000000000000000000000000000001",
    "１２３",
    "三",
    "二十",
    "一百零八",
    "㊀",
    "𝟗",
    "é",
    "ß",
    "İ",
    "🏠",
];

fn cells() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..9);
    prop_oneof![
        4 => pieces.prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,40}",
        1 => prop::collection::vec(any::<char>(), 0..30).prop_map(String::from_iter),
    ]
}

/// Reads twice; the answers must be one.
fn twice<T: Debug>(read: impl Fn() -> T) -> T {
    let first = read();
    assert_eq!(format!("{first:?}"), format!("{:?}", read()));
    first
}

proptest! {
    #[test]
    fn numbers_and_text(cell in cells()) {
        if let Ok(value) = twice(|| number::decimal(&cell)) {
            let again = number::decimal(&value.to_string());
            prop_assert_eq!(again.ok(), Some(value), "{:?}", cell);
        }
        if let Ok(value) = twice(|| number::integer(&cell)) {
            prop_assert_eq!(number::integer(&value.to_string()).ok(), Some(value));
        }
        twice(|| (text::is_null(&cell), text::fold(&cell), text::present(&cell).is_some()));
        let tidy = text::tidy(&cell).into_owned();
        prop_assert_eq!(text::tidy(&tidy).into_owned(), tidy.clone(), "tidying again changes {:?}", cell);
        prop_assert_eq!(text::trim(text::trim(&cell)), text::trim(&cell));
    }

    #[test]
    fn money_and_areas(cell in cells()) {
        if let Ok(amount) = twice(|| money::amount(&cell)) {
            for currency in [Currency::CNY, Currency::JPY] {
                if let Some(minor) = money::minor(amount.value, currency) {
                    let shown = money::MinorAmount(minor, currency).to_string();
                    let read = money::amount(&shown);
                    prop_assert!(read.is_ok(), "{:?}: {}", cell, shown);
                    prop_assert_eq!(money::minor(read.unwrap().value, currency), Some(minor));
                }
            }
        }
        if let Ok(size) = twice(|| area::area(&cell))
            && let Some(hundredths) = area::hundredths(size.value)
        {
            let shown = area::Hundredths(hundredths).to_string();
            let read = area::area(&shown);
            prop_assert!(read.is_ok(), "{:?}: {}", cell, shown);
            prop_assert_eq!(area::hundredths(read.unwrap().value), Some(hundredths));
        }
    }

    #[test]
    fn layouts_floors_and_sides(cell in cells()) {
        if let Some(found) = twice(|| layout::layout(&cell)) {
            prop_assert_eq!(layout::layout(&found.to_string()), Some(found), "{:?}", cell);
        }
        if let Some(found) = twice(|| floor::floor(&cell)) {
            prop_assert_eq!(floor::floor(&found.to_string()), Some(found), "{:?}", cell);
        }
        if let Some(found) = twice(|| orientation::orientation(&cell)) {
            prop_assert!(found.iter().count() > 0);
            let mut list = String::new();
            found.write_list(&mut list);
            prop_assert!(!list.is_empty());
        }
    }

    #[test]
    fn days_and_times(cell in cells()) {
        for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy] {
            if let Ok(when) = twice(|| dates::when(&cell, order)) {
                let shown = match when {
                    When::Date(day) => day.to_string(),
                    When::Civil(time) => time.to_string(),
                    When::Instant(instant) => instant.to_string(),
                };
                prop_assert_eq!(dates::when(&shown, order), Ok(when), "{:?}: {}", cell, shown);
            }
        }
        twice(|| dates::serial(&cell));
        twice(|| dates::year(&cell));
    }

    #[test]
    fn phones(cell in cells(), country in "(CN|US|HK|GB|cn|XX|)") {
        if let Some(found) = twice(|| phone::phone(&cell, &country)) {
            let again = phone::phone(&found.e164, &country);
            prop_assert_eq!(again.map(|phone| phone.e164), Some(found.e164.clone()));
        }
    }

    #[test]
    fn masks(cell in cells()) {
        twice(|| {
            [
                mask::name(&cell),
                mask::phone(&cell),
                mask::email(&cell),
                mask::id_number(&cell),
                mask::wechat(&cell),
                mask::address(&cell),
                mask::text(&cell),
            ]
        });
    }
}
