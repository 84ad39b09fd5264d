//! The lines of a plan: what becomes of each listing, field by field, private values masked.

use cli::schema::{SchemaField, WireKind};
use model::field::Storage;
use model::listing::{Listing, ListingField};
use serde_json::{Map, Value, json};
use store::{StoredListing, Touched};

use crate::emit::{self, Change, findings_text, present};

/// What a line says, in order.
pub(crate) const FIELDS: [SchemaField<'static>; 7] = [
    (
        "action",
        WireKind::OneOf(&["new", "changed", "withdrawn", "rejected"]),
        "What becomes of it",
    ),
    ("listing_key", WireKind::Text, "Key in the store"),
    ("listing_id", WireKind::Text, "Id at its source"),
    ("line", WireKind::Integer, "Line of its row"),
    ("source", WireKind::Text, "File the row is from"),
    (
        "frozen",
        WireKind::Flag,
        "Whether it would be stored but not offered",
    ),
    (
        "diff",
        WireKind::Object,
        "Each field that differs: its value before and after",
    ),
];

/// The line of a listing that the run would write. `source` is the file that names it, where one does.
pub(super) fn of_listing(touched: &Touched, source: Option<&str>) -> Map<String, Value> {
    let after = &touched.after;
    let line = Line {
        action: action(touched),
        listing_key: Some(&after.key),
        listing_id: &after.listing.listing_id,
        line: source.and_then(|_| u64::try_from(after.line).ok()),
        source,
        frozen: after.frozen,
        diff: diff(touched.before.as_ref(), after),
    };
    line.into_record()
}

/// The line of a row that the run would refuse.
pub(super) fn of_refusal(change: &Change<'_>) -> serde_json::Result<Map<String, Value>> {
    let findings = findings_text(change.findings)?;
    let mut diff = Map::new();
    note(&mut diff, "findings", Value::Null, parse(&findings));
    let line = Line {
        action: change.action,
        listing_key: None,
        listing_id: change.listing_id,
        line: change.line,
        source: present(change.source),
        frozen: false,
        diff,
    };
    Ok(line.into_record())
}

struct Line<'a> {
    action: &'static str,
    listing_key: Option<&'a str>,
    listing_id: &'a str,
    line: Option<u64>,
    source: Option<&'a str>,
    frozen: bool,
    diff: Map<String, Value>,
}

impl Line<'_> {
    fn into_record(self) -> Map<String, Value> {
        let members = [
            ("action", json!(self.action)),
            ("listing_key", json!(self.listing_key)),
            ("listing_id", json!(present(self.listing_id))),
            ("line", json!(self.line)),
            ("source", json!(self.source)),
            ("frozen", json!(self.frozen)),
            ("diff", Value::Object(self.diff)),
        ];
        let named = members.map(|(name, value)| (name.to_owned(), value));
        named.into_iter().collect()
    }
}

/// What becomes of a listing. What no row names can only be withdrawn, or changed by what became of others.
fn action(touched: &Touched) -> &'static str {
    use model::codes::StandardStatus::Withdrawn;
    let Some(before) = &touched.before else {
        return "new";
    };
    let status = |stored: &StoredListing| stored.listing.standard_status;
    let goes = status(&touched.after) == Some(Withdrawn) && status(before) != Some(Withdrawn);
    if goes && !touched.seen {
        "withdrawn"
    } else {
        "changed"
    }
}

/// Each field that differs, with its value before and after.
fn diff(before: Option<&StoredListing>, after: &StoredListing) -> Map<String, Value> {
    let mut diff = Map::new();
    let mut state = |name, of: &dyn Fn(&StoredListing) -> Value| {
        note(&mut diff, name, before.map_or(Value::Null, of), of(after));
    };
    state("home_key", &|stored| json!(stored.home_key));
    state("frozen", &|stored| json!(stored.frozen));
    state("held", &|stored| json!(stored.held));
    state("verification", &|stored| {
        json!(stored.verification.as_str())
    });
    state("verified_until", &|stored| json!(stored.verified_until));
    state("findings", &|stored| {
        let found = [&stored.findings, &stored.stock_findings];
        let lists = found.map(|findings| parse(findings));
        lists
            .iter()
            .filter_map(Value::as_array)
            .flatten()
            .cloned()
            .collect()
    });
    let nothing = Listing::default();
    let was = before.map_or(&nothing, |before| &before.listing);
    for field in ListingField::ALL {
        // Two private values may look the same behind their masks.
        let hidden = field.field().storage == Storage::Sealed;
        let differs = hidden && was.get(*field) != after.listing.get(*field);
        let shown = [was, &after.listing].map(|listing| {
            serde_json::to_value(emit::shown(listing, *field, false)).unwrap_or_default()
        });
        if differs || shown[0] != shown[1] {
            diff.insert(field.name().to_owned(), json!(shown));
        }
    }
    diff
}

/// Notes a field that differs; an empty list is as good as none.
fn note(diff: &mut Map<String, Value>, name: &str, before: Value, after: Value) {
    let bare = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    if before != after && !(bare(&before) && bare(&after)) {
        diff.insert(name.to_owned(), json!([before, after]));
    }
}

/// Findings as the store keeps them.
fn parse(findings: &str) -> Value {
    serde_json::from_str(findings).unwrap_or_default()
}
