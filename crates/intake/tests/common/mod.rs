//! Workbooks made byte by byte, so that a test says what stands in them.

#![allow(dead_code)] // each test program uses its own part
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::{Path, PathBuf};

use intake::{Error, Input, ReadOptions, Record, Table, open};

/// A file that was made for this project.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    std::fs::read(folder.join(name)).unwrap()
}

/// A folder for one test.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join("input");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn open_with(&self, bytes: &[u8], options: &ReadOptions) -> Result<Table, Error> {
        open(&Input::File(self.write(bytes)), options)
    }

    pub(crate) fn open(&self, bytes: &[u8]) -> Table {
        self.open_with(bytes, &ReadOptions::default()).unwrap()
    }

    pub(crate) fn sheet(&self, bytes: &[u8], sheet: &str) -> Result<Table, Error> {
        let options = ReadOptions {
            sheet: Some(sheet.to_owned()),
            ..ReadOptions::default()
        };
        self.open_with(bytes, &options)
    }

    pub(crate) fn refused(&self, bytes: &[u8]) -> Error {
        match self.open_with(bytes, &ReadOptions::default()) {
            Err(error) => error,
            Ok(_) => panic!("was read"),
        }
    }
}

pub(crate) fn all(table: &mut Table) -> Vec<Record> {
    let mut records = Vec::new();
    let mut record = Record::new();
    while table.read(&mut record).unwrap() {
        records.push(record.clone());
    }
    records
}

pub(crate) fn cells(records: &[Record]) -> Vec<Vec<String>> {
    let texts = |record: &Record| record.iter().map(str::to_owned).collect();
    records.iter().map(texts).collect()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// An OpenDocument file: the content of its spreadsheet element.
pub(crate) fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>\
         </office:document-content>"
    );
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", &content),
    ])
}

/// A zip archive of these files.
pub(crate) fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Records of a BIFF8 stream, one after the other.
#[derive(Default, Clone)]
pub(crate) struct Biff(pub(crate) Vec<u8>);

impl Biff {
    pub(crate) fn record(mut self, kind: u16, data: &[u8]) -> Self {
        self.0.extend(kind.to_le_bytes());
        self.0.extend((data.len() as u16).to_le_bytes());
        self.0.extend(data);
        self
    }

    fn cell(self, kind: u16, place: (u16, u16), style: u16, value: &[u8]) -> Self {
        let mut data = Vec::new();
        for number in [place.0, place.1, style] {
            data.extend(number.to_le_bytes());
        }
        data.extend(value);
        self.record(kind, &data)
    }

    pub(crate) fn number(self, place: (u16, u16), style: u16, number: f64) -> Self {
        self.cell(0x0203, place, style, &number.to_le_bytes())
    }

    pub(crate) fn short_number(self, place: (u16, u16), bits: u32) -> Self {
        self.cell(0x027e, place, 0, &bits.to_le_bytes())
    }

    pub(crate) fn shared(self, place: (u16, u16), index: u32) -> Self {
        self.cell(0x00fd, place, 0, &index.to_le_bytes())
    }

    pub(crate) fn label(self, place: (u16, u16), text: &str) -> Self {
        self.cell(0x0204, place, 0, &unicode(text))
    }

    /// A truth, or the code of an error.
    pub(crate) fn bool_or_error(self, place: (u16, u16), value: u8, error: bool) -> Self {
        self.cell(0x0205, place, 0, &[value, u8::from(error)])
    }

    /// A formula with the value it had when the file was saved.
    pub(crate) fn formula(self, place: (u16, u16), style: u16, value: [u8; 8]) -> Self {
        let mut data = value.to_vec();
        data.extend([0; 8]);
        self.cell(0x0006, place, style, &data)
    }

    pub(crate) fn formula_text(self, text: &str) -> Self {
        self.record(0x0207, &unicode(text))
    }
}

/// Text with its length before it.
pub(crate) fn unicode(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut data = (units.len() as u16).to_le_bytes().to_vec();
    data.push(1);
    data.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    data
}

/// An XLS file: the records of its first part between beginning and sheets, and those of its sheets.
pub(crate) fn xls(globals: &Biff, sheets: &[(&str, Biff)]) -> Vec<u8> {
    let begin = |kind: u8| {
        let mut data = [0; 16];
        data[..4].copy_from_slice(&[0, 6, kind, 0]);
        Biff::default().record(0x0809, &data)
    };
    let named = |place: u32, name: &str| {
        let units: Vec<u16> = name.encode_utf16().collect();
        let mut data = place.to_le_bytes().to_vec();
        data.extend([0, 0, units.len() as u8, 1]);
        data.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        data
    };
    let mut stream = begin(5);
    stream.0.extend(&globals.0);
    let headers: usize = sheets
        .iter()
        .map(|(name, _)| 4 + named(0, name).len())
        .sum();
    let mut place = (stream.0.len() + headers + 4) as u32;
    let mut bodies = Vec::new();
    for (name, records) in sheets {
        stream = stream.record(0x0085, &named(place, name));
        let mut body = begin(0x10);
        body.0.extend(&records.0);
        let body = body.record(0x000a, &[]).0;
        place += body.len() as u32;
        bodies.extend(body);
    }
    stream = stream.record(0x000a, &[]);
    stream.0.extend(bodies);
    container("Workbook", stream.0)
}

/// An OLE container with one stream.
pub(crate) fn container(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    let length = stream.len().max(4096);
    stream.resize(length.div_ceil(512) * 512, 0);
    let sectors = stream.len() / 512;
    let tables = (sectors + 1).div_ceil(127);
    let mut header = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    header.resize(512, 0);
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    put(44, &(tables as u32).to_le_bytes());
    put(48, &(sectors as u32).to_le_bytes());
    put(56, &4096u32.to_le_bytes());
    put(60, &END.to_le_bytes());
    put(68, &END.to_le_bytes());
    put(76, &[0xff; 436]);
    for table in 0..tables {
        put(
            76 + 4 * table,
            &((sectors + 1 + table) as u32).to_le_bytes(),
        );
    }
    let mut file = header;
    file.extend(&stream);
    for (name, kind, start, length, child) in [
        ("Root Entry", 5, END, 0, 1),
        (name, 2, 0, length as u32, u32::MAX),
    ] {
        let mut entry = vec![0; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..units.len()].copy_from_slice(&units);
        entry[64..66].copy_from_slice(&(units.len() as u16 + 2).to_le_bytes());
        entry[66] = kind;
        entry[68..76].copy_from_slice(&[0xff; 8]);
        entry[76..80].copy_from_slice(&u32::to_le_bytes(child));
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
        file.extend(entry);
    }
    file.extend([0; 256]);
    let mut table: Vec<u32> = (1..=sectors as u32).collect();
    table[sectors - 1] = END;
    table.push(END);
    table.resize(sectors + 1 + tables, 0xffff_fffd);
    table.resize(tables * 128, u32::MAX);
    file.extend(table.iter().flat_map(|next| next.to_le_bytes()));
    file
}
