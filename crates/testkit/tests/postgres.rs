//! The throw-away server starts, answers, complains and goes away.

#[test]
fn starts_answers_and_goes_away() {
    let Some(server) = testkit::postgres::start() else {
        return;
    };
    assert_eq!(server.psql("SELECT 1 + 1, 'a'").unwrap(), "2|a\n");
    let error = server.psql("SELECT nothing_here").unwrap_err();
    assert!(error.contains("nothing_here"), "{error}");
    server
        .psql("CREATE TABLE t (a bigint PRIMARY KEY, b text NOT NULL)")
        .unwrap();
    server
        .prepare("INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING a;")
        .unwrap();
    assert!(server.prepare("SELECT c FROM t").is_err());
    assert!(server.prepare("SELECT b FROM t WHERE a = $1").is_ok());
    let folder = server.socket_folder().to_owned();
    drop(server);
    assert!(!folder.exists(), "the server's folder is still there");
}
