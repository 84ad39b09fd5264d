//! What a file is, told by its first bytes: a table, or something that only looks like a file of ours.

use crate::{Error, ErrorKind};

/// What the content calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Text of some encoding.
    Text,
    /// A zip archive: a workbook, perhaps.
    Zip,
    /// An OLE container: an old workbook, or a new one with a password.
    Container,
}

/// First bytes of formats that hold no table, and what they are called.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "an RTF document"),
];

/// First bytes of archives, the second of an empty one.
const ZIPS: [&[u8; 4]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// First bytes of OLE containers.
const CONTAINER: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Whether the first bytes are those of a workbook, which no text has.
pub(crate) fn is_workbook(head: &[u8]) -> bool {
    head.starts_with(ZIPS[0]) || head.starts_with(CONTAINER)
}

/// Judges the first bytes of the unpacked file. Control characters make it binary, unless it is UTF-16.
pub(crate) fn content(head: &[u8], utf16: bool, shown: &str) -> Result<Content, Error> {
    if ZIPS.iter().any(|mark| head.starts_with(*mark)) {
        return Ok(Content::Zip);
    }
    if head.starts_with(CONTAINER) {
        return Ok(Content::Container);
    }
    for (signature, name) in SIGNATURES {
        if head.starts_with(signature) {
            return Err(not_a_table(shown, name));
        }
    }
    if utf16 {
        return Ok(Content::Text);
    }
    let first = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let opening = first[..first.len().min(32)].to_ascii_lowercase();
    if [&b"<html"[..], b"<!doctype html", b"<table", b"<meta"]
        .iter()
        .any(|tag| opening.starts_with(tag))
    {
        let name = "a web page, as some sites export instead of a workbook";
        return Err(not_a_table(shown, name)
            .with_hint("open it in a spreadsheet and save it as .xlsx or .csv"));
    }
    if opening.starts_with(b"<?xml") {
        return Err(not_a_table(shown, "XML")
            .with_hint("save it as .xlsx or .csv; portal feeds are not read yet"));
    }
    let controls = head
        .iter()
        .filter(|&&byte| byte < 9 || (14..32).contains(&byte) && byte != 0x1b && byte != 0x1a)
        .count();
    if controls >= 16 && controls * 20 > head.len() {
        return Err(not_a_table(shown, "a binary file"));
    }
    Ok(Content::Text)
}

fn not_a_table(shown: &str, name: &str) -> Error {
    Error::new(
        ErrorKind::Binary,
        format!("`{shown}` is {name}, not a table"),
    )
    .with_hint("CSV, TSV, NDJSON, JSON, XLSX, XLS and ODS are read, each also as .gz or .zst")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents() {
        let kind = |head: &[u8]| content(head, false, "x").map_err(|error| error.kind());
        assert_eq!(kind(b"a,b\n"), Ok(Content::Text));
        assert_eq!(kind(b""), Ok(Content::Text));
        assert_eq!(kind(b"a,b\n1,\0\n"), Ok(Content::Text));
        assert_eq!(kind(b"PK\x03\x04...."), Ok(Content::Zip));
        assert_eq!(kind(b"%PDF-1.4"), Err(ErrorKind::Binary));
        assert_eq!(kind(b"\n<HTML><body>"), Err(ErrorKind::Binary));
        assert_eq!(kind(&[0, 1, 2, 3].repeat(20)), Err(ErrorKind::Binary));
    }
}
