//! Making a store's tables, and bringing older ones to the present form.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::dialect::{self, Engine};
use crate::error::{Error, ErrorKind, Result};

/// `application_id` of a store: "brkt".
pub(crate) const APPLICATION: i32 = i32::from_be_bytes(*b"brkt");
/// Form of the tables this version writes (`user_version`).
pub(crate) const VERSION: i32 = 1;

/// One step from a form to the next.
type Step = fn(&Connection) -> rusqlite::Result<()>;
/// `STEPS[n - 1]` leads from form `n` to form `n + 1`.
const STEPS: &[Step] = &[];

/// Makes the tables in an empty file, inside the caller's transaction.
pub(crate) fn create(conn: &Connection) -> Result<()> {
    conn.execute_batch(&dialect::schema(Engine::Sqlite))?;
    conn.pragma_update(None, "application_id", APPLICATION)?;
    conn.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}

/// Refuses what is no store, and stores of a form this version does not know.
pub(crate) fn check(application: i32, version: i32) -> Result<()> {
    if application != APPLICATION {
        return Err(Error::new(
            ErrorKind::NotAStore,
            "this SQLite file is not a brokerkit store; name another file with --store",
        ));
    }
    if version > VERSION {
        return Err(Error::new(
            ErrorKind::Newer,
            format!(
                "the store has form {version}, written by a newer version of brokerkit; this one \
                 knows forms up to {VERSION}: upgrade brokerkit (nothing was written)"
            ),
        ));
    }
    if version < 1 {
        return Err(Error::new(
            ErrorKind::Corrupt,
            format!("the store has the impossible form {version}; restore a backup"),
        ));
    }
    Ok(())
}

/// The form of an open store.
pub(crate) fn version(conn: &Connection) -> Result<i32> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Brings an older store to the present form, each step in a transaction of its own.
pub(crate) fn upgrade(conn: &mut Connection) -> Result<()> {
    upgrade_by(conn, STEPS)
}

fn upgrade_by(conn: &mut Connection, steps: &[Step]) -> Result<()> {
    loop {
        let from = version(conn)?;
        let Some(step) = usize::try_from(from - 1).ok().and_then(|n| steps.get(n)) else {
            return Ok(());
        };
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step(&transaction)?;
        transaction.pragma_update(None, "user_version", from + 1)?;
        transaction.commit()?;
    }
}

/// Reads an entry of `meta`.
pub(crate) fn meta(conn: &Connection, name: &str) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached(crate::queries::META_GET)?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

/// Writes an entry of `meta`.
pub(crate) fn set_meta(conn: &Connection, name: &str, value: &str) -> Result<()> {
    conn.prepare_cached(crate::queries::META_SET)?
        .execute([name, value])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(conn: &Connection) -> Vec<(String, String)> {
        conn.prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap()
    }

    /// Every form ever released, as it was. A released one is never edited.
    const FROZEN: &[&str] = &[include_str!("../sql/tests/v1.sql")];

    #[test]
    fn every_old_form_upgrades_to_the_present_one() {
        let new = Connection::open_in_memory().unwrap();
        create(&new).unwrap();
        assert_eq!(FROZEN.len(), VERSION as usize);
        assert_eq!(STEPS.len() + 1, VERSION as usize);
        for (form, frozen) in (1..).zip(FROZEN) {
            let mut old = Connection::open_in_memory().unwrap();
            old.execute_batch(frozen).unwrap();
            old.pragma_update(None, "user_version", form).unwrap();
            upgrade(&mut old).unwrap();
            assert_eq!(version(&old).unwrap(), VERSION);
            assert_eq!(
                tables(&old),
                tables(&new),
                "form {form}: write a step in STEPS"
            );
        }
    }

    #[test]
    fn a_step_is_whole_or_not_at_all() {
        let mut conn = Connection::open_in_memory().unwrap();
        create(&conn).unwrap();
        let before = tables(&conn);
        let broken: Step =
            |conn| conn.execute_batch("CREATE TABLE half (a); CREATE TABLE half (a)");
        assert!(upgrade_by(&mut conn, &[broken]).is_err());
        assert_eq!(tables(&conn), before);
        assert_eq!(version(&conn).unwrap(), 1);
        let whole: Step = |conn| conn.execute_batch("CREATE TABLE half (a)");
        upgrade_by(&mut conn, &[whole]).unwrap();
        assert_eq!(version(&conn).unwrap(), 2);
    }

    #[test]
    fn newer_and_foreign_files_are_refused() {
        let newer = check(APPLICATION, VERSION + 1).unwrap_err();
        assert_eq!(newer.kind, ErrorKind::Newer);
        assert!(newer.message.contains("form 2"), "{}", newer.message);
        assert_eq!(check(0, 1).unwrap_err().kind, ErrorKind::NotAStore);
    }

    /// Writes the present form to `sql/tests`, for the commit that brings a new form:
    /// `cargo test -p store freeze -- --ignored`.
    #[test]
    #[ignore = "writes a file of the repository"]
    fn freeze_the_present_form() {
        let path = format!("{}/sql/tests/v{VERSION}.sql", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, dialect::schema(Engine::Sqlite)).unwrap();
    }
}
