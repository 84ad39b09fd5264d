//! Both engines understand every shared query.

use rusqlite::Connection;
use store::{Engine, numbered, schema, shared_queries};

#[test]
fn sqlite_prepares_every_shared_query() {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(&schema(Engine::Sqlite)).unwrap();
    for (name, sql) in shared_queries() {
        conn.prepare(&sql)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn postgresql_prepares_every_shared_query() {
    let Some(server) = testkit::postgres::start() else {
        return;
    };
    server.psql(&schema(Engine::Postgres)).unwrap();
    let mut script = String::new();
    let queries = shared_queries();
    for (number, (_, sql)) in queries.iter().enumerate() {
        script.push_str(&format!("PREPARE q{number} AS {};\n", numbered(sql).trim()));
    }
    // One session prepares all; where that fails, each by itself says which.
    if server.psql(&script).is_ok() {
        return;
    }
    let mut failed = Vec::new();
    for (name, sql) in &queries {
        if let Err(error) = server.psql(&format!("PREPARE q AS {}", numbered(sql).trim())) {
            failed.push(format!("{name}: {error}"));
        }
    }
    panic!("{}", failed.join("\n"));
}

/// The plans of the queries on which speed hangs: a lost index shows here.
#[test]
fn look_ups_use_their_indexes() {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(&schema(Engine::Sqlite)).unwrap();
    let expected = [
        (
            "LISTING_FIND",
            "SEARCH listing USING INDEX listing_by_key (listing_key=?)",
        ),
        (
            "LISTING_VERIFICATION_ENDED",
            "SEARCH listing USING INDEX listing_by_verified_until (verified_until<?)",
        ),
        ("LISTING_BY_KEY", "SCAN listing USING INDEX listing_by_key"),
        (
            "HISTORY_FORGET",
            "SEARCH listing_history USING COVERING INDEX listing_history_by_listing (listing=? AND run=?)",
        ),
        (
            "REJECT_ORIGIN",
            "SEARCH reject USING INDEX reject_by_reject_id (reject_id=?)",
        ),
        (
            "IMAGE_LIST",
            "SEARCH before_image USING INDEX sqlite_autoindex_before_image_1 (run=? AND kind=? AND row_id>?)",
        ),
    ];
    for (name, plan) in expected {
        let (_, sql) = shared_queries()
            .into_iter()
            .find(|(n, _)| n == name)
            .unwrap();
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut rows = statement.raw_query();
        let mut lines: Vec<String> = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            lines.push(row.get(3).unwrap());
        }
        assert!(
            lines.iter().any(|line| line.contains(plan)),
            "{name}: {lines:?}"
        );
    }
}
