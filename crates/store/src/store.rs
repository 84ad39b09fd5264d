//! An open store.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, ErrorKind, Result};
use crate::key::{KeyPlace, NewKey, to_hex};
use crate::location::Location;
use crate::lock::Lock;
use crate::options::OpenOptions;
use crate::schema;
use crate::seal::{KEY_LENGTH, Sealer, random};

/// Page cache, in KiB: more than the inner pages of the indexes of a few million listings.
pub(crate) const CACHE_KIB: i32 = 64 * 1024;
/// The same of a first load, which appends rows and then sorts them into the indexes, so much of them at
/// once: nothing is asked for again, and this much stays in the processor's own cache.
pub(crate) const FIRST_LOAD_KIB: i32 = 512;
/// Bytes of a page: rows are long, and most are read and written in the order of their ids, so that
/// large pages save calls to the system.
const PAGE: i32 = 16 * 1024;
/// Prepared statements kept.
const STATEMENTS: usize = 64;

/// An open store.
pub struct Store {
    pub(crate) conn: Connection,
    /// `None` where a store is read without its key.
    pub(crate) sealer: Option<Sealer>,
    /// `None` for a store in memory.
    pub(crate) path: Option<PathBuf>,
    pub(crate) id: String,
    pub(crate) wait: Duration,
    pub(crate) read_only: bool,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("id", &self.id)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a store, and makes it first where `options.create` says so.
    pub fn open(location: &Location, options: &OpenOptions) -> Result<Self> {
        match location {
            Location::Memory => Self::in_memory(),
            Location::File(path) => Self::file(path, options).map_err(|error| {
                let named = error.message.contains(&*path.to_string_lossy());
                if named {
                    error
                } else {
                    error.at(path.display())
                }
            }),
            Location::Postgres(_) => Err(Error::new(
                ErrorKind::Unsupported,
                "a store on a PostgreSQL server is not supported yet; name a file with --store",
            )),
        }
    }

    fn in_memory() -> Result<Self> {
        let mut key = [0; KEY_LENGTH];
        random(&mut key)?;
        let mut store = Store {
            conn: Connection::open_in_memory()?,
            sealer: Some(Sealer::new(&key)),
            path: None,
            id: new_id()?,
            wait: Duration::ZERO,
            read_only: false,
        };
        store.fill()?;
        store.tune()?;
        Ok(store)
    }

    fn file(path: &Path, options: &OpenOptions) -> Result<Self> {
        let keys = KeyPlace {
            file: options.key_file.clone(),
            directory: options.key_directory.clone(),
        };
        let found = header(path)?;
        match found {
            Header::Absent if options.read_only || !options.create => Err(Error::new(
                ErrorKind::NotFound,
                format!(
                    "there is no store at {}; make one with `store-admin init`, or name another \
                     with --store",
                    path.display()
                ),
            )),
            Header::Absent => Self::create(path, &keys, options),
            Header::Foreign => Err(Error::new(
                ErrorKind::NotAStore,
                format!(
                    "{} is not a brokerkit store (nor any SQLite file); name another with --store",
                    path.display()
                ),
            )),
            Header::Sqlite {
                application,
                version,
            } => {
                schema::check(application, version)?;
                Self::existing(path, &keys, options)
            }
        }
    }

    fn create(path: &Path, keys: &KeyPlace, options: &OpenOptions) -> Result<Self> {
        let lock = Lock::take(path, "a program that makes the store", options.wait)?;
        // Somebody may have been quicker.
        if !matches!(header(path)?, Header::Absent) {
            drop(lock);
            return Self::file(path, options);
        }
        let id = new_id()?;
        let key = keys.create(&id)?;
        Self::create_whole(path, &id, &key, options).inspect_err(|_| key.take_back())?;
        drop(lock);
        Self::existing(path, keys, options)
    }

    /// Makes the store beside its place and moves it there: killed half-way, it was never there.
    fn create_whole(path: &Path, id: &str, key: &NewKey, options: &OpenOptions) -> Result<()> {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let fresh = PathBuf::from(name);
        let discard = || {
            for ending in ["", "-journal"] {
                let mut beside = fresh.as_os_str().to_owned();
                beside.push(ending);
                let _ = std::fs::remove_file(beside);
            }
        };
        // What an interrupted making has left.
        discard();
        let made = Self::create_with(&fresh, id, key, options).map(drop);
        let placed = made.and_then(|()| {
            std::fs::rename(&fresh, path)
                .map_err(|error| Error::from(error).at(format!("cannot make {}", path.display())))
        });
        placed.inspect_err(|_| discard())
    }

    fn create_with(path: &Path, id: &str, key: &NewKey, options: &OpenOptions) -> Result<Self> {
        let conn = Connection::open(path)?;
        conn.busy_timeout(options.wait)?;
        conn.pragma_update(None, "page_size", PAGE)?;
        let mut store = Store {
            conn,
            sealer: Some(Sealer::new(&key.key)),
            path: Some(path.to_owned()),
            id: id.to_owned(),
            wait: options.wait,
            read_only: false,
        };
        store.fill()?;
        store.tune()?;
        Ok(store)
    }

    /// Makes the tables and notes whose key opens them.
    fn fill(&mut self) -> Result<()> {
        let check = self.sealer()?.key_check(&self.id);
        let transaction = self.conn.transaction()?;
        schema::create(&transaction)?;
        schema::set_meta(&transaction, "store_id", &self.id)?;
        schema::set_meta(&transaction, "key_check", &check)?;
        transaction.commit()?;
        Ok(())
    }

    fn existing(path: &Path, keys: &KeyPlace, options: &OpenOptions) -> Result<Self> {
        // Which key fits is found out with a connection that cannot write.
        let reader = if options.read_only {
            open_for_reading(path, options.wait)?
        } else {
            open_for_a_look(path, options.wait)?
        };
        let application: i32 =
            reader.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let form = schema::version(&reader)?;
        schema::check(application, form)?;
        let entry = |name: &str| {
            schema::meta(&reader, name)?.ok_or_else(|| {
                Error::new(
                    ErrorKind::Corrupt,
                    format!("the store's entry {name} is gone; restore a backup"),
                )
            })
        };
        let id = entry("store_id")?;
        let check = entry("key_check")?;
        let sealer = match keys.find(&id) {
            Ok(Some(key)) => Some(Sealer::new(&key)),
            // Reading what is not private needs no key.
            _ if options.read_only => None,
            Ok(None) => return Err(keys.absent(&id)),
            Err(error) => return Err(error),
        };
        if sealer.as_ref().is_some_and(|s| s.key_check(&id) != check) {
            return Err(Error::new(
                ErrorKind::Key,
                format!("the key given for store {id} is not its key (nothing was written)"),
            ));
        }
        let conn = if options.read_only {
            reader
        } else {
            drop(reader);
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let mut conn = Connection::open_with_flags(path, flags)?;
            conn.busy_timeout(options.wait)?;
            if form < schema::VERSION {
                let _lock = Lock::take(path, "a program that upgrades the store", options.wait)?;
                schema::upgrade(&mut conn)?;
            }
            conn
        };
        let store = Store {
            conn,
            sealer,
            path: Some(path.to_owned()),
            id,
            wait: options.wait,
            read_only: options.read_only,
        };
        store.tune()?;
        Ok(store)
    }

    fn tune(&self) -> Result<()> {
        self.conn.set_prepared_statement_cache_capacity(STATEMENTS);
        self.conn.pragma_update(None, "foreign_keys", true)?;
        self.cache(CACHE_KIB)?;
        self.conn.pragma_update(None, "synchronous", "NORMAL")?;
        Ok(())
    }

    /// Sets the size of the page cache.
    pub(crate) fn cache(&self, kib: i32) -> Result<()> {
        Ok(self.conn.pragma_update(None, "cache_size", -kib)?)
    }

    /// The store's id, by which its key is found.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether anything outlives the program.
    pub fn is_memory(&self) -> bool {
        self.path.is_none()
    }

    pub(crate) fn sealer(&self) -> Result<&Sealer> {
        self.sealer.as_ref().ok_or_else(no_key)
    }

    /// Hash under which a private value of a column is stored for search.
    pub fn equality_hash(&self, column: &str, value: &str) -> Result<[u8; 32]> {
        Ok(self.sealer()?.equality(column, value))
    }
}

pub(crate) fn no_key() -> Error {
    Error::new(
        ErrorKind::Key,
        "private values do not open without the store's key; name the file that holds it with \
         --key-file or $BROKERKIT_KEY_FILE",
    )
}

fn new_id() -> Result<String> {
    let mut id = [0; 16];
    random(&mut id)?;
    Ok(to_hex(&id))
}

/// What stands at a path, from its first bytes.
enum Header {
    Absent,
    Foreign,
    Sqlite { application: i32, version: i32 },
}

fn header(path: &Path) -> Result<Header> {
    use std::io::Read;
    let at = |error: std::io::Error| Error::from(error).at(path.display());
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Header::Absent),
        Err(error) => return Err(at(error)),
    };
    if file.metadata().map_err(at)?.is_dir() {
        return Err(Error::new(
            ErrorKind::NotAStore,
            format!(
                "{} is a directory; name a file with --store",
                path.display()
            ),
        ));
    }
    let mut bytes = Vec::new();
    file.take(100).read_to_end(&mut bytes).map_err(at)?;
    // An empty file is what an interrupted first open leaves.
    if bytes.is_empty() {
        return Ok(Header::Absent);
    }
    let number = |at: usize| bytes[at..at + 4].try_into().map_or(0, i32::from_be_bytes);
    Ok(
        if bytes.len() == 100 && bytes.starts_with(b"SQLite format 3\0") {
            Header::Sqlite {
                application: number(68),
                version: number(60),
            }
        } else {
            Header::Foreign
        },
    )
}

/// Opens without the right to write, and without leaving SQLite's helper files behind.
fn open_for_a_look(path: &Path, wait: Duration) -> Result<Connection> {
    if is_whole(path)
        && let Ok(conn) = open_uri(path, "mode=ro&immutable=1", wait)
    {
        return Ok(conn);
    }
    match open_uri(path, "mode=ro", wait) {
        // A killed writer left its journal: only a connection that may write can roll it back, to
        // what was there before.
        Err(_) if !is_whole(path) => open_uri(path, "mode=rw", wait),
        other => other,
    }
}

fn open_for_reading(path: &Path, wait: Duration) -> Result<Connection> {
    open_uri(path, "mode=ro", wait).or_else(|error| {
        if error.kind == ErrorKind::NotAStore {
            Err(error)
        } else if is_whole(path) {
            // In a directory that cannot be written SQLite cannot keep its shared memory, and
            // refuses; but nobody else can write either.
            open_uri(path, "mode=ro&immutable=1", wait)
        } else if error.kind == ErrorKind::Busy {
            Err(error)
        } else if open_uri(path, "mode=rw", wait).is_ok() {
            // A killed writer left its journal. Whoever may write to the file rolls it back by looking,
            // to what was there before.
            open_uri(path, "mode=ro", wait)
        } else {
            Err(Error::new(
                error.kind,
                format!(
                    "{}: a killed run left its journal, which cannot be rolled back while reading \
                     alone; somebody who may write to it must open it once, as `store-admin verify` does",
                    path.display()
                ),
            ))
        }
    })
}

fn open_uri(path: &Path, parameters: &str, wait: Duration) -> Result<Connection> {
    let access = if parameters == "mode=rw" {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let flags = access | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(uri(path, parameters), flags)?;
    conn.busy_timeout(wait)?;
    schema::version(&conn)?;
    Ok(conn)
}

/// Whether the file itself is all there is: no log, and no journal of a half-done transaction.
fn is_whole(path: &Path) -> bool {
    ["-wal", "-journal"].iter().all(|ending| {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        std::fs::metadata(beside).map_or(true, |file| file.len() == 0)
    })
}

fn uri(path: &Path, parameters: &str) -> String {
    use std::fmt::Write;
    use std::os::unix::ffi::OsStrExt;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut text = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                text.push(char::from(*byte));
            }
            other => {
                let _ = write!(text, "%{other:02x}");
            }
        }
    }
    let _ = write!(text, "?{parameters}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::RunStart;

    #[test]
    fn a_full_disk_leaves_the_store_as_it_was() {
        let place = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            key_directory: Some(place.path().join("keys")),
            create: true,
            ..OpenOptions::default()
        };
        let location = Location::File(place.path().join("a.db"));
        let mut store = Store::open(&location, &options).unwrap();
        let pages: i64 = store
            .conn
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        let limit = |store: &Store, most: i64| {
            store
                .conn
                .pragma_update_and_check(None, "max_page_count", most, |_| Ok(()))
                .unwrap();
        };
        limit(&store, pages + 2);
        let mut run = store.begin(RunStart::default()).unwrap();
        let long = "x".repeat(10_000);
        let full = (0..100).find_map(|_| run.decide("test", "", &long).err());
        assert_eq!(full.unwrap().kind, ErrorKind::Full);
        drop(run);
        limit(&store, i64::from(u32::MAX) - 1);
        assert_eq!(store.runs().unwrap()[0].outcome.as_deref(), Some("failed"));
        let found = store.verify(None).unwrap();
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        assert_eq!(found.decisions, 0);
    }
}
