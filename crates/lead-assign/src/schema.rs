//! `--schema`: the records this tool writes.

use cli::schema::{SchemaField, WireKind, document as tool_document, record};
use model::member::MemberField;
use serde_json::Value;

pub(crate) fn document() -> Value {
    use WireKind::{Date, Findings, Integer, OneOf, Text};
    let head: [SchemaField<'_>; 2] = [
        ("source", Text, "File the row is from"),
        ("line", Integer, "Line of the row there"),
    ];
    let action: SchemaField<'_> = (
        "action",
        OneOf(&["new", "changed", "unchanged", "inactive", "rejected"]),
        "What became of the member",
    );
    let key: SchemaField<'_> = (
        "member_key",
        Text,
        "Key in the store; none for a rejected row",
    );
    let mut change = head.to_vec();
    change.extend([
        ("member_id", Text, "Id in the input"),
        key,
        action,
        ("member_full_name", Text, "Business name"),
        (
            "member_status",
            OneOf(&["Active", "Inactive"]),
            "Whether the member works",
        ),
        (
            "role",
            Text,
            "agent, manager, region_manager, trainee, or as written",
        ),
        ("office_name", Text, "Name of the office"),
        ("licence", Text, "Licence number"),
        (
            "licence_expires",
            Date,
            "Last day on which the licence holds",
        ),
        (
            "superseded_by_line",
            Integer,
            "Line of a later row about the same member, which counts",
        ),
        ("findings", Findings, "What is wrong with the row"),
    ]);
    let mut member = head.to_vec();
    member.extend([
        key,
        ("office_key", Text, "Key of the office in the store"),
        action,
    ]);
    member.extend(MemberField::ALL.iter().map(|field| {
        let field = field.field();
        (field.name, WireKind::from(field.kind), field.about)
    }));
    let due = [
        ("member_id", Text, "Id in the roster"),
        ("member_key", Text, "Key in the store"),
        ("member_full_name", Text, "Business name"),
        ("office_name", Text, "Name of the office"),
        ("licence", Text, "Licence number"),
        (
            "licence_expires",
            Date,
            "Last day on which the licence holds",
        ),
        (
            "state",
            OneOf(&["missing", "expired", "expiring"]),
            "Why the member is listed",
        ),
        ("days", Integer, "Days left; below 0 once it has expired"),
    ];
    tool_document(
        "lead-assign",
        vec![
            (
                "change",
                record(
                    "change",
                    "What became of a row of a roster",
                    &["member_key", "action"],
                    &change,
                ),
            ),
            (
                "member",
                record(
                    "member",
                    "A member, private fields masked (`roster --emit members`)",
                    &["member_key", "action"],
                    &member,
                ),
            ),
            (
                "due",
                record(
                    "due",
                    "A licence that is missing, expired or about to expire (`roster due`)",
                    &["member_key", "state"],
                    &due,
                ),
            ),
        ],
    )
}
