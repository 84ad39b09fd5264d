//! Whether bytes that are no UTF-8 make sense in another encoding. A guesser always names one; a few
//! broken bytes must not turn a file into a Western or Turkish one in which they are letters.
//!
//! What convinces is what a person would look at: words. `M\xfcller` is a word with a letter beyond
//! ASCII in it, `\xa3450` a price, two common Chinese characters in a row a word as well; `\xff\xfe`
//! between two commas is nothing.

use encoding_rs::Encoding;

/// Bytes of lines kept to be looked at.
const MOST_KEPT: usize = 256 << 10;
/// Bytes kept of one line.
const MOST_OF_LINE: usize = 4 << 10;

/// The lines that hold bytes beyond ASCII.
#[derive(Default)]
pub(crate) struct Evidence {
    lines: Vec<u8>,
    pairs: Pairs,
}

/// Bytes beyond ASCII, two by two, as Chinese text has them.
#[derive(Default)]
struct Pairs {
    all: usize,
    /// The common characters of GB 2312.
    common: usize,
    /// Runs of an odd number of bytes.
    odd: usize,
}

impl Evidence {
    /// Takes a piece of the file that holds such bytes.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for run in bytes.split(u8::is_ascii) {
            self.pairs.odd += run.len() % 2;
            for pair in run.chunks_exact(2) {
                self.pairs.all += 1;
                let common = (0xb0..=0xd7).contains(&pair[0]) && pair[1] >= 0xa1;
                self.pairs.common += usize::from(common);
            }
        }
        for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
            if self.lines.len() >= MOST_KEPT {
                break;
            }
            if !line.is_ascii() {
                self.lines.extend(&line[..line.len().min(MOST_OF_LINE)]);
                self.lines.push(b'\n');
            }
        }
    }

    /// Whether most pairs are common Chinese characters.
    pub(crate) fn looks_chinese(&self) -> bool {
        self.pairs.common * 10 >= self.pairs.all * 7
    }

    /// Whether nearly all are, and no byte stands alone: two accented letters seldom follow each other.
    pub(crate) fn is_chinese(&self) -> bool {
        let Pairs { all, common, odd } = self.pairs;
        common >= 2 && odd * 10 <= all && common * 10 >= all * 9
    }

    /// Whether the text makes sense in an encoding.
    pub(crate) fn supports(&self, encoding: &'static Encoding) -> bool {
        let text = encoding.decode_without_bom_handling(&self.lines).0;
        let (mut sense, mut nonsense) = (0usize, 0usize);
        let mut words = Words::new(&text);
        while let Some(verdict) = words.next() {
            match verdict {
                Verdict::Sense(times) => sense += times,
                Verdict::Nonsense => nonsense += 1,
                Verdict::Neither => {}
            }
        }
        if is_asian(encoding) {
            // bytes taken two by two make some character or other; one of them proves nothing
            return sense >= 2 && sense >= 3 * nonsense;
        }
        sense > 0 && sense >= 3 * nonsense
    }
}

/// Whether an encoding has characters of several bytes.
pub(crate) fn is_asian(encoding: &'static Encoding) -> bool {
    !encoding.is_single_byte()
}

/// What one word, or one sign, beyond ASCII says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is what people write, so many times over.
    Sense(usize),
    Nonsense,
    Neither,
}

/// The words and signs beyond ASCII of a text.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    fn new(text: &'t str) -> Self {
        Words { text, at: 0 }
    }

    fn next(&mut self) -> Option<Verdict> {
        loop {
            let rest = &self.text[self.at..];
            let first = rest.chars().next()?;
            if first.is_alphabetic() {
                let word: &str = match rest.find(|c: char| !c.is_alphabetic()) {
                    Some(end) => &rest[..end],
                    None => rest,
                };
                let before = self.text[..self.at].chars().next_back();
                self.at += word.len();
                let after = self.text[self.at..].chars().next();
                if !word.is_ascii() {
                    let in_sentence = before == Some(' ') || after == Some(' ');
                    return Some(judge_word(word, in_sentence));
                }
                continue;
            }
            let before = self.text[..self.at].chars().next_back();
            self.at += first.len_utf8();
            if !first.is_ascii() {
                let after = self.text[self.at..].chars().next();
                return Some(judge_sign(first, before, after));
            }
        }
    }
}

fn judge_word(word: &str, in_sentence: bool) -> Verdict {
    let ideographs = word.chars().filter(|&c| is_ideograph(c)).count();
    if ideographs > 0 {
        // of the tens of thousands the first thousands of each standard are what people write
        let common = word.chars().filter(|&c| is_common(c)).count();
        return match common * 2 > ideographs {
            true => Verdict::Sense(common),
            false => Verdict::Nonsense,
        };
    }
    // `ÿ` ends a handful of French names, and is what a broken byte most often looks like
    if word.contains('ÿ') {
        return Verdict::Nonsense;
    }
    let latin = |c: char| c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c);
    let script = word.chars().all(latin) || !word.chars().any(latin);
    let letters = word.chars().count();
    // a capital inside a word is right only where all are
    let capitals = word.chars().skip(1).filter(|c| c.is_uppercase()).count();
    let cased = capitals == 0
        || capitals == letters - 1 && word.chars().next().is_some_and(char::is_uppercase);
    match (script && cased, letters) {
        (true, 3..) => Verdict::Sense(1),
        // `où` and `à`: too short to prove anything
        (true, 2) => Verdict::Neither,
        (true, 1) if in_sentence => Verdict::Neither,
        _ => Verdict::Nonsense,
    }
}

fn judge_sign(sign: char, before: Option<char>, after: Option<char>) -> Verdict {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let blank = |c: Option<char>| c.is_some_and(|c| c == ' ');
    let sense = match sign {
        '£' | '€' | '¥' | '¢' => {
            digit(after) || digit(before) || blank(before) && digit(after)
        }
        '²' | '³' => matches!(before, Some('m' | 't' | 'M' | 'T')),
        '°' | '½' | '¼' | '¾' => digit(before) || blank(before) && !letter(after),
        '’' => letter(before) && (letter(after) || blank(after)),
        '–' | '—' => {
            blank(before) && blank(after)
                || digit(before) && digit(after)
                || letter(before) && letter(after)
        }
        '“' | '‘' => letter(after),
        '”' | '™' | '®' | '©' => letter(before) || digit(before),
        '·' | '•' | '…' | '«' | '»' | '×' | '\u{a0}' => return Verdict::Neither,
        '\u{fffd}' | '\u{80}'..='\u{9f}' => false,
        // the punctuation of Chinese and Japanese, and full-width forms
        '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ffef}' => return Verdict::Neither,
        _ => false,
    };
    match sense {
        true => Verdict::Sense(1),
        false => Verdict::Nonsense,
    }
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
        || c >= '\u{20000}'
}

/// The characters of everyday text: the first level of GB 2312 or of Big5, kana and Hangul.
fn is_common(c: char) -> bool {
    if matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}') {
        return true;
    }
    let mut utf8 = [0; 4];
    let one = &*c.encode_utf8(&mut utf8);
    let first = |encoding: &'static Encoding| match *encoding.encode(one).0 {
        [lead, _] => Some(lead),
        _ => None,
    };
    let simple = first(encoding_rs::GBK).is_some_and(|lead| (0xb0..=0xd7).contains(&lead));
    let full = first(encoding_rs::BIG5).is_some_and(|lead| (0xa4..=0xc6).contains(&lead));
    simple || full
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supports(bytes: &[u8], encoding: &'static Encoding) -> bool {
        let mut evidence = Evidence::default();
        evidence.add(bytes);
        evidence.supports(encoding)
    }

    #[test]
    fn words_and_signs_of_the_west() {
        for good in [
            &b"name\nM\xfcller\n"[..],
            b"caf\xe9,12\n",
            b"\xc9cole\n",
            b"M\xdcLLER\n",
            b"\xa3450,000\n\xa3380,000\n",
            b"120 m\xb2\n",
            b"owner\x92s unit\n",
            b"Jos\xe9 Mu\xf1oz,\xe0 Paris\n",
        ] {
            let text = String::from_utf8_lossy(good);
            assert!(supports(good, encoding_rs::WINDOWS_1252), "{text}");
        }
        for bad in [
            &b"5,\xff\xfe,5\n"[..],
            b"a\xff\n",
            b"x,\xe5\xa5,y\n",
            b"x,\xe4,y\n",
            b"caf\xc3,y\n",
            b"abc\x81def\n",
            b"M\xfcller,\xff\xfe,\xe5\xa5\n",
        ] {
            let text = String::from_utf8_lossy(bad);
            assert!(!supports(bad, encoding_rs::WINDOWS_1252), "{text}");
        }
    }

    #[test]
    fn words_of_the_east() {
        let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
        assert!(supports(&gbk("1,望京\n"), encoding_rs::GB18030));
        assert!(!supports(&gbk("1,望\n"), encoding_rs::GB18030));
        assert!(!supports(b"1,\xff\xfe\n", encoding_rs::GB18030));
        assert!(!supports("1,望京西园\n".as_bytes(), encoding_rs::GB18030));
        let big5 = encoding_rs::BIG5.encode("1,臺北市大安區\n").0.into_owned();
        assert!(supports(&big5, encoding_rs::BIG5));
        let cyrillic = encoding_rs::WINDOWS_1251
            .encode("1,Москва\n")
            .0
            .into_owned();
        assert!(supports(&cyrillic, encoding_rs::WINDOWS_1251));
    }
}
