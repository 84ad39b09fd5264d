//! Spellings of numbers, buildings and doors that mean the same.

use std::collections::HashMap;
use std::sync::LazyLock;

use model::number::chinese_digit;

use crate::rules::TRADITIONAL;

/// Traditional characters of place names, each before its simplified form, beside those of the
/// wording rules.
const PLACE_NAMES: &str = "廣广莊庄鎮镇嶺岭澤泽榮荣錦锦蘭兰東东馬马鳳凤紅红綠绿藍蓝雲云頤颐慶庆\
興兴寧宁聖圣騰腾鋼钢鄉乡棟栋幢幢長长江江蘇苏爾尔韓韩楊杨張张陳陈劉刘";

/// From traditional to simplified.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let chars: Vec<char> = PLACE_NAMES.chars().chain(TRADITIONAL.chars()).collect();
    chars
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect()
});

/// The simplified form of a character, or itself.
pub(super) fn simplified(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    SIMPLIFIED.get(&c).copied().unwrap_or(c)
}

/// Writes runs of Chinese numerals below a thousand in digits: 八十五 is 85, 一〇三 is 103.
pub(super) fn chinese_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if numeral(c).is_some() {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            out.push_str(&number(&run));
            run.clear();
        }
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn numeral(c: char) -> Option<i64> {
    match c {
        '百' => Some(100),
        c => chinese_digit(c),
    }
}

fn number(run: &str) -> String {
    if !run.contains(['十', '百']) {
        return run
            .chars()
            .filter_map(numeral)
            .map(|n| n.to_string())
            .collect();
    }
    let (mut sum, mut digit) = (0, None);
    for n in run.chars().filter_map(numeral) {
        if n >= 10 {
            sum += digit.take().unwrap_or(1) * n;
        } else {
            digit = Some(n);
        }
    }
    (sum + digit.unwrap_or(0)).to_string()
}

/// Words after the number of a building, an entrance or a door; longer ones stand before their ends.
const TAILS: [&str; 14] = [
    "号楼", "栋楼", "幢楼", "楼栋", "单元", "门牌", "栋", "幢", "座", "楼", "号", "室", "门", "户",
];

/// One spelling of a building, an entrance or a door: 3号楼, 3#, 3栋 and 三号楼 are `3`; 0302室 is `302`.
/// Empty where the text names none.
pub(super) fn door_form(text: &str) -> String {
    let mut form = chinese_numbers(&super::place::plain(text));
    for _ in 0..2 {
        if let Some(rest) = TAILS.iter().find_map(|tail| form.strip_suffix(tail)) {
            form.truncate(rest.len());
        }
    }
    let rest = form.trim_start_matches('第').trim_start_matches('0');
    rest.to_owned()
}

/// Building, entrance and door where one text holds all three: `3-2-1203`, `3栋2单元1203室`.
pub(super) fn three_doors(text: &str) -> Option<[&str; 3]> {
    let mut parts = text.split(['-', '－', '—', '/']).map(str::trim);
    if let (Some(building), Some(entrance), Some(door), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    {
        return Some([building, entrance, door]);
    }
    let at = text.find("单元")? + "单元".len();
    let (head, door) = text.split_at(at);
    let building = ["号楼", "栋", "幢", "座", "#"]
        .iter()
        .find_map(|tail| Some(head.find(tail)? + tail.len()));
    let (building, entrance) = head.split_at(building?);
    Some([building, entrance, door])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_have_one_spelling() {
        for text in ["3号楼", "3#", "3栋", "三号楼", "３幢", "3", "03栋", "3座"] {
            assert_eq!(door_form(text), "3", "{text}");
        }
        assert_eq!(door_form("二单元"), "2");
        assert_eq!(door_form("0302室"), "302");
        assert_eq!(door_form("A座"), door_form("a栋"));
        assert_eq!(door_form("一〇三室"), "103");
        assert_eq!(door_form("十二号楼"), "12");
        assert_eq!(door_form(" - "), "");
        assert_ne!(door_form("7号院3号楼"), door_form("8号院3号楼"));
    }

    #[test]
    fn three_doors_in_one_text() {
        assert_eq!(three_doors("3-2-1203"), Some(["3", "2", "1203"]));
        let [building, entrance, door] = three_doors("3栋2单元1203室").unwrap();
        assert_eq!(
            [building, entrance, door].map(door_form),
            ["3", "2", "1203"]
        );
        assert_eq!(three_doors("1203"), None);
        assert_eq!(three_doors("2-1203"), None);
    }
}
