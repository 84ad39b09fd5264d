//! Before-images: rows as they were when a run began, packed and sealed, so that undo puts them back
//! byte for byte. It works for every table with an `id`, `created_run` and `updated_run`.

use std::sync::LazyLock;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, named_params, params_from_iter};

use crate::dialect::{self, Engine};
use crate::error::{Error, ErrorKind, Result};
use crate::listing::facts;
use crate::queries;
use crate::run::Run;
use crate::schema;
use crate::store::Store;

/// A table whose rows can be put back; its place here is what `before_image.kind` holds, so new ones
/// are added at the end.
const TABLES: [&str; 16] = [
    "listing",
    "community",
    "calendar_day",
    "office",
    "member",
    "media",
    "contact",
    "lead",
    "assignment",
    "review",
    "credit_entry",
    "ticket",
    "evidence",
    "correction",
    "home_pair",
    "promotion_bar",
];

/// Place of `listing` among the tables.
pub(crate) const LISTING: usize = 0;
/// Place of `community`.
pub(crate) const COMMUNITY: usize = 1;
/// Place of `evidence`.
pub(crate) const EVIDENCE: usize = 12;
/// Place of `correction`.
pub(crate) const CORRECTION: usize = 13;
/// Place of `home_pair`.
pub(crate) const HOME_PAIR: usize = 14;
/// Place of `calendar_day`.
pub(crate) const CALENDAR_DAY: usize = 2;
/// Place of `office`.
pub(crate) const OFFICE: usize = 3;
/// Place of `member`.
pub(crate) const MEMBER: usize = 4;
/// Place of `promotion_bar`.
pub(crate) const PROMOTION_BAR: usize = 15;
/// Place of `media`.
pub(crate) const MEDIA: usize = 5;

/// One table and the statements that save and restore its rows.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Every column, `id` first.
    pub(crate) columns: Vec<String>,
    select: String,
    insert: String,
    update: String,
    pub(crate) delete_created: String,
    pub(crate) count: String,
    /// Rows a run created and a later one changed: id, later run.
    pub(crate) created_then_changed: String,
    pub(crate) updated_run: String,
}

/// The tables, in the order of [`TABLES`].
pub(crate) static ALL: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let schema = dialect::schema(Engine::Sqlite);
    TABLES.iter().map(|name| table(&schema, name)).collect()
});

fn table(schema: &str, name: &'static str) -> Table {
    let columns: Vec<String> = columns(schema, name);
    let list = columns.join(", ");
    let set: Vec<String> = columns[1..]
        .iter()
        .map(|column| format!("{column} = ${column}"))
        .collect();
    Table {
        name,
        select: format!("SELECT {list} FROM {name} WHERE id = $id"),
        insert: format!(
            "INSERT INTO {name} ({list}) VALUES (${})",
            columns.join(", $")
        ),
        update: format!("UPDATE {name} SET {} WHERE id = $id", set.join(", ")),
        delete_created: format!("DELETE FROM {name} WHERE created_run = $run"),
        count: format!("SELECT count(*) FROM {name}"),
        created_then_changed: format!(
            "SELECT id, updated_run FROM {name} WHERE created_run = $run AND updated_run <> $run \
             ORDER BY id LIMIT 1"
        ),
        updated_run: format!("SELECT updated_run FROM {name} WHERE id = $id"),
        columns,
    }
}

/// Names of a table's columns, read from the schema.
fn columns(schema: &str, table: &str) -> Vec<String> {
    schema
        .lines()
        .skip_while(|line| *line != format!("CREATE TABLE {table} ("))
        .skip(1)
        .take_while(|line| !line.starts_with(')'))
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        .map(str::to_owned)
        .collect()
}

/// The statements above, by name.
pub(crate) fn queries() -> Vec<(String, String)> {
    ALL.iter()
        .flat_map(|table| {
            [
                ("SELECT", &table.select),
                ("INSERT", &table.insert),
                ("UPDATE", &table.update),
                ("DELETE_CREATED", &table.delete_created),
                ("COUNT", &table.count),
                ("CREATED_THEN_CHANGED", &table.created_then_changed),
                ("UPDATED_RUN", &table.updated_run),
            ]
            .map(|(what, sql)| (format!("{what} {}", table.name), sql.clone()))
        })
        .collect()
}

/// Reads a whole row.
pub(crate) fn capture(conn: &Connection, kind: usize, id: i64) -> Result<Option<Vec<Value>>> {
    let table = &ALL[kind];
    let width = table.columns.len();
    let mut statement = conn.prepare_cached(&table.select)?;
    let row = statement
        .query_row([id], |row| {
            (0..width).map(|column| row.get(column)).collect()
        })
        .optional()?;
    Ok(row)
}

/// A whole-number column of a captured row.
pub(crate) fn integer(kind: usize, row: &[Value], column: &str) -> Option<i64> {
    match value(kind, row, column) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    }
}

/// A column of a captured row.
pub(crate) fn value<'a>(kind: usize, row: &'a [Value], column: &str) -> Option<&'a Value> {
    let place = ALL[kind].columns.iter().position(|name| name == column)?;
    row.get(place)
}

/// Name of the first field in which two rows of a table differ, provenance aside.
pub(crate) fn first_difference(
    kind: usize,
    one: &[Value],
    other: &[Value],
) -> Option<&'static str> {
    // What follows from the fields is not named either.
    const PROVENANCE: [&str; 6] = [
        "content_hash",
        "updated_run",
        "input",
        "line",
        "place_hash",
        "agent_hash",
    ];
    let table: &'static Table = &ALL[kind];
    let (name, (a, b)) = table
        .columns
        .iter()
        .zip(one.iter().zip(other))
        .find(|(name, (a, b))| a != b && !PROVENANCE.contains(&name.as_str()))?;
    let within = match (kind, name.as_str()) {
        (LISTING, "fact_numbers" | "fact_texts" | "detail") => {
            facts::first_difference(name, as_text(a), as_text(b))
        }
        _ => None,
    };
    within.or(Some(name))
}

fn as_text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}

/// Puts a row back as it was.
pub(crate) fn put_back(conn: &Connection, kind: usize, row: &[Value]) -> Result<()> {
    let table = &ALL[kind];
    let (id, rest) = row.split_first().ok_or_else(damaged)?;
    let updated = conn
        .prepare_cached(&table.update)?
        .execute(params_from_iter(rest.iter().chain([id])))?;
    if updated == 0 {
        conn.prepare_cached(&table.insert)?
            .execute(params_from_iter(row))?;
    }
    Ok(())
}

impl Run<'_> {
    /// Saves a row as it is before this run changes it; returns it.
    pub(crate) fn save_image(&mut self, kind: usize, id: i64) -> Result<Vec<Value>> {
        let row = capture(&self.store.conn, kind, id)?.ok_or_else(damaged)?;
        self.save_captured(kind, id, &row)?;
        Ok(row)
    }

    /// Saves a row that was read before this run changes it.
    pub(crate) fn save_captured(&mut self, kind: usize, id: i64, row: &[Value]) -> Result<()> {
        let place = place(self.number, kind, id);
        let image = self.store.sealer()?.seal(&place, &pack(row))?;
        self.store
            .conn
            .prepare_cached(queries::IMAGE_INSERT)?
            .execute((self.number, kind as i64, id, image))?;
        Ok(())
    }

    /// Saves a row unless this run brought it, or has saved it before.
    pub(crate) fn save_image_once(&mut self, kind: usize, id: i64) -> Result<()> {
        let brought = capture(&self.store.conn, kind, id)?
            .is_some_and(|row| integer(kind, &row, "created_run") == Some(self.number));
        if !brought && read(self.store, self.number, kind, id)?.is_none() {
            self.save_image(kind, id)?;
        }
        Ok(())
    }

    /// A row as this run found it.
    pub(crate) fn image(&self, kind: usize, id: i64) -> Result<Vec<Value>> {
        read(self.store, self.number, kind, id)?.ok_or_else(damaged)
    }

    /// Takes back what this run did to a listing.
    pub(crate) fn restore(&mut self, kind: usize, id: i64, row: &[Value]) -> Result<()> {
        let conn = &self.store.conn;
        put_back(conn, kind, row)?;
        conn.prepare_cached(queries::IMAGE_DELETE)?
            .execute(named_params! {
                "$run": self.number, "$kind": kind as i64, "$row_id": id,
            })?;
        if kind == LISTING {
            conn.prepare_cached(queries::HISTORY_FORGET)?
                .execute([id, self.number])?;
        }
        Ok(())
    }
}

/// A row as a run found it; `None` where the run did not change it.
pub(crate) fn read(store: &Store, run: i64, kind: usize, id: i64) -> Result<Option<Vec<Value>>> {
    let image: Option<Vec<u8>> = store
        .conn
        .prepare_cached(queries::IMAGE_GET)?
        .query_row([run, kind as i64, id], |row| row.get(0))
        .optional()?;
    image
        .map(|image| open(store, run, kind, id, &image))
        .transpose()
}

/// Opens a sealed image.
pub(crate) fn open(
    store: &Store,
    run: i64,
    kind: usize,
    id: i64,
    image: &[u8],
) -> Result<Vec<Value>> {
    let bytes = store.sealer()?.open(&place(run, kind, id), image)?;
    let row = unpack(&bytes).ok_or_else(damaged)?;
    if row.len() != ALL[kind].columns.len() {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("run {run} was written by an older version, whose rows cannot be put back"),
        ));
    }
    Ok(row)
}

fn place(run: i64, kind: usize, id: i64) -> Vec<u8> {
    format!("before_image\0{run}\0{}\0{id}", TABLES[kind]).into_bytes()
}

fn damaged() -> Error {
    Error::new(
        ErrorKind::Corrupt,
        "a before-image is damaged; run `store-admin verify`",
    )
}

/// The row in bytes: the schema's form, then each value with its kind.
fn pack(row: &[Value]) -> Vec<u8> {
    let mut out = vec![schema::VERSION as u8];
    let sized = |tag: u8, bytes: &[u8], out: &mut Vec<u8>| {
        out.push(tag);
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        out.extend_from_slice(bytes);
    };
    for value in row {
        match ValueRef::from(value) {
            ValueRef::Null => out.push(0),
            ValueRef::Integer(number) => {
                out.push(1);
                out.extend_from_slice(&number.to_le_bytes());
            }
            ValueRef::Real(number) => {
                out.push(2);
                out.extend_from_slice(&number.to_le_bytes());
            }
            ValueRef::Text(text) => sized(3, text, &mut out),
            ValueRef::Blob(blob) => sized(4, blob, &mut out),
        }
    }
    out
}

fn unpack(bytes: &[u8]) -> Option<Vec<Value>> {
    let (_form, mut rest) = bytes.split_first()?;
    let mut row = Vec::new();
    while let Some((tag, after)) = rest.split_first() {
        rest = after;
        let value = match tag {
            0 => Value::Null,
            1 | 2 => {
                let (number, after) = rest.split_first_chunk::<8>()?;
                rest = after;
                if *tag == 1 {
                    Value::Integer(i64::from_le_bytes(*number))
                } else {
                    Value::Real(f64::from_le_bytes(*number))
                }
            }
            3 | 4 => {
                let (length, after) = rest.split_first_chunk::<4>()?;
                let (bytes, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
                rest = after;
                if *tag == 3 {
                    Value::Text(String::from_utf8(bytes.to_vec()).ok()?)
                } else {
                    Value::Blob(bytes.to_vec())
                }
            }
            _ => return None,
        };
        row.push(value);
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_out_as_it_went_in() {
        let row = vec![
            Value::Integer(-5),
            Value::Null,
            Value::Text("翠湖".into()),
            Value::Blob(vec![0, 255]),
            Value::Real(1.5),
        ];
        assert_eq!(unpack(&pack(&row)), Some(row));
        assert_eq!(unpack(&[1, 9]), None);
    }

    #[test]
    fn every_table_is_known_with_all_of_its_columns() {
        let conn = Connection::open_in_memory().unwrap();
        schema::create(&conn).unwrap();
        for table in ALL.iter() {
            let mut statement = conn
                .prepare(&format!(
                    "SELECT name FROM pragma_table_info('{}')",
                    table.name
                ))
                .unwrap();
            let names: Vec<String> = statement
                .query_map([], |row| row.get(0))
                .unwrap()
                .collect::<rusqlite::Result<_>>()
                .unwrap();
            assert_eq!(names, table.columns, "{}", table.name);
        }
    }
}
