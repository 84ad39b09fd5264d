//! Inputs and stores that are not what they should be: one clear message or rejects, the documented exit code, no
//! panic, nothing half done.

mod common;

use common::*;
use testkit::Place;
use testkit::data::Listings;

/// A place whose store holds a few listings, so that "nothing changed" says something.
fn place() -> Place {
    let place = Place::new();
    place.write("good.csv", Listings::clean(5).bytes());
    import(&place, &["good.csv"]);
    place
}

#[test]
fn an_empty_file_and_a_header_only() {
    let place = place();
    let before = listings(&place, STORE);
    place.write("empty.csv", "");
    place.write("header.csv", "listing_id,title,price\n");
    for name in ["empty.csv", "header.csv"] {
        for args in [
            &[name][..],
            &["check", name],
            &[name, "--full-feed", "default"],
        ] {
            let ran = place.run("listing-import", args).no_panic();
            assert!([0, 1, 3].contains(&ran.code), "{ran}");
            assert_eq!(ran.stdout, "", "{ran}");
            assert!(!ran.stderr.is_empty(), "it says nothing: {ran}");
            assert_eq!(listings(&place, STORE), before, "{ran}");
        }
    }
}

#[test]
fn a_directory_and_a_missing_file() {
    let place = place();
    std::fs::create_dir(place.file("folder")).unwrap();
    refused(&place, &["folder"], 1).says("folder");
    refused(&place, &["missing.csv"], 1).says("missing.csv");
    // One bad input among good ones: nothing of the others either.
    place.write(
        "more.csv",
        Listings {
            seed: 9,
            ..Listings::clean(9)
        }
        .bytes(),
    );
    refused(&place, &["more.csv", "missing.csv"], 1).says("missing.csv");
}

#[test]
fn a_binary() {
    let place = place();
    let noise: Vec<u8> = (0..200_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    place.write("noise.bin", noise);
    refused(&place, &["noise.bin"], 1).says("noise.bin");
    let program = std::fs::read(testkit::tool_path("listing-import")).unwrap();
    place.write("program", &program[..1 << 20]);
    refused(&place, &["program"], 1).says("program");
    place.write("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0");
    refused(&place, &["picture.csv"], 1).says("picture.csv");
}

#[test]
fn a_truncated_gzip() {
    let place = place();
    place.write(
        "more.csv",
        Listings {
            seed: 9,
            ..Listings::clean(2000)
        }
        .bytes(),
    );
    place
        .shell("gzip -c more.csv > whole.csv.gz; head -c 60000 whole.csv.gz > cut.csv.gz")
        .ok();
    refused(&place, &["cut.csv.gz"], 1).says("cut.csv.gz");
    assert_eq!(
        count(&import(&place, &["whole.csv.gz", "--source", "gz"]), "read"),
        2000
    );
}

#[test]
fn a_workbook_with_a_password() {
    let place = place();
    place.fixture("password.xlsx");
    let ran = refused(&place, &["password.xlsx"], 1);
    assert!(ran.stderr.contains("password"), "{ran}");
}

#[test]
fn a_workbook_with_one_far_cell() {
    let place = place();
    place.fixture("far-cell.xlsx");
    // 300 MB of address space beyond the program's own would not hold a grid of it.
    let ran = place
        .shell("ulimit -v 2000000; listing-import far-cell.xlsx --summary s.json")
        .no_panic();
    assert!([0, 1].contains(&ran.code), "{ran}");
    if ran.code == 0 {
        assert!(
            ran.records()
                .iter()
                .any(|record| record["listing_id"] == "F1" && record["action"] == "new"),
            "{ran}"
        );
    }
    assert!(ran.took.as_secs() < 60, "{ran}");
}

#[test]
fn a_store_that_is_none() {
    let place = place();
    place.write("text.db", "this is a letter, not a store\n".repeat(200));
    let before = place.bytes("text.db");
    let ran = place
        .run("listing-import", &["good.csv", "--store", "text.db"])
        .code(1)
        .one_error();
    assert!(ran.stderr.contains("text.db"), "{ran}");
    assert_eq!(place.bytes("text.db"), before);
    // Somebody else's SQLite file is left alone too.
    place
        .shell("sqlite3 other.db 'CREATE TABLE listing (a); INSERT INTO listing VALUES (1)'")
        .ok();
    let before = place.bytes("other.db");
    place
        .run("listing-import", &["good.csv", "--store", "other.db"])
        .code(1)
        .one_error();
    assert_eq!(place.bytes("other.db"), before);
    std::fs::create_dir(place.file("folder.db")).unwrap();
    place
        .run("listing-import", &["good.csv", "--store", "folder.db"])
        .code(1)
        .one_error();
    place
        .run(
            "listing-import",
            &["good.csv", "--store", "no/such/folder/x.db"],
        )
        .code(1)
        .one_error();
    place
        .run("listing-import", &["list", "--store", "none.db"])
        .code(1)
        .one_error();
    assert!(!place.file("none.db").exists(), "a question made a store");
}

#[test]
fn a_store_of_a_newer_version() {
    let place = place();
    place
        .shell(&format!(
            "sqlite3 {STORE} 'PRAGMA user_version = 9999' >/dev/null"
        ))
        .ok();
    let before = place.bytes(STORE);
    let ran = place
        .run("listing-import", &["good.csv"])
        .code(1)
        .one_error();
    assert!(ran.stderr.contains("newer"), "{ran}");
    assert_eq!(place.bytes(STORE), before);
}

#[test]
fn a_read_only_store() {
    let place = place();
    place.write(
        "more.csv",
        Listings {
            seed: 9,
            ..Listings::clean(9)
        }
        .bytes(),
    );
    // Root may write whatever the mode says: the tool runs as somebody else then.
    let line = |command: &str| {
        let command = format!(
            "export PATH={}; {command}",
            place.shell("printf %s \"$PATH\"").stdout
        );
        if is_root() {
            format!(
                "chmod -R a+rX .. ; chmod a+r $(find .. -name '*key*'); setpriv --reuid=65534 --regid=65534 --clear-groups bash -c '{command}'"
            )
        } else {
            format!("chmod -w . {STORE}; {command}; code=$?; chmod +w . {STORE}; exit $code")
        }
    };
    if is_root() && place.shell("command -v setpriv").code != 0 {
        return testkit::skipped(
            "running as root, and there is no setpriv to become somebody else",
        );
    }
    let ran = place.shell(&line("listing-import more.csv"));
    let ran = ran.no_panic();
    assert_eq!(ran.code, 1, "{ran}");
    let before = listings(&place, STORE);
    assert_eq!(before.len(), 5);
    // Dry runs, check and reports work on it.
    if !is_root() {
        for command in [
            "listing-import more.csv --dry-run",
            "listing-import check more.csv",
            "listing-import list",
            "store-admin runs",
        ] {
            let ran = place.shell(&line(command)).no_panic();
            assert_eq!(ran.code, 0, "{ran}");
        }
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

#[test]
fn a_full_disk() {
    let place = place();
    let data = Listings {
        seed: 9,
        ..Listings::clean(8000)
    }
    .bytes();
    place.write("more.csv", &data);
    // A file system of its own that holds the store and little more, gone with the shell that mounted it.
    let inside = format!(
        "mkdir -p small && mount -t tmpfs -o size=2m tmpfs small || exit 99
         cp {STORE} small/
         export BROKERKIT_STORE=small/{STORE}
         listing-import list > before.ndjson || exit 98
         listing-import more.csv -o /dev/null; echo $? > code
         listing-import list > after.ndjson || exit 97
         store-admin verify || exit 96
         listing-import good.csv -o /dev/null || exit 95"
    );
    let unshare = if is_root() {
        "unshare --mount"
    } else {
        "unshare --user --map-root-user --mount"
    };
    let ran = place.shell(&format!("{unshare} bash <<'EOF'\n{inside}\nEOF"));
    if ran.code == 99 || ran.stderr.contains("unshare") {
        return testkit::skipped(&format!(
            "no small file system can be mounted here: {}",
            ran.stderr.trim()
        ));
    }
    let ran = ran.ok();
    assert_eq!(place.read("code").trim(), "1", "{ran}");
    assert_eq!(
        place.read("before.ndjson"),
        place.read("after.ndjson"),
        "a full disk changed the store"
    );
    assert!(
        ran.stderr.contains("no room is left on the disk"),
        "it does not say what is wrong: {ran}"
    );
    // Nor may an output that cannot be written pass for one that was.
    let ran = place.shell("listing-import list > /dev/full").no_panic();
    assert_eq!(ran.code, 1, "{ran}");
}

#[test]
fn a_cell_of_ten_megabytes() {
    let place = place();
    let mut text =
        String::from("listing_id,title,community,city,layout,area,list_price,description\n");
    text.push_str("B1,阳光里 2室1厅,阳光里,北京,2室1厅,80,4000000,short\n");
    text.push_str("B2,阳光里 2室1厅,阳光里,北京,2室1厅,81,4100000,\"");
    text.push_str(&"long ".repeat(2 << 20));
    text.push_str("\"\nB3,阳光里 2室1厅,阳光里,北京,2室1厅,82,4200000,short\n");
    place.write("cell.csv", text);
    let (ran, summary) = import_with_records(&place, &["cell.csv", "--rejects", "rejects.csv"]);
    assert_eq!(count(&summary, "read"), 3);
    for id in ["B1", "B3"] {
        assert!(
            ran.records()
                .iter()
                .any(|record| record["listing_id"] == id && record["action"] == "new"),
            "{id} is lost"
        );
    }
    verify(&place, STORE);
}

#[test]
fn a_quote_that_swallows_megabytes() {
    let place = place();
    let mut text = String::from("listing_id,title,community,city,layout,area,list_price\n");
    text.push_str("Q1,\"阳光里 2室1厅,阳光里,北京,2室1厅,80,4000000\n");
    for row in 2..30_000 {
        text.push_str(&format!(
            "Q{row},阳光里 2室1厅,阳光里,北京,2室1厅,80,4000000\n"
        ));
    }
    place.write("quote.csv", text);
    let summary = import(&place, &["quote.csv", "-o", "/dev/null"]);
    assert_eq!(
        (count(&summary, "read"), count(&summary, "rejected")),
        (29_999, 1),
        "{summary}"
    );
}

#[test]
fn ten_thousand_columns() {
    let place = place();
    let names: Vec<String> = (0..10_000)
        .map(|column| format!("column {column}"))
        .collect();
    let cells: Vec<String> = (0..10_000)
        .map(|column| format!("value {column}"))
        .collect();
    let wide = format!(
        "listing_id,title,community,city,layout,area,list_price,{}\nC1,阳光里 2室1厅,阳光里,北京,2室1厅,80,4000000,{}\n",
        names.join(","),
        cells.join(",")
    );
    place.write("wide.csv", wide);
    let ran = place.run("listing-import", &["wide.csv"]).no_panic();
    match ran.code {
        0 => assert_eq!(ran.records()[0]["listing_id"], "C1", "{ran}"),
        _ => drop(ran.code(1).one_error()),
    }
}

#[test]
fn duplicate_headers_and_a_header_that_maps_twice() {
    let place = place();
    place.write(
        "twice.csv",
        "listing_id,title,community,city,layout,area,list_price,list_price\n\
         D1,阳光里 2室1厅,阳光里,北京,2室1厅,80,4000000,4100000\n",
    );
    place.write(
        "two.csv",
        "listing_id,title,community,city,layout,area,asking price,list price\n\
         D2,阳光里 2室1厅,阳光里,北京,2室1厅,80,4000000,4100000\n",
    );
    for name in ["twice.csv", "two.csv"] {
        let ran = place
            .run("listing-import", &[name, "--emit", "listings"])
            .no_panic();
        match ran.code {
            // Taken, it says which column it took.
            0 => assert!(
                ran.stderr.contains("price"),
                "not a word on the second column: {ran}"
            ),
            _ => drop(ran.code(1).one_error().says("price")),
        }
    }
    // Told what to do, it does.
    let ran = place
        .run(
            "listing-import",
            &[
                "two.csv",
                "--map",
                "asking price=original_list_price",
                "--emit",
                "listings",
            ],
        )
        .ok();
    let record = &ran.records()[0];
    assert_eq!(
        (
            record["list_price"].as_str(),
            record["original_list_price"].as_str()
        ),
        (Some("4100000.00"), Some("4000000.00"))
    );
    let ran = place
        .run(
            "listing-import",
            &[
                "two.csv",
                "--map",
                "asking price=list_price",
                "--map",
                "list price=list_price",
            ],
        )
        .no_panic();
    assert!(
        [1, 2].contains(&ran.code),
        "one field from two columns: {ran}"
    );
    place
        .run(
            "listing-import",
            &["two.csv", "--map", "no such header=list_price"],
        )
        .no_panic();
    let ran = place
        .run(
            "listing-import",
            &["two.csv", "--map", "asking price=list_prise"],
        )
        .no_panic();
    assert!(
        [1, 2].contains(&ran.code) && ran.stderr.contains("list_price"),
        "the nearest field is not named: {ran}"
    );
}

#[test]
fn a_second_writer_waits_and_then_names_the_holder() {
    let place = place();
    place.write(
        "more.csv",
        Listings {
            seed: 9,
            ..Listings::clean(9)
        }
        .bytes(),
    );
    // Somebody holds SQLite's write lock for three seconds.
    let ran = place.shell(&format!(
        "(echo 'BEGIN IMMEDIATE;'; sleep 4; echo 'COMMIT;') | sqlite3 {STORE} & sleep 1
         listing-import more.csv --wait 300ms; first=$?
         listing-import more.csv --wait 60s -o /dev/null; second=$?
         wait; echo $first $second > codes"
    ));
    assert_eq!(place.read("codes").trim(), "75 0", "{ran}");
    assert_eq!(
        listings(&place, STORE).len(),
        9,
        "the ids of the second file begin with those of the first"
    );
}
