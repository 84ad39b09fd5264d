//! Where a home lies: one key for every spelling of a city and a community (小区).

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::spelling::{chinese_numbers, simplified};

/// Spellings kept with their keys before the table is emptied: at most 5 MiB. A feed names the same few
/// thousand communities over and over.
const REMEMBERED: usize = 1 << 17;

/// Endings that one portal writes and another leaves out; longer ones stand before their ends.
const ENDINGS: [&str; 4] = ["住宅小区", "小区", "社区", "住宅区"];

/// Knows communities by their spellings and by the other names the community table lists.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// From the key of a name to the key of the name it stands for.
    aliases: HashMap<u64, u64>,
    /// From a hash of what was written to the key, and whether the community is known in other cities only.
    remembered: HashMap<u64, (u64, bool)>,
    /// The cities of each known community, by hashes of one spelling.
    cities: HashMap<u64, Vec<u64>>,
}

impl Places {
    /// Makes another name of a community known. A name that is itself a community of the city keeps
    /// its own key when it was [added](Self::add) as one first.
    pub fn alias(&mut self, city: &str, name: &str, alias: &str) {
        self.note_city(city, alias);
        let (known, other) = (key(city, name), key(city, alias));
        if known != other {
            self.aliases.entry(other).or_insert(known);
            self.remembered.clear();
        }
    }

    /// Makes a community known, so that no alias takes its name. To be called for every community
    /// before the first [`alias`](Self::alias): then the order of rows does not matter, save that
    /// an alias of two communities stands for the one named first.
    pub fn add(&mut self, city: &str, name: &str) {
        self.note_city(city, name);
        let known = key(city, name);
        self.aliases.insert(known, known);
    }

    fn note_city(&mut self, city: &str, name: &str) {
        let (city, name) = (
            form_hash(&city_form(city)),
            form_hash(&community_form(name)),
        );
        let cities = self.cities.entry(name).or_default();
        if !cities.contains(&city) {
            cities.push(city);
        }
    }

    /// Whether a community is known, but in other cities only.
    pub fn is_elsewhere(&mut self, city: &str, community: &str) -> bool {
        !self.cities.is_empty() && self.look_up(city, community).1
    }

    /// The key of a community, however it is spelled; 0 where the name says nothing.
    pub fn key(&mut self, city: &str, community: &str) -> u64 {
        self.look_up(city, community).0
    }

    fn known_elsewhere(&self, city: &str, community: &str) -> bool {
        if self.cities.is_empty() || city.is_empty() {
            return false;
        }
        let cities = self.cities.get(&form_hash(&community_form(community)));
        cities.is_some_and(|cities| !cities.contains(&form_hash(&city_form(city))))
    }

    fn look_up(&mut self, city: &str, community: &str) -> (u64, bool) {
        let written =
            xxh3_64_with_seed(community.as_bytes(), xxh3_64_with_seed(city.as_bytes(), 1));
        if let Some(known) = self.remembered.get(&written) {
            return *known;
        }
        let plain = key(city, community);
        let key = self.aliases.get(&plain).copied().unwrap_or(plain);
        let found = (key, self.known_elsewhere(city, community));
        if self.remembered.len() >= REMEMBERED {
            self.remembered.clear();
        }
        self.remembered.insert(written, found);
        found
    }
}

fn form_hash(form: &str) -> u64 {
    xxh3_64_with_seed(form.as_bytes(), 5)
}

fn key(city: &str, community: &str) -> u64 {
    let name = community_form(community);
    if name.is_empty() {
        return 0;
    }
    xxh3_64_with_seed(
        name.as_bytes(),
        xxh3_64_with_seed(city_form(city).as_bytes(), 2),
    )
    .max(1)
}

/// One spelling of a city or a district: without 市, 区, 县, blanks and signs.
pub(super) fn city_form(name: &str) -> String {
    let mut form = plain(name);
    for ending in ['市', '区', '县'] {
        if form.ends_with(ending) && form.chars().count() > 2 {
            form.pop();
            break;
        }
    }
    form
}

/// One spelling of a community: NFKC, lower case, simplified, without blanks, brackets, dots and other
/// signs; numbers in digits whether they were written 二, Ⅱ, II or 2; without 第 before a number, 期
/// after one, and an ending such as 小区.
pub(super) fn community_form(name: &str) -> String {
    let mut form = chinese_numbers(&plain(name));
    for ending in ENDINGS {
        if let Some(rest) = form.strip_suffix(ending)
            && rest.chars().count() >= 2
        {
            form.truncate(rest.len());
            break;
        }
    }
    phases(&form)
}

/// Letters and digits only, in one form.
pub(super) fn plain(text: &str) -> String {
    let simple = |c: char| c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}');
    if text.chars().all(simple) {
        // NFKC leaves these as they are
        return text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .map(|c| simplified(c.to_ascii_lowercase()))
            .collect();
    }
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower
        .nfkc()
        .filter(|c| c.is_alphanumeric())
        .map(simplified)
        .collect()
}

/// Roman numbers that end a name or stand before 期 become digits; 第 before a number and 期 after one go.
fn phases(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut form = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let after_word = at > 0 && !chars[at - 1].is_ascii_alphanumeric();
        let run = chars[at..]
            .iter()
            .take_while(|c| matches!(c, 'i' | 'v' | 'x'))
            .count();
        let follower = chars.get(at + run).copied().unwrap_or('期');
        if run > 0 && after_word && follower == '期' {
            let roman: String = chars[at..at + run].iter().collect();
            if let Some(number) = roman_number(&roman) {
                form.push_str(&number.to_string());
                at += run;
                continue;
            }
        }
        let next_digit = chars.get(at + 1).is_some_and(char::is_ascii_digit);
        let after_digit = form.ends_with(|c: char| c.is_ascii_digit());
        let phase_letter =
            at >= 2 && chars[at - 1].is_ascii_lowercase() && !chars[at - 2].is_ascii();
        if !(c == '第' && next_digit || c == '期' && (after_digit || phase_letter)) {
            form.push(c);
        }
        at += 1;
    }
    form
}

fn roman_number(text: &str) -> Option<usize> {
    const ROMAN: [&str; 12] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
    ];
    ROMAN
        .iter()
        .position(|roman| *roman == text)
        .map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_community_has_one_spelling() {
        for (a, b) in [
            ("柏林爱乐二期", "柏林爱乐Ⅱ期"),
            ("柏林爱乐二期", "柏林爱乐 II"),
            ("柏林爱乐(二期)", "柏林爱乐第二期"),
            ("柏林爱乐(二期)", "柏林爱乐II小区"),
            ("碧云新天地（一期）", "碧云新天地一期"),
            ("泰福苑D2区", "泰福苑ｄ２區"),
            ("阳光·花园", "阳光花园小区"),
            ("陽光花園", "阳光花园"),
            ("高井小区", "高井"),
            ("永定路85号院", "永定路八十五号院"),
            ("南湖东园二区", "南湖东园2区"),
        ] {
            assert_eq!(community_form(a), community_form(b), "{a} {b}");
        }
        for (a, b) in [
            ("柏林爱乐二期", "柏林爱乐三期"),
            ("南湖东园二区", "南湖东园一区"),
            ("泰福苑A区", "泰福苑B区"),
            ("小区", ""),
            ("晓月苑一里", "晓月苑二里"),
        ] {
            assert_ne!(community_form(a), community_form(b), "{a} {b}");
        }
        assert_eq!(city_form("北京市"), city_form("北京"));
    }

    #[test]
    fn other_names_lead_to_the_community() {
        let mut places = Places::default();
        places.add("北京", "明天第一城7号院");
        places.add("北京", "高井");
        places.alias("北京市", "明天第一城7号院", "第一城七号院");
        places.alias("北京", "明天第一城7号院", "高井");
        let known = places.key("北京", "明天第一城7号院");
        assert_eq!(places.key("北京", "第一城 7 号院"), known);
        assert_ne!(places.key("北京", "高井小区"), known);
        assert_ne!(places.key("上海", "明天第一城7号院"), known);
        assert_eq!(places.key("北京", " - "), 0);
    }
}
