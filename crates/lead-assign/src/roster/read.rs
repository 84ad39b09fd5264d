//! One row of a roster becomes a member.

use intake::understand::{Meaning, Understanding, Unit};
use intake::{Record, excel, recognise, rules as fault};
use model::codes::MemberStatus;
use model::codes_text;
use model::dates::{self, DateError, DateOrder, When};
use model::field::{Kind, Storage, Value};
use model::jiff::tz::TimeZone;
use model::member::{Member, MemberField};
use model::number;
use model::office::Office;
use model::phone;
use model::rule::{Effect, Finding, Rule, Words};
use model::text;
use serde_json::Map;

/// A row without an id is nobody in particular.
pub(crate) static MISSING_ID: Rule = Rule {
    code: "A101",
    name: "member-without-id",
    effect: Effect::Reject,
    about: Words {
        en: "the id of the member is missing",
        zh: "缺少员工编号",
    },
    mend: Words {
        en: "fill in the id the system gives the member",
        zh: "补上系统中的员工编号",
    },
    bad: "member_id=; member_full_name=李明",
    good: "member_id=A017; member_full_name=李明",
};

/// What reading a row came to.
pub(crate) struct Read {
    /// The member.
    pub member: Member,
    /// What was found, rejecting or not.
    pub findings: Vec<Finding>,
}

impl Read {
    /// Whether the row cannot be taken.
    pub(crate) fn is_rejected(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.effect == Effect::Reject)
    }

    /// The office of the member, where one is named.
    pub(crate) fn office(&self) -> Option<Office> {
        let member = &self.member;
        let id = [
            &member.office_id,
            &member.office_mls_id,
            &member.office_name,
        ]
        .into_iter()
        .find(|id| !id.is_empty())?;
        Some(Office {
            originating_system_name: member.originating_system_name.clone(),
            originating_system_key: id.clone(),
            office_id: id.clone(),
            office_name: member.office_name.clone(),
            office_city: member.city.clone(),
            region: member.region.clone(),
            ..Office::default()
        })
    }
}

/// Reads rows as a file's columns were understood.
pub(crate) struct Reader<'a> {
    pub(crate) understanding: &'a Understanding,
    /// System of rows that name none.
    pub(crate) system: &'a str,
    pub(crate) zone: &'a TimeZone,
}

impl Reader<'_> {
    /// Reads one row.
    pub(crate) fn read(&self, record: &Record) -> Read {
        let mut read = Read {
            member: Member::default(),
            findings: Vec::new(),
        };
        for fact in &self.understanding.facts {
            self.field(&fact.field, &fact.value, &Unit::default(), &mut read);
        }
        let mut extra = Map::new();
        for (index, column) in self.understanding.columns.iter().enumerate() {
            let cell = text::tidy(record.text(index));
            if text::is_null(&cell) {
                continue;
            }
            match &column.meaning {
                Meaning::Field(name) => self.field(name, &cell, &column.unit, &mut read),
                Meaning::Split { separator, fields } => {
                    let parts = recognise::split(&cell, separator, fields.len(), 0);
                    for (part, name) in parts.into_iter().zip(fields) {
                        self.field(name, part, &column.unit, &mut read);
                    }
                }
                Meaning::Tokens | Meaning::Extra => {
                    extra.insert(column.header.clone(), cell.into_owned().into());
                }
                Meaning::Skip => {}
            }
        }
        if !extra.is_empty() {
            read.member.extra = serde_json::Value::Object(extra).to_string();
        }
        if let Some(fault) = record.fault() {
            // Its cells may stand in the wrong columns; whom it is about may be readable all the same.
            read.findings = vec![Finding::new(fault.rule(), None, fault.detail())];
        }
        self.complete(&mut read);
        read
    }

    /// What follows from the cells together.
    fn complete(&self, read: &mut Read) {
        let member = &mut read.member;
        if member.originating_system_name.is_empty() {
            member.originating_system_name.push_str(self.system);
        }
        let (id, key) = (&member.member_id, &member.originating_system_key);
        match (id.is_empty(), key.is_empty()) {
            (false, true) => member.originating_system_key = id.clone(),
            (true, false) => member.member_id = key.clone(),
            _ => {}
        }
        if member.member_full_name.is_empty() && !member.member_last_name.is_empty() {
            let names = [&member.member_last_name, &member.member_first_name];
            member.member_full_name = match member.member_last_name.is_ascii() {
                true => format!("{} {}", names[1], names[0]).trim().to_owned(),
                false => format!("{}{}", names[0], names[1]),
            };
        }
        if member.role.is_empty() && !member.job_title.is_empty() {
            member.role = role(&member.job_title).to_owned();
        }
        // A roster that says nothing of it lists those who work.
        member.member_status.get_or_insert(MemberStatus::Active);
        if member.originating_system_key.is_empty() && !read.is_rejected() {
            read.findings
                .push(Finding::new(&MISSING_ID, Some("member_id"), ""));
        }
    }

    fn field(&self, name: &str, cell: &str, unit: &Unit, read: &mut Read) {
        // A place or a unit of the file says nothing of its members.
        let Some(field) = MemberField::from_name(name) else {
            return;
        };
        let Read { member, findings } = read;
        let mut fault =
            |rule, detail: &str| findings.push(Finding::new(rule, Some(field.name()), detail));
        match field.field().kind {
            // masked by an earlier output: the value itself is not here
            _ if field.field().storage == Storage::Sealed && cell.contains('*') => {}
            Kind::Code => {
                member.member_status = codes_text::member_status(cell);
                if member
                    .member_status
                    .is_none_or(|status| status.as_str() != cell)
                {
                    member.set(MemberField::MlsStatus, Value::Text(cell));
                }
                if member.member_status.is_none() {
                    fault(fault::UNREADABLE_CODE, cell);
                }
            }
            Kind::List => member.set(field, Value::List(&list(cell))),
            Kind::Integer => match number::integer(cell) {
                Ok(number) if number >= 0 => member.set(field, Value::Integer(number)),
                Ok(_) => fault(fault::OUT_OF_RANGE, cell),
                Err(error) => fault(fault::UNREADABLE_NUMBER, &error.to_string()),
            },
            Kind::Decimal => {
                let (number, percent) = match cell.strip_suffix(['%', '％']) {
                    Some(number) => (number, true),
                    None => (cell, false),
                };
                match number::decimal(number) {
                    Ok(number) => {
                        let each = if percent {
                            model::Decimal::ONE_HUNDRED
                        } else {
                            model::Decimal::ONE
                        };
                        member.set(field, Value::Decimal((number / each).normalize()));
                    }
                    Err(error) => fault(fault::UNREADABLE_NUMBER, &error.to_string()),
                }
            }
            Kind::Date => match self.date(cell, unit) {
                Ok(day) => member.set(field, day),
                Err(rule) => fault(rule, ""),
            },
            // When the source last changed a member tells nothing of it.
            Kind::Instant | Kind::Money | Kind::Area | Kind::Flag => {}
            Kind::Text => match field {
                MemberField::MemberMobilePhone | MemberField::MemberPreferredPhone => {
                    match phone::phone(cell, "CN") {
                        Some(phone) => member.set(field, Value::Text(&phone.e164)),
                        None => {
                            member.set(field, Value::Text(cell));
                            let rule = excel::excel_damage(cell).unwrap_or(fault::UNREADABLE_CODE);
                            let mut finding = Finding::new(rule, Some(field.name()), "");
                            finding.effect = Effect::Warn;
                            findings.push(finding);
                        }
                    }
                }
                // A spreadsheet has lost what was here, and another member may have what is left.
                MemberField::MemberId
                | MemberField::OriginatingSystemKey
                | MemberField::Licence
                    if excel::excel_damage(cell).is_some() =>
                {
                    if let Some(rule) = excel::excel_damage(cell) {
                        fault(rule, cell);
                    }
                }
                MemberField::Role => {
                    member.role = role(cell).to_owned();
                    if member.job_title.is_empty() && member.role != cell {
                        member.set(MemberField::JobTitle, Value::Text(cell));
                    }
                }
                _ => member.set(field, Value::Text(cell)),
            },
        }
    }

    fn date(&self, cell: &str, unit: &Unit) -> Result<Value<'static>, &'static Rule> {
        // no end: the same as no day
        if ["长期", "永久", "长期有效", "无期限", "permanent", "never"].contains(&cell) {
            return Ok(Value::Null);
        }
        let read = if unit.serial {
            dates::serial(cell).ok_or(DateError::Unreadable)
        } else {
            dates::when(cell, unit.order.unwrap_or(DateOrder::Ymd))
        };
        match read {
            Ok(When::Date(date)) => Ok(Value::Date(date)),
            Ok(When::Civil(civil)) => Ok(Value::Date(civil.date())),
            Ok(When::Instant(instant)) => Ok(Value::Date(self.zone.to_datetime(instant).date())),
            Err(DateError::Impossible) => Err(fault::IMPOSSIBLE_DATE),
            Err(_) => Err(fault::UNREADABLE_DATE),
        }
    }
}

/// The store keeps `|` between the items of a list. Our own tables write it as JSON.
fn list(cell: &str) -> String {
    if cell.starts_with('[')
        && let Ok(items) = serde_json::from_str::<Vec<String>>(cell)
    {
        return items.join("|");
    }
    let items = cell.split(['|', ',', '，', '、', ';', '；', '/', '\n']);
    let items: Vec<&str> = items
        .map(text::trim)
        .filter(|item| !item.is_empty())
        .collect();
    items.join("|")
}

/// The role a title names; a title that names none is kept as it is.
fn role(title: &str) -> &str {
    match title.to_lowercase().as_str() {
        "agent" | "broker" | "realtor" | "经纪人" | "置业顾问" | "业务员" | "高级经纪人"
        | "资深经纪人" => "agent",
        "manager" | "store manager" | "branch manager" | "office manager" | "店长" | "店经理"
        | "门店经理" | "分行经理" | "商圈经理" => "manager",
        "region manager" | "regional manager" | "director" | "区域经理" | "区经理" | "大区经理"
        | "区域总监" | "大区总监" | "总监" => "region_manager",
        "trainee" | "intern" | "实习生" | "见习经纪人" | "实习经纪人" => "trainee",
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_roles() {
        assert_eq!(role("店经理"), "manager");
        assert_eq!(role("Agent"), "agent");
        assert_eq!(role("区域总监"), "region_manager");
        assert_eq!(role("财务"), "财务");
    }

    #[test]
    fn lists_come_with_any_separator() {
        assert_eq!(list("望京、酒仙桥, 太阳宫"), "望京|酒仙桥|太阳宫");
        assert_eq!(list("a||b"), "a|b");
        assert_eq!(list(r#"["a","b"]"#), "a|b");
    }
}
