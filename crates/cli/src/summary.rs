//! What a run came to: one line on standard error, and JSON for who asks with `--summary`.

use std::io::Write;

use model::rule::Lang;
use serde_json::{Map, Value};

use crate::args::RunArgs;
use crate::deliver::Sink;
use crate::failure::Failure;
use crate::number::grouped;
use crate::ui::Ui;

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    run: Option<i64>,
    dry: bool,
    read: u64,
    rejected: u64,
    counts: Vec<(&'static str, u64)>,
    values: Vec<(&'static str, Value)>,
    notes: Vec<String>,
}

impl Summary {
    /// A summary of so many records read, of which so many were rejected.
    pub fn new(read: u64, rejected: u64) -> Self {
        Summary {
            read,
            rejected,
            ..Summary::default()
        }
    }

    /// The run's number in its store.
    #[must_use]
    pub fn run(mut self, number: i64) -> Self {
        self.run = Some(number);
        self
    }

    /// Says that nothing was written.
    #[must_use]
    pub fn dry_run(mut self, dry: bool) -> Self {
        self.dry = dry;
        self
    }

    /// Adds one of the tool's own counts; they keep their order.
    #[must_use]
    pub fn count(mut self, name: &'static str, count: u64) -> Self {
        self.counts.push((name, count));
        self
    }

    /// Adds a value that is no count, for the JSON only: an objective, a hash.
    #[must_use]
    pub fn value(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// Adds words to the end of the line: a resolved period, a check that was silent.
    #[must_use]
    pub fn remark(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Prints the line and writes the file.
    pub fn give(&self, ui: &mut Ui, run: &RunArgs) -> Result<(), Failure> {
        let seconds = ui.elapsed().as_secs_f64();
        let line = self.line(ui.lang(), seconds);
        ui.status(line);
        let Some(path) = &run.summary else {
            return Ok(());
        };
        let cannot = |error| {
            Failure::failed(format!("cannot write the summary to `{}`", path.display()))
                .because(error)
        };
        let mut sink = Sink::file(path, false)?;
        let json = self.json(ui.tool(), seconds);
        writeln!(sink, "{json:#}").map_err(cannot)?;
        sink.finish().map_err(cannot)
    }

    fn json(&self, tool: &str, seconds: f64) -> Value {
        let mut json = Map::new();
        json.insert("tool".into(), tool.into());
        json.insert("run".into(), self.run.into());
        json.insert("read".into(), self.read.into());
        json.insert("rejected".into(), self.rejected.into());
        json.insert(
            "seconds".into(),
            ((seconds * 1000.0).round() / 1000.0).into(),
        );
        for (name, count) in &self.counts {
            json.insert((*name).into(), (*count).into());
        }
        for (name, value) in &self.values {
            json.insert((*name).into(), value.clone());
        }
        if !self.notes.is_empty() {
            json.insert("notes".into(), self.notes.clone().into());
        }
        Value::Object(json)
    }

    fn line(&self, lang: Lang, seconds: f64) -> String {
        let zh = lang == Lang::Zh;
        let head = match (self.dry, self.run, zh) {
            (true, _, false) => "dry run: ".to_owned(),
            (true, _, true) => "试运行：".to_owned(),
            (false, Some(run), false) => format!("run {run}: "),
            (false, Some(run), true) => format!("第 {run} 次运行："),
            (false, None, _) => String::new(),
        };
        let rejected = (!self.counts.iter().any(|(name, _)| *name == "rejected"))
            .then_some(("rejected", self.rejected));
        let told = self
            .counts
            .iter()
            .copied()
            .chain(rejected)
            .filter(|(_, count)| *count > 0);
        let mut parts = vec![worded("read", self.read, zh)];
        parts.extend(told.map(|(name, count)| worded(name, count, zh)));
        let (comma, stop) = if zh { ("，", "；") } else { (", ", "; ") };
        let mut line = head + &parts.join(comma);
        line.push_str(&if zh {
            format!("，用时 {} 秒", took(seconds))
        } else {
            format!(" in {} s", took(seconds))
        });
        for note in &self.notes {
            line.push_str(stop);
            line.push_str(note);
        }
        line
    }
}

fn took(seconds: f64) -> String {
    if seconds < 10.0 {
        format!("{seconds:.1}")
    } else {
        grouped(seconds.round() as u64)
    }
}

fn worded(name: &str, count: u64, zh: bool) -> String {
    let word = match name {
        "read" => "读入",
        "new" => "新增",
        "changed" => "变更",
        "unchanged" => "未变",
        "withdrawn" => "撤下",
        "rejected" => "拒绝",
        "frozen" => "冻结",
        "held" => "待审",
        "filtered" => "过滤",
        "counted" => "计入",
        "leads" => "线索",
        "contacts" => "客户",
        "findings" => "发现",
        "repeated" => "重复",
        "mended" => "已修正",
        "corrections" => "修改申请",
        "approved" => "通过",
        "declined" => "驳回",
        "same" => "同一套",
        "different" => "不同",
        "skipped" => "跳过",
        "waiting" => "待处理",
        "expired" => "过期",
        "unresolved_references" => "未匹配引用",
        "media" => "媒体",
        "media_new" => "新增媒体",
        "media_changed" => "变更媒体",
        "media_rejected" => "拒绝媒体",
        other => other,
    };
    if zh {
        format!("{word} {}", grouped(count))
    } else {
        format!("{} {}", grouped(count), name.replace('_', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn summary() -> Summary {
        Summary::new(1000, 10)
            .run(3)
            .count("new", 990)
            .count("changed", 0)
            .remark("prices of 2 rows unchecked")
    }

    #[test]
    fn the_line_leaves_out_what_did_not_happen() {
        assert_eq!(
            summary().line(Lang::En, 0.42),
            "run 3: 1,000 read, 990 new, 10 rejected in 0.4 s; prices of 2 rows unchecked"
        );
        assert_eq!(
            Summary::new(7, 0).dry_run(true).line(Lang::Zh, 83.2),
            "试运行：读入 7，用时 83 秒"
        );
    }

    #[test]
    fn the_file_has_the_promised_order() {
        let json = summary().json("listing-import", 0.42).to_string();
        assert!(json.starts_with(
            r#"{"tool":"listing-import","run":3,"read":1000,"rejected":10,"seconds":0.42,"new":990,"changed":0"#
        ));
    }

    #[test]
    fn quiet_says_nothing_and_still_writes() {
        let dir = tempfile::tempdir().unwrap();
        let run = RunArgs {
            summary: Some(dir.path().join("s.json")),
            ..RunArgs::default()
        };
        let mut ui = Ui::for_test("t", Timestamp::UNIX_EPOCH, &[]);
        summary().give(&mut ui, &run).unwrap();
        assert_eq!(ui.said().len(), 1);
        let text = std::fs::read_to_string(dir.path().join("s.json")).unwrap();
        assert!(text.ends_with("}\n") && text.contains("\"rejected\": 10"));
    }
}
