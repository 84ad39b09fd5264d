//! A run that is cut short, by Ctrl-C or by a kill, has done all or nothing.

mod common;

use std::time::{Duration, Instant};

use common::*;
use testkit::Place;
use testkit::data::Listings;

#[test]
fn ctrl_c_while_it_reads_changes_nothing() {
    let place = Place::new();
    place.write("good.csv", Listings::clean(5).bytes());
    import(&place, &["good.csv"]);
    let before = listings(&place, STORE);
    let more = Listings {
        seed: 7,
        ..Listings::clean(200)
    }
    .bytes();
    let mut running = place.start("listing-import", &["-"]);
    running.write(&more[..20_000]);
    std::thread::sleep(Duration::from_millis(600));
    assert!(
        !running.has_ended(),
        "it did not wait for the rest of its input"
    );
    running.signal("INT");
    // The input stays open: the signal alone must end it.
    let patience = Instant::now();
    while !running.has_ended() {
        assert!(
            patience.elapsed() < Duration::from_secs(10),
            "Ctrl-C did not end it"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let ran = running.finish().code(130);
    assert_eq!(ran.stdout, "");
    assert_eq!(listings(&place, STORE), before);
    verify(&place, STORE);
}

#[test]
fn ctrl_c_while_it_works_does_all_or_nothing() {
    let place = Place::new();
    place.write("good.csv", Listings::clean(2000).bytes());
    let running = place.start("listing-import", &["good.csv", "-o", "/dev/null"]);
    std::thread::sleep(Duration::from_millis(150));
    running.signal("INT");
    let ran = running.finish().no_panic();
    assert!(ran.code == 130 || ran.code == 0, "{ran}");
    let stored = if place.file(STORE).exists() {
        listings(&place, STORE).len()
    } else {
        0
    };
    assert_eq!(stored, if ran.code == 0 { 2000 } else { 0 });
    import(&place, &["good.csv"]);
    assert_eq!(listings(&place, STORE).len(), 2000);
}

#[test]
fn killed_at_twenty_moments_the_store_holds_all_or_nothing() {
    const BASE: usize = 300;
    const MORE: usize = 1500;
    let place = Place::new();
    place.write("base.csv", Listings::clean(BASE as u64).bytes());
    place.write("more.csv", Listings::clean((BASE + MORE) as u64).bytes());

    // How long a whole run takes here decides the moments.
    import(
        &place,
        &["base.csv", "--store", "timed.db", "-o", "/dev/null"],
    );
    let whole = place
        .run(
            "listing-import",
            &["more.csv", "--store", "timed.db", "-o", "/dev/null"],
        )
        .ok()
        .took;

    let mut cut = 0;
    for moment in 0..20_u32 {
        let store = format!("{moment}.db");
        // Every other store is empty before: a first load is written in another way than later ones.
        let base = if moment % 2 == 0 { BASE } else { 0 };
        if base > 0 {
            import(&place, &["base.csv", "--store", &store, "-o", "/dev/null"]);
        }
        let running = place.start(
            "listing-import",
            &["more.csv", "--store", &store, "-o", "/dev/null"],
        );
        // Spread over the run, each a little off its place, so that a second run of the test hits others.
        let jitter = Duration::from_nanos(
            u64::from(std::process::id().wrapping_mul(2_654_435_761 + moment) % 1000)
                * whole.as_nanos() as u64
                / 20_000,
        );
        std::thread::sleep(whole * moment / 20 + jitter);
        running.signal("KILL");
        let ran = running.finish();
        if ran.code == 137 {
            cut += 1;
        }
        // Killed before the first page was written, the file is there and empty: no store yet.
        let made = std::fs::metadata(place.file(&store)).is_ok_and(|file| file.len() > 0);
        let stored = if made {
            listings(&place, &store).len()
        } else {
            0
        };
        let all = BASE + MORE;
        assert!(
            stored == base || stored == all,
            "killed at moment {moment}: {stored} listings, neither {base} nor {all}"
        );
        if made {
            verify(&place, &store);
        }
        // The next run is none the worse.
        let summary = import(&place, &["more.csv", "--store", &store, "-o", "/dev/null"]);
        assert_eq!(count(&summary, "read"), all as u64);
        assert_eq!(
            listings(&place, &store).len(),
            all,
            "after the run that follows moment {moment}"
        );
        verify(&place, &store);
    }
    assert!(cut >= 10, "only {cut} of 20 runs were cut short");
}

#[test]
fn a_killed_run_is_shown_as_killed() {
    let place = Place::new();
    place.write("more.csv", Listings::clean(20_000).bytes());
    let running = place.start("listing-import", &["more.csv", "-o", "/dev/null"]);
    // Whoever holds the store says so in the lock file, once its run has begun.
    let lock = place.file(&format!("{STORE}.lock"));
    let patience = Instant::now();
    while !std::fs::read_to_string(&lock).is_ok_and(|holder| holder.starts_with("run 1 ")) {
        assert!(
            patience.elapsed() < Duration::from_secs(60),
            "the run has not begun"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    running.signal("KILL");
    assert_eq!(running.finish().code, 137);
    // The next writer rolls back what was half done; the ledger tells what became of the run.
    place.write("one.csv", Listings::clean(5).bytes());
    import(&place, &["one.csv", "-o", "/dev/null"]);
    let outcomes: Vec<String> = runs(&place, STORE)
        .iter()
        .map(|run| run["outcome"].to_string())
        .collect();
    assert!(
        outcomes.iter().any(|outcome| outcome.contains("killed")),
        "{outcomes:?}"
    );
    assert_eq!(listings(&place, STORE).len(), 5);
}
