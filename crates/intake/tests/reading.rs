//! Whole files in, records out: what holds whatever the format.
// helpers of tests may fail as tests do
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::PathBuf;

use intake::{ErrorKind, Fault, Format, HeaderOption, Input, ReadOptions, Record, Table, open};

/// A folder for one test.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open_with(&self, bytes: &[u8], options: &ReadOptions) -> Result<Table, intake::Error> {
        let path = self.path("input.csv");
        std::fs::write(&path, bytes).unwrap();
        open(&Input::File(path), options)
    }

    fn open(&self, bytes: &[u8]) -> Table {
        self.open_with(bytes, &ReadOptions::default()).unwrap()
    }

    fn refused(&self, bytes: &[u8]) -> intake::Error {
        match self.open_with(bytes, &ReadOptions::default()) {
            Err(error) => error,
            Ok(mut table) => {
                let mut record = Record::new();
                loop {
                    match table.read(&mut record) {
                        Err(error) => return error,
                        Ok(true) => {}
                        Ok(false) => panic!("was read"),
                    }
                }
            }
        }
    }
}

fn all(table: &mut Table) -> Vec<Record> {
    let mut records = Vec::new();
    let mut record = Record::new();
    while table.read(&mut record).unwrap() {
        records.push(record.clone());
    }
    records
}

fn cells(records: &[Record]) -> Vec<Vec<&str>> {
    records
        .iter()
        .map(|record| record.iter().collect())
        .collect()
}

fn lines(records: &[Record]) -> Vec<u64> {
    records.iter().map(Record::line).collect()
}

#[test]
fn line_ends_of_every_kind() {
    let place = Place::new();
    for end in ["\n", "\r\n", "\r\r\n", "\r", "\r\r"] {
        let text = ["id,name", "1,望京", "2,\"a,b\"", "3,x"].join(end) + end;
        let mut table = place.open(text.as_bytes());
        let records = all(&mut table);
        assert_eq!(
            cells(&records),
            [["1", "望京"], ["2", "a,b"], ["3", "x"]],
            "{end:?}"
        );
        assert_eq!(lines(&records), [2, 3, 4], "{end:?}");
        for record in &records {
            let first = record.text(0).as_bytes()[0];
            assert_eq!(text.as_bytes()[record.byte() as usize], first);
        }
    }
}

#[test]
fn a_bad_record_is_faulted_and_the_rest_goes_on() {
    let place = Place::new();
    let text = b"id,name,n\n1,\xe5\xa5\xbd\xe6\x88\xbf,1\n2,short\n3,long,3,4\n4,\"a\"b,4\n5,\xff\xfe,5\n6,a\0b,6\n\
        7,5\"x,7\n8,\"open,8\n9,good,9\n10,\"two\nlines\",10\n11,\"never closed,11\n12,good,12\n";
    let records = all(&mut place.open(text));
    let seen: Vec<(&str, Option<Fault>)> = records
        .iter()
        .map(|record| (record.text(0), record.fault().cloned()))
        .collect();
    let expected = 3;
    assert_eq!(
        seen,
        [
            ("1", None),
            ("2", Some(Fault::TooFewCells { found: 2, expected })),
            ("3", Some(Fault::TooManyCells { found: 4, expected })),
            ("4", Some(Fault::TextAfterQuote { column: 1 })),
            ("5", Some(Fault::Encoding { column: 1 })),
            ("6", Some(Fault::Nul { column: 1 })),
            ("7", None),
            ("8", Some(Fault::UnclosedQuote)),
            ("9", None),
            ("10", None),
            ("11", Some(Fault::UnclosedQuote)),
            ("12", None),
        ]
    );
    assert!(records[6].stray_quote());
    assert_eq!(records[4].raw(1), b"\xff\xfe");
    assert_eq!(records[9].text(1), "two\nlines");
    assert_eq!(lines(&records), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14]);
}

#[test]
fn a_row_with_line_breaks_that_lacks_a_cell_is_one_bad_row() {
    let place = Place::new();
    let text = b"id,name,n\n1,\"a\nb\nc\"\n2,good,2\n";
    let records = all(&mut place.open(text));
    assert_eq!(records.len(), 2);
    assert!(matches!(
        records[0].fault(),
        Some(Fault::TooFewCells { .. })
    ));
    assert_eq!((records[1].line(), records[1].fault()), (5, None));
}

#[test]
fn large_cells() {
    let place = Place::new();
    let mut text = b"id,text\n1,\"".to_vec();
    text.extend(b"x".repeat(10 << 20));
    text.extend(b"\"\n2,\"");
    text.extend(b"y\n".repeat(1500));
    text.extend(b"\"\n3,");
    text.extend(b"z".repeat(40 << 20));
    text.extend(b"\n4,end\n");
    let records = all(&mut place.open(&text));
    assert_eq!(records[0].text(1).len(), 10 << 20);
    assert_eq!(records[1].fault(), Some(&Fault::UnclosedQuote));
    assert_eq!((records[1].line(), records[2].line()), (3, 4));
    let last = &records[records.len() - 2..];
    assert_eq!(last[0].fault(), Some(&Fault::TooLarge));
    assert_eq!((last[1].text(1), last[1].fault()), ("end", None));
}

#[test]
fn empty_files_and_headers_alone() {
    let place = Place::new();
    for text in [&b""[..], b"\n\n", b"\xef\xbb\xbf"] {
        let mut table = place.open(text);
        assert!(table.is_empty(), "{text:?}");
        assert!(all(&mut table).is_empty());
        assert_eq!(table.content_hash(), *blake3::hash(text).as_bytes());
    }
    let mut table = place.open(b"id,price\n");
    assert!(!table.is_empty());
    assert_eq!(table.headers(), ["id", "price"]);
    assert!(all(&mut table).is_empty());
}

#[test]
fn what_is_no_table_is_refused() {
    let place = Place::new();
    let kind = |bytes: &[u8]| place.refused(bytes).kind();
    assert_eq!(kind(b"\x89PNG\r\n\x1a\n1234"), ErrorKind::Binary);
    assert_eq!(kind(b"SQLite format 3\0..."), ErrorKind::Binary);
    assert_eq!(kind(b"PK\x03\x04 broken"), ErrorKind::Damaged);
    let container = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    assert_eq!(kind(&container), ErrorKind::Damaged);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&b"a,b\n1,2\n".repeat(100_000)).unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(kind(&packed[..packed.len() / 2]), ErrorKind::Damaged);
    assert_eq!(kind(&packed[..5]), ErrorKind::Damaged);
}

#[test]
fn packed_files_are_unpacked_and_hashed_as_given() {
    let place = Place::new();
    let text = b"id,name\n1,\xe6\x9c\x9b\n".to_vec();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&text).unwrap();
    for packed in [
        gzip.finish().unwrap(),
        zstd::encode_all(&text[..], 1).unwrap(),
    ] {
        let mut table = place.open(&packed);
        assert_eq!(cells(&all(&mut table)), [["1", "望"]]);
        assert_eq!(table.content_hash(), *blake3::hash(&packed).as_bytes());
        assert_eq!(
            table.position(),
            (packed.len() as u64, Some(packed.len() as u64))
        );
    }
}

#[test]
fn encodings() {
    let place = Place::new();
    let text = "编号,小区\n1,望京西园\n2,\"天通苑,北\"\n";
    let gbk = encoding_rs::GB18030.encode(text).0.into_owned();
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(text.as_bytes());
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let tries = [
        (gbk, "GB18030"),
        (marked, "UTF-8"),
        (utf16.clone(), "UTF-16LE"),
        (utf16[2..].to_vec(), "UTF-16LE"),
    ];
    for (bytes, name) in tries {
        let mut table = place.open(&bytes);
        assert_eq!(table.encoding(), name);
        assert_eq!(table.headers(), ["编号", "小区"]);
        assert_eq!(
            cells(&all(&mut table)),
            [["1", "望京西园"], ["2", "天通苑,北"]]
        );
        assert_eq!(table.content_hash(), *blake3::hash(&bytes).as_bytes());
    }
    let mut bad = encoding_rs::GB18030.encode(text).0.into_owned();
    bad.extend(b"3,\xd6\xd0\xff\n");
    let options = ReadOptions {
        encoding: Some("gbk".into()),
        ..ReadOptions::default()
    };
    let records = all(&mut place.open_with(&bad, &options).unwrap());
    assert_eq!(records[2].fault(), Some(&Fault::Encoding { column: 1 }));
    assert_eq!(
        records[2].raw(1),
        "中"
            .as_bytes()
            .iter()
            .chain(&[0xff])
            .copied()
            .collect::<Vec<_>>()
    );
}

#[test]
fn json_lines() {
    let place = Place::new();
    let text = "{\"id\":1,\"at\":{\"city\":\"北京\"}}\nnonsense\n\n{\"id\":2,\"tags\":[\"a\",\"b\"]}\r\n[1]\n";
    let mut table = place.open(text.as_bytes());
    assert_eq!(table.format(), Format::Ndjson);
    assert_eq!(table.headers(), ["id", "at.city", "tags"]);
    let records = all(&mut table);
    assert_eq!(lines(&records), [1, 2, 4, 5]);
    assert_eq!(records[0].iter().collect::<Vec<_>>(), ["1", "北京", ""]);
    assert!(matches!(records[1].fault(), Some(Fault::Json(_))));
    assert_eq!(records[1].text(0), "nonsense");
    assert_eq!(records[2].iter().collect::<Vec<_>>(), ["2", "", "a|b"]);
    assert_eq!(records[3].fault(), Some(&Fault::NotAnObject));
    assert_eq!(
        table.content_hash(),
        *blake3::hash(text.as_bytes()).as_bytes()
    );
}

#[test]
fn json_documents() {
    let place = Place::new();
    let mut table = place.open(b"[{\"a\":1},\n{\"a\":2,\"b\":null}]");
    assert_eq!(table.format(), Format::Json);
    let records = all(&mut table);
    assert_eq!(cells(&records), [["1", ""], ["2", ""]]);
    assert_eq!(lines(&records), [1, 2]);
    let records = all(&mut place.open(b"{\"data\":[{\"a\":1}],\"n\":1}"));
    assert_eq!(cells(&records), [["1"]]);
    assert_eq!(place.refused(b"[{\"a\":1},").kind(), ErrorKind::Damaged);
    let nested = "{\"data\":".repeat(100_000);
    assert_eq!(place.refused(nested.as_bytes()).kind(), ErrorKind::Damaged);
}

#[test]
fn elements_that_share_a_line_are_numbered() {
    let place = Place::new();
    let text = "[{\"a\":\"x\"}, {\"a\":\"京\"},5,\n  {\"a\":1},{\"a\":2}]";
    let items = |records: &[Record]| -> Vec<_> {
        records
            .iter()
            .map(|record| (record.line(), record.item()))
            .collect()
    };
    let wanted = [
        (1, Some(1)),
        (1, Some(2)),
        (1, Some(3)),
        (2, None),
        (2, Some(5)),
    ];
    let records = all(&mut place.open(text.as_bytes()));
    assert_eq!(items(&records), wanted);
    for record in &records {
        let rest = &text.as_bytes()[record.byte() as usize..];
        assert!(rest.starts_with(b"{") || rest.starts_with(b"5"));
    }
    // the same in an encoding of another width: the places are those of the file
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let records = all(&mut place.open(&utf16));
    assert_eq!(items(&records), wanted);
    for record in &records {
        let byte = utf16[record.byte() as usize];
        assert!(byte == b'{' || byte == b'5', "{}", record.byte());
    }
    // a document of one object a line needs no numbers
    let records = all(&mut place.open(b"[\n{\"a\":1},\n{\"a\":2}\n]"));
    assert_eq!(items(&records), [(2, None), (3, None)]);
}

#[test]
fn places_are_those_of_the_file_whatever_its_encoding() {
    let place = Place::new();
    let row = |n: u32| format!("R{n},望京西园{n}号院,\"三室\n两厅\",520\r\n");
    let rows: Vec<String> = (0..3_000).map(row).collect();
    let text = format!("编号,小区,户型,总价\r\n{}", rows.concat());
    let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    let marked = [b"\xfe\xff".to_vec(), utf16(&text)].concat();
    for (file, width) in [(gbk(&text), 1), (marked, 2)] {
        let mut table = place.open(&file);
        let mut record = Record::new();
        let mut count = 0;
        while table.read(&mut record).unwrap() {
            let at = record.byte() as usize + width - 1;
            assert_eq!(file[at], b'R', "{count} {}", table.encoding());
            let before = &file[..record.byte() as usize];
            assert_eq!(before[before.len() - width..][width - 1], b'\n', "{count}");
            count += 1;
        }
        assert_eq!(count, 3_000);
    }
    let lines = "{\"a\":\"望京\"}\n{\"a\":\"天通苑\"}\n";
    let records = all(&mut place.open(&gbk(lines)));
    assert_eq!(records[1].byte() as usize, gbk("{\"a\":\"望京\"}\n").len());
}

#[test]
fn ten_thousand_columns() {
    let place = Place::new();
    let header: Vec<String> = (0..10_000).map(|n| format!("c{n}")).collect();
    let text = format!("{}\n{}\n", header.join(","), vec!["1"; 10_000].join(","));
    let mut table = place.open(text.as_bytes());
    assert_eq!(table.headers().len(), 10_000);
    let records = all(&mut table);
    assert_eq!((records[0].len(), records[0].fault()), (10_000, None));
}

#[test]
fn headers_as_a_person_says() {
    let place = Place::new();
    let with = |header| ReadOptions {
        header,
        ..ReadOptions::default()
    };
    let mut table = place
        .open_with(b"a,b\nc,d\n", &with(HeaderOption::None))
        .unwrap();
    assert_eq!(table.headers(), ["column 1", "column 2"]);
    assert_eq!(all(&mut table).len(), 2);
    let given = HeaderOption::Given(vec!["x".into(), "y".into()]);
    let mut table = place.open_with(b"a,b\nc,d\n", &with(given)).unwrap();
    assert_eq!(table.headers(), ["x", "y"]);
    assert_eq!(all(&mut table).len(), 2);
    assert!(!table.has_header());
}

#[test]
fn preamble_lines_keep_their_numbers() {
    let place = Place::new();
    let text = "房源导出\n\n编号,价格,面积\n1,2,3\n4,5,6\n";
    let mut table = place.open(text.as_bytes());
    assert_eq!(table.headers(), ["编号", "价格", "面积"]);
    assert_eq!(lines(&all(&mut table)), [4, 5]);
    assert_eq!(table.notes()[0].code, "X135");
}

mod workbooks {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};

    fn table(
        place: &Place,
        book: &mut Workbook,
        sheet: Option<&str>,
    ) -> Result<Table, intake::Error> {
        let bytes = book.save_to_buffer().unwrap();
        let options = ReadOptions {
            sheet: sheet.map(str::to_owned),
            ..ReadOptions::default()
        };
        place.open_with(&bytes, &options)
    }

    #[test]
    fn values_as_a_person_reads_them() {
        let place = Place::new();
        let mut book = Workbook::new();
        book.add_worksheet().set_name("空").unwrap();
        let sheet = book.add_worksheet().set_name("房源").unwrap();
        let day = CellFormat::new().set_num_format("yyyy-mm-dd");
        for (column, name) in ["编号", "电话", "价格", "日期", "有电梯"]
            .iter()
            .enumerate()
        {
            sheet.write(0, column as u16, *name).unwrap();
        }
        sheet.write(3, 0, "A1").unwrap();
        sheet.write(3, 1, 13_800_138_000u64).unwrap();
        sheet.write(3, 2, 520.5).unwrap();
        let when = ExcelDateTime::from_ymd(2025, 3, 1).unwrap();
        sheet.write_with_format(3, 3, &when, &day).unwrap();
        sheet.write(3, 4, true).unwrap();
        sheet.write(4, 0, "A2").unwrap();
        sheet.write(1_048_575, 16_383, "far").unwrap();
        let mut table = table(&place, &mut book, None).unwrap();
        assert_eq!(table.sheet(), Some("房源"));
        assert_eq!(table.notes()[0].code, "X136");
        assert_eq!(table.headers().len(), 5, "{:?}", table.headers());
        let records = all(&mut table);
        assert_eq!(lines(&records), [4, 5, 1_048_576]);
        let first: Vec<&str> = records[0].iter().collect();
        assert_eq!(first, ["A1", "13800138000", "520.5", "2025-03-01", "true"]);
        assert_eq!((records[1].len(), records[1].fault()), (5, None));
        assert!(matches!(
            records[2].fault(),
            Some(Fault::TooManyCells { .. })
        ));
    }

    #[test]
    fn sheets_are_named_or_numbered() {
        let place = Place::new();
        let mut book = Workbook::new();
        for name in ["一月", "二月"] {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            sheet.write(0, 0, "id").unwrap();
            sheet.write(1, 0, name).unwrap();
        }
        for wish in ["二月", "2"] {
            let mut table = table(&place, &mut book, Some(wish)).unwrap();
            assert_eq!(cells(&all(&mut table)), [["二月"]]);
        }
        let Err(error) = table(&place, &mut book, Some("三月")) else {
            panic!("was opened")
        };
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.hint().unwrap().contains("一月, 二月"));
    }
}
