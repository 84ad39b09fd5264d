//! The statements that name the columns of a listing.

use std::sync::LazyLock;

use super::codec::COLUMNS;
use super::insert::Insert;

/// Columns before those of the fields, in the order of the schema.
pub(crate) const HEAD: [&str; 14] = [
    "listing_key",
    "home_key",
    "content_hash",
    "created_run",
    "updated_run",
    "input",
    "line",
    "frozen",
    "verification",
    "findings",
    "verified_until",
    "stock_findings",
    "held",
    "judgement",
];
/// Columns that serve the indexes; they follow from the fields.
pub(crate) const LOOKUP: [&str; 2] = ["place_hash", "agent_hash"];
/// Columns after the fields.
const TAIL: [&str; 4] = ["fact_numbers", "fact_texts", "detail", "sealed"];
/// What a row does not change: the key, the first run, what people decided and what comparisons found.
const KEPT: [&str; 8] = [
    "listing_key",
    "home_key",
    "created_run",
    "verification",
    "verified_until",
    "stock_findings",
    "held",
    "judgement",
];

/// The insert of a row of a run, with a parameter for each name, in their order. A new listing is the
/// only one of its home and has not been verified.
pub(crate) fn insert<'a>(parameters: impl Iterator<Item = &'a str>, run: &str) -> String {
    let names: Vec<&str> = parameters.collect();
    format!(
        "INSERT INTO listing (created_run, updated_run, {}) VALUES ({run}, {run}, ${})",
        names.join(", "),
        names.join(", $")
    )
}

/// Writes a listing again. Parameters stand in the order of the columns, the row's id last.
pub(crate) static UPDATE: LazyLock<String> = LazyLock::new(|| update(&LOOKUP));
/// Writes a listing again that is looked up by the same as before: SQLite moves a row in every index of
/// whose columns an update speaks.
pub(crate) static UPDATE_IN_PLACE: LazyLock<String> = LazyLock::new(|| update(&[]));

fn update(lookup: &[&'static str]) -> String {
    let set: Vec<String> = HEAD
        .into_iter()
        .filter(|name| !KEPT.contains(name))
        .chain(TAIL)
        .chain(COLUMNS.iter().map(|field| field.name()))
        .chain(lookup.iter().copied())
        .map(|name| format!("{name} = ${name}"))
        .collect();
    format!("UPDATE listing SET {} WHERE id = $id", set.join(", "))
}

/// Names in the order in which [`super::read`] reads them.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ["id"]
        .into_iter()
        .chain(HEAD)
        .chain(TAIL)
        .chain(COLUMNS.iter().map(|field| field.name()))
}

fn all() -> String {
    names().collect::<Vec<_>>().join(", ")
}

/// Every listing, by key.
pub(crate) static BY_KEY: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM listing ORDER BY listing_key", all()));
/// One listing.
pub(crate) static ONE: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM listing WHERE listing_key = $key", all()));
/// Listings that are not offered, or wait for a person, by key.
pub(crate) static KEPT_BACK: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM listing WHERE frozen = 1 OR held = 1 ORDER BY listing_key",
        all()
    )
});
/// One listing, by its id.
pub(crate) static BY_ID: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM listing WHERE id = $id", all()));
/// The listings that share their home with others, by home.
pub(crate) static SHARED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM listing WHERE home_key IS NOT NULL OR listing_key IN \
         (SELECT 'L' || substr(home_key, 2) FROM listing WHERE home_key IS NOT NULL) \
         ORDER BY coalesce(home_key, 'H' || substr(listing_key, 2)), listing_key",
        all()
    )
});
/// Every listing, in the order of their ids.
pub(crate) static ALL: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM listing ORDER BY id", all()));
/// The listings of one originating system.
pub(crate) static OF_SYSTEM: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM listing WHERE originating_system_name = $system ORDER BY id",
        all()
    )
});

/// The indexes of `listing`, as the schema has them.
pub(crate) static INDEXES: LazyLock<Vec<String>> = LazyLock::new(|| {
    crate::dialect::schema(crate::dialect::Engine::Sqlite)
        .lines()
        .filter(|line| line.starts_with("CREATE") && line.contains(" ON listing ("))
        // A partial one holds none of the rows of a load.
        .filter(|line| !line.contains(" WHERE "))
        .map(|line| line.trim_end_matches(';').to_owned())
        .collect()
});

/// The statements above, by name.
pub(crate) fn queries() -> Vec<(String, String)> {
    let named = |name: &str, sql: String| (name.to_owned(), sql);
    let parameters = Insert::HEAD
        .into_iter()
        .chain(COLUMNS.iter().map(|field| field.name()));
    vec![
        named("LISTING_INSERT", insert(parameters, "$run")),
        named("LISTING_UPDATE", UPDATE.clone()),
        named("LISTING_UPDATE_IN_PLACE", UPDATE_IN_PLACE.clone()),
        named("LISTING_BY_KEY", BY_KEY.clone()),
        named("LISTING_ONE", ONE.clone()),
        named("LISTING_KEPT_BACK", KEPT_BACK.clone()),
        named("LISTING_BY_ID", BY_ID.clone()),
        named("LISTING_ALL", ALL.clone()),
        named("LISTING_SHARED", SHARED.clone()),
        named("LISTING_OF_SYSTEM", OF_SYSTEM.clone()),
    ]
}
