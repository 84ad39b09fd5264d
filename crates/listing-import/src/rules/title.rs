//! What a title says about the home, read in one walk over its characters.

use super::text::small_digit;

/// What a title says.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct TitleFacts {
    /// It speaks of the layout or the kind of home at all.
    pub(super) speaks_of_layout: bool,
    /// Bedrooms, if it says one number of them.
    pub(super) bedrooms: Option<i64>,
    /// Area in hundredths of a square metre, if it says one.
    pub(super) area: Option<i64>,
}

/// Words in which the characters of a layout stand for something else, or that make a number of rooms
/// another one: 改 (turned into), 变, 可 (could be), 做.
const TURNED: [char; 5] = ['改', '变', '可', '做', '隔'];
/// What follows 平 where the number is that of a part of the home.
const PARTS: [&str; 12] = [
    "阳台", "花园", "露台", "院", "地下", "车库", "客厅", "储", "主卧", "大", "超大", "赠",
];

/// Every character that says something in a title.
const SIGNS: [char; 63] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '０', '１', '２', '３', '４', '５', '６',
    '７', '８', '９', '.', ' ', '零', '〇', '一', '二', '两', '三', '四', '五', '六', '七', '八',
    '九', '室', '居', '房', '厅', '卫', '卧', '平', '㎡', '方', '墅', '层', '户', '栋', '宅', '铺',
    '厦', '廊', '跃', '复', '朝', '通', '间', '型', '楼', '改', '变', '可', '做', '隔',
];

/// [`SIGNS`] by their eight lowest bits, which most other characters do not share.
static SIGN_BITS: [u64; 4] = {
    let mut bits = [0; 4];
    let mut i = 0;
    while i < SIGNS.len() {
        bits[SIGNS[i] as usize >> 6 & 3] |= 1 << (SIGNS[i] as usize & 63);
        i += 1;
    }
    bits
};

fn could_be_sign(c: char) -> bool {
    SIGN_BITS[c as usize >> 6 & 3] >> (c as usize & 63) & 1 == 1
}

/// Reads a title.
pub(super) fn read(title: &str) -> TitleFacts {
    read_signs(title, could_be_sign)
}

/// The same, looking only at what could be a sign.
fn read_signs(title: &str, could_be_sign: impl Fn(char) -> bool) -> TitleFacts {
    let mut facts = TitleFacts::default();
    let mut rooms = Claim::default();
    let mut area = Claim::default();
    let mut number: Option<i64> = None; // in hundredths
    let mut weight = 0; // of the next digit after the point
    let mut chinese = false; // the number is one Chinese digit
    let mut before = '\0'; // what stands before the number
    let mut last = '\0';
    let mut turned = false;
    for (at, c) in title.char_indices() {
        if !could_be_sign(c) {
            number = None;
            last = c;
            continue;
        }
        if c.is_ascii_digit() {
            let digit = i64::from(c as u8 - b'0');
            number = match number {
                Some(n) if !chinese && weight > 0 => {
                    let n = n.saturating_add(digit * weight);
                    weight /= 10;
                    Some(n)
                }
                Some(n) if !chinese && weight == 0 && last.is_ascii_digit() => {
                    Some(n.saturating_mul(10).saturating_add(digit * 100))
                }
                _ => {
                    (before, chinese, weight) = (last, false, 0);
                    Some(digit * 100)
                }
            };
            last = c;
            continue;
        }
        if c == '.' && number.is_some() && !chinese && weight == 0 {
            weight = 10;
            last = c;
            continue;
        }
        if c == ' ' && number.is_some() {
            last = c;
            continue;
        }
        match c {
            '室' | '居' | '房' | '厅' | '卫' | '卧' => {
                facts.speaks_of_layout |= number.is_some() || c != '房';
                let next = title[at + c.len_utf8()..].chars().next().unwrap_or('\0');
                if let Some(n) = number
                    && matches!(c, '室' | '居' | '房')
                    && (100..=900).contains(&n)
                    && !matches!(before, '第' | '.' | '-' | '十' | '0'..='9')
                    && !matches!(
                        next,
                        '东' | '源' | '屋' | '产' | '民' | '住' | '友' | '租' | '卡'
                    )
                {
                    rooms.say(n / 100);
                }
            }
            '平' | '㎡' | '方' => {
                if let Some(n) = number.filter(|_| !chinese) {
                    let rest = title[at + c.len_utf8()..].trim_start_matches(['方', '米', ' ']);
                    let part = rest.starts_with('层')
                        || PARTS.iter().any(|part| rest.starts_with(part))
                        || matches!(before, '赠' | '送' | '第');
                    if !part && (1_000..=200_000).contains(&n) {
                        area.say(n);
                    }
                }
            }
            '墅' | '层' | '户' | '栋' | '宅' | '铺' | '厦' | '廊' | '跃' | '复' | '朝' | '通'
            | '间' | '型' | '楼' => facts.speaks_of_layout = true,
            _ => turned |= TURNED.contains(&c),
        }
        match small_digit(c) {
            Some(digit) if !chinese || number.is_none() => {
                (number, before, chinese, weight) = (Some(digit * 100), last, true, 0);
            }
            _ => number = None,
        }
        last = c;
    }
    facts.speaks_of_layout |= title.is_ascii() && speaks_western(title);
    if !turned {
        facts.bedrooms = rooms.only();
    }
    facts.area = area.only();
    facts
}

/// Whether a Western title speaks of the layout.
fn speaks_western(title: &str) -> bool {
    const WORDS: [&str; 9] = [
        "bed",
        "br",
        "studio",
        "room",
        "house",
        "villa",
        "apartment",
        "flat",
        "loft",
    ];
    title.split(|c: char| !c.is_ascii_alphabetic()).any(|word| {
        WORDS.iter().any(|known| {
            word.get(..known.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(known))
        })
    })
}

/// A number said once, or several times alike.
#[derive(Default)]
struct Claim {
    value: Option<i64>,
    unclear: bool,
}

impl Claim {
    fn say(&mut self, value: i64) {
        self.unclear |= self.value.is_some_and(|earlier| earlier != value);
        self.value = Some(value);
    }

    fn only(&self) -> Option<i64> {
        self.value.filter(|_| !self.unclear)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_complete() {
        for c in '\0'..='\u{FFFF}' {
            for title in [
                format!("{c}3室2厅89平"),
                format!("3{c}2厅89{c}1"),
                format!("89平{c}三{c}"),
                format!("3室{c}4室"),
                format!("9{c}5平{c}"),
            ] {
                assert_eq!(read(&title), read_signs(&title, |_| true), "{title}");
            }
        }
    }

    #[test]
    fn titles_as_they_stand() {
        let say = |title| {
            let facts = read(title);
            (facts.bedrooms, facts.area)
        };
        assert_eq!(say("阳光花园 3室2厅 南北 89平"), (Some(3), Some(8_900)));
        assert_eq!(say("精装修两居室 诚意出售"), (Some(2), None));
        assert_eq!(say("整租·明天第一城7号院1室1厅"), (Some(1), None));
        assert_eq!(say("3室改4室 89.5㎡"), (None, Some(8_950)));
        assert_eq!(say("楼层 明卫 17平米阳台"), (None, None));
        assert_eq!(say("第一居住区 二室二厅"), (Some(2), None));
        assert_eq!(say("一房东直租"), (None, None));
        assert_eq!(say("3栋1203室"), (None, None));
        assert!(!read("诚意出售 看房方便").speaks_of_layout);
        assert!(read("Bright 2 bed near park").speaks_of_layout);
    }
}
