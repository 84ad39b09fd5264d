//! Runs, rejects, replay and the decision log.

use store::{Action, CalendarDay, CommunityWrite, DayKind, ErrorKind, RejectWrite};

use crate::common::{Place, input, listing, put, start};

#[test]
fn a_dropped_run_leaves_nothing_but_its_entry() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 1));
    drop(run);
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    put(&mut run, id, 0, &listing("1", 1));
    run.abandon("dry run").unwrap();
    let runs = store.runs().unwrap();
    assert_eq!(runs[0].outcome.as_deref(), Some("failed"));
    assert_eq!(runs[1].outcome.as_deref(), Some("dry run"));
    assert!(store.listings(|_| panic!("nothing was kept")).is_ok());
    let run = store.begin(start()).unwrap();
    run.commit("{}", "done").unwrap();
    let found = store.verify(None).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(
        (found.runs, found.decisions),
        (1, 1),
        "every run decides something"
    );
}

#[test]
fn records_come_again_byte_for_byte() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let mut expected = Vec::new();
    for number in 0..40_000 {
        let line = format!("{{\"row\":{number},\"title\":\"翠湖新村 两室一厅 {number}\"}}");
        run.record(&line).unwrap();
        expected.push(line);
    }
    run.amend(7, 12).unwrap();
    run.amend(39_999, 40_003).unwrap();
    for (record, by) in [(7, 12), (39_999, 40_003)] {
        expected[record] = store::amended(&expected[record], by);
    }
    let number = run.commit("{}", "done").unwrap().number;
    let mut out = Vec::new();
    store.replay(number, &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap() == expected.join("\n") + "\n");
    assert_eq!(
        store.replay(9, &mut Vec::new()).unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[test]
fn a_mended_row_is_known_again() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let id = input(&mut run);
    run.reject(&RejectWrite {
        input: id,
        line: 17,
        reject_id: "R0011",
        rule: "X101",
        field: Some("title"),
        reason: "too few cells",
    })
    .unwrap();
    run.close_input(id, &[7; 32], 20).unwrap();
    run.commit("{}", "done").unwrap();
    let origin = store.reject_origin("R0011").unwrap().unwrap();
    assert_eq!(
        (origin.run, origin.line, origin.source.as_str()),
        (1, 17, "a.csv")
    );
    assert_eq!(store.inputs(1).unwrap()[0].records, Some(20));

    let mut run = store.begin(start()).unwrap();
    assert!(run.resolve_reject("R0011").unwrap());
    assert!(!run.resolve_reject("R0012").unwrap());
    run.commit("{}", "done").unwrap();
    assert_eq!(store.rejects(1).unwrap()[0].resolved_by_run, Some(2));
    store.undo(2, start(), "mistaken").unwrap();
    assert_eq!(store.rejects(1).unwrap()[0].resolved_by_run, None);
}

#[test]
fn tampering_with_the_log_is_found() {
    let attacks = [
        (
            "a changed payload",
            "UPDATE decision SET payload = '{\"a\":2}' WHERE run = 2 AND seq = 2",
        ),
        (
            "a changed kind",
            "UPDATE decision SET kind = 'x' WHERE run = 2 AND seq = 1",
        ),
        (
            "a cut entry",
            "DELETE FROM decision WHERE run = 2 AND seq = 2",
        ),
        (
            "a cut end",
            "DELETE FROM decision WHERE run = 2 AND seq = 3",
        ),
        (
            "a changed run",
            "UPDATE run SET actor = 'x' WHERE number = 1",
        ),
        (
            "a cut run",
            "DELETE FROM decision WHERE run = 2; DELETE FROM run WHERE number = 2",
        ),
        (
            "the last runs cut",
            "DELETE FROM decision WHERE run = 3; DELETE FROM run WHERE number = 3",
        ),
        (
            "a run made out to have been killed",
            "UPDATE run SET chain = NULL, outcome = NULL WHERE number = 3",
        ),
    ];
    for (what, attack) in attacks {
        let place = Place::new();
        let mut store = place.open();
        for _ in 0..3 {
            let mut run = store.begin(start()).unwrap();
            for number in 0..3 {
                let payload = format!("{{\"a\":{number}}}");
                run.decide("test", "L1", &payload).unwrap();
            }
            run.commit("{}", "done").unwrap();
        }
        let before = store.verify(None).unwrap();
        assert!(before.problems.is_empty(), "{:?}", before.problems);
        assert_eq!(before.decisions, 9);
        let remembered = store.verify(before.head.as_deref()).unwrap();
        assert!(remembered.problems.is_empty());
        place.raw().execute_batch(attack).unwrap();
        assert!(!store.verify(None).unwrap().problems.is_empty(), "{what}");
    }
}

#[test]
fn an_erased_payload_leaves_the_chain_whole() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    run.decide("test", "L1", "{}").unwrap();
    run.commit("{}", "done").unwrap();
    place
        .raw()
        .execute_batch("UPDATE decision SET payload = NULL")
        .unwrap();
    assert!(store.verify(None).unwrap().problems.is_empty());
    let other = "0".repeat(64);
    assert!(!store.verify(Some(&other)).unwrap().problems.is_empty());
}

#[test]
fn days_and_communities_are_stored_once() {
    let place = Place::new();
    let mut store = place.open();
    let mut day = CalendarDay {
        day: model::jiff::civil::date(2026, 10, 1),
        kind: DayKind::Holiday,
        name: "国庆节".into(),
    };
    let mut community = CommunityWrite {
        city: "北京".into(),
        name: "东方蓝海中心".into(),
        aliases: vec!["蓝海".into(), "东方蓝海".into()],
        ..CommunityWrite::default()
    };
    let mut run = store.begin(start()).unwrap();
    assert_eq!(run.set_calendar_day(&day).unwrap(), Action::New);
    assert_eq!(run.set_calendar_day(&day).unwrap(), Action::Unchanged);
    assert_eq!(run.upsert_community(&community).unwrap().1, Action::New);
    run.commit("{}", "done").unwrap();
    assert_eq!(store.calendar().unwrap(), [day.clone()]);
    assert_eq!(store.communities().unwrap()[0].community, community);

    let mut run = store.begin(start()).unwrap();
    assert_eq!(
        run.upsert_community(&community).unwrap().1,
        Action::Unchanged
    );
    day.name = "国庆".into();
    community.aliases.clear();
    assert_eq!(run.set_calendar_day(&day).unwrap(), Action::Changed);
    assert_eq!(run.upsert_community(&community).unwrap().1, Action::Changed);
    run.commit("{}", "done").unwrap();
    store.undo(2, start(), "test").unwrap();
    assert_eq!(store.calendar().unwrap()[0].name, "国庆节");
    assert_eq!(store.communities().unwrap()[0].community.aliases.len(), 2);
}
