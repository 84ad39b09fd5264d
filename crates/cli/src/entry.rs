//! The shared `main`: from the command line to the exit code. The only place that turns an error
//! into lines on standard error.

use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, ValueEnum};
use model::rule::Lang;

use crate::args::{ColorChoice, Generate, OutputArgs, RunArgs};
use crate::colour::{Colour, Stream};
use crate::config::{Config, Key, Layers, Origin, Override, SHARED};
use crate::failure::{self, Failure, Outcome, is_broken_pipe};
use crate::help::{self, HelpTable};
use crate::interrupt::Interrupt;
use crate::ui::Ui;

/// A tool's command line, and what the shared `main` must know of it.
pub trait Tool: clap::Parser {
    /// The config keys the tool reads, besides the shared ones.
    const KEYS: &'static [Key] = &[];
    /// Chinese help of the tool's own arguments and subcommands.
    const ZH: HelpTable = &[];

    /// The shared group of this name, flattened into the tool's arguments.
    fn run_args(&self) -> &RunArgs;
    /// The shared group of this name, flattened into the tool's arguments.
    fn output_args(&self) -> &OutputArgs;

    /// What `--schema` prints; see [`crate::schema`].
    fn schema() -> Option<serde_json::Value> {
        None
    }
}

/// Runs a tool: parses its arguments, layers its config, calls `run`, and turns whatever comes of it into an exit code.
pub fn main<A: Tool>(run: fn(A, &mut Ui) -> anyhow::Result<Outcome>) -> ExitCode {
    // a panic's message may quote what it stumbled over, which may be private: only its place is told
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let _ = writeln!(
            std::io::stderr(),
            "error: a mistake in the program itself, at {place}"
        );
    }));
    let code = catch_unwind(AssertUnwindSafe(|| start(run))).unwrap_or(failure::FAILED);
    ExitCode::from(code)
}

fn start<A: Tool>(run: fn(A, &mut Ui) -> anyhow::Result<Outcome>) -> u8 {
    let args: Vec<OsString> = std::env::args_os().collect();
    let lang = language::<A>(&args);
    let command = without_empty_variables(A::command());
    let mut command = help::localise(command, lang, A::ZH);
    let name = command.get_name().to_owned();
    if let Some(code) = printed::<A>(&mut command, &args) {
        return code;
    }
    let matches = match command.try_get_matches_from_mut(&args) {
        Ok(matches) => matches,
        Err(error) => return tell(&name, &error, &args),
    };
    let parsed = match A::from_arg_matches(&matches) {
        Ok(parsed) => parsed,
        Err(error) => return tell(&name, &error.format(&mut command), &args),
    };
    let mut ui = match surroundings(&name, &parsed, &command, &matches) {
        Ok(ui) => ui,
        Err(failure) => return unable(&name, &parsed, &failure),
    };
    let result = run(parsed, &mut ui);
    let code = match result {
        Ok(Outcome::Done) => failure::DONE,
        Ok(Outcome::Gate) => failure::GATE,
        Err(error) => explain(&mut ui, &error, &mut command),
    };
    let _ = std::io::stdout().flush();
    code
}

/// The language before anything is parsed, as parsing may end in help: flag, environment, config.
fn language<A: Tool>(args: &[OsString]) -> Lang {
    let told = help::peek(args, "--lang").or_else(|| variable("BROKERKIT_LANG"));
    let told = told.or_else(|| {
        let asks = |arg: &OsString| {
            ["-h", "--help", "help"].iter().any(|help| arg == help) || arg == "--generate"
        };
        args.iter().any(asks).then_some(())?;
        let file = help::peek(args, "--config").or_else(|| variable("BROKERKIT_CONFIG"));
        let config = Config::load(&Layers::here(file.as_deref().map(Path::new)), A::KEYS).ok()?;
        Some(config.text("defaults.lang").to_owned())
    });
    if told.as_deref() == Some("zh") {
        Lang::Zh
    } else {
        Lang::En
    }
}

/// `--generate` and `--schema`, which work without whatever else the tool requires.
fn printed<A: Tool>(command: &mut Command, args: &[OsString]) -> Option<u8> {
    let mut text = Vec::new();
    if let Some(what) =
        help::peek(args, "--generate").and_then(|what| Generate::from_str(&what, false).ok())
    {
        help::generate(command, what, &mut text).ok()?;
    } else if args
        .iter()
        .skip(1)
        .take_while(|arg| *arg != "--")
        .any(|arg| arg == "--schema")
    {
        let schema = A::schema()?;
        writeln!(text, "{schema:#}").ok()?;
    } else {
        return None;
    }
    Some(print(&text))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A variable that is set to nothing counts as not set.
fn without_empty_variables(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let is_empty = arg
            .get_env()
            .and_then(std::env::var_os)
            .is_some_and(|value| value.is_empty());
        if is_empty { arg.env(None) } else { arg }
    });
    command.mut_subcommands(without_empty_variables)
}

fn print(text: &[u8]) -> u8 {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if !is_broken_pipe(&error) => failure::FAILED,
        _ => failure::DONE,
    }
}

/// What clap has to say: help and version on standard output, the rest on standard error.
fn tell(name: &str, error: &clap::Error, args: &[OsString]) -> u8 {
    let flag =
        help::peek(args, "--color").and_then(|when| ColorChoice::from_str(&when, false).ok());
    let colour = Colour::decide(flag);
    let text = |on: bool| {
        let text = error.render();
        if on {
            text.ansi().to_string()
        } else {
            text.to_string()
        }
    };
    if !error.use_stderr() {
        return print(text(colour.is_on(Stream::Out)).as_bytes());
    }
    let text = text(colour.is_on(Stream::Err));
    // short help given in place of an error (no subcommand named) needs no such prefix
    let is_message =
        error.kind() != clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let prefix = if is_message {
        format!("{name}: ")
    } else {
        String::new()
    };
    let _ = write!(std::io::stderr().lock(), "{prefix}{text}");
    failure::USAGE
}

fn surroundings<A: Tool>(
    name: &str,
    parsed: &A,
    command: &Command,
    matches: &ArgMatches,
) -> Result<Ui, Failure> {
    let run = parsed.run_args();
    let interrupt = Interrupt::listen()
        .map_err(|error| Failure::failed("cannot listen to Ctrl-C").because(error))?;
    let overrides = overrides(command, matches, A::KEYS);
    let config = Config::layered(&Layers::here(run.config.as_deref()), A::KEYS, &overrides)?;
    Ui::new(name, run, parsed.output_args(), config, interrupt)
}

/// What the command line and the environment say about arguments that config keys know too.
fn overrides(command: &Command, matches: &ArgMatches, keys: &'static [Key]) -> Vec<Override> {
    let mut found = Vec::new();
    for key in SHARED.iter().chain(keys).filter(|key| !key.arg.is_empty()) {
        let mut level = Some((command, matches));
        while let Some((command, matches)) = level {
            level = matches
                .subcommand()
                .and_then(|(name, below)| Some((command.find_subcommand(name)?, below)));
            let Some(arg) = command.get_arguments().find(|arg| arg.get_id() == key.arg) else {
                continue;
            };
            let origin = match matches.value_source(key.arg) {
                Some(ValueSource::CommandLine) => {
                    Origin::Flag(arg.get_long().unwrap_or(key.arg).to_owned())
                }
                Some(ValueSource::EnvVariable) => Origin::Environment(
                    arg.get_env()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                ),
                _ => continue,
            };
            let values = matches.get_raw(key.arg).into_iter().flatten();
            let text = values
                .map(|value| value.to_string_lossy())
                .collect::<Vec<_>>()
                .join(",");
            found.push(Override {
                arg: key.arg.to_owned(),
                text,
                origin,
            });
            break;
        }
    }
    found
}

/// An error before there is a voice to tell it with.
fn unable<A: Tool>(name: &str, parsed: &A, failure: &Failure) -> u8 {
    let built_in = Config::built_in(A::KEYS);
    if let Ok(mut ui) = Ui::new(
        name,
        parsed.run_args(),
        parsed.output_args(),
        built_in,
        Interrupt::default(),
    ) {
        ui.error(failure);
        let mut next = std::error::Error::source(failure);
        while let Some(cause) = next {
            ui.cause(cause);
            next = cause.source();
        }
        if let Some(hint) = failure.hint_text() {
            ui.hint(hint);
        }
    }
    failure.code()
}

fn explain(ui: &mut Ui, error: &anyhow::Error, command: &mut Command) -> u8 {
    if error.chain().any(is_broken_pipe) {
        return failure::DONE;
    }
    let mut chain = error.chain().map(ToString::to_string);
    let mut last = chain.next().unwrap_or_default();
    ui.error(&last);
    for cause in chain {
        // wrappers that show their source as their own text would tell it twice
        if !last.ends_with(&cause) {
            ui.cause(&cause);
        }
        last = cause;
    }
    let Some(failure) = Failure::within(error) else {
        return failure::FAILED;
    };
    if let Some(hint) = failure.hint_text() {
        ui.hint(hint);
    }
    if failure.shows_help() {
        let help = command.render_help();
        let text = if ui.colour().is_on(Stream::Err) {
            help.ansi().to_string()
        } else {
            help.to_string()
        };
        let _ = write!(std::io::stderr().lock(), "\n{text}");
    }
    failure.code()
}
