//! Any encoding to UTF-8. Bytes that cannot be decoded pass as they are: they are no UTF-8, so the
//! record they stand in is found out, and its reject shows them.

use std::io::Read;

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::encoding::TextEncoding;

/// Bytes taken at once.
const PIECE: usize = 64 << 10;

/// The stream as UTF-8, where it is not so already. `mark` bytes at its beginning are dropped.
pub(crate) fn to_utf8(
    mut input: Box<dyn Read + Send>,
    encoding: TextEncoding,
    mark: usize,
) -> std::io::Result<Box<dyn Read + Send>> {
    std::io::copy(&mut input.by_ref().take(mark as u64), &mut std::io::sink())?;
    Ok(match encoding {
        TextEncoding::Utf8 => input,
        TextEncoding::Utf16Le => Box::new(Utf16::new(input, u16::from_le_bytes)),
        TextEncoding::Utf16Be => Box::new(Utf16::new(input, u16::from_be_bytes)),
        TextEncoding::Other(encoding) => Box::new(Transcoder::new(input, encoding)),
    })
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
    at_end: bool,
}

impl Transcoder {
    fn new(input: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        Transcoder {
            input,
            decoder: encoding.new_decoder_without_bom_handling(),
            piece: vec![0; PIECE],
            before: Vec::new(),
            ready: Ready::default(),
            at_end: false,
        }
    }

    fn decode(&mut self, length: usize) {
        let piece = &self.piece[..length];
        let mut from = 0;
        loop {
            let need = self
                .decoder
                .max_utf8_buffer_length_without_replacement(piece.len() - from)
                .unwrap_or(PIECE * 4);
            let start = self.ready.bytes.len();
            self.ready.bytes.resize(start + need.max(16), 0);
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &piece[from..],
                &mut self.ready.bytes[start..],
                self.at_end,
            );
            self.ready.bytes.truncate(start + written);
            from += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
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
    at_end: bool,
}

impl Utf16 {
    fn new(input: Box<dyn Read + Send>, unit: fn([u8; 2]) -> u16) -> Self {
        Utf16 {
            input,
            unit,
            piece: vec![0; PIECE],
            kept: 0,
            high: None,
            ready: Ready::default(),
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
                self.take(unit);
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
        to_utf8(input, encoding, 0)
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
