//! What differs between the two engines. The schema and every shared query are written once; this
//! module says them in an engine's own words.

use model::field::{Field, Kind, Storage};
use model::listing::ListingField;

use crate::listing::facts;

/// An engine that keeps a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

const SCHEMA: &str = include_str!("../sql/schema.sql");

/// The whole schema of a new store.
pub fn schema(engine: Engine) -> String {
    let text = SCHEMA.replace("{listing fields}\n", &listing_fields());
    let tables = match engine {
        Engine::Sqlite => text,
        Engine::Postgres => to_postgres(&text),
    };
    tables + &listing_view(engine) + finding_view(engine)
}

/// Every finding of the last import of each listing.
fn finding_view(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => concat!(
            "\n-- What the rules found when each listing was last imported.\n",
            "CREATE VIEW finding AS\nSELECT listing_key, found.value ->> 0 AS code, ",
            "found.value ->> 1 AS effect,\n  nullif(found.value ->> 2, '') AS field, ",
            "nullif(found.value ->> 3, '') AS detail\n",
            "FROM listing, json_each(listing.findings) AS found;\n"
        ),
        Engine::Postgres => concat!(
            "\n-- What the rules found when each listing was last imported.\n",
            "CREATE VIEW finding AS\nSELECT listing_key, found.value ->> 0 AS code, ",
            "found.value ->> 1 AS effect,\n  nullif(found.value ->> 2, '') AS field, ",
            "nullif(found.value ->> 3, '') AS detail\n",
            "FROM listing, json_array_elements(listing.findings::json) AS found (value);\n"
        ),
    }
}

/// Every listing with every field that is not private, for Datasette, BI and people with SQL.
fn listing_view(engine: Engine) -> String {
    let member = |column: &str, place: String, kind: Kind| match (engine, column_type(kind)) {
        (Engine::Sqlite, _) => format!("{column} ->> {place}"),
        (Engine::Postgres, "INTEGER") if column == "fact_numbers" => {
            format!("({column}::json ->> {place})::bigint")
        }
        (Engine::Postgres, _) => format!("{column}::json ->> {place}"),
    };
    let mut view = String::from(
        "\n-- Every listing with every field that is not private, as `list` names them.\n\
         CREATE VIEW listing_view AS\nSELECT listing_key,\n  \
         coalesce(home_key, 'H' || substr(listing_key, 2)) AS home_key,\n  frozen,\n  \
         coalesce(verification, 'unverified') AS verification",
    );
    for field in ListingField::ALL {
        let Field {
            name,
            kind,
            storage,
            ..
        } = *field.field();
        let value = match storage {
            Storage::Sealed => continue,
            Storage::Column => None,
            Storage::Detail => Some(member("detail", format!("'{name}'"), kind)),
            Storage::Fact => match (
                facts::at(&facts::NUMBERS, *field),
                facts::at(&facts::TEXTS, *field),
            ) {
                (Some(place), _) => Some(member("fact_numbers", place.to_string(), kind)),
                (_, Some(place)) => Some(member("fact_texts", place.to_string(), kind)),
                (None, None) => None,
            },
        };
        view.push_str(",\n  ");
        if let Some(value) = value {
            view.push_str(&value);
            view.push_str(" AS ");
        }
        view.push_str(name);
    }
    view + "\nFROM listing;\n"
}

/// A shared query with its `$name` parameters numbered in the order of their first appearance, as
/// PostgreSQL wants them.
pub fn numbered(query: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut out = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let name = &rest[..end];
        let number = names.iter().position(|n| *n == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        out.push_str(&(number + 1).to_string());
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Fields of a listing with a column of their own.
pub(crate) fn columns() -> impl Iterator<Item = ListingField> {
    of(Storage::Column)
}

/// Fields of a listing kept where `storage` says.
pub(crate) fn of(storage: Storage) -> impl Iterator<Item = ListingField> {
    ListingField::ALL
        .iter()
        .copied()
        .filter(move |field| field.field().storage == storage)
}

fn listing_fields() -> String {
    let mut text = String::new();
    for field in columns() {
        let Field { name, about, .. } = field.field();
        let column = format!("  {name} {},", column_type(field.field().kind));
        text.push_str(&format!("{column:<38} -- {about}\n"));
    }
    text
}

fn column_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer | Kind::Money | Kind::Area | Kind::Instant | Kind::Flag => "INTEGER",
        Kind::Text | Kind::Code | Kind::Decimal | Kind::Date | Kind::List => "TEXT",
    }
}

fn to_postgres(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let (code, comment) = line.split_at(line.find("--").unwrap_or(line.len()));
        // TEXT sorts by bytes, as in SQLite, whatever the server's locale.
        let code = code
            .replace(
                "INTEGER PRIMARY KEY",
                "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
            )
            .replace("INTEGER", "BIGINT")
            .replace(" TEXT", " TEXT COLLATE \"C\"")
            .replace("BLOB", "BYTEA")
            .replace(") STRICT, WITHOUT ROWID;", ");")
            .replace(") STRICT;", ");");
        out.push_str(&code);
        out.push_str(comment);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_by_name() {
        assert_eq!(
            numbered("SELECT $a, $b_c FROM t WHERE x = $a"),
            "SELECT $1, $2 FROM t WHERE x = $1"
        );
    }

    #[test]
    fn postgres_gets_its_own_words() {
        let text = schema(Engine::Postgres);
        for word in ["STRICT", "ROWID", "BLOB", " INTEGER"] {
            let used = text
                .lines()
                .any(|line| line.split("--").next().unwrap_or("").contains(word));
            assert!(!used, "{word}");
        }
    }
}
