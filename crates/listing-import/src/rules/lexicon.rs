//! Where the words of the packs stand in a text. Most places begin no word, and a few table look-ups that stay
//! in the nearest caches say so for each character; only where they do not is a place held against the words
//! that could stand there.

use std::cmp::Reverse;

/// Slots for the first six bytes of plain words.
const SLOTS: usize = 1 << 14;

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The longest word there, by its number.
    Word(usize),
    /// No word, but a character of another spelling.
    Marker,
}

/// The words, and the markers of other spellings.
///
/// Nearly every word begins with a Chinese character of three bytes and is no shorter than two of them: those
/// are plain and found by their first six bytes. The few others are odd: short ones, and those with letters,
/// whose case does not count.
pub(super) struct Lexicon {
    /// By slot, the last bytes that the third character of a word there may have, by their five lowest bits;
    /// all bits if the word ends before.
    thirds: Box<[u32; SLOTS]>,
    /// By slot, where its words stand in `plain`.
    groups: Box<[(u32, u32); SLOTS]>,
    plain: Vec<Word>,
    /// The characters of three bytes that are markers or begin an odd word: by the last two bytes, the first
    /// bytes by their four lowest bits.
    odd_wide: Box<[u16; 0x4000]>,
    /// By the first byte of the other odd words, the second bytes they may have, by their six lowest bits.
    odd_narrow: [u64; 256],
    odd: Vec<Word>,
    /// In ascending order.
    markers: Vec<char>,
}

/// A word and its number.
struct Word {
    text: Box<[u8]>,
    number: usize,
}

impl Word {
    /// Whether a text begins with it, in this case of its letters.
    #[inline]
    fn stands_at(&self, rest: &[u8]) -> bool {
        // Words of a group begin alike and mostly differ in their last byte.
        let end = self.text.len();
        rest.get(end - 1) == self.text.last() && rest[..end] == *self.text
    }
}

/// The first nine bytes of a text, eight of them as one number; zeros behind its end.
#[derive(Clone, Copy)]
struct Head(u64, u8);

impl Head {
    #[inline(always)]
    fn of(text: &[u8]) -> Self {
        if let (Some(eight), Some(ninth)) = (text.first_chunk(), text.get(8)) {
            return Head(u64::from_le_bytes(*eight), *ninth);
        }
        let mut padded = [0; 8];
        padded.iter_mut().zip(text).for_each(|(to, b)| *to = *b);
        Head(u64::from_le_bytes(padded), 0)
    }

    /// Whether it begins with a character of three bytes.
    #[inline(always)]
    fn is_wide(self) -> bool {
        self.0 & 0xF0 == 0xE0
    }

    /// Whether it begins with two of them.
    #[inline(always)]
    fn is_wide_twice(self) -> bool {
        self.0 & 0xF000_00F0 == 0xE000_00E0
    }

    /// Where a plain word with this head belongs: a hash of its first six bytes.
    #[inline(always)]
    fn slot(self) -> usize {
        let hash = (self.0 << 16).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (hash >> (64 - SLOTS.trailing_zeros())) as usize
    }

    /// The row and bit of its first character in the set of odd ones.
    #[inline(always)]
    fn odd(self) -> (usize, u32) {
        ((self.0 >> 8) as usize & 0x3F3F, self.0 as u32 & 15)
    }
}

impl Lexicon {
    /// Takes words in lower case, which are numbered as they come, and markers.
    pub(super) fn new<'a>(
        words: impl Iterator<Item = &'a str>,
        markers: impl IntoIterator<Item = char>,
    ) -> Self {
        let mut lexicon = Lexicon {
            thirds: Box::new([0; SLOTS]),
            groups: Box::new([(0, 0); SLOTS]),
            plain: Vec::new(),
            odd_wide: Box::new([0; 0x4000]),
            odd_narrow: [0; 256],
            odd: Vec::new(),
            markers: markers.into_iter().collect(),
        };
        for (number, word) in words.enumerate().filter(|(_, word)| !word.is_empty()) {
            let text: Box<[u8]> = Box::from(word.as_bytes());
            let head = Head::of(&text);
            if head.is_wide() && text.len() >= 6 && !text.iter().any(u8::is_ascii_alphabetic) {
                let third = text.get(8);
                lexicon.thirds[head.slot()] |= third.map_or(u32::MAX, |third| 1 << (third & 31));
                lexicon.plain.push(Word { text, number });
            } else {
                lexicon.add_odd(word);
                lexicon.odd.push(Word { text, number });
            }
        }
        // Longest first, so that the first to match is the longest.
        let slot = |word: &Word| Head::of(&word.text).slot();
        let longest_first = |word: &Word| Reverse(word.text.len());
        lexicon
            .plain
            .sort_by_key(|word| (slot(word), longest_first(word)));
        lexicon.odd.sort_by_key(longest_first);
        let mut start = 0;
        for group in lexicon.plain.chunk_by(|a, b| slot(a) == slot(b)) {
            let end = start + group.len() as u32;
            lexicon.groups[slot(&group[0])] = (start, end);
            start = end;
        }
        for marker in lexicon.markers.clone() {
            lexicon.add_odd(marker.encode_utf8(&mut [0; 4]));
        }
        lexicon.markers.sort_unstable();
        lexicon
    }

    /// Lets [`Places`] stop where an odd word or a marker could begin.
    fn add_odd(&mut self, word: &str) {
        let head = Head::of(word.as_bytes());
        if head.is_wide() {
            let (row, bit) = head.odd();
            self.odd_wide[row] |= 1 << bit;
        } else if let [first, ref rest @ ..] = *word.as_bytes() {
            let seconds = rest.first().map_or(u64::MAX, |second| {
                1 << (second & 63) | 1 << (second.to_ascii_uppercase() & 63)
            });
            for first in [first, first.to_ascii_uppercase()] {
                self.odd_narrow[usize::from(first)] |= seconds;
            }
        }
    }

    /// The places in a text where a word could begin or a marker stand.
    pub(super) fn places<'a>(&'a self, text: &'a str) -> Places<'a> {
        Places {
            lexicon: self,
            length: text.len(),
            rest: text.as_bytes(),
        }
    }

    /// Whether a plain word, an odd word or a marker could begin with a character of three bytes.
    #[inline(always)]
    fn could_begin(&self, head: Head) -> bool {
        self.thirds[head.slot()] >> (head.1 & 31) & 1 == 1 || self.is_odd(head)
    }

    #[inline(always)]
    fn is_odd(&self, head: Head) -> bool {
        let (row, bit) = head.odd();
        self.odd_wide[row] >> bit & 1 == 1
    }

    /// What stands at `at`, the beginning of a character.
    pub(super) fn find(&self, text: &str, at: usize) -> Option<Found> {
        let rest = &text.as_bytes()[at..];
        let head = Head::of(rest);
        let plain = {
            let (start, end) = self.groups[head.slot()];
            let group = &self.plain[start as usize..end as usize];
            group.iter().find(|word| word.stands_at(rest))
        };
        if head.is_wide() && !self.is_odd(head) {
            return plain.map(|word| Found::Word(word.number));
        }
        let odd = self.odd.iter().find(|word| {
            rest.get(..word.text.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(&word.text))
        });
        match plain.into_iter().chain(odd).max_by_key(|w| w.text.len()) {
            Some(word) => Some(Found::Word(word.number)),
            None => {
                let c = text[at..].chars().next()?;
                self.markers.binary_search(&c).ok().map(|_| Found::Marker)
            }
        }
    }
}

/// The places in a text where a word could begin or a marker stand.
pub(super) struct Places<'a> {
    lexicon: &'a Lexicon,
    length: usize,
    rest: &'a [u8],
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let mut rest = self.rest;
        loop {
            // Two characters at a time, as long as both have three bytes.
            while rest.len() >= 12 {
                let (first, second) = (Head::of(rest), Head::of(&rest[3..]));
                if !first.is_wide_twice() {
                    break;
                }
                if self.lexicon.could_begin(first) {
                    self.rest = &rest[3..];
                    return Some(self.length - rest.len());
                }
                if self.lexicon.could_begin(second) {
                    self.rest = &rest[6..];
                    return Some(self.length - rest.len() + 3);
                }
                rest = &rest[6..];
            }
            // Bytes within a character begin nothing, so that the length of others does not matter.
            let (stop, after) = match *rest {
                [0xE0..=0xEF, _, _, ref after @ ..] => {
                    (self.lexicon.could_begin(Head::of(rest)), after)
                }
                [first, ref after @ ..] => {
                    let second = after.first().map_or(0, |second| second & 63);
                    let seconds = self.lexicon.odd_narrow[usize::from(first)];
                    (seconds >> second & 1 == 1, after)
                }
                [] => return None,
            };
            if stop {
                self.rest = after;
                return Some(self.length - rest.len());
            }
            rest = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_is_found() {
        let words = [
            "学区",
            "学区房",
            "小区最低价",
            "no.1",
            "满a",
            "满5唯一",
            "國",
        ];
        let lexicon = Lexicon::new(words.into_iter(), ['證', '\u{AD}']);
        let find = |text| -> Vec<_> {
            let places = lexicon.places(text);
            places
                .filter_map(|at| Some((at, lexicon.find(text, at)?)))
                .collect()
        };
        assert_eq!(find("老房子学区房"), [(9, Found::Word(1))]);
        assert_eq!(find("学区"), [(0, Found::Word(0))]);
        assert_eq!(find("大学生区，学"), []);
        assert_eq!(find("小区安静，小区最低价"), [(15, Found::Word(2))]);
        assert_eq!(find("is No.1"), [(3, Found::Word(3))]);
        assert_eq!(
            find("é满A满5唯一"),
            [(2, Found::Word(4)), (6, Found::Word(5))]
        );
        assert_eq!(
            find("中國證\u{AD}"),
            [(3, Found::Word(6)), (6, Found::Marker), (9, Found::Marker)]
        );
        assert_eq!(find(""), []);
    }
}
