//! JSON Schema from tables of fields, for `--schema`.

use serde_json::{Map, Value, json};

/// What a field is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireKind {
    /// Text or an id.
    Text,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Integer,
    /// A number that may have a fraction: scores, shares.
    Number,
    /// A decimal as text: money, areas.
    Decimal,
    /// True or false.
    Flag,
    /// A calendar date.
    Date,
    /// An instant with its offset.
    Instant,
    /// Several texts.
    Texts,
    /// Findings.
    Findings,
    /// An object whose members are not fixed.
    Object,
    /// Several of them.
    Objects,
}

impl From<model::field::Kind> for WireKind {
    fn from(kind: model::field::Kind) -> Self {
        use model::field::Kind;
        match kind {
            Kind::Text | Kind::Code => WireKind::Text,
            Kind::Integer => WireKind::Integer,
            Kind::Decimal | Kind::Money | Kind::Area => WireKind::Decimal,
            Kind::Date => WireKind::Date,
            Kind::Instant => WireKind::Instant,
            Kind::Flag => WireKind::Flag,
            Kind::List => WireKind::Texts,
        }
    }
}

/// One field of a record: name, kind, what it is; every value but those `required` may be null.
pub type SchemaField<'a> = (&'a str, WireKind, &'a str);

/// The schema of one record type.
pub fn record(title: &str, about: &str, required: &[&str], fields: &[SchemaField<'_>]) -> Value {
    let mut properties = Map::new();
    for (name, kind, about) in fields {
        let mut property = of_kind(*kind);
        if !required.contains(name) {
            nullable(&mut property);
        }
        property.insert("description".into(), json!(about));
        properties.insert((*name).to_owned(), Value::Object(property));
    }
    json!({
        "title": title,
        "description": about,
        "type": "object",
        "properties": properties,
        "required": required,
    })
}

/// The document `--schema` prints: the record types a tool reads and writes, by name.
pub fn document(tool: &str, records: Vec<(&str, Value)>) -> Value {
    let definitions: Map<String, Value> = records
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    let any: Vec<Value> = definitions
        .keys()
        .map(|name| json!({"$ref": format!("#/$defs/{name}")}))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": tool,
        "anyOf": any,
        "$defs": definitions,
    })
}

fn of_kind(kind: WireKind) -> Map<String, Value> {
    let schema = match kind {
        WireKind::Text => json!({"type": "string"}),
        WireKind::OneOf(words) => json!({"type": "string", "enum": words}),
        WireKind::Integer => json!({"type": "integer"}),
        WireKind::Number => json!({"type": "number"}),
        WireKind::Decimal => json!({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
        WireKind::Flag => json!({"type": "boolean"}),
        WireKind::Date => json!({"type": "string", "format": "date"}),
        WireKind::Instant => json!({"type": "string", "format": "date-time"}),
        WireKind::Texts => json!({"type": "array", "items": {"type": "string"}}),
        WireKind::Findings => json!({"type": "array", "items": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "name": {"type": "string"},
                "effect": {"type": "string", "enum": ["reject", "freeze", "hold", "warn"]},
                "field": {"type": ["string", "null"]},
                "message": {"type": "string"},
            },
            "required": ["code", "name", "effect", "message"],
        }}),
        WireKind::Object => json!({"type": "object"}),
        WireKind::Objects => json!({"type": "array", "items": {"type": "object"}}),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

fn nullable(schema: &mut Map<String, Value>) {
    if let Some(Value::String(kind)) = schema.get("type") {
        let both = json!([kind, "null"]);
        schema.insert("type".into(), both);
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_required_may_be_null() {
        let schema = record(
            "change",
            "What became of a row",
            &["line"],
            &[
                ("line", WireKind::Integer, "Line of the input"),
                (
                    "action",
                    WireKind::OneOf(&["new", "changed"]),
                    "What became of it",
                ),
            ],
        );
        assert_eq!(schema["properties"]["line"]["type"], "integer");
        assert_eq!(
            schema["properties"]["action"]["type"],
            json!(["string", "null"])
        );
        assert_eq!(
            schema["properties"]["action"]["enum"],
            json!(["new", "changed", null])
        );
        let document = document("listing-import", vec![("change", schema)]);
        assert_eq!(document["anyOf"][0]["$ref"], "#/$defs/change");
    }
}
