//! Who was shown or matched a home: the leads whose events name a listing of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::error::Result;
use crate::listing::HomeKey;
use crate::queries;
use crate::store::Store;
use model::identity::PublicKey;

/// One event of a lead with a listing of a home.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HomeSeen {
    /// Key of the lead.
    pub lead_key: String,
    /// Key of the agent of the event, else of the one the lead was last given to.
    pub member_key: Option<String>,
    /// Type of the event.
    pub event: String,
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
}

impl Store {
    /// The events, of the types that are wanted, with any listing of some homes; by home, then by lead and
    /// time. Both tables are read once, however many homes there are.
    pub fn seen(
        &self,
        home_keys: &HashSet<String>,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<BTreeMap<String, Vec<HomeSeen>>> {
        let mut seen: BTreeMap<String, Vec<HomeSeen>> = BTreeMap::new();
        let any: i64 = self
            .conn
            .query_row(queries::EVENT_OF_LISTING_ANY, [], |row| row.get(0))?;
        if any == 0 || home_keys.is_empty() {
            return Ok(seen);
        }
        let homes = self.listings_of(home_keys)?;
        let mut statement = self.conn.prepare_cached(queries::EVENT_OF_LISTINGS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(home) = homes.get(&row.get::<_, i64>(0)?) else {
                continue;
            };
            let event: String = row.get(1)?;
            if wanted(&event) {
                seen.entry(home.clone()).or_default().push(HomeSeen {
                    lead_key: row.get(2)?,
                    member_key: row.get(3)?,
                    event,
                    at: row.get(4)?,
                });
            }
        }
        for events in seen.values_mut() {
            events
                .sort_by(|a, b| (&a.lead_key, a.at, &a.event).cmp(&(&b.lead_key, b.at, &b.event)));
        }
        Ok(seen)
    }

    /// The listings of some homes: internal id to the key of the home.
    fn listings_of(&self, home_keys: &HashSet<String>) -> Result<HashMap<i64, String>> {
        let mut statement = self.conn.prepare_cached(queries::LISTING_HOMES)?;
        let mut rows = statement.query([])?;
        let mut homes = HashMap::new();
        while let Some(row) = rows.next()? {
            let key: String = row.get(1)?;
            let other: Option<String> = row.get(2)?;
            let home = match PublicKey::parse(&key) {
                Some(key) => HomeKey::of(key, other.as_deref()).to_string(),
                None => continue,
            };
            if home_keys.contains(&home) {
                homes.insert(row.get(0)?, home);
            }
        }
        Ok(homes)
    }
}
