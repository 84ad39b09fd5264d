//! The store: records ↔ database. The only crate that speaks SQL, and it decides nothing: what a
//! record is worth, and what becomes of it, its callers say. It reads neither the clock nor the
//! environment, and prints nothing.
//!
//! ```text
//! Store::open ─▶ begin ─▶ Run ─▶ input, upsert_listing, reject, decide, record … ─▶ commit
//!                                   (one transaction; dropped, it leaves no trace but its entry)
//!            └─▶ listings, runs, show, replay, verify, backup: reading
//! ```

mod backup;
mod bar;
mod calendar;
mod community;
mod correction;
mod credit;
mod decision;
mod dialect;
mod error;
mod evidence;
mod homes;
mod image;
mod key;
mod ledger;
mod listing;
mod location;
mod lock;
mod media;
mod member;
mod office;
mod options;
mod posting;
mod queries;
mod question;
mod record;
mod replay;
mod run;
mod schema;
mod seal;
mod seen;
mod setting;
mod show;
mod store;
mod undo;
mod verify;
mod views;

pub use backup::restore;
pub use bar::PromotionBar;
pub use calendar::{CalendarDay, DayKind};
pub use community::{Community, CommunityWrite};
pub use correction::{Correction, CorrectionWrite};
pub use credit::CreditEntry;
pub use dialect::{Engine, numbered, schema};
pub use error::{Error, ErrorKind, Result};
pub use evidence::Evidence;
pub use homes::{HomePair, PairStatus};
pub use key::{default_directory as default_key_directory, is_key_line};
pub use ledger::{Head, InputInfo, RejectInfo, RejectOrigin, RunInfo};
pub use listing::{
    Action, Change, Compared, Guard, HomeKey, ListingWrite, Reconciled, StoredListing, Touched,
    Upserted, Withdrawal, Withdrawn,
};
pub use location::Location;
pub use media::{MediaTold, MediumUpserted, StoredMedium};
pub use member::{Roster, StoredMember};
pub use options::{InputStart, OpenOptions, RejectWrite, RunStart};
pub use posting::{PostingKind, entry as posting_entry};
pub use queries::shared_queries;
pub use question::Question;
pub use replay::{Amendment, amended};
pub use run::{Committed, Run};
pub use seen::HomeSeen;
pub use show::{Decision, Shown, Stats};
pub use store::Store;
pub use undo::Undone;
pub use verify::Verified;
