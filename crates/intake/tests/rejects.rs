//! A rejects file is written, mended, and fed again.
// helpers of tests may fail as tests do
#![allow(clippy::unwrap_used)]

use intake::{Fault, Input, ReadOptions, Record, RejectWriter, Table, open, rules};
use model::rule::{Finding, Lang};

fn table(path: &std::path::Path) -> Table {
    open(&Input::File(path.to_owned()), &ReadOptions::default()).unwrap()
}

/// Rejects every record with a fault; the ids.
fn reject(table: &mut Table, writer: &mut RejectWriter) -> Vec<String> {
    let origin = table.origin();
    let mut ids = Vec::new();
    let mut record = Record::new();
    while table.read(&mut record).unwrap() {
        let Some(fault) = record.fault() else {
            continue;
        };
        let findings = [
            Finding::new(fault.rule(), None, fault.detail()),
            Finding::new(rules::STRAY_QUOTE, Some("remarks"), ""),
        ];
        let id = origin.reject_id(&record);
        writer
            .push(&origin, &record, &findings, Lang::En, &id)
            .unwrap();
        ids.push(id);
    }
    ids
}

#[test]
fn round_trip() {
    let place = tempfile::tempdir().unwrap();
    let (one, two) = (place.path().join("one.csv"), place.path().join("two.csv"));
    std::fs::write(
        &one,
        b"id,name,n\n1,\xe5\xa5\xbd\xe6\x88\xbf\xe6\xba\x90\xe8\xa1\xa8,1\n2,short\n3,a,b,3\n4,\"a\"b,4\n5,\xff\xe4\xb8,5\n6,\"open,6\n",
    )
    .unwrap();
    std::fs::write(&two, "name,id,price\n甲,1,2\n乙,2\n").unwrap();
    let rejects = place.path().join("rejects.csv");
    let mut writer = RejectWriter::new(&rejects, false).unwrap();
    let mut ids = reject(&mut table(&one), &mut writer);
    ids.extend(reject(&mut table(&two), &mut writer));
    assert_eq!(writer.finish().unwrap(), 6);
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert!(text.starts_with(
        "id,name,n,price,surplus 1,reject_id,reject_source,reject_line,reject_rule,reject_field,reject_reason\n"
    ), "{text}");
    assert!(text.contains("5,\\xFF\\xE4\\xB8,5"), "{text}");
    assert!(text.contains("one.csv,6,X102;X108,name;remarks,"), "{text}");
    assert!(text.contains("two.csv,3,"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&rejects).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    // fed again as it is, every row is refused again, under its id and with its first place
    let again = place.path().join("again.csv");
    let mut writer = RejectWriter::new(&again, false).unwrap();
    let mut fed = table(&rejects);
    assert!(fed.reject_columns().is_some());
    assert_eq!(reject(&mut fed, &mut writer), ids);
    writer.finish().unwrap();
    let text = std::fs::read_to_string(&again).unwrap();
    assert!(text.contains("one.csv,6,X102"), "{text}");
    assert!(
        text.starts_with("id,name,n,price,surplus 1,reject_id,"),
        "{text}"
    );

    // mended, it is good, and keeps its id
    let text = std::fs::read_to_string(&rejects).unwrap();
    let mended = text
        .replace("2,short,,", "2,short,2,")
        .replace("3,a,b,,3,", "3,\"a,b\",3,,,")
        .replace("\\xFF\\xE4\\xB8", "中")
        .replace("\"\"\"a\"\"b\"", "ab")
        .replace("\"\"\"open\"", "open")
        .replace("2,乙,,", "2,乙,,9");
    std::fs::write(&rejects, mended).unwrap();
    let mut fed = table(&rejects);
    let mut record = Record::new();
    let mut found = Vec::new();
    while fed.read(&mut record).unwrap() {
        assert_eq!(
            record.fault(),
            None,
            "{:?}",
            record.iter().collect::<Vec<_>>()
        );
        found.push(fed.reject_id(&record));
    }
    assert_eq!(found, ids);
}

#[test]
fn masked_rejects_show_nothing() {
    let place = tempfile::tempdir().unwrap();
    let input = place.path().join("a.csv");
    std::fs::write(
        &input,
        "id,phone,n\n1,13812345678\n2,13812345678,3,secret\n",
    )
    .unwrap();
    let rejects = place.path().join("r.csv");
    let mut writer = RejectWriter::new(&rejects, true).unwrap();
    let mut table = table(&input);
    writer.set_masks(&table.origin(), vec![None, Some(|_| "138****".into())]);
    reject(&mut table, &mut writer);
    writer.finish().unwrap();
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert!(
        !text.contains("12345678") && !text.contains("secret"),
        "{text}"
    );
    // Where cells have shifted none of them is known to be what its header says.
    assert!(text.contains("***,***,***,***,R"), "{text}");
}

#[test]
fn json_that_cannot_be_read_is_kept_as_it_stands() {
    let place = tempfile::tempdir().unwrap();
    let input = place.path().join("a.ndjson");
    std::fs::write(&input, "{\"id\":1}\n{\"id\":\n{\"id\":2}\n").unwrap();
    let rejects = place.path().join("r.csv");
    let mut writer = RejectWriter::new(&rejects, false).unwrap();
    reject(&mut table(&input), &mut writer);
    writer.finish().unwrap();
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert!(text.contains("\n,\"{\"\"id\"\":\",R"), "{text}");
    let mut fed = table(&rejects);
    let mut record = Record::new();
    assert!(fed.read(&mut record).unwrap());
    assert!(matches!(record.fault(), Some(Fault::Unmended)));
}
