//! A writer killed at any moment has done all of its run, or nothing.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use store::{Location, OpenOptions, Store};

use crate::common::{Place, input, listing, put, start};

const FOLDER: &str = "BROKERKIT_TEST_KILLED";
const ROWS: i64 = 400;

fn open(folder: &std::path::Path) -> Store {
    let options = OpenOptions {
        key_directory: Some(folder.join("keys")),
        create: true,
        wait: Duration::from_secs(10),
        ..OpenOptions::default()
    };
    Store::open(&Location::File(folder.join("a.db")), &options).unwrap()
}

/// The process that is killed: run after run, each giving all listings one price, the run's number.
#[test]
#[ignore = "started by the test below"]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let mut store = open(folder.as_ref());
    loop {
        let mut run = store.begin(start()).unwrap();
        let price = run.number();
        let id = input(&mut run);
        for row in 0..ROWS {
            put(&mut run, id, row as u32, &listing(&row.to_string(), price));
            run.record("{\"a\":1}").unwrap();
        }
        run.commit("{}", "done").unwrap();
        println!("wrote");
    }
}

#[test]
fn killed_at_twenty_moments_a_store_holds_all_or_nothing() {
    let place = Place::new();
    // Any sequence of moments will do; this one is the same every time.
    let mut chance: u64 = 0x2545_F491_4F6C_DD1D;
    let mut killed = 0;
    for round in 0..20 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::writer", "--ignored", "--nocapture"])
            .env(FOLDER, place.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        // Some die while they make the store or load it first, the others in a later run.
        if round % 4 != 0 {
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let wrote = |line: std::io::Result<String>| line.unwrap().contains("wrote");
            lines.by_ref().take_while(|_| true).any(wrote);
        }
        std::thread::sleep(Duration::from_millis(chance % 120));
        child.kill().unwrap();
        child.wait().unwrap();

        let mut store = open(place.folder.path());
        let found = store.verify(None).unwrap();
        assert!(
            found.problems.is_empty(),
            "round {round}: {:?}",
            found.problems
        );
        let last = store.runs().unwrap().into_iter().rfind(|run| run.committed);
        let mut prices = Vec::new();
        store
            .listings(|stored| {
                prices.push(stored.listing.list_price.unwrap());
                Ok(())
            })
            .unwrap();
        match last {
            None => assert!(prices.is_empty(), "round {round}"),
            Some(last) => {
                assert_eq!(prices.len() as i64, ROWS, "round {round}");
                assert!(
                    prices.iter().all(|price| *price == last.number),
                    "round {round}"
                );
            }
        }
        killed += store
            .runs()
            .unwrap()
            .iter()
            .filter(|run| run.outcome.as_deref() == Some("killed"))
            .count();
        // A dead writer holds nothing.
        drop(store.begin(start()).unwrap());
    }
    assert!(killed > 0, "no run was caught in the middle");
}
