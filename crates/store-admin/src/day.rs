//! One line of a calendar: a day, whether people work on it, and what it is called. Pure: cells in, a
//! day or a finding out.

use intake::{Record, rules};
use model::dates::{self, DateError, DateOrder, When};
use model::jiff::civil::Date;
use model::rule::Finding;
use model::text;
use store::{CalendarDay, DayKind};

/// Reads the words calendars use for a kind of day. A bare 调休 is refused: some write it for the day
/// off, some for the day worked instead.
fn kind(cell: &str) -> Option<DayKind> {
    match text::fold(cell).as_str() {
        "working" | "workday" | "workingday" | "work" | "businessday" | "工作日" | "上班"
        | "上班日" | "调休上班" | "调休上班日" | "调休工作日" | "补班" | "补班日" | "班" => {
            Some(DayKind::Working)
        }
        "holiday" | "publicholiday" | "bankholiday" | "off" | "dayoff" | "offday" | "closed"
        | "休息" | "休息日" | "休" | "放假" | "假期" | "假日" | "节假日" | "法定节假日"
        | "节日" | "公休" | "调休放假" | "调休休息" => Some(DayKind::Holiday),
        _ => None,
    }
}

/// Reads a cell under a header like `isOffDay`.
fn off_day(cell: &str) -> Option<DayKind> {
    match text::fold(cell).as_str() {
        "true" | "yes" | "y" | "1" | "是" => Some(DayKind::Holiday),
        "false" | "no" | "n" | "0" | "否" => Some(DayKind::Working),
        _ => None,
    }
}

/// Which column is which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    date: usize,
    kind: usize,
    is_off_day: bool,
    name: Option<usize>,
}

const DATE: &[&str] = &["date", "day", "日期", "日", "时间", "节假日日期"];
const KIND: &[&str] = &[
    "kind",
    "type",
    "daytype",
    "status",
    "类型",
    "日期类型",
    "性质",
    "类别",
    "状态",
    "安排",
];
const OFF_DAY: &[&str] = &[
    "isoffday",
    "offday",
    "isholiday",
    "是否放假",
    "是否休息",
    "是否节假日",
];
const NAME: &[&str] = &[
    "name",
    "holiday",
    "holidayname",
    "title",
    "名称",
    "节日",
    "节假日",
    "节日名称",
    "说明",
    "备注",
];

impl Columns {
    /// Finds the columns by their headers, or by hand-given `HEADER=field`; a table without a header
    /// has date, kind and name in this order. The error names the field that has no column.
    pub(crate) fn find(
        headers: &[String],
        has_header: bool,
        wishes: &[(String, String)],
    ) -> Result<Self, &'static str> {
        if !has_header {
            return if headers.len() < 2 {
                Err("kind")
            } else {
                Ok(Columns {
                    date: 0,
                    kind: 1,
                    is_off_day: false,
                    name: (headers.len() > 2).then_some(2),
                })
            };
        }
        let folded: Vec<String> = headers.iter().map(|header| text::fold(header)).collect();
        let wished = |field: &str| {
            let (header, _) = wishes.iter().find(|(_, wish)| wish == field)?;
            let header = text::fold(header);
            folded.iter().position(|known| *known == header)
        };
        let known = |words: &[&str]| {
            words
                .iter()
                .find_map(|word| folded.iter().position(|header| header == word))
        };
        let date = wished("date").or_else(|| known(DATE)).ok_or("date")?;
        let off_day = wished("is_off_day").or_else(|| known(OFF_DAY));
        let (kind, is_off_day) = match (wished("kind").or_else(|| known(KIND)), off_day) {
            (Some(kind), _) => (kind, false),
            (None, Some(kind)) => (kind, true),
            (None, None) => return Err("kind"),
        };
        let name = wished("name")
            .or_else(|| known(NAME))
            .filter(|name| *name != kind && *name != date);
        Ok(Columns {
            date,
            kind,
            is_off_day,
            name,
        })
    }

    /// What each column was understood to be, with its header: for the ledger and `--show-mapping`.
    pub(crate) fn meanings<'a>(
        &self,
        headers: &'a [String],
    ) -> Vec<(&'a str, Option<&'static str>)> {
        let meaning = |at: usize| match at {
            at if at == self.date => Some("date"),
            at if at == self.kind && self.is_off_day => Some("is_off_day"),
            at if at == self.kind => Some("kind"),
            at if Some(at) == self.name => Some("name"),
            _ => None,
        };
        headers
            .iter()
            .enumerate()
            .map(|(at, header)| (header.as_str(), meaning(at)))
            .collect()
    }

    /// Reads one record.
    pub(crate) fn read(&self, record: &Record, order: DateOrder) -> Result<CalendarDay, Finding> {
        if let Some(fault) = record.fault() {
            return Err(Finding::new(fault.rule(), None, fault.detail()));
        }
        let day = date(record.text(self.date), order)?;
        let cell = text::trim(record.text(self.kind));
        let kind = if self.is_off_day {
            off_day(cell)
        } else {
            kind(cell)
        };
        let kind = kind.ok_or_else(|| {
            Finding::new(
                rules::UNREADABLE_CODE,
                Some("kind"),
                format!("`{}` is neither working nor holiday", shortened(cell)),
            )
        })?;
        let name = self
            .name
            .map(|at| text::tidy(record.text(at)).into_owned())
            .unwrap_or_default();
        Ok(CalendarDay { day, kind, name })
    }
}

fn date(cell: &str, order: DateOrder) -> Result<Date, Finding> {
    let when = match dates::when(cell, order) {
        Err(DateError::Unreadable) => dates::serial(cell).ok_or(DateError::Unreadable),
        when => when,
    };
    match when {
        Ok(When::Date(date)) => Ok(date),
        Ok(When::Civil(time)) => Ok(time.date()),
        Err(DateError::Impossible) => Err(Finding::new(
            rules::IMPOSSIBLE_DATE,
            Some("date"),
            shortened(cell),
        )),
        // an instant names no day without a place, and a calendar is of a place
        Ok(When::Instant(_)) | Err(_) => Err(Finding::new(
            rules::UNREADABLE_DATE,
            Some("date"),
            shortened(cell),
        )),
    }
}

/// What was seen, short enough for a message; a calendar holds nothing private.
fn shortened(cell: &str) -> String {
    let cell = text::trim(cell);
    match cell.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn read(
        columns: &Columns,
        cells: &[&str],
    ) -> Result<(String, &'static str, String), &'static str> {
        let record = Record::from_cells(2, cells);
        match columns.read(&record, DateOrder::Ymd) {
            Ok(day) => Ok((day.day.to_string(), day.kind.as_str(), day.name)),
            Err(finding) => Err(finding.rule.code),
        }
    }

    #[test]
    fn kinds_in_both_languages() {
        for word in ["working", "Workday", "工作日", "调休上班", "补班", " 上班 "] {
            assert_eq!(kind(word), Some(DayKind::Working), "{word}");
        }
        for word in ["holiday", "Public holiday", "休息", "节假日", "放假", "休"] {
            assert_eq!(kind(word), Some(DayKind::Holiday), "{word}");
        }
        for word in ["调休", "", "maybe", "暂无"] {
            assert_eq!(kind(word), None, "{word}");
        }
    }

    #[test]
    fn columns_by_header_by_hand_and_by_place() {
        let columns = Columns::find(&headers(&["名称", "日期", "类型"]), true, &[]).unwrap();
        assert_eq!(
            read(&columns, &["国庆节", "2026年10月1日", "节假日"]),
            Ok(("2026-10-01".into(), "holiday", "国庆节".into()))
        );
        let wishes = [("when".to_owned(), "date".to_owned())];
        let columns = Columns::find(&headers(&["when", "isOffDay"]), true, &wishes).unwrap();
        assert_eq!(
            read(&columns, &["2026-10-10", "false"]),
            Ok(("2026-10-10".into(), "working", String::new()))
        );
        let columns =
            Columns::find(&headers(&["column 1", "column 2", "column 3"]), false, &[]).unwrap();
        assert_eq!(
            read(&columns, &["2026/5/9", "调休上班", "劳动节"]),
            Ok(("2026-05-09".into(), "working", "劳动节".into()))
        );
        assert_eq!(
            Columns::find(&headers(&["kind", "name"]), true, &[]),
            Err("date")
        );
        assert_eq!(
            Columns::find(&headers(&["date", "name"]), true, &[]),
            Err("kind")
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_rule() {
        let columns = Columns::find(&headers(&["date", "kind"]), true, &[]).unwrap();
        assert_eq!(read(&columns, &["2026-02-30", "holiday"]), Err("X121"));
        assert_eq!(read(&columns, &["soon", "holiday"]), Err("X122"));
        assert_eq!(read(&columns, &["2026-02-28", "调休"]), Err("X124"));
    }
}
