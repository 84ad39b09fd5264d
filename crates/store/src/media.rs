//! Media of listings: photos, videos, tours and plans.

use std::collections::HashMap;

use model::Decimal;
use model::codes::MediaKind;
use model::identity::PublicKey;
use model::media::Media;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, named_params};

use crate::error::Result;
use crate::image::{self, MEDIA};
use crate::listing::Action;
use crate::queries;
use crate::run::Run;
use crate::store::Store;

/// Letter of a medium's key.
const LETTER: u8 = b'P';

/// A medium as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredMedium {
    id: i64,
    /// Public key.
    pub key: String,
    /// Internal id of its listing; never shown.
    pub listing: u32,
    /// Whether the listing's own row told of it, which tells of all it shows.
    pub own: bool,
    /// The rest.
    pub medium: Media,
}

/// What an upsert of a medium did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediumUpserted {
    /// What became of it, all rows of the run so far taken together.
    pub action: Action,
    /// What was said to have become of it, where an earlier row of the run told of it too.
    pub earlier_action: Option<Action>,
}

/// What media tell, each of some medium at least, as the latest ten thousand show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MediaTold {
    /// There are media.
    pub media: bool,
    /// What they show.
    pub rooms: bool,
    /// How long videos last.
    pub seconds: bool,
    /// Their pixels.
    pub pixels: bool,
    /// Whether they bear watermarks.
    pub watermarks: bool,
    /// Whether they were drawn.
    pub renderings: bool,
}

/// The key of a listing's medium: a photo that two listings show is a medium of each.
pub(crate) fn media_key(listing_key: &str, url: &str) -> PublicKey {
    PublicKey::derive(LETTER, listing_key, url)
}

impl Run<'_> {
    /// Internal id of the listing with this key.
    pub fn listing_id_of(&mut self, key: PublicKey) -> Result<Option<u32>> {
        // ids are checked when they are given out
        let found = self.find_listing(key)?;
        Ok(found.and_then(|found| u32::try_from(found.id).ok()))
    }

    /// Hands out every listing's internal id and its id at its source.
    pub fn listing_ids(&mut self, mut each: impl FnMut(u32, &str)) -> Result<()> {
        let mut statement = self.store.conn.prepare_cached(queries::LISTING_ID_NAMES)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            each(row.get(0)?, id);
        }
        Ok(())
    }

    /// Key of a listing, and its id at its source.
    pub fn listing_named(&self, id: u32) -> Result<Option<(String, String)>> {
        Ok(self
            .store
            .conn
            .prepare_cached(queries::LISTING_NAMED)?
            .query_row([id], |row| {
                Ok((
                    row.get(0)?,
                    row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                ))
            })
            .optional()?)
    }

    /// The medium a listing has under this address.
    pub fn medium(&self, listing_key: &str, url: &str) -> Result<Option<StoredMedium>> {
        self.store.medium(media_key(listing_key, url))
    }

    /// Every medium of a listing, as the run would leave them, those it no longer shows too.
    pub fn media_of(&self, listing: u32) -> Result<Vec<StoredMedium>> {
        self.store.media_of(listing)
    }

    /// Internal ids of the listings that have media, in order.
    pub fn listings_with_media(&self) -> Result<Vec<u32>> {
        let mut statement = self.store.conn.prepare_cached(queries::MEDIA_LISTINGS)?;
        let ids = statement.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// What the store's media tell.
    pub fn media_told(&self) -> Result<MediaTold> {
        let told = self.store.conn.query_row(queries::MEDIA_TOLD, [], |row| {
            let some = |column| Ok::<_, rusqlite::Error>(row.get::<_, i64>(column)? > 0);
            Ok(MediaTold {
                media: some(0)?,
                rooms: some(1)?,
                seconds: some(2)?,
                pixels: some(3)?,
                watermarks: some(4)?,
                renderings: some(5)?,
            })
        })?;
        Ok(told)
    }

    /// Whether the store has media at all.
    pub fn has_media(&self) -> Result<bool> {
        let count: i64 = (self.store.conn).query_row(queries::MEDIA_ANY, [], |row| row.get(0))?;
        Ok(count > 0)
    }

    /// Stores a medium of a listing under its address: inserts it, writes it again where it differs, or
    /// leaves it alone. `own` says that the listing's own row told of it.
    pub fn upsert_medium(
        &mut self,
        listing: u32,
        listing_key: &str,
        medium: &Media,
        own: bool,
    ) -> Result<MediumUpserted> {
        let key = media_key(listing_key, &medium.url);
        let now = |action| MediumUpserted {
            action,
            earlier_action: None,
        };
        let Some(known) = self.store.medium(key)? else {
            self.insert_medium(listing, key, medium, own)?;
            return Ok(now(Action::New));
        };
        if own == known.own && known.medium == shown(medium) {
            // What an earlier row has made of it stays as it was told.
            return Ok(now(Action::Unchanged));
        }
        let id = known.id;
        let row = image::capture(&self.store.conn, MEDIA, id)?.unwrap_or_default();
        let created_now = image::integer(MEDIA, &row, "created_run") == Some(self.number);
        let start = image::read(self.store, self.number, MEDIA, id)?;
        let earlier = match (created_now, &start) {
            (true, _) => Some(Action::New),
            (false, Some(_)) => Some(Action::Changed),
            (false, None) => None,
        };
        let mut upserted = MediumUpserted {
            action: earlier.unwrap_or(Action::Unchanged),
            earlier_action: earlier,
        };
        if !created_now && start.is_none() {
            self.save_image(MEDIA, id)?;
        }
        self.update_medium(id, medium, own)?;
        if created_now {
            return Ok(upserted);
        }
        upserted.action = Action::Changed;
        // A later row may bring back what was there when the run began.
        if let Some(start) = start {
            let row = image::capture(&self.store.conn, MEDIA, id)?.unwrap_or_default();
            if image::first_difference(MEDIA, &start, &row).is_none() {
                self.restore(MEDIA, id, &start)?;
                upserted.action = Action::Unchanged;
            }
        }
        Ok(upserted)
    }

    fn insert_medium(&self, listing: u32, key: PublicKey, medium: &Media, own: bool) -> Result<()> {
        let [kind, room, seconds, content_hash, watermark, caption] = texts(medium);
        self.store
            .conn
            .prepare_cached(queries::MEDIA_INSERT)?
            .execute(named_params! {
                "$media_key": key.as_str(), "$listing": listing, "$own": flag(own), "$url": medium.url,
                "$kind": kind, "$room": room, "$width": medium.width, "$height": medium.height,
                "$seconds": seconds, "$content_hash": content_hash, "$watermark": watermark,
                "$rendering": medium.rendering, "$sort_order": medium.sort_order, "$caption": caption,
                "$removed": flag(medium.removed == Some(true)), "$run": self.number,
            })?;
        Ok(())
    }

    fn update_medium(&self, id: i64, medium: &Media, own: bool) -> Result<()> {
        let [kind, room, seconds, content_hash, watermark, caption] = texts(medium);
        self.store
            .conn
            .prepare_cached(queries::MEDIA_UPDATE)?
            .execute(named_params! {
                "$own": flag(own), "$kind": kind, "$room": room, "$width": medium.width,
                "$height": medium.height, "$seconds": seconds, "$content_hash": content_hash,
                "$watermark": watermark, "$rendering": medium.rendering,
                "$sort_order": medium.sort_order, "$caption": caption,
                "$removed": flag(medium.removed == Some(true)), "$run": self.number, "$id": id,
            })?;
        Ok(())
    }
}

impl Store {
    /// Every medium of a listing, those it no longer shows too.
    pub fn media(&self, listing_key: &str) -> Result<Vec<StoredMedium>> {
        let id: Option<u32> = self
            .conn
            .prepare_cached(queries::LISTING_ID_BY_KEY)?
            .query_row([listing_key], |row| row.get(0))
            .optional()?;
        match id {
            Some(id) => self.media_of(id),
            None => Ok(Vec::new()),
        }
    }

    /// How many media the listings show, by their keys; those without are absent.
    pub fn media_counts(&self) -> Result<HashMap<String, u64>> {
        let mut statement = self.conn.prepare_cached(queries::MEDIA_COUNTS)?;
        let counts = statement.query_map([], |row| {
            let count: i64 = row.get(1)?;
            Ok((row.get(0)?, count.unsigned_abs()))
        })?;
        Ok(counts.collect::<rusqlite::Result<_>>()?)
    }

    fn media_of(&self, listing: u32) -> Result<Vec<StoredMedium>> {
        let mut statement = self.conn.prepare_cached(queries::MEDIA_OF_LISTING)?;
        let media = statement.query_map([listing], read)?;
        Ok(media.collect::<rusqlite::Result<_>>()?)
    }

    fn medium(&self, key: PublicKey) -> Result<Option<StoredMedium>> {
        Ok(self
            .conn
            .prepare_cached(queries::MEDIA_BY_KEY)?
            .query_row([key.as_str()], read)
            .optional()?)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredMedium> {
    let text = |column| -> rusqlite::Result<String> {
        Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default())
    };
    let kind = MediaKind::from_code(&text(5)?);
    Ok(StoredMedium {
        id: row.get(0)?,
        key: row.get(1)?,
        listing: row.get(2)?,
        own: row.get::<_, Option<bool>>(3)? == Some(true),
        medium: Media {
            url: row.get(4)?,
            kind,
            room: text(6)?,
            width: row.get(7)?,
            height: row.get(8)?,
            seconds: text(9)?.parse::<Decimal>().ok(),
            content_hash: text(10)?,
            watermark: text(11)?,
            rendering: row.get(12)?,
            sort_order: row.get(13)?,
            caption: text(14)?,
            removed: row.get(15)?,
            ..Media::default()
        },
    })
}

/// A medium as it is read back.
fn shown(medium: &Media) -> Media {
    Media {
        originating_system_name: String::new(),
        listing_id: String::new(),
        extra: String::new(),
        kind: Some(medium.kind.unwrap_or(MediaKind::Photo)),
        seconds: medium.seconds.map(|seconds| seconds.normalize()),
        removed: medium.removed.filter(|removed| *removed),
        ..medium.clone()
    }
}

/// Kind, room, seconds, content hash, watermark and caption as they are kept.
fn texts(medium: &Media) -> [Value; 6] {
    let given = |text: &str| match text {
        "" => Value::Null,
        text => Value::Text(text.to_owned()),
    };
    let kind = medium.kind.unwrap_or(MediaKind::Photo);
    let seconds = medium
        .seconds
        .map(|seconds| seconds.normalize().to_string());
    [
        given(kind.as_str()),
        given(&medium.room),
        given(&seconds.unwrap_or_default()),
        given(&medium.content_hash),
        given(&medium.watermark),
        given(&medium.caption),
    ]
}

/// A flag that is kept only where it holds.
fn flag(holds: bool) -> Option<bool> {
    holds.then_some(true)
}
