//! One value of the config.

use std::fmt;

use super::keys::Kind;

/// One value of the config.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// Text, a file name, a word, a length of time.
    Text(String),
    /// A number or a share.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// A switch.
    Flag(bool),
    /// Several texts.
    List(Vec<String>),
    /// Names and texts, in the file's order.
    Map(Vec<(String, String)>),
}

impl Setting {
    /// Reads a value as a flag or an environment variable gives it; the error says what is expected.
    pub(super) fn from_text(kind: Kind, text: &str) -> Result<Self, String> {
        let wrong = || kind.label();
        match kind {
            Kind::Text | Kind::Path | Kind::Any => Ok(Setting::Text(text.to_owned())),
            Kind::OneOf(words) if words.contains(&text) => Ok(Setting::Text(text.to_owned())),
            Kind::Duration if crate::args::duration(text).is_ok() => {
                Ok(Setting::Text(text.to_owned()))
            }
            Kind::OneOf(_) | Kind::Duration => Err(wrong()),
            Kind::Number => finite(text).map(Setting::Number).ok_or_else(wrong),
            Kind::Integer => text.parse().map(Setting::Integer).map_err(|_| wrong()),
            Kind::Share => share(text).map(Setting::Number).ok_or_else(wrong),
            Kind::Flag => text.parse().map(Setting::Flag).map_err(|_| wrong()),
            Kind::List => Ok(Setting::List(
                text.split(',')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect(),
            )),
            Kind::Map => {
                let pairs = text.split(',').filter(|part| !part.trim().is_empty());
                let pairs: Result<_, _> = pairs.map(crate::args::pair).collect();
                pairs.map(Setting::Map).map_err(|_| wrong())
            }
        }
    }

    /// The value as a flag would give it.
    pub(super) fn as_given(&self) -> String {
        match self {
            Setting::Text(text) => text.clone(),
            Setting::List(list) => list.join(","),
            Setting::Map(map) => {
                let pairs: Vec<_> = map.iter().map(|(a, b)| format!("{a}={b}")).collect();
                pairs.join(",")
            }
            other => other.to_string(),
        }
    }

    /// A number, share or whole number.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Setting::Number(number) => Some(*number),
            Setting::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// A whole number.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Setting::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// A text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Setting::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A switch.
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Setting::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Several texts.
    pub fn as_list(&self) -> Option<&[String]> {
        match self {
            Setting::List(list) => Some(list),
            _ => None,
        }
    }

    /// Names and texts.
    pub fn as_map(&self) -> Option<&[(String, String)]> {
        match self {
            Setting::Map(map) => Some(map),
            _ => None,
        }
    }
}

pub(super) fn finite(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

pub(super) fn share(text: &str) -> Option<f64> {
    let number = match text.trim().strip_suffix('%') {
        Some(percent) => finite(percent)? / 100.0,
        None => finite(text)?,
    };
    (0.0..=1.0).contains(&number).then_some(number)
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // JSON's quotes and escapes are TOML's too
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Setting::Text(text) => f.write_str(&quoted(text)),
            Setting::Number(number) => write!(f, "{number}"),
            Setting::Integer(number) => write!(f, "{number}"),
            Setting::Flag(flag) => write!(f, "{flag}"),
            Setting::List(list) => {
                let list: Vec<_> = list.iter().map(|text| quoted(text)).collect();
                write!(f, "[{}]", list.join(", "))
            }
            Setting::Map(map) => {
                let map: Vec<_> = map
                    .iter()
                    .map(|(name, text)| format!("{} = {}", quoted(name), quoted(text)))
                    .collect();
                write!(f, "{{ {} }}", map.join(", "))
            }
        }
    }
}
