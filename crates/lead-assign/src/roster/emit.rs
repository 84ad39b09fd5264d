//! What a roster's rows came to, as records.

use model::field::{Storage, Value};
use model::mask;
use model::member::{Member, MemberField};
use model::rule::{Finding, Lang};
use serde_json::{Map, Value as Json, json};

/// Columns of `--emit changes`.
pub(crate) const CHANGE_COLUMNS: &[&str] = &[
    "source",
    "line",
    "member_id",
    "member_key",
    "action",
    "member_full_name",
    "member_status",
    "role",
    "office_name",
    "licence",
    "licence_expires",
    "superseded_by_line",
    "findings",
];

/// Those of them that a terminal has room for.
pub(crate) const CHANGE_TABLE: &[&str] = &[
    "line",
    "member_id",
    "action",
    "member_full_name",
    "office_name",
    "licence",
    "licence_expires",
    "findings",
];

/// Columns of `--emit members`.
pub(crate) fn member_columns() -> Vec<&'static str> {
    let own = MemberField::ALL.iter().map(|field| field.name());
    ["source", "line", "member_key", "office_key", "action"]
        .into_iter()
        .chain(own)
        .collect()
}

/// What one row came to; no row names a member that a full roster has left out.
pub(crate) struct Change<'a> {
    pub(crate) source: Option<&'a str>,
    pub(crate) line: Option<u64>,
    pub(crate) member: &'a Member,
    pub(crate) member_key: Option<&'a str>,
    pub(crate) office_key: Option<&'a str>,
    pub(crate) action: &'a str,
    pub(crate) superseded_by: Option<u64>,
    pub(crate) findings: &'a [Finding],
}

impl Change<'_> {
    /// As a record of `--emit changes`.
    pub(crate) fn record(&self, lang: Lang) -> Json {
        let findings: Vec<_> = self
            .findings
            .iter()
            .map(|finding| finding.to_wire(lang))
            .collect();
        let own = |field: MemberField| shown(field, self.member);
        json!({
            "source": self.source, "line": self.line, "member_id": own(MemberField::MemberId),
            "member_key": self.member_key, "action": self.action,
            "member_full_name": own(MemberField::MemberFullName),
            "member_status": own(MemberField::MemberStatus), "role": own(MemberField::Role),
            "office_name": own(MemberField::OfficeName), "licence": own(MemberField::Licence),
            "licence_expires": own(MemberField::LicenceExpires),
            "superseded_by_line": self.superseded_by, "findings": findings,
        })
    }

    /// As a record of `--emit members`: every field.
    pub(crate) fn whole(&self) -> Json {
        let mut record = Map::new();
        record.insert("source".to_owned(), self.source.into());
        record.insert("line".to_owned(), self.line.into());
        record.insert("member_key".to_owned(), self.member_key.into());
        record.insert("office_key".to_owned(), self.office_key.into());
        record.insert("action".to_owned(), self.action.into());
        for field in MemberField::ALL {
            record.insert(field.name().to_owned(), shown(*field, self.member));
        }
        Json::Object(record)
    }
}

/// A field as outputs show it, private ones masked.
pub(crate) fn shown(field: MemberField, member: &Member) -> Json {
    let masked = |text: &str| match field {
        MemberField::MemberMobilePhone | MemberField::MemberPreferredPhone => mask::phone(text),
        MemberField::MemberEmail => mask::email(text),
        MemberField::Wechat => mask::wechat(text),
        _ => mask::text(text),
    };
    match member.get(field) {
        Value::Null => Json::Null,
        Value::Text(text) if field.field().storage == Storage::Sealed => masked(text).into(),
        Value::Text(text) => text.into(),
        Value::List(items) => items.split('|').collect::<Vec<_>>().into(),
        Value::Integer(number) | Value::Money(number) | Value::Area(number) => number.into(),
        Value::Decimal(number) => number.to_string().into(),
        Value::Date(date) => date.to_string().into(),
        Value::Instant(instant) => instant.to_string().into(),
        Value::Flag(flag) => flag.into(),
    }
}
