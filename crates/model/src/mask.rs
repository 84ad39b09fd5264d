//! Masks for private values: what may be shown of them on a screen or in a report. A mask keeps its
//! width whatever is behind it, and takes a value that is masked already as it is.

use crate::text::{narrow, trim};

/// Family names of two characters.
const COMPOUND_NAMES: &[&str] = &[
    "欧阳", "司马", "诸葛", "上官", "司徒", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "尉迟",
    "公孙", "皇甫", "令狐", "长孙", "慕容", "宇文", "端木", "轩辕", "呼延", "赫连", "澹台", "淳于",
    "单于", "申屠", "公羊", "钟离", "百里", "西门", "拓跋", "歐陽", "諸葛", "司馬",
];

/// What stands for a text nothing of which may be shown.
const HIDDEN: &str = "***";

/// Whether a family name has two characters.
pub fn has_compound_family_name(name: &str) -> bool {
    COMPOUND_NAMES.iter().any(|known| name.starts_with(known))
}

/// Whether a character is of the Chinese script.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A person's name: `张*`, `欧阳**`, `J***`.
pub fn name(value: &str) -> String {
    let value = trim(value);
    let Some(first) = value.chars().next() else {
        return String::new();
    };
    if let Some(family) = COMPOUND_NAMES
        .iter()
        .find(|known| value.starts_with(*known))
    {
        return format!("{family}**");
    }
    match first {
        c if is_han(c) => format!("{c}*"),
        c if c.is_alphabetic() => format!("{c}***"),
        _ => HIDDEN.to_owned(),
    }
}

/// A phone number: `138****5678`, `010-****5678`.
pub fn phone(value: &str) -> String {
    let text = narrow(trim(value));
    if text.is_empty() {
        return String::new();
    }
    if text.contains("****") && text.chars().filter(char::is_ascii_digit).count() <= 8 {
        return text.into_owned();
    }
    let international = text.starts_with('+') || text.starts_with("00");
    // an extension is cut off, or its digits would pass for the number's last ones
    let number = text
        .find(|c: char| c.is_alphabetic() || c == '#')
        .map_or(text.as_ref(), |at| &text[..at]);
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches("00");
    let national = match digits.strip_prefix("86") {
        Some(national) if international || digits.len() == 13 => Some(national),
        _ if international => None,
        _ => Some(digits),
    };
    let Some(national) = national else {
        return hidden_number(digits);
    };
    if national.len() == 11 && national.starts_with('1') {
        return format!("{}****{}", &national[..3], &national[7..]);
    }
    let area = national.strip_prefix('0').unwrap_or(national);
    let is_landline = national.starts_with('0') || international || digits.starts_with("86");
    let area_digits = if area.starts_with("10") || area.starts_with('2') {
        2
    } else {
        3
    };
    if is_landline && matches!(area.len(), 9..=11) && area.len() >= area_digits + 7 {
        return format!("0{}-****{}", &area[..area_digits], &area[area.len() - 4..]);
    }
    hidden_number(national)
}

/// The last four digits of a number long enough to hide the others behind them.
fn hidden_number(digits: &str) -> String {
    match digits.len() {
        8.. => format!("****{}", &digits[digits.len() - 4..]),
        _ => "****".to_owned(),
    }
}

/// An email address: `z***@example.com`.
pub fn email(value: &str) -> String {
    let value = trim(value);
    if value.is_empty() {
        return String::new();
    }
    match value.rsplit_once('@') {
        Some((local, domain)) if !domain.is_empty() => match local.chars().next() {
            Some(first) => format!("{first}***@{domain}"),
            None => format!("{HIDDEN}@{domain}"),
        },
        _ => HIDDEN.to_owned(),
    }
}

/// An identity number: `110***********1234`; the date of birth never shows.
pub fn id_number(value: &str) -> String {
    let text = narrow(trim(value));
    let well_formed = matches!(text.len(), 15 | 18)
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| b.is_ascii_digit() || b == b'*' || (i == 17 && matches!(b, b'x' | b'X')));
    if text.is_empty() {
        return String::new();
    }
    if !well_formed {
        return HIDDEN.to_owned();
    }
    // the last four of the old form are the day of birth and the sequence: two of them go
    let shown = if text.len() == 18 { 4 } else { 3 };
    let stars = "*".repeat(text.len() - 3 - shown);
    format!("{}{stars}{}", &text[..3], &text[text.len() - shown..])
}

/// A WeChat id: first and last character.
pub fn wechat(value: &str) -> String {
    let value = trim(value);
    let mut chars = value.chars();
    match (chars.next(), chars.next_back()) {
        (None, _) => String::new(),
        (Some(first), Some(last)) if first != '*' && chars.next().is_some() => {
            format!("{first}***{last}")
        }
        _ => HIDDEN.to_owned(),
    }
}

/// An address down to its community: the first number and all that follows it is hidden. An address
/// that is not in Chinese begins with its house number or name, and is hidden as a whole.
pub fn address(value: &str) -> String {
    let text = narrow(trim(value));
    if text.is_empty() {
        return String::new();
    }
    if !text.chars().any(is_han) {
        return HIDDEN.to_owned();
    }
    match house_number(&text) {
        Some(0) => HIDDEN.to_owned(),
        Some(at) => format!("{}{HIDDEN}", text[..at].trim_end()),
        None => text.into_owned(),
    }
}

/// Where the part of an address begins that leads to one door.
fn house_number(text: &str) -> Option<usize> {
    const UNITS: &[char] = &[
        '号', '栋', '幢', '座', '室', '弄', '楼', '层', '门', '单', '房', '號', '棟',
    ];
    const COUNTS: &[char] = &[
        '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '零', '〇', '甲', '乙',
        '丙', '丁',
    ];
    let mut count_start: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() || c == '*' || c == '#' {
            return Some(count_start.unwrap_or(at));
        }
        if COUNTS.contains(&c) {
            count_start.get_or_insert(at);
            continue;
        }
        if let Some(start) = count_start.filter(|_| UNITS.contains(&c)) {
            return Some(start);
        }
        count_start = None;
        if matches!(c, '栋' | '幢' | '室' | '号') {
            return Some(at);
        }
    }
    None
}

/// Any other private text: nothing of it shows.
pub fn text(value: &str) -> String {
    if trim(value).is_empty() {
        String::new()
    } else {
        HIDDEN.to_owned()
    }
}

/// A private field of a listing as outputs show it.
pub fn listing_field(field: crate::listing::ListingField, value: &str) -> String {
    use crate::listing::ListingField;
    match field {
        ListingField::OwnerName => name(value),
        ListingField::OwnerPhone => phone(value),
        ListingField::UnparsedAddress => address(value),
        _ => text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn masks() {
        type Mask = fn(&str) -> String;
        let cases: &[(Mask, &str, &str)] = &[
            (name, "张三", "张*"),
            (name, "张三丰", "张*"),
            (name, "张*", "张*"),
            (name, "欧阳修", "欧阳**"),
            (name, "John Smith", "J***"),
            (name, " ", ""),
            (name, "13800138000", "***"),
            (phone, "13800138000", "138****8000"),
            (phone, "+8613800138000", "138****8000"),
            (phone, "0086 138-0013-8000", "138****8000"),
            (phone, "１３８００１３８０００", "138****8000"),
            (phone, "138****8000", "138****8000"),
            (phone, "010-12345678", "010-****5678"),
            (phone, "+861012345678", "010-****5678"),
            (phone, "010-12345678转801", "010-****5678"),
            (phone, "0571-8765432", "0571-****5432"),
            (phone, "0571-87654321", "0571-****4321"),
            (phone, "+13678299160", "****9160"),
            (phone, "440-325-9393x693", "****9393"),
            (phone, "12345", "****"),
            (phone, "", ""),
            (email, "zhang@example.com", "z***@example.com"),
            (email, "not an email", "***"),
            (email, "", ""),
            (id_number, "110101199003071234", "110***********1234"),
            (id_number, "11010119900307123X", "110***********123X"),
            (id_number, "110101900307123", "110*********123"),
            (id_number, "12345", "***"),
            (wechat, "wx_zhang88", "w***8"),
            (wechat, "ab", "***"),
            (wechat, "", ""),
            (
                address,
                "北京市朝阳区望京东园7号楼2单元301",
                "北京市朝阳区望京东园***",
            ),
            (address, "阳光花园三号楼二单元", "阳光花园***"),
            (address, "阳光花园三期", "阳光花园三期"),
            (address, "阳光花园", "阳光花园"),
            (address, "浦东新区张杨路１２８８弄", "浦东新区张杨路***"),
            (address, "5 Charles St", "***"),
            (address, "", ""),
            (text, "说了什么", "***"),
            (text, "", ""),
        ];
        for (mask, value, expected) in cases {
            assert_eq!(mask(value), *expected, "{value:?}");
            // what is masked stays as it is, so that masking twice does no harm
            assert_eq!(mask(expected), *expected, "{expected:?} again");
        }
    }

    proptest! {
        #[test]
        fn never_panics(value in ".{0,30}|[+0-9*x转 -]{0,20}|[东阳三号楼0-9]{0,10}") {
            for mask in [name, phone, email, id_number, wechat, address, text] {
                let _ = mask(&value);
            }
        }

        #[test]
        fn the_middle_never_shows(prefix in "1[3-9][0-9]", middle in "[0-9]{4}", last in "[0-9]{4}", form in 0usize..4) {
            let number = [
                format!("{prefix}{middle}{last}"), format!("+86{prefix}{middle}{last}"),
                format!("{prefix}-{middle}-{last}"), format!("0086 {prefix} {middle} {last}"),
            ][form].clone();
            prop_assert_eq!(phone(&number), format!("{prefix}****{last}"));
        }

        #[test]
        fn few_digits_show(number in "[+]?[0-9 ()-]{0,20}") {
            prop_assert!(phone(&number).chars().filter(char::is_ascii_digit).count() <= 8);
            let given = number.chars().filter(char::is_ascii_digit).count();
            let shown = phone(&number).chars().filter(char::is_ascii_digit).count();
            prop_assert!(shown == 0 || shown < given, "{} {}", shown, given);
        }

        #[test]
        fn birth_dates_never_show(region in "[1-6][0-9]{5}", birth in "(19|20)[0-9]{6}", rest in "[0-9]{3}[0-9X]") {
            let masked = id_number(&format!("{region}{birth}{rest}"));
            prop_assert_eq!(masked, format!("{}***********{rest}", &region[..3]));
        }

        #[test]
        fn names_show_the_family_only(family in "[张王李赵]", given in "[\u{4e00}-\u{9fa5}]{1,3}") {
            prop_assert_eq!(name(&format!("{family}{given}")), format!("{family}*"));
        }
    }
}
