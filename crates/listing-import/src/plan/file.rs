//! The file of a plan: NDJSON. Its first line says what it is and what it was made from, its last is a
//! digest over everything above; between them stands a line for each listing that would change.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::Result;
use clap::ValueEnum as _;
use cli::{DateOrder, Failure, Sink, Spool};
use model::jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Head;

use crate::args::Args;

/// What the first line calls itself.
const WHAT: &str = "listing-import";
/// The form of the file.
const VERSION: u64 = 1;
/// Longest first line, and longest line, that is read: what is longer is no plan.
const MOST_HEADER: u64 = 16 << 20;
const MOST_LINE: u64 = 64 << 20;

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    plan: String,
    version: u64,
    tool_version: String,
    /// The store it was made from.
    pub(super) store: StoreState,
    pub(super) config_hash: String,
    pub(super) rule_pack: String,
    /// The present, as the rules see it.
    pub(super) now: Timestamp,
    /// Keys of the config that flags and the environment set.
    pub(super) settings: BTreeMap<String, String>,
    pub(super) arguments: Arguments,
    pub(super) inputs: Vec<PlannedInput>,
    pub(super) counts: Map<String, Value>,
}

/// A store, and the last run whose work it keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreState {
    /// Whether there is a store yet.
    pub(super) exists: bool,
    pub(super) id: Option<String>,
    pub(super) run: Option<i64>,
    pub(super) chain: Option<String>,
}

impl StoreState {
    pub(super) fn new(id: &str, head: Option<Head>) -> Self {
        let (run, chain) = head.map(|head| (head.run, head.chain)).unzip();
        StoreState {
            exists: true,
            id: Some(id.to_owned()),
            run,
            chain,
        }
    }

    /// Where there is no store yet.
    pub(super) fn absent() -> Self {
        StoreState {
            exists: false,
            id: None,
            run: None,
            chain: None,
        }
    }

    pub(super) fn is_at(&self, head: Option<&Head>) -> bool {
        self.run == head.map(|head| head.run)
            && self.chain.as_deref() == head.map(|head| head.chain.as_str())
    }
}

/// A file that the plan was made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlannedInput {
    pub(super) path: String,
    /// BLAKE3 of its bytes, in hexadecimal digits.
    pub(super) content_hash: String,
}

/// The arguments that decide what comes of the inputs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    map: Vec<(String, String)>,
    source: Option<String>,
    unit: Vec<(String, String)>,
    currency: Option<String>,
    area_unit: Option<String>,
    encoding: Option<String>,
    delimiter: Option<String>,
    sheet: Option<String>,
    no_header: bool,
    header: Vec<String>,
    date_order: Option<String>,
    full_feed: Option<String>,
    scope: Option<String>,
    max_withdrawn: Option<String>,
    select: Vec<String>,
    ignore: Vec<String>,
}

impl Arguments {
    pub(super) fn of(args: &Args) -> Result<Self, Failure> {
        let (input, feed, rules) = (&args.input, &args.feed, &args.rules);
        let order = input.date_order.and_then(|order| {
            let value = order.to_possible_value()?;
            Some(value.get_name().to_owned())
        });
        Ok(Arguments {
            map: input.mapping()?,
            source: input.source.clone(),
            unit: input.unit.clone(),
            currency: input.currency.clone(),
            area_unit: input.area_unit.clone(),
            encoding: input.encoding.clone(),
            delimiter: input.delimiter.map(|byte| char::from(byte).to_string()),
            sheet: input.sheet.clone(),
            no_header: input.no_header,
            header: input.header.clone(),
            date_order: order,
            full_feed: feed.full_feed.clone(),
            scope: feed.scope.clone(),
            max_withdrawn: feed.max_withdrawn.map(|most| most.to_string()),
            select: rules.select.clone(),
            ignore: rules.ignore.clone(),
        })
    }

    /// Puts them in the place of those of a command line. How much may be withdrawn is among the settings.
    /// The error says which of them cannot be.
    pub(super) fn put_into(&self, args: &mut Args) -> Result<(), String> {
        let (input, feed, rules) = (&mut args.input, &mut args.feed, &mut args.rules);
        input.map.clone_from(&self.map);
        input.map_file = None;
        input.source.clone_from(&self.source);
        input.unit.clone_from(&self.unit);
        input.currency.clone_from(&self.currency);
        input.area_unit.clone_from(&self.area_unit);
        input.encoding.clone_from(&self.encoding);
        let delimiter = self.delimiter.as_deref();
        input.delimiter = delimiter.map(cli::args::delimiter).transpose()?;
        input.sheet.clone_from(&self.sheet);
        input.no_header = self.no_header;
        input.header.clone_from(&self.header);
        let order = self.date_order.as_deref();
        input.date_order = order
            .map(|order| DateOrder::from_str(order, false))
            .transpose()?;
        feed.full_feed.clone_from(&self.full_feed);
        feed.scope.clone_from(&self.scope);
        feed.max_withdrawn = None;
        rules.select.clone_from(&self.select);
        rules.ignore.clone_from(&self.ignore);
        Ok(())
    }
}

impl Header {
    pub(super) fn new(
        now: Timestamp,
        settings: BTreeMap<String, String>,
        arguments: Arguments,
    ) -> Self {
        Header {
            plan: WHAT.to_owned(),
            version: VERSION,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            store: StoreState::absent(),
            config_hash: String::new(),
            rule_pack: String::new(),
            now,
            settings,
            arguments,
            inputs: Vec::new(),
            counts: Map::new(),
        }
    }

    /// Writes the plan whose lines are `body`.
    pub(super) fn write(&self, body: &mut Spool, sink: Sink) -> Result<()> {
        let mut out = BufWriter::new(sink);
        let mut hasher = blake3::Hasher::new();
        let mut write = |bytes: &[u8]| {
            hasher.update(bytes);
            out.write_all(bytes)
        };
        write(serde_json::to_string(self)?.as_bytes())?;
        write(b"\n")?;
        body.read(None, |line| {
            write(line)?;
            Ok(write(b"\n")?)
        })?;
        let digest = hasher.finalize();
        out.write_all(digest_line(&digest).as_bytes())?;
        let sink = out.into_inner().map_err(|error| error.into_error())?;
        Ok(sink.finish()?)
    }
}

fn digest_line(digest: &blake3::Hash) -> String {
    format!("{{\"digest\":\"{digest}\"}}\n")
}

/// What is kept of a line, to know it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark([u8; 16]);

impl Mark {
    pub(super) fn of(line: &[u8]) -> Self {
        let hash = blake3::hash(line);
        Mark(std::array::from_fn(|at| hash.as_bytes()[at]))
    }
}

/// Reads a plan: its header, and a mark of each line, 16 bytes of memory a line.
pub(super) fn read(path: &Path) -> Result<(Header, Vec<Mark>), Failure> {
    let shown = path.display();
    let cannot = |error| Failure::failed(format!("cannot read the plan `{shown}`")).because(error);
    let mut file = BufReader::new(File::open(path).map_err(cannot)?);
    let first = next_line(&mut file, MOST_HEADER).map_err(cannot)?;
    check_kind(&first, path)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&first);
    let mut marks = Vec::new();
    let mut line = next_line(&mut file, MOST_LINE).map_err(cannot)?;
    loop {
        let next = next_line(&mut file, MOST_LINE).map_err(cannot)?;
        if next.is_empty() {
            break;
        }
        hasher.update(&line);
        marks.push(Mark::of(line.trim_ascii_end()));
        line = next;
    }
    if line != digest_line(&hasher.finalize()).as_bytes() {
        return Err(Failure::failed(format!(
            "the plan `{shown}` is not whole: it was cut or edited after it was made"
        ))
        .hint("make it again with --plan"));
    }
    let header = serde_json::from_slice(&first).map_err(|error| odd(path, error))?;
    Ok((header, marks))
}

/// What no `--plan` has written, although its digest fits.
pub(super) fn odd(
    path: &Path,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Failure {
    Failure::failed(format!(
        "the plan `{}` is not as --plan makes them",
        path.display()
    ))
    .because(why)
}

/// Refuses what is no plan, or one of another version.
fn check_kind(line: &[u8], path: &Path) -> Result<(), Failure> {
    let header: Value = serde_json::from_slice(line).unwrap_or_default();
    if header["plan"] != WHAT {
        return Err(
            Failure::failed(format!("`{}` is not a plan of {WHAT}", path.display()))
                .hint("make one with `listing-import INPUT... --plan FILE`"),
        );
    }
    if header["version"] != VERSION {
        return Err(Failure::failed(format!(
            "the plan `{}` is of version {}, and this tool reads version {VERSION}",
            path.display(),
            header["version"]
        ))
        .hint("make it again with --plan"));
    }
    Ok(())
}

/// The next line with its end; empty behind the last.
fn next_line(file: &mut impl BufRead, most: u64) -> std::io::Result<Vec<u8>> {
    let mut line = Vec::new();
    file.take(most).read_until(b'\n', &mut line)?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use cli::Spool;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// A plan with two lines.
    fn plan() -> Vec<u8> {
        let folder = Folder::new("plan");
        let path = folder.0.join("plan");
        let arguments = Arguments {
            source: Some("链家".to_owned()),
            ..Arguments::default()
        };
        let header = Header::new(Timestamp::UNIX_EPOCH, BTreeMap::new(), arguments);
        let mut body = Spool::new().unwrap();
        for id in ["A1", "A2"] {
            body.push(
                &json!({ "action": "new", "listing_id": id, "diff": { "city": [null, "北京"] } }),
            )
            .unwrap();
        }
        header
            .write(&mut body, Sink::file(&path, true).unwrap())
            .unwrap();
        std::fs::read(path).unwrap()
    }

    /// A folder of its own, gone at the end.
    struct Folder(std::path::PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let own = format!("brokerkit-{name}-{:?}", std::thread::current().id());
            let path = std::env::temp_dir().join(format!("{own}-{}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Folder(path)
        }

        /// Reads bytes as a plan; never a panic.
        fn read(&self, bytes: &[u8]) -> Result<(Header, Vec<Mark>), Failure> {
            let path = self.0.join("spoiled");
            std::fs::write(&path, bytes).unwrap();
            catch_unwind(|| read(&path)).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_plan_reads_back() {
        let folder = Folder::new("back");
        let (header, marks) = folder.read(&plan()).unwrap();
        assert_eq!(marks.len(), 2);
        assert_eq!(header.arguments.source.as_deref(), Some("链家"));
        assert!(!header.store.exists);
    }

    #[test]
    fn no_cut_and_no_flipped_bit_passes() {
        let (folder, plan) = (Folder::new("cut"), plan());
        for end in 0..plan.len() {
            assert!(folder.read(&plan[..end]).is_err(), "cut at {end}");
        }
        for at in 0..plan.len() {
            let mut spoiled = plan.clone();
            spoiled[at] ^= 1 << (at % 8);
            assert!(folder.read(&spoiled).is_err(), "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused(text in ".{0,200}") {
            prop_assert!(Folder::new("text").read(text.as_bytes()).is_err());
        }

        #[test]
        fn any_bytes_put_anywhere_are_refused(
            at in 0usize..1000,
            cut in 0usize..40,
            bytes in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let plan = plan();
            let at = at % plan.len();
            let end = (at + cut).min(plan.len());
            let spoiled = [&plan[..at], &bytes, &plan[end..]].concat();
            prop_assume!(spoiled != plan);
            prop_assert!(Folder::new("bytes").read(&spoiled).is_err());
        }

        #[test]
        fn any_json_in_the_place_of_a_member_is_no_panic(
            member in prop::sample::select(vec![
                "plan", "version", "tool_version", "store", "config_hash", "rule_pack", "now",
                "settings", "arguments", "inputs", "counts",
            ]),
            value in prop::sample::select(vec![
                json!(null), json!(true), json!(-1), json!(1e300), json!(""), json!("x"), json!([]),
                json!([[]]), json!({}), json!({ "a": "b" }), json!([{ "path": "", "content_hash": "" }]),
            ]),
        ) {
            let plan = plan();
            let (first, rest) = plan.split_at(plan.iter().position(|byte| *byte == b'\n').unwrap());
            let mut header: Value = serde_json::from_slice(first).unwrap();
            header[member] = value;
            let lines = std::str::from_utf8(rest).unwrap();
            let body = lines.rsplit_once("{\"digest\"").unwrap().0;
            let text = format!("{header}{body}");
            let digest = digest_line(&blake3::hash(text.as_bytes()));
            // Whether or not it is a plan, reading it ends.
            let _ = Folder::new("json").read((text + &digest).as_bytes());
        }
    }
}
