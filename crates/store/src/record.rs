//! Records of which the store keeps some fields in columns and the rest as JSON objects: members, offices.

use model::field::{Field, Kind, Storage, Stored, Value};
use serde_json::Map;
use serde_json::Value as Json;

/// The fields that are kept in one place, as a JSON object; nothing where none has a value.
pub(crate) fn object<'a>(
    fields: impl Iterator<Item = (&'static Field, Value<'a>)>,
    storage: Storage,
) -> Option<String> {
    let members = fields.filter(|(field, value)| field.storage == storage && !value.is_null());
    let object: Map<String, Json> = members
        .map(|(field, value)| (field.name.to_owned(), json(value)))
        .collect();
    (!object.is_empty()).then(|| Json::Object(object).to_string())
}

fn json(value: Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(text) | Value::List(text) => text.into(),
        Value::Integer(number) | Value::Money(number) | Value::Area(number) => number.into(),
        Value::Decimal(number) => number.normalize().to_string().into(),
        Value::Date(date) => date.to_string().into(),
        Value::Instant(instant) => instant.as_microsecond().into(),
        Value::Flag(flag) => flag.into(),
    }
}

/// Hands out the fields that [`object`] wrote; says no where the text is none of its.
pub(crate) fn read(text: &str, mut each: impl FnMut(&str, &Json)) -> bool {
    match serde_json::from_str::<Map<String, Json>>(text) {
        Ok(object) => {
            object.iter().for_each(|(name, value)| each(name, value));
            true
        }
        Err(_) => false,
    }
}

/// A value of [`object`] as one of its field.
pub(crate) fn value(json: &Json, kind: Kind) -> Value<'_> {
    match json {
        Json::String(text) => Stored::Text(text).value(kind),
        Json::Number(number) => Stored::Number(number.as_i64().unwrap_or_default()).value(kind),
        Json::Bool(flag) => Value::Flag(*flag),
        _ => Value::Null,
    }
}
