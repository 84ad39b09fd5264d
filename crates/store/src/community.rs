//! Communities (小区) and the other names they go by.

use model::identity::PublicKey;
use rusqlite::{OptionalExtension, named_params};

use crate::error::Result;
use crate::image::{self, COMMUNITY};
use crate::listing::Action;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// Letter of a community's key.
const LETTER: u8 = b'K';

/// A community to be stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommunityWrite {
    /// Its id and the system that gave it, which say which it is; city, district and name do where a
    /// source gives none. Only the key made of it is stored.
    pub id: Option<(String, String)>,
    /// City.
    pub city: String,
    /// Name.
    pub name: String,
    /// District.
    pub county_or_parish: String,
    /// Business area.
    pub mls_area_major: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Everything else, as a JSON object; may be empty.
    pub detail: String,
}

/// A community as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Community {
    /// Public key.
    pub key: String,
    /// The rest, without the id.
    pub community: CommunityWrite,
}

impl CommunityWrite {
    /// The key it is stored under.
    pub fn key(&self) -> PublicKey {
        match &self.id {
            Some((system, id)) => PublicKey::derive(LETTER, system, id),
            // No system is without a name, so this meets no id.
            None => {
                let place = [&*self.city, &self.county_or_parish, &self.name].join("\0");
                PublicKey::derive(LETTER, "", &place)
            }
        }
    }
}

impl Run<'_> {
    /// Stores a community; returns its key and what became of it.
    pub fn upsert_community(&mut self, community: &CommunityWrite) -> Result<(PublicKey, Action)> {
        let key = community.key();
        let aliases = Some(community.aliases.join("|")).filter(|text| !text.is_empty());
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let values = [
            Some(community.city.clone()),
            Some(community.name.clone()),
            given(&community.county_or_parish),
            given(&community.mls_area_major),
            aliases,
            given(&community.detail),
        ];
        let [city, name, district, area, aliases, detail] = &values;
        let conn = &self.store.conn;
        let id: Option<i64> = conn
            .prepare_cached(queries::COMMUNITY_ID)?
            .query_row([key.as_str()], |row| row.get(0))
            .optional()?;
        let Some(id) = id else {
            conn.prepare_cached(queries::COMMUNITY_INSERT)?
                .execute(named_params! {
                    "$key": key.as_str(), "$city": city, "$name": name,
                    "$county_or_parish": district, "$mls_area_major": area, "$aliases": aliases,
                    "$detail": detail, "$run": self.number,
                })?;
            return Ok((key, Action::New));
        };
        let stored = image::capture(conn, COMMUNITY, id)?.unwrap_or_default();
        let columns = [
            "city",
            "name",
            "county_or_parish",
            "mls_area_major",
            "aliases",
            "detail",
        ];
        let same = columns.iter().zip(&values).all(|(column, value)| {
            let new = rusqlite::types::Value::from(value.clone());
            image::value(COMMUNITY, &stored, column) == Some(&new)
        });
        if same {
            return Ok((key, Action::Unchanged));
        }
        self.save_image_once(COMMUNITY, id)?;
        self.store
            .conn
            .prepare_cached(queries::COMMUNITY_UPDATE)?
            .execute(named_params! {
                "$city": city, "$name": name, "$county_or_parish": district, "$mls_area_major": area, "$aliases": aliases,
                "$detail": detail, "$run": self.number, "$id": id,
            })?;
        Ok((key, Action::Changed))
    }
}

impl Store {
    /// Every community, ordered by key.
    pub fn communities(&self) -> Result<Vec<Community>> {
        let mut statement = self.conn.prepare_cached(queries::COMMUNITY_LIST)?;
        let communities = statement.query_map([], |row| {
            let text = |column| -> rusqlite::Result<String> {
                Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default())
            };
            let aliases = text(5)?;
            Ok(Community {
                key: row.get(0)?,
                community: CommunityWrite {
                    id: None,
                    city: row.get(1)?,
                    name: row.get(2)?,
                    county_or_parish: text(3)?,
                    mls_area_major: text(4)?,
                    aliases: aliases
                        .split('|')
                        .filter(|alias| !alias.is_empty())
                        .map(str::to_owned)
                        .collect(),
                    detail: text(6)?,
                },
            })
        })?;
        Ok(communities.collect::<rusqlite::Result<_>>()?)
    }
}
