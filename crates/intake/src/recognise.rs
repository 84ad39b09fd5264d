//! What a piece of a cell is, told by its form alone: the parts of `2室1厅 | 63㎡ | 南 | 精装`, of
//! `27人关注 / 6天以前发布`, of an address of a page.

use model::area::{self, AreaText};
use model::codes::{BuildingForm, Decoration, Holding, RentMode};
use model::floor::{self, Floor};
use model::layout::{self, Layout};
use model::money::{self, Amount};
use model::orientation::{self, Orientation};
use model::{codes_text, dates, number, text};

pub use crate::metro::{Metro, metro};
pub use crate::page::{is_url, url_id};
pub use crate::places::url_city;

/// A piece of a cell and what it says.
#[derive(Debug, Clone)]
pub enum Recognised<'a> {
    /// `3室2厅1厨2卫`
    Layout(Layout),
    /// `89.5㎡`
    Area(AreaText),
    /// `中楼层(共18层)`
    Floor(Floor),
    /// `南 北`
    Orientation(Orientation),
    /// `精装`
    Decoration(Decoration),
    /// `2002年建`
    Year(i64),
    /// `板楼`
    Form(BuildingForm),
    /// `2002年建板楼`
    YearForm(i64, BuildingForm),
    /// `27人关注`
    Followers(i64),
    /// `共3次带看`
    Showings(i64),
    /// `6天以前发布`
    Ago(&'a str),
    /// `有电梯`
    Elevator(bool),
    /// `整租`
    RentMode(RentMode),
    /// `满五年`
    Holding(Holding),
    /// `520万`
    Price(Amount),
    /// `https://…`
    Url(&'a str),
    /// `两梯四户`: lifts, homes.
    Ratio(i64, i64),
    /// `距3号线柳洲东路1082米`, `近地铁13号线西二旗站`
    Metro(Metro<'a>),
    /// `暂无数据`: the part is there and says nothing.
    Nothing,
}

impl Recognised<'_> {
    /// Name of the form, for evidence.
    pub fn form(&self) -> &'static str {
        match self {
            Recognised::Layout(_) => "layout",
            Recognised::Area(_) => "area",
            Recognised::Floor(_) => "floor",
            Recognised::Orientation(_) => "orientation",
            Recognised::Decoration(_) => "decoration",
            Recognised::Year(_) => "year",
            Recognised::Form(_) => "building form",
            Recognised::YearForm(..) => "year and building form",
            Recognised::Followers(_) => "followers",
            Recognised::Showings(_) => "showings",
            Recognised::Ago(_) => "age of the advert",
            Recognised::Elevator(_) => "elevator",
            Recognised::RentMode(_) => "rent mode",
            Recognised::Holding(_) => "holding",
            Recognised::Price(_) => "price",
            Recognised::Url(_) => "address of a page",
            Recognised::Ratio(..) => "lift ratio",
            Recognised::Metro(_) => "metro",
            Recognised::Nothing => "nothing",
        }
    }

    /// The field the form fills when it stands alone; composites by their name.
    pub fn field(&self) -> Option<&'static str> {
        Some(match self {
            Recognised::Layout(_) => "layout",
            Recognised::Area(_) => "building_area_total",
            Recognised::Floor(_) => "floor",
            Recognised::Orientation(_) => "orientation",
            Recognised::Decoration(_) => "decoration",
            Recognised::Year(_) => "year_built",
            Recognised::Form(_) => "building_form",
            Recognised::Followers(_) => "follow_count",
            Recognised::Showings(_) => "showing_count",
            Recognised::Ago(_) => "published_ago",
            Recognised::Elevator(_) => "elevator",
            Recognised::RentMode(_) => "rent_mode",
            Recognised::Holding(_) => "holding",
            Recognised::Url(_) => "url",
            Recognised::Ratio(..) => "lift_ratio",
            Recognised::Metro(_) => "metro",
            Recognised::Price(amount) => match amount.per {
                Some(money::Per::AreaUnit(_)) => "unit_price",
                Some(money::Per::Home) | None => "list_price",
                Some(_) => "lease_amount",
            },
            Recognised::YearForm(..) | Recognised::Nothing => return None,
        })
    }
}

/// Tells what a piece is by its form; `None` where it might be anything.
pub fn recognise(token: &str) -> Option<Recognised<'_>> {
    let token = text::trim(token);
    if token.is_empty() {
        return None;
    }
    if text::is_null(token) {
        return Some(Recognised::Nothing);
    }
    if is_url(token) {
        return Some(Recognised::Url(token));
    }
    // long texts are remarks and titles, whatever words they hold; several values are not one
    if token.len() > 90 || token.contains(" / ") || token.contains('|') {
        return None;
    }
    if token.is_ascii() {
        return western(token);
    }
    counted(token)
        .or_else(|| age(token))
        .or_else(|| elevator(token).map(Recognised::Elevator))
        .or_else(|| holding(token).map(Recognised::Holding))
        .or_else(|| year(token))
        .or_else(|| layout::layout(token).map(Recognised::Layout))
        .or_else(|| ratio(token).map(|(lifts, homes)| Recognised::Ratio(lifts, homes)))
        .or_else(|| sized(token))
        .or_else(|| orientation::orientation(token).map(Recognised::Orientation))
        .or_else(|| codes_text::decoration(token).map(Recognised::Decoration))
        .or_else(|| codes_text::rent_mode(token).map(Recognised::RentMode))
        .or_else(|| codes_text::building_form(token).map(Recognised::Form))
        .or_else(|| storey(token))
        .or_else(|| metro(token).map(Recognised::Metro))
}

/// Forms without a Chinese character. A bare number or a lone letter says nothing by itself.
fn western(token: &str) -> Option<Recognised<'_>> {
    if token.len() < 3 || token.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        let year = (token.len() == 4)
            .then(|| token.parse::<i64>().ok())
            .flatten();
        return year
            .filter(|year| (1900..=2035).contains(year))
            .map(Recognised::Year);
    }
    age(token)
        .or_else(|| layout::layout(token).map(Recognised::Layout))
        .or_else(|| sized(token))
        .or_else(|| orientation::orientation(token).map(Recognised::Orientation))
}

fn sized(token: &str) -> Option<Recognised<'_>> {
    if !token.bytes().any(|b| b.is_ascii_digit()) && token.is_ascii() {
        return None;
    }
    if let Ok(area) = area::area(token)
        && area.unit.is_some()
    {
        return Some(Recognised::Area(area));
    }
    match money::amount(token) {
        Ok(amount)
            if amount.scale.is_some() || amount.currency.is_some() || amount.per.is_some() =>
        {
            Some(Recognised::Price(amount))
        }
        _ => None,
    }
}

fn storey(token: &str) -> Option<Recognised<'_>> {
    let words = ["层", "楼", "区/", "叠", "地下"];
    if !words.iter().any(|word| token.contains(word)) {
        return None;
    }
    floor::floor(token).map(Recognised::Floor)
}

fn year(token: &str) -> Option<Recognised<'_>> {
    let (_, after) = token.split_once('年')?;
    let year = dates::year(token)?;
    let rest = text::trim(after);
    let rest = ["建成", "建造", "竣工", "建"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let rest = text::trim(rest);
    if rest.is_empty() || text::is_null(rest) {
        return Some(Recognised::Year(year));
    }
    codes_text::building_form(rest).map(|form| Recognised::YearForm(year, form))
}

/// `27人关注`, `共3次带看`, `带看5次`.
fn counted(token: &str) -> Option<Recognised<'_>> {
    let number = || {
        let digits = token.trim_matches(|c: char| !c.is_ascii_digit());
        digits.parse::<i64>().ok()
    };
    if token.contains("带看") || token.contains("看房") && token.contains(['次', '人']) {
        return number().map(Recognised::Showings);
    }
    if token.contains("关注") || token.contains("收藏") {
        return number().map(Recognised::Followers);
    }
    None
}

fn age(token: &str) -> Option<Recognised<'_>> {
    let chinese = (token.ends_with("发布") || token.ends_with("以前") || token.ends_with("前"))
        && (token.starts_with(|c: char| c.is_ascii_digit() || number::chinese_digit(c).is_some())
            || ["刚刚", "今天", "昨天"]
                .iter()
                .any(|word| token.starts_with(word)));
    let western = token.ends_with(" ago") && token.starts_with(|c: char| c.is_ascii_digit());
    (chinese || western).then_some(Recognised::Ago(token))
}

fn elevator(token: &str) -> Option<bool> {
    match token {
        "有电梯" | "配电梯" | "带电梯" | "电梯房" => Some(true),
        "无电梯" | "没有电梯" | "无梯" => Some(false),
        _ => None,
    }
}

fn holding(token: &str) -> Option<Holding> {
    let token = token.strip_prefix("房本").unwrap_or(token);
    if token.contains('满') {
        codes_text::holding(token)
    } else {
        None
    }
}

/// `两梯四户` is (2, 4).
pub fn ratio(token: &str) -> Option<(i64, i64)> {
    let (lifts, homes) = token.split_once('梯')?;
    let homes = homes.strip_suffix('户')?;
    Some((small_number(lifts)?, small_number(homes)?))
}

/// A number below one hundred in digits or Chinese: `12`, `二十`, `十二`.
fn small_number(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    if text.is_empty() || text.chars().count() > 3 {
        return None;
    }
    let (mut total, mut digit) = (0, None);
    for c in text.chars() {
        match number::chinese_digit(c)? {
            10 => total += digit.take().unwrap_or(1) * 10,
            value if digit.is_none() => digit = Some(value),
            _ => return None,
        }
    }
    Some(total + digit.unwrap_or(0))
}

/// The rent mode in front of a title: `整租·东方蓝海中心 4室2厅`.
pub fn title_rent_mode(title: &str) -> Option<RentMode> {
    let head: String = text::trim(title).chars().take(2).collect();
    match head.as_str() {
        "整租" => Some(RentMode::Whole),
        "合租" => Some(RentMode::Shared),
        _ => None,
    }
}

/// Takes a cell apart into pieces that are recognised one by one. A piece is divided no further than
/// needed: `南 北` stays whole, `精装 2室1厅` does not.
pub fn tokens(cell: &str) -> impl Iterator<Item = &str> {
    let mut out = Vec::new();
    for piece in pieces(cell) {
        refine(piece, &mut out);
    }
    out.into_iter()
}

/// First cut: at separators that never stand inside a value.
fn pieces(cell: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let chars: Vec<(usize, char)> = cell.char_indices().collect();
    for (n, &(at, c)) in chars.iter().enumerate() {
        let before = n.checked_sub(1).map(|n| chars[n].1);
        let after = chars.get(n + 1).map(|&(_, c)| c);
        let digits =
            before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let cut = match c {
            '|' | '·' | '•' | '｜' | ';' | '；' | '\n' | '\r' | '\t' | '，' | '、' => true,
            ',' => !digits,
            '/' | '-' => blank(before) && blank(after),
            c if c.is_whitespace() => blank(after) && after.is_some(),
            _ => false,
        };
        if cut {
            out.push(&cell[start..at]);
            start = at + c.len_utf8();
        }
    }
    out.push(&cell[start..]);
    out.retain_mut(|piece| {
        *piece = text::trim(piece);
        !piece.is_empty()
    });
    out
}

/// Second cut, at `/` and then at blanks, only where it makes something readable.
fn refine<'a>(piece: &'a str, out: &mut Vec<&'a str>) {
    if recognise(piece).is_some() {
        out.push(piece);
        return;
    }
    for separator in ['/', ' '] {
        // words of a Western name are not values: `Northern Metropolitan`
        if separator == ' ' && piece.is_ascii() && !piece.bytes().any(|b| b.is_ascii_digit()) {
            break;
        }
        let parts: Vec<&str> = piece
            .split(separator)
            .map(text::trim)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() > 1 && parts.iter().any(|part| recognise(part).is_some()) {
            for part in parts {
                refine(part, out);
            }
            return;
        }
    }
    // `中楼层(共6层)2002年建板楼`: one value glued to the next
    let seams = piece
        .char_indices()
        .filter(|(_, c)| [')', '）', '层', '㎡', '米', '厅', '卫', '室'].contains(c));
    for (at, c) in seams {
        let (head, tail) = piece.split_at(at + c.len_utf8());
        let tail = text::trim(tail);
        if !tail.is_empty() && recognise(head).is_some() && recognise(tail).is_some() {
            out.extend([head, tail]);
            return;
        }
    }
    out.push(piece);
}

/// Divides a cell as [`crate::understand::Meaning::Split`] says: `" "` is any run of blanks, `"-"` a
/// dash (with blanks around it where there is one such). Surplus parts stay with the part `keep`.
pub fn split<'a>(cell: &'a str, separator: &str, count: usize, keep: usize) -> Vec<&'a str> {
    let cell = text::trim(cell);
    let spaced = format!(" {separator} ");
    let mut spans: Vec<(usize, usize)> = Vec::with_capacity(count);
    let mut push = |from: usize, to: usize| {
        let part = text::trim(&cell[from..to]);
        if !part.is_empty() {
            let start = part.as_ptr() as usize - cell.as_ptr() as usize;
            spans.push((start, start + part.len()));
        }
    };
    let mut start = 0;
    if separator == " " {
        for (at, c) in cell.char_indices().filter(|(_, c)| c.is_whitespace()) {
            push(start, at);
            start = at + c.len_utf8();
        }
    } else {
        let by = if cell.contains(&spaced) {
            spaced.as_str()
        } else {
            separator
        };
        for (at, found) in cell.match_indices(by) {
            push(start, at);
            start = at + found.len();
        }
    }
    push(start, cell.len());
    if count > 0 && spans.len() > count {
        let surplus = spans.len() - count;
        let keep = keep.min(count - 1);
        spans[keep].1 = spans[keep + surplus].1;
        spans.drain(keep + 1..=keep + surplus);
    }
    spans
        .into_iter()
        .map(|(from, to)| &cell[from..to])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(cell: &str) -> Vec<&'static str> {
        tokens(cell)
            .map(|token| recognise(token).map_or("?", |found| found.form()))
            .collect()
    }

    #[test]
    fn packed_cells_fall_into_their_parts() {
        assert_eq!(
            forms("2室1厅 | 63.5㎡ | 南 北 | 精装 | 中楼层(共7层) | 2002年建 | 板楼"),
            [
                "layout",
                "area",
                "orientation",
                "decoration",
                "floor",
                "year",
                "building form"
            ]
        );
        assert_eq!(
            forms("27人关注 / 6天以前发布"),
            ["followers", "age of the advert"]
        );
        assert_eq!(forms("2002年建板楼"), ["year and building form"]);
        assert_eq!(forms("南/北"), ["orientation"]);
        assert_eq!(
            forms("中楼层(共6层)2002年建板楼  -  果园"),
            ["floor", "year and building form", "?"]
        );
        assert_eq!(forms("Northern Metropolitan"), ["?"]);
        assert_eq!(forms("三室 精装"), ["layout", "decoration"]);
        assert_eq!(forms("阳光花园"), ["?"]);
    }

    #[test]
    fn pages_give_ids_and_cities() {
        let url = "https://wh.lianjia.com/ershoufang/104101233595.html";
        assert_eq!(url_id(url), Some("104101233595"));
        assert_eq!(url_city(url), Some("武汉"));
        assert_eq!(
            url_id("https://hz.lianjia.com/ershoufang/yuhang/pg69"),
            None
        );
        assert_eq!(
            url_id("https://www.zillow.com/homedetails/12-Oak-St/48749425_zpid/"),
            Some("48749425")
        );
        assert_eq!(
            url_id("https://example.com/properties/86123456#/"),
            Some("86123456")
        );
        assert_eq!(
            url_id("https://example.com/view.php?house_id=998877"),
            Some("998877")
        );
        assert_eq!(url_city("https://www.example.com/bj/1.html"), None);
    }

    #[test]
    fn stations_lifts_and_splits() {
        assert_eq!(
            metro("距3号线柳洲东路1082米"),
            Some(Metro {
                line: Some("3号线"),
                station: Some("柳洲东路"),
                distance: Some(1082)
            })
        );
        assert_eq!(
            metro("近地铁13号线西二旗站").and_then(|m| m.station),
            Some("西二旗")
        );
        assert_eq!(ratio("五梯二十户"), Some((5, 20)));
        assert_eq!(ratio("两梯四户"), Some((2, 4)));
        assert_eq!(
            split("果园西小区    -  果园", "-", 2, 0),
            ["果园西小区", "果园"]
        );
        assert_eq!(
            split("昌平-北七家-东方-蓝海", "-", 3, 2),
            ["昌平", "北七家", "东方-蓝海"]
        );
        assert_eq!(
            split("朝阳 望京 四至五环", " ", 3, 2),
            ["朝阳", "望京", "四至五环"]
        );
    }
}
