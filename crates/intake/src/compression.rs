//! Unpacking by content, whatever the file's name says.

use std::io::{BufReader, Read};

use crate::{Error, ErrorKind};

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    /// Judges the first bytes of a file.
    pub(crate) fn of(head: &[u8]) -> Self {
        if head.starts_with(&[0x1f, 0x8b, 0x08]) {
            Compression::Gzip
        } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Compression::Zstd
        } else {
            Compression::None
        }
    }

    fn name(self) -> &'static str {
        match self {
            Compression::None => "plain",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }

    /// The bytes as they were before packing.
    pub(crate) fn unpack<R>(self, packed: R, shown: &str) -> Result<Box<dyn Read + Send>, Error>
    where
        R: Read + Send + 'static,
    {
        let inner: Box<dyn Read + Send> = match self {
            Compression::None => return Ok(Box::new(packed)),
            Compression::Gzip => {
                let packed = BufReader::with_capacity(64 << 10, packed);
                Box::new(flate2::bufread::MultiGzDecoder::new(packed))
            }
            Compression::Zstd => Box::new(
                zstd::stream::read::Decoder::new(packed)
                    .map_err(|error| Error::io(format!("unpack `{shown}`"), error))?,
            ),
        };
        Ok(Box::new(Unpacked {
            inner,
            shown: shown.to_owned(),
            name: self.name(),
        }))
    }
}

/// An unpacker whose errors say what happened to which file.
struct Unpacked {
    inner: Box<dyn Read + Send>,
    shown: String,
    name: &'static str,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        use std::io::ErrorKind as Io;
        self.inner.read(buffer).map_err(|error| {
            let what = match error.kind() {
                Io::Interrupted => return error,
                Io::UnexpectedEof => "breaks off before its end",
                Io::InvalidData | Io::InvalidInput | Io::Other => "is damaged",
                _ => return error,
            };
            Error::new(
                ErrorKind::Damaged,
                format!("`{}`: the {} file {what}", self.shown, self.name),
            )
            .with_hint("copy or download it again")
            .into_io()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn unpack(bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Compression::of(&bytes)
            .unpack(Cursor::new(bytes), "a.gz")
            .unwrap()
            .read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn packed_files_come_out_whole() {
        let text = b"a,b\n1,2\n".repeat(1000);
        assert_eq!(unpack(gzip(&text)).unwrap(), text);
        let mut two = gzip(&text);
        two.extend(gzip(b"3,4\n"));
        assert_eq!(unpack(two).unwrap().len(), text.len() + 4);
        assert_eq!(
            unpack(zstd::encode_all(&text[..], 1).unwrap()).unwrap(),
            text
        );
    }

    #[test]
    fn broken_files_say_so() {
        let text: Vec<u8> = (0..100_000u32).flat_map(|n| n.to_le_bytes()).collect();
        for mut packed in [gzip(&text), zstd::encode_all(&text[..], 1).unwrap()] {
            packed.truncate(packed.len() / 2);
            let error = Error::io("read", unpack(packed).unwrap_err());
            assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
            assert!(error.to_string().contains("breaks off"), "{error}");
        }
    }
}
