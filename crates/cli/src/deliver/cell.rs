//! A JSON value as the text of one cell.

use std::borrow::Cow;

use serde_json::Value;

/// The text of a cell: nothing for null and for empty lists, text as it is, findings as their codes
/// with `;` between, texts with `|` between (as tables of ours are read), other lists and objects as JSON.
pub(super) fn text(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::String(text)) => Cow::Borrowed(text),
        Some(Value::Array(items)) => match (codes(items), texts(items)) {
            (Some(codes), _) => Cow::Owned(codes.join(";")),
            (None, Some(texts)) => Cow::Owned(texts.join("|")),
            (None, None) => Cow::Owned(Value::Array(items.clone()).to_string()),
        },
        Some(other) => Cow::Owned(other.to_string()),
    }
}

/// The same for people: lists of texts with commas between, on one line and cut where long.
pub(super) fn for_people(value: Option<&Value>) -> String {
    /// More than this in one cell hides the rest of the table.
    const MOST: usize = 120;
    let text = match value {
        Some(Value::Array(items)) if !items.is_empty() && items.iter().all(Value::is_string) => {
            items
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        }
        Some(Value::Array(items)) if items.is_empty() => String::new(),
        Some(Value::Array(items)) => match codes(items) {
            Some(codes) => {
                let name =
                    |item: &Value| item.get("name").and_then(Value::as_str).map(str::to_owned);
                let named = codes
                    .iter()
                    .zip(items)
                    .map(|(code, item)| match name(item) {
                        Some(name) => format!("{code} {name}"),
                        None => (*code).to_owned(),
                    });
                named.collect::<Vec<_>>().join(", ")
            }
            None => text(value).into_owned(),
        },
        _ => text(value).into_owned(),
    };
    let mut line = crate::ui::legible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if let Some((cut, _)) = line.char_indices().nth(MOST) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

/// The codes of a list of findings, if that is what it is.
fn codes(items: &[Value]) -> Option<Vec<&str>> {
    items
        .iter()
        .map(|item| item.as_object()?.get("code")?.as_str())
        .collect()
}

/// Whether a spreadsheet could take a text for a formula.
pub(super) fn is_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The texts of a list that holds nothing else, and nothing that would divide it.
fn texts(items: &[Value]) -> Option<Vec<&str>> {
    items
        .iter()
        .map(|item| item.as_str().filter(|text| !text.contains('|')))
        .collect()
}

/// A text no spreadsheet takes for a formula.
pub(super) fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_like_formula(&text) {
        Cow::Owned(format!("'{text}"))
    } else {
        text
    }
}
