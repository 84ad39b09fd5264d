//! XLSX, XLS and ODS: one table, whatever the kind of workbook it stands in.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Biff, Place, all, archive, cells, container, fixture, gzip, ods, unicode, xls};
use intake::{ErrorKind, Fault, Format};

const WORKBOOKS: [(&str, Format); 3] = [
    ("listings.xlsx", Format::Xlsx),
    ("listings.xls", Format::Xls),
    ("listings.ods", Format::Ods),
];

#[test]
fn the_same_table_in_three_kinds_of_workbook() {
    let place = Place::new();
    let wanted = cells(&all(&mut place.open(&fixture("listings.xlsx"))));
    assert_eq!(wanted.len(), 20);
    for (name, format) in WORKBOOKS {
        let bytes = fixture(name);
        for packed in [
            bytes.clone(),
            gzip(&bytes),
            zstd::encode_all(&bytes[..], 1).unwrap(),
        ] {
            let mut table = place.open(&packed);
            assert_eq!(table.format(), format, "{name}");
            assert_eq!(table.sheet(), Some("房源"), "{name}");
            assert_eq!(table.notes()[0].code, "X136", "{name}");
            let records = all(&mut table);
            assert_eq!(cells(&records), wanted, "{name}");
            assert_eq!((records[0].line(), records[19].line()), (3, 22), "{name}");
            assert_eq!(table.content_hash(), *blake3::hash(&packed).as_bytes());
        }
    }
}

#[test]
fn sheets_are_chosen_by_name_or_number() {
    let place = Place::new();
    for (name, _) in WORKBOOKS {
        let bytes = fixture(name);
        for wish in ["说明", "2"] {
            let table = place.sheet(&bytes, wish).unwrap();
            assert_eq!(table.sheet(), Some("说明"), "{name}");
        }
        for wish in ["三月", "0", "3"] {
            let Err(error) = place.sheet(&bytes, wish) else {
                panic!("was opened")
            };
            assert_eq!(error.kind(), ErrorKind::Usage, "{name}");
            assert_eq!(error.hint(), Some("it has: 房源, 说明"), "{name}");
        }
    }
}

/// The header of the tables below.
const HEADER: [&str; 4] = ["id", "phone", "price", "day"];

fn biff() -> Biff {
    let head = |biff: Biff, (column, name): (usize, &&str)| biff.label((0, column as u16), name);
    HEADER.iter().enumerate().fold(Biff::default(), head)
}

/// Number formats and the styles that use them: 0 general, 1 a day, 2 a length, 3 a day of our own.
fn styles() -> Biff {
    let mut own = 164u16.to_le_bytes().to_vec();
    own.extend(unicode("yyyy\"年\"m\"月\"d\"日\""));
    let style = |biff: Biff, format: u16| {
        let mut data = [0; 20];
        data[2..4].copy_from_slice(&format.to_le_bytes());
        biff.record(0x00e0, &data)
    };
    let formats = Biff::default().record(0x041e, &own);
    [0, 14, 46, 164].into_iter().fold(formats, style)
}

#[test]
fn xls_values_as_a_person_reads_them() {
    let place = Place::new();
    let text = |kind: u8, value: u8| [kind, 0, value, 0, 0, 0, 0xff, 0xff];
    let sheet = biff()
        .label((2, 0), "A1")
        .number((2, 1), 0, 13_800_138_001.0)
        .short_number((2, 2), 52_050 << 2 | 3)
        .number((2, 3), 1, 46_329.0)
        .label((3, 0), "A2")
        .short_number((3, 1), 7 << 2 | 2)
        .formula((3, 2), 0, 520.5f64.to_le_bytes())
        .formula((3, 3), 3, 46_329.5f64.to_le_bytes())
        .formula((4, 0), 0, text(0, 0))
        .formula_text("A3")
        .bool_or_error((4, 1), 0x2a, true)
        .bool_or_error((4, 2), 0x17, true)
        .number((4, 3), 2, 1.5)
        .label((5, 0), "A4")
        .formula((5, 1), 0, text(1, 1))
        .formula((5, 2), 0, text(2, 0x2a))
        .formula((5, 3), 0, text(3, 0));
    let file = xls(&styles(), &[("空", Biff::default()), ("房源", sheet)]);
    let mut table = place.open(&file);
    assert_eq!(table.sheet(), Some("房源"));
    let records = all(&mut table);
    let lines: Vec<u64> = records.iter().map(|record| record.line()).collect();
    assert_eq!(lines, [3, 4, 5, 6]);
    assert_eq!(
        cells(&records),
        [
            ["A1", "13800138001", "520.5", "2026-11-03"],
            ["A2", "7", "520.5", "2026-11-03 12:00:00"],
            ["A3", "", "#REF!", "36:00:00"],
            ["A4", "true", "", ""],
        ]
    );
}

#[test]
fn xls_days_of_the_calendar_from_1904() {
    let place = Place::new();
    let globals = Biff(styles().record(0x0022, &[1, 0]).0);
    let sheet = biff().label((1, 0), "A1").number((1, 3), 1, 44_867.0);
    let records = all(&mut place.open(&xls(&globals, &[("s", sheet)])));
    assert_eq!(records[0].text(3), "2026-11-03");
}

#[test]
fn xls_texts_that_cells_share_may_be_cut_by_records() {
    // a text whose first half takes one byte a character and whose second takes two, and one with fonts
    let mut first = vec![3, 0, 0, 0, 3, 0, 0, 0];
    first.extend([2, 0, 0, b'A', b'1', 4, 0, 0, b'a', b'b']);
    let mut second = vec![1];
    second.extend("望京".encode_utf16().flat_map(u16::to_le_bytes));
    second.extend([1, 0, 8, 1, 0, b'x', 0, 0]);
    let third = [0, 0];
    let globals = styles()
        .record(0x00fc, &first)
        .record(0x003c, &second)
        .record(0x003c, &third);
    let sheet = biff().shared((1, 0), 0).shared((1, 1), 1).shared((1, 2), 2);
    let place = Place::new();
    let records = all(&mut place.open(&xls(&globals, &[("s", sheet)])));
    assert_eq!(cells(&records), [["A1", "ab望京", "x", ""]]);
}

#[test]
fn xls_cells_in_no_order_and_charts_between_them() {
    let place = Place::new();
    let mut begin = [0; 16];
    begin[..4].copy_from_slice(&[0, 6, 0x20, 0]);
    let sheet = Biff::default()
        .label((2, 0), "A2")
        .label((1, 0), "A1")
        .label((0, 0), "id")
        .record(0x0809, &begin)
        .label((1, 1), "no cell")
        .record(0x000a, &[])
        .label((0, 1), "name")
        .label((1, 1), "one")
        .label((2, 1), "two");
    let records = all(&mut place.open(&xls(&Biff::default(), &[("s", sheet)])));
    assert_eq!(cells(&records), [["A1", "one"], ["A2", "two"]]);
}

#[test]
fn one_far_cell_makes_no_grid() {
    let place = Place::new();
    let old = biff().label((1, 0), "A1").number((65_535, 255), 0, 1.0);
    let row = |texts: &[&str]| {
        let cells = texts.iter().map(|text| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
        });
        format!(
            "<table:table-row>{}</table:table-row>",
            cells.collect::<String>()
        )
    };
    let open = format!(
        "<table:table table:name=\"s\">{}{}\
         <table:table-row table:number-rows-repeated=\"1048573\"><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/>\
         <table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table>",
        row(&HEADER),
        row(&["A1"])
    );
    for (file, last) in [
        (xls(&Biff::default(), &[("s", old)]), 65_536),
        (ods(&open), 1_048_576),
    ] {
        let mut table = place.open(&file);
        assert_eq!(table.headers(), HEADER);
        let records = all(&mut table);
        assert_eq!(records[0].text(0), "A1");
        assert_eq!(records[1].line(), last);
        assert!(matches!(
            records[1].fault(),
            Some(Fault::TooManyCells { .. })
        ));
    }
}

#[test]
fn ods_values_as_a_person_reads_them() {
    let place = Place::new();
    let tables = "<table:tracked-changes><table:cell-content-deletion><table:table-cell><text:p>gone\
        </text:p></table:table-cell></table:cell-content-deletion></table:tracked-changes>\
        <table:table table:name=\"空\"><table:table-row table:number-rows-repeated=\"9\">\
        <table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>\
        <table:table table:name=\"房&amp;源\"><table:shapes><draw:frame/></table:shapes>\
        <table:table-header-rows><table:table-row>\
        <table:table-cell><text:p>id</text:p></table:table-cell>\
        <table:table-cell><text:p>phone</text:p></table:table-cell>\
        <table:table-cell><text:p>price</text:p></table:table-cell>\
        <table:table-cell><text:p>day</text:p></table:table-cell></table:table-row>\
        </table:table-header-rows><table:table-row table:number-rows-repeated=\"2\"/>\
        <table:table-row>\n\
        <table:table-cell office:value-type=\"string\"><office:annotation><text:p>note</text:p>\
        </office:annotation><text:p>A&lt;1&#x671b;</text:p><text:p>x<text:s text:c=\"3\"/>y  <text:span>\n z</text:span></text:p></table:table-cell>\
        <table:table-cell office:value-type=\"float\" office:value=\"1.3800138001E10\"><text:p>1.38E+10</text:p></table:table-cell>\
        <table:table-cell table:formula=\"of:=1\" office:value-type=\"currency\" office:value=\"520.50\"><text:p>¥521</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2026-11-03\"><text:p>3 Nov</text:p></table:table-cell>\
        </table:table-row><table:table-row-group><table:table-row table:number-rows-repeated=\"2\">\
        <table:table-cell office:value-type=\"string\" office:string-value=\"A2\"/>\
        <table:table-cell office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>WAHR</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"time\" office:time-value=\"PT09H30M00S\"/>\
        </table:table-row></table:table-row-group><table:table-row>\
        <table:table-cell table:number-columns-spanned=\"2\"><text:p>A3</text:p></table:table-cell>\
        <table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>\
        <table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"percentage\" office:value=\"0.05\"><text:p>5 %</text:p></table:table-cell>\
        </table:table-row></table:table>";
    let mut table = place.open(&ods(tables));
    assert_eq!(table.sheet(), Some("房&源"));
    assert_eq!(table.headers(), HEADER);
    let records = all(&mut table);
    let lines: Vec<u64> = records.iter().map(|record| record.line()).collect();
    assert_eq!(lines, [4, 5, 6, 7]);
    assert_eq!(
        cells(&records),
        [
            ["A<1望\nx   y z", "13800138001", "520.5", "2026-11-03"],
            ["A2", "", "true", "09:30:00"],
            ["A2", "", "true", "09:30:00"],
            ["A3", "", "0.05", "0.05"],
        ]
    );
}

#[test]
fn workbooks_with_passwords_say_so() {
    let place = Place::new();
    let locked = Biff::default().record(0x002f, &[1, 0]);
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/>\
        </manifest:file-entry></manifest:manifest>";
    let open = archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "sealed"),
    ]);
    for file in [
        fixture("password.xlsx"),
        xls(&locked, &[("s", biff())]),
        open,
    ] {
        let error = place.refused(&file);
        assert_eq!(error.kind(), ErrorKind::Password, "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("password")));
    }
}

#[test]
fn what_is_no_workbook_is_named() {
    let place = Place::new();
    let text = archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", "<office:document-content/>"),
    ]);
    let old = {
        let begin = Biff::default().record(0x0809, &[0, 4, 0x10, 0]);
        container("Workbook", begin.0)
    };
    for (file, kind, word) in [
        (text, ErrorKind::Unsupported, "OpenDocument"),
        (old, ErrorKind::Unsupported, "Excel 4"),
        (
            container("WordDocument", Vec::new()),
            ErrorKind::Binary,
            "Word",
        ),
        (container("Other", Vec::new()), ErrorKind::Binary, "OLE"),
        (archive(&[("a.txt", "a")]), ErrorKind::Binary, "zip"),
        (
            archive(&[("xl/workbook.bin", "a")]),
            ErrorKind::Unsupported,
            "xlsb",
        ),
    ] {
        let error = place.refused(&file);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn workbooks_that_are_cut_say_so() {
    let place = Place::new();
    for (name, _) in WORKBOOKS {
        let bytes = fixture(name);
        // the last sectors of an old workbook may hold only padding
        for length in (8..bytes.len() * 3 / 4).step_by(bytes.len() / 40) {
            let error = place.refused(&bytes[..length]);
            assert_eq!(error.kind(), ErrorKind::Damaged, "{name} {length}: {error}");
            assert!(error.hint().is_some());
        }
    }
}

#[test]
fn a_row_said_to_repeat_is_not_written_a_million_times() {
    let place = Place::new();
    let table = |times: &str| {
        format!(
            "<table:table table:name=\"s\"><table:table-row table:number-rows-repeated=\"{times}\">\
             <table:table-cell table:number-columns-repeated=\"16384\"><text:p>x</text:p>\
             </table:table-cell></table:table-row></table:table>"
        )
    };
    for times in ["1048576", "4294967295"] {
        let error = place.refused(&ods(&table(times)));
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    }
    let mut table = place.open(&ods(&table("3")));
    assert!(all(&mut table).len() >= 2);
}

#[test]
fn an_encoding_that_was_named_does_not_make_text_of_a_workbook() {
    let place = Place::new();
    let options = intake::ReadOptions {
        encoding: Some("gbk".into()),
        ..intake::ReadOptions::default()
    };
    for (name, format) in WORKBOOKS {
        let table = place.open_with(&fixture(name), &options).unwrap();
        assert_eq!(table.format(), format);
    }
}
