//! Undo puts back what was, byte for byte.

use model::codes::StandardStatus;
use proptest::prelude::*;
use store::{ErrorKind, Store};

use crate::common::{Place, dump, input, listing, put_frozen, start, today};

/// One row of a run: key, price, status, frozen.
type Row = (u8, i64, u8, bool);

fn load(store: &mut Store, rows: &[Row], full_feed: bool) -> i64 {
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    for (ordinal, (key, price, status, frozen)) in (0..).zip(rows) {
        let mut listing = listing(&key.to_string(), *price);
        listing.standard_status = StandardStatus::ALL.get(usize::from(*status)).copied();
        put_frozen(&mut run, id, ordinal, &listing, *frozen);
    }
    if full_feed {
        run.withdraw_missing("portal", &|_| true, today(), "gone", 1.0)
            .unwrap();
    }
    run.commit("{}", "done").unwrap().number
}

#[test]
fn a_run_that_others_built_upon_is_not_undone() {
    let place = Place::new();
    let mut store = place.open();
    load(&mut store, &[(1, 100, 0, false)], false);
    load(&mut store, &[(1, 200, 0, false)], false);
    load(&mut store, &[(1, 300, 0, false)], false);
    let before = dump(&place.raw());
    for run in [1, 2] {
        let error = store.undo(run, start(), "test").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.contains("run 3"), "{error}");
        assert!(error.message.contains("list_price"), "{error}");
    }
    assert_eq!(dump(&place.raw()), before);
    let undone = store.undo(3, start(), "test").unwrap();
    assert_eq!((undone.restored, undone.removed), (1, 0));
    assert_eq!(store.run(3).unwrap().undone_by, Some(undone.number));
    assert_eq!(store.run(undone.number).unwrap().undoes, Some(3));
    let again = store.undo(3, start(), "test").unwrap_err();
    assert_eq!(again.kind, ErrorKind::Conflict);
    let undo = store.undo(undone.number, start(), "test").unwrap_err();
    assert_eq!(undo.kind, ErrorKind::Unsupported);
    assert_eq!(
        store.undo(77, start(), "test").unwrap_err().kind,
        ErrorKind::NotFound
    );
    store.undo(2, start(), "test").unwrap();
    store.undo(1, start(), "test").unwrap();
    assert!(dump(&place.raw()).is_empty());
    let found = store.verify(None).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0u8..6, (1i64..4), (0u8..3), any::<bool>());
    proptest::collection::vec(row, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_in_reverse_order_leads_back(runs in proptest::collection::vec((rows(), any::<bool>()), 1..5)) {
        let place = Place::new();
        let mut store = place.open();
        let mut states = Vec::new();
        for (rows, full_feed) in &runs {
            let before = dump(&place.raw());
            states.push((load(&mut store, rows, *full_feed), before));
        }
        while let Some((run, before)) = states.pop() {
            store.undo(run, start(), "test").unwrap();
            prop_assert_eq!(dump(&place.raw()), before);
        }
        prop_assert!(store.verify(None).unwrap().problems.is_empty());
    }
}
