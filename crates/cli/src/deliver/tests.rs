use super::*;
use crate::config::Config;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const COLUMNS: &[&str] = &[
    "line",
    "listing_id",
    "action",
    "frozen",
    "price",
    "findings",
    "tags",
];

const RECORDS: &[&str] = &[
    r#"{"line":2,"listing_id":"007","action":"unchanged","frozen":false,"price":"5200000.00","findings":[],"tags":["近地铁","满五年"]}"#,
    r#"{"line":3,"listing_id":"=1+1","action":"new","frozen":false,"price":null,"findings":[{"code":"L201","name":"a"},{"code":"L301","name":"b"}],"tags":[]}"#,
    r#"{"line":4,"listing_id":"a,\"b\"\nc","action":"rejected","frozen":null,"price":"-5.00","findings":[{"code":"X101"}],"tags":null}"#,
];

fn spool(records: &[&str]) -> Spool {
    let mut spool = Spool::new().unwrap();
    for record in records {
        spool.push_raw(record).unwrap();
    }
    spool
}

fn output(path: &Path, format: Format) -> OutputArgs {
    OutputArgs {
        output: Some(path.to_owned()),
        format: Some(format),
        ..OutputArgs::default()
    }
}

fn ui() -> Ui {
    Ui::for_test("t", "2026-03-01T01:00:00Z".parse().unwrap(), &[])
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("out")
    }

    fn give(
        &self,
        records: &[&str],
        format: Format,
        change: impl FnOnce(&mut OutputArgs, &mut Spool),
    ) -> Vec<u8> {
        let mut output = output(&self.path(), format);
        let mut spool = spool(records);
        change(&mut output, &mut spool);
        let destination = Destination::open(&ui(), &output).unwrap();
        spool
            .deliver(destination, &Shape::new(COLUMNS).numbers(&["price"]))
            .unwrap();
        fs::read(self.path()).unwrap()
    }
}

fn given(format: Format, change: impl FnOnce(&mut OutputArgs, &mut Spool)) -> String {
    String::from_utf8(Place::new().give(RECORDS, format, change)).unwrap()
}

#[test]
fn ndjson_goes_out_as_it_came() {
    let all = RECORDS.join("\n") + "\n";
    assert_eq!(given(Format::Ndjson, |_, _| ()), all);
    assert_eq!(
        given(Format::Ndjson, |output, _| output.limit = Some(1)),
        format!("{}\n", RECORDS[0])
    );
    assert_eq!(
        given(Format::Ndjson, |output, _| output.limit = Some(9)),
        all
    );
    let amended = given(Format::Ndjson, |_, spool| spool.supersede(1, 4));
    assert!(
        amended.starts_with(RECORDS[0])
            && amended.contains(r#""listing_id":"=1+1","action":"unchanged""#)
    );
}

#[test]
fn json_is_one_array() {
    let records: Value = serde_json::from_str(&given(Format::Json, |_, _| ())).unwrap();
    assert_eq!(records.as_array().unwrap().len(), 3);
    assert_eq!(records[2]["listing_id"], "a,\"b\"\nc");
    assert_eq!(
        String::from_utf8(Place::new().give(&[], Format::Json, |_, _| ())).unwrap(),
        "[]\n"
    );
}

#[test]
fn csv_has_fixed_columns() {
    assert_eq!(
        given(Format::Csv, |_, _| ()),
        "line,listing_id,action,frozen,price,findings,tags\r\n\
         2,007,unchanged,false,5200000.00,,近地铁|满五年\r\n\
         3,=1+1,new,false,,L201;L301,\r\n\
         4,\"a,\"\"b\"\"\nc\",rejected,,-5.00,X101,\r\n"
    );
}

#[test]
fn csv_for_a_spreadsheet_is_guarded() {
    let text = given(Format::Csv, |output, _| output.bom = true);
    assert!(text.starts_with("\u{feff}line,"));
    assert!(
        text.contains("3,'=1+1,new") && text.contains(",'-5.00,"),
        "{text}"
    );
}

#[test]
fn an_empty_run_still_has_its_header() {
    let text = Place::new().give(&[], Format::Csv, |_, _| ());
    assert_eq!(
        text,
        b"line,listing_id,action,frozen,price,findings,tags\r\n"
    );
    assert_eq!(Place::new().give(&[], Format::Ndjson, |_, _| ()), b"");
    let text = String::from_utf8(Place::new().give(&[], Format::Table, |_, _| ())).unwrap();
    assert_eq!(text, "0 records\n");
}

#[test]
fn tables_show_what_matters_first() {
    let text = given(Format::Table, |_, _| ());
    let at = |word: &str| {
        text.find(word)
            .unwrap_or_else(|| panic!("{word} not in\n{text}"))
    };
    assert!(at("X101") < at("L201 a, L301 b") && at("L201 a, L301 b") < at("007"));
    assert!(text.contains("近地铁, 满五年") && text.contains("a,\"b\" c"));
    assert!(
        text.ends_with("3 records: 1 rejected, 1 new, 1 unchanged\n"),
        "{text}"
    );
    let frame: Vec<usize> = text
        .lines()
        .take(5)
        .map(unicode_width::UnicodeWidthStr::width)
        .collect();
    assert!(frame.iter().all(|width| *width == frame[0]), "{text}");
}

#[test]
fn long_tables_are_cut_and_say_so() {
    let many: Vec<String> = (0..200)
        .map(|row| format!(r#"{{"line":{row},"action":"new"}}"#))
        .collect();
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    many.push(r#"{"line":999,"action":"new","frozen":true}"#);
    let text = String::from_utf8(Place::new().give(&many, Format::Md, |_, _| ())).unwrap();
    assert_eq!(
        text.lines().filter(|line| line.starts_with('|')).count(),
        52,
        "{text}"
    );
    assert!(text.lines().nth(2).unwrap().contains("999"), "{text}");
    assert!(
        text.ends_with("201 records: 201 new, 1 frozen; the 50 that matter most are shown\n"),
        "{text}"
    );
}

#[test]
fn markdown_keeps_its_columns() {
    let text = String::from_utf8(Place::new().give(
        &[r#"{"line":1,"listing_id":"a|b"}"#],
        Format::Md,
        |_, _| (),
    ))
    .unwrap();
    assert!(text.contains("a\\|b"), "{text}");
}

#[test]
fn workbooks_keep_text_as_text() {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let place = Place::new();
    let bytes = place.give(RECORDS, Format::Xlsx, |_, _| ());
    assert_eq!(
        bytes,
        Place::new().give(RECORDS, Format::Xlsx, |_, _| ()),
        "the same run, the same bytes"
    );
    let mut book: Xlsx<_> = open_workbook(place.path()).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let cell = |row, column| {
        sheet
            .get_value((row, column))
            .cloned()
            .unwrap_or(Data::Empty)
    };
    assert_eq!(cell(0, 1), Data::String("listing_id".into()));
    assert_eq!(cell(1, 0), Data::Float(2.0));
    assert_eq!(cell(1, 1), Data::String("007".into()));
    assert_eq!(cell(1, 4), Data::Float(5_200_000.0));
    assert_eq!(cell(2, 1), Data::String("=1+1".into()));
    assert_eq!(cell(2, 5), Data::String("L201;L301".into()));
    assert_eq!(cell(3, 4), Data::Float(-5.0));
}

#[test]
fn workbooks_have_numbers_and_days_where_a_spreadsheet_keeps_them() {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let place = Place::new();
    let columns = ["area", "day"];
    let shape = Shape::new(&columns)
        .numbers(&columns[..1])
        .dates(&columns[1..]);
    let mut spool = spool(&[
        r#"{"area":"128.55","day":"2026-11-01"}"#,
        r#"{"area":"1234567890123456.7","day":"1899-12-31"}"#,
        r#"{"area":"-1e3","day":"=2026"}"#,
    ]);
    let destination = Destination::open(&ui(), &output(&place.path(), Format::Xlsx)).unwrap();
    spool.deliver(destination, &shape).unwrap();
    let mut book: Xlsx<_> = open_workbook(place.path()).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let cell = |row, column| sheet.get_value((row, column)).cloned().unwrap();
    let text = |text: &str| Data::String(text.into());
    assert_eq!(cell(1, 0), Data::Float(128.55));
    assert!(
        matches!(cell(1, 1), Data::DateTime(day) if day.as_f64() == 46_327.0),
        "{:?}",
        cell(1, 1)
    );
    assert_eq!(cell(2, 0), text("1234567890123456.7"));
    assert_eq!(cell(2, 1), text("1899-12-31"));
    assert_eq!(cell(3, 0), text("-1e3"));
    assert_eq!(cell(3, 1), text("=2026"));
}

#[test]
fn files_appear_whole_or_not_at_all() {
    let place = Place::new();
    fs::write(place.path(), "before").unwrap();
    let destination = Destination::open(&ui(), &output(&place.path(), Format::Ndjson)).unwrap();
    assert_eq!(fs::read_to_string(place.path()).unwrap(), "before");
    drop(destination);
    assert_eq!(
        fs::read_dir(place.0.path()).unwrap().count(),
        1,
        "nothing is left lying about"
    );
    place.give(RECORDS, Format::Ndjson, |_, _| ());
    assert_eq!(fs::read_dir(place.0.path()).unwrap().count(), 1);
}

#[test]
fn private_files_are_for_their_owner() {
    let place = Place::new();
    let mode = |place: &Place| fs::metadata(place.path()).unwrap().permissions().mode() & 0o777;
    fs::write(place.path(), "").unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o640)).unwrap();
    place.give(RECORDS, Format::Csv, |_, _| ());
    assert_eq!(mode(&place), 0o640, "a file keeps its mode");
    place.give(RECORDS, Format::Csv, |output, _| {
        output.reveal = true;
        output.reason = Some("owner called".into());
        output.limit = Some(5);
    });
    assert_eq!(mode(&place), 0o600);
}

#[test]
fn links_stay_links() {
    let place = Place::new();
    let real = place.0.path().join("real");
    fs::write(&real, "before").unwrap();
    std::os::unix::fs::symlink(&real, place.path()).unwrap();
    place.give(RECORDS, Format::Ndjson, |_, _| ());
    assert!(fs::symlink_metadata(place.path()).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("007"));
}

#[test]
fn nobody_reads_dev_null() {
    let destination =
        Destination::open(&ui(), &output(Path::new("/dev/null"), Format::Csv)).unwrap();
    assert!(!destination.wants_records());
    let mut spool = destination.spool().unwrap();
    assert!(spool.is_discarding());
    spool.deliver(destination, &Shape::new(COLUMNS)).unwrap();
}

#[test]
fn a_full_device_is_an_error_that_names_it() {
    let destination =
        Destination::open(&ui(), &output(Path::new("/dev/full"), Format::Csv)).unwrap();
    let error = spool(RECORDS)
        .deliver(destination, &Shape::new(COLUMNS))
        .unwrap_err();
    assert_eq!(error.to_string(), "cannot write `/dev/full`");
    let destination =
        Destination::open(&ui(), &output(Path::new("/dev/full"), Format::Json)).unwrap();
    let error = spool(RECORDS)
        .deliver(destination.of_run(3), &Shape::new(COLUMNS))
        .unwrap_err();
    assert!(
        Failure::within(&error)
            .unwrap()
            .hint_text()
            .unwrap()
            .contains("--replay 3")
    );
}

#[test]
fn wrong_places_are_told_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| {
        Destination::open(&ui(), &output(path, Format::Csv))
            .unwrap_err()
            .to_string()
    };
    assert!(open(folder.path()).contains("it is a folder"));
    assert!(open(&folder.path().join("no/such/out")).contains("cannot write"));
    let bare = OutputArgs {
        reveal: true,
        ..output(&folder.path().join("out"), Format::Csv)
    };
    assert!(
        Destination::open(&ui(), &bare)
            .unwrap_err()
            .to_string()
            .contains("needs a reason")
    );
    let bom = OutputArgs {
        bom: true,
        ..output(&folder.path().join("out"), Format::Json)
    };
    assert!(
        Destination::open(&ui(), &bom)
            .unwrap_err()
            .to_string()
            .contains("--bom")
    );
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let place = Place::new();
    let fifo = place.0.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let reader = {
        let fifo = fifo.clone();
        std::thread::spawn(move || drop(fs::File::open(fifo).unwrap()))
    };
    let destination = Destination::open(&ui(), &output(&fifo, Format::Ndjson)).unwrap();
    reader.join().unwrap();
    spool(RECORDS)
        .deliver(destination, &Shape::new(COLUMNS))
        .unwrap();
}

#[test]
fn a_config_is_not_needed_for_a_test_voice() {
    assert_eq!(Config::built_in(&[]).store(), "brokerage.db");
}
