//! Records on their way out: what became of each row, every normalised field, or each finding.

use cli::Shape;
use model::codes::Verification;
use model::field::{Kind, Storage, Value};
use model::listing::{Listing, ListingField};
use model::media::MediaField;
use model::money::{Currency, MinorAmount};
use model::rule::{Effect, Finding, Lang};
use model::{area::Hundredths, mask};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::market;
use crate::settings::all_rules;

/// Columns of `--emit changes`, in order.
pub(crate) const CHANGE_COLUMNS: &[&str] = &[
    "source",
    "line",
    "listing_id",
    "listing_key",
    "action",
    "frozen",
    "verification",
    "standard_status",
    "home_key",
    "findings",
];

/// Columns of the table people see.
pub(crate) const TABLE_COLUMNS: &[&str] = &[
    "line",
    "listing_id",
    "action",
    "frozen",
    "standard_status",
    "findings",
];

/// Columns of `--emit findings`, in order.
pub(crate) const FINDING_COLUMNS: &[&str] = &[
    "source",
    "line",
    "listing_id",
    "listing_key",
    "code",
    "name",
    "effect",
    "field",
    "message",
    "mend",
];

/// Columns of findings in the table people see.
pub(crate) const FINDING_TABLE: &[&str] =
    &["line", "listing_id", "code", "effect", "field", "message"];

/// Columns of `--emit listings`, in order.
pub(crate) fn listing_columns() -> Vec<&'static str> {
    [
        "source",
        "line",
        "listing_key",
        "home_key",
        "frozen",
        "verification",
    ]
    .into_iter()
    .chain(
        ListingField::ALL
            .iter()
            .filter(|field| **field != ListingField::Extra)
            .map(|field| field.name()),
    )
    .collect()
}

/// What became of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'a> {
    /// File the row is from.
    pub source: &'a str,
    /// Its line there; none for a withdrawal.
    pub line: Option<u64>,
    /// The id in the input.
    pub listing_id: &'a str,
    /// Our key; none for a rejected row.
    pub listing_key: Option<&'a str>,
    /// `new`, `changed`, `unchanged`, `withdrawn` or `rejected`.
    pub action: &'static str,
    /// Whether the listing is stored but not offered.
    pub frozen: bool,
    /// Whether it has been verified.
    pub verification: Verification,
    /// RESO status.
    pub standard_status: Option<&'a str>,
    /// Key of the home it offers.
    pub home_key: Option<&'a str>,
    /// What the rules found.
    pub findings: &'a [Finding],
}

impl Change<'_> {
    /// The record, with messages in a language.
    pub(crate) fn in_lang(&self, lang: Lang) -> Wire<'_> {
        Wire { change: self, lang }
    }

    /// Writes the record, with messages in a language.
    pub(crate) fn write(&self, lang: Lang, out: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(out, &self.in_lang(lang))
    }
}

/// A change as a record.
pub(crate) struct Wire<'a> {
    change: &'a Change<'a>,
    lang: Lang,
}

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let change = self.change;
        let mut map = serializer.serialize_map(Some(CHANGE_COLUMNS.len()))?;
        map.serialize_entry("source", &present(change.source))?;
        map.serialize_entry("line", &change.line)?;
        map.serialize_entry("listing_id", &present(change.listing_id))?;
        map.serialize_entry("listing_key", &change.listing_key)?;
        map.serialize_entry("action", change.action)?;
        map.serialize_entry("frozen", &change.frozen)?;
        map.serialize_entry("verification", change.verification.as_str())?;
        map.serialize_entry("standard_status", &change.standard_status)?;
        map.serialize_entry("home_key", &change.home_key)?;
        map.serialize_entry(
            "findings",
            &Findings {
                findings: change.findings,
                lang: self.lang,
            },
        )?;
        map.end()
    }
}

/// Findings as JSON objects.
struct Findings<'a> {
    findings: &'a [Finding],
    lang: Lang,
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.findings.len()))?;
        for finding in self.findings {
            list.serialize_element(&finding.to_wire(self.lang))?;
        }
        list.end()
    }
}

/// Findings as they are kept; see [`write_findings`].
pub(crate) fn findings_text(findings: &[Finding]) -> serde_json::Result<String> {
    let mut text = String::new();
    write_findings(findings, &mut text)?;
    Ok(text)
}

/// Writes findings as they are kept: a JSON array of `[code, effect, field, detail]`.
pub(crate) fn write_findings(findings: &[Finding], out: &mut String) -> serde_json::Result<()> {
    out.push('[');
    for (number, finding) in findings.iter().enumerate() {
        out.push_str(if number == 0 { "[\"" } else { ",[\"" });
        // Codes, effects and fields are plain words.
        let words = [finding.effect.as_str(), finding.field.unwrap_or_default()];
        out.push_str(finding.rule.code);
        for word in words {
            out.push_str("\",\"");
            out.push_str(word);
        }
        out.push_str("\",");
        push_text(&finding.detail, out)?;
        out.push(']');
    }
    out.push(']');
    Ok(())
}

/// Writes a text as JSON.
pub(crate) fn push_text(text: &str, out: &mut String) -> serde_json::Result<()> {
    let escaped = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    // Without an early end the loop takes many bytes at once.
    if text.bytes().fold(false, |any, byte| any | escaped(byte)) {
        out.push_str(&serde_json::to_string(text)?);
        return Ok(());
    }
    out.push('"');
    out.push_str(text);
    out.push('"');
    Ok(())
}

/// One finding as a record of its own.
#[derive(serde::Serialize)]
pub(crate) struct FindingRecord<'a> {
    source: &'a str,
    line: Option<u64>,
    listing_id: Option<&'a str>,
    listing_key: Option<&'a str>,
    code: &'static str,
    name: &'static str,
    effect: &'static str,
    field: Option<&'static str>,
    message: String,
    mend: &'static str,
}

impl<'a> FindingRecord<'a> {
    /// The record of `finding` on the row of `change`.
    pub(crate) fn new(change: &Change<'a>, finding: &Finding, lang: Lang) -> Self {
        FindingRecord {
            source: change.source,
            line: change.line,
            listing_id: present(change.listing_id),
            listing_key: change.listing_key,
            code: finding.rule.code,
            name: finding.rule.name,
            effect: finding.effect.as_str(),
            field: finding.field,
            message: finding.message(lang),
            mend: finding.rule.mend.in_lang(lang),
        }
    }
}

/// Every normalised field of one listing.
pub(crate) struct ListingRecord<'a> {
    /// What became of it.
    pub change: Change<'a>,
    /// The listing.
    pub listing: &'a Listing,
    /// Whether private values may be shown.
    pub reveal: bool,
}

impl Serialize for ListingRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("source", &present(self.change.source))?;
        map.serialize_entry("line", &self.change.line)?;
        map.serialize_entry("listing_key", &self.change.listing_key)?;
        map.serialize_entry("home_key", &self.change.home_key)?;
        map.serialize_entry("frozen", &self.change.frozen)?;
        map.serialize_entry("verification", self.change.verification.as_str())?;
        for field in ListingField::ALL {
            if *field == ListingField::Extra {
                continue; // unknown columns leave the store only when they are asked for by name
            }
            map.serialize_entry(
                field.name(),
                &Shown {
                    listing: self.listing,
                    field: *field,
                    reveal: self.reveal,
                },
            )?;
        }
        map.end()
    }
}

/// A field's value as a record has it.
pub(crate) fn shown(listing: &Listing, field: ListingField, reveal: bool) -> impl Serialize {
    Shown {
        listing,
        field,
        reveal,
    }
}

struct Shown<'a> {
    listing: &'a Listing,
    field: ListingField,
    reveal: bool,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.listing.get(self.field);
        if let Value::Text(text) = value
            && self.field.field().storage == Storage::Sealed
            && !self.reveal
        {
            return serializer.serialize_str(&mask::listing_field(self.field, text));
        }
        let currency = self.listing.currency.unwrap_or(Currency::CNY);
        Wired(value, currency).serialize(serializer)
    }
}

/// A value that is no amount, as records have it.
pub(crate) fn wire(value: Value<'_>) -> impl Serialize {
    Wired(value, Currency::CNY)
}

struct Wired<'a>(Value<'a>, Currency);

impl Serialize for Wired<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(list) => serializer.collect_seq(list.split('|')),
            Value::Integer(number) => serializer.serialize_i64(number),
            Value::Decimal(number) => serializer.collect_str(&number.normalize()),
            Value::Money(minor) => serializer.collect_str(&MinorAmount(minor, self.1)),
            Value::Area(hundredths) => serializer.collect_str(&Hundredths(hundredths)),
            Value::Date(date) => serializer.collect_str(&date),
            Value::Instant(instant) => serializer.collect_str(&instant),
            Value::Flag(flag) => serializer.serialize_bool(flag),
        }
    }
}

/// The columns of listings as a workbook has them: amounts and areas as numbers, days as dates.
pub(crate) fn listing_shape<T>(columns: &[&str], deliver: impl FnOnce(Shape<'_>) -> T) -> T {
    let of = |kinds: &[Kind]| -> Vec<&str> {
        let told = |name: &str| market::FIELDS.iter().find(|(known, ..)| *known == name);
        let kind = |name: &str| match ListingField::from_name(name) {
            Some(field) => Some(field.field().kind),
            None => told(name).map(|(_, kind, _)| *kind),
        };
        let fits = |name: &&str| kind(name).is_some_and(|kind| kinds.contains(&kind));
        columns.iter().copied().filter(fits).collect()
    };
    let numbers = of(&[Kind::Money, Kind::Area, Kind::Decimal]);
    let dates = of(&[Kind::Date]);
    deliver(Shape::new(columns).numbers(&numbers).dates(&dates))
}

/// What `--schema` prints.
pub(crate) fn schema() -> serde_json::Value {
    use cli::schema::{WireKind, document, record};
    const ACTIONS: &[&str] = &[
        "new",
        "changed",
        "unchanged",
        "withdrawn",
        "rejected",
        "accepted",
    ];
    let head = [
        ("source", WireKind::Text, "File the row is from"),
        ("line", WireKind::Integer, "Line of the row there"),
        ("listing_id", WireKind::Text, "Id in the input"),
        (
            "listing_key",
            WireKind::Text,
            "Key in the store; none for a rejected row",
        ),
    ];
    let state = [
        (
            "frozen",
            WireKind::Flag,
            "Whether it is stored but not offered",
        ),
        (
            "verification",
            WireKind::OneOf(&["unverified", "verified"]),
            "Whether its truth was looked into",
        ),
    ];
    let home = ("home_key", WireKind::Text, "Key of the home it offers");
    let mut change = head.to_vec();
    change.push(("action", WireKind::OneOf(ACTIONS), "What became of the row"));
    change.extend(state);
    change.push(("standard_status", WireKind::Text, "RESO StandardStatus"));
    change.push(home);
    change.push(("findings", WireKind::Findings, "What the rules found"));
    let mut finding = head.to_vec();
    finding.extend([
        ("code", WireKind::Text, "Rule"),
        ("name", WireKind::Text, "Name of the rule"),
        (
            "effect",
            WireKind::OneOf(&["reject", "freeze", "hold", "warn"]),
            "What happens",
        ),
        ("field", WireKind::Text, "Field it is about"),
        ("message", WireKind::Text, "What is wrong"),
        ("mend", WireKind::Text, "How to put it right"),
    ]);
    let mut listing = vec![head[0], head[1], head[3], home];
    listing.extend(state);
    for field in ListingField::ALL
        .iter()
        .filter(|field| **field != ListingField::Extra)
    {
        let field = field.field();
        listing.push((field.name, field.kind.into(), field.about));
    }
    let mut listed = listing.clone();
    listed.extend(market::FIELDS.map(|(name, kind, about)| (name, kind.into(), about)));
    listed.push(crate::list::MEDIA_COUNT_FIELD);
    let medium = MediaField::ALL.iter().map(|field| field.field());
    let medium: Vec<_> = medium
        .filter(|field| field.storage != Storage::Sealed)
        .map(|field| (field.name, field.kind.into(), field.about))
        .collect();
    document(
        "listing-import",
        vec![
            (
                "change",
                record(
                    "change",
                    "What became of a row (--emit changes)",
                    &["source", "action"],
                    &change,
                ),
            ),
            (
                "listing",
                record(
                    "listing",
                    "Every normalised field (--emit listings); also an input",
                    &[],
                    &listing,
                ),
            ),
            (
                "listed",
                record(
                    "listed",
                    "A stored listing (list), with the columns that were chosen",
                    &[],
                    &listed,
                ),
            ),
            (
                "medium",
                record(
                    "medium",
                    "A photo, video, tour or plan of a listing, an input (--media)",
                    &["listing_id", "url"],
                    &medium,
                ),
            ),
            (
                "history",
                record(
                    "history",
                    "A change in the life of a listing (history)",
                    &["listing_key", "run", "at", "change_type"],
                    &crate::history::FIELDS,
                ),
            ),
            (
                "planned",
                record(
                    "planned",
                    "A line of a plan between its first and its last (--plan)",
                    &["action", "frozen", "diff"],
                    &crate::plan::FIELDS,
                ),
            ),
            (
                "queue",
                record(
                    "queue",
                    "What waits for a person (queue)",
                    &["queue_key", "kind", "listing_key"],
                    &crate::queue::FIELDS,
                ),
            ),
            (
                "decision",
                record(
                    "decision",
                    "A decision (queue approve, reject, decide; correct approve, reject)",
                    &["decision", "action"],
                    &crate::decide::FIELDS,
                ),
            ),
            (
                "correction",
                record(
                    "correction",
                    "A correction (correct request, list)",
                    &[
                        "correction_key",
                        "status",
                        "listing_key",
                        "changes",
                        "origin",
                    ],
                    &crate::correct::FIELDS,
                ),
            ),
            (
                "verification",
                record(
                    "verification",
                    "What is on file about a listing (verify)",
                    &["listing_key", "verification"],
                    &crate::verify::FIELDS,
                ),
            ),
            (
                "finding",
                record(
                    "finding",
                    "One finding (--emit findings)",
                    &["source", "code", "effect"],
                    &finding,
                ),
            ),
            ("bar", crate::bars::schema()),
        ],
    )
}

/// Gives a record in the form the store keeps the names and messages of its findings.
pub(crate) fn with_messages(record: &mut serde_json::Map<String, serde_json::Value>, lang: Lang) {
    let Some(serde_json::Value::Array(findings)) = record.get_mut("findings") else {
        return;
    };
    for finding in findings {
        let text = |name: &str| finding.get(name).and_then(serde_json::Value::as_str);
        let Some(rule) = text("code").and_then(|code| all_rules().find(|rule| rule.code == code))
        else {
            continue;
        };
        let known = Finding {
            rule,
            effect: text("effect")
                .and_then(Effect::from_code)
                .unwrap_or(rule.effect),
            field: text("field").and_then(field_name),
            detail: text("detail").unwrap_or_default().to_owned(),
        };
        if let Ok(wire) = serde_json::to_value(known.to_wire(lang)) {
            *finding = wire;
        }
    }
}

/// The name of a field that a finding may be about: of a listing, or of a medium.
fn field_name(name: &str) -> Option<&'static str> {
    let medium = || MediaField::from_name(name).map(MediaField::name);
    ListingField::from_name(name)
        .map(ListingField::name)
        .or_else(medium)
}

/// A text, where there is one.
pub(crate) fn present(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}
