//! Members (agents): found by the ids their sources write.

use std::collections::HashMap;

use model::identity::PublicKey;
use rusqlite::{OptionalExtension, named_params};

use crate::error::Result;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// Letter of a member's key.
const LETTER: u8 = b'M';

impl Store {
    /// Keys of the members by the id their source wrote; an id that several have is left out.
    pub fn members(&self) -> Result<HashMap<String, String>> {
        let mut statement = self.conn.prepare_cached(queries::MEMBER_KEYS)?;
        let members = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(members.collect::<rusqlite::Result<_>>()?)
    }

    /// Ids of an office by its key, as its source wrote it.
    pub fn office_id(&self, office_key: &str) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached(queries::OFFICE_ID_BY_KEY)?
            .query_row([office_key], |row| row.get(0))
            .optional()?)
    }

    /// The member that an id written by a system means: the one of that system, else the only one that has
    /// the id at all.
    pub fn member_by_id(&self, system: &str, member_id: &str) -> Result<Option<String>> {
        let mut statement = self.conn.prepare_cached(queries::MEMBER_BY_ID)?;
        let found = statement.query_map([member_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found: Vec<(String, String)> = found.collect::<rusqlite::Result<_>>()?;
        let own = found.iter().find(|(_, known)| known == system);
        Ok(match (own, &found[..]) {
            (Some((key, _)), _) | (None, [(key, _)]) => Some(key.clone()),
            _ => None,
        })
    }
}

impl Run<'_> {
    /// The member that an id means; one that no roster has brought comes into being with what is known.
    pub fn member_or_new(&mut self, system: &str, member_id: &str, name: &str) -> Result<String> {
        if let Some(key) = self.store.member_by_id(system, member_id)? {
            return Ok(key);
        }
        let key = PublicKey::derive(LETTER, system, member_id).to_string();
        self.store
            .conn
            .prepare_cached(queries::MEMBER_INSERT)?
            .execute(named_params! {
                "$key": key, "$system": system, "$member_id": member_id,
                "$name": Some(name).filter(|name| !name.is_empty()), "$run": self.number,
            })?;
        Ok(key)
    }
}
