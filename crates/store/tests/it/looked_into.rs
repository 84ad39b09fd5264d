//! What people look into: who saw a home, whose credit it costs, what is locked, and until when.

use std::collections::HashSet;

use model::codes::{StandardStatus, Verification};
use model::field::Value;
use model::identity::Lookup;
use model::jiff::civil::date;
use model::listing::ListingField;
use model::packed::PackedListings;
use store::{Action, CorrectionWrite, ListingWrite, Reconciled, RunStart, Store};

use crate::common::{Place, dump, hash, input, listing, put, start};

fn load(store: &mut Store, keys: &[&str]) -> Vec<String> {
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    let keys = (0..)
        .zip(keys)
        .map(|(row, key)| put(&mut run, id, row, &listing(key, 100)).key.to_string())
        .collect();
    run.commit("{}", "done").unwrap();
    keys
}

fn on(day: model::jiff::civil::Date) -> RunStart {
    RunStart {
        today: day,
        ..start()
    }
}

#[test]
fn whoever_saw_any_listing_of_a_home_is_found() {
    let place = Place::new();
    let mut store = place.open();
    let keys = load(&mut store, &["1", "2", "3"]);
    let home = format!("H{}", &keys[0][1..]);
    let nobody = store
        .seen(&HashSet::from([home.clone()]), &|_| true)
        .unwrap();
    assert!(nobody.is_empty());
    drop(store);
    place
        .raw()
        .execute_batch(&format!(
            "UPDATE listing SET home_key = '{home}' WHERE id = 2;
             INSERT INTO member (id, member_key, originating_system_name, originating_system_key,
               member_id, created_run, updated_run)
             VALUES (1, 'Mone', 'portal', 'M1', 'M1', 1, 1), (2, 'Mtwo', 'portal', 'M2', 'M2', 1, 1);
             INSERT INTO lead (id, lead_key, originating_system_name, originating_system_key,
               created_run, updated_run)
             VALUES (1, 'Sone', 'site', '1', 1, 1), (2, 'Stwo', 'site', '2', 1, 1);
             INSERT INTO assignment (assignment_key, lead, member, assigned_at, created_run, updated_run)
             VALUES ('Aone', 2, 1, 10, 1, 1), ('Atwo', 2, 2, 20, 1, 1);
             INSERT INTO word (id, list, name)
             VALUES (1, 'event_type', 'showing_done'), (2, 'event_type', 'view'),
               (3, 'event_type', 'contacted');
             INSERT INTO event (lead, at, type, id, member, listing, created_run)
             VALUES (1, 300, 1, 1, 1, 1, 1), (2, 200, 2, 2, NULL, 2, 1), (1, 100, 3, 3, 1, 1, 1),
               (1, 100, 2, 4, 1, 3, 1), (1, 100, 2, 5, 1, NULL, 1);"
        ))
        .unwrap();
    let store = place.open();
    let seen = store
        .seen(&HashSet::from([home.clone()]), &|event| {
            event != "contacted"
        })
        .unwrap();
    let told: Vec<(&str, Option<&str>, &str, i64)> = seen[&home]
        .iter()
        .map(|seen| {
            (
                &*seen.lead_key,
                seen.member_key.as_deref(),
                &*seen.event,
                seen.at,
            )
        })
        .collect();
    let expected = [
        ("Sone", Some("Mone"), "showing_done", 300),
        ("Stwo", Some("Mtwo"), "view", 200),
    ];
    assert_eq!(told, expected);
    assert_eq!(seen.len(), 1);
}

#[test]
fn an_agent_is_the_one_of_the_system_else_the_only_one() {
    let place = Place::new();
    let mut store = place.open();
    let keys = load(&mut store, &["1"]);
    let mut run = store.begin(start()).unwrap();
    let one = run.new_member("portal", "M1", "王").unwrap();
    let roster = run.store().roster().unwrap();
    let found = roster.find("other", "M1").map(|member| &member.key);
    assert_eq!(found, Some(&one), "the only one");
    let entry = run
        .enter_credit(&one, -1200, "false-listing", &keys[0])
        .unwrap();
    run.commit("{}", "done").unwrap();
    let credit = store.credit(&one).unwrap();
    assert_eq!(credit.len(), 1);
    assert_eq!(
        (credit[0].points, &*credit[0].cause),
        (-1200, "false-listing")
    );
    assert_eq!(
        (&credit[0].key, credit[0].evidence.as_ref()),
        (&entry, Some(&keys[0]))
    );
    store.undo(2, start(), "test").unwrap();
    assert!(store.credit(&one).unwrap().is_empty());
    assert!(store.roster().unwrap().find("portal", "M1").is_none());
    drop(store);
    place
        .raw()
        .execute_batch(
            "INSERT INTO member (member_key, originating_system_name, originating_system_key,
               member_id, created_run, updated_run)
             VALUES ('Mone', 'portal', 'M1', 'M1', 1, 1), ('Mtwo', 'other', 'M1', 'M1', 1, 1);",
        )
        .unwrap();
    let store = place.open();
    let roster = store.roster().unwrap();
    let found = |system| roster.find(system, "M1").map(|member| member.key.clone());
    assert_eq!(found("other").as_deref(), Some("Mtwo"));
    assert_eq!(
        found("third"),
        None,
        "two have the id, and neither is this system's"
    );
}

#[test]
fn verification_holds_to_its_last_day_and_is_then_written_down() {
    let place = Place::new();
    let mut store = place.open();
    let keys = load(&mut store, &["1", "2"]);
    let last = date(2026, 3, 31);
    let mut run = store.begin(on(date(2026, 3, 1))).unwrap();
    let verified = Verification::Verified;
    assert!(
        run.set_verification(&keys[0], verified, Some(last), Some("seen"))
            .unwrap()
    );
    assert!(
        !run.set_verification(&keys[0], verified, Some(last), None)
            .unwrap()
    );
    assert!(
        run.set_verification(&keys[1], verified, None, None)
            .unwrap()
    );
    run.commit("{}", "done").unwrap();
    let stored = store.listing(&keys[0], false).unwrap().unwrap();
    assert_eq!(stored.verification_on(last), Verification::Verified);
    assert_eq!(
        stored.verification_on(date(2026, 4, 1)),
        Verification::Unverified
    );
    let before = dump(&place.raw());
    for (day, ended) in [(last, 0), (date(2026, 4, 1), 1), (date(2026, 4, 2), 0)] {
        let mut run = store.begin(on(day)).unwrap();
        assert_eq!(run.expire_verifications().unwrap().len(), ended, "{day}");
        run.commit("{}", "done").unwrap();
    }
    let stored = store.listing(&keys[0], false).unwrap().unwrap();
    assert_eq!(
        (stored.verification, stored.verified_until),
        (Verification::Unverified, None)
    );
    let other = store.listing(&keys[1], false).unwrap().unwrap();
    assert_eq!(other.verification, Verification::Verified);
    let history = store.listing_history(&keys[0]).unwrap();
    assert_eq!(history[0].previous_value.as_deref(), Some("unverified"));
    assert_eq!(
        history[1].previous_value.as_deref(),
        Some("verified until 2026-03-31")
    );
    store.undo(4, start(), "test").unwrap();
    assert_eq!(dump(&place.raw()), before);
}

#[test]
fn the_tool_is_asked_before_a_listing_is_written_again() {
    let place = Place::new();
    let mut store = place.open();
    let keys = load(&mut store, &["1", "2", "3"]);
    let mut run = store.begin(start()).unwrap();
    run.set_verification(
        &keys[0],
        Verification::Verified,
        Some(date(2026, 3, 31)),
        None,
    )
    .unwrap();
    run.judge_listing(&keys[1], "{}", false, false, None)
        .unwrap();
    run.commit("{}", "done").unwrap();
    let asked = |store: &mut Store, today| -> Vec<String> {
        let mut run = store.begin(on(today)).unwrap();
        let id = input(&mut run);
        let mut asked = Vec::new();
        for (row, key) in (0..).zip(["1", "2", "3"]) {
            let listing = listing(key, 200);
            let packed = PackedListings::of(&listing);
            let write = ListingWrite {
                listing: packed.get(0),
                lookup: Lookup::of(&listing).unwrap(),
                findings_json: "[]",
                frozen: false,
                hash: hash(&listing),
                input: id,
                line: 2,
                row,
            };
            let mut guard = |stored: &store::StoredListing| {
                asked.push(stored.key.clone());
                assert_eq!(
                    stored.listing.owner_phone, "+8613800138000",
                    "private fields are open"
                );
                let mut kept = listing.clone();
                kept.set(ListingField::ListPrice, Value::Money(150));
                Some(Reconciled {
                    listing: kept,
                    findings_json: r#"[["L901","warn","",""]]"#.to_owned(),
                    frozen: true,
                    same: false,
                })
            };
            let upserted = run.upsert_listing_guarded(&write, &mut guard).unwrap();
            assert_eq!(upserted.action, Action::Changed);
        }
        run.abandon("test").unwrap();
        asked
    };
    assert_eq!(asked(&mut store, date(2026, 3, 31)), keys);
}

#[test]
fn what_is_kept_in_place_of_a_row_is_that_rows_from_then_on() {
    let place = Place::new();
    let mut store = place.open();
    let keys = load(&mut store, &["1"]);
    let mut run = store.begin(start()).unwrap();
    run.judge_listing(&keys[0], "{}", true, true, Some("x"))
        .unwrap();
    run.withdraw_listing(&keys[0], Some("x")).unwrap();
    run.commit("{}", "done").unwrap();
    let listing = listing("1", 200);
    for expected in [Action::Changed, Action::Unchanged] {
        let mut run = store.begin(start()).unwrap();
        let id = input(&mut run);
        let packed = PackedListings::of(&listing);
        let write = ListingWrite {
            listing: packed.get(0),
            lookup: Lookup::of(&listing).unwrap(),
            findings_json: "[]",
            frozen: false,
            hash: hash(&listing),
            input: id,
            line: 2,
            row: 0,
        };
        let mut kept = listing.clone();
        kept.standard_status = Some(StandardStatus::Withdrawn);
        let reconciled = Reconciled {
            listing: kept,
            findings_json: "[]".to_owned(),
            frozen: true,
            same: false,
        };
        let mut guard = |_: &store::StoredListing| Some(reconciled.clone());
        let upserted = run.upsert_listing_guarded(&write, &mut guard).unwrap();
        assert_eq!(upserted.action, expected);
        assert!(upserted.reconciled.is_some());
        run.commit("{}", "done").unwrap();
    }
    let stored = store.listing(&keys[0], false).unwrap().unwrap();
    assert_eq!(
        stored.listing.standard_status,
        Some(StandardStatus::Withdrawn)
    );
    assert_eq!(stored.listing.list_price, Some(200));
    assert!(stored.frozen && stored.held);
}

#[test]
fn corrections_and_evidence_are_sealed_and_undone() {
    let place = Place::new();
    let mut store = place.open();
    let keys = load(&mut store, &["1"]);
    let before = dump(&place.raw());
    let mut run = store.begin(start()).unwrap();
    let write = CorrectionWrite {
        listing_key: &keys[0],
        origin: "person",
        changes: r#"{"city":["成都","重庆"]}"#,
        private: r#"{"unit_number":["301","302"]}"#,
        reason: None,
    };
    let (key, action) = run.request_correction(&write).unwrap();
    assert_eq!(action, Action::New);
    assert_eq!(
        run.request_correction(&write).unwrap(),
        (key.clone(), Action::Unchanged)
    );
    let import = CorrectionWrite {
        origin: "import",
        ..write
    };
    assert_ne!(run.request_correction(&import).unwrap().0, key);
    let until = Some(date(2027, 1, 1));
    let add = |run: &mut store::Run<'_>, until| {
        run.add_evidence(&keys[0], "owner-identity", "11010519491231002X", until)
            .unwrap()
    };
    assert_eq!(add(&mut run, until), Action::New);
    assert_eq!(add(&mut run, until), Action::Unchanged);
    assert_eq!(add(&mut run, None), Action::Changed);
    run.commit("{}", "done").unwrap();
    let correction = store.correction(&key).unwrap().unwrap();
    assert_eq!(correction.private, write.private);
    assert_eq!(
        store.evidence(&keys[0]).unwrap()[0].reference,
        "11010519491231002X"
    );
    let text = std::fs::read(place.path("a.db")).unwrap();
    for private in ["11010519491231002X", "[\"301\",\"302\"]"] {
        assert!(
            !text
                .windows(private.len())
                .any(|bytes| bytes == private.as_bytes())
        );
    }
    assert_eq!(store.verify(None).unwrap().sealed, 4);
    let mut run = store.begin(start()).unwrap();
    run.close_correction(&correction, "approved", Some("x"))
        .unwrap();
    let mut wanted = listing("1", 0);
    wanted.city = "重庆".into();
    wanted.unit_number = "302".into();
    let fields = [ListingField::City, ListingField::UnitNumber];
    run.correct_listing(&keys[0], &wanted, &fields, Some("x"))
        .unwrap();
    run.commit("{}", "done").unwrap();
    let closed = store.correction(&key).unwrap().unwrap();
    assert_eq!(
        (&*closed.status, closed.decided_by.as_deref()),
        ("approved", Some("somebody"))
    );
    let stored = store.listing(&keys[0], true).unwrap().unwrap();
    assert_eq!(
        (&*stored.listing.city, &*stored.listing.unit_number),
        ("重庆", "302")
    );
    assert_eq!(stored.listing.list_price, Some(100));
    let history = store.listing_history(&keys[0]).unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|change| (&*change.field, change.new_value.as_deref()))
        .collect();
    assert_eq!(told, [("city", Some("重庆")), ("unit_number", None)]);
    let mut run = store.begin(start()).unwrap();
    assert!(run.close_correction(&closed, "rejected", None).is_err());
    drop(run);
    store.undo(3, start(), "test").unwrap();
    assert_eq!(store.correction(&key).unwrap(), Some(correction));
    store.undo(2, start(), "test").unwrap();
    assert_eq!(dump(&place.raw()), before);
    assert!(store.corrections(None).unwrap().is_empty());
}
