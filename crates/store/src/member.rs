//! Members (agents): found by the ids their sources write.

use std::collections::HashMap;

use crate::error::Result;
use crate::queries;
use crate::store::Store;

impl Store {
    /// Keys of the members by the id their source wrote; an id that several have is left out.
    pub fn members(&self) -> Result<HashMap<String, String>> {
        let mut statement = self.conn.prepare_cached(queries::MEMBER_KEYS)?;
        let members = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(members.collect::<rusqlite::Result<_>>()?)
    }
}
