//! A tool as small as can be, for the tests of what all tools share: gives out `--count` records,
//! or does what it is told to.

use clap::Parser;
use cli::{
    Destination, Failure, HelpTable, Outcome, OutputArgs, RunArgs, Shape, StoreArgs, Summary, Tool,
    Ui,
};

/// Give out records
#[derive(Parser)]
#[command(name = "echo", version)]
struct Args {
    #[command(flatten)]
    input: cli::InputArgs,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    run: RunArgs,
    /// How many records
    #[arg(long, default_value_t = 3)]
    count: u64,
    /// What to do instead: fail, busy, gate, usage, panic, wait, tell
    #[arg(long)]
    act: Option<String>,
}

impl Tool for Args {
    const ZH: HelpTable = &[("@", "给出记录"), ("count", "多少条记录")];

    fn run_args(&self) -> &RunArgs {
        &self.run
    }

    fn output_args(&self) -> &OutputArgs {
        &self.output
    }

    fn schema() -> Option<serde_json::Value> {
        let record = cli::schema::record("echo", "One record", &["row"], &[]);
        Some(cli::schema::document("echo", vec![("echo", record)]))
    }
}

fn run(args: Args, ui: &mut Ui) -> anyhow::Result<Outcome> {
    args.input.check()?;
    match args.act.as_deref() {
        Some("fail") => return Err(anyhow::anyhow!("disk on fire").context("cannot echo")),
        Some("busy") => {
            return Err(Failure::busy("store is held")
                .hint("pass `--wait 5m`")
                .into());
        }
        Some("usage") => return Err(Failure::usage("name a file").with_short_help().into()),
        Some("gate") => return Ok(Outcome::Gate),
        Some("panic") => panic!("a private value"),
        Some("tell") => {
            ui.status(format!(
                "store {}, now {}, tz {}",
                ui.config().store(),
                ui.now(),
                ui.config().text("defaults.tz")
            ));
            return Ok(Outcome::Done);
        }
        Some("wait") => loop {
            ui.status("waiting");
            std::thread::sleep(std::time::Duration::from_millis(20));
            ui.check_interrupt()?;
        },
        _ => {}
    }
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    for row in 0..args.count {
        spool.push_raw(&format!(r#"{{"row":{row},"action":"new"}}"#))?;
    }
    spool.deliver(destination, &Shape::new(&["row", "action"]))?;
    Summary::new(args.count, 0)
        .count("new", args.count)
        .give(ui, &args.run)?;
    Ok(Outcome::Done)
}

fn main() -> std::process::ExitCode {
    cli::main(run)
}
