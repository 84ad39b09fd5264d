//! What judging adds to a row's record after it was made: in the record, and for `--replay`.

use model::rule::{Finding, Lang};
use serde_json::{Map, Value, json};

use crate::emit::{findings_text, with_messages};

/// What a record is told beside what it says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// The home's key.
    pub home_key: Option<String>,
    /// Whether the listing is frozen.
    pub frozen: Option<bool>,
    /// What the rules of the stock found.
    pub findings: Vec<Finding>,
    /// The listing they are about; empty where they are none.
    pub listing_id: String,
    pub listing_key: String,
}

impl Told {
    /// Another home, and nothing else.
    pub(super) fn home(key: String) -> Self {
        Told {
            home_key: Some(key),
            ..Told::default()
        }
    }

    /// In the form of [`cli::apply_patch`].
    pub(crate) fn patch(&self, lang: Lang) -> Map<String, Value> {
        let findings = self
            .findings
            .iter()
            .map(|finding| json!(finding.to_wire(lang)));
        self.with_findings(findings.collect())
    }

    /// As the store keeps it.
    pub(crate) fn kept(&self) -> serde_json::Result<String> {
        let findings = findings_text(&self.findings)?;
        let kept = self.with_findings(serde_json::from_str(&findings)?);
        Ok(Value::Object(kept).to_string())
    }

    fn with_findings(&self, findings: Vec<Value>) -> Map<String, Value> {
        let mut members = Map::new();
        if let Some(key) = &self.home_key {
            members.insert("home_key".to_owned(), json!(key));
        }
        if let Some(frozen) = self.frozen {
            members.insert("frozen".to_owned(), json!(frozen));
        }
        if !findings.is_empty() {
            members.insert("findings".to_owned(), Value::Array(findings));
        }
        members
    }
}

/// What the store kept, in the form of [`cli::apply_patch`]; what it does not understand says nothing.
pub(crate) fn told(kept: &str, lang: Lang) -> Map<String, Value> {
    let mut members: Map<String, Value> = serde_json::from_str(kept).unwrap_or_default();
    if let Some(Value::Array(findings)) = members.get_mut("findings") {
        for finding in findings {
            *finding = json!({
                "code": finding[0], "effect": finding[1], "field": finding[2].as_str().filter(|field| !field.is_empty()),
                "detail": finding[3],
            });
        }
    }
    with_messages(&mut members, lang);
    members
}
