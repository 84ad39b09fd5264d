//! Offices: branches, as rosters name them.

use model::field::Storage;
use model::identity::{PublicKey, office_key};
use model::office::{Office, OfficeField};
use rusqlite::{OptionalExtension, named_params};

use crate::error::Result;
use crate::image::{self, OFFICE};
use crate::listing::Action;
use crate::queries;
use crate::record;
use crate::run::Run;

impl Run<'_> {
    /// Stores an office; returns its key and what became of it.
    pub fn upsert_office(&mut self, office: &Office) -> Result<(PublicKey, Action)> {
        let key = office_key(
            &office.originating_system_name,
            &office.originating_system_key,
        );
        let fields = || {
            OfficeField::ALL
                .iter()
                .map(|field| (field.field(), office.get(*field)))
        };
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let status = office
            .office_status
            .map(|status| status.as_str().to_owned());
        let values = [
            given(&office.office_id),
            given(&office.office_name),
            status,
            record::object(fields(), Storage::Detail),
        ];
        let [office_id, name, status, detail] = &values;
        let conn = &self.store.conn;
        let id: Option<i64> = conn
            .prepare_cached(queries::OFFICE_ID)?
            .query_row([key.as_str()], |row| row.get(0))
            .optional()?;
        let Some(id) = id else {
            conn.prepare_cached(queries::OFFICE_INSERT)?
                .execute(named_params! {
                    "$key": key.as_str(), "$system": office.originating_system_name,
                    "$system_key": office.originating_system_key, "$office_id": office_id.as_deref().unwrap_or_default(),
                    "$name": name, "$status": status, "$detail": detail, "$run": self.number,
                })?;
            return Ok((key, Action::New));
        };
        let stored = image::capture(conn, OFFICE, id)?.unwrap_or_default();
        let columns = ["office_id", "office_name", "office_status", "detail"];
        let same = columns.iter().zip(&values).all(|(column, value)| {
            let new = rusqlite::types::Value::from(value.clone());
            image::value(OFFICE, &stored, column) == Some(&new)
        });
        if same {
            return Ok((key, Action::Unchanged));
        }
        self.save_image_once(OFFICE, id)?;
        self.store
            .conn
            .prepare_cached(queries::OFFICE_UPDATE)?
            .execute(named_params! {
                "$office_id": office_id.as_deref().unwrap_or_default(), "$name": name, "$status": status,
                "$detail": detail, "$run": self.number, "$id": id,
            })?;
        Ok((key, Action::Changed))
    }
}
