//! `--schema`: the records this tool writes, and the one kind it reads.

use cli::schema::{self, WireKind};
use serde_json::Value;

pub(crate) fn document() -> Value {
    use WireKind::{Date, Flag, Instant, Integer, Object, OneOf, Text, Texts};
    let run = schema::record(
        "run",
        "A run of a tool",
        &["run", "tool", "actor", "started_at", "outcome"],
        &[
            ("run", Integer, "Its number in the store"),
            ("tool", Text, "The tool"),
            (
                "actor",
                Text,
                "The operating system's user, and the label given with --actor",
            ),
            ("host", Text, "The machine"),
            ("started_at", Instant, "When it began"),
            ("ended_at", Instant, "When it ended"),
            (
                "outcome",
                Text,
                "done, failed, running, killed, or what the tool said",
            ),
            ("counts", Object, "What it counted"),
            ("command", Text, "The command, without private values"),
            ("undoes", Integer, "The run it took back"),
            ("undone_by", Integer, "The run that took it back"),
            ("version", Text, "Version of the tool"),
            (
                "config_hash",
                Text,
                "Hash of the settings that can change what a run does",
            ),
            ("rule_pack", Text, "Rule pack and its version"),
            ("model_version", Text, "Version of the model"),
        ],
    );
    let reject = schema::record(
        "reject",
        "A refused row",
        &["run", "source", "line", "rule", "reason", "reject_id"],
        &[
            ("run", Integer, "The run that refused it"),
            ("source", Text, "The file it was in"),
            ("line", Integer, "Its line there"),
            ("rule", Text, "Code of the rule it broke"),
            ("field", Text, "The field"),
            ("reason", Text, "Why, with private values masked"),
            (
                "reject_id",
                Text,
                "Name by which the mended row is known again",
            ),
            (
                "resolved_by_run",
                Integer,
                "The run that took the mended row",
            ),
        ],
    );
    let verdict = schema::record(
        "verdict",
        "What verify found",
        &["store", "ok", "problems"],
        &[
            ("store", Text, "The file"),
            ("ok", Flag, "Whether nothing is wrong"),
            ("runs", Integer, "Runs whose work was kept"),
            ("decisions", Integer, "Decisions checked"),
            ("sealed", Integer, "Private values opened"),
            ("head", Text, "End of the chain of decisions, for --head"),
            ("problems", Texts, "What is wrong"),
        ],
    );
    let thing = schema::record(
        "thing",
        "A listing or a run, as show tells it",
        &["kind"],
        &[
            ("kind", OneOf(&["listing", "run"]), "What it is"),
            ("listing_key", Text, "Key of the listing"),
            ("home_key", Text, "Key of the home it offers"),
            ("frozen", Flag, "Whether it is stored but not offered"),
            ("verification", Text, "Whether its truth was looked into"),
            (
                "fields",
                Object,
                "What it is made of; private values masked",
            ),
            ("findings", WireKind::Findings, "What the last import found"),
            ("lineage", Object, "Runs, file and line it came from"),
            ("history", Texts, "How it came to be what it is; objects"),
            ("decisions", Texts, "What was decided about it; objects"),
            ("run", Integer, "Number of the run"),
            ("inputs", Texts, "What the run read; objects"),
        ],
    );
    let day = schema::record(
        "day",
        "One line of a calendar",
        &["source", "line", "action"],
        &[
            ("source", Text, "The file it was in"),
            ("line", Integer, "Its line there"),
            ("date", Date, "The day"),
            (
                "kind",
                OneOf(&["working", "holiday"]),
                "Whether people work on it",
            ),
            ("name", Text, "What it is called"),
            (
                "action",
                OneOf(&["new", "changed", "unchanged", "rejected"]),
                "What became of it",
            ),
            ("findings", WireKind::Findings, "Why it was refused"),
            (
                "superseded_by_line",
                Integer,
                "A later line about the same day, which counts instead",
            ),
        ],
    );
    let setting = schema::record(
        "setting",
        "One setting in force",
        &["key", "value"],
        &[
            ("key", Text, "Its key"),
            ("value", Text, "Its value, as a config file would write it"),
            ("origin", Text, "Where it came from"),
        ],
    );
    schema::document(
        "store-admin",
        vec![
            ("run", run),
            ("reject", reject),
            ("verdict", verdict),
            ("thing", thing),
            ("day", day),
            ("setting", setting),
        ],
    )
}
