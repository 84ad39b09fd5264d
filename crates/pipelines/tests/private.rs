//! What nobody without the key may see.

mod common;

use std::os::unix::fs::PermissionsExt;

use common::*;
use testkit::Place;

/// Private values of `fixtures/listings.csv`, in the forms in which they could leak.
const PRIVATE: &[&str] = &[
    "13800138001",
    "138 0013 8002",
    "13800138002",
    "+8613800138004",
    "13800138009",
    "赵一",
    "钱二",
    "韩五",
    "2805",
    "门口花盆下",
];

fn found_in(bytes: &[u8], text: &str) -> bool {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    holds(text.as_bytes()) || holds(&utf16)
}

#[test]
fn a_copied_store_shows_no_private_value() {
    let place = Place::new();
    place.fixture("listings.csv");
    // The search itself is sound: the input does hold them all.
    let input = place.bytes("listings.csv");
    for value in PRIVATE.iter().filter(|value| !value.starts_with("+86")) {
        assert!(found_in(&input, value), "{value} is not in the fixture");
    }
    import(&place, &["listings.csv"]);
    // Twice, changed: the before-images are written too.
    let changed = place
        .read("listings.csv")
        .replace("980", "970")
        .replace("13800138003", "13800138009");
    place.write("listings.csv", changed);
    import(&place, &["listings.csv", "--rejects", "rejects.csv"]);
    for name in ["brokerage.db", "brokerage.db-wal", "brokerage.db-journal"] {
        let path = place.file(name);
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        for value in PRIVATE {
            assert!(!found_in(&bytes, value), "{name} holds {value}");
        }
    }
    // What is not private can be read without the key, by anything that reads SQLite.
    assert!(found_in(&place.bytes(STORE), "云山雅居"));
}

#[test]
fn outputs_mask_what_is_private() {
    let place = Place::new();
    place.fixture("listings.csv");
    for args in [
        &["listings.csv"][..],
        &["listings.csv", "--emit", "listings"],
        &["listings.csv", "--emit", "findings"],
        &["check", "listings.csv"],
        &["listings.csv", "--format", "table"],
        &["list"],
        &["list", "--format", "csv"],
    ] {
        let ran = place.run("listing-import", args).ok();
        for value in PRIVATE {
            assert!(
                !found_in(ran.stdout.as_bytes(), value),
                "{value} on standard output of {ran}"
            );
            assert!(
                !found_in(ran.stderr.as_bytes(), value),
                "{value} on standard error of {ran}"
            );
        }
    }
    let ran = place
        .run("listing-import", &["listings.csv", "--emit", "listings"])
        .ok();
    assert!(
        ran.stdout.contains("138****8001"),
        "the owner's phone is not shown masked: {ran}"
    );
}

#[test]
fn refused_rows_are_for_their_owner_alone() {
    let place = Place::new();
    place.fixture("listings.csv");
    import(
        &place,
        &[
            "listings.csv",
            "--rejects",
            "rejects.csv",
            "--rejects-masked",
            "masked.csv",
        ],
    );
    let mode = std::fs::metadata(place.file("rejects.csv"))
        .unwrap()
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o600, "{mode:o}");
    let refused = place.read("rejects.csv");
    assert!(
        refused.contains("13800138006"),
        "the cells stand as they came:\n{refused}"
    );
    let masked = place.read("masked.csv");
    assert!(
        !masked.contains("13800138006") && !masked.contains("吴六"),
        "{masked}"
    );
    let reasons: String = refused
        .lines()
        .map(|line| line.rsplit(',').next().unwrap_or_default())
        .collect();
    assert!(
        !reasons.contains("13800138006"),
        "a reason quotes a private value: {reasons}"
    );
}

#[test]
fn a_store_without_its_key_is_refused_before_any_write() {
    let place = Place::new();
    place.fixture("listings.csv");
    place.fixture("rentals.ndjson");
    import(&place, &["listings.csv", "--key-file", "a.key"]);
    let mode = std::fs::metadata(place.file("a.key"))
        .unwrap()
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o600, "{mode:o}");
    import(
        &place,
        &["listings.csv", "--store", "other.db", "--key-file", "b.key"],
    );
    let before = place.bytes(STORE);

    let wrong = place
        .run("listing-import", &["rentals.ndjson", "--key-file", "b.key"])
        .code(1)
        .one_error();
    assert!(wrong.stderr.contains("key"), "{wrong}");
    let missing = place
        .run(
            "listing-import",
            &["rentals.ndjson", "--key-file", "nowhere.key"],
        )
        .code(1)
        .one_error();
    assert!(missing.stderr.contains("key"), "{missing}");
    let none = place
        .run("listing-import", &["rentals.ndjson"])
        .code(1)
        .one_error();
    assert!(none.stderr.contains("key"), "{none}");
    assert!(
        !place.file("nowhere.key").exists(),
        "a key was made for a store that has one"
    );
    assert_eq!(place.bytes(STORE), before, "the store was written to");

    std::fs::set_permissions(place.file("a.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = place
        .run("listing-import", &["rentals.ndjson", "--key-file", "a.key"])
        .code(1)
        .one_error();
    assert!(open.stderr.contains("a.key"), "{open}");
    std::fs::set_permissions(place.file("a.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    import(&place, &["rentals.ndjson", "--key-file", "a.key"]);
}

#[test]
fn clear_text_needs_a_reason_and_a_limit() {
    let place = Place::new();
    place.fixture("listings.csv");
    import(&place, &["listings.csv"]);
    place.run("listing-import", &["list", "--reveal"]).code(2);
    let ran = place
        .run(
            "listing-import",
            &[
                "list",
                "listing_id=BK1003",
                "--reveal",
                "--reason",
                "owner asked",
                "--limit",
                "1",
            ],
        )
        .ok();
    assert!(ran.stdout.contains("+8613800138003"), "{ran}");
    // It leaves a run with a decision behind.
    assert!(runs(&place, STORE).len() >= 2, "the look was not recorded");
}
