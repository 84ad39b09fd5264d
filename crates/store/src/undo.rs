//! Undoing a run: what it inserted goes, what it overwrote comes back byte for byte. Undoing is a run
//! of its own and leaves the decision log as it is.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, named_params};

use crate::error::{Error, ErrorKind, Result};
use crate::image::{self, ALL, LISTING};
use crate::listing::{codec, facts};
use crate::options::RunStart;
use crate::posting::PostingKind;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// What an undo did.
#[derive(Debug, Clone)]
pub struct Undone {
    /// Number of the run that did it.
    pub number: i64,
    /// Rows removed.
    pub removed: u64,
    /// Rows put back as they were.
    pub restored: u64,
    /// End of the chain of decisions.
    pub head: String,
}

impl Store {
    /// Undoes a run. Refused, with nothing changed, where a later run changed the same rows.
    pub fn undo(&mut self, target: i64, start: RunStart, reason: &str) -> Result<Undone> {
        let info = self.run(target)?;
        let refuse = |kind, why: String| Err(Error::new(kind, why));
        if let Some(by) = info.undone_by {
            return refuse(
                ErrorKind::Conflict,
                format!("run {target} was undone already, by run {by}"),
            );
        }
        if !info.committed {
            return refuse(
                ErrorKind::Conflict,
                format!("run {target} did not end well, so there is nothing to undo"),
            );
        }
        if let Some(undid) = info.undoes {
            return refuse(
                ErrorKind::Unsupported,
                format!(
                    "run {target} itself undid run {undid}; to have that work again, run its \
                     tool again"
                ),
            );
        }
        let mut run = self.begin(start)?;
        run.settle()?;
        run.undoes = Some(target);
        for kind in 0..ALL.len() {
            run.refuse_conflicts(target, kind)?;
        }
        let conn = &run.store.conn;
        conn.prepare_cached(queries::HISTORY_FORGET_RUN)?
            .execute([target])?;
        let mut restored = 0;
        let mut removed = 0;
        // A table comes after those it refers to; rows go in the opposite order.
        for kind in (0..ALL.len()).rev() {
            let (back, gone) = (
                run.put_back_all(target, kind)?,
                run.remove_created(target, kind)?,
            );
            restored += back;
            removed += gone;
            if kind == LISTING && back + gone > 0 {
                run.forget_postings(PostingKind::HomeBlock)?;
                run.forget_postings(PostingKind::Photo)?;
            }
        }
        let conn = &run.store.conn;
        conn.prepare_cached(queries::IMAGE_DELETE_RUN)?
            .execute([target])?;
        // They were made of rows that are gone; the next import makes them anew.
        run.forget_figures()?;
        run.forget_settings(target)?;
        conn.prepare_cached(queries::REJECT_UNRESOLVE)?
            .execute([target])?;
        conn.prepare_cached(queries::RUN_UNDONE)?
            .execute(named_params! { "$by": run.number, "$number": target })?;
        let payload = serde_json::json!({
            "run": target, "reason": reason, "removed": removed, "restored": restored,
        });
        run.decide("undo", "", &payload.to_string())?;
        let counts = serde_json::json!({ "removed": removed, "restored": restored });
        let committed = run.commit(&counts.to_string(), "done")?;
        Ok(Undone {
            number: committed.number,
            removed,
            restored,
            head: committed.head,
        })
    }
}

impl Run<'_> {
    fn refuse_conflicts(&self, target: i64, kind: usize) -> Result<()> {
        let table = &ALL[kind];
        let conn = &self.store.conn;
        let changed: Option<(i64, i64)> = conn
            .prepare_cached(&table.created_then_changed)?
            .query_row(named_params! { "$run": target }, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        if let Some((id, later)) = changed {
            return Err(self.conflict(target, kind, id, later));
        }
        self.each_image(target, kind, |id, _| {
            let writer: Option<i64> = conn
                .prepare_cached(&table.updated_run)?
                .query_row([id], |row| row.get(0))
                .optional()?;
            match writer {
                Some(writer) if writer == target => Ok(()),
                Some(later) => Err(self.conflict(target, kind, id, later)),
                None => Err(Error::new(
                    ErrorKind::Conflict,
                    format!(
                        "run {target} cannot be undone: a {} it changed is gone",
                        table.name
                    ),
                )),
            }
        })
    }

    /// The first private field in which two states of a listing differ.
    fn private_difference(&self, one: &[Value], other: &[Value]) -> Result<Option<&'static str>> {
        let open = |row: &[Value]| -> Result<String> {
            let key = match image::value(LISTING, row, "listing_key") {
                Some(Value::Text(key)) => key.as_str(),
                _ => "",
            };
            match image::value(LISTING, row, "sealed") {
                Some(Value::Blob(sealed)) => {
                    let plain = self.store.sealer()?.open(&codec::place(key), sealed)?;
                    Ok(String::from_utf8_lossy(&plain).into_owned())
                }
                _ => Ok(String::new()),
            }
        };
        Ok(facts::first_difference(
            "sealed",
            &open(one)?,
            &open(other)?,
        ))
    }

    /// Says which later run changed what.
    fn conflict(&self, target: i64, kind: usize, id: i64, later: i64) -> Error {
        let difference = || -> Result<Option<&'static str>> {
            let before = image::read(self.store, later, kind, id)?;
            let now = image::capture(&self.store.conn, kind, id)?;
            let Some((before, now)) = before.zip(now) else {
                return Ok(None);
            };
            match image::first_difference(kind, &before, &now) {
                Some("sealed") if kind == LISTING => self.private_difference(&before, &now),
                field => Ok(field),
            }
        };
        let field = difference().ok().flatten().unwrap_or("its source");
        Error::new(
            ErrorKind::Conflict,
            format!(
                "run {target} cannot be undone: run {later} changed {field} of the same {}; undo \
                 run {later} first (nothing was changed)",
                ALL[kind].name
            ),
        )
    }

    fn each_image(
        &self,
        run: i64,
        kind: usize,
        mut each: impl FnMut(i64, &[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut after = i64::MIN;
        loop {
            let mut statement = self.store.conn.prepare_cached(queries::IMAGE_LIST)?;
            let page: Vec<(i64, Vec<u8>)> = statement
                .query_map(
                    named_params! { "$run": run, "$kind": kind as i64, "$after": after },
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?
                .collect::<rusqlite::Result<_>>()?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            for (id, image) in &page {
                each(*id, image)?;
            }
        }
    }

    fn put_back_all(&self, target: i64, kind: usize) -> Result<u64> {
        let mut restored = 0;
        self.each_image(target, kind, |id, sealed| {
            let row = image::open(self.store, target, kind, id, sealed)?;
            image::put_back(&self.store.conn, kind, &row)?;
            restored += 1;
            Ok(())
        })?;
        Ok(restored)
    }

    fn remove_created(&self, target: i64, kind: usize) -> Result<u64> {
        let table = &ALL[kind];
        let removed = self
            .store
            .conn
            .prepare_cached(&table.delete_created)?
            .execute(named_params! { "$run": target });
        match removed {
            Ok(removed) => Ok(removed as u64),
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) =>
            {
                Err(Error::new(
                    ErrorKind::Conflict,
                    format!(
                        "run {target} cannot be undone: records of later runs refer to a {} it \
                         brought; undo those runs first (nothing was changed)",
                        table.name
                    ),
                ))
            }
            Err(error) => Err(error.into()),
        }
    }
}
