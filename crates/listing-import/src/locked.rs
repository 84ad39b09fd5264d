//! What people have looked into is not overwritten by a row: the fields that verification locks, what a row
//! says against them, and listings that were found to be false.

use std::collections::BTreeMap;

use anyhow::Result;
use cli::open;
use cli::rules::Effects;
use model::area::Hundredths;
use model::codes::Verification;
use model::field::{Kind, Storage, Stored, Value as Field};
use model::jiff::civil::Date;
use model::listing::{Listing, ListingField};
use model::mask;
use model::rule::{Effect, Finding, Rule, Words};
use serde_json::{Map, Value, json};
use store::{Action, Correction, CorrectionWrite, Reconciled, Run, StoredListing};

use crate::emit::findings_text;
use crate::rules::Columns;
use crate::settle;
use crate::standing::{self, Decision, Judgement};

/// A row says something else than the verified listing.
static LOCKED_FIELD: Rule = Rule {
    code: "L901",
    name: "locked-field",
    effect: Effect::Warn,
    about: Words {
        en: "the listing is verified, so these fields keep their values until a correction is approved",
        zh: "房源已核验，以下字段保持原值，待修改申请通过后才会更改",
    },
    mend: Words {
        en: "put the source right, or have the pending correction approved (`listing-import correct list`)",
        zh: "改正来源数据，或等待修改申请通过（`listing-import correct list`）",
    },
    bad: "verified with building_area_total=89.5; the row says building_area_total=95",
    good: "the row says building_area_total=89.5",
};

/// A person found out that the listing does not exist as advertised.
static FALSE_LISTING: Rule = Rule {
    code: "L902",
    name: "false-listing",
    effect: Effect::Warn,
    about: Words {
        en: "the listing was found to be false and stays withdrawn",
        zh: "该房源已被认定为虚假房源，保持下架",
    },
    mend: Words {
        en: "take it out of the source; if the decision was wrong, `store-admin undo` its run",
        zh: "请从来源中删除；如认定有误，请用 `store-admin undo` 撤销该次运行",
    },
    bad: "a row with the id of a listing that `queue reject --false` took off",
    good: "no such row",
};

/// Rules about what people have looked into.
pub(crate) static RULES: &[&Rule] = &[&LOCKED_FIELD, &FALSE_LISTING];

/// Area, layout, floor and address, as verified.
pub(crate) const LOCKED: [ListingField; 20] = [
    ListingField::BuildingAreaTotal,
    ListingField::BuildingAreaUnits,
    ListingField::LivingArea,
    ListingField::LivingAreaUnits,
    ListingField::BedroomsTotal,
    ListingField::LivingRooms,
    ListingField::Kitchens,
    ListingField::BathroomsTotalInteger,
    ListingField::EntryLevel,
    ListingField::FloorBand,
    ListingField::StoriesTotal,
    ListingField::City,
    ListingField::CountyOrParish,
    ListingField::SubdivisionName,
    ListingField::BuildingName,
    ListingField::Entrance,
    ListingField::UnitNumber,
    ListingField::UnparsedAddress,
    ListingField::StreetName,
    ListingField::StreetNumber,
];

/// Locked fields in which a row says something else than the stored listing. What it leaves out it says
/// nothing against, and a unit means nothing without its area.
pub(crate) fn differences(stored: &Listing, row: &Listing) -> Vec<ListingField> {
    let says = |field: ListingField| {
        let of = match field {
            ListingField::BuildingAreaUnits => ListingField::BuildingAreaTotal,
            ListingField::LivingAreaUnits => ListingField::LivingArea,
            other => other,
        };
        !row.get(of).is_null() && !row.get(field).is_null()
    };
    LOCKED
        .into_iter()
        .filter(|field| says(*field) && row.get(*field) != stored.get(*field))
        .collect()
}

/// Changes that are wanted: field to `[value, wanted value]`, as the store keeps values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Wanted {
    open: Map<String, Value>,
    private: Map<String, Value>,
}

impl Wanted {
    /// The change of some fields.
    pub(crate) fn of(stored: &Listing, wanted: &Listing, fields: &[ListingField]) -> Self {
        let mut changes = Wanted::default();
        for field in fields {
            let change = json!([kept(stored.get(*field)), kept(wanted.get(*field))]);
            changes.part(*field).insert(field.name().to_owned(), change);
        }
        changes
    }

    /// Reads what the store keeps.
    pub(crate) fn parse(open: &str, private: &str) -> Self {
        let parse = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Wanted {
            open: parse(open),
            private: parse(private),
        }
    }

    fn part(&mut self, field: ListingField) -> &mut Map<String, Value> {
        match field.field().storage {
            Storage::Sealed => &mut self.private,
            _ => &mut self.open,
        }
    }

    /// As the store keeps it: what is not private, and what is.
    pub(crate) fn texts(&self) -> (String, String) {
        let private = match self.private.is_empty() {
            true => String::new(),
            false => json!(self.private).to_string(),
        };
        (json!(self.open).to_string(), private)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.private.is_empty()
    }

    /// Takes over another's changes; of a field that both name, the other's counts.
    pub(crate) fn extend(&mut self, other: Wanted) {
        self.open.extend(other.open);
        self.private.extend(other.private);
    }

    /// Drops the changes that another names too, value for value.
    fn drop_those_of(&mut self, other: &Wanted) {
        self.open
            .retain(|field, change| other.open.get(field) != Some(change));
        self.private
            .retain(|field, change| other.private.get(field) != Some(change));
    }

    /// Sets what is wanted in a listing; returns the fields.
    pub(crate) fn apply(&self, listing: &mut Listing) -> Vec<ListingField> {
        let mut fields = Vec::new();
        for (name, change) in self.open.iter().chain(&self.private) {
            let Some(field) = ListingField::from_name(name) else {
                continue;
            };
            let stored = match &change[1] {
                Value::String(text) => Stored::Text(text),
                Value::Number(number) => Stored::Number(number.as_i64().unwrap_or_default()),
                _ => continue,
            };
            listing.set(field, stored.value(field.field().kind));
            fields.push(field);
        }
        fields
    }

    /// Field to `[value, wanted value]` as outputs show it.
    pub(crate) fn shown(&self, reveal: bool) -> Value {
        let mut shown = Map::new();
        for field in LOCKED {
            let change = self
                .open
                .get(field.name())
                .or(self.private.get(field.name()));
            let Some(Value::Array(change)) = change else {
                continue;
            };
            let values: Vec<Value> = change
                .iter()
                .map(|value| match (field.field(), value) {
                    (known, Value::Number(number)) if known.kind == Kind::Area => {
                        let hundredths = Hundredths(number.as_i64().unwrap_or_default());
                        Value::from(hundredths.to_string())
                    }
                    (known, Value::String(text)) if known.storage == Storage::Sealed && !reveal => {
                        Value::from(mask::listing_field(field, text))
                    }
                    (_, value) => value.clone(),
                })
                .collect();
            shown.insert(field.name().to_owned(), Value::from(values));
        }
        Value::Object(shown)
    }
}

/// A value as the store keeps it.
fn kept(value: Field<'_>) -> Value {
    match value {
        Field::Text(text) | Field::List(text) => Value::from(text),
        Field::Integer(number) | Field::Money(number) | Field::Area(number) => Value::from(number),
        _ => Value::Null,
    }
}

/// A run's rows against what people have looked into.
pub(crate) struct Locks {
    today: Date,
    locked_field: Option<Effect>,
    false_listing: Option<Effect>,
    /// By key of each verified listing that the run changed: what its last row wants changed, and the fields of which
    /// it says something.
    wanted: BTreeMap<String, (Wanted, Columns)>,
}

/// What was made of a row that meets such a listing.
#[derive(Default)]
pub(crate) struct Met {
    /// The row's findings, and those about what was kept.
    pub findings: Vec<Finding>,
    /// Whether people have looked into the listing.
    pub decided: bool,
    /// What a verified listing's row wants changed.
    wanted: Option<Wanted>,
}

impl Locks {
    /// What the config makes of the rules.
    pub(crate) fn new(effects: &Effects, today: Date) -> Self {
        // The row has been understood: there is nothing to refuse.
        let effect = |rule| effects.of(rule).map(|effect| effect.max(Effect::Freeze));
        Locks {
            today,
            locked_field: effect(&LOCKED_FIELD),
            false_listing: effect(&FALSE_LISTING),
            wanted: BTreeMap::new(),
        }
    }

    /// What the store asks before it writes such a listing again. `judge` looks at a listing by the rules of single
    /// rows.
    pub(crate) fn reconcile(
        &self,
        stored: &StoredListing,
        hash: u64,
        mut listing: Listing,
        mut findings: Vec<Finding>,
        judge: impl FnOnce(&Listing, &mut Vec<Finding>),
        met: &mut Met,
    ) -> Option<Reconciled> {
        let judgement = Judgement::parse(&stored.judgement);
        let mut contested = Vec::new();
        if stored.verification_on(self.today) == Verification::Verified {
            contested = differences(&stored.listing, &listing);
            met.wanted = Some(Wanted::of(&stored.listing, &listing, &contested));
            keep(&mut listing, &stored.listing);
            if !contested.is_empty() {
                // What the row says against the verified fields is not what is stored.
                judge(&listing, &mut findings);
            }
        }
        let mut tell = |rule, effect: Option<Effect>, detail: String| {
            if let Some(effect) = effect {
                let mut finding = Finding::new(rule, None, detail);
                finding.effect = effect;
                findings.push(finding);
            }
        };
        if !contested.is_empty() {
            let names: Vec<&str> = contested.iter().map(|field| field.name()).collect();
            tell(&LOCKED_FIELD, self.locked_field, names.join(", "));
        }
        if judgement
            .as_ref()
            .is_some_and(|judgement| judgement.decision == Decision::False)
        {
            tell(&FALSE_LISTING, self.false_listing, String::new());
            listing.standard_status = stored.listing.standard_status;
            listing.withdrawn_date = stored.listing.withdrawn_date;
        }
        let findings_json = findings_text(&findings).ok()?;
        let mut known = standing::kept(&findings_json);
        known.extend(standing::kept(&stored.stock_findings));
        let stands = standing::standing(&known, judgement.as_ref(), hash as i64);
        let frozen = stands.frozen || stands.held;
        met.findings = findings;
        met.decided = true;
        Some(Reconciled {
            listing,
            findings_json,
            frozen,
            same: false,
        })
    }

    /// Whether people have looked into a listing, so that a row does not simply overwrite it.
    pub(crate) fn concern(&self, stored: &StoredListing) -> bool {
        !stored.judgement.is_empty() || stored.verification_on(self.today) == Verification::Verified
    }

    /// Remembers what the last row of a listing wants changed; a row that changed nothing wants nothing new.
    pub(crate) fn remember(&mut self, key: &str, action: Action, given: Columns, met: &mut Met) {
        match met.wanted.take() {
            Some(wanted) if action != Action::Unchanged => {
                self.wanted.insert(key.to_owned(), (wanted, given));
            }
            _ => {
                self.wanted.remove(key);
            }
        }
    }

    /// Asks for the corrections, once all rows are in, and takes back those that no row wants any more. What was
    /// rejected is not asked for again. Returns how many were asked for.
    pub(crate) fn settle(&mut self, run: &mut Run<'_>) -> Result<u64> {
        let mut asked = 0;
        for (key, (mut wanted, given)) in std::mem::take(&mut self.wanted) {
            let known = run.store().corrections_of(&key).map_err(open::failure)?;
            for rejected in known.iter().filter(|known| known.status == "rejected") {
                wanted.drop_those_of(&Wanted::parse(&rejected.changes, &rejected.private));
            }
            if wanted.is_empty() {
                let pending = known
                    .iter()
                    .find(|known| known.status == "pending" && known.origin == "import");
                // A row that says nothing of a field does not agree about it.
                let agrees = |pending: &Correction| {
                    let contested = Wanted::parse(&pending.changes, &pending.private);
                    let fields = contested.apply(&mut Listing::default());
                    fields.into_iter().all(|field| given.has(field))
                };
                if let Some(pending) = pending.filter(|pending| agrees(pending)) {
                    run.close_correction(pending, "withdrawn", Some("the source agrees again"))
                        .map_err(open::failure)?;
                }
                continue;
            }
            let (changes, private) = wanted.texts();
            let write = CorrectionWrite {
                listing_key: &key,
                origin: "import",
                changes: &changes,
                private: &private,
                reason: Some("its source says otherwise"),
            };
            let (_, action) = run.request_correction(&write).map_err(open::failure)?;
            asked += u64::from(action != Action::Unchanged);
        }
        Ok(asked)
    }
}

/// Writes down which verifications have ended, and takes back what imports had asked to be corrected: it is locked
/// no longer. Returns how many ended.
pub(crate) fn expire(run: &mut Run<'_>) -> Result<u64> {
    let ended = run.expire_verifications().map_err(open::failure)?;
    for key in &ended {
        let known = run.store().corrections_of(key).map_err(open::failure)?;
        for asked in known {
            if asked.status == "pending" && asked.origin == "import" {
                run.close_correction(&asked, "withdrawn", Some("the verification has ended"))
                    .map_err(open::failure)?;
            }
        }
    }
    Ok(ended.len() as u64)
}

/// Gives a row the locked values, and the price of a unit of area that follows from them.
fn keep(row: &mut Listing, stored: &Listing) {
    let derived = settle::unit_price(row);
    let follows = derived.is_some() && row.unit_price == derived;
    for field in LOCKED {
        row.set(field, stored.get(field));
    }
    if follows {
        row.unit_price = settle::unit_price(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(area: i64, door: &str) -> Listing {
        Listing {
            city: "北京".into(),
            building_area_total: Some(area),
            unit_number: door.into(),
            ..Listing::default()
        }
    }

    #[test]
    fn what_a_row_leaves_out_it_does_not_contest() {
        let stored = listing(8950, "301");
        assert_eq!(differences(&stored, &Listing::default()), []);
        assert_eq!(differences(&stored, &stored), []);
        let row = listing(9500, "302");
        let fields = [ListingField::BuildingAreaTotal, ListingField::UnitNumber];
        assert_eq!(differences(&stored, &row), fields);
    }

    #[test]
    fn private_values_stand_apart_and_are_masked() {
        let (stored, row) = (listing(8950, "301"), listing(9500, "302"));
        let wanted = Wanted::of(&stored, &row, &differences(&stored, &row));
        let (open, private) = wanted.texts();
        assert!(!open.contains("302") && private.contains("302"), "{open}");
        assert_eq!(Wanted::parse(&open, &private), wanted);
        let shown = wanted.shown(false);
        assert_eq!(shown["building_area_total"], json!(["89.50", "95.00"]));
        assert_eq!(shown["unit_number"], json!(["***", "***"]));
        assert_eq!(wanted.shown(true)["unit_number"], json!(["301", "302"]));
        let mut corrected = stored.clone();
        assert_eq!(wanted.apply(&mut corrected).len(), 2);
        assert_eq!(corrected, row);
    }

    #[test]
    fn only_what_was_rejected_value_for_value_is_dropped() {
        let (stored, row) = (listing(8950, "301"), listing(9500, "302"));
        let mut wanted = Wanted::of(&stored, &row, &differences(&stored, &row));
        let rejected = Wanted::of(&stored, &row, &[ListingField::BuildingAreaTotal]);
        wanted.drop_those_of(&rejected);
        assert_eq!(
            wanted,
            Wanted::of(&stored, &row, &[ListingField::UnitNumber])
        );
        let other = Wanted::of(&stored, &listing(1, "9"), &[ListingField::UnitNumber]);
        wanted.drop_those_of(&other);
        assert!(!wanted.is_empty());
    }

    #[test]
    fn the_price_of_a_square_metre_follows_the_area_that_is_kept() {
        let stored = listing(10_000, "");
        let mut row = listing(8_000, "");
        row.list_price = Some(800_000_000);
        row.unit_price = Some(10_000_000);
        keep(&mut row, &stored);
        assert_eq!(row.unit_price, Some(8_000_000));
        let mut told = listing(8_000, "");
        told.list_price = Some(800_000_000);
        told.unit_price = Some(9_999_999);
        keep(&mut told, &stored);
        assert_eq!(told.unit_price, Some(9_999_999));
    }
}
