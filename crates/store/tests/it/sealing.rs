//! Private values and the key that opens them.

use std::fs;

use store::{ErrorKind, OpenOptions, Store};

use crate::common::{Place, full, input, listing, put, start};

const PHONE: &str = "+8613800138000";

fn filled(place: &Place) -> String {
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 100));
    run.commit("{}", "done").unwrap();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 200));
    run.commit("{}", "done").unwrap();
    store.id().to_owned()
}

#[test]
fn every_field_comes_back_as_it_went_in() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    let listing = full("1");
    let key = put(&mut run, id, 0, &listing).key;
    run.commit("{}", "done").unwrap();
    let stored = store.listing(key.as_str(), true).unwrap().unwrap();
    assert_eq!(stored.listing, listing);
    let closed = store.listing(key.as_str(), false).unwrap().unwrap();
    assert!(closed.has_private);
    assert_eq!(closed.listing.owner_phone, "");
    assert_eq!(closed.listing.title, listing.title);
}

#[test]
fn a_copied_store_shows_no_private_value() {
    let place = Place::new();
    let mut store = place.open();
    // Two loads, one left open, so that main file, journal and log all have something.
    for price in [100, 200] {
        let mut run = store.begin(start()).unwrap();
        let id = input(&mut run);
        for row in 0..200 {
            put(&mut run, id, row, &listing(&row.to_string(), price));
        }
        run.commit("{}", "done").unwrap();
    }
    let mut files = 0;
    for entry in fs::read_dir(place.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            let found = bytes.windows(11).any(|window| window == b"13800138000");
            assert!(!found, "{}", path.display());
            files += 1;
        }
    }
    assert!(files >= 3, "main file, log and lock");
    let city = fs::read(place.path("a.db")).unwrap();
    assert!(
        city.windows(6).any(|window| window == "成都".as_bytes()),
        "what is not private is plain"
    );
    drop(store);
}

#[test]
fn without_its_key_a_store_is_refused_before_any_write() {
    let place = Place::new();
    let id = filled(&place);
    let bytes = fs::read(place.path("a.db")).unwrap();
    let key = place.path("keys").join(format!("{id}.key"));

    let unchanged = |what: &str| {
        let error = Store::open(&place.location(), &place.options()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Key, "{what}: {error}");
        assert_eq!(fs::read(place.path("a.db")).unwrap(), bytes, "{what}");
        assert!(!place.path("a.db-wal").exists(), "{what}");
    };
    let right = fs::read_to_string(&key).unwrap();
    fs::write(&key, format!("{id} {}\n", "0".repeat(64))).unwrap();
    unchanged("a wrong key");
    fs::write(&key, format!("{id} 12\n")).unwrap();
    unchanged("half a key");
    fs::remove_file(&key).unwrap();
    unchanged("no key");

    // What is not private can still be read.
    let options = OpenOptions {
        read_only: true,
        ..place.options()
    };
    let store = Store::open(&place.location(), &options).unwrap();
    assert_eq!(store.runs().unwrap().len(), 2);
    let listing = store.listings_revealed(|_| Ok(())).unwrap_err();
    assert_eq!(listing.kind, ErrorKind::Key);
    drop(store);

    fs::write(place.path("several"), format!("other 00\n{right}")).unwrap();
    fs::set_permissions(
        place.path("several"),
        std::os::unix::fs::PermissionsExt::from_mode(0o600),
    )
    .unwrap();
    let options = OpenOptions {
        key_file: Some(place.path("several")),
        ..place.options()
    };
    let store = Store::open(&place.location(), &options).unwrap();
    let mut phone = String::new();
    store
        .listings_revealed(|stored| {
            phone.clone_from(&stored.listing.owner_phone);
            Ok(())
        })
        .unwrap();
    assert_eq!(phone, PHONE);
}

#[test]
fn a_sealed_value_moved_to_another_row_is_found() {
    let place = Place::new();
    filled(&place);
    place
        .raw()
        .execute_batch("UPDATE listing SET listing_key = 'Lxxxxxxxxxxxxxxxx'")
        .unwrap();
    let found = place.open().verify(None).unwrap();
    assert!(
        found.problems.iter().any(|p| p.contains("do not open")),
        "{found:?}"
    );
}

#[test]
fn memory_needs_no_key() {
    let mut store = Store::open(&":memory:".parse().unwrap(), &OpenOptions::default()).unwrap();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 100));
    run.record("{}").unwrap();
    run.commit("{}", "done").unwrap();
    assert!(store.verify(None).unwrap().problems.is_empty());
}
