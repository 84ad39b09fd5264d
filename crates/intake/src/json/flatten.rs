//! One object to cells: inner objects by dotted keys, arrays of plain values joined with `|`,
//! numbers exactly as they were written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::{Error, ErrorKind, Fault, Record};

/// Keys a file may have; beyond, its keys are data and not names.
const MOST_COLUMNS: usize = 20_000;
/// Objects inside objects; what lies deeper stays JSON.
const DEEPEST: usize = 16;

/// Whether a line opens as an object does.
pub(crate) fn is_object(line: &[u8]) -> bool {
    line.trim_ascii_start().first() == Some(&b'{')
}

/// The columns of a file, in the order in which their keys were first seen.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    by_key: HashMap<String, usize>,
    names: Vec<String>,
}

impl Columns {
    /// The names, in order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Takes up the keys of one object; a line that is none adds nothing.
    pub(crate) fn learn(&mut self, object: &[u8], shown: &str) -> Result<(), Error> {
        let Ok(text) = std::str::from_utf8(object) else {
            return Ok(());
        };
        let mut new = Vec::new();
        let known = &self.by_key;
        let whole = walk(text, &mut String::new(), 0, &mut |key, _| {
            if !known.contains_key(key) {
                new.push(key.to_owned());
            }
        });
        if whole.is_err() {
            return Ok(());
        }
        for key in new {
            let next = self.names.len();
            if let std::collections::hash_map::Entry::Vacant(free) = self.by_key.entry(key) {
                self.names.push(free.key().clone());
                free.insert(next);
            }
        }
        if self.names.len() > MOST_COLUMNS {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("`{shown}` has more than {MOST_COLUMNS} different keys"),
            )
            .with_hint(
                "an array of records is wanted, not an object with a record under each id",
            ));
        }
        Ok(())
    }

    /// Fills a record with the cells of one object; what is wrong with it becomes its fault, and its
    /// text its only cell.
    pub(crate) fn fill(&self, object: &[u8], cells: &mut Vec<String>, record: &mut Record) {
        let text = match std::str::from_utf8(object) {
            Ok(text) => text,
            Err(_) => {
                record.set_fault(Fault::Encoding { column: 0 });
                record.push_bytes(object);
                return;
            }
        };
        if !is_object(object) {
            let fault = match serde_json::from_str::<serde::de::IgnoredAny>(text) {
                Ok(_) => Fault::NotAnObject,
                Err(error) => Fault::Json(error.to_string()),
            };
            record.set_fault(fault);
            record.push(text);
            return;
        }
        cells.resize(self.names.len(), String::new());
        cells.iter_mut().for_each(String::clear);
        let whole = walk(text, &mut String::new(), 0, &mut |key, value| {
            if let Some(cell) = self.by_key.get(key).and_then(|&at| cells.get_mut(at)) {
                // of a key that stands twice the last counts
                cell.clear();
                cell.push_str(value);
            }
        });
        if let Err(error) = whole {
            record.set_fault(Fault::Json(error.to_string()));
            record.push(text);
            return;
        }
        for (column, cell) in cells.iter().enumerate() {
            if cell.contains('\0') {
                record.set_fault(Fault::Nul { column });
            }
            record.push(cell);
        }
    }
}

/// Calls `take` with each key and its value as text.
fn walk(
    object: &str,
    path: &mut String,
    depth: usize,
    take: &mut dyn FnMut(&str, &str),
) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(object);
    json.deserialize_map(Walker { path, depth, take })?;
    json.end()
}

struct Walker<'w> {
    path: &'w mut String,
    depth: usize,
    take: &'w mut dyn FnMut(&str, &str),
}

impl<'de> Visitor<'de> for Walker<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let value = map.next_value::<&'de RawValue>()?.get().trim();
            let length = self.path.len();
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            let failed = |error: serde_json::Error| serde::de::Error::custom(error);
            match value.as_bytes().first() {
                Some(b'{') if self.depth < DEEPEST && value.len() > 2 => {
                    walk(value, self.path, self.depth + 1, self.take).map_err(failed)?;
                }
                Some(b'{') if value.len() <= 2 => {}
                Some(b'[') => (self.take)(self.path, &array(value).map_err(failed)?),
                _ => (self.take)(self.path, &scalar(value).map_err(failed)?),
            }
            self.path.truncate(length);
        }
        Ok(())
    }
}

/// A plain value as a cell: `null` is empty, numbers stay as written.
fn scalar(value: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    match value.as_bytes().first() {
        Some(b'"') => {
            // most strings have no escape and are borrowed
            let inner = value.get(1..value.len() - 1).unwrap_or("");
            if inner.contains('\\') {
                serde_json::from_str(value).map(Cow::Owned)
            } else {
                Ok(Cow::Borrowed(inner))
            }
        }
        Some(b'n') => Ok(Cow::Borrowed("")),
        _ => Ok(Cow::Borrowed(value)),
    }
}

/// Plain values joined with `|`; an array of anything else stays JSON.
fn array(value: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    let items: Vec<&RawValue> = serde_json::from_str(value)?;
    if items.iter().any(|item| item.get().starts_with(['{', '['])) {
        return Ok(Cow::Borrowed(value));
    }
    let mut joined = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            joined.push('|');
        }
        joined.push_str(&scalar(item.get())?);
    }
    Ok(Cow::Owned(joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(object: &str) -> Vec<(String, String)> {
        let mut columns = Columns::default();
        columns.learn(object.as_bytes(), "x").unwrap();
        let mut record = Record::new();
        columns.fill(object.as_bytes(), &mut Vec::new(), &mut record);
        assert_eq!(record.fault(), None);
        columns
            .names()
            .iter()
            .enumerate()
            .map(|(at, name)| (name.clone(), record.text(at).to_owned()))
            .collect()
    }

    #[test]
    fn objects_become_rows() {
        let found = cells(
            r#"{"id":12345678901234567890,"price":520.50,"at":{"city":"北\u4eac","x":{"y":1e3}},
                "tags":["a","b",3,null],"none":null,"yes":true,"deep":[{"a":1}],"e":{}, "empty":[]}"#,
        );
        let wanted = [
            ("id", "12345678901234567890"),
            ("price", "520.50"),
            ("at.city", "北京"),
            ("at.x.y", "1e3"),
            ("tags", "a|b|3|"),
            ("none", ""),
            ("yes", "true"),
            ("deep", "[{\"a\":1}]"),
            ("empty", ""),
        ];
        let found: Vec<(&str, &str)> = found.iter().map(|(k, v)| (&**k, &**v)).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn what_is_no_object_is_told() {
        let columns = Columns::default();
        let fault = |text: &[u8]| {
            let mut record = Record::new();
            columns.fill(text, &mut Vec::new(), &mut record);
            record.fault().cloned()
        };
        assert_eq!(fault(b"[1]"), Some(Fault::NotAnObject));
        assert_eq!(fault(b"{}"), None);
        assert!(matches!(fault(b"{\"a\":"), Some(Fault::Json(_))));
        assert!(matches!(fault(b"{\"a\":1} x"), Some(Fault::Json(_))));
        assert!(matches!(fault(b"nonsense"), Some(Fault::Json(_))));
        assert!(matches!(
            fault(b"{\"a\":\"\xff\"}"),
            Some(Fault::Encoding { .. })
        ));
        let deep = format!("{}1{}", "{\"a\":".repeat(500), "}".repeat(500));
        let _ = fault(deep.as_bytes());
    }
}
