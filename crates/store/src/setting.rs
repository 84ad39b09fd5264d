//! What the tools keep between runs, by name.

use rusqlite::OptionalExtension;

use crate::error::Result;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

impl Store {
    /// What was kept under a name.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        let mut statement = self.conn.prepare_cached(queries::SETTING_GET)?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }
}

impl Run<'_> {
    /// Keeps a text under a name.
    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        self.store
            .conn
            .prepare_cached(queries::SETTING_SET)?
            .execute((name, value, self.number))?;
        Ok(())
    }

    /// Drops what a run that is undone and those after it have kept: it may rest on what is gone.
    pub(crate) fn forget_settings(&mut self, target: i64) -> Result<()> {
        self.store
            .conn
            .prepare_cached(queries::SETTING_FORGET)?
            .execute([target])?;
        Ok(())
    }
}
