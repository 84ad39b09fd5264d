//! Values as they go out.

use cli::Ui;
use model::jiff::Timestamp;
use serde_json::{Map, Value};

/// An instant of the store, in the zone of whoever reads it.
pub(crate) fn instant(ui: &Ui, microseconds: i64) -> String {
    match Timestamp::from_microsecond(microseconds) {
        Ok(instant) => instant
            .to_zoned(ui.tz().clone())
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string(),
        Err(_) => microseconds.to_string(),
    }
}

/// A JSON text of the store as a value; null where there is none.
pub(crate) fn json(text: Option<&str>) -> Value {
    text.filter(|text| !text.is_empty())
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// A listing's findings as the store keeps them, those of its row and those of the stock, each as an object of
/// what it says.
pub(crate) fn findings(texts: [&str; 2]) -> Value {
    let lists = texts.map(|text| json(Some(text)));
    let findings = lists.into_iter().flat_map(|list| match list {
        Value::Array(findings) => findings,
        _ => Vec::new(),
    });
    let object = |finding: Value| -> Map<String, Value> {
        ["code", "effect", "field", "detail"]
            .into_iter()
            .zip(finding.as_array().into_iter().flatten())
            .filter(|(_, word)| *word != "")
            .map(|(name, word)| (name.to_owned(), word.clone()))
            .collect()
    };
    findings.map(object).collect()
}

/// Counts as people read them: what did not happen is left out.
pub(crate) fn counts_in_words(counts: &Value) -> Value {
    let Some(counts) = counts.as_object() else {
        return Value::Null;
    };
    let told = |(name, count): (&String, &Value)| match count {
        Value::Number(number) if number.as_f64() != Some(0.0) => {
            Some(format!("{number} {}", name.replace('_', " ")))
        }
        _ => None,
    };
    Value::from(
        counts
            .iter()
            .filter_map(told)
            .collect::<Vec<_>>()
            .join(", "),
    )
}

/// A text, or null where it is empty.
pub(crate) fn present(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::from(text)
    }
}

/// An object from its members, in their order.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_say_what_they_are() {
        let told = findings([
            r#"[["L507","warn","photos","2 / 4"],["L104","freeze","",""]]"#,
            "[]",
        ]);
        assert_eq!(told[0]["detail"], "2 / 4");
        assert_eq!(told[1].to_string(), r#"{"code":"L104","effect":"freeze"}"#);
        assert_eq!(findings(["[]", "[]"]).to_string(), "[]");
    }

    #[test]
    fn counts_leave_out_what_did_not_happen() {
        let counts = json(Some(r#"{"read":12,"new":3,"rejected":0}"#));
        assert_eq!(counts_in_words(&counts), "12 read, 3 new");
        assert_eq!(counts_in_words(&json(None)), Value::Null);
    }
}
