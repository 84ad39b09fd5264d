//! Opening what is a store, and refusing what is not.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use store::{ErrorKind, Location, OpenOptions, Store, restore};

use crate::common::{Place, input, listing, put, start};

#[test]
fn a_new_store_is_made_with_its_key_and_opens_again() {
    let place = Place::new();
    let id = place.open().id().to_owned();
    let key = place.path("keys").join(format!("{id}.key"));
    assert_eq!(
        fs::metadata(key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(place.open().id(), id);
}

#[test]
fn what_is_not_there_is_made_only_on_request() {
    let place = Place::new();
    let options = OpenOptions {
        create: false,
        ..place.options()
    };
    let error = Store::open(&place.location(), &options).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(!place.path("a.db").exists());
}

#[test]
fn files_of_other_kinds_are_refused_and_left_alone() {
    let place = Place::new();
    let foreign = place.path("foreign.db");
    rusqlite::Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    fs::write(place.path("text"), "a,b\n1,2\n").unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    for name in ["foreign.db", "text", "folder"] {
        let location = Location::File(place.path(name));
        let error = Store::open(&location, &place.options()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotAStore, "{name}: {error}");
        assert!(error.message.contains(name), "{error}");
    }
    assert_eq!(fs::read(place.path("text")).unwrap(), b"a,b\n1,2\n");
}

#[test]
fn a_server_is_not_supported_yet_and_its_password_is_not_repeated() {
    let location: Location = "postgres://me:secret@host/db".parse().unwrap();
    let error = Store::open(&location, &OpenOptions::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(!error.message.contains("secret") && !location.to_string().contains("secret"));
}

#[test]
fn a_newer_store_is_refused_with_its_form() {
    let place = Place::new();
    place.open();
    place.raw().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(place.path("a.db")).unwrap();
    let error = Store::open(&place.location(), &place.options()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Newer);
    assert!(error.message.contains("99"), "{error}");
    assert_eq!(fs::read(place.path("a.db")).unwrap(), before);
}

#[test]
fn a_store_is_read_where_nothing_can_be_written() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 100));
    run.commit("{}", "done").unwrap();
    // A second run leaves the store with a write-ahead log, which closing folds back.
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("2", 100));
    run.commit("{}", "done").unwrap();
    drop(store);

    fs::set_permissions(place.path("a.db"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let before = fs::read(place.path("a.db")).unwrap();
    let options = OpenOptions {
        read_only: true,
        ..place.options()
    };
    let mut store = Store::open(&place.location(), &options).unwrap();
    let mut count = 0;
    store
        .listings(|_| {
            count += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(count, 2);
    assert_eq!(store.begin(start()).unwrap_err().kind, ErrorKind::ReadOnly);
    drop(store);
    assert_eq!(fs::read(place.path("a.db")).unwrap(), before);
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_second_writer_is_told_who_holds_the_store() {
    let place = Place::new();
    let mut first = place.open();
    let run = first.begin(start()).unwrap();
    let mut second = place.open();
    let error = second.begin(start()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy);
    let pid = std::process::id().to_string();
    for word in ["run 1", "test", &pid, "somebody", "here", "since"] {
        assert!(error.message.contains(word), "{word}: {error}");
    }
    drop(run);
    let options = OpenOptions {
        wait: Duration::from_secs(5),
        ..place.options()
    };
    let mut second = Store::open(&place.location(), &options).unwrap();
    assert_eq!(second.begin(start()).unwrap().number(), 2);
}

#[test]
fn a_backup_opens_with_the_same_key_and_comes_back() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 100));
    run.commit("{}", "done").unwrap();
    let backup = place.path("backup.db");
    store.backup(&backup).unwrap();
    assert_eq!(
        fs::metadata(&backup).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("2", 100));
    run.commit("{}", "done").unwrap();
    drop(store);
    let target = place.path("a.db");
    let error = restore(&backup, &target, false, Duration::ZERO).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    restore(&backup, &target, true, Duration::ZERO).unwrap();
    let store = place.open();
    assert_eq!(store.runs().unwrap().len(), 1);
    assert!(store.verify(None).unwrap().problems.is_empty());

    fs::write(place.path("no.db"), "no").unwrap();
    let error = restore(&place.path("no.db"), &target, true, Duration::ZERO).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotAStore);
    assert!(place.open().verify(None).unwrap().problems.is_empty());
}

/// A writer killed after it has begun to write the file leaves a journal that takes that back.
#[test]
fn a_store_left_in_the_middle_of_a_write_recovers() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    for row in 0..200 {
        put(&mut run, id, row, &listing(&row.to_string(), 100));
    }
    run.commit("{}", "done").unwrap();
    drop(store);
    let raw = place.raw();
    raw.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE;
         UPDATE listing SET list_price = 7, public_remarks = hex(randomblob(900));",
    )
    .unwrap();
    for name in ["a.db", "a.db-journal"] {
        fs::copy(place.path(name), place.path(&format!("copy{name}"))).unwrap();
    }
    drop(raw);
    for name in ["a.db", "a.db-journal"] {
        fs::copy(place.path(&format!("copy{name}")), place.path(name)).unwrap();
    }
    let options = OpenOptions {
        read_only: true,
        ..place.options()
    };
    // Even a reader takes the half-done write back, as it may write to the file.
    let store = Store::open(&place.location(), &options).unwrap();
    store
        .listings(|stored| {
            assert_eq!(stored.listing.list_price, Some(100));
            Ok(())
        })
        .unwrap();
    assert!(store.verify(None).unwrap().problems.is_empty());
}
