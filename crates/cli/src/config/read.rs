//! One config file: its keys checked against those declared, each with its line.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Declared, Key, Kind};
use super::value::{self, Setting};
use crate::failure::Failure;

/// One key of a file.
pub(super) struct Entry {
    /// The key with its sections, `store.path`.
    pub(super) key: String,
    /// Its value.
    pub(super) value: Setting,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// Reads a file's keys.
pub(super) fn entries(text: &str, path: &Path, declared: &Declared) -> Result<Vec<Entry>, Failure> {
    // Windows editors put a mark at the start; TOML does not know it
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Failure::usage(format!(
            "config file `{}`, line {line}: {}",
            path.display(),
            error.message()
        ))
    })?;
    let mut reader = Reader {
        text,
        path,
        declared,
        entries: Vec::new(),
    };
    reader.table(table.get_ref(), &mut Vec::new())?;
    Ok(reader.entries)
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at.min(text.len())]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
}

struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
    declared: &'a Declared,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    fn table<'t>(
        &mut self,
        table: &'t DeTable<'_>,
        path: &mut Vec<&'t str>,
    ) -> Result<(), Failure> {
        for (name, value) in table {
            let line = line_of(self.text, name.span().start);
            if path.is_empty() && self.declared.is_foreign(name.get_ref()) {
                continue;
            }
            path.push(name.get_ref());
            self.key(value, line, path)?;
            path.pop();
        }
        Ok(())
    }

    fn key<'t>(
        &mut self,
        value: &'t Spanned<DeValue<'_>>,
        line: usize,
        path: &mut Vec<&'t str>,
    ) -> Result<(), Failure> {
        let key = self.declared.find(path);
        match (key, value.get_ref()) {
            (Some(key), DeValue::Table(table)) if key.kind == Kind::Any => self.table(table, path),
            (None, DeValue::Table(table)) if self.declared.is_section(path) => {
                self.table(table, path)
            }
            (Some(key), found) => {
                let value = self
                    .setting(key, found)
                    .ok_or_else(|| self.wrong_type(key, found, line, path))?;
                self.entries.push(Entry {
                    key: path.join("."),
                    value,
                    line,
                });
                Ok(())
            }
            (None, found) => Err(self.unknown(found, line, path)),
        }
    }

    fn setting(&self, key: &Key, found: &DeValue<'_>) -> Option<Setting> {
        match (key.kind, found) {
            (Kind::Path, DeValue::String(text)) => Some(Setting::Text(self.placed(text))),
            (Kind::Integer, DeValue::Integer(number)) => integer(number).map(Setting::Integer),
            (Kind::Number, _) => number(found).map(Setting::Number),
            (Kind::Share, DeValue::String(text)) => value::share(text).map(Setting::Number),
            (Kind::Share, _) => number(found)
                .filter(|share| (0.0..=1.0).contains(share))
                .map(Setting::Number),
            (Kind::Flag, DeValue::Boolean(flag)) => Some(Setting::Flag(*flag)),
            (Kind::List, DeValue::Array(_)) => texts(found).map(Setting::List),
            (Kind::List, DeValue::String(text)) => {
                Some(Setting::List(vec![text.clone().into_owned()]))
            }
            (Kind::Map, DeValue::Table(table)) => table
                .iter()
                .map(|(name, value)| {
                    Some((
                        name.get_ref().clone().into_owned(),
                        value.get_ref().as_str()?.to_owned(),
                    ))
                })
                .collect::<Option<_>>()
                .map(Setting::Map),
            (Kind::Text | Kind::OneOf(_) | Kind::Duration, DeValue::String(text)) => {
                Setting::from_text(key.kind, text).ok()
            }
            (Kind::Any, _) => match found {
                DeValue::String(text) => Some(Setting::Text(text.clone().into_owned())),
                DeValue::Boolean(flag) => Some(Setting::Flag(*flag)),
                DeValue::Integer(number) => integer(number).map(Setting::Integer),
                DeValue::Float(_) => number(found).map(Setting::Number),
                DeValue::Array(_) => texts(found).map(Setting::List),
                DeValue::Datetime(time) => Some(Setting::Text(time.to_string())),
                DeValue::Table(_) => None,
            },
            _ => None,
        }
    }

    /// A relative file starts at the config file's folder; addresses and `:memory:` stay.
    fn placed(&self, text: &str) -> String {
        let stays = text.is_empty()
            || text.starts_with(':')
            || text.contains("://")
            || Path::new(text).is_absolute();
        match self
            .path
            .parent()
            .filter(|folder| !stays && !folder.as_os_str().is_empty())
        {
            Some(folder) => folder.join(text).to_string_lossy().into_owned(),
            None => text.to_owned(),
        }
    }

    fn wrong_type(&self, key: &Key, found: &DeValue<'_>, line: usize, path: &[&str]) -> Failure {
        // a wrong value may be a secret put in the wrong place: only its type is told
        Failure::usage(format!(
            "config file `{}`, line {line}: `{}` must be {}, not this {}",
            self.path.display(),
            path.join("."),
            key.kind.label(),
            found.type_str(),
        ))
    }

    fn unknown(&self, found: &DeValue<'_>, line: usize, path: &[&str]) -> Failure {
        let what = if found.is_table() { "section" } else { "key" };
        let failure = Failure::usage(format!(
            "config file `{}`, line {line}: unknown {what} `{}`",
            self.path.display(),
            path.join("."),
        ));
        match self.declared.nearest(path) {
            Some(near) => failure.hint(format!("the nearest is `{near}`")),
            None => failure.hint("`store-admin config show --origin` lists the keys"),
        }
    }
}

fn integer(number: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn number(found: &DeValue<'_>) -> Option<f64> {
    match found {
        DeValue::Float(number) => value::finite(number.as_str()),
        DeValue::Integer(number) => integer(number).map(|number| number as f64),
        _ => None,
    }
}

fn texts(found: &DeValue<'_>) -> Option<Vec<String>> {
    let array = found.as_array()?;
    array
        .iter()
        .map(|item| item.get_ref().as_str().map(str::to_owned))
        .collect()
}
