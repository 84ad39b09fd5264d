//! What is in a zip archive, looked at before a reader takes its parts into memory.

use std::fs::File;
use std::io::{BufReader, Read};

use memchr::{memchr, memmem, memrchr};
use zip::ZipArchive;

use super::{LONGEST_TEXT, MOST_SHARED, broken, protected, too_large};
use crate::{Error, ErrorKind};

/// Parts packed to less than this cannot unpack to anything that hurts.
const SMALL_PART: u64 = 64 << 10;
/// Bytes of a part that says what the archive is.
const SHORT_PART: u64 = 1 << 20;

/// The workbooks that are archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Ods,
}

/// Says what the archive is; one that is no workbook, or would unpack to too much, is an error.
pub(super) fn inspect(file: &File, shown: &str) -> Result<Kind, Error> {
    let file = file
        .try_clone()
        .map_err(|error| Error::io(format!("read `{shown}`"), error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| broken(shown))?;
    let kind = kind(&mut archive, shown)?;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| broken(shown))?;
        let name = part.name().map_err(|_| broken(shown))?.to_ascii_lowercase();
        let (read, in_memory) = match kind {
            Kind::Xlsx => (
                name.ends_with(".xml") || name.ends_with(".rels"),
                !name.contains("worksheets"),
            ),
            Kind::Ods => (name == "content.xml", false),
        };
        if read && part.compressed_size() > SMALL_PART {
            measure(&mut part, in_memory, shown)?;
        }
    }
    Ok(kind)
}

fn kind<R: Read + std::io::Seek>(archive: &mut ZipArchive<R>, shown: &str) -> Result<Kind, Error> {
    let names = |is: &dyn Fn(&str) -> bool| {
        let mut names = archive.file_names().flatten();
        names.any(|name| is(&name.to_ascii_lowercase().replace('\\', "/")))
    };
    let has = |name: &str| names(&|one| one == name);
    // where it stands is for the package to say, most often in `xl`
    if names(&|one| one == "workbook.xml" || one.ends_with("/workbook.xml")) {
        return Ok(Kind::Xlsx);
    }
    if has("xl/workbook.bin") {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("`{shown}` is a binary workbook (.xlsb), which is not read"),
        )
        .with_hint("save it as .xlsx or .csv"));
    }
    let other = if has("content.xml") {
        let manifest = short(archive, "META-INF/manifest.xml");
        if memmem::find(&manifest, b"encryption-data").is_some() {
            return Err(protected(shown));
        }
        let mimetype = short(archive, "mimetype");
        let open_document = b"application/vnd.oasis.opendocument.";
        match mimetype.strip_prefix(open_document) {
            None => return Ok(Kind::Ods),
            Some(kind) if kind.starts_with(b"spreadsheet") => return Ok(Kind::Ods),
            Some(_) => "an OpenDocument file, but not a spreadsheet",
        }
    } else if has("word/document.xml") {
        "a Word document"
    } else if has("encrypted-package") {
        return Err(protected(shown));
    } else {
        return Err(Error::new(
            ErrorKind::Binary,
            format!("`{shown}` is a zip archive, not a workbook"),
        )
        .with_hint("unpack it and name the files in it"));
    };
    Err(
        Error::new(ErrorKind::Unsupported, format!("`{shown}` is {other}"))
            .with_hint("save its table as .xlsx, .ods or .csv"),
    )
}

/// A small part as a whole; empty where it is not there.
fn short<R: Read + std::io::Seek>(archive: &mut ZipArchive<R>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(part) = archive.by_name(name) {
        // what cannot be read tells nothing
        let _ = part.take(SHORT_PART).read_to_end(&mut bytes);
    }
    bytes
}

/// Unpacks a part and looks how much it comes to.
fn measure(part: &mut dyn Read, in_memory: bool, shown: &str) -> Result<(), Error> {
    let mut piece = vec![0; 64 << 10];
    let (mut total, mut text) = (0u64, 0usize);
    loop {
        let length = part.read(&mut piece).map_err(|_| broken(shown))?;
        if length == 0 {
            return Ok(());
        }
        total += length as u64;
        let bytes = &piece[..length];
        match (memchr(b'<', bytes), memrchr(b'<', bytes)) {
            (Some(first), Some(last)) => {
                text = if text + first > LONGEST_TEXT {
                    usize::MAX
                } else {
                    length - last
                };
            }
            _ => text = text.saturating_add(length),
        }
        if text > LONGEST_TEXT || in_memory && total > MOST_SHARED {
            return Err(too_large(shown));
        }
    }
}
