//! `--plan` and `--apply`: an import in two steps. The first tells into a file what would happen, the
//! second does exactly that, or nothing.
//!
//! ```text
//! of ─▶ start ─▶ begun ─▶ read_input, refused … ─▶ gather ─▶ (commit) ─▶ write
//!
//! --plan    works on a copy of the store; the lines are gathered and written
//! --apply   works on the store; what is done is compared with the plan's lines before the commit
//! ```

mod file;
mod line;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Result;
use cli::config::Origin;
use cli::open::{self, Access};
use cli::{Failure, Sink, Spool, Ui};
use model::jiff::Timestamp;
use model::jiff::tz::TimeZone;
use model::rule::Lang;
use serde_json::{Map, Value};
use store::{ErrorKind, Run, RunStart, Store};

use crate::args::Args;
use crate::counts::Counts;
use crate::emit::Change;
pub(crate) use line::FIELDS;

use file::{Arguments, Header, Mark, PlannedInput, StoreState};

/// What a run has to do with a plan.
pub(crate) enum Plan {
    /// Nothing: it is an import.
    Without,
    /// It makes one.
    Making(Box<Making>),
    /// It applies one.
    Applying(Box<Applying>),
}

/// A plan that is made.
pub(crate) struct Making {
    header: Header,
    body: Spool,
    sink: Sink,
    path: PathBuf,
}

/// A plan that is applied.
pub(crate) struct Applying {
    header: Header,
    lines: Vec<Mark>,
    /// Lines that came true by now.
    done: usize,
    /// When it is applied; the rules judge by the plan's day.
    now: Timestamp,
    tz: TimeZone,
}

/// Refuses a plan of what is no import.
pub(crate) fn check(args: &Args) -> Result<(), Failure> {
    let flag = match (&args.plan.plan, &args.plan.apply) {
        (Some(_), _) => "--plan",
        (None, Some(_)) => "--apply",
        (None, None) => return Ok(()),
    };
    if args.command.is_some() || args.replay.replay.is_some() {
        return Err(
            Failure::usage(format!("`{flag}` goes with an import alone"))
                .hint("leave out the subcommand, or --replay"),
        );
    }
    Ok(())
}

impl Plan {
    /// Reads what the arguments say of plans, and the arguments by which to import.
    pub(crate) fn of<'a>(args: &'a Args, ui: &mut Ui) -> Result<(Self, Cow<'a, Args>)> {
        match (&args.plan.plan, &args.plan.apply) {
            (Some(path), _) => {
                let making = Making::new(args, path, ui)?;
                let mut args = args.clone();
                args.store.dry_run = true;
                Ok((Plan::Making(Box::new(making)), Cow::Owned(args)))
            }
            (None, Some(path)) => {
                let (applying, args) = Applying::new(args, path, ui)?;
                Ok((Plan::Applying(Box::new(applying)), Cow::Owned(args)))
            }
            (None, None) => Ok((Plan::Without, Cow::Borrowed(args))),
        }
    }

    /// Looks over what the run is going to say of itself.
    pub(crate) fn start(&mut self, mut start: RunStart) -> Result<RunStart> {
        match self {
            Plan::Without => {}
            Plan::Making(making) => {
                making.header.config_hash.clone_from(&start.config_hash);
                making.header.rule_pack.clone_from(&start.rule_pack);
            }
            Plan::Applying(applying) => {
                let header = &applying.header;
                for (what, then, now) in [
                    ("config", &header.config_hash, &start.config_hash),
                    ("rule pack", &header.rule_pack, &start.rule_pack),
                ] {
                    if then != now {
                        return Err(again(format!(
                            "the {what} is not the one the plan was made with"
                        )));
                    }
                }
                start.now = applying.now;
                start.command_line_label.push_str(" --apply");
            }
        }
        Ok(start)
    }

    /// Looks at the store, which nobody else can write to from here on.
    pub(crate) fn begun(&mut self, run: &Run<'_>) -> Result<()> {
        let store = run.store();
        match self {
            Plan::Making(making) if !store.is_memory() => {
                let head = store.head_before(run.number()).map_err(open::failure)?;
                making.header.store = StoreState::new(store.id(), head);
                Ok(())
            }
            Plan::Applying(applying) => applying.check_store(store, run.number()),
            _ => Ok(()),
        }
    }

    /// Takes note of an input that was read to its end.
    pub(crate) fn read_input(&mut self, number: usize, hash: &[u8; 32]) -> Result<()> {
        let hash = blake3::Hash::from_bytes(*hash).to_string();
        match self {
            Plan::Without => Ok(()),
            Plan::Making(making) => {
                making.header.inputs[number].content_hash = hash;
                Ok(())
            }
            Plan::Applying(applying) => check_input(&applying.header.inputs[number], &hash),
        }
    }

    /// Takes note of a row that was refused.
    pub(crate) fn refused(&mut self, change: &Change<'_>) -> Result<()> {
        match self {
            Plan::Without => Ok(()),
            _ => self.push(&line::of_refusal(change)?),
        }
    }

    /// Takes note of every listing that the run has written, after all it had to do.
    pub(crate) fn gather(&mut self, run: &mut Run<'_>) -> Result<()> {
        if matches!(self, Plan::Without) {
            return Ok(());
        }
        let inputs = run.store().inputs(run.number()).map_err(open::failure)?;
        let sources: HashMap<i64, String> = inputs
            .into_iter()
            .map(|input| (input.id, input.source))
            .collect();
        let mut failed = None;
        let gathered = run.each_touched(|touched| {
            let source = sources.get(&touched.after.input);
            let source = source.map(String::as_str).filter(|_| touched.seen);
            self.push(&line::of_listing(touched, source))
                .map_err(|error| {
                    failed = Some(error);
                    store::Error::new(ErrorKind::Other, "the plan does not hold")
                })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        gathered.map_err(open::failure)?;
        match self {
            Plan::Applying(applying) if applying.done < applying.lines.len() => {
                Err(differs("it has more lines"))
            }
            _ => Ok(()),
        }
    }

    fn push(&mut self, record: &Map<String, Value>) -> Result<()> {
        match self {
            Plan::Without => Ok(()),
            Plan::Making(making) => making.body.push(record).map(drop),
            Plan::Applying(applying) => {
                let line = serde_json::to_vec(record)?;
                if applying.lines.get(applying.done) != Some(&Mark::of(&line)) {
                    let text = |name| record[name].as_str().unwrap_or("without id");
                    return Err(differs(&format!(
                        "listing {} ({})",
                        text("listing_id"),
                        text("action")
                    )));
                }
                applying.done += 1;
                Ok(())
            }
        }
    }

    /// Puts the plan in its place, whole.
    pub(crate) fn write(self, counts: &Counts, ui: &mut Ui) -> Result<()> {
        let Plan::Making(making) = self else {
            return Ok(());
        };
        let Making {
            mut header,
            mut body,
            sink,
            path,
        } = *making;
        header.counts = serde_json::from_str(&counts.json())?;
        let cannot = |error: anyhow::Error| {
            Failure::failed(format!("cannot write the plan `{}`", path.display())).because(error)
        };
        header.write(&mut body, sink).map_err(cannot)?;
        let path = path.display();
        ui.note(match ui.lang() {
            Lang::En => format!(
                "nothing was changed; the plan is in `{path}`: `listing-import --apply {path}`"
            ),
            Lang::Zh => {
                format!("没有改动任何数据；计划已写入 `{path}`：`listing-import --apply {path}`")
            }
        });
        Ok(())
    }
}

impl Making {
    fn new(args: &Args, path: &Path, ui: &Ui) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Err(Failure::usage("a plan goes to a file")
                .hint("name one: `--plan FILE`")
                .into());
        }
        let store = open::file(ui, "--plan")?;
        let mut inputs = Vec::new();
        for name in &args.input.inputs {
            let named = Path::new(name);
            let is_read_once = |found: std::fs::Metadata| !(found.is_file() || found.is_dir());
            if name == "-" || std::fs::metadata(named).is_ok_and(is_read_once) {
                return Err(Failure::usage(format!(
                    "`{}` cannot be read again when the plan is applied",
                    named.display()
                ))
                .hint("save it to a file first, as in `cat > FILE`, and plan that")
                .into());
            }
            inputs.push(PlannedInput {
                path: place(named)?,
                content_hash: String::new(),
            });
        }
        let mut taken = vec![(store.as_path(), "the store")];
        let named = args.input.inputs.iter();
        taken.extend(named.map(|name| (Path::new(name), "an input")));
        let outputs = cli::outputs(&args.output, &args.rejects, &args.run);
        cli::keep_all_apart(&taken, &[&outputs[..], &[("--plan", Some(path))]].concat())?;
        let mut header = Header::new(ui.now(), ui.config().given(), Arguments::of(args)?);
        header.inputs = inputs;
        Ok(Making {
            header,
            body: Spool::new()?,
            sink: Sink::file(path, true)?,
            path: path.to_owned(),
        })
    }
}

/// Where a file is, whatever folder somebody stands in later.
fn place(path: &Path) -> Result<String, Failure> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let text = absolute.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        Failure::usage(format!(
            "the name of `{}` is no text that a plan can hold",
            path.display()
        ))
        .hint("give the file another name")
    })
}

impl Applying {
    fn new(args: &Args, path: &Path, ui: &mut Ui) -> Result<(Self, Args)> {
        if !args.input.inputs.is_empty() {
            return Err(Failure::usage("`--apply` reads the inputs of its plan")
                .hint("name no INPUT with it")
                .into());
        }
        if Arguments::of(args)? != Arguments::default() {
            return Err(
                Failure::usage("`--apply` imports by the arguments of its plan")
                    .hint("leave out the others; to change them, plan again")
                    .into(),
            );
        }
        let outputs = cli::outputs(&args.output, &args.rejects, &args.run);
        cli::keep_all_apart(&[(path, "the plan")], &outputs)?;
        open::file(ui, "--apply")?;
        let (header, lines) = file::read(path)?;
        let now = ui.now();
        let origin = Origin::File {
            path: path.to_owned(),
            line: 1,
        };
        ui.take_up(header.now, &header.settings, &origin)?;
        for input in &header.inputs {
            check_input(input, &hash(Path::new(&input.path))?)?;
        }
        let mut args = args.clone();
        let put = header.arguments.put_into(&mut args);
        put.map_err(|error| file::odd(path, error))?;
        let inputs = header.inputs.iter();
        args.input.inputs = inputs.map(|input| (&input.path).into()).collect();
        let applying = Applying {
            header,
            lines,
            done: 0,
            now,
            tz: ui.tz().clone(),
        };
        applying.look_at_store(ui)?;
        Ok((applying, args))
    }

    /// Looks at the store before anything could be written to it, or make it.
    fn look_at_store(&self, ui: &Ui) -> Result<()> {
        let is_there = open::file(ui, "--apply")?.exists();
        if self.header.store.exists || is_there {
            self.check_store(&open::open(ui, Access::Read)?, i64::MAX)?;
        }
        Ok(())
    }

    /// Refuses a store that is another one, or in which a run below `before` has changed something since.
    fn check_store(&self, store: &Store, before: i64) -> Result<()> {
        let planned = &self.header.store;
        if planned.id.as_deref().is_some_and(|id| id != store.id()) {
            return Err(Failure::failed(format!(
                "the plan was made for another store than {}",
                store.id()
            ))
            .hint("name its store with --store, or plan again")
            .into());
        }
        let head = store.head_before(before).map_err(open::failure)?;
        if planned.is_at(head.as_ref()) {
            return Ok(());
        }
        let since = planned.run.unwrap_or(0);
        let runs = store.runs().map_err(open::failure)?;
        let between = runs
            .iter()
            .find(|run| run.committed && run.number > since && run.number < before);
        Err(match between {
            Some(run) => {
                let at = Timestamp::from_microsecond(run.started_at).unwrap_or_default();
                again(format!(
                    "the store has moved since the plan was made: run {} ({}, {}) came in between",
                    run.number,
                    run.tool,
                    self.tz.to_datetime(at).strftime("%Y-%m-%d %H:%M")
                ))
            }
            None => {
                again("the store has moved since the plan was made: it was put back".to_owned())
            }
        })
    }
}

fn check_input(planned: &PlannedInput, hash: &str) -> Result<()> {
    if planned.content_hash == hash {
        return Ok(());
    }
    Err(again(format!(
        "`{}` was edited after the plan was made",
        planned.path
    )))
}

/// BLAKE3 of a file, in hexadecimal digits.
fn hash(path: &Path) -> Result<String> {
    let cannot = |error: std::io::Error| {
        Failure::failed(format!("cannot read `{}` of the plan", path.display())).because(error)
    };
    let mut hasher = blake3::Hasher::new();
    let file = File::open(path).map_err(cannot)?;
    if !file.metadata().map_err(cannot)?.is_file() {
        return Err(cannot(std::io::ErrorKind::InvalidInput.into()).into());
    }
    hasher.update_reader(file).map_err(cannot)?;
    Ok(hasher.finalize().to_string())
}

/// What was planned is not what would be done.
fn differs(what: &str) -> anyhow::Error {
    again(format!(
        "what would be done is not what the plan says: {what}"
    ))
}

/// The plan does not hold any more.
fn again(why: String) -> anyhow::Error {
    Failure::failed(format!("{why}; nothing was changed"))
        .hint("plan again with --plan")
        .into()
}
