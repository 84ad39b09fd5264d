//! Any encoding to UTF-8. Bytes that cannot be decoded pass as they are: they are no UTF-8, so the
//! record they stand in is found out, and its reject shows them.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::encoding::TextEncoding;

/// Bytes taken at once.
const PIECE: usize = 64 << 10;

/// The stream as UTF-8, where it is not so already. `mark` bytes at its beginning are dropped. Where
/// places are asked for, they are noted on the way.
pub(crate) fn to_utf8(
    mut input: Box<dyn Read + Send>,
    encoding: TextEncoding,
    mark: usize,
    places: Option<Arc<Places>>,
) -> std::io::Result<Box<dyn Read + Send>> {
    std::io::copy(&mut input.by_ref().take(mark as u64), &mut std::io::sink())?;
    let noted = Noted {
        places,
        text: mark as u64,
        source: mark as u64,
    };
    Ok(match encoding {
        TextEncoding::Utf8 => input,
        TextEncoding::Utf16Le => Box::new(Utf16::new(input, u16::from_le_bytes, noted)),
        TextEncoding::Utf16Be => Box::new(Utf16::new(input, u16::from_be_bytes, noted)),
        TextEncoding::Other(encoding) => Box::new(Transcoder::new(input, encoding, noted)),
    })
}

/// Where in the source the text stands that was made of it, at every byte after which or before which
/// a record may begin. What was asked about is forgotten, so that no more is held than lies between the
/// decoder and the reader behind it.
#[derive(Debug)]
pub(crate) struct Places {
    noted: Mutex<VecDeque<(u64, u64)>>,
    /// Bytes of the source that a character of ASCII takes.
    width: u64,
    /// What ends a line or an element.
    ends: [u8; 2],
}

impl Places {
    /// Places in a text of lines, or in one of elements between commas.
    pub(crate) fn new(encoding: TextEncoding, elements: bool) -> Self {
        let wide = matches!(encoding, TextEncoding::Utf16Le | TextEncoding::Utf16Be);
        Places {
            noted: Mutex::default(),
            width: if wide { 2 } else { 1 },
            ends: [b'\n', if elements { b',' } else { b'\r' }],
        }
    }

    /// The place in the source of a place in the text, not before one asked about earlier. Between it
    /// and the last one noted stand blanks; where a document is broken there, it is only about right,
    /// but never beyond the next one.
    pub(crate) fn source(&self, text: u64) -> u64 {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        while noted.get(1).is_some_and(|&(next, _)| next <= text) {
            noted.pop_front();
        }
        let next = noted.get(1).map_or(u64::MAX, |&(_, source)| source);
        match noted.front() {
            Some(&(from, source)) if from <= text => {
                let place = (source + (text - from) * self.width).min(next);
                // from here on nothing stands before it
                noted[0] = (text, place);
                place
            }
            _ => text,
        }
    }

    fn note(&self, text: u64, source: u64) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        // half a character has no text yet: the place before it counts
        if noted.back().is_none_or(|&(last, _)| last < text) {
            let before = noted.back().map_or(0, |&(_, before)| before);
            noted.push_back((text, source.max(before)));
        }
    }
}

/// How far a decoder has come.
struct Noted {
    places: Option<Arc<Places>>,
    text: u64,
    source: u64,
}

impl Noted {
    fn advance(&mut self, text: usize, source: usize) {
        self.text += text as u64;
        self.source += source as u64;
    }

    /// Notes that the two places are the same.
    fn note(&self) {
        if let Some(places) = &self.places {
            places.note(self.text, self.source);
        }
    }

    /// Whether a place is noted after this byte.
    fn ends_with(&self, byte: u8) -> bool {
        let places = self.places.as_ref();
        places.is_some_and(|places| places.ends.contains(&byte))
    }

    /// Length of the bytes up to where a place is noted: all, where none is asked for.
    fn until_noted(&self, bytes: &[u8]) -> usize {
        let Some(places) = &self.places else {
            return bytes.len();
        };
        let [line, other] = places.ends;
        match memchr::memchr3(line, other, b'{', bytes) {
            None => bytes.len(),
            // a place is noted before a brace and after what ends
            Some(at) if bytes[at] == b'{' && at > 0 => at,
            Some(at) => at + 1,
        }
    }
}

/// Decoded text that waits to be taken.
#[derive(Default)]
struct Ready {
    bytes: Vec<u8>,
    taken: usize,
}

impl Ready {
    fn give(&mut self, buffer: &mut [u8]) -> usize {
        let rest = &self.bytes[self.taken..];
        let given = rest.len().min(buffer.len());
        buffer[..given].copy_from_slice(&rest[..given]);
        self.taken += given;
        given
    }

    fn is_empty(&self) -> bool {
        self.taken == self.bytes.len()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.taken = 0;
    }
}

/// Fills `piece` behind its first `kept` bytes; the number of bytes in it.
fn fill(input: &mut dyn Read, piece: &mut [u8], kept: usize) -> std::io::Result<usize> {
    loop {
        match input.read(&mut piece[kept..]) {
            Ok(read) => return Ok(kept + read),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Decodes what a browser's tables know.
struct Transcoder {
    input: Box<dyn Read + Send>,
    decoder: Decoder,
    piece: Vec<u8>,
    /// The last bytes of the piece before, for a bad sequence that began there.
    before: Vec<u8>,
    ready: Ready,
    noted: Noted,
    at_end: bool,
}

impl Transcoder {
    fn new(input: Box<dyn Read + Send>, encoding: &'static Encoding, noted: Noted) -> Self {
        noted.note();
        Transcoder {
            input,
            decoder: encoding.new_decoder_without_bom_handling(),
            piece: vec![0; PIECE],
            before: Vec::new(),
            ready: Ready::default(),
            noted,
            at_end: false,
        }
    }

    fn decode(&mut self, length: usize) {
        let piece = &self.piece[..length];
        let mut from = 0;
        loop {
            let now = from + self.noted.until_noted(&piece[from..]);
            if piece.get(from) == Some(&b'{') {
                self.noted.note();
            }
            let need = self
                .decoder
                .max_utf8_buffer_length_without_replacement(now - from)
                .unwrap_or(PIECE * 4);
            let start = self.ready.bytes.len();
            self.ready.bytes.resize(start + need.max(16), 0);
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &piece[from..now],
                &mut self.ready.bytes[start..],
                self.at_end && now == piece.len(),
            );
            self.ready.bytes.truncate(start + written);
            from += read;
            let before = self.ready.bytes.len() - written;
            match result {
                DecoderResult::InputEmpty => {
                    self.noted.advance(written, read);
                    let last = piece[..now].last();
                    if last.is_some_and(|&last| self.noted.ends_with(last)) {
                        self.noted.note();
                    }
                    if from == piece.len() {
                        break;
                    }
                }
                DecoderResult::OutputFull => self.noted.advance(written, read),
                DecoderResult::Malformed(bad, after) => {
                    let until = (self.before.len() + from).saturating_sub(usize::from(after));
                    let seen = self.before.iter().chain(piece);
                    let start = until.saturating_sub(usize::from(bad));
                    let bytes: Vec<u8> = seen.skip(start).take(usize::from(bad)).copied().collect();
                    if bytes.is_ascii() {
                        // nothing else would tell that something is wrong here
                        self.ready.bytes.push(0xff);
                    }
                    self.ready.bytes.extend(bytes);
                    self.noted.advance(self.ready.bytes.len() - before, read);
                }
            }
        }
        self.before
            .extend_from_slice(&piece[piece.len().saturating_sub(8)..]);
        let older = self.before.len().saturating_sub(8);
        self.before.drain(..older);
    }
}

impl Read for Transcoder {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.ready.is_empty() && !self.at_end {
            let length = fill(&mut self.input, &mut self.piece, 0)?;
            self.at_end = length == 0;
            self.ready.clear();
            self.decode(length);
        }
        Ok(self.ready.give(buffer))
    }
}

/// Decodes UTF-16; half a pair comes out as the three bytes it would be in UTF-8, which allows none.
struct Utf16 {
    input: Box<dyn Read + Send>,
    unit: fn([u8; 2]) -> u16,
    piece: Vec<u8>,
    kept: usize,
    high: Option<u16>,
    ready: Ready,
    noted: Noted,
    at_end: bool,
}

impl Utf16 {
    fn new(input: Box<dyn Read + Send>, unit: fn([u8; 2]) -> u16, noted: Noted) -> Self {
        noted.note();
        Utf16 {
            input,
            unit,
            piece: vec![0; PIECE],
            kept: 0,
            high: None,
            ready: Ready::default(),
            noted,
            at_end: false,
        }
    }

    fn take(&mut self, unit: u16) {
        let out = &mut self.ready.bytes;
        if let Some(high) = self.high.take() {
            if let Some(Ok(one)) = char::decode_utf16([high, unit]).next() {
                out.extend_from_slice(one.encode_utf8(&mut [0; 4]).as_bytes());
                return;
            }
            out.extend(half(high));
        }
        match char::from_u32(u32::from(unit)) {
            Some(one) => out.extend_from_slice(one.encode_utf8(&mut [0; 4]).as_bytes()),
            None if unit < 0xdc00 => self.high = Some(unit),
            None => out.extend(half(unit)),
        }
    }
}

/// Half a pair, in the form UTF-8 would give it.
fn half(unit: u16) -> [u8; 3] {
    [
        0xed,
        0x80 | (unit >> 6 & 0x3f) as u8,
        0x80 | (unit & 0x3f) as u8,
    ]
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.ready.is_empty() && !self.at_end {
            let length = fill(&mut self.input, &mut self.piece, self.kept)?;
            self.at_end = length == self.kept;
            self.ready.clear();
            let whole = length / 2 * 2;
            for at in (0..whole).step_by(2) {
                let unit = (self.unit)([self.piece[at], self.piece[at + 1]]);
                if unit == u16::from(b'{') {
                    self.noted.note();
                }
                let before = self.ready.bytes.len();
                self.take(unit);
                self.noted.advance(self.ready.bytes.len() - before, 2);
                if u8::try_from(unit).is_ok_and(|unit| self.noted.ends_with(unit)) {
                    self.noted.note();
                }
            }
            self.kept = length - whole;
            if self.kept > 0 {
                self.piece[0] = self.piece[length - 1];
            }
            if self.at_end {
                if let Some(high) = self.high.take() {
                    self.ready.bytes.extend(half(high));
                }
                if self.kept > 0 {
                    // half a unit: the file breaks off
                    self.ready.bytes.extend([0xff, self.piece[0]]);
                }
            }
        }
        Ok(self.ready.give(buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// A reader that gives few bytes at a time.
    struct Slowly(Cursor<Vec<u8>>, usize);

    impl Read for Slowly {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let most = buffer.len().min(self.1);
            self.0.read(&mut buffer[..most])
        }
    }

    fn decoded(bytes: &[u8], encoding: TextEncoding, pace: usize) -> Vec<u8> {
        let input = Box::new(Slowly(Cursor::new(bytes.to_vec()), pace));
        let mut out = Vec::new();
        to_utf8(input, encoding, 0, None)
            .unwrap()
            .read_to_end(&mut out)
            .unwrap();
        out
    }

    const GB: TextEncoding = TextEncoding::Other(encoding_rs::GB18030);

    #[test]
    fn bad_bytes_pass() {
        let bytes = b"a\xff,\xd6\xd0\xce\n\xd6".to_vec();
        for pace in 1..9 {
            assert_eq!(decoded(&bytes, GB, pace), b"a\xff,\xe4\xb8\xad\xce\n\xd6");
        }
        // a long sequence that turns out bad only with its last byte, read byte by byte
        assert_eq!(
            decoded(b"\x81\x30\x81\0", GB, 1),
            decoded(b"\x81\x30\x81\0", GB, 8)
        );
        let le = TextEncoding::Utf16Le;
        assert_eq!(decoded(b"a\0\0\xd8b\0c", le, 1), b"a\xed\xa0\x80b\xffc");
    }

    /// The places in the source of the beginnings of all lines and braces of the text.
    fn places(bytes: &[u8], encoding: TextEncoding, pace: usize) -> Vec<u64> {
        let places = Arc::new(Places::new(encoding, true));
        let input = Box::new(Slowly(Cursor::new(bytes.to_vec()), pace));
        let mut text = Vec::new();
        to_utf8(input, encoding, 0, Some(Arc::clone(&places)))
            .unwrap()
            .read_to_end(&mut text)
            .unwrap();
        let begins = |at: &usize| *at == 0 || text[*at] == b'{' || text[at - 1] == b'\n';
        (0..text.len())
            .filter(begins)
            .map(|at| places.source(at as u64))
            .collect()
    }

    #[test]
    fn places_in_a_broken_document_do_not_go_back() {
        // found by spoiling files: what stands between two objects is longer as text than in the file
        let bytes = b"[{}\xe9\xe9\xe9\"x\"{}\xe9{}]";
        let places = Arc::new(Places::new(
            TextEncoding::Other(encoding_rs::WINDOWS_1252),
            true,
        ));
        let input = Box::new(Cursor::new(bytes.to_vec()));
        let western = TextEncoding::Other(encoding_rs::WINDOWS_1252);
        let mut text = Vec::new();
        to_utf8(input, western, 0, Some(Arc::clone(&places)))
            .unwrap()
            .read_to_end(&mut text)
            .unwrap();
        let found: Vec<u64> = (0..text.len()).map(|at| places.source(at as u64)).collect();
        assert!(found.is_sorted(), "{found:?}");
        let braces = (0..text.len()).filter(|&at| text[at] == b'{');
        let braces: Vec<u64> = braces.map(|at| found[at]).collect();
        assert_eq!(braces, [1, 9, 12]);
    }

    #[test]
    fn places_in_the_source_are_kept() {
        let text = "编号,小区\n1,望京\n[{\"a\":\"京\"},{\"b\":1}]\n";
        let parts = [
            "编号,小区\n",
            "1,望京\n",
            "[",
            "{\"a\":\"京\"},",
            "{\"b\":1}]\n",
        ];
        let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
        let le =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let begins = |length: &dyn Fn(&str) -> usize| {
            let mut at = 0;
            let mut begins = Vec::new();
            for part in parts {
                begins.push(at as u64);
                at += length(part);
            }
            begins
        };
        for pace in [1, 2, 3, 1000] {
            let found = places(&gb(text), GB, pace);
            assert_eq!(found, begins(&|part| gb(part).len()), "{pace}");
            let found = places(&le(text), TextEncoding::Utf16Le, pace);
            assert_eq!(found, begins(&|part| le(part).len()), "{pace}");
        }
        // the second byte of a character may be a brace, and a broken byte may stand before a line end
        assert_eq!(places(b"\x81\x7b\x81\x7b\n\xff\n{", GB, 1), [0, 5, 7]);
    }

    proptest! {
        #[test]
        fn text_comes_through(text in "\\PC{0,80}", pace in 1usize..9) {
            let gb = encoding_rs::GB18030.encode(&text).0;
            prop_assert_eq!(&decoded(&gb, GB, pace), text.as_bytes());
            let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            prop_assert_eq!(&decoded(&be, TextEncoding::Utf16Be, pace), text.as_bytes());
        }

        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..200), pace in 1usize..9) {
            for encoding in [GB, TextEncoding::Utf16Le, TextEncoding::Other(encoding_rs::BIG5)] {
                decoded(&bytes, encoding, pace);
            }
        }
    }
}
