//! Media of listings: a table of them (`--media FILE`), or what a listing's own row tells of its photos,
//! videos and tours. Both come to the same rows of the store, known by listing and address.
//!
//! ```text
//! --media FILE ─ table ─ row ─┐
//!                             ├─ find the listing ─ join with what is known ─▶ the store
//! a listing's row ─ objects ──┘
//! ```

mod find;
pub(crate) mod judge;
pub(crate) mod objects;
mod rooms;
mod row;
pub(crate) mod rules;
mod table;
mod take;

use model::media::{Media, MediaField};
use store::StoredMedium;

pub(crate) use table::{MediaTable, input_of_listings, open};

/// A medium that a row tells of, together with what is known of it. What the row has no column for stays as
/// it is; a medium that is told of again is shown again.
fn join(mut told: Media, columns: &[MediaField], known: Option<&StoredMedium>) -> Media {
    let Some(known) = known else {
        return told;
    };
    for field in MediaField::ALL {
        let is_told = columns.contains(field);
        let keeps = match field {
            MediaField::Url | MediaField::Removed => false,
            // Without a column it is only guessed.
            MediaField::Kind => !is_told,
            field => !is_told && told.get(*field).is_null(),
        };
        if keeps {
            told.set(*field, known.medium.get(*field));
        }
    }
    told
}
