//! Repeats within a run, changes between runs, and what a full feed no longer has.

use model::codes::StandardStatus;
use model::identity;
use store::{Action, Store, StoredListing};

use crate::common::{Place, dump, full, input, listing, put, put_frozen, start, today};

fn load(store: &mut Store, rows: &[(&str, i64)]) -> Vec<(Action, Option<u32>, Option<Action>)> {
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    let actions = (0..)
        .zip(rows)
        .map(|(row, (key, price))| {
            let done = put(&mut run, id, row, &listing(key, *price));
            (done.action, done.supersedes, done.earlier_action)
        })
        .collect();
    run.commit("{}", "done").unwrap();
    actions
}

#[test]
fn a_first_load_folds_repeats_without_an_index() {
    let place = Place::new();
    let mut store = place.open();
    let actions = load(&mut store, &[("1", 100), ("2", 100), ("1", 200)]);
    assert_eq!(actions[2], (Action::New, Some(0), Some(Action::New)));
    let mut prices = Vec::new();
    store
        .listings(|stored| {
            prices.push((
                stored.listing.originating_system_key.clone(),
                stored.listing.list_price,
            ));
            Ok(())
        })
        .unwrap();
    prices.sort();
    assert_eq!(prices, [("1".into(), Some(200)), ("2".into(), Some(100))]);
    assert!(store.verify(None).unwrap().problems.is_empty());
}

#[test]
fn the_same_again_changes_nothing() {
    let place = Place::new();
    let mut store = place.open();
    load(&mut store, &[("1", 100), ("2", 100)]);
    let before = dump(&place.raw());
    let again = load(&mut store, &[("1", 100), ("2", 100)]);
    assert!(
        again
            .iter()
            .all(|(action, ..)| *action == Action::Unchanged)
    );
    assert_eq!(dump(&place.raw()), before);
}

#[test]
fn a_price_that_comes_back_within_a_run_leaves_no_trace() {
    let place = Place::new();
    let mut store = place.open();
    load(&mut store, &[("1", 100)]);
    let before = dump(&place.raw());
    let actions = load(&mut store, &[("1", 200), ("1", 300), ("1", 100)]);
    assert_eq!(actions[0], (Action::Changed, None, None));
    assert_eq!(
        actions[1],
        (Action::Changed, Some(0), Some(Action::Changed))
    );
    assert_eq!(
        actions[2],
        (Action::Unchanged, Some(1), Some(Action::Changed))
    );
    assert_eq!(dump(&place.raw()), before);

    let actions = load(&mut store, &[("1", 100), ("1", 300)]);
    assert_eq!(
        actions[1],
        (Action::Changed, Some(0), Some(Action::Unchanged))
    );
    let key = identity::listing_key("portal", "1");
    let history = store.listing_history(key.as_str()).unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].change_type, "PriceChange");
    assert_eq!(history[0].previous_value.as_deref(), Some("100"));
    assert_eq!(history[0].new_value.as_deref(), Some("300"));
}

#[test]
fn a_run_that_takes_the_listings_into_memory_half_way_folds_all_the_same() {
    let place = Place::new();
    let mut store = place.open();
    let keys: Vec<String> = (1..=64).map(|key| key.to_string()).collect();
    let first: Vec<(&str, i64)> = keys.iter().map(|key| (key.as_str(), 100)).collect();
    load(&mut store, &first);
    let before = dump(&place.raw());
    // The first four are looked up in the file.
    let mut rows = vec![("1", 200), ("2", 200), ("3", 100), ("new", 100)];
    rows.extend([("1", 100), ("2", 100), ("2", 300), ("3", 100), ("new", 100)]);
    rows.extend([
        ("4", 100),
        ("5", 300),
        ("5", 100),
        ("5", 100),
        ("newer", 100),
    ]);
    let actions: Vec<(Action, Option<u32>)> = load(&mut store, &rows)
        .into_iter()
        .map(|(action, supersedes, _)| (action, supersedes))
        .collect();
    let (new, changed, unchanged) = (Action::New, Action::Changed, Action::Unchanged);
    assert_eq!(
        actions,
        [
            (changed, None),
            (changed, None),
            (unchanged, None),
            (new, None),
            (unchanged, Some(0)),
            (unchanged, Some(1)),
            (changed, Some(5)),
            (unchanged, Some(2)),
            (new, Some(3)),
            (unchanged, None),
            (changed, None),
            (unchanged, Some(10)),
            (unchanged, Some(11)),
            (new, None),
        ]
    );
    let undone = store.undo(2, start(), "not wanted").unwrap();
    assert_eq!((undone.removed, undone.restored), (2, 1));
    assert_eq!(dump(&place.raw()), before);
}

#[test]
fn freezing_and_thawing_are_history() {
    let place = Place::new();
    let mut store = place.open();
    load(&mut store, &[("1", 100)]);
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    assert!(put_frozen(&mut run, id, 0, &listing("1", 100), true).frozen);
    run.commit("{}", "done").unwrap();
    let key = identity::listing_key("portal", "1");
    let mut run = store.begin(start()).unwrap();
    assert!(run.set_frozen(key.as_str(), false, "looked at").unwrap());
    assert!(!run.set_frozen(key.as_str(), false, "looked at").unwrap());
    let committed = run.commit("{}", "done").unwrap();
    let changes: Vec<String> = store
        .listing_history(key.as_str())
        .unwrap()
        .into_iter()
        .map(|change| change.change_type)
        .collect();
    assert_eq!(changes, ["Freeze", "Thaw"]);
    let shown = store.show(key.as_str(), false).unwrap();
    assert_eq!(shown.decisions[0].kind, "thaw");
    assert_eq!(shown.updated_by.number, committed.number);
    let mut touched = Vec::new();
    store
        .touched(&committed, |key| {
            touched.push(key.to_owned());
            Ok(())
        })
        .unwrap();
    assert_eq!(touched, [key.as_str()]);
}

#[test]
fn a_full_feed_withdraws_what_it_no_longer_has() {
    let place = Place::new();
    let mut store = place.open();
    load(&mut store, &[("1", 1), ("2", 1), ("3", 1), ("4", 1)]);
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 1));
    assert!(run.mark_seen(identity::listing_key("portal", "2")).unwrap());
    assert!(!run.mark_seen(identity::listing_key("portal", "9")).unwrap());
    let scope = |listing: &model::listing::Listing| listing.city == "成都";
    let refused = run
        .withdraw_missing("portal", &scope, today(), "gone", 0.4)
        .unwrap();
    assert!(refused.refused && refused.withdrawn.is_empty());
    assert_eq!((refused.in_scope, refused.missing), (4, 2));
    let done = run
        .withdraw_missing("portal", &scope, today(), "gone", 0.5)
        .unwrap();
    assert_eq!(done.withdrawn.len(), 2);
    run.commit("{}", "done").unwrap();

    let key = identity::listing_key("portal", "3");
    let stored = store.listing(key.as_str(), true).unwrap().unwrap();
    assert_eq!(
        stored.listing.standard_status,
        Some(StandardStatus::Withdrawn)
    );
    assert!(stored.listing.withdrawn_date.is_some());
    assert_eq!(stored.listing.owner_phone, "+8613800138000");

    let back = load(&mut store, &[("3", 1)]);
    assert_eq!(back[0].0, Action::Changed);
    let changes: Vec<String> = store
        .listing_history(key.as_str())
        .unwrap()
        .into_iter()
        .map(|change| change.change_type)
        .collect();
    assert_eq!(changes, ["Withdrawn", "BackOnMarket"]);
}

#[test]
fn an_insert_learns_columns_as_they_come() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 1));
    put(&mut run, id, 1, &full("2"));
    put(&mut run, id, 2, &listing("3", 1));
    run.commit("{}", "done").unwrap();
    let get = |store: &Store, key| {
        let listing = store.listing(key, true).unwrap().unwrap();
        listing.listing
    };
    let full_key = identity::listing_key(&full("2").originating_system_name, "2");
    assert_eq!(get(&store, full_key.as_str()), full("2"));
    let third = identity::listing_key("portal", "3");
    assert_eq!(get(&store, third.as_str()), listing("3", 1));
}

#[test]
fn what_a_run_has_touched_is_told_as_it_was_and_as_it_is() {
    let place = Place::new();
    let mut store = place.open();
    load(
        &mut store,
        &[("1", 100), ("2", 100), ("3", 100), ("4", 100)],
    );
    let head = store.head().unwrap();
    assert_eq!(head.as_ref().map(|head| head.run), Some(1));
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    let mut moved = full("2");
    moved.originating_system_name = "portal".into();
    for (row, listing) in (0..).zip([
        listing("1", 200),
        moved.clone(),
        listing("3", 300),
        listing("3", 100),
        listing("5", 500),
    ]) {
        put(&mut run, id, row, &listing);
    }
    run.withdraw_missing("portal", &|_| true, today(), "gone", 1.0)
        .unwrap();
    let mut told = Vec::new();
    run.each_touched(|touched| {
        let price = |stored: &StoredListing| stored.listing.list_price;
        told.push((
            touched.after.listing.originating_system_key.clone(),
            touched.before.as_ref().and_then(price),
            price(&touched.after),
            touched.after.listing.standard_status,
            touched.seen,
        ));
        if touched.after.listing.originating_system_key == "2" {
            // Private fields and all.
            assert_eq!(touched.after.listing, moved);
            let before = touched.before.as_ref().unwrap();
            assert_eq!(before.listing, listing("2", 100));
        }
        Ok(())
    })
    .unwrap();
    let active = Some(StandardStatus::Active);
    let price = moved.list_price;
    let key = |key: &str| key.to_owned();
    assert_eq!(
        told,
        [
            (key("1"), Some(100), Some(200), active, true),
            (key("2"), Some(100), price, moved.standard_status, true),
            (
                key("4"),
                Some(100),
                Some(100),
                Some(StandardStatus::Withdrawn),
                false
            ),
            (key("5"), None, Some(500), active, true),
        ]
    );
    assert_eq!(run.store().head_before(run.number()).unwrap(), head);
    run.abandon("looked").unwrap();
    assert_eq!(store.head().unwrap(), head);
}
