//! Which encoding a text is in: what was asked for, a byte order mark, then the bytes themselves.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::evidence::{Evidence, is_asian};
use crate::{Error, ErrorKind};

/// Bytes looked at in one piece.
const PIECE: usize = 1 << 20;
/// Sequences beyond ASCII that are evidence enough when some of them are bad.
const MUCH: usize = 2_000;
/// The same when all of them are good.
const ENOUGH: usize = 50;
/// Bytes of text beyond ASCII handed to the guesser.
const GUESSED_FROM: usize = 16 << 20;

/// The encodings told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextEncoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// One that a decoder reads.
    Other(&'static Encoding),
}

impl TextEncoding {
    /// Its name, as it is shown and stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            TextEncoding::Utf8 => "UTF-8",
            TextEncoding::Utf16Le => "UTF-16LE",
            TextEncoding::Utf16Be => "UTF-16BE",
            TextEncoding::Other(encoding) if encoding == encoding_rs::GB18030 => "GB18030",
            TextEncoding::Other(encoding) => encoding.name(),
        }
    }

    /// The encoding a person names; none where nobody knows the name.
    fn of_label(label: &str) -> Option<Self> {
        let lower = label.trim().to_ascii_lowercase();
        let known = match lower.as_str() {
            "cp936" | "936" | "gb-18030" => "gb18030",
            "1252" => "windows-1252",
            "utf16" => "utf-16",
            "utf-8-sig" => "utf-8",
            other => other,
        };
        Encoding::for_label(known.as_bytes()).map(TextEncoding::of)
    }

    /// Every Chinese file is read as GB18030, which holds GBK and GB 2312.
    fn of(encoding: &'static Encoding) -> Self {
        if encoding == encoding_rs::UTF_8 {
            TextEncoding::Utf8
        } else if encoding == encoding_rs::UTF_16LE {
            TextEncoding::Utf16Le
        } else if encoding == encoding_rs::UTF_16BE {
            TextEncoding::Utf16Be
        } else if encoding == encoding_rs::GBK {
            TextEncoding::Other(encoding_rs::GB18030)
        } else {
            TextEncoding::Other(encoding)
        }
    }
}

/// What was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Detected {
    pub(crate) encoding: TextEncoding,
    /// Bytes of the byte order mark.
    pub(crate) mark: usize,
    /// It was concluded from the bytes, so that it may be wrong.
    pub(crate) guessed: bool,
}

/// The byte order mark at the beginning, and its length.
fn mark(head: &[u8]) -> Option<(TextEncoding, usize)> {
    if head.starts_with(&[0xef, 0xbb, 0xbf]) {
        Some((TextEncoding::Utf8, 3))
    } else if head.starts_with(&[0xff, 0xfe]) {
        Some((TextEncoding::Utf16Le, 2))
    } else if head.starts_with(&[0xfe, 0xff]) {
        Some((TextEncoding::Utf16Be, 2))
    } else {
        None
    }
}

/// Whether the bytes are UTF-16, marked or not.
pub(crate) fn is_utf16(head: &[u8]) -> bool {
    match mark(head) {
        Some((encoding, _)) => encoding != TextEncoding::Utf8,
        None => unmarked_utf16(head).is_some(),
    }
}

/// UTF-16 without its mark: every ASCII character leaves a NUL, always on the same side.
fn unmarked_utf16(head: &[u8]) -> Option<TextEncoding> {
    let pairs = head[..head.len().min(64 << 10)].chunks_exact(2);
    let total = pairs.len();
    let (mut even, mut odd) = (0, 0);
    for pair in pairs {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let (encoding, ascii, other) = match odd > even {
        true => (TextEncoding::Utf16Le, odd, even),
        false => (TextEncoding::Utf16Be, even, odd),
    };
    (ascii >= 6 && ascii * 20 >= total && other * 200 <= total).then_some(encoding)
}

/// Decides the encoding of a text of which `head` is the beginning and `rest` what follows.
pub(crate) fn detect(
    head: &[u8],
    rest: &mut dyn Read,
    wish: Option<&str>,
    shown: &str,
) -> Result<Detected, Error> {
    if head.starts_with(&[0xff, 0xfe, 0, 0]) || head.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("`{shown}` is in UTF-32, which is not read"),
        )
        .with_hint("save it as UTF-8"));
    }
    let marked = mark(head);
    if let Some(label) = wish {
        let Some(encoding) = TextEncoding::of_label(label) else {
            return Err(
                Error::new(ErrorKind::Usage, format!("there is no encoding `{label}`")).with_hint(
                    "utf-8, utf-16le, utf-16be, gb18030, big5 and windows-1252 are known",
                ),
            );
        };
        // the mark says which half comes first, whatever half the wish names
        let utf16 = |one| matches!(one, TextEncoding::Utf16Le | TextEncoding::Utf16Be);
        return Ok(match marked {
            Some((found, mark)) if found == encoding || utf16(found) && utf16(encoding) => {
                Detected {
                    encoding: found,
                    mark,
                    guessed: false,
                }
            }
            _ => Detected {
                encoding,
                mark: 0,
                guessed: false,
            },
        });
    }
    if let Some((encoding, mark)) = marked {
        return Ok(Detected {
            encoding,
            mark,
            guessed: false,
        });
    }
    let guessed = |encoding| Detected {
        encoding,
        mark: 0,
        guessed: encoding != TextEncoding::Utf8,
    };
    if let Some(encoding) = unmarked_utf16(head) {
        return Ok(guessed(encoding));
    }
    let failed = |error| Error::io(format!("read `{shown}`"), error);
    Ok(guessed(judge(head, rest).map_err(failed)?))
}

/// UTF-8 where most sequences beyond ASCII are good, else what the guesser says, if that makes sense
/// of them: bytes in which nobody sees a word are broken, not foreign. A text that begins as ASCII is
/// read on to its first other bytes.
fn judge(head: &[u8], rest: &mut dyn Read) -> std::io::Result<TextEncoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut counts = Counts::default();
    let mut evidence = Evidence::default();
    let mut fed = 0;
    let mut piece = head.to_vec();
    let mut at_end = false;
    loop {
        // a sequence that the piece cuts waits for the next one
        let cut = match at_end {
            true => piece.len(),
            false => piece
                .iter()
                .rposition(u8::is_ascii)
                .map_or(piece.len(), |last| last + 1),
        };
        let now = &piece[..cut];
        if !now.is_ascii() && fed < GUESSED_FROM {
            counts.add(now);
            // what is good UTF-8 throughout tells the guesser nothing, and it is slow
            if counts.bad > 0 {
                detector.feed(now, false);
                evidence.add(now);
            }
            fed += now.len();
        }
        if at_end || counts.suffice() || fed >= GUESSED_FROM {
            break;
        }
        piece.drain(..cut);
        let kept = piece.len();
        let read = rest.take(PIECE as u64).read_to_end(&mut piece)?;
        at_end = read == 0;
        if at_end && kept == 0 {
            break;
        }
    }
    if counts.good >= counts.bad {
        return Ok(TextEncoding::Utf8);
    }
    detector.feed(b"", true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let chinese = match is_asian(guess) {
        true => guess != encoding_rs::GBK && evidence.looks_chinese(),
        false => LATIN.contains(&guess) && evidence.is_chinese(),
    };
    let guess = match chinese {
        true => encoding_rs::GB18030,
        false => guess,
    };
    // of a few words the guesser may take the wrong view
    let encoding = [guess, encoding_rs::WINDOWS_1252]
        .into_iter()
        .find(|encoding| evidence.supports(encoding));
    Ok(encoding.map_or(TextEncoding::Utf8, TextEncoding::of))
}

/// Encodings of which the guesser takes the letters for those of a few Chinese characters.
const LATIN: [&Encoding; 6] = [
    encoding_rs::WINDOWS_1252,
    encoding_rs::WINDOWS_1250,
    encoding_rs::WINDOWS_1254,
    encoding_rs::WINDOWS_1257,
    encoding_rs::WINDOWS_1258,
    encoding_rs::ISO_8859_2,
];

/// Sequences beyond ASCII.
#[derive(Default)]
struct Counts {
    good: usize,
    bad: usize,
}

impl Counts {
    fn add(&mut self, bytes: &[u8]) {
        if simdutf8::basic::from_utf8(bytes).is_ok() {
            self.good += bytes.iter().filter(|byte| **byte >= 0xC0).count();
            return;
        }
        for chunk in bytes.utf8_chunks() {
            let beyond = |one: &char| !one.is_ascii();
            self.good += chunk.valid().chars().filter(beyond).count();
            self.bad += usize::from(!chunk.invalid().is_empty());
        }
    }

    fn suffice(&self) -> bool {
        self.good + self.bad >= MUCH || self.bad == 0 && self.good >= ENOUGH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> &'static str {
        let (head, mut rest) = bytes.split_at(bytes.len().min(1000));
        let found = detect(head, &mut rest, None, "x").unwrap();
        found.encoding.name()
    }

    fn gbk(text: &str) -> Vec<u8> {
        encoding_rs::GB18030.encode(text).0.into_owned()
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| match little {
                true => unit.to_le_bytes(),
                false => unit.to_be_bytes(),
            })
            .collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "编号,小区,价格\nA1,望京西园,520\nA2,天通苑,310\n";
        assert_eq!(name(text.as_bytes()), "UTF-8");
        assert_eq!(name(&gbk(text)), "GB18030");
        assert_eq!(name(&gbk("小区名,户型\n梅园,2室0厅\n")), "GB18030");
        assert_eq!(name(&utf16(text, true)), "UTF-16LE");
        assert_eq!(name(&utf16(text, false)), "UTF-16BE");
        assert_eq!(
            name(b"name;city\nM\xfcller;K\xf6ln\nStra\xdfe;M\xfcnchen\n"),
            "windows-1252"
        );
        assert_eq!(name(b"a,b\n1,2\n"), "UTF-8");
        assert_eq!(name(b"a,b\n1,\0\n2,3\n"), "UTF-8");
        assert_eq!(name(b""), "UTF-8");
    }

    #[test]
    fn a_few_bad_bytes_leave_utf8_what_it_is() {
        let mut text = "望京西园,520\n".repeat(50).into_bytes();
        text.extend(gbk("三室两厅,1\n"));
        text.extend(b"\xff\xfe,2\n");
        assert_eq!(name(&text), "UTF-8");
    }

    #[test]
    fn broken_bytes_are_no_foreign_letters() {
        // alone in a file that is ASCII otherwise, and beside a few characters of UTF-8
        for text in [
            &b"id,name\n1,ok\n5,\xff\xfe,5\n"[..],
            b"id,name\n1,b\xffc\n",
            b"id,name\n1,caf\xc3\n",
            b"id,name\n1,\xe6\x9c\n2,\xe4\xba\n",
            b"id,name\n1,\xd6\xd0\n",
            "id,name\n1,望\n".as_bytes(),
            &[b"id\n1,\xe6\x9c\x9b\n".as_slice(), b"2,\xff\xfe\xff,\xfe\n"].concat(),
        ] {
            assert_eq!(name(text), "UTF-8", "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_few_words_tell_an_encoding() {
        for text in [
            &b"name,city\nJos\xe9,Quebec\nAnn,Boston\n"[..],
            b"name,price\nAnn,\xa3450000\nBob,\xa3380000\n",
            b"id,size\n1,120 m\xb2\n2,85 m\xb2\n",
            b"name\nRen\xe9e O\x92Neill\nFran\xe7ois\n",
        ] {
            let found = name(text);
            let text = String::from_utf8_lossy(text);
            assert!(found.starts_with("windows-125"), "{found}: {text}");
        }
        assert_eq!(name(&gbk("id,name\n1,户型\n")), "GB18030");
        assert_eq!(name(&gbk("id,name\n1,望京\n2,ok\n")), "GB18030");
        // and still do where a byte or two are broken
        let mut western = b"name\nM\xfcller\nK\xf6ln\nStra\xdfe\nM\xfcnchen\n".to_vec();
        western.extend(b"\xff,1\n");
        assert_eq!(name(&western), "windows-1252");
        let mut chinese = gbk("编号,小区,价格\nA1,望京西园,520\nA2,天通苑,310\n");
        chinese.extend(b"A3,\xff,1\n");
        assert_eq!(name(&chinese), "GB18030");
    }

    #[test]
    fn ascii_at_the_beginning_proves_nothing() {
        let mut text = b"id,price\n1,2\n".repeat(300_000);
        text.extend(gbk("望京西园,天通苑,回龙观东大街\n"));
        assert_eq!(name(&text), "GB18030");
    }

    #[test]
    fn wishes_and_marks() {
        let wish = |bytes: &[u8], label| detect(bytes, &mut &b""[..], Some(label), "x");
        assert_eq!(
            wish(b"a", "GBK").unwrap().encoding,
            TextEncoding::Other(encoding_rs::GB18030)
        );
        let marked = wish(b"\xfe\xff\0a", "utf-16").unwrap();
        assert_eq!((marked.encoding, marked.mark), (TextEncoding::Utf16Be, 2));
        assert_eq!(wish(b"a", "klingon").unwrap_err().kind(), ErrorKind::Usage);
        assert_eq!(wish(b"\xef\xbb\xbfa", "utf8").unwrap().mark, 3);
    }
}
