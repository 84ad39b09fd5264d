//! Who a record is: the pair of originating system and key there. Records that come without an id are
//! told apart by a hash of what does not change about them and by how often it has come up.

use std::collections::HashMap;

use intake::{Fault, Record};
use model::listing::Listing;
use model::rule::{Effect, Finding, Rule, Words};
use model::text;

use crate::collect::Feed;
use crate::settle::identity_hash;

/// The id column has no id in this row.
pub(crate) static MISSING_ID: Rule = Rule {
    code: "X141",
    name: "missing-id",
    effect: Effect::Reject,
    about: Words {
        en: "the id is missing",
        zh: "缺少编号",
    },
    mend: Words {
        en: "fill in the id the source gives the listing",
        zh: "补上来源系统的房源编号",
    },
    bad: "listing_id=",
    good: "listing_id=101102647043",
};

/// A later row of the same run has the same key; only the last one counts.
pub(crate) static REPEATED_KEY: Rule = Rule {
    code: "X142",
    name: "repeated-key",
    effect: Effect::Warn,
    about: Words {
        en: "a later row has the same key, and only the last one counts",
        zh: "后面的行有相同的编号，以最后一行为准",
    },
    mend: Words {
        en: "keep one row for each listing; if these are different homes, import each source with its own --source",
        zh: "每套房源只保留一行；若实为不同房源，请用 --source 区分来源",
    },
    bad: "two rows with listing_id=17",
    good: "one row with listing_id=17",
};

/// Rules about identity.
pub(crate) static RULES: &[&Rule] = &[&MISSING_ID, &REPEATED_KEY, &UNLIKE_RECORD];

/// Two rows under one key are not the same home.
pub(crate) static UNLIKE_RECORD: Rule = Rule {
    code: "X143",
    name: "unlike-record",
    effect: Effect::Warn,
    about: Words {
        en: "the record under this key was another home",
        zh: "该编号原先对应另一套房源",
    },
    mend: Words {
        en: "two systems may share an id: import each of them with its own --source NAME",
        zh: "两个系统可能使用了同一编号：请分别用 --source 名称 导入",
    },
    bad: "listing_id=17; city=北京, stored before with city=上海",
    good: "the same rows, each imported with its own --source",
};

/// Gives the records of one file their identity.
#[derive(Default)]
pub(crate) struct Identifier {
    /// How often each hash has come up, for records without an id: 16 bytes a distinct record.
    occurrences: HashMap<u64, u32>,
}

impl Identifier {
    /// Fills in `originating_system_name` and `originating_system_key`.
    pub(crate) fn identify(
        &mut self,
        feed: &Feed,
        listing: &mut Listing,
        findings: &mut Vec<Finding>,
    ) {
        if listing.originating_system_name.is_empty() {
            listing.originating_system_name.push_str(&feed.system);
        }
        if !listing.listing_id.is_empty() {
            listing.originating_system_key.clear();
            listing.originating_system_key.push_str(&listing.listing_id);
        } else if !listing.originating_system_key.is_empty() {
            // Our own output names the key of a record that never had an id.
        } else if feed.normaliser.has_id() {
            findings.push(Finding::new(&MISSING_ID, Some("listing_id"), ""));
        } else {
            let hash = identity_hash(listing);
            let short = hash.as_bytes()[..8]
                .iter()
                .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
            let occurrence = self
                .occurrences
                .entry(short)
                .and_modify(|count| *count += 1)
                .or_insert(1);
            listing.originating_system_key = format!("{}-{occurrence}", &hash.to_hex()[..16]);
        }
    }

    /// Identifies a record of broken form by the cell where its id should stand.
    pub(crate) fn identify_faulty(&self, feed: &Feed, record: &Record, listing: &mut Listing) {
        let Some(column) = feed.understanding.column_of("listing_id") else {
            return;
        };
        // What is no JSON is kept as one cell, which is the whole line and no id.
        if matches!(record.fault(), Some(Fault::Json(_) | Fault::NotAnObject)) {
            return;
        }
        let id = text::trim(record.text(column));
        if !text::is_null(id) {
            listing.listing_id.push_str(id);
            listing.originating_system_key.push_str(id);
            listing.originating_system_name.push_str(&feed.system);
        }
    }
}
